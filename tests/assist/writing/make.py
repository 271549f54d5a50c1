"""Material for the writing tasks: a made thread with made knowledge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copilot.assist.sources import Source
from copilot.assist.writing.evidence import knowledge_evidence, message_evidence
from copilot.assist.writing.material import Material
from copilot.domain import (
    Abstention,
    Article,
    ArticleId,
    Audience,
    Brief,
    BriefId,
    Person,
    RemoteId,
    Sentiment,
    SourceKind,
    Suggestion,
    SuggestionId,
    TicketId,
    Urgency,
)
from copilot.models.facts import read_facts
from tests.threads import NINE, conversation

NOW = NINE + timedelta(days=1)
RESET = (
    "To reset the router, hold the reset button for 10 seconds. Then wait until the light is green.\n\n"
    "Do not unplug it meanwhile. More at https://help.example.com/reset."
)


def article(
    text: str = RESET,
    title: str = "Reset your router",
    chance: float = 0.7,
    url: str = "https://help.example.com/reset",
) -> Source:
    """An article of the team's."""
    return Source(
        kind=SourceKind.ARTICLE,
        title=title,
        text=text,
        start=0,
        end=len(text),
        chance=chance,
        url=url,
        article=Article(id=ArticleId(title), title=title, text=text, kind=SourceKind.ARTICLE, url=url),
    )


def earlier(text: str, requester: str = "Bo Lind") -> Source:
    """What was answered to another customer."""
    return Source(
        kind=SourceKind.TICKET,
        title="Earlier",
        text=text,
        start=0,
        end=len(text),
        chance=0.6,
        ticket=TicketId(7),
        message=RemoteId("m7"),
        people=(Person(remote_id=RemoteId("c7"), name=requester),),
    )


def internal(text: str) -> Source:
    """An internal answer."""
    return Source(
        kind=SourceKind.INTERNAL_ANSWER,
        title="Internal",
        text=text,
        start=0,
        end=len(text),
        chance=0.6,
        audience=Audience.INTERNAL,
        article=Article(
            id=ArticleId("internal"),
            title="Internal",
            text=text,
            kind=SourceKind.INTERNAL_ANSWER,
            audience=Audience.INTERNAL,
        ),
    )


def material(
    *said: tuple[str, str], knowledge: tuple[Source, ...] = (), language: str = "en", **header: Any
) -> Material:
    """A ticket with these messages and this knowledge; the embedded engine had no draft."""
    talk = conversation(*said, **header)
    ticket = talk.ticket
    brief = Brief(
        id=BriefId("b1"),
        ticket=ticket.id,
        thread_version=ticket.thread_version,
        made=NOW,
        summary=(),
        sentiment=Sentiment(score=0.0, confidence=0.5),
        mood_course=(),
        urgency=Urgency(level=1, confidence=0.5),
        articles=(),
        similar=(),
        suggestion=Suggestion(
            id=SuggestionId("s1"),
            ticket=ticket.id,
            thread_version=ticket.thread_version,
            made=NOW,
            content=Abstention(reason="Nothing found."),
        ),
        language=language,
    )
    return Material(
        conversation=talk,
        brief=brief,
        thread=message_evidence(talk),
        knowledge=knowledge_evidence(knowledge),
        facts=read_facts(talk),
        now=NOW,
    )
