"""Escalations out of the desk, through the door: kept, sent after the note, failed, tried again, taken back."""

from __future__ import annotations

import pytest

from copilot.config import secrets
from copilot.domain import Assign, OutboxState, TicketId
from copilot.errors import TooLateError, UserError
from copilot.events import DispatchChanged, Failed
from copilot.handoff import sending
from copilot.workspace import Workspace

URL = "jsons://hooks.example.org/escalations"


class Wire:
    """The far end: what arrived, and whether it takes anything."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str, str]] = []
        self.problem = ""

    async def send_out(self, url: str, title: str, text: str) -> None:
        if self.problem:
            raise sending.DestinationError(self.problem)
        self.arrived.append((url, title, text))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    there = Wire()
    monkeypatch.setattr(sending, "send_out", there.send_out)
    monkeypatch.setattr(secrets, "_read", {}.get)
    monkeypatch.setattr(secrets, "_write", lambda *_: None)
    monkeypatch.setattr(secrets, "_delete", lambda *_: None)
    return there


class TestWithoutHold:
    @pytest.fixture
    def hold_seconds(self) -> float:
        return 0.0

    async def test_a_packet_leaves_once_its_note_is_on_the_desk(
        self, workspace: Workspace, ticket: TicketId, wire: Wire
    ) -> None:
        place = await workspace.destinations.add("Second line", URL)
        await workspace.escalate(ticket, packet="Please look.", to=Assign(), out=place)
        await workspace.destinations.send_due()
        assert wire.arrived == []
        await workspace.sync_once()
        await workspace.destinations.send_due()
        ((url, title, text),) = wire.arrived
        assert url == URL
        assert title.startswith("Escalated: ")
        assert text.startswith("Please look.")
        assert "Ticket: " in text
        (dispatch,) = await workspace.destinations.dispatches(ticket)
        assert dispatch.state is OutboxState.SENT

    async def test_a_failure_comes_back_and_can_be_tried_again(
        self, workspace: Workspace, ticket: TicketId, wire: Wire
    ) -> None:
        heard: list[object] = []
        workspace.events.subscribe(heard.append)
        place = await workspace.destinations.add("Second line", URL)
        wire.problem = "It cannot be reached."
        id_ = await workspace.destinations.send(ticket, place, "Please look.")
        await workspace.destinations.send_due()
        (failed,) = await workspace.destinations.dispatches(ticket)
        assert (failed.state, failed.problem) == (OutboxState.FAILED, "It cannot be reached.")
        assert Failed("escalation", "It cannot be reached.", "", ticket=ticket) in heard
        await workspace.destinations.send_due()
        wire.problem = ""
        await workspace.destinations.retry(id_)
        await workspace.destinations.send_due()
        assert len(wire.arrived) == 1
        states = [event.state for event in heard if isinstance(event, DispatchChanged)]
        assert states[-3:] == [OutboxState.WAITING, OutboxState.SENDING, OutboxState.SENT]
        with pytest.raises(TooLateError):
            await workspace.destinations.discard(id_)
        with pytest.raises(TooLateError):
            await workspace.destinations.retry(id_)


async def test_undoing_an_escalation_takes_its_packet_back_too(
    workspace: Workspace, ticket: TicketId, wire: Wire
) -> None:
    place = await workspace.destinations.add("Second line", URL)
    batch = await workspace.escalate(ticket, packet="Please look.", to=Assign(), out=place)
    await workspace.undo(batch)
    await workspace.destinations.send_due()
    (dispatch,) = await workspace.destinations.dispatches(ticket)
    assert dispatch.state is OutboxState.CANCELLED
    assert wire.arrived == []


async def test_the_address_is_a_secret_and_stays_out_of_the_settings(
    workspace: Workspace, wire: Wire
) -> None:
    place = await workspace.destinations.add("Second line", URL)
    (known,) = workspace.destinations.list()
    assert (known.id, known.name, known.kind) == (place, "Second line", "JSON")
    assert "hooks.example.org" not in (workspace.folder / "settings.toml").read_text(encoding="utf-8")
    await workspace.destinations.test(place)
    assert wire.arrived[0][0] == URL
    await workspace.destinations.remove(place)
    assert workspace.destinations.list() == ()
    with pytest.raises(UserError):
        await workspace.destinations.test(place)


async def test_nobody_and_nowhere_is_no_escalation(workspace: Workspace, ticket: TicketId) -> None:
    with pytest.raises(UserError):
        await workspace.escalate(ticket, packet="Please look.", to=Assign())
    with pytest.raises(UserError):
        await workspace.handoffs.back_to_ai_agent(ticket)
    assert await workspace.handoffs.colleagues_here(ticket) == ()
    assert await workspace.handoffs.warning(ticket, Assign(group="Nobody has had it")) == ""


async def test_an_air_gapped_workspace_sends_nothing_out(
    workspace: Workspace, ticket: TicketId, wire: Wire
) -> None:
    place = await workspace.destinations.add("Second line", URL)
    await workspace.models.set_privacy(workspace.models.privacy.model_copy(update={"air_gapped": True}))
    with pytest.raises(UserError, match="air-gapped"):
        await workspace.destinations.test(place)
    await workspace.destinations.send(ticket, place, "Please look.")
    await workspace.destinations.send_due()
    (dispatch,) = await workspace.destinations.dispatches(ticket)
    assert (dispatch.state, wire.arrived) == (OutboxState.FAILED, [])
