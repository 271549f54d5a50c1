"""How a bubble looks: its surface by who speaks, and the line above it with name, role and time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from copilot.domain import Message, MessageKind, Role
from ui.conversation.words import author_words, clock
from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Space, Text, Tone
from ui.widgets.direction import mirror
from ui.widgets.pill import HEIGHT as PILL_HEIGHT
from ui.widgets.pill import paint_pill, pill_width

LINE_HEIGHT = 20
_GAP = 6


@dataclass(frozen=True, slots=True)
class Surface:
    """Fill and edge of a bubble, as tokens."""

    fill: str
    edge: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The line above a bubble: who, what they are where that matters, and when."""

    name: str
    time: str
    badge: str = ""
    badge_icon: str = ""
    tone: Tone = Tone.NEUTRAL


def is_ours(message: Message) -> bool:
    """Whether it was said on the desk's side of the conversation."""
    return message.author.role in {Role.REP, Role.AI_AGENT}


def surface_of(message: Message) -> Surface:
    """The surface a message stands on; a note's is the same whoever wrote it."""
    if message.kind == MessageKind.NOTE:
        return Surface("note_soft", "note_line", dashed=True)
    match message.author.role:
        case Role.AI_AGENT:
            return Surface("ai_bubble", "ai_line")
        case Role.REP:
            return Surface("rep_bubble", "rep_bubble")
        case _:
            return Surface("raised", "line")


def heading_of(message: Message, *, mine: bool) -> Heading:
    """Name, badge and time of a message."""
    name, time = author_words(message, mine=mine), clock(message.created)
    if message.kind == MessageKind.NOTE:
        return Heading(name, time, "Internal note", "lock", Tone.NOTE)
    if message.author.role == Role.AI_AGENT:
        return Heading(name, time, "AI agent", "bot", Tone.INFO)
    return Heading(name, time)


def paint_surface(painter: QPainter, place: QRect, surface: Surface, *, lit: bool = False) -> None:
    """Paint a bubble's surface; `lit` draws the frame of a cited message."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme().colour("lit_line" if lit else surface.edge), 2 if lit else 1)
    if surface.dashed and not lit:
        pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(theme().colour(surface.fill))
    inset = 1.0 if lit else 0.5
    painter.drawRoundedRect(QRectF(place).adjusted(inset, inset, -inset, -inset), Radius.L, Radius.L)
    painter.restore()


def paint_heading(painter: QPainter, place: QRect, heading: Heading, *, right: bool) -> QRect:
    """Paint the line into `place`, from its left or right edge; answers where the time stands, for its tool tip."""
    strong, small = font(Text.SMALL, 600), font(Text.CAPTION, tabular=True)
    badge_width = pill_width(heading.badge, heading.badge_icon) if heading.badge else 0
    time_width = QFontMetrics(small).horizontalAdvance(heading.time) + 2
    most = place.width() - time_width - badge_width - 2 * _GAP
    name = QFontMetrics(strong).elidedText(heading.name, Qt.TextElideMode.ElideRight, most)
    name_width = QFontMetrics(strong).horizontalAdvance(name) + 2
    whole = name_width + _GAP + time_width + (badge_width + _GAP if heading.badge else 0)
    left, placed = (place.right() - whole + 1 if right else place.left()), mirror(painter, place)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(strong)
    painter.setPen(theme().colour("ink"))
    painter.drawText(placed(QRect(left, place.top(), name_width, place.height())), middle, name)
    left += name_width + _GAP
    if heading.badge:
        box = QRect(left, place.top() + (place.height() - PILL_HEIGHT) // 2, badge_width, PILL_HEIGHT)
        paint_pill(painter, placed(box), heading.badge, heading.tone, heading.badge_icon)
        left += badge_width + _GAP
    stamp = placed(QRect(left, place.top(), time_width, place.height()))
    painter.setFont(small)
    painter.setPen(theme().colour("muted"))
    painter.drawText(stamp, middle, heading.time)
    return stamp


def paint_focus(painter: QPainter, place: QRect) -> None:
    """The ring around the message that has the keyboard."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("focus"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), Radius.L + 2, Radius.L + 2)
    painter.restore()


def paint_day(painter: QPainter, place: QRect, words: str) -> None:
    """A day's name between two hairlines."""
    small = font(Text.CAPTION, 600)
    width = QFontMetrics(small).horizontalAdvance(words) + 2 * Space.M
    centre = place.center()
    painter.setPen(QPen(theme().colour("line"), 1))
    painter.drawLine(place.left() + Space.XL, centre.y(), centre.x() - width // 2, centre.y())
    painter.drawLine(centre.x() + width // 2, centre.y(), place.right() - Space.XL, centre.y())
    painter.setFont(small)
    painter.setPen(theme().colour("muted"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
