"""Toasts and strips: seen, counted down, answered, gone; never in the way for good."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.tokens import Tone
from ui.widgets.labels import Label, plain_tip
from ui.widgets.notices import Notice, Strip, Toasts


def windowed(qtbot: QtBot) -> tuple[QWidget, Toasts]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    return window, Toasts(window)


def test_a_toast_counts_down_and_leaves(qtbot: QtBot) -> None:
    _, toasts = windowed(qtbot)
    toasts.show(Notice(text="Reply to Amara goes out in {seconds} s", seconds=2))
    (toast,) = toasts.shown()
    assert toast.text() == "Reply to Amara goes out in 2 s"
    toast.tick()
    assert toast.text() == "Reply to Amara goes out in 1 s"
    toast.tick()
    assert toasts.shown() == ()


def test_undo_is_done_once_and_the_toast_goes(qtbot: QtBot) -> None:
    _, toasts = windowed(qtbot)
    done: list[int] = []
    toasts.show(Notice(text="Solved", action="Undo", key="u", do=lambda: done.append(1)))
    button = toasts.shown()[0].button
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [1]
    assert toasts.shown() == ()


def test_three_at_most_and_the_same_thing_is_said_once(qtbot: QtBot) -> None:
    _, toasts = windowed(qtbot)
    for number in range(5):
        toasts.show(Notice(text=f"Number {number}"))
    assert [toast.text() for toast in toasts.shown()] == ["Number 2", "Number 3", "Number 4"]
    toasts.show(Notice(text="again"), key="same")
    toasts.show(Notice(text="and again"), key="same")
    assert [toast.text() for toast in toasts.shown()].count("and again") == 1
    assert "again" not in [toast.text() for toast in toasts.shown()]


def test_toasts_stay_inside_a_narrow_window(qtbot: QtBot) -> None:
    window, toasts = windowed(qtbot)
    toasts.show(Notice(text="A long sentence about something that went wrong. " * 4, tone=Tone.BAD))
    window.resize(500, 480)
    qtbot.waitUntil(lambda: window.rect().contains(toasts.shown()[0].geometry()))


def test_customer_text_is_never_html(qtbot: QtBot) -> None:
    evil = '<img src="file:///etc/passwd"><b>bold</b>'
    strip = Strip(Tone.WARN, evil)
    label = Label(evil)
    qtbot.addWidget(strip)
    qtbot.addWidget(label)
    assert all(child.textFormat() is Qt.TextFormat.PlainText for child in strip.findChildren(QLabel))
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "<img" not in plain_tip(evil)
    assert strip.text() == evil
