"""A rep's day in small, headless, against a real Request Tracker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copilot.config.settings import Preferences, Settings, save_settings
from copilot.domain import Assign, MessageKind, RemoteId, Reply, Role, Status, TicketId, View
from copilot.workspace import Workspace
from tests.live.rt import REQUESTER, Rt

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]

QUESTION = "Where do I find the serial number of my Router X1? The registration page asks me for it."
ANSWER = (
    "The serial number is printed on the label on the underside of the router. "
    "You can also open the settings page and choose About this device."
)
OTHER_CUSTOMER = "second@client.test"


@pytest.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    save_settings(tmp_path, Settings(preferences=Preferences(hold_seconds=300), desks=()))
    workspace = await Workspace.open(tmp_path)
    yield workspace
    await workspace.aclose()


async def solved_ticket(rt: Rt) -> RemoteId:
    ticket = await rt.make_ticket("Serial number of the Router X1", QUESTION, sender=OTHER_CUSTOMER)
    await rt.reply_as_other_rep(ticket, ANSWER)
    await rt.change(ticket, Status="resolved")
    return ticket


async def find(workspace: Workspace, remote: RemoteId) -> TicketId:
    for row in (await workspace.queue(View.ALL)).rows:
        if (await workspace.conversation(row.id)).ticket.remote_id == remote:
            return row.id
    raise AssertionError(f"ticket {remote} was not synced")


async def test_read_answer_undo_answer_again_and_escalate(rt: Rt, workspace: Workspace) -> None:
    await solved_ticket(rt)
    asked = await rt.make_ticket("Serial number of a Router X1", QUESTION)
    other = await rt.make_ticket(
        "The Router X2 smells of smoke", "It is hot and smells. I unplugged it. What now?"
    )

    values = {"url": rt.url, "token": rt.token()}
    me = (await workspace.connecting.test("request_tracker", values)).me
    await workspace.connecting.connect(
        "request_tracker", "RT", {"url": rt.url, "token": rt.token()}, queues=["Support"]
    )
    await workspace.sync_once()
    ticket, second = await find(workspace, asked), await find(workspace, other)

    # Its brief is there, and knows the earlier ticket.
    brief = await workspace.make_brief(ticket)
    assert any("serial number" in line.text for line in brief.summary)
    similar = [found.answer.quote for found in brief.similar if found.answer is not None]
    assert any("underside of the router" in quote for quote in similar)

    # A reply is sent, taken back in time, and sent again, edited.
    seen = (await workspace.conversation(ticket)).messages[-1].remote_id
    await workspace.send(ticket, Reply(text="Look below."), seen=seen, suggestion=brief.suggestion.id)
    undone = await workspace.undo()
    assert undone is not None
    assert undone.text == "Look below."
    await workspace.prefer(hold_seconds=0)
    text = "It is printed on the **label** on the underside of the router."
    await workspace.send(
        ticket, Reply(text=text, status=Status.SOLVED), seen=seen, suggestion=brief.suggestion.id, seconds=4
    )
    await workspace.sync_once()
    await workspace.sync_once()
    assert await rt.correspondence(asked) == [(REQUESTER, "Create"), (me.remote_id, "Correspond")]
    (received,) = await rt.received_by(REQUESTER, asked)
    assert "underside of the router" in received
    assert "Look below" not in received
    conversation = await workspace.conversation(ticket)
    assert conversation.outbox == ()
    assert conversation.ticket.status is Status.SOLVED
    assert conversation.messages[-1].author.role is Role.REP

    # The other one is for a colleague: one note with the packet, and a new owner.
    desk = conversation.ticket.desk
    colleague = next(person for person in await workspace.people(desk) if person.remote_id != me.remote_id)
    packet = await workspace.packet(second, "Could be a fire hazard")
    await workspace.escalate(second, packet=packet.text, to=Assign(person=colleague))
    await workspace.sync_once()
    escalated = await workspace.conversation(second)
    notes = [message for message in escalated.messages if message.kind is MessageKind.NOTE]
    assert len(notes) == 1
    assert "Could be a fire hazard" in notes[0].clean
    assert escalated.ticket.assignee == colleague
    assert await rt.correspondence(other) == [(REQUESTER, "Create"), (me.remote_id, "Comment")]


async def test_a_colleague_who_was_faster_is_not_talked_over(rt: Rt, workspace: Workspace) -> None:
    asked = await rt.make_ticket("Lamp blinks", "The lamp of my Switch S5 blinks red.")
    await workspace.connecting.connect(
        "request_tracker", "RT", {"url": rt.url, "token": rt.token()}, queues=["Support"]
    )
    await workspace.prefer(hold_seconds=0)
    await workspace.sync_once()
    ticket = await find(workspace, asked)
    seen = (await workspace.conversation(ticket)).messages[-1].remote_id
    await rt.reply_as_other_rep(asked, "Red means that it updates itself.")
    await workspace.send(ticket, Reply(text="Restart it."), seen=seen)
    await workspace.sync_once()
    (blocked,) = (await workspace.conversation(ticket)).outbox
    assert [message.clean for message in blocked.newer] == ["Red means that it updates itself."]
    assert len(await rt.correspondence(asked)) == 2
