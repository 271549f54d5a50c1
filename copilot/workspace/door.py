"""The one door to the core: opens a workspace, wires the rooms, and is all that the screen and the command line hold.

Every coroutine here may be awaited on the window's event loop: none blocks it. Methods that change something answer
when the change is on disk; the desk hears of it through the outbox, and listeners through `events`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.config.logs import end_log, start_log
from copilot.config.paths import STORE_NAME, default_workspace
from copilot.config.secrets import Secrets
from copilot.config.settings import (
    Preferences,
    Settings,
    SourceSettings,
    load_settings,
)
from copilot.domain import (
    Article,
    ArticleId,
    Assign,
    BatchId,
    Brief,
    Conversation,
    DecisionKind,
    DeskHealth,
    DeskId,
    DeskInfo,
    DestinationId,
    Group,
    Message,
    OutboxId,
    Packet,
    PageKey,
    Person,
    QueuePage,
    QueueRow,
    RemoteId,
    Reply,
    SavedReply,
    SourceId,
    SourceInfo,
    Status,
    SuggestionId,
    TicketId,
    View,
)
from copilot.errors import UserError
from copilot.events import (
    DeskChanged,
    Event,
    EventStream,
    KnowledgeChanged,
    ThreadChanged,
    TicketsChanged,
)
from copilot.knowledge.hybrid import HybridRetriever
from copilot.knowledge.retrieval import FOUND_BY_WORDS, Retriever
from copilot.models.embedding import Embedder, shipped_model
from copilot.store import Store
from copilot.text.html import render_message
from copilot.workspace.attention import AttentionWatch
from copilot.workspace.background import run_in_background
from copilot.workspace.briefs import BriefKitchen
from copilot.workspace.composing import Composing
from copilot.workspace.connecting import Connecting, not_kept
from copilot.workspace.customers import Customers
from copilot.workspace.decisions import Decisions, Verdict
from copilot.workspace.desks import Connections, free_id
from copilot.workspace.destinations import Destinations
from copilot.workspace.feeds import Feeds
from copilot.workspace.gaps import Gaps
from copilot.workspace.handoffs import Handoffs
from copilot.workspace.index import IndexKeeper
from copilot.workspace.kept import KeptSettings
from copilot.workspace.knowledge import KnowledgeFeeds, TeamAnswers
from copilot.workspace.many import Many
from copilot.workspace.models import LanguageModels
from copilot.workspace.outgoing import Outgoing, now_utc
from copilot.workspace.questions import Questions
from copilot.workspace.spelling import Spelling
from copilot.workspace.teacher import Teacher
from copilot.workspace.triage import Triage
from copilot.workspace.upkeep import Upkeep
from copilot.workspace.values import Rendered, Undone
from copilot.workspace.writing import EMBEDDED, Writer

if TYPE_CHECKING:
    from copilot.models.base import Writing

WAKE_SECONDS = 20.0


class Workspace:
    """An open workspace. Make one with `Workspace.open`."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        store: Store,
        connections: Connections,
        embedder: Embedder,
        writing: Writing | None = None,
    ) -> None:
        self.events = EventStream()
        self._folder = folder
        self._settings = KeptSettings(folder, settings)
        self._store = store
        self._connections = connections
        self._feeds = Feeds(folder, store, self.events)
        self._connecting = Connecting(self._settings, connections, self._feeds, store, self.events)
        self._knowledge = KnowledgeFeeds(self._settings, store, self.events, connections.secrets)
        self._models = LanguageModels(folder, self._settings, connections.secrets, store, self.events)
        self._retriever = HybridRetriever(store, embedder)
        self._briefs = BriefKitchen(
            store,
            self.events,
            self._make_brief,
            outdated=self._is_outdated,
        )
        self._writing = Writer(
            store,
            self.events,
            self._retriever,
            writing=lambda: writing or self._models.writing,
            prepare=self._briefs.prepare,
            language=lambda: self.preferences.language,
        )
        self._briefs.made = self._writing.brief_made
        outgoing = Outgoing(
            store, self.events, self._feeds.sender, hold_seconds=lambda: self.preferences.hold_seconds
        )
        self._decisions = Decisions(store, self.events, outgoing)
        self._attention = AttentionWatch(store, self.events, lambda: self.preferences.notifications)
        self._customers = Customers(store)
        self._many = Many(store, self.events, outgoing, self._decisions, self._briefs.prepare)
        questions = Questions(store, embedder)
        self._triage = Triage(store, self.events, Teacher(store, questions), self._decisions.remember)
        self._index = IndexKeeper(self._retriever, self.events, self._triage.poke)
        self._gaps = Gaps(
            store,
            questions,
            self._knowledge.answers,
            make_brief=self._make_brief,
            keep_in_step=self._keep_in_step,
        )
        self._upkeep = Upkeep(
            store, model=lambda: embedder.id, keep_in_step=self.learn, names=self._source_names
        )
        self._composing = Composing(self._settings, store, self._desk_of)
        self._spelling = Spelling(self._settings, store)
        self._handoffs = Handoffs(store, self._decisions, connections)
        self._destinations = Destinations(self._settings, connections.secrets, store, self.events)
        self._tasks: list[asyncio.Task[None]] = []
        self._log: logging.Handler = logging.NullHandler()
        self.events.subscribe(self._on_event)

    @classmethod
    async def open(
        cls, folder: Path | None = None, *, embedder: Embedder | None = None, writing: Writing | None = None
    ) -> Workspace:
        """Open the workspace in `folder` (default: the user's data folder), creating it with the demo desk if new.

        Nothing is fetched yet: what is on disk can be read at once. `embedder` makes sentence vectors (default: the
        shipped model), `writing` are the language models (default: those of the settings). Raises `StoreError` or
        `SettingsError`.
        """
        folder = folder or default_workspace()
        settings = await asyncio.to_thread(load_settings, folder)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        store = await Store.open(folder / STORE_NAME)
        connections = Connections(folder, Secrets(folder.name))
        workspace = cls(folder, settings, store, connections, embedder or shipped_model(), writing)
        workspace._log = start_log(folder)
        await workspace._connecting.follow_all()
        for source in settings.knowledge:
            workspace._knowledge.follow(source)
        return workspace

    async def start(self) -> None:
        """Begin to sync, to send the outbox, to read knowledge and to prepare briefs, in the background."""
        self._feeds.start()
        if self._feeds.is_feeding:
            self._knowledge.start()
        self._index.start()
        self._writing.start()
        self._tasks = [
            run_in_background(self._models.warm(), "models", self.events),
            run_in_background(self._briefs.run_forever(), "briefs", self.events),
            run_in_background(self._triage.run_forever(self._briefs.again), "triage", self.events),
            run_in_background(self._attention.run_forever(), "attention", self.events),
            run_in_background(self._wake_snoozed(), "wake", self.events),
        ]
        if self._feeds.is_feeding:  # as with the outbox: two processes would send twice
            self._tasks.append(
                run_in_background(self._destinations.run_forever(), "escalations", self.events)
            )

    async def aclose(self) -> None:
        """Stop background work, leave the outbox on disk, close desks and store."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._writing.stop()
        await self._spelling.aclose()
        await self._models.aclose()
        await self._index.stop()
        await self._knowledge.stop()
        await self._feeds.stop()
        await self._connections.aclose()
        await self._store.aclose()
        end_log(self._log)

    # -- looking ---------------------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Where this workspace lies on disk."""
        return self._folder

    @property
    def preferences(self) -> Preferences:
        """What the rep has set."""
        return self._settings.now.preferences

    async def prefer(self, **changed: object) -> None:
        """Keep changed preferences, by their names; the others stay, also when two changes come at the same time.

        Raises `SettingsError` when they cannot be written; they hold for this run.
        """
        await self._settings.change(preferences=self.preferences.model_copy(update=changed))

    def desks(self) -> tuple[DeskInfo, ...]:
        """The connected desks and how they do."""
        return self._connections.infos()

    async def queue(self, view: View, *, after: PageKey | None = None, limit: int = 200) -> QueuePage:
        """A page of a view."""
        return await self._store.tickets.page(view, after=after, limit=limit)

    async def rows(self, tickets: Sequence[TicketId]) -> tuple[QueueRow, ...]:
        """These tickets' queue rows as they are now; unknown ones are left out."""
        return await self._store.tickets.rows(tickets)

    async def counts(self) -> Mapping[View, int]:
        """How many tickets each view holds."""
        return await self._store.tickets.counts()

    async def search(self, text: str, *, limit: int = 200) -> QueuePage:
        """Tickets that match; a newer search cancels an older one."""
        return await self._store.search.find(text, limit=limit)

    async def conversation(self, ticket: TicketId) -> Conversation:
        """A ticket with its messages and what is still on its way out. Raises `KeyError`."""
        return await self._store.tickets.conversation(ticket)

    async def opened(self, ticket: TicketId) -> None:
        """The rep looks at this ticket: marks it read and prepares its brief before all others."""
        self._briefs.first(ticket)
        await self._writing.opened(ticket)
        changed = await self._store.tickets.mark_read(ticket)
        if changed.tickets:
            self.events.publish(TicketsChanged(changed.tickets))

    async def render(self, message: Message, *, whole: bool = False) -> Rendered:
        """Safe HTML of a message; very long ones are shortened unless `whole`."""
        html, hidden, shortened = await asyncio.to_thread(render_message, message, whole=whole)
        return Rendered(html=html, hidden_html=hidden, shortened=shortened)

    async def brief(self, ticket: TicketId) -> Brief | None:
        """The prepared brief; None while it is being made (`BriefReady` follows)."""
        return await self._store.books.brief(ticket)

    async def prepare(self, tickets: Sequence[TicketId]) -> None:
        """Prepare the briefs of the tickets the rep will probably open next, in this order."""
        ahead = tickets[: self.preferences.prepare_ahead]
        self._briefs.later(await self._store.books.lacking_brief(ahead))

    async def make_brief(self, ticket: TicketId) -> Brief:
        """The brief of a ticket, waiting for it if need be. Raises `KeyError`."""
        return await self._briefs.prepare(ticket)

    async def verdict(self, brief: Brief) -> DecisionKind | None:
        """What the rep has decided on the brief's suggestion; None when nothing, or when it was undone."""
        decisions = await self._store.books.decisions(brief.ticket)
        last = next((d for d in reversed(decisions) if d.suggestion == brief.suggestion.id), None)
        return None if last is None or last.kind is DecisionKind.UNDONE else last.kind

    async def article(self, article: ArticleId) -> Article:
        """An article's text. Raises `KeyError`."""
        return await self._store.knowledge.article(article)

    async def attachment(self, ticket: TicketId, attachment: RemoteId) -> bytes:
        """The bytes of an attachment, from the desk. Raises a `DeskError`."""
        header = await self._store.tickets.get(ticket)
        return await self._connections.desk(header.desk).attachment(header.remote_id, attachment)

    async def whoami(self, desk: DeskId) -> Person:
        """The rep on this desk, asked of the desk now. Raises a `DeskError`."""
        return await self._connections.desk(desk).whoami()

    async def people(self, desk: DeskId) -> tuple[Person, ...]:
        """Reps that tickets of this desk can be assigned or escalated to. Raises a `DeskError`."""
        return await self._connections.desk(desk).people()

    async def groups(self, desk: DeskId) -> tuple[Group, ...]:
        """Groups or queues of this desk. Raises a `DeskError`."""
        return await self._connections.desk(desk).groups()

    # -- deciding --------------------------------------------------------------------------------------------------

    async def save_reply(self, reply: SavedReply) -> None:
        """Keep what the rep is typing; called on every change."""
        await self._store.books.save_reply(reply)

    async def saved_reply(self, ticket: TicketId) -> SavedReply | None:
        """What the rep had typed and not sent."""
        return await self._store.books.saved_reply(ticket)

    async def send(
        self,
        ticket: TicketId,
        reply: Reply,
        *,
        seen: RemoteId | None,
        suggestion: SuggestionId | None = None,
        seconds: float = 0.0,
    ) -> BatchId:
        """Put a public reply into the outbox; it leaves when the undo period is over.

        `seen` is the newest message on the rep's screen. With a `suggestion` the decision is recorded too: accepted
        when the text is the draft's, else edited; `seconds` is the time from the brief on screen to this call.
        Raises `UserError` when there is nothing to send.
        """
        return await self._decisions.reply(ticket, reply, seen=seen, verdict=_verdict(suggestion, seconds))

    async def note(self, ticket: TicketId, text: str) -> BatchId:
        """Add an internal note. Raises `UserError` when it is empty."""
        return await self._decisions.note(ticket, text)

    async def assign(self, ticket: TicketId, person: Person | None, group: str | None = None) -> BatchId:
        """Give the ticket to somebody; both None unassigns."""
        return await self._decisions.assign(ticket, person, group)

    async def take_over(self, ticket: TicketId) -> BatchId:
        """Assign the ticket to the rep, which stops the AI agent on it."""
        header = await self._store.tickets.get(ticket)
        return await self._decisions.take_over(ticket, await self._connections.me(header.desk))

    async def set_status(self, ticket: TicketId, status: Status) -> BatchId:
        """Change the status."""
        return await self._decisions.set_status(ticket, status)

    async def set_tags(self, ticket: TicketId, tags: tuple[str, ...]) -> BatchId:
        """Replace the tags."""
        return await self._decisions.set_tags(ticket, tags)

    async def merge(self, ticket: TicketId, into: TicketId) -> BatchId:
        """Make a ticket a part of another one of its desk, after the undo period. Raises `UserError`."""
        return await self._decisions.merge(ticket, into)

    async def snooze(self, ticket: TicketId, until: datetime | None) -> None:
        """Put the ticket aside until a moment; None brings it back."""
        await self._decisions.snooze(ticket, until)

    async def packet(self, ticket: TicketId, reason: str) -> Packet:
        """The handoff packet as it would go out, for the rep to read and edit before escalating."""
        from copilot.handoff.packet import make_packet

        brief = await self._briefs.prepare(ticket)
        return make_packet(await self._store.tickets.conversation(ticket), brief, reason)

    async def escalate(
        self,
        ticket: TicketId,
        *,
        packet: str,
        to: Assign,
        out: DestinationId | None = None,
        suggestion: SuggestionId | None = None,
        seconds: float = 0.0,
    ) -> BatchId:
        """Add the packet as an internal note and give the ticket to a person or group, undone together.

        With `out` the packet goes to a destination too, once the note is on the desk; `to` may then name nobody.
        """
        if out is not None:
            self._destinations.named(out)
        verdict = _verdict(suggestion, seconds)
        batch = await self._decisions.escalate(ticket, packet, to, verdict=verdict, out=out is not None)
        if out is not None:
            await self._destinations.send(ticket, out, packet, batch=batch)
        return batch

    async def dismiss(self, suggestion: SuggestionId, reason: str, seconds: float) -> None:
        """Record that the rep does not want this suggestion, and why."""
        await self._decisions.dismiss(Verdict(suggestion=suggestion, seconds=seconds), reason)

    async def undo(self, batch: BatchId | None = None) -> Undone | None:
        """Take back a batch, or the newest thing that still can be; None when there is nothing to take back.

        Raises `TooLateError` when it is too late.
        """
        return await self._decisions.undo(batch)

    async def send_anyway(self, entry: OutboxId) -> None:
        """Send a blocked or failed entry after all: the rep has read what is new."""
        await self._feeds.sender.send_anyway(entry)

    async def discard(self, entry: OutboxId) -> Undone | None:
        """Give up an entry that is held, waits, was blocked or failed; its text comes back to the editor."""
        return await self._decisions.give_up(await self._store.outbox.get(entry))

    async def sync_now(self) -> None:
        """Ask every desk for changes at once, in the background."""
        self._feeds.poke()

    async def sync_once(self) -> None:
        """Ask every desk for changes, wait until all are stored, and send what is due. For the command line."""
        await self._feeds.run_once()
        if self._feeds.is_feeding:
            await self._destinations.send_due()

    @property
    def destinations(self) -> Destinations:
        """Where escalations can go outside the desks, and those on their way."""
        return self._destinations

    @property
    def many(self) -> Many:
        """One decision on many tickets."""
        return self._many

    @property
    def customers(self) -> Customers:
        """Who asks, and what they asked before on any desk."""
        return self._customers

    @property
    def handoffs(self) -> Handoffs:
        """Noticing circles, and giving tickets back to the AI agent."""
        return self._handoffs

    @property
    def composing(self) -> Composing:
        """What the editor offers: macros, snippets, the preview, earlier versions."""
        return self._composing

    @property
    def spelling(self) -> Spelling:
        """Misspelled words of what the rep writes, and what may be meant."""
        return self._spelling

    # -- connecting ------------------------------------------------------------------------------------------------

    @property
    def connecting(self) -> Connecting:
        """Connecting desks and letting go of them."""
        return self._connecting

    # -- knowing ---------------------------------------------------------------------------------------------------

    @property
    def triage(self) -> Triage:
        """Mood, urgency and intent, set right by the rep and learned from."""
        return self._triage

    @property
    def models(self) -> LanguageModels:
        """The language models: who is connected, what may leave, what was sent, what it cost."""
        return self._models

    @property
    def writing(self) -> Writer:
        """What language models write: drafts, summaries, rewrites, answers."""
        return self._writing

    @property
    def gaps(self) -> Gaps:
        """What the team's knowledge does not answer, and how it is filled."""
        return self._gaps

    @property
    def upkeep(self) -> Upkeep:
        """The state of the team's articles: age, owner, use, duplicates and contradictions."""
        return self._upkeep

    @property
    def answers(self) -> TeamAnswers:
        """The team's internal answers."""
        return self._knowledge.answers

    async def sources(self) -> tuple[SourceInfo, ...]:
        """Where the team's knowledge comes from, when it was read, and what of it could not be."""
        return await self._knowledge.infos()

    async def add_source(self, settings: SourceSettings, secret: str = "") -> SourceId:
        """Keep a knowledge source in the settings; `refresh_knowledge` reads it. Its id is made from its name.

        `secret` is the token of a hosted one, for the keyring; without a usable one a `Failed` event says so.
        """
        known = self._settings.now.knowledge
        taken = [source.id for source in known]
        source = settings.model_copy(update={"id": free_id(f"kb {settings.name}", taken)})
        if secret and (variable := await self._knowledge.keep_secret(SourceId(source.id), secret)):
            self.events.publish(not_kept(variable))
        await self._settings.change(knowledge=(*known, source))
        self._knowledge.follow(source)
        return SourceId(source.id)

    async def remove_source(self, source: SourceId) -> None:
        """Forget a knowledge source; what came from it leaves the index."""
        kept = tuple(settings for settings in self._settings.now.knowledge if settings.id != source)
        await self._settings.change(knowledge=kept)
        await self._knowledge.unfollow(source)

    async def refresh_knowledge(self, source: SourceId | None = None) -> None:
        """Read one knowledge source, or all, and wait until the index is in step. Failures stand in `sources`."""
        await self._knowledge.refresh(source)

    async def learn(self) -> None:
        """Bring what is found by meaning in step with tickets and knowledge, and wait for it: minutes the first time.

        `start` does the same in the background. Raises `ModelError`.
        """
        await self._retriever.catch_up()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _desk_of(self, conversation: Conversation) -> DeskInfo | None:
        return next((desk for desk in self.desks() if desk.id == conversation.ticket.desk), None)

    async def _wake_snoozed(self) -> None:
        while True:
            changed = await self._store.tickets.wake(now_utc())
            if changed.tickets:
                self.events.publish(TicketsChanged(changed.tickets))
            await asyncio.sleep(WAKE_SECONDS)

    async def _learn_me(self, event: DeskChanged) -> None:
        """Ask the desk who the rep is, and tell the screen when it is known."""
        try:
            await self._connections.me(event.desk)
        except UserError:
            return  # the desk's health says what is wrong, and it is asked again when it is online again
        self.events.publish(event)

    async def _keep_in_step(self) -> None:
        """What was just taught is found by meaning too; words find it anyway."""
        if self._retriever.is_ready:
            await self._retriever.catch_up()

    def _source_names(self) -> Mapping[str, str]:
        desks = {str(desk.id): desk.name for desk in self.desks()}
        return {**desks, **{source.id: source.name for source in self._settings.now.knowledge}}

    async def _make_brief(self, conversation: Conversation) -> Brief:
        brief = await _make_brief(conversation, store=self._store, retriever=self._retriever)
        return await self._triage.refine(conversation, brief)

    def _is_outdated(self, brief: Brief) -> bool:
        better_found = self._retriever.is_ready and brief.found_by == FOUND_BY_WORDS
        # What a model wrote was paid for, and may have been read: it stays.
        return brief.suggestion.model == EMBEDDED and (
            better_found or (self._triage.is_ready and brief.intent is None)
        )

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ThreadChanged):
            self._writing.thread_changed(event.ticket)
            self._briefs.thread_changed(event.ticket)
        elif isinstance(event, KnowledgeChanged):
            self._index.poke()
        elif isinstance(event, DeskChanged):
            self._connections.set_health(event.desk, event.health, event.problem)
            if event.health is DeskHealth.ONLINE and not self._connections.knows_me(event.desk):
                self._tasks.append(asyncio.create_task(self._learn_me(event), name="who am I"))


async def _make_brief(conversation: Conversation, *, store: Store, retriever: Retriever) -> Brief:
    from copilot.assist.brief import make_brief

    return await make_brief(conversation, store, now=now_utc(), retriever=retriever)


def _verdict(suggestion: SuggestionId | None, seconds: float) -> Verdict | None:
    return None if suggestion is None else Verdict(suggestion=suggestion, seconds=seconds)
