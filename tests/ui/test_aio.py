"""asyncio on Qt's loop: tasks are kept, end with their owner, and their errors go somewhere."""

from __future__ import annotations

import asyncio
import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from copilot.errors import UnavailableError, UserError
from tests.ui.conftest import until
from ui import aio


class Emitter(QObject):
    emitted = Signal(bool)


def test_five_thousand_signals_do_not_kill_the_interpreter(qapp: object) -> None:
    # PySide6 6.12 on Python 3.11 loses a reference to True with each emit and aborts after some 500.
    emitter = Emitter()
    got: list[bool] = []
    emitter.emitted.connect(got.append)
    for _ in range(5_000):
        emitter.emitted.emit(True)
    assert len(got) == 5_000


async def test_a_task_ends_with_its_owner() -> None:
    owner = QObject()
    task = aio.spawn(asyncio.Event().wait(), "waits for ever", owner)
    await asyncio.sleep(0)
    owner.deleteLater()
    await until(task.done)
    assert task.cancelled()


async def test_a_user_error_goes_to_whoever_shows_them() -> None:
    shown: list[UserError] = []
    stop = aio.on_user_error(shown.append)
    owner = QObject()

    async def fails() -> None:
        raise UnavailableError("No answer.", "Try later.")

    task = aio.spawn(fails(), "fails", owner)
    await until(task.done)
    await until(lambda: shown)
    stop()
    assert [error.message for error in shown] == ["No answer."]


async def test_a_bug_goes_to_the_except_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _type, error, _trace: caught.append(error))
    owner = QObject()

    async def fails() -> None:
        raise ZeroDivisionError

    aio.spawn(fails(), "fails", owner)
    await until(lambda: caught)
    assert isinstance(caught[0], ZeroDivisionError)


async def test_asking_a_dialog_leaves_other_tasks_running(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    ticks: list[int] = []

    async def ticking() -> None:
        while True:
            ticks.append(1)
            await asyncio.sleep(0)

    other = aio.spawn(ticking(), "ticks", dialog)
    answer = asyncio.ensure_future(aio.ask(dialog))
    await until(lambda: dialog.isVisible() and len(ticks) > 20)
    dialog.accept()
    assert await answer == QDialog.DialogCode.Accepted
    other.cancel()
    await until(other.done)
