"""Which model for which ticket, what it may cost, what may leave: edited, tried on past tickets, then switched on."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHeaderView, QPlainTextEdit, QTableWidget, QTableWidgetItem, QWidget

from copilot.errors import UserError
from ui import aio
from ui.settings.amount import Amount
from ui.settings.rows import Alternatives, SettingRow, group
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window

_EDITOR_HEIGHT = 260
_TABLE_HEIGHT = 220
_CHECK_MS = 400
_HEADINGS = ("Rule", "Writes", "Model", "Requests", "Leaving", "Cost")


class PolicyPage(QWidget):
    """The policy is a text one can read; nothing of it holds until it is switched on."""

    def __init__(self, workspace: Workspace, window: Window) -> None:
        super().__init__()
        self._workspace, self._window = workspace, window
        self._checking: asyncio.Task[None] | None = None
        models = workspace.models
        self.gap = Alternatives(
            (("no", "Off", "globe"), ("yes", "On", "shield-check")),
            "yes" if models.privacy.air_gapped else "no",
        )
        self.gap.chosen.connect(self._on_gap)
        limits = models.spending_limits
        self.amounts = {name: Amount(getattr(limits, name)) for name in ("day", "month", "ticket")}
        for name, amount in self.amounts.items():
            amount.changed.connect(partial(self._on_limit, name))
        self.spent = Label("", Text.SMALL, "muted", wrap=True)
        self.editor = self._make_editor()
        self.problems = Strip(Tone.NEUTRAL, "")
        self.simulate = Button("Try it on past tickets", "history")
        self.apply = Button("Switch on", "check", kind="primary")
        self.restore = Button("Back to the default", "undo-2", kind="quiet")
        for button in (self.simulate, self.apply):
            button.setEnabled(False)  # until the policy is read and found good
        self.table = _table()
        self.total = Label("", Text.SMALL, "muted", wrap=True)
        self._connect()
        self._lay_out()
        aio.spawn(self._read(), "read the policy", self)

    def _make_editor(self) -> QPlainTextEdit:
        editor = QPlainTextEdit()
        editor.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        editor.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        editor.setAccessibleName("Policy")
        editor.setTabChangesFocus(True)
        editor.setFixedHeight(_EDITOR_HEIGHT)
        return editor

    def _connect(self) -> None:
        self._rest = QTimer(self, interval=_CHECK_MS, singleShot=True)
        self._rest.timeout.connect(self._check)
        self.editor.textChanged.connect(self._rest.start)
        self.simulate.clicked.connect(lambda: aio.spawn(self._simulate(), "simulate the policy", self))
        self.apply.clicked.connect(lambda: aio.spawn(self._apply(), "switch the policy on", self))
        self.restore.clicked.connect(lambda: aio.spawn(self._restore(), "restore the policy", self))

    def _lay_out(self) -> None:
        words = {
            "day": (
                "A day",
                "Reached, drafts come from cheaper models or from this computer until midnight.",
            ),
            "month": ("A month", "The same, until the first."),
            "ticket": ("A ticket", "So that one long conversation does not eat the day."),
        }
        budgets = [SettingRow(*words[name], amount) for name, amount in self.amounts.items()]
        gap = SettingRow(
            "Air-gapped", "Only models on this computer and in private networks are asked, whatever the policy says.",
            self.gap,
        )  # fmt: skip
        buttons = row(self.restore, None, self.simulate, self.apply)
        self.setLayout(
            column(
                group("Privacy", gap),
                group("What it may cost", self.spent, *budgets),
                group("Policy", self.editor, self.problems, buttons, self.total, self.table),
                None,
                spacing=Space.XL,
            )
        )

    # -- the policy ----------------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        try:
            self.editor.setPlainText(await self._workspace.models.policy.text())
        except UserError as error:
            self._say(Tone.BAD, str(error))
        await self._show_spending()

    def _check(self) -> None:
        if self._checking is not None:
            self._checking.cancel()
        self._checking = aio.spawn(self._look(), "check the policy", self)

    async def _look(self) -> None:
        text = self.editor.toPlainText()
        problems = await self._workspace.models.check_policy(text)
        for button in (self.simulate, self.apply):
            button.setEnabled(not problems)
        if problems:
            self._say(Tone.BAD, "\n".join(f"Line {one.line}: {one.message}" for one in problems))
        elif text == await self._workspace.models.policy.text():
            self._say(Tone.GOOD, "This policy is in force.")
        else:
            self._say(Tone.INFO, "This policy can be switched on; the one before holds until then.")

    async def _simulate(self) -> None:
        self._say(Tone.NEUTRAL, "Reading past tickets…")
        try:
            found = await self._workspace.models.simulate(self.editor.toPlainText())
        except UserError as error:
            self._say(Tone.BAD, str(error))
            return
        self.table.setRowCount(len(found.rows))
        for place, one in enumerate(found.rows):
            cost = f"{one.cost:.4f} US$" if one.is_price_known else "price unknown"
            for column_, text in enumerate(
                (one.rule, one.task.value, one.model, str(one.requests), str(one.leaving), cost)
            ):
                self.table.setItem(place, column_, QTableWidgetItem(text))
        self.table.setVisible(bool(found.rows))
        self.total.setText(
            f"The newest {found.tickets} tickets would cost {found.cost:.4f} US$, "
            f"{found.cost_per_ticket:.5f} US$ a ticket. Nothing was sent."
        )
        await self._look()

    async def _apply(self) -> None:
        try:
            await self._workspace.models.policy.write(self.editor.toPlainText())
        except UserError as error:
            self._say(Tone.BAD, str(error))
            return
        await self._look()

    async def _restore(self) -> None:
        try:
            await self._workspace.models.policy.restore_default()
        except UserError as error:
            self._say(Tone.BAD, str(error))
            return
        await self._read()

    def _say(self, tone: Tone, text: str) -> None:
        self.problems.set_tone(tone)
        self.problems.say(text)

    # -- money and privacy ---------------------------------------------------------------------------------------------

    async def _show_spending(self) -> None:
        spent = await self._workspace.models.spending()
        most = ", ".join(f"{one.model} {one.cost:.4f} US$" for one in spent.models[:3])
        sums = f"Spent today {spent.today:.4f} US$, this month {spent.month:.4f} US$."
        self.spent.setText(f"{sums} Most on {most}." if most else sums)

    def _on_limit(self, name: str, amount: Decimal | None) -> None:
        limits = self._workspace.models.spending_limits.model_copy(update={name: amount})
        aio.spawn(self._workspace.models.set_spending_limits(limits), "keep a budget", self._window)

    def _on_gap(self, value: str) -> None:
        privacy = self._workspace.models.privacy.model_copy(update={"air_gapped": value == "yes"})
        aio.spawn(self._workspace.models.set_privacy(privacy), "keep privacy", self._window)


def _table() -> QTableWidget:
    made = QTableWidget(0, len(_HEADINGS))
    made.setHorizontalHeaderLabels(_HEADINGS)
    made.setAccessibleName("What the policy would do with past tickets")
    made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    made.verticalHeader().hide()
    made.setShowGrid(False)
    made.setAlternatingRowColors(True)
    made.setWordWrap(False)
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    made.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    made.setFixedHeight(_TABLE_HEIGHT)
    made.hide()
    return made
