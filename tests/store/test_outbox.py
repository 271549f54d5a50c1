from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from copilot.domain import (
    Assign,
    Command,
    Note,
    OutboxEntry,
    OutboxId,
    OutboxState,
    Person,
    RemoteId,
    Reply,
    SetFields,
    SetStatus,
    SetTags,
    Status,
    Thread,
    Ticket,
    TicketId,
    Upload,
    View,
)
from copilot.store import Store
from tests.store.conftest import SetClock
from tests.store.make import COLLEAGUE, DESK, ME, entry, message, thread, with_snapshot

SAID = thread(
    message("m1"), assignee=COLLEAGUE, group="Support", tags=("sync",), fields={"product": "desktop"}
)


@pytest.fixture
async def ticket(store: Store) -> TicketId:
    await store.tickets.set_me(DESK, ME)
    await store.tickets.put_threads(DESK, [SAID])
    found = await store.tickets.find(DESK, RemoteId("T1"))
    assert found is not None
    return found


async def add(store: Store, ticket: TicketId, *commands: Command) -> list[OutboxId]:
    known = len(await store.outbox.of_ticket(ticket))
    entries = [entry(f"e{number}", ticket, command) for number, command in enumerate(commands, start=known)]
    assert (await store.outbox.add(entries)).tickets == {ticket}
    return [each.id for each in entries]


def shown(header: Ticket) -> tuple[object, ...]:
    return (header.status, header.assignee, header.group, header.tags, dict(header.fields))


AS_SAID = (Status.OPEN, COLLEAGUE, "Support", ("sync",), {"product": "desktop"})
OVERLAYS: list[tuple[Command, tuple[object, ...]]] = [
    (SetStatus(status=Status.SOLVED), (Status.SOLVED, *AS_SAID[1:])),
    (Reply(text="Done.", status=Status.PENDING), (Status.PENDING, *AS_SAID[1:])),
    (Reply(text="Hm."), AS_SAID),
    (Note(text="Hm."), AS_SAID),
    (Assign(person=ME), (Status.OPEN, ME, *AS_SAID[2:])),
    (Assign(person=ME, group="Billing"), (Status.OPEN, ME, "Billing", *AS_SAID[3:])),
    (Assign(group="Billing"), (Status.OPEN, None, "Billing", *AS_SAID[3:])),
    (Assign(), (Status.OPEN, None, *AS_SAID[2:])),
    (SetTags(tags=("new",)), (*AS_SAID[:3], ("new",), AS_SAID[4])),
    (SetFields(fields={"os": "linux"}), (*AS_SAID[:4], {"product": "desktop", "os": "linux"})),
]


@pytest.mark.parametrize(("command", "expected"), OVERLAYS)
async def test_a_command_shows_at_once_and_goes_when_cancelled(
    store: Store, ticket: TicketId, command: Command, expected: tuple[object, ...]
) -> None:
    (added,) = await add(store, ticket, command)
    assert shown(await store.tickets.get(ticket)) == expected
    assert (await store.tickets.rows([ticket]))[0].has_unsent
    assert (await store.outbox.cancel([added])).tickets == {ticket}
    assert shown(await store.tickets.get(ticket)) == AS_SAID
    assert not (await store.tickets.rows([ticket]))[0].has_unsent


@pytest.mark.parametrize(("command", "expected"), OVERLAYS)
async def test_a_command_stays_laid_over_what_the_desk_says_meanwhile(
    store: Store, ticket: TicketId, command: Command, expected: tuple[object, ...]
) -> None:
    (added,) = await add(store, ticket, command)
    await store.outbox.claim(added)
    await store.tickets.put_threads(DESK, [with_snapshot(SAID, version="v2", subject="New subject")])
    after = await store.tickets.get(ticket)
    assert shown(after) == expected
    assert (after.version, after.subject) == ("v2", "New subject")
    await store.outbox.step(added, OutboxState.FAILED, problem="no")
    assert shown(await store.tickets.get(ticket)) == AS_SAID


async def test_cancelling_returns_the_values_the_desk_has_by_then(store: Store, ticket: TicketId) -> None:
    added = await add(store, ticket, Assign(person=ME), SetStatus(status=Status.SOLVED))
    said = with_snapshot(SAID, assignee=None, status=Status.HOLD, version="v2")
    await store.tickets.put_threads(DESK, [said])
    await store.outbox.cancel(added[:1])
    assert shown(await store.tickets.get(ticket))[:2] == (Status.SOLVED, None)
    await store.outbox.cancel(added[1:])
    assert shown(await store.tickets.get(ticket))[:2] == (Status.HOLD, None)


async def test_later_commands_lie_over_earlier_ones(store: Store, ticket: TicketId) -> None:
    await add(store, ticket, SetStatus(status=Status.SOLVED), SetStatus(status=Status.HOLD), SetTags(tags=()))
    assert shown(await store.tickets.get(ticket)) == (Status.HOLD, *AS_SAID[1:3], (), AS_SAID[4])


