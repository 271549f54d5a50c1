"""Everything of a ticket that a writing task reads, gathered once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from copilot.assist.sources import Source, answer_source, article_source, macro_source
from copilot.assist.writing.evidence import Evidence, Voice, knowledge_evidence, message_evidence
from copilot.domain import (
    ArticleHit,
    Brief,
    Conversation,
    Message,
    MessageKind,
    Role,
    SimilarTicket,
    SourceKind,
)
from copilot.knowledge.likeness import chance_of_same, likeness
from copilot.knowledge.question import Question, question_of
from copilot.models.base import Personal, Piece, TicketFacts
from copilot.models.facts import read_facts
from copilot.models.tokens import count_tokens
from copilot.store import Store
from copilot.text.language import detect_language

SIMILAR_READ = 3
MACROS_READ = 3
MACRO_SEARCH = 12
ROOM = 6_000
"""Tokens of material where the model's context is not known: fits every hosted model, and costs little."""
HISTORY_MESSAGES = 4
"""Of each earlier ticket of the customer, the newest messages."""
_LETTERS = "ABC"
LEAST_ROOM = 600
FENCE_TOKENS = 70
"""What the lines around one text take, about, and"""
FORM_TOKENS = 600
"""what the models room adds to our instructions: the rule of the fences and the form of the answer."""
LARGEST_SHARE = 0.4
"""No one text takes more of the room: a log in a mail must not push out the article that explains it."""
LEAST_PIECE = 140
"""With less room than this nothing more is added: half a sentence misleads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A ticket as the tasks read it. `thread` are its messages, `knowledge` what was found for it, best first.

    `language` is the requester's (ISO 639-1), `rep_language` the rep's.
    """

    conversation: Conversation
    brief: Brief
    thread: tuple[Evidence, ...]
    knowledge: tuple[Evidence, ...]
    facts: TicketFacts
    now: datetime
    rep_language: str = "en"
    history: tuple[Evidence, ...] = field(default=())

    @property
    def language(self) -> str:
        """The language to answer the requester in."""
        return self.brief.language or "en"

    def source_language(self) -> str:
        """The language to write in first, since a sentence can only be checked in the language of its sources.

        The requester's where some of what the team wrote is in it, or nothing is known of any; else that of the best
        source. Blocks: it reads the sources.
        """
        told = [one for one in (*self.knowledge, *self.thread) if one.voice in {Voice.TEAM, Voice.EARLIER}]
        known = [found for one in told if (found := one.source.language or detect_language(one.text))]
        return self.language if not known or self.language in known else known[0]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything a sentence may stand on."""
        return (*self.thread, *self.knowledge, *self.history)

    @property
    def names(self) -> tuple[str, ...]:
        """Who may be named without a source: who is written to, and who writes."""
        ticket = self.conversation.ticket
        people = [ticket.requester, *([ticket.assignee] if ticket.assignee else [])]
        return (*(person.name for person in people), ticket.subject)

    @property
    def header(self) -> Piece:
        """The ticket in a few lines, as data."""
        ticket = self.conversation.ticket
        lines = [
            f"Subject: {ticket.subject}",
            f"Customer: {ticket.requester.name}",
            f"Status: {ticket.status}",
        ]
        if ticket.assignee is not None:
            lines.append(f"Our colleague who answers: {ticket.assignee.name}")
        return Piece(label="header of the ticket", text="\n".join(lines))


async def gather(
    conversation: Conversation, brief: Brief, store: Store, *, now: datetime, rep_language: str = "en"
) -> Material:
    """The material of a ticket: reads the store for what its brief names."""
    sources, people = await _sources(conversation, brief, store)
    facts = await asyncio.to_thread(
        read_facts,
        conversation,
        intent=(brief.intent.name or "") if brief.intent is not None else "",
        sentiment=brief.sentiment,
        urgency=brief.urgency,
    )
    return Material(
        conversation=conversation,
        brief=brief,
        thread=message_evidence(conversation),
        knowledge=knowledge_evidence(sources),
        facts=_with_names(facts, people),
        now=now,
        rep_language=rep_language,
    )


async def with_findings(
    material: Material, hits: Sequence[ArticleHit], history: Sequence[Conversation], store: Store
) -> Material:
    """The material with what was found for a question, and the newest words of the customer's other tickets."""
    known = {one.source.article.id for one in material.knowledge if one.source.article is not None}
    new = [hit for hit in hits if hit.article not in known]
    sources = [source for hit in new if (source := await _article(store, hit))]
    earlier = [
        replace(one, label=f"{one.label}, in an earlier ticket of the same customer")
        for letter, talk in zip(_LETTERS, history, strict=False)
        for one in message_evidence(talk, prefix=letter)[-HISTORY_MESSAGES:]
    ]
    return replace(
        material,
        knowledge=(*knowledge_evidence(sources), *_renumbered(material.knowledge, len(sources))),
        history=tuple(earlier),
    )


