"""Small builders for the nouns that the tests of sync need."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from copilot.domain import (
    BatchId,
    Channel,
    Command,
    DeskId,
    Message,
    MessageKind,
    OutboxEntry,
    OutboxId,
    OutboxState,
    Person,
    RemoteId,
    Reply,
    Role,
    Status,
    Thread,
    TicketId,
    TicketSnapshot,
)

DESK = DeskId("fake")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

ME = Person(remote_id=RemoteId("rep-1"), name="Ines Okafor", email="ines@example.com", role=Role.REP)
COLLEAGUE = Person(remote_id=RemoteId("rep-2"), name="Tom Lindqvist", role=Role.REP)
REQUESTER = Person(remote_id=RemoteId("cust-1"), name="Amara Okoye", email="amara@example.com")
AI_AGENT = Person(remote_id=RemoteId("bot"), name="First Responder", role=Role.AI_AGENT)
SYSTEM = Person(remote_id=RemoteId("sys"), name="Automation", role=Role.SYSTEM)

_numbers = itertools.count(1)


def message(
    remote_id: str, author: Person = REQUESTER, text: str = "Hello", kind: MessageKind = MessageKind.PUBLIC
) -> Message:
    return Message(remote_id=RemoteId(remote_id), author=author, created=NOON, kind=kind, text=text)


def thread(
    *messages: Message,
    ticket: str = "1",
    status: Status = Status.OPEN,
    version: str = "v1",
    deleted: bool = False,
) -> Thread:
    return Thread(
        snapshot=TicketSnapshot(
            remote_id=RemoteId(ticket),
            subject="Calendar does not sync",
            status=status,
            channel=Channel.EMAIL,
            created=NOON,
            updated=NOON,
            requester=REQUESTER,
            version=version,
            deleted=deleted,
        ),
        messages=messages,
    )


def entry(
    command: Command | None = None,
    *,
    remote_id: str = "1",
    ticket: int = 1,
    batch: str = "",
    state: OutboxState = OutboxState.HELD,
    seen: str | None = "m1",
    seen_status: Status | None = Status.OPEN,
    attempts: int = 0,
    lookalikes: tuple[str, ...] = (),
    hold_seconds: float = 10.0,
    created: datetime = NOON,
) -> OutboxEntry:
    number = next(_numbers)
    return OutboxEntry(
        id=OutboxId(f"entry-{number}"),
        batch=BatchId(batch or f"batch-{number}"),
        ticket=TicketId(ticket),
        desk=DESK,
        remote_id=RemoteId(remote_id),
        command=command or Reply(text="Please restart it."),
        key=f"key-{number}",
        created=created,
        release_at=created + timedelta(seconds=hold_seconds),
        state=state,
        seen=RemoteId(seen) if seen is not None else None,
        seen_status=seen_status,
        attempts=attempts,
        lookalikes=tuple(RemoteId(one) for one in lookalikes),
    )
