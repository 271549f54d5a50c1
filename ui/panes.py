"""How the three panes share the width, and in which order they give way: first the copilot, then the queue.

A pane that has no room becomes a drawer: it slides over the conversation when asked for, and goes when the rep does
something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSplitter, QWidget

from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Size, Space
from ui.widgets.buttons import paint_focus_ring
from ui.widgets.overlay import lift

THREE_PANES = Size.QUEUE_MIN + Size.CONVERSATION_MIN + Size.COPILOT_MIN + 2
TWO_PANES = Size.QUEUE_MIN + Size.CONVERSATION_MIN + 1


class Slot(QFrame):
    """Holds one pane, and shows something in its place until it is there."""

    def __init__(self, name: str, surface: str, placeholder: QWidget) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("surface", surface)
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(placeholder)
        self._content = placeholder

    @property
    def content(self) -> QWidget:
        """The pane."""
        return self._content

    def hold(self, content: QWidget) -> None:
        """Show a pane instead of what was there."""
        old, self._content = self._content, content
        self._box.replaceWidget(old, content)
        content.show()
        old.hide()
        old.deleteLater()


class _Handle(QAbstractButton):
    """What is left of a pane that is put away."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = "sparkles" if "copilot" in name else "list"
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(26, 64)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().colour("line_strong"))
        painter.setBrush(theme().colour("accent_soft" if self.underMouse() else "raised"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), Radius.M, Radius.M)
        paint_icon(painter, QRect(5, 24, Size.ICON, Size.ICON), self._icon, "accent")
        if self.hasFocus():
            paint_focus_ring(painter, self)


class Panes(QWidget):
    """Queue, conversation and copilot side by side, as far as there is room."""

    arranged = Signal()
    """Panes became drawers or came back, or a drawer opened or closed."""

    def __init__(self, queue: QWidget, conversation: QWidget, copilot: QWidget) -> None:
        super().__init__()
        self._queue, self._conversation, self._copilot = queue, conversation, copilot
        self._wanted = {queue: True, copilot: True}
        self._drawn: QWidget | None = None
        self._handles = {
            queue: _Handle("Show the queue (Ctrl+B)", self),
            copilot: _Handle("Show the copilot (Ctrl+J)", self),
        }
        for pane, handle in self._handles.items():
            handle.clicked.connect(partial(self._toggle, pane))
        queue.setMinimumWidth(Size.QUEUE_MIN)
        queue.setMaximumWidth(Size.QUEUE_MAX)
        conversation.setMinimumWidth(Size.CONVERSATION_MIN)
        copilot.setMinimumWidth(Size.COPILOT_MIN)
        copilot.setMaximumWidth(Size.COPILOT_MAX)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for place, pane in enumerate((queue, conversation, copilot)):
            self._splitter.addWidget(pane)
            self._splitter.setStretchFactor(place, int(pane is conversation))
        self._splitter.setSizes([Size.QUEUE, 716, Size.COPILOT])
        self.setMinimumWidth(Size.CONVERSATION_MIN)  # what does not fit becomes a drawer
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._splitter)

    # -- what the window asks --------------------------------------------------------------------------------------

    def sizes(self) -> list[int]:
        """The widths of the panes, to be remembered."""
        return self._splitter.sizes()

    def set_sizes(self, sizes: Sequence[int]) -> None:
        """Widths that were remembered."""
        if len(sizes) == 3 and min(sizes) >= 0 and max(sizes) > 0:
            self._splitter.setSizes(list(sizes))

    def toggle_copilot(self) -> None:
        """Show or hide the copilot, as a pane or as a drawer."""
        self._toggle(self._copilot)

    def toggle_queue(self) -> None:
        """Show or hide the queue, as a pane or as a drawer."""
        self._toggle(self._queue)

    def is_drawer(self, pane: QWidget) -> bool:
        """Whether a pane has no place of its own at this width."""
        return pane in self._drawers()

    def is_shown(self, pane: QWidget) -> bool:
        """Whether the rep sees a pane."""
        return self._drawn is pane if self.is_drawer(pane) else self._wanted.get(pane, True)

    def reveal(self, pane: QWidget) -> None:
        """Make sure that the rep sees a pane."""
        if not self.is_shown(pane):
            self._toggle(pane)

    def close_drawer(self) -> bool:
        """Put an open drawer away; answers whether one was open."""
        if self._drawn is None:
            return False
        self._drawn = None
        self._arrange()
        return True

    # -- inside ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _drawers(self) -> tuple[QWidget, ...]:
        """The panes for which there is no room beside the others."""
        if self.width() >= THREE_PANES:
            return ()
        return (self._copilot,) if self.width() >= TWO_PANES else (self._copilot, self._queue)

    def _toggle(self, pane: QWidget) -> None:
        if self.is_drawer(pane):
            self._drawn = None if self._drawn is pane else pane
        else:
            self._wanted[pane] = not self._wanted[pane]
        self._arrange()

    def _arrange(self) -> None:
        drawers = self._drawers()
        if self._drawn is not None and self._drawn not in drawers:
            self._drawn = None
        for place, pane in ((0, self._queue), (2, self._copilot)):
            if pane in drawers:
                self._as_drawer(pane)
            else:
                self._as_pane(pane, place)
            self._place_handle(pane)
        self.arranged.emit()

    def _as_drawer(self, pane: QWidget) -> None:
        if pane.parentWidget() is not self:
            pane.setParent(self)
            lift(pane)
        pane.setVisible(self._drawn is pane)
        width = min(Size.QUEUE if pane is self._queue else Size.COPILOT, self.width() - Space.XL)
        left = 0 if pane is self._queue else self.width() - width
        pane.setGeometry(left, 0, width, self.height())
        if self._drawn is pane:
            pane.raise_()

    def _place_handle(self, pane: QWidget) -> None:
        """A pane that is put away leaves a handle at its edge."""
        handle = self._handles[pane]
        handle.setVisible(not self.is_shown(pane))
        left = 0 if pane is self._queue else self.width() - handle.width()
        handle.move(left, (self.height() - handle.height()) // 2)
        handle.raise_()

    def _as_pane(self, pane: QWidget, place: int) -> None:
        if pane.parentWidget() is not self._splitter:
            pane.setGraphicsEffect(None)  # type: ignore[arg-type]
            self._splitter.insertWidget(min(place, self._splitter.count()), pane)
            self._splitter.setStretchFactor(self._splitter.indexOf(pane), 0)
        pane.setVisible(self._wanted[pane])
