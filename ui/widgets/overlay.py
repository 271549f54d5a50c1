"""A panel over the window: one at a time, without a loop of its own; Esc or a click beside it closes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QLayout, QWidget

from ui.theme.theme import theme
from ui.theme.tokens import Space

_SCRIM_ALPHA = 70


def lift(widget: QWidget) -> None:
    """Give a floating widget its shadow; none in schemes without elevation."""
    alpha = theme().colours.shadow_alpha
    if not alpha:
        return
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setBlurRadius(32)
    shadow.setOffset(0, 8)
    shadow.setColor(QColor(10, 14, 30, min(255, alpha * 2)))
    widget.setGraphicsEffect(shadow)


class Stepping(QFrame):
    """A panel with places inside it: Esc goes from one back to the one before, and only then closes the panel."""

    def step_back(self) -> bool:
        """Go one place back; answers whether there was one."""
        raise NotImplementedError


class Overlay(QWidget):
    """Covers the window and holds one panel near its top. Gives the focus back to who had it."""

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("keyScope", "overlay")
        self._panel: QWidget | None = None
        self._before: QWidget | None = None
        self.hide()
        window.installEventFilter(self)

    @property
    def panel(self) -> QWidget | None:
        """What is shown."""
        return self._panel

    def show_panel(self, panel: QFrame) -> None:
        """Show a panel; the one before is closed. The panel decides which of its children gets the focus."""
        if self._panel is None:
            self._before = QApplication.focusWidget()
        else:
            self._drop()
        self._panel = panel
        panel.setParent(self)
        panel.setProperty("surface", "sheet")
        lift(panel)
        self._fit()
        panel.show()
        self.show()
        self.raise_()
        panel.setFocus()

    def go_back(self) -> bool:
        """Esc: a step back inside the panel, or close it; answers whether there was any."""
        if isinstance(self._panel, Stepping) and self._panel.step_back():
            return True
        return self.close_panel()

    def close_panel(self) -> bool:
        """Close what is shown; answers whether anything was."""
        if self._panel is None:
            return False
        self._drop()
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus()
        self.closed.emit()
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._panel is not None:
            self._fit()
        return False

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab goes round within the panel: what lies behind the scrim is not to be worked with."""
        if self._panel is None:
            return super().focusNextPrevChild(following)
        # Not by nextInFocusChain: what it answers counts as the asked widget's child for Python, and is called deleted
        # when that one goes (Shiboken's return value heuristic).
        stops = [widget for widget in self._panel.findChildren(QWidget) if _takes_tab(widget)]
        if stops:
            here = next((place for place, widget in enumerate(stops) if widget.hasFocus()), None)
            start = (-1 if following else 0) if here is None else here
            reason = Qt.FocusReason.TabFocusReason if following else Qt.FocusReason.BacktabFocusReason
            stops[(start + (1 if following else -1)) % len(stops)].setFocus(reason)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._panel is not None and not self._panel.geometry().contains(event.position().toPoint()):
            self.close_panel()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(10, 12, 18, _SCRIM_ALPHA))

    def _drop(self) -> None:
        panel, self._panel = self._panel, None
        if panel is not None:
            panel.hide()
            panel.deleteLater()

    def _fit(self) -> None:
        window, panel = self.parentWidget(), self._panel
        if window is None or panel is None:
            return
        self.setGeometry(window.rect())
        wanted = panel.sizeHint()
        width = min(max(wanted.width(), panel.minimumWidth()), window.width() - 2 * Space.XL)
        height = min(wanted.height(), window.height() - 2 * Space.XL)
        top = min(window.height() // 8, (window.height() - height) // 2)
        panel.setGeometry((window.width() - width) // 2, max(top, Space.XL), width, height)


def _takes_tab(widget: QWidget) -> bool:
    tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    return tabbed and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def refit(panel: QWidget) -> None:
    """A panel has more or less in it now: give it the room it needs, without moving its top further than need be."""
    overlay, layout = panel.parentWidget(), panel.layout()
    if overlay is None or layout is None:
        return
    for inner in reversed(panel.findChildren(QLayout)):
        inner.activate()
    layout.activate()
    wanted = panel.sizeHint().height()
    if layout.hasHeightForWidth():
        wanted = max(layout.totalHeightForWidth(panel.width()), panel.minimumHeight())
    height = min(wanted, overlay.height() - 2 * Space.XL)
    top = max(Space.XL, min(panel.y(), overlay.height() - height - Space.XL))
    panel.setGeometry(panel.x(), top, panel.width(), height)


def focus_first(panel: QWidget, child: QWidget) -> None:
    """Let a panel pass its focus on to a child."""
    panel.setFocusProxy(child)
    panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
