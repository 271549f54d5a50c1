from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from copilot.domain import Assign, Conversation, Note, OutboxState, RemoteId
from tests.ui.conversation.test_words import ENTRY
from tests.ui.fake_desk import ME, cases
from ui.conversation.timeline import (
    DayBreak,
    MessageItem,
    OutgoingItem,
    estimated_height,
    newest_messages,
    timeline,
)

NOW = datetime(2026, 6, 26, 14, 30, tzinfo=UTC)
MAYA = cases(NOW)[0]


def shown(*entries: object) -> tuple[object, ...]:
    return timeline(Conversation(ticket=MAYA.ticket, messages=MAYA.messages, outbox=entries), ME)  # type: ignore[arg-type]


def test_a_day_break_stands_before_the_first_message_of_each_day() -> None:
    items = shown()
    days = [item.day for item in items if isinstance(item, DayBreak)]
    assert days == sorted({message.created.astimezone().date() for message in MAYA.messages})
    assert isinstance(items[0], DayBreak)


def test_my_messages_are_known_as_mine() -> None:
    mine = [item.message for item in shown() if isinstance(item, MessageItem) and item.mine]
    assert [message.author for message in mine] == [ME]


def test_what_is_on_its_way_stands_at_the_end() -> None:
    assert shown(ENTRY)[-1] == OutgoingItem(ENTRY)


def test_texts_show_until_the_desk_shows_them_and_other_changes_only_when_they_need_the_rep() -> None:
    there = MAYA.messages[-1].remote_id
    states = {
        replace(ENTRY, state=OutboxState.CANCELLED): False,
        replace(ENTRY, state=OutboxState.SENT, sent_as=there): False,
        replace(ENTRY, state=OutboxState.SENT, sent_as=RemoteId("soon")): True,
        replace(ENTRY, command=Note(text="n"), state=OutboxState.SENDING): True,
        replace(ENTRY, command=Assign(), state=OutboxState.HELD): False,
        replace(ENTRY, command=Assign(), state=OutboxState.FAILED): True,
    }
    for entry, is_shown in states.items():
        assert (OutgoingItem(entry) in shown(entry)) is is_shown, entry


def test_longer_messages_are_expected_to_be_higher() -> None:
    short, long = (MessageItem(replace(MAYA.messages[0], clean="word " * count)) for count in (5, 500))
    assert estimated_height(short, 400) < estimated_height(long, 400)
    assert estimated_height(long, 400) > estimated_height(long, 800)


def test_only_what_fits_is_wanted_at_first() -> None:
    many = [MessageItem(replace(MAYA.messages[0], remote_id=RemoteId(str(n)))) for n in range(2000)]
    first = newest_messages(many, 500, 900)
    assert first[0].remote_id == "1999"
    assert len(first) < 20


def test_items_keep_their_name_when_the_thread_grows() -> None:
    later = replace(MAYA.messages[0], remote_id=RemoteId("new"), created=NOW + timedelta(days=1))
    before = [item.key for item in timeline(Conversation(ticket=MAYA.ticket, messages=MAYA.messages), ME)]
    after = [
        item.key for item in timeline(Conversation(ticket=MAYA.ticket, messages=(*MAYA.messages, later)), ME)
    ]
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
