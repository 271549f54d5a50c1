from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from copilot.domain import (
    Attachment,
    DeskId,
    Escalation,
    HiddenKind,
    HiddenPart,
    Message,
    MessageKind,
    Person,
    Priority,
    RemoteId,
    Role,
    Status,
    Thread,
    TicketId,
    View,
)
from copilot.store import Store
from copilot.store.tickets import Changed
from tests.store.conftest import SetClock
from tests.store.make import (
    AI_AGENT,
    COLLEAGUE,
    DESK,
    ME,
    NOON,
    REQUESTER,
    message,
    snapshot,
    thread,
    with_snapshot,
)


async def put(store: Store, *threads: Thread) -> TicketId:
    await store.tickets.put_threads(DESK, threads)
    ticket = await store.tickets.find(DESK, threads[-1].snapshot.remote_id)
    assert ticket is not None
    return ticket


async def messages_of(store: Store, ticket: TicketId) -> tuple[Message, ...]:
    return (await store.tickets.conversation(ticket)).messages


async def test_a_thread_comes_back_as_the_desk_said_it(store: Store) -> None:
    raw = message(
        "m2",
        "Thanks!\n\nOn Monday Tom wrote:\n> Sign in again.",
        clean="Thanks!",
        html="<p>Thanks!</p>",
        hidden=(HiddenPart(kind=HiddenKind.QUOTE, text="> Sign in again."),),
        language="en",
        attachments=(
            Attachment(remote_id=RemoteId("a1"), name="log.txt", media_type="text/plain", size_bytes=12),
            Attachment(remote_id=RemoteId("a2"), name="größe.png", media_type="image/png", size_bytes=0),
        ),
    )
    note = message("m3", "Ask for the log", author=COLLEAGUE, kind=MessageKind.NOTE)
    said = snapshot(
        assignee=COLLEAGUE,
        group="Support",
        priority=Priority.HIGH,
        tags=("sync", "calendar"),
        fields={"product": "desktop", "Größe": "ümlaut"},
        escalation=Escalation(by="bot", reason="asked for a person", confidence=0.25, at=NOON),
        due=NOON + timedelta(hours=9),
        url="https://desk.example/T1",
        accepted_solution=RemoteId("m3"),
    )
    ticket = await put(store, Thread(snapshot=said, messages=(message("m1"), raw, note)))
    conversation = await store.tickets.conversation(ticket)
    assert conversation.messages == (message("m1"), raw, note)
    header = conversation.ticket
    assert {name: getattr(header, name) for name in said.__dataclass_fields__} == {
        name: getattr(said, name) for name in said.__dataclass_fields__
    }
    assert (header.desk, header.message_count, header.snoozed_until) == (DESK, 3, None)
    assert await store.tickets.get(ticket) == header


async def test_storing_a_thread_twice_changes_nothing(store: Store) -> None:
    threads = [thread(message("m1"), message("m2", author=ME)), thread(ticket="T2", assignee=ME)]
    first = await store.tickets.put_threads(DESK, threads)
    again = await store.tickets.put_threads(DESK, threads)
    assert len(first.tickets) == len(first.threads) == 2
    assert not again.tickets
    assert not again.threads


async def test_an_edited_message_replaces_the_old_and_changes_the_version(store: Store) -> None:
    ticket = await put(store, thread(message("m1", "Mai calendar"), message("m2")))
    before = await store.tickets.get(ticket)
    changed = await store.tickets.put_threads(DESK, [thread(message("m1", "My calendar"), message("m2"))])
    assert changed.threads == {ticket}
    assert [m.text for m in await messages_of(store, ticket)] == ["My calendar", "Hello"]
    assert (await store.tickets.get(ticket)).thread_version != before.thread_version


async def test_a_deleted_message_goes_with_its_attachments(store: Store) -> None:
    file = Attachment(remote_id=RemoteId("a"), name="a", media_type="text/plain", size_bytes=1)
    ticket = await put(store, thread(message("m1"), message("m2", "secret", attachments=(file,))))
    changed = await store.tickets.put_threads(DESK, [thread(message("m1"))])
    assert changed.threads == {ticket}
    assert [m.remote_id for m in await messages_of(store, ticket)] == ["m1"]
    assert not (await store.search.find("secret")).rows


