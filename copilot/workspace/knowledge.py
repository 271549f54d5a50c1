"""Keeps the index in step with where the team's knowledge lives: reads every source at start, hourly and when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from copilot.config.secrets import Secrets
from copilot.config.settings import SourceSettings
from copilot.domain import AnswerId, InternalAnswer, SourceId, SourceInfo, TicketId
from copilot.errors import SecretError, SourceError, UserError
from copilot.events import EventStream, Failed, KnowledgeChanged, KnowledgeProgress
from copilot.knowledge.answers import InternalAnswers
from copilot.knowledge.sources.base import Source
from copilot.knowledge.sources.refresh import Outcome, forget, refresh
from copilot.store import Store
from copilot.workspace.background import run_in_background
from copilot.workspace.kept import KeptSettings
from copilot.workspace.outgoing import now_utc
from copilot.workspace.sources import SourceMaker, refuse_outside

HOUR_SECONDS = 3600.0
OUR_FAULT = "It could not be read to its end because of a fault in Sidedesk. The log says more."

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Feed:
    settings: SourceSettings
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    source: Source | None = None
    reading: asyncio.Task[Outcome] | None = None
    told: str = ""


class KnowledgeFeeds:
    """The knowledge sources of a workspace, and the reading of them."""

    def __init__(self, settings: KeptSettings, store: Store, events: EventStream, secrets: Secrets) -> None:
        self._settings = settings
        self._store = store
        self._events = events
        self._maker = SourceMaker(secrets)
        self._feeds: dict[SourceId, _Feed] = {}
        self._hourly: asyncio.Task[None] | None = None
        self.answers = TeamAnswers(store, events)

    def follow(self, settings: SourceSettings) -> None:
        """Read this source with the others from now on."""
        self._feeds[SourceId(settings.id)] = _Feed(settings)

    async def keep_secret(self, source: SourceId, secret: str) -> str:
        """Keep a source's token; the answer names the environment variable to set where it lives for this run only."""
        return await self._maker.keep_secret(source, secret)

    async def unfollow(self, source: SourceId) -> None:
        """Leave a source alone, forget its token, and take what came from it out of the index."""
        feed = self._feeds.pop(source, None)
        if feed is not None:
            await _cancel(feed.reading)
            if feed.source is not None:
                await feed.source.aclose()
            await self._forget_secret(feed.settings)
        if await forget(source, self._store):
            self._events.publish(KnowledgeChanged())

    async def infos(self) -> tuple[SourceInfo, ...]:
        """All sources, for the screen."""
        return tuple([await self._info(source, feed) for source, feed in self._feeds.items()])

    def start(self) -> None:
        """Read all sources now, and every hour."""
        self._hourly = run_in_background(self._run_forever(), "knowledge", self._events)

    async def refresh(self, source: SourceId | None = None) -> None:
        """Read one source, or all, and wait for it. What goes wrong is published, and stands in `infos`."""
        wanted = list(self._feeds) if source is None else [source]
        try:
            for one in wanted:
                if one in self._feeds:
                    await self._read(one, self._feeds[one])
        finally:
            await self._maker.rest()

    async def stop(self) -> None:
        """End all reading; what was read is kept, and the rest comes next time."""
        await _cancel(self._hourly)
        for feed in self._feeds.values():
            await _cancel(feed.reading)
            if feed.source is not None:
                await feed.source.aclose()
        await self._maker.aclose()

    async def _forget_secret(self, settings: SourceSettings) -> None:
        if settings.kind in {"folder", "website"}:
            return
        try:
            await self._maker.forget_secret(settings.id)
        except SecretError as error:
            self._events.publish(
                Failed("secret", "The keyring could not be asked to forget the token.", str(error))
            )

    async def _run_forever(self) -> None:
        while True:
            try:
                await self.refresh()
            except UserError as error:
                self._events.publish(Failed("knowledge", error.message, error.advice))
            await asyncio.sleep(HOUR_SECONDS)

    async def _read(self, name: SourceId, feed: _Feed) -> None:
        async with feed.turn:
            feed.reading = asyncio.create_task(self._outcome(name, feed), name=f"read {name}")
            try:
                outcome = await asyncio.shield(feed.reading)
            except asyncio.CancelledError:
                if not feed.reading.cancelled():
                    await _cancel(feed.reading)
                    raise
                return  # the source was removed while it was read; whoever waited for the others goes on
            finally:
                feed.reading = None
        log.info("knowledge.read", source=name, documents=outcome.looked_at, failed=bool(outcome.problem))
        self._events.publish(KnowledgeProgress(name, outcome.looked_at, outcome.looked_at, finished=True))
        if outcome.changed:
            self._events.publish(KnowledgeChanged())
        if outcome.problem and outcome.problem != feed.told:
            self._events.publish(
                Failed("knowledge", f"{feed.settings.name} could not be read.", outcome.problem)
            )
        feed.told = outcome.problem

    async def _outcome(self, name: SourceId, feed: _Feed) -> Outcome:
        try:
            if self._settings.now.privacy.air_gapped:
                refuse_outside(feed.settings)
            if feed.source is None:
                feed.source = await self._maker.make(feed.settings)
        except SourceError as error:
            await self._store.sources.finish(name, str(error))
            return Outcome(changed=False, looked_at=0, problem=str(error))
        try:
            return await refresh(feed.source, self._store, progress=partial(self._progress, name))
        except UserError:
            raise
        except Exception:
            log.exception("knowledge.failed", source=name)
            await self._store.sources.finish(name, OUR_FAULT)
            return Outcome(changed=True, looked_at=0, problem=OUR_FAULT)

    def _progress(self, source: SourceId, done: int, total: int | None) -> None:
        self._events.publish(KnowledgeProgress(source, done, total))

    async def _info(self, source: SourceId, feed: _Feed) -> SourceInfo:
        reading = await self._store.sources.reading(source)
        return SourceInfo(
            id=source,
            name=feed.settings.name,
            kind=feed.settings.kind,
            audience=feed.settings.audience,
            articles=await self._store.knowledge.count_of(source),
            read=reading.finished,
            problem=reading.problem,
            failures=await self._store.sources.failures(source),
        )


