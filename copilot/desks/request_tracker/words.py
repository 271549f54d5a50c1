"""Words on their way to RT, and how we know them again.

Replies and notes go as HTML made from their Markdown; RT makes the plain part of the outgoing mail from it. The last
thing in it is an HTML comment that holds a hash of the outbox entry's key. RT keeps the comment with the message and
leaves it out of the mails it sends (seen on 5.0.3), so that no customer gets it, and nobody sees it in RT. Comparing
texts instead would need nothing hidden, but cannot tell two messages of the same words apart ("Any news?" sent twice).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from email.header import Header
from html import unescape

from copilot.domain import Message, Person, Upload
from copilot.errors import RefusedError
from copilot.text.html import markdown_to_html

_MARKER = re.compile(r"<!-- sidedesk ([0-9a-f]{32}) -->\s*$")
_MARKUP = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_MEDIA_TYPE = re.compile(r"^[a-z0-9.+-]+/[a-z0-9.+-]+$")
_NO_PLAIN_FILES = ("multipart/", "message/")


def refuse_nothing(text: str, attachments: Sequence[Upload] = ()) -> None:
    """RT takes an empty message and mails it, so we see to that. Raises `RefusedError`."""
    if not text.strip() and not attachments:
        raise RefusedError("There is nothing to send.", "Write something, or attach a file.")
    for upload in attachments:
        if not upload.content:
            raise RefusedError(f"The file {upload.name} is empty.", "Attach it again, or leave it out.")


def body(text: str, key: str) -> str:
    """The HTML of a message, with the mark by which we know it again. Takes a while for long texts."""
    html, _ = markdown_to_html(text, limit=len(text) + 1)
    return f"{html}<!-- sidedesk {_hash(key)} -->"


def is_ours(message: Message, text: str, *, key: str, me: Person) -> bool:
    """Whether a message on the desk is the one with this key and text.

    It must be written by us. Then the mark decides; a message without one (written in RT itself, or by an RT that takes
    comments out) is ours when it has the same letters and digits in the same order.
    """
    if message.author.remote_id != me.remote_id:
        return False
    mark = _MARKER.search(message.html)
    if mark:
        return mark[1] == _hash(key)
    html, _ = markdown_to_html(text, limit=len(text) + 1)
    return _letters(message.html or message.text) == _letters(html)


def attachments(uploads: Sequence[Upload]) -> list[dict[str, str]]:
    """Files as RT takes them. Takes a while for large ones."""
    return [
        {
            "FileName": _file_name(upload.name),
            "FileType": _media_type(upload),
            "FileContent": base64.b64encode(upload.content).decode("ascii"),
        }
        for upload in uploads
    ]


def _file_name(name: str) -> str:
    """RT answers 500 to a name beyond Latin-1 and garbles one beyond ASCII, but decodes RFC 2047 (seen on 5.0.3)."""
    clean = re.sub(r'[\x00-\x1f\x7f"\\/]', "_", name).strip() or "file"
    return clean if clean.isascii() else Header(clean, "utf-8", maxlinelen=10_000).encode()


def _media_type(upload: Upload) -> str:
    """The type, unless RT would take the file apart or write it in another encoding."""
    kind = upload.media_type.lower()
    if not _MEDIA_TYPE.match(kind) or kind.startswith(_NO_PLAIN_FILES):
        return "application/octet-stream"
    if kind.startswith("text/"):
        try:
            upload.content.decode("utf-8")
        except UnicodeDecodeError:
            return "application/octet-stream"
    return kind


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _letters(text: str) -> str:
    bare = unescape(_MARKUP.sub("", text))
    return "".join(c for c in bare if c.isalnum()) or "".join(bare.split())
