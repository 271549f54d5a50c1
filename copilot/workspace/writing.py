"""What language models write for the rep: drafts, summaries, rewrites and answers, watched and stopped from here."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog

from copilot.domain import (
    Answer,
    Brief,
    Conversation,
    Draft,
    DraftSentence,
    Refinement,
    Rewrite,
    Suggestion,
    SuggestionId,
    SummaryLine,
    TicketId,
)
from copilot.errors import ModelError, NoModelError
from copilot.events import BriefReady, DraftReady, DraftStale, EventStream, TicketsChanged
from copilot.knowledge.question import question_of
from copilot.knowledge.retrieval import Retriever
from copilot.store import Store
from copilot.workspace.ahead import Ahead
from copilot.workspace.briefs import is_untouched
from copilot.workspace.outgoing import now_utc
from copilot.workspace.runs import Running, Runs

if TYPE_CHECKING:
    from pydantic import BaseModel

    from copilot.assist.writing.checking import Checker
    from copilot.assist.writing.material import Material
    from copilot.assist.writing.prompts import Prompts
    from copilot.models.base import Asked, TicketFacts, Writing

CHECKERS_KEPT = 4
HISTORY_READ = 3
EMBEDDED = "embedded"

MakeBrief = Callable[[TicketId], Awaitable[Brief]]
log = structlog.get_logger(__name__)


class Writer:
    """The sub-door `workspace.writing`.

    `writing` answers the language models, or None while none is connected. `prepare` answers a ticket's current brief,
    `language` the rep's language (ISO 639-1).
    """

    def __init__(
        self,
        store: Store,
        events: EventStream,
        retriever: Retriever,
        *,
        writing: Callable[[], Writing | None],
        prepare: MakeBrief,
        language: Callable[[], str],
    ) -> None:
        self._store = store
        self._events = events
        self._retriever = retriever
        self._writing = writing
        self._prepare = prepare
        self._language = language
        self._runs = Runs(events)
        self._ahead = Ahead(self._write_what_is_wanted, lambda: writing() is not None)
        self._keeping = asyncio.Lock()
        self._checkers: OrderedDict[str, Checker] = OrderedDict()

    # -- asked by the rep ------------------------------------------------------------------------------------------

    async def draft(self, ticket: TicketId) -> Suggestion:
        """A model's draft, now in the brief too; where none can be written, the embedded one and the reason why.

        One that is being written ahead is waited for.
        """
        brief = await self._prepare(ticket)
        if await self._ahead.finished(ticket):
            brief = await self._store.books.brief(ticket) or brief
            if brief.suggestion.model != EMBEDDED:
                return brief.suggestion
        return await self._write_draft(await self._material(brief), unasked=False)

    async def summary(self, ticket: TicketId) -> tuple[SummaryLine, ...]:
        """A model's summary, now in the brief too; where none can be written, the one that is there."""
        brief = await self._prepare(ticket)
        await self._ahead.finished(ticket)
        await self._write_summary(await self._material(brief))
        return (await self._store.books.brief(ticket) or brief).summary

    async def refine(
        self, ticket: TicketId, text: str, wish: Rewrite | str, *, suggestion: SuggestionId | None = None
    ) -> Refinement:
        """The reply in the editor in other words; `suggestion`, which must be kept, is what it began as.

        Raises a `ModelError`, or `KeyError` for a suggestion that is not kept: `take` a refinement before the next.
        """
        material = await self._material(await self._prepare(ticket))
        from copilot.assist.writing.refining import Reply, refine

        reply = Reply(text, await self._draft_of(suggestion))
        return await self._runs.follow(
            ticket,
            "refine",
            lambda on_text: refine(self._models(), _prompts(), material, reply, wish, on_text),
        )

    async def translate(
        self, ticket: TicketId, text: str, language: str, *, suggestion: SuggestionId | None = None
    ) -> Refinement:
        """The reply in another language (ISO 639-1), with the translation translated back. Raises a `ModelError`."""
        material = await self._material(await self._prepare(ticket))
        from copilot.assist.writing.refining import Reply, translate

        reply = Reply(text, await self._draft_of(suggestion))
        return await self._runs.follow(
            ticket, "translate", lambda _: translate(self._models(), _prompts(), material, reply, language)
        )

    async def take(self, refinement: Refinement) -> Suggestion:
        """The rep takes the new words: from now on they are the ticket's suggestion, and a decision can name them."""
        suggestion = refinement.suggestion
        await self._offer(suggestion, unasked=False)
        return suggestion

    async def ask(self, ticket: TicketId, question: str) -> Answer:
        """An answer from the thread, the customer's earlier tickets and the knowledge.

        Without a model the sources that come nearest are quoted.
        """
        material = await self._material(await self._prepare(ticket))
        from copilot.assist.writing.asking import answer, quoted_answer

        asked = await self._with_findings(material, question)
        try:
            return await self._runs.follow(
                ticket, "ask", lambda on_text: answer(self._models(), _prompts(), asked, question, on_text)
            )
        except ModelError as error:
            return await asyncio.to_thread(quoted_answer, asked, question, str(error))

    async def recheck(self, ticket: TicketId, sentence: str) -> DraftSentence:
        """What a sentence that the rep has just changed stands on; its text is never altered.

        Milliseconds, once the ticket's sources have been read.
        """
        # Not by way of `_prepare` where there is a brief: another one may be in the making just then.
        brief = await self._store.books.brief(ticket) or await self._prepare(ticket)
        checker = await self._checker(brief)
        return await asyncio.to_thread(checker.typed, sentence)

    async def draft_request(self, ticket: TicketId) -> tuple[Asked, TicketFacts, type[BaseModel]]:
        """What a model would be asked for a draft of this ticket, for `workspace.models.preview`; nothing is sent.

        Raises `NoModelError` while no model is connected.
        """
        material = await self._material(await self._prepare(ticket))
        from copilot.assist.writing.drafting import draft_request
        from copilot.assist.writing.shapes import DraftShape

        request, _ = await draft_request(self._models(), _prompts(), material)
        return request.asked(), material.facts, DraftShape

    def running(self, ticket: TicketId) -> tuple[Running, ...]:
        """What is being written for a ticket, with the text so far."""
        return self._runs.running(ticket)

    def cancel(self, ticket: TicketId) -> bool:
        """Stop all that is written for a ticket; False when nothing was."""
        return self._ahead.leave_off(ticket) | self._runs.cancel(ticket)

    # -- ahead of the rep --------------------------------------------------------------------------------------------

    def start(self) -> None:
        """From now on, write ahead for every brief that is made. A command that prints a brief does not."""
        self._ahead.start()

    async def opened(self, ticket: TicketId) -> None:
        """The rep looks at this ticket: what is to be written ahead for it need not wait for its turn."""
        await self._ahead.opened(ticket)

    def brief_made(self, brief: Brief) -> None:
        """The embedded brief can be read: let a model write its draft and its summary, if one is connected."""
        self._ahead.brief_made(brief)

    def is_ahead(self, ticket: TicketId) -> bool:
        """Whether something is being written for a ticket that nobody has asked for."""
        return self._ahead.is_at(ticket)

    def thread_changed(self, ticket: TicketId) -> None:
        """A message arrived: what is being written, or was, is of yesterday."""
        if self._ahead.thread_changed(ticket) | self._runs.cancel(ticket, "draft", "summary"):
            self._events.publish(DraftStale(ticket))

    async def stop(self) -> None:
        """Stop everything and wait until it has ended."""
        await self._ahead.stop()
        await self._runs.stop()

    async def _write_what_is_wanted(self, brief: Brief) -> None:
        material = await self._material(brief)
        from copilot.assist.writing.briefs import is_worth_a_summary, waits_for_reply

        talk = material.conversation
        if talk.ticket.thread_version != brief.thread_version:
            return
        untouched = brief.suggestion.model == EMBEDDED and await is_untouched(self._store, brief)
        if untouched and await asyncio.to_thread(waits_for_reply, talk):
            await self._write_draft(material, unasked=True)
        if brief.summary_by == EMBEDDED and is_worth_a_summary(talk):
            await self._write_summary(material)

    # -- writing and keeping ----------------------------------------------------------------------------------------

    async def _write_draft(self, material: Material, *, unasked: bool) -> Suggestion:
        from copilot.assist.writing.briefs import standing
        from copilot.assist.writing.drafting import write_draft

        ticket = material.conversation.ticket.id
        try:
            suggestion = await self._runs.follow(
                ticket, "draft", lambda on_text: write_draft(self._models(), _prompts(), material, on_text)
            )
        except ModelError as error:
            suggestion = standing(material.brief.suggestion, str(error))
            if self._writing() is None:
                return suggestion  # nothing has changed that would be worth a row
        await self._offer(suggestion, unasked=unasked)
        return suggestion

    async def _write_summary(self, material: Material) -> None:
        from copilot.assist.writing.briefs import summary_in, with_summary
        from copilot.assist.writing.summarising import write_summary

        ticket = material.conversation.ticket
        if not material.thread:
            return
        known = summary_in(await self._store.books.summarised(ticket.id))
        if known is None or known.through != material.thread[-1].source.message:
            try:
                known = await self._runs.follow(
                    ticket.id,
                    "summary",
                    lambda on_text: write_summary(self._models(), _prompts(), material, known, on_text),
                )
            except ModelError as error:
                log.info("writing.no_summary", ticket=ticket.id, error=type(error).__name__)
                return
        summary = known
        async with self._keeping:
            brief = await self._store.books.brief(ticket.id)
            if brief is not None and brief.thread_version == ticket.thread_version:
                await self._put(with_summary(brief, summary))

    async def _offer(self, suggestion: Suggestion, *, unasked: bool) -> None:
        """Offer it in the place of the brief's suggestion, unless the thread has moved on.

        What nobody asked for does not take the place of a draft that the rep has begun to work with.
        """
        from copilot.assist.writing.briefs import with_suggestion

        async with self._keeping:
            brief = await self._store.books.brief(suggestion.ticket)
            if brief is None or brief.thread_version != suggestion.thread_version:
                return
            if unasked and not await is_untouched(self._store, brief):
                return
            await self._put(with_suggestion(brief, suggestion))
        self._events.publish(DraftReady(suggestion.ticket, suggestion.id))

    def _models(self) -> Writing:
        writing = self._writing()
        if writing is None:
            raise NoModelError("No language model is connected.", "Connect one in the settings.")
        return writing

    async def _put(self, brief: Brief) -> None:
        changed = await self._store.books.put_brief(brief)
        self._events.publish(BriefReady(brief.ticket))
        if changed.tickets:
            self._events.publish(TicketsChanged(changed.tickets))

    async def _material(self, brief: Brief) -> Material:
        await asyncio.to_thread(_load)
        from copilot.assist.writing.material import gather

        conversation: Conversation = await self._store.tickets.conversation(brief.ticket)
        return await gather(conversation, brief, self._store, now=now_utc(), rep_language=self._language())

    async def _with_findings(self, material: Material, question: str) -> Material:
        """What is found for a question, and what the customer wrote before."""
        from copilot.assist.writing.material import with_findings

        ticket = material.conversation.ticket
        findings = await self._retriever.find(question_of("", question), ticket=ticket.id)
        earlier = await self._store.search.of_requester(ticket, limit=HISTORY_READ)
        history = [await self._store.tickets.conversation(one) for one in earlier]
        return await with_findings(material, findings.articles, history, self._store)

    async def _checker(self, brief: Brief) -> Checker:
        known = self._checkers.pop(brief.id, None)
        if known is None:
            material = await self._material(brief)
            from copilot.assist.writing.checking import checker_of

            known = await asyncio.to_thread(checker_of, material)
        self._checkers[brief.id] = known
        while len(self._checkers) > CHECKERS_KEPT:
            self._checkers.popitem(last=False)
        return known

    async def _draft_of(self, suggestion: SuggestionId | None) -> Draft | None:
        if suggestion is None:
            return None
        content = (await self._store.books.suggestion(suggestion)).content
        return content if isinstance(content, Draft) else None


def _load() -> None:
    """Import the writing tasks, off the event loop."""
    import copilot.assist.writing.asking
    import copilot.assist.writing.briefs
    import copilot.assist.writing.drafting
    import copilot.assist.writing.refining
    import copilot.assist.writing.summarising  # noqa: F401 - imported to be there when it is needed


def _prompts() -> Prompts:
    from copilot.assist.writing.prompts import shipped_prompts

    return shipped_prompts()