def _renumbered(knowledge: Sequence[Evidence], by: int) -> tuple[Evidence, ...]:
    return knowledge_evidence([one.source for one in knowledge], first=by + 1)


def shown(evidence: Sequence[Evidence]) -> list[Piece]:
    """Texts as data of a prompt, each under its number. Titles are texts too."""
    return [
        Piece(
            label=one.label,
            text=one.text if one.source.kind is SourceKind.MESSAGE else _titled(one.source, one.text),
        )
        for one in evidence
    ]


def fitted(thread: Sequence[Evidence], knowledge: Sequence[Evidence], room: int) -> list[Evidence]:
    """As much as fits into `room` tokens: the newest messages, the first one, then knowledge, best first.

    What does not fit as a whole is cut; a message is cut at its end, since its beginning says what it is about.
    """
    left = room
    order = [*thread[-1:], *thread[:1], *knowledge[:2], *reversed(thread[1:-1]), *knowledge[2:]]
    kept: dict[str, Evidence] = {}
    for one in dict.fromkeys(order):
        most = min(left, int(room * LARGEST_SHARE))
        cost = count_tokens(one.text) + FENCE_TOKENS
        kept[one.number] = one if cost <= most else _cut(one, most - FENCE_TOKENS)
        left -= min(cost, most)
        if left < LEAST_PIECE:
            break
    return [kept[one.number] for one in (*thread, *knowledge) if one.number in kept]


def room_of(context_tokens: int, instructions: str, max_tokens: int) -> int:
    """How many tokens of material a model can be given beside the instructions and its answer."""
    if context_tokens <= 0:
        return ROOM
    free = context_tokens - count_tokens(instructions) - max_tokens - FORM_TOKENS
    return max(LEAST_ROOM, min(ROOM * 4, int(free * 0.9)))


def _cut(one: Evidence, tokens: int) -> Evidence:
    share = tokens / max(1, count_tokens(one.text))
    end = one.start + int(len(one.text) * min(1.0, share))
    return replace(one, end=end)


def _titled(source: Source, text: str) -> str:
    address = f"\nAddress: {source.url}" if source.kind is SourceKind.ARTICLE and source.url else ""
    return f"{source.title}{address}\n\n{text}"


def _with_names(facts: TicketFacts, people: Sequence[str]) -> TicketFacts:
    known = facts.personal
    names = tuple(dict.fromkeys((*known.names, *people)))
    personal = Personal(names=names, mails=known.mails, phones=known.phones, numbers=known.numbers)
    return replace(facts, personal=personal)


async def _sources(conversation: Conversation, brief: Brief, store: Store) -> tuple[list[Source], list[str]]:
    """What the brief found, and the names of people in other customers' tickets, to be hidden."""
    found = [source for hit in brief.articles if (source := await _article(store, hit))]
    earlier = [
        source for one in brief.similar[:SIMILAR_READ] if (source := await _earlier(store, conversation, one))
    ]
    known = {source.article.id for source in found if source.article is not None}
    macros = [
        source
        for source in await _macros(store, conversation)
        if source.article and source.article.id not in known
    ]
    ordered = sorted([*found, *earlier], key=lambda source: -source.chance)
    return [*ordered, *macros], [person.name for source in earlier for person in source.people]


async def _article(store: Store, hit: ArticleHit) -> Source | None:
    try:
        return article_source(hit, await store.knowledge.article(hit.article))
    except KeyError:
        return None  # gone since the brief was made


async def _earlier(store: Store, asking: Conversation, one: SimilarTicket) -> Source | None:
    if one.answer is None or one.answer.message is None:
        return None
    conversation = await store.tickets.conversation(one.ticket)
    answer = next((m for m in conversation.messages if m.remote_id == one.answer.message), None)
    if answer is None or not answer.clean or answer.author.role is not Role.REP:
        return None
    alike = likeness(_question(asking), _question(conversation))
    return answer_source(one, conversation.ticket, answer, chance=chance_of_same(alike))


def _question(conversation: Conversation) -> Question:
    asked = next((m.clean for m in conversation.messages if _is_asked(m)), "")
    return question_of(conversation.ticket.subject, asked)


async def _macros(store: Store, conversation: Conversation) -> list[Source]:
    asked = next((m.clean for m in reversed(conversation.messages) if _is_asked(m)), "")
    hits = await store.knowledge.passages(f"{conversation.ticket.subject}\n{asked}", limit=MACRO_SEARCH)
    macros = {hit.article.id: hit.article for hit in hits if hit.article.kind is SourceKind.MACRO}
    return [macro_source(article) for article in list(macros.values())[:MACROS_READ]]


def _is_asked(message: Message) -> bool:
    return message.author.role is Role.REQUESTER and message.kind is MessageKind.PUBLIC
