from __future__ import annotations

from dataclasses import replace

import pytest

from copilot.domain import (
    Capabilities,
    Message,
    MessageKind,
    Note,
    OutboxEntry,
    OutboxState,
    Person,
    RemoteId,
    Status,
    Thread,
)
from copilot.sync import verdicts
from copilot.sync.verdicts import Arrived, Block, Case, Send, Settle, Verdict, decide
from tests.sync.make import AI_AGENT, COLLEAGUE, ME, REQUESTER, SYSTEM, entry, message, thread

ASKED = message("m1")
OURS = message("m2", ME, "Please restart it.")
NOTHING = Capabilities()
SAFE = Capabilities(safe_update=True)
KEYED = Capabilities(idempotency=True)


def verdict(
    one: OutboxEntry,
    now: Thread,
    *,
    capabilities: Capabilities = NOTHING,
    taken: frozenset[RemoteId] = frozenset(),
    settled: bool = False,
) -> Verdict:
    def looks_ours(one: Message) -> bool:
        return one.author == ME and one.text == "Please restart it."

    return decide(
        Case(
            entry=one,
            thread=now,
            capabilities=capabilities,
            looks_ours=looks_ours,
            taken=taken,
            settled=settled,
        )
    )


def in_doubt() -> OutboxEntry:
    return entry(state=OutboxState.SENDING, attempts=1)


def test_an_unchanged_thread_is_answered() -> None:
    assert verdict(entry(), thread(ASKED)) == Send(lookalikes=())


@pytest.mark.parametrize(
    ("author", "problem"),
    [
        (REQUESTER, "The requester has written again"),
        (COLLEAGUE, "Somebody else has answered"),
        (AI_AGENT, "The AI agent has answered"),
    ],
)
def test_a_public_message_nobody_has_read_blocks(author: Person, problem: str) -> None:
    newer = message("m2", author, "Something new")
    answer = verdict(entry(), thread(ASKED, newer))
    assert isinstance(answer, Block)
    assert answer.newer == (newer,)
    assert answer.problem.startswith(problem)


@pytest.mark.parametrize(
    "newer", [message("m2", COLLEAGUE, kind=MessageKind.NOTE), message("m2", SYSTEM, "We got your mail.")]
)
def test_notes_and_automatic_mails_do_not_block(newer: Message) -> None:
    assert verdict(entry(), thread(ASKED, newer)) == Send(lookalikes=())


def test_what_our_own_earlier_entries_have_become_does_not_block() -> None:
    answer = verdict(entry(), thread(ASKED, OURS), taken=frozenset({OURS.remote_id}))
    assert answer == Send(lookalikes=())


def test_a_ticket_closed_meanwhile_blocks_but_one_that_was_closed_before_does_not() -> None:
    closed = thread(ASKED, status=Status.SOLVED)
    assert verdict(entry(), closed) == Block(problem=verdicts.CLOSED)
    assert verdict(entry(seen_status=Status.SOLVED), closed) == Send(lookalikes=())


def test_deleted_and_merged_tickets_block() -> None:
    assert verdict(entry(), thread(ASKED, deleted=True)) == Block(problem=verdicts.DELETED)
    assert verdict(entry(), thread(ASKED, ticket="7")) == Block(problem=verdicts.MERGED)


def test_a_reply_to_a_message_that_has_gone_blocks() -> None:
    assert verdict(entry(seen="gone"), thread(ASKED)) == Block(problem=verdicts.MESSAGE_GONE)


def test_a_note_without_a_reading_goes_to_any_thread() -> None:
    note = entry(Note(text="Packet"), seen=None, seen_status=None)
    assert verdict(note, thread(ASKED, OURS, status=Status.CLOSED)) == Send(lookalikes=())


def test_a_reply_by_somebody_who_had_read_nothing_is_blocked_by_everything() -> None:
    answer = verdict(entry(seen=None), thread(ASKED))
    assert isinstance(answer, Block)
    assert answer.newer == (ASKED,)


def test_an_earlier_try_is_recognised_whatever_came_after_it() -> None:
    now = thread(ASKED, OURS, message("m3", REQUESTER, "Thanks"), status=Status.CLOSED)
    assert verdict(in_doubt(), now) == Arrived(message=OURS.remote_id)


def test_the_same_words_from_before_the_first_try_are_not_taken_for_it() -> None:
    older = message("m0", ME, "Please restart it.")
    assert verdict(entry(), thread(older, ASKED)) == Send(lookalikes=(older.remote_id,))
    again = replace(in_doubt(), lookalikes=(older.remote_id,))
    assert verdict(again, thread(older, ASKED), settled=True) == Send(lookalikes=(older.remote_id,))
    assert verdict(again, thread(older, ASKED, OURS)) == Arrived(message=OURS.remote_id)


def test_the_same_words_of_another_entry_are_not_taken_for_it() -> None:
    answer = verdict(in_doubt(), thread(ASKED, OURS), taken=frozenset({OURS.remote_id}), settled=True)
    assert answer == Send(lookalikes=())


def test_a_note_with_the_same_words_is_not_our_reply() -> None:
    note = replace(OURS, kind=MessageKind.NOTE)
    assert verdict(in_doubt(), thread(ASKED, note), settled=True) == Send(lookalikes=())


@pytest.mark.parametrize("capabilities", [SAFE, KEYED])
def test_with_safe_updates_or_idempotency_a_try_without_answer_is_repeated_at_once(
    capabilities: Capabilities,
) -> None:
    assert verdict(in_doubt(), thread(ASKED), capabilities=capabilities) == Send(lookalikes=())


def test_with_neither_it_is_left_to_settle_first() -> None:
    assert verdict(in_doubt(), thread(ASKED)) == Settle()
    assert verdict(in_doubt(), thread(ASKED), settled=True) == Send(lookalikes=())


def test_blocking_waits_until_the_earlier_try_cannot_arrive_any_more() -> None:
    """Else the rep would be told that nothing was sent, and then it arrives."""
    newer = thread(ASKED, message("m2", REQUESTER))
    assert verdict(in_doubt(), newer, capabilities=KEYED) == Settle()
    assert isinstance(verdict(in_doubt(), newer, capabilities=KEYED, settled=True), Block)
    assert isinstance(verdict(in_doubt(), newer, capabilities=SAFE), Block)
