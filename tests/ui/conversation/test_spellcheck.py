"""Misspelled words are underlined when the keys rest; others are offered in the context menu and by key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.conftest import until
from tests.ui.conversation.conftest import Desk

DOTS = QTextCharFormat.UnderlineStyle.DotLine


def underlined(desk: Desk) -> list[str]:
    marks = desk.pane.composer.editor.extraSelections()
    return [mark.cursor.selectedText() for mark in marks if mark.format.underlineStyle() == DOTS]


async def menu_at_cursor(desk: Desk) -> QMenu:
    editor = desk.pane.composer.editor
    place = editor.cursorRect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, editor.viewport().mapToGlobal(place))
    QApplication.sendEvent(editor.viewport(), event)
    menus = [menu for menu in editor.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    return menus[0]


async def test_words_are_underlined_but_not_the_one_being_typed(desk: Desk) -> None:
    await desk.open()
    desk.pane.focus_editor()
    desk.type("Your refnd, you recieve")
    await until(lambda: underlined(desk) == ["refnd"])
    desk.type(" it")
    await until(lambda: underlined(desk) == ["refnd", "recieve"])
    assert desk.text == "Your refnd, you recieve it"


async def test_a_key_steps_through_them_and_the_menu_mends(desk: Desk) -> None:
    await desk.open()
    desk.pane.focus_editor()
    desk.pane.composer.put("😀 refnd and recieve it")
    await until(lambda: len(underlined(desk)) == 2)
    editor = desk.pane.composer.editor
    assert editor.to_next_mistake()
    assert editor.textCursor().selectedText() == "refnd"
    assert editor.to_next_mistake()
    assert editor.to_next_mistake()
    assert editor.textCursor().selectedText() == "refnd"
    menu = await menu_at_cursor(desk)
    await until(lambda: menu.actions()[0].text() == "refund")
    menu.actions()[0].trigger()
    menu.close()
    assert desk.text == "😀 refund and recieve it"
    await until(lambda: underlined(desk) == ["recieve"])
    editor.undo()
    assert desk.text == "😀 refnd and recieve it"


async def test_a_word_can_be_right(desk: Desk) -> None:
    await desk.open()
    desk.pane.focus_editor()
    desk.type("refnd it")
    await until(lambda: underlined(desk) == ["refnd"])
    desk.pane.composer.editor.to_next_mistake()
    menu = await menu_at_cursor(desk)
    next(action for action in menu.actions() if action.text().endswith("is right")).trigger()
    menu.close()
    await until(lambda: not underlined(desk))


async def test_another_ticket_has_no_marks(desk: Desk) -> None:
    await desk.open()
    desk.pane.focus_editor()
    desk.type("refnd it")
    await until(lambda: underlined(desk))
    desk.pane.show_ticket(None)
    desk.pane.composer.load("", note=False)
    assert not underlined(desk)
    desk.press(desk.pane.composer.editor, Qt.Key.Key_A)
    assert not desk.pane.composer.editor.to_next_mistake()
