from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from copilot.domain import (
    Assign,
    BatchId,
    Escalation,
    Note,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RemoteId,
    Reply,
    SetStatus,
    Status,
    TicketId,
)
from tests.ui.fake_desk import DESK, PRIYA, cases
from ui.conversation.attachments import visible_name
from ui.conversation.escalation import escalation_words
from ui.conversation.files import local_name
from ui.conversation.notices import news_words
from ui.conversation.words import (
    absolute,
    ago,
    command_words,
    day_words,
    file_size,
    outgoing_words,
    spoken,
)

NOW = datetime(2026, 6, 26, 14, 30, tzinfo=UTC)
ENTRY = OutboxEntry(
    id=OutboxId("1"), batch=BatchId("1"), ticket=TicketId(1), desk=DESK, remote_id=RemoteId("1"),
    command=Reply(text="Hello"), key="k", created=NOW, release_at=NOW + timedelta(seconds=8), state=OutboxState.HELD,
)  # fmt: skip
MAYA = cases(NOW)[0]


@pytest.mark.parametrize(
    ("state", "problem", "words"),
    [
        (OutboxState.HELD, "", "Goes out in 8 s"),
        (OutboxState.SENDING, "", "Going out"),
        (OutboxState.WAITING, "", "Waiting for the connection"),
        (OutboxState.BLOCKED, "", "Not sent: the ticket changed meanwhile"),
        (OutboxState.FAILED, "too long", "Failed: too long"),
        (OutboxState.SENT, "", "Sent"),
    ],
)
def test_the_state_of_an_entry_in_words(state: OutboxState, problem: str, words: str) -> None:
    assert outgoing_words(replace(ENTRY, state=state, problem=problem), NOW)[0] == words


def test_a_blocked_entry_names_who_was_faster() -> None:
    newer = replace(MAYA.messages[0], author=PRIYA)
    blocked = replace(ENTRY, state=OutboxState.BLOCKED, newer=(newer,))
    assert outgoing_words(blocked, NOW)[0] == "Not sent: Priya Raman replied meanwhile"


def test_an_entry_whose_moment_has_come_is_going_out() -> None:
    assert outgoing_words(ENTRY, NOW + timedelta(seconds=9))[0] == "Going out"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (10, "10 s ago"), (130, "2 min ago"), (7300, "2 h ago"), (200_000, "2 d ago")],
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_days_have_names() -> None:
    today = date(2026, 6, 26)
    assert day_words(today, today) == "Today"
    assert day_words(today - timedelta(days=1), today) == "Yesterday"
    assert day_words(date(2026, 6, 1), today) == "Monday, 1 June"
    assert day_words(date(2025, 6, 1), today) == "Sunday, 1 June 2025"


def test_absolute_times_are_whole() -> None:
    assert "June 2026" in absolute(NOW)


@pytest.mark.parametrize(
    ("size", "words"), [(12, "12 B"), (184_320, "184 kB"), (999_600, "1.0 MB"), (2_500_000, "2.5 MB")]
)
def test_file_sizes(size: int, words: str) -> None:
    assert file_size(size) == words


def test_a_screen_reader_hears_who_and_what_kind() -> None:
    note = MAYA.messages[2]
    assert spoken(note, mine=False).startswith("Internal note from Priya Raman, Rep, ")
    assert spoken(MAYA.messages[1], mine=True).startswith("Message from You, ")


def test_commands_in_words() -> None:
    assert command_words(Assign(person=PRIYA)) == "Assignment to Priya Raman"
    assert command_words(Assign(group="Billing")) == "Assignment to Billing"
    assert command_words(Assign()) == "Assignment to nobody"
    assert command_words(SetStatus(status=Status.SOLVED)) == "Status “Solved”"
    assert command_words(Note(text="x")) == "Internal note"


def test_an_escalation_says_who_when_why_and_how_sure() -> None:
    escalation = Escalation(
        by="Birdie", reason="Angry customer.", confidence=0.47, at=NOW - timedelta(minutes=5)
    )
    words = escalation_words(escalation, NOW)
    assert words == "Escalated by Birdie 5 min ago: Angry customer. Its confidence was 47%."
    assert escalation_words(Escalation(by="Priya", reason="Legal"), NOW) == "Escalated by Priya: Legal."


def test_news_name_the_newest_and_count_the_rest() -> None:
    at = [replace(message, created=NOW - timedelta(seconds=10)) for message in MAYA.messages]
    assert news_words((at[0],), NOW) == "Maya Stone wrote 10 s ago"
    assert news_words((at[1], at[0]), NOW) == "Maya Stone wrote 10 s ago (2 messages)"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("annexe\u202egpj.exe", "annexe\ufffdgpj.exe"),
        ("a\nb\x00.txt", "a\ufffdb\ufffd.txt"),
        ("  ", "unnamed"),
    ],
)
def test_file_names_hide_nothing(name: str, shown: str) -> None:
    assert visible_name(name) == shown


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("../../.bashrc", "bashrc"),
        ("C:\\x\\y.doc", "y.doc"),
        ("/etc/passwd", "passwd"),
        ("...", "attachment"),
    ],
)
def test_a_file_is_saved_under_a_name_without_folders(name: str, local: str) -> None:
    assert local_name(name) == local
