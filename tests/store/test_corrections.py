from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from copilot.domain import (
    Correction,
    CorrectionId,
    Decision,
    DecisionId,
    DecisionKind,
    RemoteId,
    TicketId,
    TriageKind,
    Urgency,
)
from copilot.store import Store
from tests.store.make import DESK, NOON, brief, draft, message, thread


@pytest.fixture
async def ticket(store: Store) -> TicketId:
    await store.tickets.put_threads(DESK, [thread(message("m1"))])
    found = await store.tickets.find(DESK, RemoteId("T1"))
    assert found is not None
    version = (await store.tickets.get(found)).thread_version
    urgency = Urgency(level=1, confidence=0.5, reasons=("Writes loudly: “NOW”",), shift=-1)
    await store.books.put_brief(brief("a", found, version, content=draft(found), urgency=urgency))
    return found


def correction(ticket: TicketId, name: str, value: str, kind: TriageKind = TriageKind.URGENCY) -> Correction:
    return Correction(
        id=CorrectionId(name),
        ticket=ticket,
        kind=kind,
        value=value,
        told="1",
        at=NOON,
        causes=("Writes loudly",),
        message=RemoteId("m1"),
    )


async def test_what_stands_is_the_newest_of_each_kind(store: Store, ticket: TicketId) -> None:
    for made in (
        correction(ticket, "c1", "3"),
        correction(ticket, "c2", "2"),
        correction(ticket, "c3", "refund", TriageKind.INTENT),
    ):
        await store.corrections.put(made)
    standing = await store.corrections.standing(ticket)
    assert {kind: one.value for kind, one in standing.items()} == {
        TriageKind.URGENCY: "2",
        TriageKind.INTENT: "refund",
    }
    assert standing[TriageKind.URGENCY].causes == ("Writes loudly",)
    assert [one.id for one in await store.corrections.history(ticket)] == ["c1", "c2", "c3"]


async def test_what_is_learned_from_is_the_last_word_on_each_ticket(store: Store, ticket: TicketId) -> None:
    await store.corrections.put(correction(ticket, "c1", "3"))
    await store.corrections.put(correction(ticket, "c2", "2"))
    assert [one.id for one in await store.corrections.newest(TriageKind.URGENCY, 10)] == ["c2"]
    await store.corrections.take_back(CorrectionId("c2"))
    assert (await store.corrections.standing(ticket))[TriageKind.URGENCY].value == "3"
    await store.corrections.take_back(CorrectionId("c1"))
    assert await store.corrections.newest(TriageKind.URGENCY, 10) == ()
    assert await store.corrections.history(ticket) == ()
    assert await store.corrections.newest(TriageKind.INTENT, 10) == ()


async def test_a_decision_on_what_was_not_corrected_is_an_agreement(store: Store, ticket: TicketId) -> None:
    made = await store.books.brief(ticket)
    assert made is not None
    await store.books.decide(
        Decision(
            id=DecisionId("d"),
            suggestion=made.suggestion.id,
            kind=DecisionKind.EDITED,
            at=NOON,
            seconds=3,
        )
    )
    (agreed,) = await store.corrections.agreed(TriageKind.URGENCY, 10)
    assert (agreed.urgency.level, agreed.urgency.shift) == (1, -1)
    await store.corrections.put(correction(ticket, "c1", "3"))
    assert await store.corrections.agreed(TriageKind.URGENCY, 10) == ()
    assert len(await store.corrections.agreed(TriageKind.SENTIMENT, 10)) == 1


async def test_unknown_tickets_and_corrections_are_refused(store: Store, ticket: TicketId) -> None:
    with pytest.raises(KeyError):
        await store.corrections.put(correction(TicketId(99), "c1", "3"))
    with pytest.raises(KeyError):
        await store.corrections.take_back(CorrectionId("none"))


@pytest.mark.parametrize("change", ["UPDATE correction SET value = '0'", "DELETE FROM correction"])
async def test_rows_are_only_ever_appended(store: Store, path: Path, ticket: TicketId, change: str) -> None:
    await store.corrections.put(correction(ticket, "c1", "3"))
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError, match="appended"):
        db.execute(change)