async def test_changed_attachments_change_the_thread(store: Store) -> None:
    file = Attachment(remote_id=RemoteId("a"), name="a", media_type="text/plain", size_bytes=1)
    ticket = await put(store, thread(message("m1")))
    changed = await store.tickets.put_threads(DESK, [thread(message("m1", attachments=(file,)))])
    assert changed.threads == {ticket}
    assert (await messages_of(store, ticket))[0].attachments == (file,)


async def test_the_version_does_not_change_with_the_header(store: Store) -> None:
    ticket = await put(store, thread())
    before = await store.tickets.get(ticket)
    changed = await store.tickets.put_threads(
        DESK, [thread(status=Status.PENDING, version="v2", tags=("x",))]
    )
    after = await store.tickets.get(ticket)
    assert changed == Changed(tickets=frozenset({ticket}))
    assert after.thread_version == before.thread_version
    assert (after.status, after.version, after.tags) == (Status.PENDING, "v2", ("x",))


async def test_messages_are_read_oldest_first_whatever_order_they_came_in(store: Store) -> None:
    ticket = await put(store, thread(message("m5"), message("m9")))
    await put(store, thread(message("m9"), message("m5"), message("m2"), message("m7")))
    assert [m.remote_id for m in await messages_of(store, ticket)] == ["m2", "m5", "m7", "m9"]


async def test_two_messages_with_one_id_are_one(store: Store) -> None:
    ticket = await put(store, thread(message("m1", "first"), message("m1", "second")))
    assert [m.text for m in await messages_of(store, ticket)] == ["second"]


async def test_a_new_requester_message_is_unread_and_ends_the_snooze(store: Store) -> None:
    ticket = await put(store, thread(message("m1")))
    await store.tickets.mark_read(ticket)
    await store.tickets.snooze(ticket, NOON + timedelta(days=1))
    changed = await store.tickets.put_threads(DESK, [thread(message("m1"), message("m2"))])
    after = await store.tickets.get(ticket)
    assert changed.tickets == {ticket}
    assert after.unread
    assert after.snoozed_until is None


@pytest.mark.parametrize("author", [ME, AI_AGENT])
async def test_a_message_of_ours_is_neither_unread_nor_ends_the_snooze(store: Store, author: Person) -> None:
    until = NOON + timedelta(days=1)
    ticket = await put(store, thread(message("m1")))
    await store.tickets.mark_read(ticket)
    await store.tickets.snooze(ticket, until)
    await store.tickets.put_threads(DESK, [thread(message("m1"), message("m2", author=author))])
    after = await store.tickets.get(ticket)
    assert not after.unread
    assert after.snoozed_until == until


async def test_a_first_fill_marks_only_what_waits_for_us_as_unread(store: Store) -> None:
    asked = await put(store, thread(ticket="asked"))
    answered = await put(store, thread(message("m1"), message("m2", author=ME), ticket="answered"))
    solved = await put(store, thread(ticket="solved", status=Status.SOLVED))
    assert [(await store.tickets.get(each)).unread for each in (asked, answered, solved)] == [
        True,
        False,
        False,
    ]


async def test_a_deleted_ticket_leaves_the_views_and_keeps_its_rows(store: Store) -> None:
    ticket = await put(store, thread(message("m1", "ungewöhnlich"), assignee=None))
    gone = Thread(snapshot=snapshot(deleted=True, version="v2"), messages=())
    changed = await store.tickets.put_threads(DESK, [gone])
    assert changed.tickets == {ticket}
    assert set((await store.tickets.counts()).values()) == {0}
    assert not (await store.search.find("ungewöhnlich")).rows
    assert len(await messages_of(store, ticket)) == 1
    assert (await store.tickets.get(ticket)).deleted
    back = await store.tickets.put_threads(DESK, [thread(message("m1", "ungewöhnlich"), version="v3")])
    assert back.tickets == {ticket}
    assert (await store.tickets.counts())[View.ALL] == 1
    assert len((await store.search.find("ungewöhnlich")).rows) == 1


async def test_a_renamed_requester_is_found_by_the_new_name(store: Store) -> None:
    ticket = await put(store, thread())
    await put(store, thread(requester=replace(REQUESTER, name="Amara Eze")))
    assert (await store.tickets.get(ticket)).requester.name == "Amara Eze"
    assert [row.requester for row in (await store.search.find("eze")).rows] == ["Amara Eze"]
    assert not (await store.search.find("amara okoye")).rows


