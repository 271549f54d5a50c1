"""Files on their way to RT.

Replies and notes go as HTML with the hidden mark of `copilot.desks.words`; RT makes the plain part of the outgoing mail
from it. It keeps the comment with the message and leaves it out of the mails it sends (seen on 5.0.3), so that no
customer gets it, and nobody sees it in RT.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from email.header import Header

from copilot.domain import Upload

_MEDIA_TYPE = re.compile(r"^[a-z0-9.+-]+/[a-z0-9.+-]+$")
_NO_PLAIN_FILES = ("multipart/", "message/")


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
