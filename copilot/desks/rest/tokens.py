"""What a person pastes as a token, looked at before it is sent anywhere."""

from __future__ import annotations


def is_token(text: str, *, never: str = " ") -> bool:
    """Whether it can stand in an HTTP header as a token: printable ASCII without the sign that would end it."""
    return bool(text) and text.isascii() and text.isprintable() and never not in text
