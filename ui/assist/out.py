"""Escalations that leave the desk: choosing where to, and what became of those of the ticket on screen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from copilot.domain import DestinationId, Dispatch, DispatchId, OutboxState, TicketId
from copilot.events import DispatchChanged
from copilot.workspace import Workspace
from ui.aio import spawn
from ui.bridge import Bridge
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layout import column
from ui.widgets.notices import Strip, announce
from ui.widgets.segment import Segment


class OutChoice(QWidget):
    """One destination outside the desk, or none; hidden where none has been set up."""

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.destination: DestinationId | None = None
        self.buttons: dict[DestinationId, Segment] = {}
        lines = [Label("And out of the help desk, with a link back", Text.CAPTION, "muted")]
        for destination in workspace.destinations.list():
            button = Segment(f"{destination.name} ({destination.kind})", "external-link")
            button.setAutoExclusive(False)
            button.clicked.connect(partial(self._on_clicked, destination.id))
            self.buttons[destination.id] = button
        self.setLayout(column(*lines, *self.buttons.values(), spacing=Space.XS))
        self.setVisible(bool(self.buttons))

    def _on_clicked(self, destination: DestinationId) -> None:
        self.destination = None if destination == self.destination else destination
        for one, button in self.buttons.items():
            button.setChecked(one == self.destination)
        self.changed.emit()


class DispatchStrips(QWidget):
    """What of the ticket is on its way out, and what did not arrive, with the ways to go on."""

    def __init__(self, workspace: Workspace, bridge: Bridge) -> None:
        super().__init__()
        self._workspace = workspace
        self._ticket: TicketId | None = None
        self._lines = column(spacing=Space.XS)
        self.setLayout(self._lines)
        self.hide()
        bridge.dispatch_changed.connect(self._on_changed)

    def follow(self, ticket: TicketId | None) -> None:
        """Show those of this ticket."""
        self._ticket = ticket
        self._show(())
        if ticket is not None:
            spawn(self._read(ticket), "read escalations", self)

    def strips(self) -> list[Strip]:
        """What is shown."""
        return self.findChildren(Strip)

    def _on_changed(self, event: DispatchChanged) -> None:
        if event.ticket == self._ticket:
            spawn(self._read(event.ticket), "read escalations", self)

    async def _read(self, ticket: TicketId) -> None:
        found = await self._workspace.destinations.dispatches(ticket)
        if ticket == self._ticket:
            self._show(tuple(one for one in found if not one.state.is_final))

    def _show(self, dispatches: tuple[Dispatch, ...]) -> None:
        while item := self._lines.takeAt(0):
            if (old := item.widget()) is not None:
                old.setParent(None)
                old.deleteLater()
        for dispatch in dispatches:
            self._lines.addWidget(self._strip(dispatch))
        self.setVisible(bool(dispatches))

    def _strip(self, dispatch: Dispatch) -> Strip:
        names = {one.id: one.name for one in self._workspace.destinations.list()}
        name = names.get(dispatch.destination, dispatch.destination)
        if dispatch.state is not OutboxState.FAILED:
            return Strip(Tone.INFO, f"The escalation is on its way to {name}.", icon_name="external-link")
        again = Button("Try again", "refresh-cw", small=True)
        again.clicked.connect(partial(self._again, dispatch.id))
        discard = Button("Give up", kind="quiet", small=True)
        discard.clicked.connect(partial(self._discard, dispatch.id))
        words = f"The escalation did not reach {name}: {dispatch.problem}"
        strip = Strip(Tone.BAD, words, again, discard)
        announce(self, words)
        return strip

    def _again(self, dispatch: DispatchId) -> None:
        spawn(self._workspace.destinations.retry(dispatch), "send an escalation again", self)

    def _discard(self, dispatch: DispatchId) -> None:
        spawn(self._workspace.destinations.discard(dispatch), "give up an escalation", self)
