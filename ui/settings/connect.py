"""Connect a Request Tracker: address, token, queues; tried before it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QLineEdit

from copilot.errors import UserError
from ui import aio
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip, announce
from ui.widgets.overlay import focus_first

if TYPE_CHECKING:
    from copilot.workspace import Workspace

WIDTH = 520


class ConnectPanel(QFrame):
    """The panel; nothing is kept until the desk has answered."""

    connected = Signal(str)
    """The desk is connected: its name."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._task: asyncio.Task[object] | None = None
        self.setAccessibleName("Connect a help desk")
        self.setMinimumWidth(WIDTH)
        self.url = _field("https://rt.example.org", "Address of Request Tracker")
        self.token = _field("1-14-abc…", "Token")
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.queues = _field("General, Billing (empty: all you may see)", "Queues")
        self.name = _field("Support", "Name in Sidedesk")
        self.outcome = Strip(
            Tone.NEUTRAL, "The token stays in this computer's keyring.", icon_name="key-round"
        )
        self.test = Button("Test", "plug")
        self.connect_ = Button("Connect", "check", kind="primary", key="Enter")
        self.test.clicked.connect(lambda: self._begin(self._test(), "test the desk"))
        self.connect_.clicked.connect(lambda: self._begin(self._connect(), "connect the desk"))
        self._lay_out()
        self.url.textChanged.connect(self._on_typed)
        self.token.textChanged.connect(self._on_typed)
        self._on_typed()
        focus_first(self, self.url)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(Space.L)
        form.setVerticalSpacing(Space.S)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for text, field in (
            ("Address", self.url),
            ("Token", self.token),
            ("Queues", self.queues),
            ("Name", self.name),
        ):
            label = Label(text, Text.BODY, "muted")
            label.setBuddy(field)
            label.setMinimumHeight(field.sizeHint().height())
            form.addRow(label, field)
        head = row(Label("Connect a help desk", Text.TITLE), None, Label("Esc closes", Text.SMALL, "faint"))
        intro = Label(
            "Request Tracker 5, over its REST 2.0 interface. In Request Tracker, make a token under "
            "Logged in as, Settings, Auth Tokens.",
            Text.SMALL, "muted", wrap=True,
        )  # fmt: skip
        buttons = row(None, self.test, self.connect_)
        self.setLayout(column(head, intro, form, self.outcome, buttons, margins=Space.XL, spacing=Space.L))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.connect_.isEnabled():
            self.connect_.click()
            return
        super().keyPressEvent(event)

    def _on_typed(self) -> None:
        ready = bool(self.url.text().strip() and self.token.text().strip())
        self.test.setEnabled(ready)
        self.connect_.setEnabled(ready)

    def _begin(self, coroutine: Coroutine[Any, Any, object], name: str) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = aio.spawn(coroutine, name, self)

    async def _test(self) -> bool:
        self._tell(Tone.NEUTRAL, "Asking the desk who you are…")
        self.test.setEnabled(False)
        try:
            check = await self._workspace.connecting.test("request_tracker", self._values())
        except UserError as error:
            self._tell(Tone.BAD, str(error))
            return False
        finally:
            self._on_typed()
        self._tell(Tone.GOOD, f"It works: you are {check.me.name}.")
        return True

    async def _connect(self) -> None:
        if not await self._test():
            return
        name = self.name.text().strip() or urlsplit(self._address()).hostname or "Request Tracker"
        queues = [queue.strip() for queue in self.queues.text().split(",") if queue.strip()]
        try:
            await self._workspace.connecting.connect("request_tracker", name, self._values(), queues=queues)
        except UserError as error:
            self._tell(Tone.BAD, str(error))
            return
        self.connected.emit(name)

    def _values(self) -> dict[str, str]:
        return {"url": self._address(), "token": self.token.text().strip()}

    def _address(self) -> str:
        typed = self.url.text().strip().rstrip("/")
        return typed if "://" in typed else f"https://{typed}"

    def _tell(self, tone: Tone, text: str) -> None:
        self.outcome.set_tone(tone)
        self.outcome.say(text)
        announce(self.outcome, text)


def _field(placeholder: str, name: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(placeholder)
    made.setAccessibleName(name)
    return made
