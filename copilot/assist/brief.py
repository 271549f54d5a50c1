"""Makes a brief: everything a rep should know of a ticket before opening it, with the embedded engine alone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import datetime

from copilot.assist.draft import make_draft, situation_of
from copilot.assist.sources import Source, answer_source, article_source, macro_source
from copilot.assist.summary import summarise
from copilot.domain import (
    Abstention,
    ArticleId,
    Audience,
    Brief,
    BriefId,
    Conversation,
    Draft,
    Message,
    MessageKind,
    Role,
    SimilarTicket,
    SourceKind,
    Suggestion,
    SuggestionId,
    SummaryLine,
)
from copilot.knowledge.likeness import chance_of_same, likeness
from copilot.knowledge.question import Question, question_of
from copilot.knowledge.retrieval import Findings, Retriever, WordRetriever
from copilot.store import Store
from copilot.text.injection import injection_signs
from copilot.triage.sentiment import read_mood
from copilot.triage.urgency import judge_urgency

MACRO_WORDS = (
    "which version operating system provider error message troubleshooting information",
    "thank you glad works closing request",
)
"""What the macros speak of that fit many threads: asking for what is missing, and closing."""
INJECTION_WARNING = "This message contains instructions addressed to an AI; they have no effect: “{sign}”"
INTERNAL_WARNING = "The draft uses internal knowledge: “{title}”. Check it before it goes to the requester."
SIMILAR_READ = 3
MACROS_READ = 20


async def make_brief(
    conversation: Conversation, store: Store, *, now: datetime, retriever: Retriever | None = None
) -> Brief:
    """The brief for the thread as it is. Reads the store; thinks on another thread."""
    ticket = conversation.ticket
    question = await asyncio.to_thread(question_in, conversation)
    findings = await (retriever or WordRetriever(store)).find(question, ticket=ticket.id)
    sources = await sources_for(store, question, findings)
    return await asyncio.to_thread(_put_together, conversation, question, findings, sources, now)


def question_in(conversation: Conversation) -> Question:
    """The requester's first message, and the newest where it says more than that it did not help."""
    own = [
        m for m in conversation.messages if m.author.role is Role.REQUESTER and m.kind is MessageKind.PUBLIC
    ]
    text = own[0].clean if own else ""
    return question_of(conversation.ticket.subject, text)


async def sources_for(store: Store, question: Question, findings: Findings) -> list[Source]:
    """What a draft may be taken from: the articles and earlier answers found, and the macros that fit many threads."""
    sources = [article_source(hit, await store.knowledge.article(hit.article)) for hit in findings.articles]
    sources += [
        source for one in findings.similar[:SIMILAR_READ] if (source := await _answer(store, question, one))
    ]
    known = {source.article.id for source in sources if source.article is not None}
    return [
        *sources,
        *(macro for macro in await _macros(store) if macro.article and macro.article.id not in known),
    ]


async def _macros(store: Store) -> list[Source]:
    found: dict[ArticleId, Source] = {}
    for words in MACRO_WORDS:
        for hit in await store.knowledge.passages(words, limit=MACROS_READ):
            if hit.article.kind is SourceKind.MACRO:
                found.setdefault(hit.article.id, macro_source(hit.article))
    return list(found.values())


async def _answer(store: Store, question: Question, similar: SimilarTicket) -> Source | None:
    """The earlier ticket's answer, weighed by how alike the two questions are."""
    if similar.answer is None or similar.answer.message is None:
        return None
    earlier = await store.tickets.conversation(similar.ticket)
    answer = next((m for m in earlier.messages if m.remote_id == similar.answer.message), None)
    if answer is None or not answer.clean:
        return None
    alike = likeness(question, question_in(earlier))
    return answer_source(similar, earlier.ticket, answer, chance=chance_of_same(alike))


def _put_together(
    conversation: Conversation,
    question: Question,
    findings: Findings,
    sources: Sequence[Source],
    now: datetime,
) -> Brief:
    ticket, messages = conversation.ticket, conversation.messages
    sentiment, course = read_mood(messages)
    language = _language(messages)
    content = make_draft(situation_of(conversation, question.whole, language), sources, bar=findings.bar)
    return Brief(
        id=BriefId(uuid.uuid4().hex),
        ticket=ticket.id,
        thread_version=ticket.thread_version,
        made=now,
        summary=_summary(conversation),
        sentiment=sentiment,
        mood_course=course,
        urgency=judge_urgency(conversation, now),
        articles=findings.articles,
        similar=findings.similar,
        suggestion=_suggestion(conversation, content, now),
        language=language,
        warnings=_warnings(messages, content),
        found_by=findings.found_by,
    )


def _summary(conversation: Conversation) -> tuple[SummaryLine, ...]:
    return summarise(conversation.ticket.subject, conversation.messages)


def _language(messages: Sequence[Message]) -> str:
    """The language of the requester's newest message that has one."""
    return next(
        (m.language for m in reversed(messages) if m.author.role is Role.REQUESTER and m.language), ""
    )


def _suggestion(conversation: Conversation, content: Draft | Abstention, now: datetime) -> Suggestion:
    return Suggestion(
        id=SuggestionId(uuid.uuid4().hex),
        ticket=conversation.ticket.id,
        thread_version=conversation.ticket.thread_version,
        made=now,
        content=content,
        reason="Embedded engine: sentences of the best source found, nothing composed.",
    )


def _warnings(messages: Sequence[Message], content: Draft | Abstention) -> tuple[str, ...]:
    warnings = [
        INJECTION_WARNING.format(sign=sign)
        for message in messages
        if message.author.role is Role.REQUESTER
        for sign in injection_signs(message)[:1]
    ]
    if isinstance(content, Draft):
        internal = {
            citation.title
            for sentence in content.sentences
            for citation in sentence.citations
            if citation.audience is Audience.INTERNAL
        }
        warnings += [INTERNAL_WARNING.format(title=title) for title in sorted(internal)]
    return tuple(dict.fromkeys(warnings))
