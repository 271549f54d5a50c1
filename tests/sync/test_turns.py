from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import Assign, Note, OutboxEntry, OutboxState, Reply, SetStatus, Status
from copilot.sync.turns import carries_words, take_turns
from tests.sync.make import entry

REPLY, NOTE, ASSIGN, STATUS = Reply(text="a"), Note(text="b"), Assign(), SetStatus(status=Status.SOLVED)
WAITS_FOR_REP = {OutboxState.BLOCKED, OutboxState.FAILED}


def test_the_first_of_each_ticket_moves_and_the_next_waits() -> None:
    first, second, other = entry(REPLY), entry(STATUS), entry(REPLY, ticket=2)
    turns = take_turns([first, second, other])
    assert turns.heads == (first, other)
    assert turns.stuck == ()


def test_a_blocked_packet_holds_back_the_assignment_of_its_escalation() -> None:
    packet = entry(NOTE, batch="escalation", state=OutboxState.BLOCKED)
    assignment = entry(ASSIGN, batch="escalation")
    turns = take_turns([packet, assignment])
    assert turns.heads == ()
    assert turns.stuck == (assignment,)


def test_a_blocked_reply_holds_back_later_words_but_not_field_changes_of_other_batches() -> None:
    blocked, second, assignment = entry(REPLY, state=OutboxState.BLOCKED), entry(NOTE), entry(ASSIGN)
    turns = take_turns([blocked, second, assignment])
    assert turns.heads == (assignment,)
    assert turns.stuck == (second,)


def test_a_field_change_beside_held_back_words_of_its_own_batch_waits_with_them() -> None:
    blocked = entry(REPLY, state=OutboxState.FAILED)
    packet, assignment = entry(NOTE, batch="escalation"), entry(ASSIGN, batch="escalation")
    assert take_turns([blocked, packet, assignment]).stuck == (packet, assignment)


def test_a_failed_field_change_holds_nobody_elses_words_back() -> None:
    failed, reply = entry(ASSIGN, state=OutboxState.FAILED), entry(REPLY)
    assert take_turns([failed, reply]).heads == (reply,)


def test_what_is_already_on_its_way_is_settled_first_even_behind_something_blocked() -> None:
    blocked, sending = entry(REPLY, state=OutboxState.BLOCKED), entry(REPLY, state=OutboxState.SENDING)
    assert take_turns([blocked, sending]).heads == (sending,)


entries = st.lists(
    st.builds(
        entry,
        st.sampled_from([REPLY, NOTE, ASSIGN, STATUS]),
        ticket=st.integers(1, 2),
        batch=st.sampled_from(["p", "q", "r"]),
        state=st.sampled_from([OutboxState.HELD, OutboxState.WAITING, *sorted(WAITS_FOR_REP)]),
    ),
    max_size=8,
)


@given(entries)
def test_words_never_overtake_words_and_no_batch_goes_on_behind_a_stuck_part(all_: list[OutboxEntry]) -> None:
    turns = take_turns(all_)
    assert len({head.ticket for head in turns.heads}) == len(turns.heads)
    for head in turns.heads:
        earlier = [one for one in all_[: all_.index(head)] if one.ticket == head.ticket]
        assert not any(carries_words(one) and carries_words(head) for one in earlier)
        assert not any(one.batch == head.batch for one in earlier)
        assert head.state not in WAITS_FOR_REP


@given(entries)
def test_every_entry_has_a_reason_to_wait(all_: list[OutboxEntry]) -> None:
    turns = take_turns(all_)
    for one in all_:
        if one in turns.heads or one in turns.stuck or one.state in WAITS_FOR_REP:
            continue
        assert any(head.ticket == one.ticket for head in turns.heads)
