"""Who asks: their name, since when, what they asked before on any desk, and how they liked the help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from copilot.domain import Customer, DeskId, PastTicket, TicketId
from copilot.events import TicketsChanged
from copilot.workspace import Workspace
from ui.aio import spawn
from ui.assist.cards import reach
from ui.bridge import Bridge
from ui.conversation.words import CHANNEL_WORDS, STATUS_WORDS
from ui.queue.words import short_time
from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Size, Space, Text
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button, on_activate, paint_focus_ring
from ui.widgets.card import Card
from ui.widgets.direction import mirror
from ui.widgets.labels import ElidedLabel, Label, plain_tip
from ui.widgets.layout import column, row
from ui.widgets.mood import mood_mark
from ui.widgets.pill import Pill
from ui.widgets.states import Skeleton

_SHOWN = 3
_MORE = 9
_ROW = 30
_LINE = 36
_EDGE = 10


class PastRow(QWidget):
    """One earlier ticket: its channel, what about, how it ended, when. Click and Enter open it."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.past: PastTicket | None = None
        self._when, self._desk = "", ""
        self.setFixedHeight(_ROW)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        on_activate(self, self._open)

    def show_past(self, past: PastTicket, desk: str, now: datetime) -> None:
        """Show a ticket; `desk` is the name of another desk than the open ticket's."""
        self.past, self._desk, self._when = past, desk, short_time(past.created, now)
        said = [past.subject, STATUS_WORDS[past.status][0], desk, rating_words(past)]
        words = ", ".join(part for part in (*said, f"{past.created.astimezone():%d %b %Y}") if part)
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("hover"))
            painter.drawRoundedRect(self.rect(), Radius.S, Radius.S)
        if self.past is not None:
            self._paint_past(painter, self.past)
        if self.hasFocus():
            paint_focus_ring(painter, self, Radius.S)

    def _open(self) -> None:
        if self.past is not None:
            self.opened.emit(self.past.id)

    def _paint_past(self, painter: QPainter, past: PastTicket) -> None:
        placed = mirror(painter, self.rect())
        middle = self.height() // 2
        done = "circle-check" if past.status.is_done else CHANNEL_WORDS[past.channel][1]
        ink = "faint" if past.status.is_done else "accent"
        paint_icon(painter, placed(QRect(Space.S, middle - 7, 14, 14)), done, ink)
        right = self.width() - Space.S
        right = self._paint_right(painter, right, self._when)
        if past.rating is not None:
            mark = mood_mark(past.rating.score * 2 - 1)
            right -= 16
            paint_icon(painter, placed(QRect(right, middle - 7, 14, 14)), mark.icon, mark.tone.value)
            right -= Space.S
        if self._desk:
            right = self._paint_right(painter, right, self._desk)
        painter.setFont(font(Text.SMALL))
        painter.setPen(theme().colour("muted" if past.status.is_done else "ink"))
        room = QRect(Space.S + 22, 0, right - Space.S - 22, self.height())
        shown = painter.fontMetrics().elidedText(past.subject, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(placed(room), Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_right(self, painter: QPainter, right: int, text: str) -> int:
        painter.setFont(font(Text.CAPTION, tabular=True))
        painter.setPen(theme().colour("faint"))
        width = painter.fontMetrics().horizontalAdvance(text) + 2
        place = mirror(painter, self.rect())(QRect(right - width, 0, width, self.height()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        return right - width - Space.S


class TimeLine(QWidget):
    """A customer's tickets along the time: filled while open, a ring when done, the one on screen larger."""

    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tickets: tuple[PastTicket, ...] = ()
        self._current = TicketId(0)
        self.setFixedHeight(_LINE)
        self.setMouseTracking(True)

    def show_tickets(self, tickets: Sequence[PastTicket], current: TicketId) -> None:
        """Show these, in any order."""
        self._tickets = tuple(sorted(tickets, key=lambda past: past.created))
        self._current = current
        first, last = self._tickets[0].created, self._tickets[-1].created
        self.setAccessibleName(
            f"Time line: {len(tickets)} tickets from {first.astimezone():%b %Y} to {last.astimezone():%b %Y}"
        )
        self.update()

    def places(self) -> list[QPointF]:
        """Where each ticket stands, oldest first."""
        first, last = self._tickets[0].created, self._tickets[-1].created
        whole = max((last - first).total_seconds(), 1.0)
        width = self.width() - 2 * _EDGE
        return [
            QPointF(_EDGE + width * (past.created - first).total_seconds() / whole, 11.0)
            for past in self._tickets
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._tickets:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("line_strong"), 1))
        painter.drawLine(QPointF(_EDGE, 11), QPointF(self.width() - _EDGE, 11))
        for past, place in zip(self._tickets, self.places(), strict=True):
            size = 5.5 if past.id == self._current else 3.5
            painter.setPen(QPen(theme().colour("accent" if not past.status.is_done else "muted"), 2))
            painter.setBrush(theme().colour("raised" if past.status.is_done else "accent"))
            painter.drawEllipse(QRectF(place.x() - size, place.y() - size, 2 * size, 2 * size))
        painter.setFont(font(Text.MICRO))
        painter.setPen(theme().colour("faint"))
        ends = (self._tickets[0].created, self._tickets[-1].created)
        room = QRect(_EDGE - 4, 20, self.width() - 2 * _EDGE + 8, 15)
        for moment, side in zip(ends, (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), strict=True):
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, f"{moment.astimezone():%b %Y}")

    def nearest(self, x: float) -> PastTicket | None:
        """The ticket nearest to a place, if one is near."""
        near = [
            (abs(place.x() - x), past) for past, place in zip(self._tickets, self.places(), strict=True)
        ] if self._tickets else []  # fmt: skip
        distance, past = min(near, key=lambda pair: pair[0], default=(99.0, None))
        return past if distance <= 8 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        past = self.nearest(event.position().x())
        self.setToolTip(plain_tip(f"{past.subject}, {past.created.astimezone():%d %b %Y}" if past else ""))
        self.setCursor(Qt.CursorShape.PointingHandCursor if past else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        past = self.nearest(event.position().x())
        if past is not None:
            self.pointed.emit(past.id)


class CustomerCard(Card):
    """The requester of the open ticket. Reads for itself, and again when one of their tickets changes."""

    open_asked = Signal(object)

    def __init__(self, workspace: Workspace, bridge: Bridge, clock: Callable[[], datetime]) -> None:
        self._open = Pill()
        super().__init__("Customer", "user", self._open)
        self._workspace, self._clock = workspace, clock
        self._ticket: TicketId | None = None
        self.customer: Customer | None = None
        self._all = False
        self._face = Avatar("", Size.AVATAR_SMALL)
        self._name = ElidedLabel("", Text.STRONG)
        self._facts = ElidedLabel("", Text.SMALL, "muted")
        self._liked = Label("", Text.SMALL, "muted", wrap=True)
        self.time_line = TimeLine()
        self.time_line.pointed.connect(self.open_asked)
        self.rows = [PastRow() for _ in range(_SHOWN + _MORE)]
        self.more = Button("", "chevron-down", kind="quiet", small=True)
        self.more.clicked.connect(self._show_all)
        self._skeleton = Skeleton((0.5, 0.8, 0.0, 0.9, 0.7), line=22)
        self._known = QWidget()
        self._lay_out()
        bridge.tickets_changed.connect(self._on_tickets_changed)

    def follow(self, ticket: TicketId | None) -> None:
        """Show the requester of this ticket; empty bars in their place meanwhile."""
        self._ticket, self.customer, self._all = ticket, None, False
        self._known.hide()
        self._open.hide()
        self._skeleton.show()
        self.setVisible(ticket is not None)
        if ticket is not None:
            spawn(self._read(ticket), "read the customer", self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        shown = [line for line in self.rows if line.isVisible()]
        here = next((place for place, line in enumerate(shown) if line.hasFocus()), -1)
        if not steps or here < 0:
            super().keyPressEvent(event)
            return
        shown[max(0, min(here + steps, len(shown) - 1))].setFocus()

    def _lay_out(self) -> None:
        reach(self, Space.S)
        words = column(self._name, self._facts, spacing=0)
        head = row(self._face, words, spacing=Space.M, margins=(Space.S, 0, Space.S, 0))
        head.setStretchFactor(words, 1)
        liked = row(self._liked, margins=(Space.S, 0, Space.S, 0))
        inside = column(head, liked, self.time_line, *self.rows, row(self.more, None), spacing=2)
        self._known.setLayout(inside)
        self.add(self._skeleton, self._known)
        for line in self.rows:
            line.opened.connect(self.open_asked)

    async def _read(self, ticket: TicketId) -> None:
        try:
            customer = await self._workspace.customers.of_ticket(ticket)
        except KeyError:
            return  # the ticket is gone; the conversation says so
        if ticket == self._ticket and customer != self.customer:
            self.customer = customer
            self._show(customer, ticket)

    def _show(self, customer: Customer, ticket: TicketId) -> None:
        person = customer.person
        self._face.set_person(person.name or person.email)
        self._name.setText(person.name or person.email)
        since = f"since {customer.since.astimezone():%b %Y}" if customer.since else ""
        self._facts.setText(" · ".join(part for part in (person.email, since) if part))
        self._open.set(
            f"{customer.total:,} ticket{'' if customer.total == 1 else 's'}, {customer.waiting} open"
        )
        liked = liked_words(customer)
        self._liked.setText(liked)
        self._liked.setVisible(bool(liked))
        self.time_line.setVisible(len(customer.tickets) > 1)
        self.time_line.show_tickets(customer.tickets, ticket)
        self._show_rows(customer, ticket)
        self._skeleton.hide()
        self._known.show()
        self._open.show()

    def _show_rows(self, customer: Customer, ticket: TicketId) -> None:
        others = [past for past in customer.tickets if past.id != ticket]
        here = next((past.desk for past in customer.tickets if past.id == ticket), DeskId(""))
        names = {desk.id: desk.name for desk in self._workspace.desks()}
        limit = len(self.rows) if self._all else _SHOWN
        for place, line in enumerate(self.rows):
            line.setVisible(place < min(len(others), limit))
            if place < len(others):
                past = others[place]
                desk = "" if past.desk == here else names.get(past.desk, str(past.desk))
                line.show_past(past, desk, self._clock())
        hidden = min(len(others), len(self.rows)) - limit
        self.more.setVisible(hidden > 0)
        self.more.setText(f"{hidden} more")

    def _show_all(self) -> None:
        self._all = True
        if self.customer is not None and self._ticket is not None:
            self._show_rows(self.customer, self._ticket)
            self.rows[_SHOWN].setFocus()

    def _on_tickets_changed(self, event: TicketsChanged) -> None:
        if self._ticket is None or self.customer is None:
            return
        mine = {past.id for past in self.customer.tickets}
        if not event.tickets or mine & event.tickets:
            spawn(self._read(self._ticket), "read the customer", self)


def liked_words(customer: Customer) -> str:
    """How the customer rated the help before."""
    scores = [past.rating.score for past in customer.tickets if past.rating is not None]
    if not scores:
        return ""
    good = sum(score >= 0.5 for score in scores)
    return f"Happy with the help in {good} of {len(scores)} rated ticket{'' if len(scores) == 1 else 's'}"


def rating_words(past: PastTicket) -> str:
    """The rating of one ticket, for tool tips and screen readers."""
    if past.rating is None:
        return ""
    said = f": “{past.rating.comment}”" if past.rating.comment else ""
    return f"{'happy' if past.rating.score >= 0.5 else 'unhappy'} with the help{said}"
