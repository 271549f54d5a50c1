"""Websites: the pages a sitemap names, or all that can be reached by links, under a prefix.

Asks for a page only if it changed, two at a time and half a second apart, and does what robots.txt and the pages' own
robots rules say. A page is known by its canonical address, so that one page under several addresses is one document.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, field

import httpx

from copilot.errors import SourceError
from copilot.knowledge.sources.addresses import Prefix, is_file, normal, origin
from copilot.knowledge.sources.base import (
    DocumentId,
    Expected,
    Failed,
    Fingerprint,
    Gone,
    Label,
    Step,
)
from copilot.knowledge.sources.fetching import Fetcher, FetchError, Manners, open_client
from copilot.knowledge.sources.pages import PageVisits, Visit
from copilot.knowledge.sources.parsing import Parser
from copilot.knowledge.sources.robots import Rules, read_robots
from copilot.knowledge.sources.sitemaps import SiteMap, read_sitemaps

_AT_ONCE = 2
_FAILURES_IN_A_ROW = 5


class WebsiteSource:
    """The pages of a website under one address. `sitemap` names its sitemap where robots.txt does not."""

    kind = "website"

    def __init__(
        self, label: Label, url: str, parser: Parser, *, sitemap: str = "", manners: Manners | None = None
    ) -> None:
        self.label = label
        self._start = normal(url)
        self._sitemap = sitemap
        self._parser = parser
        self._manners = manners or Manners()
        self._client: httpx.AsyncClient | None = None

    async def read(self, known: Mapping[str, Fingerprint]) -> AsyncGenerator[Step, None]:
        """See `Source.read`."""
        if not self._start:
            raise SourceError("The address of the website is none.", "Write it with https:// in front.")
        if self._client is None:
            self._client = await open_client()
        fetcher = Fetcher(self._client, self._manners, most_bytes=self._parser.limits.document_bytes)
        rules = await self._rules(fetcher)
        fetcher.pause_seconds = max(fetcher.pause_seconds, rules.delay_seconds)
        site = await read_sitemaps(fetcher, self._sitemaps(rules))
        visits = PageVisits(fetcher, self._parser, Prefix(self._start), rules, known)
        crawl = _Crawl(visits, self._manners.max_pages)
        async for step in crawl.steps(self._start, site):
            yield step

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _rules(self, fetcher: Fetcher) -> Rules:
        try:
            rules = await read_robots(fetcher, origin(self._start))
        except FetchError as error:
            raise SourceError(
                f"{origin(self._start)} cannot be reached: {error.reason}",
                "Check the address and the network.",
            ) from error
        if not rules.allow(self._start):
            raise SourceError(
                f"The robots.txt of {origin(self._start)} asks not to read this page.",
                "Ask who runs the site to allow it for Sidedesk.",
            )
        return rules

    def _sitemaps(self, rules: Rules) -> list[str]:
        named = [self._sitemap] if self._sitemap else list(rules.sitemaps)
        found = [normal(address, self._start) for address in named or ["/sitemap.xml"]]
        return [address for address in found if address and origin(address) == origin(self._start)]


@dataclass
class _Crawl:
    """Which pages are visited, and in which order."""

    visits: PageVisits
    max_pages: int
    _waiting: deque[str] = field(default_factory=deque)
    _counted: int = 0
    _left_out: set[str] = field(default_factory=set)

    async def steps(self, start: str, site: SiteMap) -> AsyncGenerator[Step, None]:
        further = DocumentId(f"{start}#further")
        known = self.visits.known.keys() - {further}
        listed = [page for page in site.pages if self.visits.prefix.holds(page)]
        if listed:
            self._queue(listed)
        else:
            async for step in self._first(start):
                yield step
            # A page that has not changed comes without its links, so the known ones are asked for themselves.
            self._queue(sorted(known))
        yield Expected(len(self._waiting))
        async for step in self._rest(follow=not listed):
            yield step
        left = set(listed) | self.visits.taken if listed and site.whole else known
        for page in sorted(known):
            if page not in self.visits.taken and (page not in left or not self.visits.may_read(page)):
                yield Gone(DocumentId(page))
        if self._left_out:
            reason = f"Only {self.max_pages:,} pages are read; {len(self._left_out):,} more were seen."
            yield Failed(further, "Further pages", reason)
        elif further in self.visits.known:
            yield Gone(further)

    async def _first(self, start: str) -> AsyncGenerator[Step, None]:
        self._queue([start])
        visit = await self.visits.visit(self._waiting.popleft())
        problem = next((step.reason for step in visit.steps if isinstance(step, Failed)), "")
        if visit.down or (problem and not visit.links):
            raise SourceError(f"{start} cannot be read: {problem}", "Check the address.")
        if not visit.links and all(isinstance(step, Gone) for step in visit.steps):
            raise SourceError(f"{start} is not there.", "Check the address.")
        for step in visit.steps:
            yield step
        self._queue(visit.links)

    async def _rest(self, *, follow: bool) -> AsyncGenerator[Step, None]:
        running: set[asyncio.Task[Visit]] = set()
        failures = 0
        try:
            while self._waiting or running:
                while self._waiting and len(running) < _AT_ONCE:
                    running.add(asyncio.create_task(self.visits.visit(self._waiting.popleft())))
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for visit in [task.result() for task in done]:
                    failures = failures + 1 if visit.down else 0
                    for step in visit.steps:
                        yield step
                    if follow:
                        self._queue(visit.links)
                if failures >= _FAILURES_IN_A_ROW:
                    raise SourceError(
                        "The website does not answer any more.", "It is tried again in an hour."
                    )
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _queue(self, addresses: Iterable[str]) -> None:
        taken = self.visits.taken
        for page in map(normal, addresses):
            if not page or page in taken or is_file(page) or not self.visits.may_read(page):
                continue
            if self._counted >= self.max_pages:
                self._left_out.add(page)
                continue
            self._counted += 1
            taken.add(page)
            self._waiting.append(page)
