"""The triage of tickets, to be set right by reps: what is corrected shows at once, and is learned from."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from copilot.domain import (
    Brief,
    Conversation,
    Correction,
    CorrectionId,
    Message,
    MessageKind,
    RemoteId,
    Role,
    TicketId,
    TriageKind,
)
from copilot.errors import ModelError, UserError
from copilot.events import BriefReady, EventStream, Failed, TicketsChanged
from copilot.store import Store
from copilot.triage.habits import causes_of_mood, causes_of_urgency
from copilot.workspace.outgoing import now_utc
from copilot.workspace.teacher import Teacher

LEVELS = range(4)
TakeBack = Callable[[], Awaitable[str]]
Remember = Callable[[str, TicketId, TakeBack], None]
"""Keeps how a step is taken back: what it is called, its ticket, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a team's corrections and history have taught, for a page that shows it.

    `urgency` and `mood` say how many levels, or how much mood, a reason or a word is worth more than the rules say, the
    greatest first. `intent_accuracy` is the share of past tickets named rightly when each is left out.
    """

    urgency: tuple[tuple[str, float], ...]
    mood: tuple[tuple[str, float], ...]
    intents: tuple[str, ...]
    intent_accuracy: float | None


class Triage:
    """Corrects sentiment, urgency and intent, and learns from it."""

    def __init__(self, store: Store, events: EventStream, teacher: Teacher, remember: Remember) -> None:
        self._store = store
        self._events = events
        self._teacher = teacher
        self._remember = remember
        self._wanted = asyncio.Event()
        self._told = False

    @property
    def intents(self) -> tuple[str, ...]:
        """The names a rep can choose from; others may be given too."""
        return self._teacher.intents

    @property
    def is_ready(self) -> bool:
        """Whether briefs get an intent."""
        return self._teacher.knows_intents

    @property
    def learned(self) -> Learned:
        """What has been learned so far."""
        return Learned(
            urgency=_greatest(self._teacher.urgency.worth),
            mood=_greatest(self._teacher.mood.worth),
            intents=self._teacher.intents,
            intent_accuracy=self._teacher.intent_accuracy,
        )

    async def correct(self, ticket: TicketId, kind: TriageKind, value: float | str | None) -> Correction:
        """Set what was told right: a mood in [-1, 1], a level from 0 to 3, or an intent's name (None: none of these).

        Brief and queue row show it when this returns; `Workspace.undo` takes it back. Raises `UserError` for a value
        that makes no sense or while there is no brief, `KeyError` for an unknown ticket.
        """
        text = _checked(kind, value)
        conversation = await self._store.tickets.conversation(ticket)
        brief = await self._store.books.brief(ticket)
        if brief is None:
            raise UserError("This ticket is still being read.", "Try again in a moment.")
        before = (await self._store.corrections.standing(ticket)).get(kind)
        correction = Correction(
            id=CorrectionId(uuid.uuid4().hex),
            ticket=ticket,
            kind=kind,
            value=text,
            told=_told(kind, brief) if before is None else before.told,
            causes=_causes(kind, brief) if before is None else before.causes,
            at=now_utc(),
            message=_last_asked(conversation.messages),
        )
        await self._store.corrections.put(correction)

        async def take_back() -> str:
            await self._store.corrections.take_back(correction.id)
            await self._changed(correction)
            return ""

        self._remember(f"Correction of the {kind}", ticket, take_back)
        await self._changed(correction)
        return correction

    async def corrections(self, ticket: TicketId) -> Mapping[TriageKind, Correction]:
        """What holds for a ticket now."""
        return await self._store.corrections.standing(ticket)

    async def refine(self, conversation: Conversation, brief: Brief) -> Brief:
        """A new brief with what has been learned."""
        return await self._teacher.refine(conversation, brief)

    async def learn(self) -> None:
        """Learn from all corrections, tags and macros, and wait for it: some seconds the first time.

        Raises `ModelError`.
        """
        await self._teacher.learn_habits()
        await self._teacher.learn_intents()

    def poke(self) -> None:
        """There is something new to learn intents from."""
        self._wanted.set()

    async def run_forever(self, tried: Callable[[], None]) -> None:
        """Learn intents whenever there is something new, until cancelled; `tried` is called after the first time."""
        first = True
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._teacher.learn_intents()
            except ModelError as error:
                self._tell(error)
            if first:
                first = False
                tried()

    async def _changed(self, correction: Correction) -> None:
        if correction.kind is TriageKind.INTENT:
            self.poke()
        else:
            await self._teacher.learn_habits()
        self._events.publish(BriefReady(correction.ticket))
        self._events.publish(TicketsChanged(frozenset({correction.ticket})))

    def _tell(self, error: ModelError) -> None:
        if not self._told:
            self._told = True
            self._events.publish(Failed("triage", error.message, error.advice))


def _checked(kind: TriageKind, value: float | str | None) -> str:
    if kind is TriageKind.INTENT:
        if value is None or (isinstance(value, str) and value.strip()):
            return (value or "").strip()
    elif isinstance(value, int | float):
        if kind is TriageKind.SENTIMENT and -1 <= value <= 1:
            return str(float(value))
        if kind is TriageKind.URGENCY and value in LEVELS:
            return str(int(value))
    raise UserError(
        f"This is no {kind}.", "A mood is from -1 to 1, an urgency from 0 to 3, an intent a name."
    )


def _told(kind: TriageKind, brief: Brief) -> str:
    """What the rules alone had said."""
    match kind:
        case TriageKind.SENTIMENT:
            return str(round(brief.sentiment.score - brief.sentiment.shift, 3))
        case TriageKind.URGENCY:
            return str(brief.urgency.level - brief.urgency.shift)
        case TriageKind.INTENT:
            return "" if brief.intent is None else brief.intent.name or ""


def _causes(kind: TriageKind, brief: Brief) -> tuple[str, ...]:
    match kind:
        case TriageKind.SENTIMENT:
            return causes_of_mood(brief.sentiment)
        case TriageKind.URGENCY:
            return causes_of_urgency(brief.urgency)
        case TriageKind.INTENT:
            return ()


def _last_asked(messages: tuple[Message, ...]) -> RemoteId | None:
    asked = (
        m.remote_id
        for m in reversed(messages)
        if m.author.role is Role.REQUESTER and m.kind is MessageKind.PUBLIC
    )
    return next(asked, None)


def _greatest(worth: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(worth.items(), key=lambda pair: -abs(pair[1])))
