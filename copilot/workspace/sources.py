"""Makes knowledge sources from the settings."""

from __future__ import annotations

import asyncio
from pathlib import Path

from copilot.config.secrets import Secrets
from copilot.config.settings import FolderSourceSettings, SourceSettings, WebsiteSourceSettings
from copilot.domain import SourceId
from copilot.knowledge.sources.base import Label, Source
from copilot.knowledge.sources.parsing import Parser


class SourceMaker:
    """Makes sources that share one parsing process."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._parser = Parser()

    async def make(self, settings: SourceSettings) -> Source:
        """The source of these settings. Raises `SourceError` when its secret is not there."""
        label = Label(id=SourceId(settings.id), name=settings.name, audience=settings.audience)
        match settings:
            case FolderSourceSettings():
                from copilot.knowledge.sources.folder import FolderSource

                return FolderSource(label, Path(settings.path), self._parser)
            case WebsiteSourceSettings():
                return await asyncio.to_thread(_website, label, settings, self._parser)

    async def rest(self) -> None:
        """End the parsing process until there is something to parse."""
        await self._parser.rest()

    async def aclose(self) -> None:
        """End the parsing process for good."""
        await self._parser.aclose()


def _website(label: Label, settings: WebsiteSourceSettings, parser: Parser) -> Source:
    """Off the event loop, since it imports the HTTP client."""
    from copilot.knowledge.sources.fetching import Manners
    from copilot.knowledge.sources.website import WebsiteSource

    manners = Manners(max_pages=settings.max_pages)
    return WebsiteSource(label, settings.url, parser, sitemap=settings.sitemap, manners=manners)