async def test_one_sender_under_many_names_never_settles_or_grows(store: Store) -> None:
    names = [f"{name} via Forms" for name in ("Ann", "Bo", "Cy")]
    senders = [Person(remote_id=RemoteId("forms@example.com"), name=name) for name in names]
    threads = [
        thread(message("m1", author=one), ticket=f"T{n}", requester=one) for n, one in enumerate(senders)
    ]
    await store.tickets.put_threads(DESK, threads)
    again = await store.tickets.put_threads(DESK, threads)
    assert not again.tickets
    rows = (await store.tickets.page(View.ALL)).rows
    assert {row.requester for row in rows} == set(names)


async def test_the_same_remote_id_on_two_desks_are_two_tickets(store: Store) -> None:
    here = await put(store, thread())
    await store.tickets.put_threads(DeskId("other"), [thread()])
    there = await store.tickets.find(DeskId("other"), RemoteId("T1"))
    assert there not in {None, here}


async def test_the_cursor_is_stored_with_its_page_or_not_at_all(store: Store) -> None:
    assert await store.tickets.cursor(DESK) is None
    await store.tickets.put_threads(DESK, [thread()], cursor="page 1")
    assert await store.tickets.cursor(DESK) == "page 1"
    naive = thread(message("m1", created=NOON.replace(tzinfo=None)), ticket="T2")
    with pytest.raises(TypeError):
        await store.tickets.put_threads(DESK, [thread(ticket="T3"), naive], cursor="page 2")
    assert await store.tickets.cursor(DESK) == "page 1"
    assert await store.tickets.find(DESK, RemoteId("T3")) is None


async def test_versions_of_the_tickets_we_hold(store: Store) -> None:
    await put(store, thread(version="a"), thread(ticket="T2", version="b"))
    wanted = [RemoteId(name) for name in ("T1", "T2", "T3")]
    assert await store.tickets.versions(DESK, wanted) == {"T1": "a", "T2": "b"}
    assert await store.tickets.versions(DeskId("other"), wanted) == {}


async def test_odd_characters_do_not_stop_the_sync(store: Store) -> None:
    odd = message(
        "m\udce9",
        "half an emoji \ud83d and a \x00 zero",
        html="\udfff",
        author=replace(REQUESTER, name="\ud800"),
    )
    ticket = await put(
        store, thread(odd, subject="\ud83d\x00", tags=("\udc80",), fields={"\udc80": "\ud800"})
    )
    assert (await messages_of(store, ticket))[0].text == "half an emoji � and a � zero"
    again = await store.tickets.put_threads(
        DESK, [thread(odd, subject="\ud83d\x00", tags=("\udc80",), fields={"\udc80": "\ud800"})]
    )
    assert not again.threads


async def test_an_unknown_ticket_is_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.tickets.get(TicketId(77))
    with pytest.raises(KeyError):
        await store.tickets.conversation(TicketId(77))
    assert await store.tickets.find(DESK, RemoteId("T1")) is None
    assert await store.tickets.rows([TicketId(77)]) == ()


async def test_retire_takes_a_desk_out_until_it_is_connected_again(store: Store) -> None:
    ticket = await put(store, thread())
    await store.tickets.put_threads(DESK, [], cursor="x")
    assert (await store.tickets.retire(DESK)).tickets == {ticket}
    assert set((await store.tickets.counts()).values()) == {0}
    assert await store.tickets.cursor(DESK) is None
    await put(store, thread())
    assert (await store.tickets.counts())[View.ALL] == 1


async def test_retire_of_an_unknown_desk_changes_nothing(store: Store) -> None:
    assert not (await store.tickets.retire(DeskId("never"))).tickets


async def test_the_preview_is_the_newest_public_message_on_one_line(store: Store) -> None:
    long = "one\n two\t three " + "word " * 100
    note = message("m3", "for us alone", author=ME, kind=MessageKind.NOTE)
    ticket = await put(store, thread(message("m1"), message("m2", long, author=COLLEAGUE), note))
    row = (await store.tickets.rows([ticket]))[0]
    assert row.preview.startswith("one two three word")
    assert len(row.preview) <= 140
    assert row.preview.endswith("…")
    assert row.last_role is Role.REP
    assert row.last_activity == note.created


async def test_draft_and_mood_stay_known_while_the_header_changes(store: Store, clock: SetClock) -> None:
    ticket = await put(store, thread(due=NOON + timedelta(hours=2)))
    row = (await store.tickets.rows([ticket]))[0]
    assert row.due == NOON + timedelta(hours=2)
    clock.move(timedelta(hours=1))
    await put(store, with_snapshot(thread(), due=None))
    assert (await store.tickets.rows([ticket]))[0].due is None
