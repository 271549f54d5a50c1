"""The open ticket on the screen, and what happens to it while one looks."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QWidget

from copilot.domain import Citation, RemoteId, SourceKind
from copilot.errors import StoreError
from tests.ui.conftest import until
from tests.ui.conversation.conftest import MAYA, OMAR, WEI, Desk
from tests.ui.fake_desk import ME, PRIYA
from ui.conversation.bubble import MessageBubble


def shown_messages(desk: Desk) -> list[RemoteId]:
    live = desk.pane.messages.rows.live
    return [
        r.message.remote_id for n in sorted(live) if isinstance(r := live[n], MessageBubble) and r.message
    ]


async def test_no_ticket_says_what_to_do(desk: Desk) -> None:
    state = desk.pane._nothing
    assert state.isVisible()
    assert "Press j" in state.advice()


async def test_a_ticket_is_shown_whole(desk: Desk) -> None:
    await desk.open()
    header = desk.pane.header
    assert header.accessibleName() == "Ticket: Refund still not on my card, Open"
    assert shown_messages(desk)[-1] == "1-9"
    assert desk.pane.composer.editor.placeholderText() == "Reply to Maya"
    assert header.strip.isHidden()


async def test_an_escalated_ticket_says_why_and_offers_to_take_over(desk: Desk) -> None:
    await desk.open(WEI)
    strip = desk.pane.header.strip
    assert not strip.isHidden()
    assert "Birdie (AI agent)" in strip.text()
    assert "asked for a person twice" in strip.text()
    assert "38%" in strip.text()
    assert not strip.take_over.isHidden()
    desk.workspace.change(WEI, assignee=ME)
    await until(strip.take_over.isHidden)


async def test_the_html_of_what_shows_is_there_when_the_thread_appears(desk: Desk) -> None:
    await desk.open()
    for row in desk.pane.messages.rows.live.values():
        if isinstance(row, MessageBubble):
            assert row._rendered is not None


async def test_a_faster_choice_of_another_ticket_wins(desk: Desk) -> None:
    desk.pane.show_ticket(MAYA)
    await desk.open(OMAR)
    assert desk.pane.ticket == OMAR
    assert shown_messages(desk) == ["2-9"]


async def test_an_error_is_shown_in_place_with_a_way_on(desk: Desk) -> None:
    desk.workspace.fail_next("conversation", StoreError("The ticket could not be read.", "Try again."))
    desk.pane.show_ticket(MAYA)
    error = desk.pane._error
    await until(error.isVisible)
    assert error.title() == "The ticket could not be read."
    shown: list[object] = []
    desk.pane.shown.connect(shown.append)
    error.findChildren(QAbstractButton)[0].click()
    await until(lambda: shown)
    assert shown_messages(desk)


async def test_news_while_writing_are_said_and_can_be_shown(desk: Desk) -> None:
    await desk.open()
    desk.type("Hi Maya,")
    desk.workspace.arrive(MAYA, desk.says("Are you there?"))
    await until(lambda: not desk.pane.notices.news.isHidden())
    assert desk.pane.notices.news.text() == "Maya Stone wrote 10 s ago"
    desk.pane.notices.show_news.click()
    assert desk.pane.notices.news.isHidden()
    assert desk.pane.writing.seen == "1-99"


async def test_a_message_out_of_sight_counts_as_not_seen(desk: Desk) -> None:
    await desk.open()
    desk.pane.resize(720, 520)
    desk.pane.messages.verticalScrollBar().setValue(0)
    assert not desk.pane.messages.is_at_end
    desk.workspace.arrive(MAYA, desk.says("Are you there?"))
    await until(lambda: not desk.pane.notices.news.isHidden())
    assert desk.pane.writing.seen == "1-9"
    bar = desk.pane.messages.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert desk.pane.writing.seen == "1-99"
    assert desk.pane.notices.news.isHidden()


async def test_a_message_in_sight_needs_no_strip(desk: Desk) -> None:
    await desk.open()
    desk.workspace.arrive(MAYA, desk.says("Are you there?"))
    await until(lambda: "1-99" in shown_messages(desk))
    await asyncio.sleep(0)
    assert desk.pane.notices.news.isHidden()
    assert desk.pane.writing.seen == "1-99"


async def test_a_citation_of_this_thread_lights_up(desk: Desk) -> None:
    await desk.open()
    message = desk.workspace.cases[MAYA].messages[-1]
    citation = Citation(
        kind=SourceKind.MESSAGE, title="", quote="third time", start=message.clean.index("third time"),
        end=message.clean.index("third time") + 10, ticket=MAYA, message=message.remote_id,
    )  # fmt: skip
    assert desk.pane.highlight(citation)
    lit = desk.pane.messages.rows.reading.lit
    assert lit is not None
    assert lit.quote == "third time"
    desk.pane.clear_highlight()
    assert desk.pane.messages.rows.reading.lit is None


async def test_a_citation_of_an_article_is_not_for_the_thread(desk: Desk) -> None:
    await desk.open()
    article = desk.workspace.briefs[MAYA].articles[0].passage
    assert not desk.pane.highlight(article)


async def test_a_link_is_asked_about_first(desk: Desk) -> None:
    await desk.open()
    desk.pane.messages.rows.link_asked.emit("https://bank.example.phish.example/x")
    link = desk.pane.notices.link
    assert not link.isHidden()
    assert link._host.text() == "This link leads to bank.example.phish.example"
    assert desk.pane.close_notice()
    assert link.isHidden()
    assert not desk.pane.close_notice()


async def test_status_changes_show_in_the_header(desk: Desk) -> None:
    await desk.open()
    desk.workspace.change(MAYA, assignee=PRIYA)
    await until(lambda: desk.pane.header._facts._assignee.text() == "Priya Raman")


async def test_subjects_are_never_html(desk: Desk) -> None:
    desk.workspace.change(MAYA, subject="<img src='file:///etc/x'><b>Refund</b>")
    await desk.open()
    assert desk.pane.header._subject.text() == "<img src='file:///etc/x'><b>Refund</b>"
    assert "<b>" not in desk.pane.header._subject.toolTip()


async def test_every_control_has_a_name(desk: Desk) -> None:
    await desk.open(WEI)
    desk.type("x")
    await desk.send()
    await until(desk.outgoing)
    nameless = [
        type(widget).__name__
        for widget in desk.pane.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not _name(widget)
    ]
    assert nameless == []


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


async def test_the_fields_of_the_editor_have_roles_for_screen_readers(desk: Desk) -> None:
    await desk.open()
    interface = QAccessible.queryAccessibleInterface(desk.pane.composer.editor)
    assert interface.role() == QAccessible.Role.EditableText
    assert interface.text(QAccessible.Text.Name) == "Reply to Maya Stone"
    desk.pane.note()
    assert interface.text(QAccessible.Text.Name) == "Internal note"


async def test_closing_the_ticket_leaves_nothing_to_write_to(desk: Desk) -> None:
    await desk.open()
    desk.type("x")
    desk.pane.show_ticket(None)
    desk.pane.reply()
    await desk.pane.settled()
    assert desk.workspace.saved[MAYA].text == "x"
    assert desk.pane._nothing.isVisible()


async def test_two_tickets_in_turn_never_mix_their_drafts(desk: Desk) -> None:
    for _ in range(5):
        await desk.open(MAYA)
        desk.pane.composer.put("to Maya")
        await desk.open(OMAR)
        desk.pane.composer.put("to Omar")
    await desk.pane.settled()
    assert desk.workspace.saved[MAYA].text == "to Maya"
    assert desk.workspace.saved[OMAR].text == "to Omar"


async def test_a_ticket_that_is_gone_says_so(desk: Desk) -> None:
    del desk.workspace.cases[WEI]
    desk.pane.show_ticket(WEI)
    await until(desk.pane._error.isVisible)
    assert desk.pane._error.title() == "This ticket is gone."


async def test_many_tickets_leave_no_widgets_behind(desk: Desk) -> None:
    await desk.open(MAYA)
    await desk.open(OMAR)
    before = len(desk.pane.findChildren(QWidget))
    for number in range(40):
        await desk.open((MAYA, OMAR, WEI)[number % 3])
    await desk.open(OMAR)
    assert len(desk.pane.findChildren(QWidget)) <= before + 40