class TeamAnswers:
    """The team's internal answers; each change is in the index when the call returns, and told to listeners."""

    def __init__(self, store: Store, events: EventStream) -> None:
        self._answers = InternalAnswers(store)
        self._events = events

    async def all(self) -> tuple[InternalAnswer, ...]:
        """The answers as they stand."""
        return await self._answers.all()

    async def versions(self, answer: AnswerId) -> Sequence[InternalAnswer]:
        """What an answer said before, oldest first."""
        return await self._answers.versions(answer)

    async def add(
        self, title: str, text: str, *, approved_by: str, ticket: TicketId | None = None
    ) -> InternalAnswer:
        """Keep a new answer to the question `title`. Raises `UserError` when a part of it is missing."""
        added = await self._answers.add(title, text, approved_by=approved_by, at=now_utc(), ticket=ticket)
        self._events.publish(KnowledgeChanged())
        return added

    async def change(self, answer: AnswerId, title: str, text: str, *, approved_by: str) -> InternalAnswer:
        """Put a new version in the place of an answer. Raises `KeyError` or `UserError`."""
        changed = await self._answers.change(answer, title, text, approved_by=approved_by, at=now_utc())
        self._events.publish(KnowledgeChanged())
        return changed

    async def remove(self, answer: AnswerId, *, removed_by: str) -> None:
        """Take an answer out of use. Raises `KeyError`."""
        await self._answers.remove(answer, removed_by=removed_by, at=now_utc())
        self._events.publish(KnowledgeChanged())


async def _cancel(task: asyncio.Task[Outcome] | asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
