"""Start and end of the window: painted first, furnished when the workspace is open, put away in order."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from copilot.errors import UserError
from ui.display import display_problem

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from copilot.domain import QueuePage, View
    from copilot.workspace import Workspace
    from ui.furnish import Furniture
    from ui.window import Window

NO_DISPLAY = 69
"""Exit code when there is no screen (EX_UNAVAILABLE of sysexits.h)."""


def main(argv: Sequence[str]) -> int:
    """Run the window; answers the process's exit code. `argv[0]` is the program."""
    options = _parser().parse_args(list(argv[1:]))
    problem = display_problem()
    if problem:
        print(f"sidedesk: {problem}", file=sys.stderr)  # noqa: T201  before there is a window to say it in
        return NO_DISPLAY
    from ui.notify.instance import address, hand_over

    if hand_over(address(options.workspace), options.link):
        return 0
    application = make_application(argv)
    from ui import aio

    return aio.run(lambda: run(options.workspace, options.link), application)


def make_application(argv: Sequence[str], theme_name: str = "") -> QApplication:
    """The application object with its fonts and theme; `theme_name` forces one."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from ui.remembered import Remembered
    from ui.theme.fonts import load_fonts
    from ui.theme.theme import theme

    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QGuiApplication.setDesktopFileName("sidedesk")
    application = QApplication(list(argv[:1]))
    application.setApplicationName("Sidedesk")
    application.setQuitOnLastWindowClosed(False)
    load_fonts()
    theme().start(application, theme_name or Remembered.of_user().theme())
    return application


async def run(folder: Path | None, link: str = "") -> int:
    """The window's whole life: frame, workspace, panes; until the rep closes it."""
    from ui import aio
    from ui.remembered import Remembered
    from ui.window import Window

    window = Window(Remembered.of_user())
    over = asyncio.Event()
    window.close_asked.connect(over.set)
    signals = aio.QuitSignals(over.set, window)
    hook_before, sys.excepthook = sys.excepthook, partial(_on_bug, window)
    window.show()
    opening = aio.spawn(_open(window, folder, link), "open the workspace", window)
    await over.wait()
    signals.restore()
    await _close(window, opening)
    sys.excepthook = hook_before
    return 0


async def _open(window: Window, folder: Path | None, link: str = "") -> Furniture | None:
    """Show the queue as it was left, import the core in a thread meanwhile, then furnish the window."""
    await show_glimpse(window, folder)
    workspace_class: type[Workspace] = await asyncio.to_thread(_import_workspace)
    try:
        workspace = await workspace_class.open(folder)
    except UserError as error:
        _tell_not_opened(window, error)
        return None
    furniture = await furnish(window, workspace)
    furniture.offer_to_connect()
    await workspace.start()
    await _listen(window, folder, furniture)
    if link:
        furniture.links.open(link)
    return furniture


async def _listen(window: Window, folder: Path | None, furniture: Furniture) -> None:
    """Be the instance that later ones hand their links to."""
    await asyncio.to_thread(importlib.import_module, "PySide6.QtNetwork")
    from ui.notify.instance import FirstInstance, address

    FirstInstance(address(folder), window).asked.connect(furniture.links.open)


async def show_glimpse(window: Window, folder: Path | None) -> None:
    """The queue as it was left, if there is one already."""
    view = window.remembered.view()
    seen = await asyncio.to_thread(_glimpse, folder, view)
    if seen is not None:
        window.queue.show_glimpse(*seen, view)


def _glimpse(folder: Path | None, view: View) -> tuple[QueuePage, Mapping[View, int]] | None:
    from copilot.workspace import glimpse_of_queue

    return glimpse_of_queue(folder, view)


def _import_workspace() -> type[Workspace]:
    from copilot.workspace import Workspace

    return Workspace


async def furnish(window: Window, workspace: Workspace) -> Furniture:
    """Put the panes of an open workspace into the window."""
    module = await asyncio.to_thread(importlib.import_module, "ui.furnish")
    from ui.theme.theme import theme

    theme().prefer(workspace.preferences.theme)
    furniture: Furniture = module.Furniture(window, workspace)
    furniture.begin(window.remembered.view())
    return furniture


async def _close(window: Window, opening: asyncio.Task[Furniture | None]) -> None:
    """Keep what was typed, then end tasks, then the workspace; the loop closes after this, the application last."""
    from ui import aio

    window.hide()
    if not opening.done():
        opening.cancel()
    furniture = None
    with suppress(asyncio.CancelledError):
        furniture = await opening
    window.remember()
    if furniture is not None:
        await furniture.put_away()
    window.rest()
    await aio.cancel_all()
    if furniture is not None:
        await furniture.workspace.aclose()
    window.put_away()


def _tell_not_opened(window: Window, error: UserError) -> None:
    from ui.theme.tokens import Tone
    from ui.widgets.notices import Strip

    window.show_banner(Strip(Tone.BAD, f"The workspace could not be opened. {error}"))


def _on_bug(
    window: Window, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """A bug: log it, say so, go on. Messages of exceptions may hold customer text: only kind and places are kept."""
    import structlog

    from ui.theme.tokens import Tone
    from ui.widgets.notices import Notice

    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    frames = []
    while trace is not None:
        frames.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    structlog.get_logger(__name__).error("bug", kind=kind.__name__, at=" > ".join(frames[-6:]))
    words = "Something went wrong inside Sidedesk. What you typed is kept."
    window.toasts.show(Notice(text=words, tone=Tone.BAD, seconds=10), key="bug")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sidedesk", description="The copilot at the side of your help desk."
    )
    parser.add_argument("--workspace", type=Path, help="the workspace's folder (default: the user's own)")
    parser.add_argument("link", nargs="?", default="", help="a ticket to open: sidedesk://ticket/…")
    return parser
