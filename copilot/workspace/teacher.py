"""What was learned of a team's triage, from its rows: the worth of reasons and words, and the intents."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from copilot.domain import (
    Brief,
    Conversation,
    Correction,
    Intent,
    MessageKind,
    Role,
    SourceKind,
    TicketId,
    TriageKind,
)
from copilot.errors import ModelError
from copilot.knowledge.question import question_of
from copilot.store import Store
from copilot.store.corrections import Agreed
from copilot.triage.habits import (
    Habits,
    Lesson,
    causes_of_mood,
    causes_of_urgency,
    learned,
    mood_by,
    urgency_by,
)
from copilot.workspace.questions import AskedTicket, Questions

if TYPE_CHECKING:
    from copilot.triage.intent import IntentModel
    from copilot.triage.teaching import Asked

REMEMBERED = 1500
"""Solved tickets that intents are learned from: a second or so to learn."""
MOST_CORRECTIONS = 2000
NO_HABITS = Habits({})

log = structlog.get_logger(__name__)


class Teacher:
    """Learns from the store, and puts what it learned into briefs."""

    def __init__(self, store: Store, questions: Questions) -> None:
        self._store = store
        self._questions = questions
        self._turn = asyncio.Lock()
        self._intents: IntentModel | None = None
        self.mood = NO_HABITS
        self.urgency = NO_HABITS
        self._has_habits = False

    @property
    def knows_intents(self) -> bool:
        """Whether briefs get an intent."""
        return self._intents is not None

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents that are told apart."""
        return () if self._intents is None else self._intents.names

    @property
    def intent_accuracy(self) -> float | None:
        """The share of its examples that it names rightly when each is left out; None before anything is learned."""
        return None if self._intents is None else self._intents.left_out_accuracy

    async def refine(self, conversation: Conversation, brief: Brief) -> Brief:
        """The brief with the team's habits and the intent."""
        if not self._has_habits:
            await self.learn_habits()
        return replace(
            brief,
            sentiment=mood_by(self.mood, brief.sentiment),
            urgency=urgency_by(self.urgency, brief.urgency),
            intent=await self._intent(conversation),
        )

    async def learn_habits(self) -> None:
        """Learn what reasons of urgency and words of mood are worth."""
        self.mood = await self._habits(TriageKind.SENTIMENT)
        self.urgency = await self._habits(TriageKind.URGENCY)
        self._has_habits = True

    async def learn_intents(self) -> None:
        """Learn the intents, embedding the tickets that have no vector yet. Raises `ModelError`."""
        async with self._turn:
            asked = await self._asked()
            self._intents = await asyncio.to_thread(_fitted, asked)
        log.info("intents.learned", tickets=len(asked), intents=len(self.intents))

    async def _habits(self, kind: TriageKind) -> Habits:
        corrections = await self._store.corrections.newest(kind, MOST_CORRECTIONS)
        agreed = await self._store.corrections.agreed(kind, MOST_CORRECTIONS)
        lessons = [_from_correction(one) for one in corrections] + [_from_agreed(kind, one) for one in agreed]
        return await asyncio.to_thread(learned, lessons)

    async def _intent(self, conversation: Conversation) -> Intent | None:
        if self._intents is None:
            return None
        try:
            text = await asyncio.to_thread(_asked_in, conversation)
            row = (await self._questions.encode([text]))[0]
        except ModelError:
            log.warning("intent.no_model", ticket=conversation.ticket.id)
            return None
        return await asyncio.to_thread(self._intents.read, text, row)

    async def _asked(self) -> list[Asked]:
        corrections = await self._store.corrections.newest(TriageKind.INTENT, MOST_CORRECTIONS)
        named = {**await self._macros(), **{one.ticket: one.value for one in corrections}}
        newest = await self._store.solved.newest(REMEMBERED)
        tickets = await self._questions.of(list(dict.fromkeys([*newest, *named])))
        return await asyncio.to_thread(_to_learn_from, tickets, named)

    async def _macros(self) -> dict[TicketId, str]:
        """The macro that a rep answered a ticket with."""
        uses = await self._store.uses.newest()
        return {use.ticket: use.title for use in reversed(uses) if use.kind is SourceKind.MACRO}


def _to_learn_from(tickets: Sequence[AskedTicket], named: Mapping[TicketId, str]) -> list[Asked]:
    from copilot.triage.teaching import Asked

    return [
        Asked(
            text=one.text,
            vector=one.vector,
            tags=one.thread.tags,
            name=named.get(one.thread.ticket) or None,
            said=one.thread.ticket in named,
        )
        for one in tickets
    ]


def _fitted(tickets: Sequence[Asked]) -> IntentModel | None:
    from copilot.triage.teaching import learned_intents

    return learned_intents(tickets)


def _asked_in(conversation: Conversation) -> str:
    own = [
        m for m in conversation.messages if m.author.role is Role.REQUESTER and m.kind is MessageKind.PUBLIC
    ]
    return question_of(conversation.ticket.subject, own[0].clean if own else "").whole


def _from_correction(correction: Correction) -> Lesson:
    return Lesson(correction.causes, float(correction.value) - float(correction.told))


def _from_agreed(kind: TriageKind, agreed: Agreed) -> Lesson:
    """What was shown was right: what had been learned by then, too."""
    if kind is TriageKind.URGENCY:
        return Lesson(causes_of_urgency(agreed.urgency), agreed.urgency.shift)
    return Lesson(causes_of_mood(agreed.sentiment), agreed.sentiment.shift)
