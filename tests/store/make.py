"""Small builders for the nouns that the tests of the store need."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from copilot.domain import (
    Abstention,
    BatchId,
    Brief,
    BriefId,
    Channel,
    Citation,
    Command,
    DeskId,
    Draft,
    DraftSentence,
    Message,
    OutboxEntry,
    OutboxId,
    OutboxState,
    Person,
    RemoteId,
    Role,
    Sentiment,
    SourceKind,
    Status,
    Suggestion,
    SuggestionId,
    Support,
    Thread,
    ThreadVersion,
    TicketId,
    TicketSnapshot,
    Urgency,
)

DESK = DeskId("demo")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

ME = Person(remote_id=RemoteId("rep-1"), name="Ines Okafor", email="ines@example.com", role=Role.REP)
COLLEAGUE = Person(remote_id=RemoteId("rep-2"), name="Tom Lindqvist", email="tom@example.com", role=Role.REP)
REQUESTER = Person(remote_id=RemoteId("cust-1"), name="Amara Okoye", email="amara@example.com")
AI_AGENT = Person(remote_id=RemoteId("bot"), name="First Responder", role=Role.AI_AGENT)


def message(remote_id: str, text: str = "Hello", *, author: Person = REQUESTER, **other: Any) -> Message:
    """A message whose number is its minute after noon, unless `created` is given."""
    minute = int("".join(filter(str.isdigit, remote_id)) or 0)
    values: dict[str, Any] = {"created": NOON + minute * MINUTE, "text": text, "clean": text} | other
    return Message(remote_id=RemoteId(remote_id), author=author, **values)


def snapshot(ticket: str = "T1", **other: Any) -> TicketSnapshot:
    values: dict[str, Any] = {
        "subject": "Calendar does not sync",
        "status": Status.OPEN,
        "channel": Channel.EMAIL,
        "created": NOON,
        "updated": NOON,
        "requester": REQUESTER,
        "version": "v1",
    }
    return TicketSnapshot(remote_id=RemoteId(ticket), **values | other)


def thread(*messages: Message, ticket: str = "T1", **other: Any) -> Thread:
    return Thread(snapshot=snapshot(ticket, **other), messages=messages or (message("m1"),))


def with_snapshot(of: Thread, **changes: Any) -> Thread:
    return replace(of, snapshot=replace(of.snapshot, **changes))


def entry(name: str, ticket: TicketId, command: Command, **other: Any) -> OutboxEntry:
    values: dict[str, Any] = {
        "batch": BatchId(f"batch-{name}"),
        "remote_id": RemoteId("T1"),
        "key": f"key-{name}",
        "created": NOON,
        "release_at": NOON + timedelta(seconds=10),
        "state": OutboxState.HELD,
    }
    return OutboxEntry(id=OutboxId(name), ticket=ticket, desk=DESK, command=command, **values | other)


def draft(ticket: TicketId) -> Draft:
    citation = Citation(
        kind=SourceKind.TICKET,
        title="Sync",
        quote="Sign in again.",
        start=0,
        end=14,
        ticket=ticket,
        message=RemoteId("m1"),
    )
    sentence = DraftSentence(text="Sign in again.", support=Support.SUPPORTED, citations=(citation,))
    return Draft(sentences=(sentence,), confidence=0.8, intent="sync")


def brief(
    name: str, ticket: TicketId, version: ThreadVersion, *, content: Draft | Abstention, **other: Any
) -> Brief:
    suggestion = Suggestion(
        id=SuggestionId(f"suggestion-{name}"),
        ticket=ticket,
        thread_version=version,
        made=NOON,
        content=content,
        cost=Decimal("0.0042"),
    )
    values: dict[str, Any] = {
        "summary": (),
        "sentiment": Sentiment(score=-0.2, confidence=0.9, words=("annoyed",)),
        "mood_course": (),
        "urgency": Urgency(level=1, confidence=0.5),
        "articles": (),
        "similar": (),
    }
    return Brief(
        id=BriefId(f"brief-{name}"),
        ticket=ticket,
        thread_version=version,
        made=NOON,
        suggestion=suggestion,
        **values | other,
    )
