"""A rep's work in the whole window, by keys alone, over the in-memory workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from copilot.domain import (
    Assign,
    DecisionKind,
    Draft,
    OutboxState,
    Reply,
    Status,
    SuggestionId,
    TicketId,
    View,
)
from copilot.errors import UnavailableError
from copilot.events import Failed
from tests.ui.conftest import until
from tests.ui.fake_desk import TOMAS
from tests.ui.fake_workspace import FakeWorkspace
from ui import aio
from ui.furnish import Furniture
from ui.settings.connect import ConnectPanel
from ui.theme.theme import theme
from ui.widgets.chooser import Chooser
from ui.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier
ONE, TWO = TicketId(1), TicketId(2)


@dataclass
class Rep:
    """Somebody at the keyboard."""

    window: Window
    furniture: Furniture
    workspace: FakeWorkspace

    @property
    def focus(self) -> QWidget:
        """Where keys go; offscreen, the window need not be the active one."""
        focus: QWidget | None = self.window.focusWidget()
        return self.window if focus is None else focus

    def press(self, keys: str) -> None:
        QTest.keyClicks(self.focus, keys)

    def chord(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, modifiers)

    def type_into_panel(self, text: str) -> None:
        panel = self.window.overlay.panel
        assert isinstance(panel, Chooser)
        QTest.keyClicks(panel.list.field, text)
        QTest.keyClick(panel.list.field, Qt.Key.Key_Return)

    @property
    def editor_text(self) -> str:
        return self.furniture.conversation.composer.editor.toPlainText()

    def toasts(self) -> list[str]:
        return [toast.text() for toast in self.window.toasts.shown()]

    async def at(self, ticket: TicketId) -> None:
        """Until a ticket is on screen with its brief."""
        conversation, copilot = self.furniture.conversation, self.furniture.copilot
        await until(
            lambda: conversation.ticket == ticket and self.workspace.calls.of("opened")[-1:] == [(ticket,)]
        )
        await until(lambda: copilot.brief is not None and copilot.brief.ticket == ticket)


@asynccontextmanager
async def at_work(workspace: FakeWorkspace) -> AsyncIterator[Rep]:
    """The window with the first ticket open."""
    window = Window()
    window.show()
    window.activateWindow()
    await until(window.isActiveWindow)
    furniture = Furniture(window, workspace)
    furniture.begin()
    made = Rep(window, furniture, workspace)
    try:
        await made.at(ONE)
        yield made
    finally:
        await furniture.put_away()
        await aio.cancel_all()
        window.put_away()


@pytest.fixture
async def rep(workspace: FakeWorkspace) -> AsyncIterator[Rep]:
    async with at_work(workspace) as made:
        yield made


class Flashes(QObject):
    """Sees every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


async def test_no_other_window_flashes_up(workspace: FakeWorkspace, qapp: QApplication) -> None:
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    async with at_work(workspace) as rep:
        rep.press("jx")
        rep.chord(Qt.Key.Key_Escape)
        rep.press("?")
        rep.chord(Qt.Key.Key_Escape)
        rep.press("z")
        await until(lambda: isinstance(rep.window.overlay.panel, Chooser))
    qapp.removeEventFilter(flashes)
    assert flashes.seen == ["Window"]


async def test_the_first_ticket_is_open_and_the_list_has_the_keyboard(rep: Rep) -> None:
    assert rep.window.focusWidget() is rep.window.queue.list
    assert not rep.workspace.cases[ONE].ticket.unread
    assert rep.workspace.calls.of("prepare")


async def test_two_keys_send_a_draft_that_is_right(rep: Rep) -> None:
    rep.press("a")
    await until(lambda: rep.editor_text)
    content = rep.workspace.briefs[ONE].suggestion.content
    assert isinstance(content, Draft)
    assert rep.editor_text == content.text
    rep.chord(Qt.Key.Key_Return, CTRL)
    await until(lambda: rep.workspace.calls.of("send"))
    ticket, reply, _, suggestion = rep.workspace.calls.of("send")[0]
    assert (ticket, reply.text, suggestion) == (ONE, content.text, SuggestionId("suggestion-1"))
    assert rep.workspace.verdicts[SuggestionId("suggestion-1")] is DecisionKind.ACCEPTED
    await until(lambda: any("Reply to Maya Stone goes out in" in text for text in rep.toasts()))


