from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from copilot.domain import BatchId, Draft, Message, OutboxEntry, RemoteId, SuggestionId, TicketId
from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from ui.actions import ACTIONS, Actions
from ui.bridge import Bridge
from ui.conversation.outgoing import OutgoingBubble
from ui.conversation.pane import ConversationPane

MAYA, OMAR, WEI = TicketId(1), TicketId(2), TicketId(4)
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Desk:
    """A conversation pane on a workspace, and somebody who works with it."""

    workspace: FakeWorkspace
    actions: Actions
    pane: ConversationPane

    async def open(self, ticket: TicketId = MAYA) -> None:
        shown: list[TicketId] = []
        connection = self.pane.shown.connect(shown.append)
        self.pane.show_ticket(ticket)
        await until(lambda: ticket in shown)
        self.pane.shown.disconnect(connection)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.pane.composer.editor, text)

    def press(
        self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(widget, key, modifiers)

    @property
    def text(self) -> str:
        return self.pane.composer.editor.toPlainText()

    def draft(self, ticket: TicketId = MAYA) -> tuple[Draft, SuggestionId]:
        suggestion = self.workspace.briefs[ticket].suggestion
        assert isinstance(suggestion.content, Draft)
        return suggestion.content, suggestion.id

    async def send(self) -> BatchId:
        sent: list[BatchId] = []
        connection = self.pane.sent.connect(sent.append)
        self.pane.send()
        await until(lambda: sent)
        self.pane.sent.disconnect(connection)
        return sent[0]

    def outgoing(self) -> list[OutgoingBubble]:
        live = self.pane.messages.rows.live
        return [row for number in sorted(live) if isinstance(row := live[number], OutgoingBubble)]

    def entry(self) -> OutboxEntry:
        return next(iter(self.workspace.outbox.values()))

    def says(
        self, text: str, ticket: TicketId = MAYA, *, seconds_ago: float = 10, number: int = 99
    ) -> Message:
        requester = self.workspace.cases[ticket].ticket.requester
        when = self.workspace.now - timedelta(seconds=seconds_ago)
        return Message(
            remote_id=RemoteId(f"{ticket}-{number}"), author=requester, created=when, text=text, clean=text
        )


@pytest.fixture
def new_desk(workspace: FakeWorkspace) -> Callable[[], Desk]:
    """Another pane over the same workspace: what a restart after a crash finds."""

    def make() -> Desk:
        actions = Actions()
        for action in ACTIONS:
            actions.bind(action.id, lambda: None)
        pane = ConversationPane(workspace, Bridge(workspace.events), actions, lambda: workspace.now)
        pane.resize(720, 820)
        pane.show()
        return Desk(workspace, actions, pane)

    return make


@pytest.fixture
async def desk(new_desk: Callable[[], Desk]) -> AsyncIterator[Desk]:
    made = new_desk()
    yield made
    await put_away(made)


async def put_away(desk: Desk) -> None:
    """Close a pane the way the window does."""
    await desk.pane.settled()
    desk.pane.hide()
    desk.pane.deleteLater()
