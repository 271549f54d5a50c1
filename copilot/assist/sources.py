"""Texts that an answer may be taken from, each with all that a citation needs."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain import (
    Article,
    ArticleHit,
    Audience,
    Citation,
    Message,
    Person,
    RemoteId,
    SimilarTicket,
    SourceKind,
    Ticket,
    TicketId,
)

MACRO_CHANCE = 0.5
"""A macro is chosen by rule, not by likeness; this says no more than "perhaps"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`text` is what citations count in; `start` and `end` are the part that matched. `chance` that it answers."""

    kind: SourceKind
    title: str
    text: str
    start: int
    end: int
    chance: float
    url: str = ""
    audience: Audience = Audience.PUBLIC
    article: Article | None = None
    ticket: TicketId | None = None
    message: RemoteId | None = None
    people: tuple[Person, ...] = ()
    language: str = ""

    def cite(self, start: int, end: int) -> Citation:
        """A citation of `text[start:end]`."""
        return Citation(
            kind=self.kind,
            title=self.title,
            quote=self.text[start:end],
            start=start,
            end=end,
            article=self.article.id if self.article is not None else None,
            ticket=self.ticket,
            message=self.message,
            url=self.url,
            audience=self.audience,
        )


def article_source(hit: ArticleHit, article: Article) -> Source:
    """An article, macro or internal answer that was found."""
    return Source(
        kind=article.kind,
        title=article.title,
        text=article.text,
        start=hit.passage.start,
        end=hit.passage.end,
        chance=hit.score,
        url=article.url,
        audience=article.audience,
        article=article,
    )


def macro_source(article: Article) -> Source:
    """A macro as a whole: the team wrote it to be said as it is."""
    return Source(
        kind=SourceKind.MACRO,
        title=article.title,
        text=article.text,
        start=0,
        end=len(article.text),
        chance=MACRO_CHANCE,
        audience=article.audience,
        article=article,
    )


def answer_source(similar: SimilarTicket, ticket: Ticket, answer: Message, *, chance: float) -> Source:
    """The answer that solved an earlier ticket; `people` are those whose names it must not carry over."""
    return Source(
        kind=SourceKind.TICKET,
        title=similar.subject,
        text=answer.clean,
        start=0,
        end=len(answer.clean),
        chance=chance,
        url=ticket.url,
        ticket=similar.ticket,
        message=answer.remote_id,
        people=(ticket.requester, answer.author),
        language=answer.language,
    )
