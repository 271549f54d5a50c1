"""Keys: letters, chords and sequences do what is declared, and rest while one types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QPlainTextEdit, QTextBrowser, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.actions import Actions
from ui.commands.keyhints import KeyHints
from ui.commands.keys import Keys


class Bench:
    """A window with a list, a search field, an editor, something to read, and an overlay."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.list, self.field, self.editor = QListWidget(), QLineEdit(), QPlainTextEdit()
        self.reading, self.on_top = QTextBrowser(), QListWidget()
        self.list.setProperty("keyScope", "queue")
        self.editor.setProperty("keyScope", "editor")
        self.on_top.setProperty("keyScope", "overlay")
        layout = QVBoxLayout(self.window)
        for widget in (self.list, self.field, self.editor, self.reading, self.on_top):
            layout.addWidget(widget)
        self.actions = Actions(self.window)
        self.done: list[str] = []
        for action in self.actions.all():
            self.actions.bind(action.id, lambda name=action.id: self.done.append(name))  # type: ignore[misc]
        self.keys = Keys(self.actions, self.window)
        self.hints = KeyHints(self.keys, self.actions, self.window)
        self.window.resize(500, 600)
        self.window.show()

    def press(self, widget: QWidget, *keys: str | Qt.Key) -> list[str]:
        """What pressing keys in a widget did."""
        self.done.clear()
        widget.setFocus()
        for key in keys:
            if isinstance(key, str):
                QTest.keyClicks(widget, key)
            else:
                QTest.keyClick(widget, key)
        return list(self.done)

    def chord(self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> list[str]:
        self.done.clear()
        widget.setFocus()
        QTest.keyClick(widget, key, modifiers)
        return list(self.done)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    made.keys.close()


CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_letters_trigger_their_actions(bench: Bench) -> None:
    keys = "jkoranetsxzvuby/?"
    done = bench.press(bench.list, *keys)
    assert done == [
        "queue.next", "queue.previous", "queue.open", "ticket.reply", "draft.accept", "ticket.note", "draft.edit",
        "ticket.take_over", "ticket.assign", "ticket.escalate", "ticket.snooze", "ticket.solve", "edit.undo",
        "ticket.browse", "draft.sources", "queue.search", "window.keys",
    ]  # fmt: skip


def test_letters_work_while_reading(bench: Bench) -> None:
    assert bench.press(bench.reading, "j", "a") == ["queue.next", "draft.accept"]


@pytest.mark.parametrize("where", ["field", "editor"])
def test_letters_are_typed_where_one_types(bench: Bench, where: str) -> None:
    widget = getattr(bench, where)
    assert bench.press(widget, *"ajgm/?d1") == []
    text = widget.text() if where == "field" else widget.toPlainText()
    assert text == "ajgm/?d1"
    assert bench.keys.prefix == ""


def test_sequences(bench: Bench) -> None:
    assert bench.press(bench.list, "g", "u") == ["view.unassigned"]
    assert bench.press(bench.list, "d", "3") == ["draft.dismiss.tone"]
    assert bench.press(bench.list, "3") == ["view.escalated"]


def test_a_sequence_shows_what_can_follow_and_any_other_key_ends_it(bench: Bench) -> None:
    bench.press(bench.list, "d")
    assert bench.hints.isVisible()
    assert bench.press(bench.list, "j") == []
    assert not bench.hints.isVisible()
    assert bench.press(bench.list, "j") == ["queue.next"]


def test_escape_ends_a_sequence_and_nothing_else(bench: Bench) -> None:
    bench.press(bench.list, "g")
    assert bench.press(bench.list, Qt.Key.Key_Escape) == []
    assert bench.press(bench.list, Qt.Key.Key_Escape) == ["window.back"]


def test_enter_opens_only_in_the_list(bench: Bench) -> None:
    assert bench.press(bench.list, Qt.Key.Key_Return) == ["queue.open_here"]
    assert bench.press(bench.list, Qt.Key.Key_Enter) == ["queue.open_here"]
    assert bench.press(bench.field, Qt.Key.Key_Return) == []


def test_sending_works_only_in_the_editor(bench: Bench) -> None:
    assert bench.chord(bench.editor, Qt.Key.Key_Return, CTRL) == ["reply.send"]
    assert bench.chord(bench.editor, Qt.Key.Key_Return, CTRL | SHIFT) == ["reply.send_and_solve"]
    assert bench.chord(bench.list, Qt.Key.Key_Return, CTRL) == []


def test_chords_work_while_typing_but_ctrl_z_stays_the_editors(bench: Bench) -> None:
    assert bench.chord(bench.editor, Qt.Key.Key_K, CTRL) == ["window.palette"]
    assert bench.press(bench.editor, Qt.Key.Key_F5) == ["window.sync"]
    bench.editor.setPlainText("")
    bench.press(bench.editor, "x")
    assert bench.chord(bench.editor, Qt.Key.Key_Z, CTRL) == []
    assert bench.editor.toPlainText() == ""
    assert bench.chord(bench.list, Qt.Key.Key_Z, CTRL) == ["edit.undo"]


def test_in_an_overlay_only_escape_is_ours(bench: Bench) -> None:
    assert bench.press(bench.on_top, "j", "a", "g", "m", Qt.Key.Key_Escape) == ["window.back"]


def test_keys_of_another_window_are_not_ours(bench: Bench, qtbot: QtBot) -> None:
    other = QListWidget()
    qtbot.addWidget(other)
    other.show()
    assert bench.press(other, "j") == []
