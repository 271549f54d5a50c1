"""The slim rail: the views with their counts and keys, and the window's own few buttons."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy

from copilot.domain import View
from ui.actions import Actions
from ui.queue.words import VIEW_ACTIONS
from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Size, Space, Text
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import action_icon_button, paint_focus_ring
from ui.widgets.direction import mirror
from ui.widgets.labels import plain_tip
from ui.widgets.layout import column, row

_WIDTH = Size.RAIL_WIDE
_HEIGHT = 54
_SHORT = {
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.ESCALATED: "From AI",
    View.AT_RISK: "At risk",
    View.WAITING: "Waiting",
    View.SNOOZED: "Snoozed",
    View.ALL: "All",
}


class ViewButton(QAbstractButton):
    """One view: icon, count, short name."""

    def __init__(self, view: View, actions: Actions) -> None:
        super().__init__()
        self._actions, self._action = actions, VIEW_ACTIONS[view]
        action = actions.action(self._action)
        self._name, self._icon = action.name, action.icon
        self._short = _SHORT[view]
        self._count: int | None = None
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._show_keys()
        actions.rekeyed.connect(self._show_keys)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: actions.trigger(action.id))
        self._say()

    def _show_keys(self) -> None:
        keys = self._actions.action(self._action).keys
        self._digit = next((key for key in keys if key.isdigit()), "")
        self.setToolTip(plain_tip(f"{self._name} ({' or '.join(keys)})" if keys else self._name))
        self.update()

    def set_count(self, count: int) -> None:
        """How many tickets the view holds."""
        if count != self._count:
            self._count = count
            self._say()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH - 2 * Space.XS, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "accent_soft" if self.isChecked() else "hover" if self.underMouse() else ""
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour(ground))
            painter.drawRoundedRect(self.rect(), Radius.M, Radius.M)
        ink = "accent" if self.isChecked() else "muted"
        middle = self.rect().center().x()
        paint_icon(painter, QRect(middle - 9, 9, 20, 20), self._icon, ink)
        painter.setFont(font(Text.MICRO, 600 if self.isChecked() else 500))
        painter.setPen(theme().colour(ink))
        painter.drawText(QRect(0, 33, self.width(), 16), Qt.AlignmentFlag.AlignCenter, self._short)
        painter.setFont(font(Text.MICRO, 500, tabular=True))
        painter.setPen(theme().colour("faint"))
        digit = mirror(painter, self.rect())(QRect(7, 3, 12, 14))
        painter.drawText(digit, Qt.AlignmentFlag.AlignLeft, self._digit)
        self._paint_count(painter, middle, ground)
        if self.hasFocus():
            paint_focus_ring(painter, self)

    def _paint_count(self, painter: QPainter, middle: int, ground: str) -> None:
        if not self._count:
            return
        text = str(self._count) if self._count < 1000 else f"{self._count // 1000}k"
        face = font(Text.MICRO, 600, tabular=True)
        width = max(16, QFontMetrics(face).horizontalAdvance(text) + 8)
        place = mirror(painter, self.rect())(QRect(middle + 6, 3, width, 15))
        # A rim of the ground parts the count from the icon it lies on.
        painter.setPen(QPen(theme().colour(ground or "surface"), 2))
        painter.setBrush(theme().colour("accent_fill" if self.isChecked() else "neutral_soft"))
        painter.drawRoundedRect(place, 7.5, 7.5)
        painter.setFont(face)
        painter.setPen(theme().colour("on_accent" if self.isChecked() else "neutral"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _say(self) -> None:
        count = "" if self._count is None else f", {self._count} tickets"
        self.setAccessibleName(f"{self._name}{count}, key {self._digit}")


class Rail(QFrame):
    """The left edge of the window."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("surface", "surface")
        self.setAccessibleName("Views")
        self.setFixedWidth(_WIDTH)
        self._views = {view: ViewButton(view, actions) for view in View}
        self.me = Avatar("", Size.AVATAR_SMALL)
        self.me.hide()
        tools = [
            action_icon_button(actions, name, size=36)
            for name in ("window.palette", "window.keys", "window.theme", "window.settings")
        ]
        grid = column(row(*tools[:2], spacing=0), row(*tools[2:], spacing=0), spacing=0)
        layout = column(
            *self._views.values(), None, grid, row(None, self.me, None),
            margins=(Space.XS, Space.M, Space.XS, Space.M), spacing=2,
        )  # fmt: skip
        self.setLayout(layout)

    def show_view(self, view: View) -> None:
        """Mark the view that is shown."""
        self._views[view].setChecked(True)

    def show_counts(self, counts: Mapping[View, int]) -> None:
        """How many tickets each view holds."""
        for view, count in counts.items():
            self._views[view].set_count(count)

    def show_me(self, name: str) -> None:
        """Whose desk this is."""
        self.me.set_person(name)
        self.me.setToolTip(plain_tip(name))
        self.me.setVisible(bool(name))
