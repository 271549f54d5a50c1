"""A page of the gallery: specimens under each other, their states side by side, painted into one picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QCursor, QEnterEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QWidget

from ui.theme.theme import theme
from ui.theme.tokens import Space, Text
from ui.widgets.labels import Label
from ui.widgets.layout import column, frame, row

WIDTH = 880
_PATIENCE_SECONDS = 10.0


class State(StrEnum):
    """How a control stands."""

    REST = "rest"
    HOVER = "hover"
    FOCUS = "focus"
    PRESSED = "pressed"
    DISABLED = "disabled"


CONTROL = tuple(State)
"""The states of a button."""
FIELD = (State.REST, State.FOCUS, State.DISABLED)
"""The states of what one types into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """One thing to show; made anew for each state. `width` in pixels, 0 for its own."""

    name: str
    make: Callable[[], QWidget]
    states: tuple[State, ...] = (State.REST,)
    width: int = 0


class Page(QFrame):
    """The specimens of one place on the screen."""

    def __init__(self, title: str, specimens: Sequence[Specimen]) -> None:
        super().__init__()
        self.setProperty("surface", "canvas")
        self.setWindowTitle(title)
        self._focused: list[QWidget] = []
        self._pointed: list[QWidget] = []
        blocks = [self._block(specimen) for specimen in specimens]
        head = Label(title, Text.DISPLAY)
        self.setLayout(column(head, *blocks, None, margins=Space.XL, spacing=Space.L))
        self.setFixedWidth(WIDTH)

    async def picture(self, ratio: float = 1.0) -> QPixmap:
        """The page, with `ratio` device pixels a logical one. Shows it for that moment: focus needs a window."""
        self.show()
        self.activateWindow()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not self.isActiveWindow():  # noqa: ASYNC110  the platform tells nobody but Qt
                    await asyncio.sleep(0)
            await asyncio.sleep(0)
            return self._painted(ratio)
        finally:
            self.hide()

    def _block(self, specimen: Specimen) -> QWidget:
        cells = [self._cell(specimen, state) for state in specimen.states]
        return frame(
            column(
                Label(specimen.name, Text.CAPTION, "faint"),
                row(*cells, None, spacing=Space.XL),
                spacing=Space.XS,
            )
        )

    def _cell(self, specimen: Specimen, state: State) -> QWidget:
        shown = specimen.make()
        if specimen.width:
            shown.setFixedWidth(specimen.width)
        _put_into(shown, state)
        if state is State.FOCUS:
            self._focused.append(shown)
        if state is State.HOVER:
            self._pointed.append(shown)
        if len(specimen.states) == 1:
            return shown
        return frame(column(shown, Label(state.value, Text.MICRO, "faint"), spacing=Space.XS))

    def _painted(self, ratio: float) -> QPixmap:
        """One thing alone can have the focus or the pointer: each that should is painted again, in its place."""
        self.setFocus()
        layout = self.layout()
        height = layout.totalHeightForWidth(WIDTH) if layout is not None else 0
        self.resize(WIDTH, max(height, self.sizeHint().height()))
        whole = render(self, ratio)
        painter = QPainter(whole)
        for widget in self._focused:
            (widget.focusProxy() or widget).setFocus(Qt.FocusReason.TabFocusReason)
            painter.drawPixmap(widget.mapTo(self, QPoint()), render(widget, ratio))
        self.setFocus()
        for widget in self._pointed:
            _point_at(widget)
            painter.drawPixmap(widget.mapTo(self, QPoint()), render(widget, ratio))
        painter.end()
        return whole


def render(widget: QWidget, ratio: float = 1.0) -> QPixmap:
    """A widget as a picture, with `ratio` device pixels a logical one, as a screen of that density shows it."""
    picture = QPixmap(widget.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(theme().colours.canvas))
    widget.render(picture, renderFlags=QWidget.RenderFlag.DrawChildren)
    return picture


def _point_at(widget: QWidget) -> None:
    """Bring the pointer over a widget: buttons ask where it is, others are told."""
    here = widget.rect().center()
    there = widget.mapToGlobal(here)
    QCursor.setPos(there)
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    QApplication.sendEvent(widget, QEnterEvent(here, here, there))


def _put_into(shown: QWidget, state: State) -> None:
    match state:
        case State.DISABLED:
            shown.setEnabled(False)
        case State.PRESSED if isinstance(shown, QAbstractButton):
            shown.setDown(True)
        case _:
            pass
