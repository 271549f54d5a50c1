"""What the rep decides is on disk at once, reaches the desk exactly once, and can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from copilot.desks.demo import DemoDesk
from copilot.domain import Assign, MessageKind, OutboxState, Reply, Role, SavedReply, Status, TicketId, View
from copilot.errors import TooLateError, UserError
from copilot.workspace import Workspace
from tests.workspace.conftest import newest


class TestHeld:
    """While the undo period runs."""

    async def test_a_reply_can_be_taken_back_with_its_words(
        self, workspace: Workspace, desk: DemoDesk, ticket: TicketId
    ) -> None:
        await workspace.save_reply(SavedReply(ticket=ticket, text="Restart it."))
        remote = (await workspace.conversation(ticket)).ticket.remote_id
        before = await desk.received_by_requester(remote)
        await workspace.send(ticket, Reply(text="Restart it."), seen=await newest(workspace, ticket))
        assert await workspace.saved_reply(ticket) is None
        assert [e.state for e in (await workspace.conversation(ticket)).outbox] == [OutboxState.HELD]

        undone = await workspace.undo()

        assert undone is not None
        assert undone.text == "Restart it."
        assert undone.what.startswith("Reply to ")
        saved = await workspace.saved_reply(ticket)
        assert saved is not None
        assert saved.text == "Restart it."
        assert (await workspace.conversation(ticket)).outbox == ()
        await workspace.sync_once()
        assert await desk.received_by_requester(remote) == before

    async def test_an_escalation_is_undone_whole(self, workspace: Workspace, ticket: TicketId) -> None:
        before = (await workspace.conversation(ticket)).ticket.group
        group = next(
            g
            for g in await workspace.groups((await workspace.conversation(ticket)).ticket.desk)
            if g.name != before
        )
        await workspace.escalate(ticket, packet="Please look.", to=Assign(group=group.name))
        assert (await workspace.conversation(ticket)).ticket.group == group.name
        assert len((await workspace.conversation(ticket)).outbox) == 2
        undone = await workspace.undo()
        conversation = await workspace.conversation(ticket)
        assert undone is not None
        assert undone.note, "a packet that comes back must never become a public reply"
        assert conversation.outbox == ()
        assert conversation.ticket.group == before

    async def test_undo_goes_back_step_by_step(self, workspace: Workspace, ticket: TicketId) -> None:
        await workspace.snooze(ticket, datetime.now(UTC) + timedelta(hours=2))
        await workspace.note(ticket, "Waits for the vendor.")
        first, second = await workspace.undo(), await workspace.undo()
        assert first is not None
        assert second is not None
        assert (first.note, first.text) == (True, "Waits for the vendor.")
        assert second.what == "Snooze"
        assert (await workspace.conversation(ticket)).ticket.snoozed_until is None
        assert await workspace.undo() is None

    async def test_a_snoozed_ticket_moves_to_its_view(self, workspace: Workspace, ticket: TicketId) -> None:
        before = await workspace.counts()
        await workspace.snooze(ticket, datetime.now(UTC) + timedelta(hours=2))
        after = await workspace.counts()
        assert after[View.SNOOZED] == before[View.SNOOZED] + 1
        assert after[View.MINE] == before[View.MINE] - 1

    @pytest.mark.parametrize("text", ["", "  \n\t "])
    async def test_nothing_is_never_sent(self, workspace: Workspace, ticket: TicketId, text: str) -> None:
        with pytest.raises(UserError, match="nothing to send"):
            await workspace.send(ticket, Reply(text=text), seen=await newest(workspace, ticket))
        with pytest.raises(UserError, match="empty"):
            await workspace.note(ticket, text)
        assert (await workspace.conversation(ticket)).outbox == ()


@pytest.mark.parametrize("hold_seconds", [0.0])
class TestSent:
    """When the undo period is over."""

    async def test_a_reply_arrives_once_with_its_status(
        self, workspace: Workspace, desk: DemoDesk, ticket: TicketId
    ) -> None:
        reply = Reply(text="It is in the *File* menu.", status=Status.PENDING)
        await workspace.send(ticket, reply, seen=await newest(workspace, ticket))
        await workspace.sync_once()
        await workspace.sync_once()
        conversation = await workspace.conversation(ticket)
        assert conversation.outbox == ()
        assert conversation.ticket.status is Status.PENDING
        assert [m.clean for m in conversation.messages if m.author.role is Role.REP][-1] == reply.text
        received = await desk.received_by_requester(conversation.ticket.remote_id)
        assert [m.text for m in received].count(reply.text) == 1

    async def test_what_a_colleague_wrote_meanwhile_blocks_and_the_rep_decides(
        self, workspace: Workspace, desk: DemoDesk, ticket: TicketId
    ) -> None:
        remote = (await workspace.conversation(ticket)).ticket.remote_id
        await workspace.send(ticket, Reply(text="Mine."), seen=await newest(workspace, ticket))
        await desk.act_as_rep(remote, "I have answered already.")
        await workspace.sync_once()
        (blocked,) = (await workspace.conversation(ticket)).outbox
        assert blocked.state is OutboxState.BLOCKED
        assert [m.text for m in blocked.newer] == ["I have answered already."]

        await workspace.send_anyway(blocked.id)
        await workspace.sync_once()
        assert [m.text for m in await desk.received_by_requester(remote)].count("Mine.") == 1

    async def test_a_blocked_reply_can_be_discarded_into_the_editor(
        self, workspace: Workspace, desk: DemoDesk, ticket: TicketId
    ) -> None:
        remote = (await workspace.conversation(ticket)).ticket.remote_id
        await workspace.send(ticket, Reply(text="Mine."), seen=await newest(workspace, ticket))
        await desk.act_as_requester(remote, "Never mind, solved it.")
        await workspace.sync_once()
        (blocked,) = (await workspace.conversation(ticket)).outbox
        undone = await workspace.discard(blocked.id)
        assert undone is not None
        assert undone.text == "Mine."
        assert (await workspace.conversation(ticket)).outbox == ()

    async def test_what_a_person_has_read_cannot_be_taken_back(
        self, workspace: Workspace, ticket: TicketId
    ) -> None:
        await workspace.send(ticket, Reply(text="Gone."), seen=await newest(workspace, ticket))
        await workspace.sync_once()
        with pytest.raises(TooLateError):
            await workspace.undo()

    async def test_an_assignment_that_has_arrived_is_put_back(
        self, workspace: Workspace, desk: DemoDesk, ticket: TicketId
    ) -> None:
        header = (await workspace.conversation(ticket)).ticket
        other = next(p for p in await workspace.people(header.desk) if p != header.assignee)
        await workspace.assign(ticket, other)
        await workspace.sync_once()
        assert (await desk.thread(header.remote_id)).snapshot.assignee == other
        await workspace.undo()
        await workspace.sync_once()
        assert (await desk.thread(header.remote_id)).snapshot.assignee == header.assignee

    async def test_taking_over_puts_the_ticket_among_mine(self, workspace: Workspace, desk: DemoDesk) -> None:
        row = (await workspace.queue(View.ESCALATED)).rows[0]
        await workspace.take_over(row.id)
        assert row.id in {mine.id for mine in (await workspace.queue(View.MINE)).rows}
        await workspace.sync_once()
        remote = (await workspace.conversation(row.id)).ticket.remote_id
        assignee = (await desk.thread(remote)).snapshot.assignee
        assert assignee == await workspace.whoami((await workspace.conversation(row.id)).ticket.desk)

    async def test_an_escalation_leaves_one_note_and_a_new_owner(
        self, workspace: Workspace, desk: DemoDesk, ticket: TicketId
    ) -> None:
        header = (await workspace.conversation(ticket)).ticket
        other = next(p for p in await workspace.people(header.desk) if p != header.assignee)
        packet = (await workspace.packet(ticket, "Needs somebody who knows IMAP")).text
        await workspace.escalate(ticket, packet=packet, to=Assign(person=other))
        await workspace.sync_once()
        thread = await desk.thread(header.remote_id)
        notes = [m.text for m in thread.messages if m.kind is MessageKind.NOTE]
        assert notes.count(packet) == 1
        assert thread.snapshot.assignee == other
        assert "Needs somebody who knows IMAP" in packet