async def test_an_unsent_takeover_is_mine_at_once(store: Store, ticket: TicketId) -> None:
    (added,) = await add(store, ticket, Assign(person=ME))
    assert [row.id for row in (await store.tickets.page(View.MINE)).rows] == [ticket]
    await store.outbox.cancel([added])
    assert (await store.tickets.counts())[View.MINE] == 0


@pytest.mark.parametrize("state", [OutboxState.BLOCKED, OutboxState.FAILED])
async def test_a_ticket_does_not_hide_behind_a_reply_that_did_not_get_through(
    store: Store, ticket: TicketId, state: OutboxState
) -> None:
    (added,) = await add(store, ticket, Reply(text="Done.", status=Status.SOLVED))
    newer = (message("m2", "One more thing"),)
    changed = await store.outbox.step(added, state, problem="somebody wrote", newer=newer)
    assert changed.tickets == {ticket}
    assert (await store.tickets.get(ticket)).status is Status.OPEN
    blocked = await store.outbox.get(added)
    assert (blocked.state, blocked.problem, blocked.newer) == (state, "somebody wrote", newer)
    await store.outbox.reconsider(added, seen=RemoteId("m2"), seen_status=Status.OPEN)
    again = await store.outbox.get(added)
    assert (again.state, again.seen, again.seen_status, again.problem, again.newer) == (
        OutboxState.WAITING,
        "m2",
        Status.OPEN,
        "",
        (),
    )
    assert (await store.tickets.get(ticket)).status is Status.SOLVED


async def test_an_entry_comes_back_as_it_was_added(store: Store, ticket: TicketId) -> None:
    files = (
        Upload(name="größe.bin", media_type="application/x", content=bytes(range(256))),
        Upload(name="empty", media_type="text/plain", content=b""),
    )
    command = Reply(text="**Done**", status=Status.SOLVED, attachments=files)
    added = entry("e", ticket, command, seen=RemoteId("m1"), seen_status=Status.OPEN)
    await store.outbox.add([added])
    assert await store.outbox.get(added.id) == added
    assert await store.outbox.unfinished() == (added,)
    assert await store.outbox.of_ticket(ticket) == (added,)
    assert (await store.tickets.conversation(ticket)).outbox == (added,)


async def test_a_sent_reply_stays_until_the_thread_shows_it(store: Store, ticket: TicketId) -> None:
    (added,) = await add(store, ticket, Reply(text="Done.", status=Status.SOLVED))
    await store.outbox.claim(added)
    await store.outbox.step(added, OutboxState.SENT, sent_as=RemoteId("m2"))
    assert await store.outbox.unfinished() == ()
    assert not (await store.tickets.rows([ticket]))[0].has_unsent

    async def seen() -> tuple[Status, list[OutboxState]]:
        conversation = await store.tickets.conversation(ticket)
        return conversation.ticket.status, [each.state for each in conversation.outbox]

    assert await seen() == (Status.SOLVED, [OutboxState.SENT])
    await store.tickets.put_threads(DESK, [with_snapshot(SAID, version="read before")])
    assert await seen() == (Status.SOLVED, [OutboxState.SENT])
    ours = message("m2", "Done.", author=ME)
    await store.tickets.put_threads(DESK, [thread(message("m1"), ours, status=Status.OPEN, version="v3")])
    assert await seen() == (Status.OPEN, [])
    assert [each.state for each in await store.outbox.of_ticket(ticket)] == [OutboxState.SENT]


async def test_a_message_stored_before_the_receipt_is_not_shown_twice(store: Store, ticket: TicketId) -> None:
    (added,) = await add(store, ticket, Reply(text="Done."))
    await store.outbox.claim(added)
    await store.tickets.put_threads(DESK, [thread(message("m1"), message("m2", "Done.", author=ME))])
    await store.outbox.step(added, OutboxState.SENT, sent_as=RemoteId("m2"))
    assert (await store.tickets.conversation(ticket)).outbox == ()


async def test_a_message_that_never_appears_does_not_stay_for_ever(
    store: Store, ticket: TicketId, clock: SetClock
) -> None:
    (added,) = await add(store, ticket, Reply(text="Done.", status=Status.SOLVED))
    await store.outbox.step(added, OutboxState.SENT, sent_as=RemoteId("lost"))
    clock.move(timedelta(minutes=11))
    await store.tickets.put_threads(DESK, [SAID])
    conversation = await store.tickets.conversation(ticket)
    assert (conversation.ticket.status, conversation.outbox) == (Status.OPEN, ())


async def test_what_was_sent_without_a_message_counts_until_the_thread_is_read_again(
    store: Store, ticket: TicketId
) -> None:
    (added,) = await add(store, ticket, Assign(person=ME))
    await store.outbox.step(added, OutboxState.SENT)
    assert (await store.tickets.get(ticket)).assignee == ME
    assert (await store.tickets.conversation(ticket)).outbox == ()
    await store.tickets.put_threads(DESK, [SAID])
    assert (await store.tickets.get(ticket)).assignee == COLLEAGUE


