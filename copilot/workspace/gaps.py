"""What the team's knowledge does not answer: found, filled with an answer of the team's own, and played back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from copilot.domain import AnswerId, Brief, Conversation, Draft, InternalAnswer, StartedAnswer, TicketId
from copilot.errors import UserError
from copilot.knowledge.answers import article_id
from copilot.knowledge.gaps import Gap, Unanswered, gaps_in
from copilot.store import Store
from copilot.store.gaps import GapTicket, ReviewState
from copilot.workspace.background import in_a_thread
from copilot.workspace.knowledge import TeamAnswers
from copilot.workspace.questions import AskedTicket, Progress, Questions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MOST_QUESTIONS = 2000
MOST_READ_FOR_AN_ANSWER = 25
REPLAYED = 60
"""So many past tickets are drafted anew; each takes some tenths of a second."""
PAST_TICKETS = 1500
NEAR = 0.3
"""Further away a question cannot be answered by the same words: its draft is not even tried."""
MakeBrief = Callable[[Conversation], Awaitable[Brief]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A past ticket as it would go today. `answered`: its draft cites the answer; `found`: it is at least offered."""

    ticket: TicketId
    subject: str
    answered: bool
    found: bool
    likeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """An escalated ticket of the guided page; `reason` is why it was handed on."""

    ticket: TicketId
    subject: str
    reason: str
    at: datetime
    state: ReviewState
    answer: AnswerId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The guided page over the last escalated tickets, newest first."""

    items: tuple[ReviewItem, ...]

    def count(self, state: ReviewState) -> int:
        """How many tickets stand there."""
        return sum(item.state is state for item in self.items)

    @property
    def next(self) -> ReviewItem | None:
        """The first that nobody has dealt with."""
        return next((item for item in self.items if item.state is ReviewState.OPEN), None)


class Gaps:
    """Finds gaps and helps to fill them. Every call may be cancelled; none blocks the loop."""

    def __init__(
        self,
        store: Store,
        questions: Questions,
        answers: TeamAnswers,
        *,
        make_brief: MakeBrief,
        keep_in_step: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._questions = questions
        self._answers = answers
        self._make_brief = make_brief
        self._keep_in_step = keep_in_step

    async def find(self, *, limit: int = MOST_QUESTIONS, progress: Progress | None = None) -> tuple[Gap, ...]:
        """The gaps among the last `limit` tickets that found nothing or were escalated, greatest first.

        `progress` hears first of questions read, then of questions put together. Raises `ModelError`.
        """
        rows = {one.ticket: one for one in await self._store.gaps.tickets(limit)}
        asked = await self._questions.of(list(rows), progress)
        unanswered = [_unanswered(rows[one.thread.ticket], one) for one in asked]

        def work(tick: Progress) -> tuple[Gap, ...]:
            return gaps_in(unanswered, _stacked(asked), tick) if asked else ()

        return await in_a_thread(work, progress)

    async def start_answer(self, tickets: Sequence[TicketId]) -> StartedAnswer | None:
        """An answer begun from the best reply in these tickets, for somebody to edit; None where nobody replied."""
        start_answer = await asyncio.to_thread(_starting)
        wanted = tickets[:MOST_READ_FOR_AN_ANSWER]
        talks = [await self._store.tickets.conversation(ticket) for ticket in wanted]
        return await asyncio.to_thread(start_answer, talks)

    async def approve(
        self, title: str, text: str, *, approved_by: str, ticket: TicketId | None = None
    ) -> InternalAnswer:
        """Keep an edited answer: it is in the index when this returns, and `ticket` is done on the guided page.

        Raises `UserError` when a part of it is missing, or a placeholder of removed data was left in it.
        """
        await asyncio.to_thread(_check_placeholders, title, text)
        answer = await self._answers.add(title, text, approved_by=approved_by, ticket=ticket)
        if ticket is not None:
            await self._store.gaps.mark(ticket, ReviewState.DONE, answer.id)
        return answer

    async def replay(
        self, answer: AnswerId, *, limit: int = REPLAYED, progress: Progress | None = None
    ) -> tuple[Replayed, ...]:
        """The `limit` past tickets nearest to an answer, each drafted anew as it came in; those answered first.

        Raises `KeyError` for an unknown answer, `ModelError`.
        """
        kept = await self._store.answers.get(answer)
        await self._keep_in_step()
        await asyncio.to_thread(_starting)
        past = (await self._nearest(kept))[:limit]
        found = []
        for done, (one, likeness) in enumerate(past, start=1):
            found.append(await self._replayed(one, likeness, answer))
            if progress is not None:
                progress(done, len(past))
        return tuple(sorted(found, key=lambda one: (-one.answered, -one.found, -one.likeness)))

    async def review(self, *, limit: int = 200) -> Review:
        """The last escalated tickets, to be gone through one by one: each gets an answer, or is skipped."""
        rows = await self._store.gaps.escalated(limit)
        threads = await self._store.solved.threads([row.ticket for row in rows])
        subjects = {thread.ticket: thread.subject for thread in threads}
        steps = await self._store.gaps.steps([row.ticket for row in rows])
        return Review(
            items=tuple(
                ReviewItem(
                    ticket=row.ticket,
                    subject=subjects.get(row.ticket, ""),
                    reason=row.reason,
                    at=row.at,
                    state=steps[row.ticket].state if row.ticket in steps else ReviewState.OPEN,
                    answer=steps[row.ticket].answer if row.ticket in steps else None,
                )
                for row in rows
            )
        )

    async def mark(self, ticket: TicketId, state: ReviewState) -> None:
        """Say where a ticket of the guided page stands; also back to open. Raises `KeyError`."""
        await self._store.gaps.mark(ticket, state)

    async def _nearest(self, answer: InternalAnswer) -> list[tuple[AskedTicket, float]]:
        rows = await self._store.gaps.tickets(MOST_QUESTIONS)
        solved = await self._store.solved.newest(PAST_TICKETS)
        asked = await self._questions.of(list(dict.fromkeys([*(row.ticket for row in rows), *solved])))
        if not asked:
            return []
        about = await self._questions.encode([answer.title, f"{answer.title}. {answer.text}"])
        cosines = await asyncio.to_thread(lambda: (_stacked(asked) @ about.T).max(axis=1))
        pairs = [(one, float(cosine)) for one, cosine in zip(asked, cosines, strict=True) if cosine >= NEAR]
        return sorted(pairs, key=lambda pair: -pair[1])

    async def _replayed(self, one: AskedTicket, likeness: float, answer: AnswerId) -> Replayed:
        from copilot.assist.own_answer import as_asked

        conversation = await self._store.tickets.conversation(one.thread.ticket)
        brief = await self._make_brief(as_asked(conversation))
        wanted = article_id(answer)
        content = brief.suggestion.content
        sentences = content.sentences if isinstance(content, Draft) else ()
        return Replayed(
            ticket=one.thread.ticket,
            subject=one.thread.subject,
            answered=any(cited.article == wanted for sentence in sentences for cited in sentence.citations),
            found=any(hit.article == wanted for hit in brief.articles),
            likeness=round(likeness, 3),
        )


def _unanswered(row: GapTicket, asked: AskedTicket) -> Unanswered:
    return Unanswered(
        ticket=row.ticket,
        subject=asked.thread.subject,
        text=asked.text,
        at=row.at,
        escalated=row.escalated,
        found_nothing=row.found_nothing,
        reason=row.reason,
        seconds=row.seconds,
        cost=row.cost,
    )


def _stacked(asked: Sequence[AskedTicket]) -> Vectors:
    import numpy as np

    return np.stack([one.vector for one in asked])


def _starting() -> Callable[[Sequence[Conversation]], StartedAnswer | None]:
    """Imports the library of telephone numbers: not on the loop, and not before somebody asks."""
    from copilot.assist.own_answer import start_answer

    return start_answer


def _check_placeholders(title: str, text: str) -> None:
    from copilot.text.redaction import placeholders_in

    left = placeholders_in(f"{title}\n{text}")
    if left:
        raise UserError(
            f"Personal data was taken out here: {', '.join(sorted(left))}.",
            "Write something general in its place.",
        )
