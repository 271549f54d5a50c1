"""One decision on many tickets: all or none, held, undone at once, honest about what cannot be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from copilot.domain import Assign, DeskId, Note, OutboxState, Status, TicketId, View
from copilot.errors import TooLateError, UserError
from copilot.workspace import Workspace

DESK = DeskId("demo")


@pytest.fixture
async def some(workspace: Workspace) -> tuple[TicketId, ...]:
    rows = (await workspace.queue(View.MINE)).rows
    return tuple(row.id for row in rows[:3])


async def statuses(workspace: Workspace, tickets: tuple[TicketId, ...]) -> list[Status]:
    return [row.status for row in await workspace.rows(tickets)]


async def test_solving_many_is_held_and_one_undo_takes_all_back(
    workspace: Workspace, some: tuple[TicketId, ...]
) -> None:
    before = await statuses(workspace, some)
    await workspace.many.set_status(some, Status.SOLVED)
    assert await statuses(workspace, some) == [Status.SOLVED] * 3
    for ticket in some:
        (entry,) = (await workspace.conversation(ticket)).outbox
        assert entry.state is OutboxState.HELD
        assert entry.release_at > datetime.now(UTC) + timedelta(seconds=200)
    undone = await workspace.undo()
    assert undone is not None
    assert undone.what == "3 tickets solved"
    assert await statuses(workspace, some) == before
    assert await workspace.undo() is None


async def test_what_is_solved_already_is_left_alone(workspace: Workspace, some: tuple[TicketId, ...]) -> None:
    await workspace.set_status(some[0], Status.SOLVED)
    await workspace.many.set_status(some, Status.SOLVED)
    undone = await workspace.undo()
    assert undone is not None
    assert undone.what == "2 tickets solved"
    with pytest.raises(UserError, match="like that already"):
        await workspace.many.set_status(some[:1], Status.SOLVED)


async def test_tags_are_added_and_taken_off_and_the_others_stay(
    workspace: Workspace, some: tuple[TicketId, ...]
) -> None:
    await workspace.set_tags(some[0], ("vip", "refund"))
    await workspace.many.change_tags(some, add=("wave",), remove=("refund",))
    assert (await workspace.conversation(some[0])).ticket.tags == ("vip", "wave")
    assert (await workspace.many.tags_of(some))["wave"] == 3
    await workspace.undo()
    assert (await workspace.conversation(some[0])).ticket.tags == ("vip", "refund")


async def test_snoozes_come_back_each_to_its_own_moment(
    workspace: Workspace, some: tuple[TicketId, ...]
) -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    await workspace.snooze(some[1], soon)
    batch = await workspace.many.snooze(some, soon + timedelta(days=5))
    await workspace.undo(batch)
    assert [row.snoozed_until for row in await workspace.rows(some)] == [None, soon, None]


async def test_each_escalated_ticket_takes_a_packet_of_its_own_along(
    workspace: Workspace, some: tuple[TicketId, ...]
) -> None:
    await workspace.many.escalate(some, {DESK: Assign(group="Escalations")}, reason="Outage")
    texts = set()
    for ticket in some:
        note, assign = (entry.command for entry in (await workspace.conversation(ticket)).outbox)
        assert isinstance(note, Note)
        assert "Outage" in note.text
        assert assign == Assign(group="Escalations")
        texts.add(note.text)
    assert len(texts) == 3
    await workspace.undo()
    assert all([not (await workspace.conversation(ticket)).outbox for ticket in some])


async def test_somebody_one_of_the_desks_does_not_have_gets_nothing(
    workspace: Workspace, some: tuple[TicketId, ...]
) -> None:
    with pytest.raises(UserError, match="Not every one"):
        await workspace.many.assign(some, {DeskId("elsewhere"): Assign(group="Escalations")})
    assert all([not (await workspace.conversation(ticket)).outbox for ticket in some])


class TestWhenSomeHasLeft:
    @pytest.fixture
    def hold_seconds(self) -> float:
        return 0.0

    async def test_status_is_put_back_on_the_desk(
        self, workspace: Workspace, some: tuple[TicketId, ...]
    ) -> None:
        before = await statuses(workspace, some)
        await workspace.many.set_status(some, Status.SOLVED)
        await workspace.sync_once()
        await workspace.undo()
        assert await statuses(workspace, some) == before

    async def test_packets_that_have_left_cannot_be_taken_back_and_that_is_said(
        self, workspace: Workspace, some: tuple[TicketId, ...]
    ) -> None:
        await workspace.many.escalate(some, {DESK: Assign(group="Escalations")})
        await workspace.sync_once()
        with pytest.raises(TooLateError, match="3 tickets of 3"):
            await workspace.undo()
