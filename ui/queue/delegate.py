"""Paints a ticket as a row: who, about what, how soon, and what the copilot has ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from copilot.domain import QueueRow, Role
from ui.conversation.words import CHANNEL_WORDS
from ui.queue.model import ROW_ROLE, QueueModel
from ui.queue.words import short_time, snooze_words, urgency_pill
from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Size, Space, Text
from ui.widgets.avatar import paint_avatar
from ui.widgets.direction import Mirror, mirror, paint_words
from ui.widgets.mood import mood_mark
from ui.widgets.pill import paint_pill, pill_width

Index = QModelIndex | QPersistentModelIndex
_LINE = 20
_PILL = 18
_BADGE = 17
_MARK = 14


@dataclass(frozen=True, slots=True)
class Density:
    """The measures of a row."""

    height: int
    avatar: int
    lines: int


COMFORTABLE = Density(Size.ROW_COMFORTABLE, Size.AVATAR, 3)
COMPACT = Density(Size.ROW_COMPACT, Size.AVATAR_SMALL, 2)


class RowDelegate(QStyledItemDelegate):
    """The painter of the queue's rows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.density = COMFORTABLE
        self._placed = Mirror(Qt.LayoutDirection.LeftToRight, QRect())
        """Of the row that is being painted."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(Size.QUEUE_MIN, self.density.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(Space.S, 1, -Space.S, -1)
        self._placed = mirror(painter, card)
        row = index.data(ROW_ROLE)
        model = index.model()
        picked = isinstance(row, QueueRow) and isinstance(model, QueueModel) and row.id in model.picked
        self._paint_ground(painter, card, option.state, picked=picked)
        if isinstance(row, QueueRow) and isinstance(model, QueueModel):
            self._paint_row(painter, card, row, model.clock())
            if picked:
                self._paint_picked(painter, card)
        else:
            paint_skeleton_row(painter, card, self.density)
        painter.restore()

    def _paint_ground(self, painter: QPainter, card: QRect, state: QStyle.StateFlag, *, picked: bool) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if not selected and not hovered and not picked:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("accent_soft" if picked else "selected" if selected else "hover"))
        painter.drawRoundedRect(card, Radius.M, Radius.M)
        if not selected:
            return
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme().colour("focus"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), Radius.M, Radius.M)
        else:
            painter.setBrush(theme().colour("accent_fill"))
            bar = QRect(card.left(), card.top() + 14, 3, card.height() - 28)
            painter.drawRoundedRect(self._placed(bar), 1.5, 1.5)

    def _paint_picked(self, painter: QPainter, card: QRect) -> None:
        """A check in the place of the face: a shape, so that colour alone does not say it."""
        face = self._face(card)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("accent_fill"))
        painter.drawEllipse(self._placed(face))
        inner = face.width() // 4
        paint_icon(painter, self._placed(face).adjusted(inner, inner, -inner, -inner), "check", "on_accent")

    def _face(self, card: QRect) -> QRect:
        side = self.density.avatar
        face = QRect(card.left() + Space.M, card.center().y() - side // 2 + 1, side, side)
        if self.density.lines > 2:
            face.moveTop(card.top() + (card.height() - 3 * _LINE) // 2 + 4)
        return face

    def _paint_row(self, painter: QPainter, card: QRect, row: QueueRow, now: datetime) -> None:
        density = self.density
        top = card.top() + (card.height() - density.lines * _LINE) // 2
        self._paint_face(painter, card, row)
        left = card.left() + Space.M + density.avatar + Space.M
        line = QRect(left, top, card.right() - Space.M - left, _LINE)
        self._paint_first(painter, line, row, now)
        line.translate(0, _LINE)
        self._paint_second(painter, line, row, now)
        if density.lines > 2:
            line.translate(0, _LINE)
            self._paint_third(painter, line, row, now)

    def _paint_face(self, painter: QPainter, card: QRect, row: QueueRow) -> None:
        face = self._face(card)
        paint_avatar(painter, self._placed(face), row.requester)
        if row.mood is None:
            return
        mark = mood_mark(row.mood)
        size = _BADGE if self.density.lines > 2 else _BADGE - 2
        badge = self._placed(QRect(face.right() - size + 7, face.bottom() - size + 7, size, size))
        _, soft = theme().tone(mark.tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("surface"))
        painter.drawEllipse(badge.adjusted(-1, -1, 1, 1))
        painter.setBrush(soft)
        painter.drawEllipse(badge)
        paint_icon(painter, badge.adjusted(2, 2, -2, -2), mark.icon, mark.tone.value)

    def _paint_first(self, painter: QPainter, line: QRect, row: QueueRow, now: datetime) -> None:
        """Requester; at the right the channel and the time, or when a snoozed ticket comes back."""
        when = (
            snooze_words(row.snoozed_until, now) if row.snoozed_until else short_time(row.last_activity, now)
        )
        sign = "alarm-clock" if row.snoozed_until else CHANNEL_WORDS[row.channel][1]
        right = self._text_right(painter, line, when, font(Text.CAPTION, tabular=True), "faint")
        channel = QRect(right - 17, line.center().y() - 5, 12, 12)
        paint_icon(painter, self._placed(channel), sign, "faint")
        right -= 24
        if row.escalated:
            robot = QRect(right - _MARK, line.center().y() - 6, _MARK, _MARK)
            paint_icon(painter, self._placed(robot), "bot", "info")
            right -= _MARK + 6
        name = QRect(line.left(), line.top(), right - line.left(), line.height())
        if row.unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("accent"))
            painter.drawEllipse(self._placed(QRect(name.left(), name.center().y() - 2, 7, 7)))
            name.adjust(13, 0, 0, 0)
        self._text(painter, name, row.requester, font(Text.BODY, 600 if row.unread else 500), "ink")

    def _paint_second(self, painter: QPainter, line: QRect, row: QueueRow, now: datetime) -> None:
        """Subject; at the right how soon."""
        room = QRect(line)
        mark = urgency_pill(row, now)
        if mark is not None:
            width = pill_width(mark.word, mark.icon)
            place = QRect(line.right() - width + 1, line.center().y() - _PILL // 2 + 1, width, _PILL)
            paint_pill(painter, self._placed(place), mark.word, mark.tone, mark.icon)
            room.setRight(place.left() - Space.S)
        if self.density.lines < 3:
            room.setRight(self._paint_marks(painter, room, row))
        ink = "ink" if row.unread else "muted"
        self._text(painter, room, row.subject, font(Text.BODY, 500 if row.unread else 400), ink)

    def _paint_third(self, painter: QPainter, line: QRect, row: QueueRow, _now: datetime) -> None:
        """The last words; at the right what is ready and what has not left yet."""
        room = QRect(line)
        room.setRight(self._paint_marks(painter, room, row))
        ours = "You: " if row.mine and row.last_role is Role.REP else ""
        self._text(painter, room, ours + row.preview, font(Text.SMALL), "faint")

    def _paint_marks(self, painter: QPainter, room: QRect, row: QueueRow) -> int:
        """Paint the marks from the right edge; answers where the text must end."""
        right = room.right()
        for shown, name, ink in ((row.has_unsent, "send", "warn"), (row.draft_ready, "sparkles", "accent")):
            if shown:
                place = QRect(right - _MARK + 1, room.center().y() - _MARK // 2 + 1, _MARK, _MARK)
                paint_icon(painter, self._placed(place), name, ink)
                right -= _MARK + 6
        return right

    def _text(self, painter: QPainter, room: QRect, text: str, face: QFont, ink: str) -> None:
        painter.setFont(face)
        painter.setPen(theme().colour(ink))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        paint_words(painter, self._placed(room), shown)

    def _text_right(self, painter: QPainter, room: QRect, text: str, face: QFont, ink: str) -> int:
        """Paint at the right edge; answers where the text begins."""
        painter.setFont(face)
        painter.setPen(theme().colour(ink))
        painter.drawText(
            self._placed(room), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text
        )
        return room.right() - painter.fontMetrics().horizontalAdvance(text)


def paint_skeleton_row(painter: QPainter, card: QRect, density: Density) -> None:
    """Paint a row whose ticket is on its way: the same boxes, empty."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("skeleton"))
    side, placed = density.avatar, mirror(painter, card)
    painter.drawEllipse(placed(QRect(card.left() + Space.M, card.center().y() - side // 2, side, side)))
    left = card.left() + Space.M + side + Space.M
    width = card.right() - Space.M - left
    top = card.top() + (card.height() - density.lines * _LINE) // 2
    for number, share in enumerate((0.45, 0.8, 0.65)[: density.lines]):
        bar = QRect(left, top + number * _LINE + 5, round(width * share), 9)
        painter.drawRoundedRect(placed(bar), 4.5, 4.5)
