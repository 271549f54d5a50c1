"""Who handed a ticket on before, and circles."""

from __future__ import annotations

from copilot.domain import Assign, Conversation, Message, MessageKind, Person, RemoteId
from copilot.handoff.history import handoffs, warning
from tests.sync.make import COLLEAGUE, ME, NOON
from tests.threads import conversation as a_conversation

TALK = a_conversation(("requester", "My lamp blinks."))


def noted(*notes: tuple[Person, str]) -> Conversation:
    messages = tuple(
        Message(
            remote_id=RemoteId(str(n)),
            author=author,
            created=NOON,
            kind=MessageKind.NOTE,
            text=text,
            clean=text,
        )
        for n, (author, text) in enumerate(notes)
    )
    return Conversation(ticket=TALK.ticket, messages=messages)


def test_notes_of_handoffs_are_found_with_or_without_their_markup() -> None:
    told = noted(
        (ME, "**Handoff:** refund\n\nmore"), (ME, "Called back."), (COLLEAGUE, "Handoff: needs access")
    )
    assert [one.by for one in handoffs(told)] == [ME, COLLEAGUE]


def test_giving_a_ticket_to_somebody_who_handed_it_on_is_a_circle() -> None:
    told = noted((COLLEAGUE, "**Handoff:** not mine"))
    assert "Tom Lindqvist has handed this ticket on already" in warning(told, Assign(person=COLLEAGUE), ())
    assert warning(told, Assign(person=ME), ()) == ""
    assert warning(noted(), Assign(person=COLLEAGUE), ()) == ""


def test_a_group_that_had_it_and_gave_it_back_is_a_circle() -> None:
    before = [Assign(group="Billing")]
    assert "Billing has had this ticket before" in warning(TALK, Assign(group="Billing"), before)
    assert warning(TALK, Assign(group="Second line"), before) == ""
