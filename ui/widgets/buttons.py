"""Buttons that show their key: an icon, a name and a cap, painted on the style's own bevel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from ui.actions import Actions
from ui.theme.fonts import font
from ui.theme.icons import icon, paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Size, Space, Text
from ui.widgets.direction import mirror
from ui.widgets.keycap import key_width, paint_key
from ui.widgets.labels import plain_tip

_TEXT_TOKEN = {"primary": "on_accent", "danger": "bad", "toast": "toast_action"}


def paint_focus_ring(painter: QPainter, widget: QWidget, radius: int = Radius.M) -> None:
    """The ring around the control that has the keyboard."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("focus"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(widget.rect().adjusted(1, 1, -1, -1), radius, radius)


def _paint_inner_ring(painter: QPainter, widget: QWidget) -> None:
    """Parts the focus ring from a filling that has nearly its colour."""
    painter.setPen(QPen(theme().colour("on_accent"), 1))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(2.5, 2.5, -2.5, -2.5), Radius.S, Radius.S)


class Button(QPushButton):
    """A button; `kind` is primary, plain, quiet, danger or toast, `key` the key that does the same."""

    def __init__(
        self, text: str, icon_name: str = "", *, kind: str = "plain", key: str = "", small: bool = False
    ) -> None:
        super().__init__(text)
        self._icon_name, self._key, self._small = icon_name, key, small
        self._kind = kind
        self.setProperty("kind", kind)
        self.setFont(font(Text.SMALL if small else Text.BODY, 500))
        self.setFixedHeight(Size.CONTROL_SMALL if small else Size.CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.updateGeometry()
        self.update()

    def set_icon(self, icon_name: str) -> None:
        """Show another icon, or none where there is no room for it."""
        self._icon_name = icon_name
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: str) -> None:
        """Look like another kind of button."""
        self._kind = kind
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)

    def sizeHint(self) -> QSize:
        pad = Space.S if self._small else Space.M
        width = 2 * pad + self.fontMetrics().horizontalAdvance(self.text())
        if self._icon_name:
            width += self._icon_size() + (6 if self.text() else 0)
        if self._key:
            width += Space.S + key_width(self._key)
        return QSize(width, self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        option.state &= ~QStyle.StateFlag.State_HasFocus
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        self._paint_content(painter)
        if self.hasFocus():
            paint_focus_ring(painter, self)
            if self._kind == "primary":
                _paint_inner_ring(painter, self)

    def _paint_content(self, painter: QPainter) -> None:
        token = _TEXT_TOKEN.get(self._kind, "ink") if self.isEnabled() else "faint"
        placed = mirror(painter, self.rect())
        left = self._content_left() + (Space.S if self._small else Space.M)
        if self._icon_name:
            side = self._icon_size()
            quiet = self._kind in {"plain", "quiet"} and self.isEnabled()
            place = QRect(left, (self.height() - side) // 2, side, side)
            paint_icon(painter, placed(place), self._icon_name, "muted" if quiet else token)
            left += side + (6 if self.text() else 0)
        painter.setFont(self.font())
        painter.setPen(theme().colour(token))
        width = self.fontMetrics().horizontalAdvance(self.text())
        words = placed(QRect(left, 0, width + 2, self.height()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._key:
            coloured = self._kind in _TEXT_TOKEN and self.isEnabled()
            ink = QColor(theme().colour(token)) if coloured else None
            cap = QRect(left + width + Space.S, 0, key_width(self._key), self.height())
            paint_key(painter, placed(cap), self._key, ink)

    def _content_left(self) -> int:
        """Where the content begins, before its margin: in the middle."""
        return (self.width() - self.sizeHint().width()) // 2

    def _icon_size(self) -> int:
        return 14 if self._small else Size.ICON


class TwiceButton(Button):
    """A button for what is hard to undo: the first press asks `question` in its place, the second does it."""

    confirmed = Signal()

    def __init__(self, text: str, question: str, icon_name: str = "") -> None:
        super().__init__(text, icon_name, kind="danger", small=True)
        self._question = question
        self.clicked.connect(self._on_pressed)

    def _on_pressed(self) -> None:
        if self.text() == self._question:
            self.confirmed.emit()
            return
        self.setText(self._question)
        self.updateGeometry()


class IconButton(QToolButton):
    """A square button with an icon alone: `name` is its accessible name and tool tip."""

    def __init__(self, icon_name: str, name: str, *, size: int = Size.CONTROL, ink: str = "muted") -> None:
        super().__init__()
        self._ink = ink
        self.set_icon(icon_name)
        self.setIconSize(QSize(Size.ICON, Size.ICON))
        self.setFixedSize(size, size)
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_icon(self, icon_name: str, ink: str = "") -> None:
        """Show another icon."""
        self.setIcon(icon(icon_name, ink or self._ink))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        if self.hasFocus():
            paint_focus_ring(painter, self)


class _Follower(QObject):
    """Keeps a button's state and tool tip those of its action."""

    def __init__(self, button: Button | IconButton, actions: Actions, action: str) -> None:
        super().__init__(button)
        self._button, self._actions, self._action = button, actions, action
        actions.changed.connect(self._on_changed)
        button.clicked.connect(self._on_clicked)
        self._on_changed(action)

    def _on_changed(self, action: str) -> None:
        if action != self._action:
            return
        enabled = self._actions.is_enabled(action)
        self._button.setEnabled(enabled)
        if isinstance(self._button, Button):
            self._button.set_key(self._actions.key(action))
        self._button.setToolTip(plain_tip(self._actions.tip(action)).replace("\n", "<br>"))

    def _on_clicked(self) -> None:
        self._actions.trigger(self._action)


def action_button(
    actions: Actions, action: str, text: str = "", *, kind: str = "plain", small: bool = False
) -> Button:
    """A button for an action: its icon, its name (or `text`), its key; disabled with the reason when it cannot."""
    declared = actions.action(action)
    made = Button(text or declared.name, declared.icon, kind=kind, key=actions.key(action), small=small)
    made.setAccessibleDescription(f"Key {actions.key(action)}" if actions.key(action) else "")
    _Follower(made, actions, action)
    return made


def action_icon_button(actions: Actions, action: str, *, size: int = Size.CONTROL) -> IconButton:
    """The same with the icon alone."""
    declared = actions.action(action)
    made = IconButton(declared.icon, declared.name, size=size)
    _Follower(made, actions, action)
    return made


def on_activate(widget: QWidget, do: Callable[[], None]) -> None:
    """Make a plain widget a control: click, Enter and Space do the same, and it can have the focus."""
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.setCursor(Qt.CursorShape.PointingHandCursor)
    widget.installEventFilter(_Activator(widget, do))


class _Activator(QObject):
    def __init__(self, widget: QWidget, do: Callable[[], None]) -> None:
        super().__init__(widget)
        self._do = do

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        from PySide6.QtGui import QKeyEvent, QMouseEvent

        pressed = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        typed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in keys
        if pressed or typed:
            self._do()
        return typed
