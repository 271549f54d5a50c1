"""What a site asks robots to leave alone (RFC 9309)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.knowledge.sources.fetching import AGENT, Fetcher, FetchError

if TYPE_CHECKING:
    from protego import Protego

_MAX_BYTES = 512_000
_LONGEST_DELAY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Rules:
    """A site's wishes; without a `file` everything may be read."""

    file: Protego | None = None

    def allow(self, url: str) -> bool:
        """Whether a page may be read."""
        return self.file is None or bool(self.file.can_fetch(url, AGENT))

    @property
    def delay_seconds(self) -> float:
        """How long to wait between requests, ten seconds at most: who asks for more gets fewer pages instead."""
        asked = None if self.file is None else self.file.crawl_delay(AGENT)
        return min(float(asked or 0.0), _LONGEST_DELAY_SECONDS)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps the site names."""
        return () if self.file is None else tuple(self.file.sitemaps)


async def read_robots(fetcher: Fetcher, site: str) -> Rules:
    """The rules of a site. Raises `FetchError` when its server fails: then nothing may be read (section 2.3.1.4)."""
    from protego import Protego

    try:
        found = await fetcher.get(f"{site}/robots.txt", allowed=lambda _target: True)
    except FetchError as error:
        if error.down:
            raise
        return Rules()
    text = found.content[:_MAX_BYTES].decode("utf-8", "replace")
    return Rules(await asyncio.to_thread(Protego.parse, text))
