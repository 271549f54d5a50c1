"""asyncio on Qt's event loop: the only file that knows how the two are joined.

Rules kept here because each cost days elsewhere: a pending task is held by somebody; its error goes somewhere; nothing
ever runs a nested event loop (`exec`, `processEvents`), which would kill the tasks around it; the loop closes before
the application object goes.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import qasync
from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication, QDialog

from copilot.errors import UserError
from ui.garbage import GarbageCollector

ResultT = TypeVar("ResultT")
UserErrorHandler = Callable[[UserError], None]

SWITCH_SECONDS = 0.001
"""How long a busy thread may keep the interpreter from the window: Python's own 5 ms, times the threads that work, is
more than a frame. Beside a first sync it halves what the loop is late at the 99th percentile."""

_tasks: set[asyncio.Task[Any]] = set()
_user_error_handlers: list[UserErrorHandler] = []


class _Loop(qasync.QEventLoop):  # type: ignore[misc]  # qasync carries no types
    """qasync's loop without its parting `processEvents`.

    That call runs timers and tasks that are due after the loop has stopped running, where no coroutine can go on
    (qasync 0.28, `run_until_complete`).
    """

    def run_until_complete(self, future: Any) -> Any:
        task = asyncio.ensure_future(future, loop=self)

        def on_done(_task: object) -> None:
            self.stop()

        task.add_done_callback(on_done)
        try:
            self.run_forever()
        finally:
            task.remove_done_callback(on_done)
        if not task.done():
            raise RuntimeError("The event loop was stopped before its task was done.")
        return task.result()


def new_loop(application: QApplication) -> asyncio.AbstractEventLoop:
    """A loop that is Qt's own. The one who makes it closes it."""
    loop: asyncio.AbstractEventLoop = _Loop(application)
    loop.set_exception_handler(_on_loop_error)
    return loop


def run(main: Callable[[], Coroutine[Any, Any, int]], application: QApplication) -> int:
    """Run the application until `main` returns; answers what it returned.

    Closing the last window does not end it: the window tells `main`, which puts everything away and returns.
    """
    application.setQuitOnLastWindowClosed(False)
    collector = GarbageCollector(application)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with asyncio.Runner(loop_factory=partial(new_loop, application)) as runner:
            return runner.run(main())
    finally:
        sys.setswitchinterval(interval)
        collector.stop()


def spawn(coroutine: Coroutine[Any, Any, ResultT], name: str, owner: QObject) -> asyncio.Task[ResultT]:
    """Start a task that lives at most as long as `owner` and whose error is never lost.

    A `UserError` goes to whoever shows them (`on_user_error`), anything else is a bug and goes to `sys.excepthook`.
    """
    task = asyncio.get_running_loop().create_task(coroutine, name=name)
    _tasks.add(task)
    connection = owner.destroyed.connect(partial(_cancel, task))
    task.add_done_callback(partial(_on_done, owner, connection))
    return task


def pending_tasks() -> frozenset[str]:
    """The names of the spawned tasks that still run: empty when everything was put away."""
    return frozenset(task.get_name() for task in _tasks if not task.done())


async def cancel_all() -> None:
    """Cancel what was spawned and wait until it has ended."""
    running = [task for task in _tasks if task is not asyncio.current_task()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def on_user_error(handler: UserErrorHandler) -> Callable[[], None]:
    """Show the user errors of spawned tasks from now on; the answer ends that. The newest handler gets them."""
    _user_error_handlers.append(handler)

    def stop() -> None:
        if handler in _user_error_handlers:
            _user_error_handlers.remove(handler)

    return stop


async def ask(dialog: QDialog) -> int:
    """Open a dialog without blocking and wait for its result (`QDialog.DialogCode`)."""
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def on_finished(result: int) -> None:
        if not answer.done():
            answer.set_result(result)

    dialog.finished.connect(on_finished)
    dialog.open()
    try:
        return await answer
    except asyncio.CancelledError:
        dialog.close()
        raise


class QuitSignals(QObject):
    """Calls `quit_` on SIGINT and SIGTERM, at once: Python alone would wait until Qt next runs some Python."""

    def __init__(self, quit_: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._read_end, self._write_end = os.pipe()
        for end in (self._read_end, self._write_end):
            os.set_blocking(end, False)
        self._old_fd = signal.set_wakeup_fd(self._write_end)
        self._old = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)
        }
        self._quit = quit_
        self._notifier = QSocketNotifier(self._read_end, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def restore(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        os.close(self._read_end)
        os.close(self._write_end)

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._quit()

    def _on_readable(self) -> None:
        os.read(self._read_end, 64)


def _cancel(task: asyncio.Task[Any], *_: object) -> None:
    task.cancel()


def _on_done(owner: QObject, connection: object, task: asyncio.Task[Any]) -> None:
    _tasks.discard(task)
    with suppress(RuntimeError):  # the owner may be gone, which is why the task ended
        owner.disconnect(connection)  # type: ignore[call-overload]
    if task.cancelled():
        return
    error = task.exception()
    if error is not None:
        _report(error)


def _report(error: BaseException) -> None:
    if isinstance(error, UserError) and _user_error_handlers:
        _user_error_handlers[-1](error)
        return
    sys.excepthook(type(error), error, error.__traceback__)


def _on_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception") or RuntimeError(context.get("message", "error in the event loop"))
    if not isinstance(error, asyncio.CancelledError):
        _report(error)