async def test_undo_brings_the_reply_back_into_the_editor(rep: Rep) -> None:
    rep.press("r")
    rep.press("On its way.")
    rep.chord(Qt.Key.Key_Return, CTRL)
    await until(lambda: rep.workspace.outbox)
    await until(lambda: not rep.editor_text)
    await until(rep.toasts)
    assert rep.focus is rep.window.queue.list
    rep.press("u")
    await until(lambda: rep.editor_text == "On its way.")
    assert {entry.state for entry in rep.workspace.outbox.values()} == {OutboxState.CANCELLED}
    assert not any("goes out" in text for text in rep.toasts())
    assert any("Taken back: Reply to Maya Stone" in text for text in rep.toasts())


async def test_send_and_solve(rep: Rep) -> None:
    rep.press("r")
    rep.press("Done.")
    rep.chord(Qt.Key.Key_Return, CTRL | Qt.KeyboardModifier.ShiftModifier)
    await until(lambda: rep.workspace.calls.of("send"))
    reply: Reply = rep.workspace.calls.of("send")[0][1]
    assert (reply.text, reply.status) == ("Done.", Status.SOLVED)


async def test_j_and_k_walk_and_letters_in_the_editor_are_letters(rep: Rep) -> None:
    rep.press("j")
    await rep.at(TWO)
    rep.press("k")
    await rep.at(ONE)
    rep.press("n")
    rep.press("jkaxd1gu")
    assert rep.editor_text == "jkaxd1gu"
    assert rep.furniture.conversation.composer.is_note
    assert rep.furniture.conversation.ticket == ONE


async def test_holding_j_opens_only_where_it_rests(rep: Rep) -> None:
    rep.workspace.calls.made.clear()
    rep.press("jjjjj")
    last = rep.window.queue.list.ticket
    assert last is not None
    await rep.at(last)
    opened = [ticket for (ticket,) in rep.workspace.calls.of("opened")]
    assert opened[-1] == last
    assert len(opened) <= 2


async def test_dismissing_asks_for_the_reason_with_one_more_key(rep: Rep) -> None:
    rep.press("d")
    assert rep.window.hints.isVisible()
    rep.press("2")
    assert not rep.window.hints.isVisible()
    await until(lambda: rep.workspace.calls.of("dismiss"))
    assert rep.workspace.calls.of("dismiss") == [(SuggestionId("suggestion-1"), "incomplete")]


async def test_assign_by_typing_a_name(rep: Rep) -> None:
    rep.press("s")
    await until(lambda: isinstance(rep.window.overlay.panel, Chooser))
    rep.type_into_panel("tom")
    await until(lambda: rep.workspace.calls.of("assign"))
    assert rep.workspace.calls.of("assign") == [(ONE, TOMAS, None)]
    await until(lambda: "Assigned to Tomás Herrera" in rep.toasts())


async def test_without_connection_one_can_still_assign_to_oneself(rep: Rep) -> None:
    rep.press("2")
    await until(lambda: rep.window.queue.model.row_of(TicketId(10)) >= 0)
    rep.window.queue.list.select_ticket(TicketId(10))
    rep.workspace.fail_next("people", UnavailableError("The desk does not answer."))
    rep.press("s")
    await until(lambda: isinstance(rep.window.overlay.panel, Chooser))
    assert any("Only you can be chosen" in text for text in rep.toasts())
    rep.type_into_panel("sam")
    await until(lambda: rep.workspace.calls.of("assign"))


async def test_snooze_and_bring_back(rep: Rep) -> None:
    rep.press("z")
    await until(lambda: isinstance(rep.window.overlay.panel, Chooser))
    rep.type_into_panel("one hour")
    await until(lambda: rep.workspace.calls.of("snooze"))
    ticket, until_when = rep.workspace.calls.of("snooze")[0]
    assert ticket == ONE
    assert timedelta(minutes=55) < until_when - rep.workspace.now < timedelta(minutes=65)
    await until(lambda: rep.window.queue.model.row_of(ONE) < 0)


async def test_take_over_what_the_ai_agent_escalated(rep: Rep) -> None:
    rep.press("ge")
    await until(lambda: rep.window.queue.model.rowCount() == 1)
    rep.press("o")
    rep.window.queue.list.move_by(1)
    await rep.at(TicketId(4))
    rep.press("t")
    await until(lambda: rep.workspace.calls.of("take_over"))
    assert rep.workspace.calls.of("take_over") == [(4,)]


async def test_escalate_with_its_packet_and_undo_both(rep: Rep) -> None:
    rep.press("x")
    sheet = rep.furniture.copilot.sheet
    assert sheet is not None
    await until(sheet.packet.toPlainText)
    sheet.choose(Assign(group="Billing"))
    sheet.packet.setFocus()
    QTest.keyClick(sheet.packet, Qt.Key.Key_Return, CTRL)
    await until(lambda: rep.workspace.calls.of("escalate"))
    await until(lambda: any(text.startswith("Escalated") for text in rep.toasts()))
    rep.window.queue.take_focus()
    rep.press("u")
    await until(lambda: {e.state for e in rep.workspace.outbox.values()} == {OutboxState.CANCELLED})


