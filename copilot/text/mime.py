"""From a raw mail (RFC 5322, MIME) to its subject, people, text, HTML and files, however broken it is.

The standard library finds the parts; which of them a reader sees follows RFC 8621, section 4.1.4. Declared character
sets are believed only as far as the bytes agree.
"""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message as Part
from email.policy import compat32
from email.utils import getaddresses
from html import escape
from typing import TypeVar

from copilot.text.charsets import decoded, header_text
from copilot.text.plain import html_to_text

MAX_RAW_BYTES = 50_000_000
"""What follows is not read; desks and mail servers refuse such mails long before."""
MAX_DEPTH = 50
"""Parts nested deeper are files, not something to read."""
MAX_HEAD_CHARS = 50_000
"""Enough for a thousand recipients; the rest of a longer head is not read."""
_INLINE_MEDIA = ("image/", "audio/", "video/")
_ADDRESS = re.compile(r"(?<![^\s<>\"(),:;\[\]\\])[^\s<>\"(),:;\[\]\\@]{1,64}@[^\s<>\"(),:;\\@]{1,255}")
_PART_HEAD = re.compile(
    rb"^Content-(?:Type|Disposition):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_BOUNDARY = re.compile(rb'boundary="[^"]*"', re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class MailAddress:
    """A person in a head; `name` is empty where none was written."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class MailFile:
    """A part that is not read as text; `content_id` is what the HTML calls it by, without its angle brackets."""

    name: str
    media_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail taken apart. `text` and `html` are what `Message` wants: as they arrived, either may be empty."""

    subject: str = ""
    senders: tuple[MailAddress, ...] = ()
    recipients: tuple[MailAddress, ...] = ()
    text: str = ""
    html: str = ""
    files: tuple[MailFile, ...] = ()


def parse_mail(raw: bytes) -> ParsedMail:
    """The mail's parts. Never raises: what cannot be understood is left out, and what has no structure is text."""
    read = _PART_HEAD.sub(_short_head, raw[:MAX_RAW_BYTES])
    try:
        mail = email.message_from_bytes(read, policy=compat32)
    except (RecursionError, ValueError, LookupError):
        return ParsedMail(text=decoded(read, ""))
    plain: list[Part] = []
    html: list[Part] = []
    files: list[Part] = []
    _sort([mail], _Place("mixed"), plain, html, files)
    return ParsedMail(
        subject=header_text(_raw_head(mail, "subject")),
        senders=_addresses(mail, "from"),
        recipients=_addresses(mail, "to"),
        text=_as_text(plain),
        html=_as_html(html),
        files=tuple(_file(part) for part in files),
    )


def _short_head(match: re.Match[bytes]) -> bytes:
    """A head with parameters as it stands, or its beginning: the library's time grows with the square of its length.

    A boundary that goes on in the next line is unfolded (RFC 5322, 2.2.3): the library would keep the line end in it.
    """
    if len(match.group()) > MAX_HEAD_CHARS:
        return match.group()[:200].partition(b";")[0]
    return _BOUNDARY.sub(lambda boundary: _FOLD.sub(b"", boundary.group()), match.group())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where parts stand: in a multipart of this kind, inside an alternative or not, and how deep."""

    kind: str
    in_alternative: bool = False
    depth: int = 0

    def inside(self, part: Part) -> _Place:
        kind = _type(part).partition("/")[2]
        return _Place(kind, self.in_alternative or kind == "alternative", self.depth + 1)


def _sort(
    parts: list[Part], place: _Place, plain: list[Part] | None, html: list[Part] | None, files: list[Part]
) -> None:
    """Put each part where RFC 8621, section 4.1.4, wants it; None is a body that this branch adds nothing to."""
    plain_before, html_before = len(plain or ()), len(html or ())
    for number, part in enumerate(parts):
        inner = _inner_parts(part)
        if inner is not None and place.depth < MAX_DEPTH:
            _sort(inner, place.inside(part), plain, html, files)
        elif inner is not None or not _is_inline(part, number, place.kind):
            files.append(part)
        elif place.kind == "alternative":
            _offer(part, plain, html, files)
        else:
            if place.in_alternative and _type(part) == "text/plain":
                html = None
            if place.in_alternative and _type(part) == "text/html":
                plain = None
            _show(part, plain, html, files)
    if place.kind == "alternative" and plain is not None and html is not None:
        _fill(plain, html, plain_before, html_before)


def _offer(part: Part, plain: list[Part] | None, html: list[Part] | None, files: list[Part]) -> None:
    """One of several forms of the same words."""
    target = {"text/plain": plain, "text/html": html}.get(_type(part), files)
    if target is not None:
        target.append(part)


def _show(part: Part, plain: list[Part] | None, html: list[Part] | None, files: list[Part]) -> None:
    """A part of the one sequence that everybody reads; media are files to us, whoever would show them."""
    if _type(part).startswith(_INLINE_MEDIA):
        files.append(part)
        return
    for body in (plain, html):
        if body is not None:
            body.append(part)


def _fill(plain: list[Part], html: list[Part], plain_before: int, html_before: int) -> None:
    """An alternative that offered one form only offers it to both readers."""
    if len(plain) == plain_before and len(html) > html_before:
        plain += html[html_before:]
    elif len(html) == html_before and len(plain) > plain_before:
        html += plain[plain_before:]


def _inner_parts(part: Part) -> list[Part] | None:
    """The parts of a multipart; None where there are none: a mail in a mail is a file, a broken multipart is text."""
    return _inside(part) if part.is_multipart() and _type(part).startswith("multipart/") else None


def _inside(part: Part) -> list[Part]:
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Part)] if isinstance(inner, list) else []


def _is_inline(part: Part, number: int, kind: str) -> bool:
    media = _type(part).startswith(_INLINE_MEDIA)
    if _tried(part.get_content_disposition, None) == "attachment":
        return False
    if not media and _type(part) not in {"text/plain", "text/html"}:
        return False
    return number == 0 or (kind != "related" and (media or not _name(part)))


def _type(part: Part) -> str:
    """The media type; a multipart whose parts were not found is plain text to a reader."""
    kind = _tried(part.get_content_type, "text/plain")
    return "text/plain" if kind.startswith("multipart/") and not part.is_multipart() else kind


def _as_text(parts: list[Part]) -> str:
    """Plain parts with HTML between them as text; nothing where all is HTML, which is told by itself."""
    if all(_type(part) == "text/html" for part in parts):
        return ""
    texts = (html_to_text(_text(part)).text if _type(part) == "text/html" else _text(part) for part in parts)
    return "\n\n".join(text for text in texts if text)


def _as_html(parts: list[Part]) -> str:
    """HTML parts with plain ones between them set as they are; nothing where none is HTML."""
    if all(_type(part) != "text/html" for part in parts):
        return ""
    texts = (
        _text(part) if _type(part) == "text/html" else f"<pre>{escape(_text(part))}</pre>" for part in parts
    )
    return "\n".join(text for text in texts if text)


def _text(part: Part) -> str:
    charset = _tried(part.get_content_charset, None) or ""
    return decoded(_content(part), charset).replace("\r\n", "\n").replace("\r", "\n")


def _content(part: Part) -> bytes:
    """The bytes of a part after its transfer encoding; those of a mail in a mail are its source."""
    if part.is_multipart():
        return _tried(lambda: b"\n".join(one.as_bytes() for one in _inside(part)), b"")
    encoding = _raw_head(part, "content-transfer-encoding")
    if encoding != encoding.strip():  # white space after its name makes the library take it for none it knows
        part.replace_header("content-transfer-encoding", encoding.strip())
    content = _tried(lambda: part.get_payload(decode=True), None)
    return content if isinstance(content, bytes) else b""


def _file(part: Part) -> MailFile:
    return MailFile(
        name=_name(part),
        media_type=_type(part),
        content=_content(part),
        content_id=header_text(_raw_head(part, "content-id")).strip("<> "),
    )


def _name(part: Part) -> str:
    """The name a file was given, without any folder."""
    name = header_text(str(_tried(part.get_filename, None) or ""))
    return re.split(r"[/\\]", name)[-1]


def _addresses(mail: Part, head: str) -> tuple[MailAddress, ...]:
    """The people of a head; where its commas and quotes make no sense, the bare addresses in it."""
    raw = _raw_head(mail, head)[:MAX_HEAD_CHARS]
    pairs: list[tuple[str, str]] = _tried(lambda: getaddresses([raw]), [])
    found = tuple(MailAddress(header_text(name), address) for name, address in pairs if "@" in address)
    return found or tuple(MailAddress("", address) for address in _ADDRESS.findall(header_text(raw)))


def _raw_head(part: Part, name: str) -> str:
    """The first head of that name as it stood there, undecoded; bytes outside ASCII are surrogates."""
    return next((str(value) for key, value in part.raw_items() if key.lower() == name), "")


def _tried(read: Callable[[], _T], otherwise: _T) -> _T:
    """What the standard library makes of it, or `otherwise`: on broken heads it raises whatever comes to pass."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - see above; a broken mail must still be read
        return otherwise
