"""How fast a conversation opens, scrolls and takes keys: `python -m tests.bench.conversation`.

Offscreen, the pane of the program over an in-memory workspace, so that the figures are the screen's own; messages are
rendered by the program's own renderer, off the window's thread, as they are there. Texts are those of the demo desk.
The yardstick of the same run is a bare window with one text browser for each message, the obvious way to do it.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QTextBrowser, QVBoxLayout, QWidget

from copilot.domain import Message, RemoteId, TicketId
from copilot.text.html import render_message
from copilot.workspace import Rendered
from tests.bench.figures import machine, table
from tests.ui.fake_desk import ME, cases
from tests.ui.fake_workspace import FakeWorkspace
from ui import aio
from ui.actions import Actions
from ui.bridge import Bridge
from ui.conversation.pane import ConversationPane
from ui.theme.fonts import load_fonts
from ui.theme.theme import theme

SIZES = (10, 200, 2000)
SIZE_ON_SCREEN = (716, 900)
OPENED = 15
KEYS = 120
SCROLLS = 200
QUEUE = Path(__file__).parents[2] / "resources" / "demo" / "queue.jsonl"


class BenchWorkspace(FakeWorkspace):
    """Threads of any length, rendered as the real workspace does."""

    async def render(self, message: Message, *, whole: bool = False) -> Rendered:
        html, hidden, shortened = await asyncio.to_thread(render_message, message, whole=whole)
        return Rendered(html=html, hidden_html=hidden, shortened=shortened)

    def give_thread(self, ticket: TicketId, count: int) -> None:
        """Let a ticket have this many messages."""
        case = self.cases[ticket]
        self.cases[ticket] = replace(case, messages=_messages(count, self.now))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; answers the process's exit code."""
    del arguments
    application = QApplication.instance() or QApplication(["bench"])
    if not isinstance(application, QApplication):
        return 1
    load_fonts()
    theme().start(application, "light")
    print(machine())
    return aio.run(_measure, application)


async def _measure() -> int:
    workspace = BenchWorkspace()
    pane = ConversationPane(workspace, Bridge(workspace.events), Actions())
    pane.resize(*SIZE_ON_SCREEN)
    pane.show()
    small, rest = TicketId(2), TicketId(1)
    rows = [("messages", "open to painted", "p95", "scroll p50", "scroll p99", "a browser each")]
    medians: dict[int, float] = {}
    for size in SIZES:
        opened = []
        for _ in range(OPENED):
            await _open(pane, small)
            workspace.give_thread(rest, size)
            opened.append(await _open(pane, rest))
        medians[size] = statistics.median(opened)
        scrolls = _scroll(pane)
        naive = _naive(size) if size <= 200 else 0.0
        rows.append(
            (str(size), _ms(medians[size]), _ms(_p(opened, 95)), _ms(_p(scrolls, 50)), _ms(_p(scrolls, 99)),
             _ms(naive) if naive else "not tried")
        )  # fmt: skip
    print(table("A conversation", rows))
    print(f"\n  2,000 messages open in {medians[2000] / medians[200]:.1f} x the time of 200")
    keys = await _type(pane)
    print(
        f"  a key in the editor: p50 {_ms(_p(keys, 50))}, p99 {_ms(_p(keys, 99))} (draft with marks, saved as typed)"
    )
    await pane.settled()
    pane.hide()
    await aio.cancel_all()
    return 0


async def _open(pane: ConversationPane, ticket: TicketId) -> float:
    """Seconds from choosing a ticket to its thread on the screen."""
    shown: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_shown() -> None:
        if not shown.done():
            shown.set_result(None)

    connection = pane.shown.connect(on_shown)
    began = time.perf_counter()
    pane.show_ticket(ticket)
    await shown
    pane.messages.viewport().grab()
    took = time.perf_counter() - began
    pane.shown.disconnect(connection)
    await asyncio.sleep(0.02)
    return took


def _scroll(pane: ConversationPane) -> list[float]:
    bar = pane.messages.verticalScrollBar()
    times = []
    for _ in range(SCROLLS):
        began = time.perf_counter()
        bar.setValue(bar.value() - 56)
        pane.messages.viewport().grab()
        times.append(time.perf_counter() - began)
        if bar.value() == 0:
            bar.setValue(bar.maximum())
    return times


async def _type(pane: ConversationPane) -> list[float]:
    suggestion = FakeWorkspace().briefs[TicketId(1)].suggestion
    pane.insert_draft(suggestion.content, suggestion.id)  # type: ignore[arg-type]  # that ticket has a draft
    times = []
    for number in range(KEYS):
        began = time.perf_counter()
        QTest.keyClick(pane.composer.editor, Qt.Key.Key_A if number % 6 else Qt.Key.Key_Space)
        pane.composer.grab()
        times.append(time.perf_counter() - began)
        await asyncio.sleep(0)
    return times


def _naive(count: int) -> float:
    """The same messages with a text browser for each, all made at once."""
    began = time.perf_counter()
    inside = QWidget()
    layout = QVBoxLayout(inside)
    for message in _messages(count, datetime.now(UTC)):
        browser = QTextBrowser()
        browser.setHtml(render_message(message, whole=False)[0])
        layout.addWidget(browser)
    area = QScrollArea()
    area.setWidget(inside)
    area.resize(*SIZE_ON_SCREEN)
    area.show()
    area.grab()
    took = time.perf_counter() - began
    area.hide()
    area.deleteLater()
    return took


def _messages(count: int, now: datetime) -> tuple[Message, ...]:
    texts = _texts()
    people = (cases(now)[0].ticket.requester, ME)
    return tuple(
        Message(
            remote_id=RemoteId(f"b{n}"),
            author=people[n % 2],
            created=now - timedelta(minutes=7 * (count - n)),
            text=texts[n % len(texts)],
            clean=texts[n % len(texts)],
        )
        for n in range(count)
    )


def _texts() -> list[str]:
    with QUEUE.open(encoding="utf-8") as lines:
        tickets = [json.loads(line) for line in lines]
    return [message["text"] for ticket in tickets for message in ticket["messages"] if message["text"]]


def _p(figures: Sequence[float], percent: int) -> float:
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
