"""Web addresses in one spelling, and what lies under a prefix (RFC 3986, section 6: normalisation)."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(r"^(?:utm_\w+|gclid|fbclid|mc_[ce]id|msclkid)$")
_MAX_CHARS = 2_000
_DOT = re.compile("%2e", re.IGNORECASE)
_FILES = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|ico|css|m?js|json|xml|zip|t?gz|exe|dmg|mp[34]|mov|avi|woff2?|ttf|csv|xlsx?|pptx?|docx?)$",
    re.IGNORECASE,
)


def normal(address: str, base: str = "") -> str:
    """An address as one spelling of its page, without fragment and tracking parameters; "" when it is none."""
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in _PORTS or not host or len(address) > _MAX_CHARS:
        return ""
    host = f"[{host}]" if ":" in host else host
    place = host if port in {None, _PORTS[parts.scheme]} else f"{host}:{port}"
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0])]
    query = parts.query if len(kept) == parts.query.count("&") + 1 else urlencode(kept)
    return urlunsplit((parts.scheme, place, _path(parts.path), query, ""))


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_file(address: str) -> bool:
    """Whether an address looks like a picture, a program or a download, by its ending."""
    return bool(_FILES.search(urlsplit(address).path))


class Prefix:
    """All pages at and below an address: ``https://acme.example/help/`` holds ``/help/returns``, not ``/helpers``."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(normal(address))
        self._scheme, self._place = parts.scheme, parts.netloc
        last = parts.path.rpartition("/")[2]
        path = posixpath.dirname(parts.path) if "." in last else parts.path
        self._path = path.rstrip("/")

    def holds(self, address: str) -> bool:
        """Whether a page lies under the prefix; a site that moved from http to https is still itself."""
        parts = urlsplit(normal(address))
        same_place = parts.netloc == self._place and parts.scheme in {self._scheme, "https"}
        return same_place and (parts.path == self._path or parts.path.startswith(self._path + "/"))


def _path(path: str) -> str:
    plain = _DOT.sub(".", path or "/")
    if "/." not in plain:
        return plain
    resolved = posixpath.normpath(plain)
    resolved = "/" + resolved.lstrip("/")
    return resolved + "/" if plain.endswith(("/", "/.", "/..")) and resolved != "/" else resolved