async def test_escape_closes_the_escalate_sheet(rep: Rep) -> None:
    rep.press("x")
    assert rep.furniture.copilot.sheet is not None
    rep.chord(Qt.Key.Key_Escape)
    assert rep.furniture.copilot.sheet is None


async def test_a_blocked_reply_is_told_and_shown(rep: Rep) -> None:
    rep.press("r")
    rep.press("On its way.")
    rep.chord(Qt.Key.Key_Return, CTRL)
    await until(lambda: rep.workspace.outbox)
    rep.chord(Qt.Key.Key_Escape)
    rep.press("j")
    await rep.at(TWO)
    batch = next(iter(rep.workspace.outbox.values())).batch
    rep.workspace.block(batch, (), "Priya replied meanwhile")
    await until(lambda: "The reply to Maya Stone was not sent: Priya replied meanwhile." in rep.toasts())
    toast = next(t for t in rep.window.toasts.shown() if "not sent" in t.text())
    assert toast.button is not None
    toast.button.click()
    await until(lambda: rep.furniture.conversation.ticket == ONE)


async def test_nothing_to_undo_is_said(rep: Rep) -> None:
    rep.press("u")
    await until(lambda: "There is nothing to undo." in rep.toasts())


async def test_errors_of_decisions_are_told_without_a_box(rep: Rep) -> None:
    rep.workspace.fail_next("set_status", UnavailableError("The disk is full.", "Make room."))
    rep.press("v")
    await until(lambda: "The disk is full. Make room." in rep.toasts())
    rep.workspace.events.publish(Failed("sync", "The desk does not answer.", "Sidedesk tries again."))
    assert "The desk does not answer. Sidedesk tries again." in rep.toasts()
    assert QApplication.activeModalWidget() is None


async def test_the_theme_is_changed_and_kept(rep: Rep) -> None:
    before = theme().preference
    rep.chord(Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    await until(lambda: rep.workspace.calls.of("prefer"))
    assert rep.workspace.preferences.theme == theme().preference != before
    theme().prefer(before)


async def test_on_the_demo_desk_ones_own_is_offered_once(rep: Rep) -> None:
    rep.furniture.offer_to_connect()
    rep.window.actions_.trigger("desk.connect")
    panel = rep.window.overlay.panel
    assert isinstance(panel, ConnectPanel)
    await until(panel.choices.model.rowCount)
    QTest.keyClicks(panel.choices.field, "request tr")
    QTest.keyClick(panel.choices.field, Qt.Key.Key_Return)
    sign_in = panel.sign_in
    assert sign_in is not None
    assert not sign_in.keep.isEnabled()
    QTest.keyClicks(sign_in.form.lines["url"], "rt.example.org")
    QTest.keyClicks(sign_in.form.lines["token"], "wrong")
    sign_in.test.click()
    await until(lambda: "does not accept this token" in sign_in.outcome.text())
    sign_in.form.lines["token"].setText("1-14-good")
    sign_in.test.click()
    await until(lambda: sign_in.outcome.text() == "It works: you are Priya Raman.")
    sign_in.queues.tick("Billing")
    sign_in.form.lines["name"].setText("Support")
    QTest.keyClick(sign_in.form.lines["name"], Qt.Key.Key_Return)
    await until(lambda: rep.workspace.calls.of("connect"))
    values = {"url": "rt.example.org", "token": "1-14-good"}
    assert rep.workspace.calls.of("connect") == [("request_tracker", "Support", values, ("Billing",))]
    await until(lambda: any("Connected to Support" in text for text in rep.toasts()))


async def test_a_view_without_tickets_still_hears_keys(rep: Rep) -> None:
    rep.press("gs")
    await until(rep.window.queue.nothing.isVisible)
    rep.press("1")
    await until(lambda: rep.window.queue.view is View.MINE and rep.window.queue.model.rowCount())


async def test_a_key_that_can_do_nothing_says_why(rep: Rep) -> None:
    rep.press("2")
    await until(lambda: rep.window.queue.model.row_of(TicketId(10)) >= 0)
    rep.workspace.hidden_briefs.add(TicketId(10))
    rep.window.queue.list.select_ticket(TicketId(10))
    await until(lambda: rep.furniture.conversation.ticket == TicketId(10))
    rep.press("a")
    await until(lambda: "The brief is being made." in rep.toasts())
