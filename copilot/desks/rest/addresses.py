"""From what a person pastes to a desk's own address, and the certificates to trust there."""

from __future__ import annotations

import ssl
from functools import cache
from urllib.parse import urlsplit

from copilot.errors import BadDataError


def address_of(typed: str, *, product: str, example: str) -> str:
    """Scheme, host and port of what was typed, without path; https where no scheme was typed.

    Raises `BadDataError` when it is no web address.
    """
    text = typed.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in {"http", "https"} or not host or any(letter.isspace() for letter in text):
        raise BadDataError(f"This is not an address of {product}.", f"It looks like {example}.")
    netloc = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{netloc}{f':{port}' if port else ''}"


def trusted(base: str) -> ssl.SSLContext:
    """The system's certificates for https, which take a while to read the first time: call it off the event loop.

    For http, a context that trusts nobody.
    """
    if base.startswith("https://"):
        return _of_the_system()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _of_the_system() -> ssl.SSLContext:
    """One for all desks: reading the certificates takes 20 ms and a megabyte each time."""
    return ssl.create_default_context()
