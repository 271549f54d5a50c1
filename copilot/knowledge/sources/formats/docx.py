"""Word documents, by mammoth: styles become headings, lists and tables; pictures are left out."""

from __future__ import annotations

import io
import re
import zipfile

from copilot.knowledge.sources.formats.html import body_markdown, html_tree, title_of
from copilot.knowledge.sources.formats.parsed import Parsed, UnreadableError

_OLE = b"\xd0\xcf\x11\xe0"
_MAX_PARTS = 5_000
_MAX_UNPACKED_BYTES = 100_000_000
_MAX_PROPERTIES_BYTES = 100_000
_TITLE = re.compile(r"<dc:title[^>]*>([^<]{1,300})</dc:title>")


def parse_docx(content: bytes) -> Parsed:
    """A DOCX file. Raises `UnreadableError`."""
    import mammoth

    _check(content)
    pictures = mammoth.images.img_element(lambda _image: {})
    html = mammoth.convert_to_html(io.BytesIO(content), convert_image=pictures).value
    if not html.strip():
        raise UnreadableError("The document holds no text.")
    root = html_tree(f"<html><body>{html}</body></html>".encode())
    title = _property_title(content) or title_of(root)
    return Parsed(title=title, text=body_markdown(root, title))


def _check(content: bytes) -> None:
    if content.startswith(_OLE):
        raise UnreadableError(
            "The document is encrypted, or in Word's old format; save it as DOCX without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableError("The file is damaged, or no Word document.") from error
    # zipfile never unpacks more of a part than its directory declares, so the declared sizes are a bound.
    if len(infos) > _MAX_PARTS or sum(info.file_size for info in infos) > _MAX_UNPACKED_BYTES:
        raise UnreadableError("The document unpacks to more than 100 MB, so it is not opened.")
    if "word/document.xml" not in {info.filename for info in infos}:
        raise UnreadableError("The file is a packed archive, but no Word document.")


def _property_title(content: bytes) -> str:
    """The title in the document's properties (ECMA-376, part 2: docProps/core.xml)."""
    from html import unescape

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if "docProps/core.xml" not in parts.namelist():
            return ""
        with parts.open("docProps/core.xml") as file:
            found = _TITLE.search(file.read(_MAX_PROPERTIES_BYTES).decode("utf-8", "replace"))
    return unescape(found[1]).strip() if found else ""