async def test_attempts_problems_and_receipt(store: Store, ticket: TicketId) -> None:
    (added,) = await add(store, ticket, Reply(text="Done."))
    assert await store.outbox.claim(added, lookalikes=(RemoteId("x"), RemoteId("y")))
    assert not await store.outbox.claim(added)
    await store.outbox.step(added, OutboxState.SENDING, problem="no answer yet")
    after = await store.outbox.get(added)
    assert (after.attempts, after.problem, after.lookalikes) == (1, "no answer yet", ("x", "y"))
    await store.outbox.step(added, OutboxState.SENDING)
    await store.outbox.step(added, OutboxState.WAITING, problem="offline")
    assert (await store.outbox.get(added)).attempts == 2
    assert await store.outbox.claim(added)
    assert (await store.outbox.get(added)).lookalikes == ()
    await store.outbox.step(added, OutboxState.SENDING, problem="asking", sent_as=RemoteId("m9"))
    await store.outbox.step(added, OutboxState.SENT)
    final = await store.outbox.get(added)
    assert (final.attempts, final.sent_as, final.problem) == (3, "m9", "")


@pytest.mark.parametrize("final", [OutboxState.SENT, OutboxState.CANCELLED])
async def test_nothing_leaves_a_final_state(store: Store, ticket: TicketId, final: OutboxState) -> None:
    (added,) = await add(store, ticket, SetStatus(status=Status.SOLVED))
    await store.outbox.step(added, final)
    for state in OutboxState:
        with pytest.raises(ValueError, match="for good"):
            await store.outbox.step(added, state)
    with pytest.raises(ValueError, match="for good"):
        await store.outbox.cancel([added])
    with pytest.raises(ValueError, match="nothing to reconsider"):
        await store.outbox.reconsider(added, seen=None, seen_status=None)
    assert not await store.outbox.claim(added)
    assert (await store.outbox.get(added)).state is final


async def test_a_batch_is_cancelled_whole_or_not_at_all(store: Store, ticket: TicketId) -> None:
    note, assignment = await add(store, ticket, Note(text="packet"), Assign(group="Billing"))
    await store.outbox.claim(note)
    with pytest.raises(ValueError, match="may have reached the desk"):
        await store.outbox.cancel([assignment, note])
    states = [each.state for each in await store.outbox.unfinished()]
    assert states == [OutboxState.SENDING, OutboxState.HELD]
    assert (await store.tickets.get(ticket)).group == "Billing"


async def test_entries_come_in_the_order_they_were_added(store: Store, ticket: TicketId) -> None:
    added = await add(store, ticket, Note(text="b"), Note(text="a"), Note(text="c"))
    await store.outbox.cancel(added[1:2])
    assert [each.id for each in await store.outbox.unfinished()] == [added[0], added[2]]
    assert [each.id for each in await store.outbox.of_ticket(ticket)] == added
    assert [each.id for each in (await store.tickets.conversation(ticket)).outbox] == [added[0], added[2]]


async def test_an_unknown_entry_is_a_key_error(store: Store) -> None:
    unknown = OutboxId("unknown")
    for call in (store.outbox.get(unknown), store.outbox.claim(unknown), store.outbox.cancel([unknown])):
        with pytest.raises(KeyError):
            await call


async def test_half_a_batch_is_never_stored(store: Store, ticket: TicketId) -> None:
    good: OutboxEntry = entry("good", ticket, Note(text="a"))
    with pytest.raises(sqlite3.IntegrityError):
        await store.outbox.add([good, entry("bad", TicketId(999), Note(text="b"))])
    assert await store.outbox.unfinished() == ()


async def test_one_key_is_never_used_twice(store: Store, ticket: TicketId) -> None:
    await store.outbox.add([entry("one", ticket, Note(text="a"), key="k")])
    with pytest.raises(sqlite3.IntegrityError):
        await store.outbox.add([entry("two", ticket, Note(text="a"), key="k")])


async def test_a_name_the_desk_never_showed_can_be_assigned(store: Store, ticket: TicketId) -> None:
    stranger = Person(remote_id=RemoteId("rep-9"), name="Noor", role=ME.role)
    await add(store, ticket, Assign(person=stranger))
    assert (await store.tickets.get(ticket)).assignee == stranger


@pytest.mark.parametrize(
    "table", ["suggestion", "brief", "decision", "outbox", "outbox_upload", "outbox_step", "audit"]
)
async def test_rows_of_the_books_cannot_be_rewritten(
    path: Path, store: Store, ticket: TicketId, table: str
) -> None:
    await add(store, ticket, Reply(text="a", attachments=(Upload(name="a", media_type="b", content=b"c"),)))
    with closing(sqlite3.connect(path)) as db:
        triggers = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}
        assert {f"{table}_no_update", f"{table}_no_delete"} <= triggers
        column = db.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
        if not db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
            return
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever appended"):
                db.execute(statement)


async def test_both_the_desk_and_we_may_say_the_same(store: Store, ticket: TicketId) -> None:
    (added,) = await add(store, ticket, SetStatus(status=Status.HOLD))
    said: Thread = with_snapshot(SAID, status=Status.HOLD, version="v2")
    await store.tickets.put_threads(DESK, [said])
    await store.outbox.cancel([added])
    assert (await store.tickets.get(ticket)).status is Status.HOLD
