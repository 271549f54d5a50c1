"""The course of a mood as a small line, drawn by hand: zero as a hairline, every message a dot, the last one ringed."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from copilot.domain import MoodPoint, RemoteId
from ui.assist.words import course_words
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Tone
from ui.widgets.buttons import paint_focus_ring
from ui.widgets.mood import mood_mark

_HEIGHT = 44
_EDGE = 7
_DOT = 2.5
_LAST_DOT = 4.0


class Sparkline(QWidget):
    """Left and right step through the messages; each lights up in the thread."""

    message_pointed = Signal(object)
    """The `RemoteId` of the message pointed at, or None."""

    def __init__(self) -> None:
        super().__init__()
        self._points: tuple[MoodPoint, ...] = ()
        self._current = -1
        self.setFixedHeight(_HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_points(self, points: tuple[MoodPoint, ...]) -> None:
        """Show a course, oldest first."""
        self._points, self._current = points, -1
        words = course_words(points)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def message(self) -> RemoteId | None:
        """The message pointed at."""
        return self._points[self._current].message if 0 <= self._current < len(self._points) else None

    def _places(self) -> list[QPointF]:
        count = len(self._points)
        width, height = self.width() - 2 * _EDGE, self.height() - 2 * _EDGE
        step = width / (count - 1) if count > 1 else 0
        across = [_EDGE + number * step if count > 1 else self.width() / 2 for number in range(count)]
        if self.isRightToLeft():
            across.reverse()
        return [
            QPointF(x, _EDGE + height * (1 - point.score) / 2)
            for x, point in zip(across, self._points, strict=True)
        ]

    def _point(self, number: int) -> None:
        if number == self._current:
            return
        self._current = number
        self.update()
        self.message_pointed.emit(self.message())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("line_strong"), 1, Qt.PenStyle.DotLine))
        middle = self.height() / 2
        painter.drawLine(QPointF(_EDGE, middle), QPointF(self.width() - _EDGE, middle))
        places = self._places()
        if places:
            tone = mood_mark(self._points[-1].score).tone
            ink = theme().colour("accent" if tone == Tone.NEUTRAL else tone.value)
            self._paint_line(painter, places, ink)
            self._paint_dots(painter, places, ink)
        if self.hasFocus():
            paint_focus_ring(painter, self, Radius.S)

    def _paint_line(self, painter: QPainter, places: list[QPointF], ink: QColor) -> None:
        path = QPainterPath(places[0])
        for before, after in pairwise(places):
            half = (before.x() + after.x()) / 2
            path.cubicTo(QPointF(half, before.y()), QPointF(half, after.y()), after)
        middle = self.height() / 2
        area = QPainterPath(path)
        area.lineTo(places[-1].x(), middle)
        area.lineTo(places[0].x(), middle)
        shade = QLinearGradient(0, 0, 0, self.height())
        for at, alpha in ((0.0, 50), (0.5, 0), (1.0, 50)):
            colour = QColor(ink)
            colour.setAlpha(alpha)
            shade.setColorAt(at, colour)
        painter.fillPath(area, shade)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_dots(self, painter: QPainter, places: list[QPointF], ink: QColor) -> None:
        for number, place in enumerate(places):
            last, current = number == len(places) - 1, number == self._current
            size = _LAST_DOT if last or current else _DOT
            painter.setPen(QPen(ink, 2))
            painter.setBrush(ink if current or not last else theme().colour("raised"))
            painter.drawEllipse(QRectF(place.x() - size, place.y() - size, 2 * size, 2 * size))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        places = self._places()
        if places:
            x = event.position().x()
            self._point(min(range(len(places)), key=lambda number: abs(places[number].x() - x)))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if self.isRightToLeft():
            step = -step
        if not step or not self._points:
            super().keyPressEvent(event)
            return
        start = self._current if self._current >= 0 else len(self._points)
        self._point(min(max(start + step, 0), len(self._points) - 1))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(-1)
        self.update()
