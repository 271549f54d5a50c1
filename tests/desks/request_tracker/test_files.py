"""Files on their way to RT."""

from __future__ import annotations

import base64

import pytest

from copilot.desks.request_tracker.words import attachments
from copilot.domain import Upload


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("log.txt", "log.txt"),
        ("blü 日.txt", "=?utf-8?b?YmzDvCDml6UudHh0?="),
        ('a"b\\c/d\r\n.txt', "a_b_c_d__.txt"),
        ("", "file"),
    ],
)
def test_file_names(name: str, sent: str) -> None:
    (file,) = attachments([Upload(name=name, media_type="text/plain", content=b"x")])
    assert file["FileName"] == sent


@pytest.mark.parametrize(
    ("media_type", "content", "sent"),
    [
        ("image/png", b"\x89", "image/png"),
        ("text/csv", "größer".encode(), "text/csv"),
        ("text/csv", "größer".encode("latin-1"), "application/octet-stream"),
        ("message/rfc822", b"x", "application/octet-stream"),
        ("multipart/mixed", b"x", "application/octet-stream"),
        ("text/plain; charset=x", b"x", "application/octet-stream"),
        ("", b"x", "application/octet-stream"),
    ],
)
def test_media_types(media_type: str, content: bytes, sent: str) -> None:
    (file,) = attachments([Upload(name="a", media_type=media_type, content=content)])
    assert file["FileType"] == sent
    assert base64.b64decode(file["FileContent"]) == content
