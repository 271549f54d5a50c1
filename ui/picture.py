"""`python -m ui.picture --out DIR`: the window's picture from the demo desk, rendered offscreen, light and dark.

A temporary workspace is filled, its first ticket's brief is made, and the real window is painted: no mock, no display.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.domain import Draft, TicketId
from copilot.events import Event, SyncProgress

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.furnish import Furniture
    from ui.window import Window

HEIGHT = 900
LOOKED_AT = 12
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be rendered: the folder for the files, the width in logical pixels, and the schemes."""

    out: Path
    width: int
    schemes: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Render the pictures and print their paths; answers the process's exit code."""
    options = _parser().parse_args(arguments)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    from ui import aio
    from ui.app import make_application

    application = make_application(["sidedesk"], options.theme[0])
    wish = Wish(options.out, options.width, tuple(options.theme))
    return aio.run(lambda: _render(wish), application)


async def _render(wish: Wish) -> int:
    from ui import aio
    from ui.window import Window

    wish.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sidedesk-picture-") as folder:
        window = Window()
        window.resize(wish.width, HEIGHT)
        window.show()
        furniture = await _open(window, Path(folder))
        try:
            await _save(window, wish)
        finally:
            await furniture.put_away()
            window.rest()
            await aio.cancel_all()
            await furniture.workspace.aclose()
            window.put_away()
    return 0


async def _open(window: Window, folder: Path) -> Furniture:
    """The demo desk in a folder of its own, synced, with the first ticket's brief on screen."""
    from copilot.workspace import Workspace
    from ui.furnish import Furniture

    workspace = await Workspace.open(folder)
    filled = asyncio.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, SyncProgress) and event.finished:
            filled.set()

    workspace.events.subscribe(on_event)
    await workspace.start()
    await asyncio.wait_for(filled.wait(), PATIENCE_SECONDS)
    furniture = Furniture(window, workspace)
    furniture.begin()
    await _settle(window, workspace)
    return furniture


async def _settle(window: Window, workspace: Workspace) -> None:
    """Wait until queue, thread and brief of the chosen ticket are painted."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while window.queue.list.ticket is None:  # noqa: ASYNC110  the frame is the event: look after each
            await asyncio.sleep(0.02)
        window.queue.list.select_ticket(await _best_ticket(window, workspace))
        await asyncio.sleep(1.0)


async def _best_ticket(window: Window, workspace: Workspace) -> TicketId:
    """One with a draft and a thread, so that the picture shows what there is to show."""
    ids = window.queue.model.ids()[:LOOKED_AT]
    best, most = ids[0], -1.0
    for ticket in ids:
        content = (await workspace.make_brief(ticket)).suggestion.content
        sentences = len(content.sentences) if isinstance(content, Draft) else 0
        messages = len((await workspace.conversation(ticket)).messages)
        worth = min(sentences, 6) + min(messages, 4) / 2 if sentences else 0.0
        if worth > most:
            best, most = ticket, worth
    return best


async def _save(window: Window, wish: Wish) -> None:
    from ui.theme.theme import theme

    for scheme in wish.schemes:
        theme().prefer(scheme)
        await asyncio.sleep(0.2)
        file = wish.out / f"window-{scheme}.png"
        if not window.grab().save(str(file)):
            raise OSError(f"cannot write {file}")
        print(file)  # noqa: T201  the answer of the command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui.picture", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build"), help="the folder for the pictures")
    parser.add_argument("--scale", type=float, default=2.0, help="device pixels per logical pixel")
    parser.add_argument("--width", type=int, default=1440, help="the window's width in logical pixels")
    parser.add_argument(
        "--theme", nargs="+", default=["light", "dark"], choices=["light", "dark", "contrast"]
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
