"""Sitemaps: which pages a site says it has (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import asyncio
import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.knowledge.sources.addresses import normal, origin
from copilot.knowledge.sources.fetching import Fetcher, FetchError

_MAX_SITEMAPS = 100
_MAX_PAGES = 50_000
_MAX_BYTES = 52_428_800
"""What the protocol allows one sitemap to be."""


@dataclass(frozen=True, slots=True)
class SiteMap:
    """The pages of all sitemaps together. Not `whole` when one of them could not be read."""

    pages: tuple[str, ...]
    whole: bool


async def read_sitemaps(fetcher: Fetcher, addresses: Sequence[str]) -> SiteMap:
    """Read sitemaps and what their indexes lead to, on the same sites only."""
    sites = {origin(address) for address in addresses}
    waiting, seen = list(addresses), set(addresses)
    pages: dict[str, None] = {}
    whole = True
    while waiting and len(pages) < _MAX_PAGES:
        try:
            found = await fetcher.get(waiting.pop(0), allowed=lambda target: origin(target) in sites)
            listed, further = await asyncio.to_thread(_parse, found.content, found.url)
        except (FetchError, ValueError):
            whole = False
            continue
        pages |= dict.fromkeys(listed)
        fresh = [one for one in further if one not in seen and origin(one) in sites]
        whole = whole and len(seen) + len(fresh) <= _MAX_SITEMAPS
        fresh = fresh[: _MAX_SITEMAPS - len(seen)]
        seen.update(fresh)
        waiting += fresh
    return SiteMap(tuple(pages), whole and not waiting)


def _parse(content: bytes, url: str) -> tuple[list[str], list[str]]:
    """The pages and the further sitemaps that a sitemap names. Raises `ValueError` when it is none."""
    from lxml import etree

    if content.startswith(b"\x1f\x8b"):
        content = _unpacked(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("no sitemap") from error
    kind = etree.QName(root).localname
    if kind not in {"urlset", "sitemapindex"}:
        raise ValueError("no sitemap")
    found = [normal(place.text or "", url) for place in root.iterfind("./{*}*/{*}loc")]
    found = [address for address in found if address][:_MAX_PAGES]
    return (found, []) if kind == "urlset" else ([], found)


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as file:
            text = file.read(_MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("damaged") from error
    if len(text) > _MAX_BYTES:
        raise ValueError("too large")
    return text
