"""Makes knowledge sources from the settings."""

from __future__ import annotations

import asyncio
from pathlib import Path

from copilot.config.secrets import Kept, Secrets
from copilot.config.settings import (
    ConfluenceSourceSettings,
    FolderSourceSettings,
    GoogleDriveSourceSettings,
    NotionSourceSettings,
    SourceSettings,
    WebsiteSourceSettings,
    YouTubeSourceSettings,
)
from copilot.domain import SourceId
from copilot.errors import SourceError
from copilot.knowledge.sources.base import Label, Source
from copilot.knowledge.sources.parsing import Parser
from copilot.models.addresses import host_of, is_inside
from copilot.workspace.desks import token_name


class SourceMaker:
    """Makes sources that share one parsing process."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._parser = Parser()

    async def make(self, settings: SourceSettings) -> Source:
        """The source of these settings. Raises `SourceError` when its secret is not there."""
        label = Label(id=SourceId(settings.id), name=settings.name, audience=settings.audience)
        if isinstance(settings, FolderSourceSettings):
            from copilot.knowledge.sources.folder import FolderSource

            return FolderSource(label, Path(settings.path), self._parser)
        if isinstance(settings, WebsiteSourceSettings):
            return await asyncio.to_thread(_website, label, settings, self._parser)
        secret = await self._secrets.get(token_name(settings.id))
        if secret is None:
            raise SourceError("Its token is not in the keyring.", "Remove the source, and add it again.")
        # Off the event loop, since these import the HTTP client.
        return await asyncio.to_thread(_hosted, label, settings, secret, self._parser)

    async def keep_secret(self, source: str, secret: str) -> str:
        """Keep a source's token; the answer names the environment variable to set where it lives for this run only."""
        kept = await self._secrets.set(token_name(source), secret)
        return "" if kept is Kept.KEYRING else self._secrets.environment_name(token_name(source))

    async def forget_secret(self, source: str) -> None:
        """Forget a source's token. Raises `SecretError`."""
        await self._secrets.forget(token_name(source))

    async def rest(self) -> None:
        """End the parsing process until there is something to parse."""
        await self._parser.rest()

    async def aclose(self) -> None:
        """End the parsing process for good."""
        await self._parser.aclose()


def refuse_outside(settings: SourceSettings) -> None:
    """Raise `SourceError` for a source that an air-gapped workspace must not read: all but folders and the intranet."""
    if isinstance(settings, FolderSourceSettings):
        return
    if isinstance(settings, WebsiteSourceSettings) and is_inside(host_of(settings.url)):
        return
    raise SourceError(
        "This workspace is air-gapped: sources outside the building are not read.",
        "What was read before stays. Read a folder, or a site in your own network.",
    )


def _website(label: Label, settings: WebsiteSourceSettings, parser: Parser) -> Source:
    from copilot.knowledge.sources.fetching import Manners
    from copilot.knowledge.sources.website import WebsiteSource

    manners = Manners(max_pages=settings.max_pages)
    return WebsiteSource(label, settings.url, parser, sitemap=settings.sitemap, manners=manners)


def _hosted(
    label: Label,
    settings: NotionSourceSettings
    | ConfluenceSourceSettings
    | GoogleDriveSourceSettings
    | YouTubeSourceSettings,
    secret: str,
    parser: Parser,
) -> Source:
    match settings:
        case NotionSourceSettings():
            from copilot.knowledge.sources.notion import NotionSource

            return NotionSource(label, secret)
        case ConfluenceSourceSettings():
            from copilot.knowledge.sources.confluence import ConfluenceSource

            sign_in = (settings.email, secret)
            return ConfluenceSource(label, settings.site, settings.space, sign_in, parser)
        case GoogleDriveSourceSettings():
            from copilot.knowledge.sources.google_drive import GoogleDriveSource

            return GoogleDriveSource(label, settings.folder, secret, parser)
        case YouTubeSourceSettings():
            from copilot.knowledge.sources.youtube import YouTubeSource

            return YouTubeSource(label, settings.playlist, secret, language=settings.language)
