"""The open ticket's header: what it is, whose it is, and the decisions that concern all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from copilot.domain import Person, Ticket
from ui.actions import Actions
from ui.conversation.escalation import EscalationStrip
from ui.conversation.words import CHANNEL_WORDS, STATUS_WORDS, short_date
from ui.theme.tokens import Size, Space, Text, Tone
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button, action_button
from ui.widgets.labels import ElidedLabel, IconLabel, Label, plain_tip
from ui.widgets.layout import column, empty, frame, row, rule
from ui.widgets.notices import announce
from ui.widgets.pill import Pill

_ACTIONS = ("ticket.assign", "ticket.snooze", "ticket.escalate", "ticket.solve")
_WIDE = 820
_ROOMY = 640
_ROOMY_BESIDE_WORDS = 940
_TIGHT = 540
_TAGS = 3
_NAME_WIDTH = 150


class Header(QFrame):
    """Subject, requester, state and buttons; under it who escalated the ticket, if somebody did."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("surface", "surface")
        self.setAccessibleName("Ticket")
        self._avatar = Avatar()
        self._subject = ElidedLabel("", Text.TITLE)
        self._status = Pill()
        self.company = Pill()
        self.company.hide()
        self._announced = ""
        self._facts = _Facts()
        self._wide = _buttons([action_button(actions, name, small=True) for name in _ACTIONS])
        self._narrow = _buttons([_key_button(actions, name) for name in _ACTIONS])
        self.strip = EscalationStrip(actions)
        self._strip_room = frame(row(self.strip, margins=(20, 0, 20, Space.M)))
        title = row(self._subject, self._status, self.company, spacing=Space.S)
        title.setStretchFactor(self._subject, 0)
        title.addStretch(1)
        words = column(title, self._facts, spacing=3)
        self._top = row(self._avatar, words, self._wide, spacing=Space.M)
        self._top.setContentsMargins(20, Space.M, Space.L, Space.M)
        self._top.setStretchFactor(words, 1)
        self._below = row(margins=(60, 0, 20, 0))
        body = column(self._top, self._below, self._strip_room, rule(), spacing=0)
        self.setLayout(body)
        self._fit()

    def show_ticket(self, ticket: Ticket, me: Person | None) -> None:
        """Show another ticket, or the same one changed."""
        self._avatar.set_person(ticket.requester.name)
        self._subject.setText(ticket.subject or "(no subject)")
        words, tone = STATUS_WORDS[ticket.status]
        if ticket.snoozed_until:
            words, tone = f"Snoozed until {short_date(ticket.snoozed_until)}", Tone.NEUTRAL
        self._status.set(words, tone)
        self._facts.show_ticket(ticket, me)
        self.strip.show_ticket(ticket, me)
        self._strip_room.setVisible(ticket.escalation is not None)
        self.setAccessibleName(f"Ticket: {ticket.subject}, {words}")

    def show_colleagues(self, people: tuple[Person, ...]) -> None:
        """Say who else has the ticket open, so that two do not answer it."""
        self.company.set(company_words(people), Tone.WARN)
        self.company.setVisible(bool(people))
        names = ", ".join(person.name for person in people)
        self.company.setToolTip(plain_tip(f"On this ticket now: {names}" if people else ""))
        if people and names != self._announced:
            announce(self.company, f"{company_words(people)} on this ticket")
        self._announced = names

    def _fit(self) -> None:
        """Buttons in words, then as icon and key, then under the title; the tags go before the words do."""
        wide, tight = self.width() >= _WIDE, self.width() < _TIGHT
        home, other = (self._below, self._top) if tight else (self._top, self._below)
        if home.indexOf(self._narrow) < 0:
            other.removeWidget(self._narrow)
            home.addWidget(self._narrow, 0, Qt.AlignmentFlag.AlignLeft)
        self._wide.setVisible(wide)
        self._narrow.setVisible(not wide)  # last: without a parent it would flash as a window of its own
        self._below.setContentsMargins(60, 0, 20, Space.S if tight else 0)
        self._facts.set_roomy(roomy=self.width() >= (_ROOMY_BESIDE_WORDS if wide else _ROOMY))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class _Facts(QWidget):
    """Requester, channel, assignee and tags in one line; the tags give way first, then the words are cut."""

    def __init__(self) -> None:
        super().__init__()
        self._who = ElidedLabel("", Text.SMALL, "muted")
        self._channel_icon = IconLabel("mail", size=14)
        self._channel = Label("", Text.SMALL, "muted")
        self._assignee_icon = IconLabel("user", size=14)
        self._assignee = Label("", Text.SMALL, "muted")
        self._tags = row(spacing=Space.XS)
        self._tag_room = frame(self._tags)
        line = row(
            self._who,
            self._channel_icon,
            self._channel,
            self._assignee_icon,
            self._assignee,
            self._tag_room,
            None,
            spacing=5,
        )
        line.setStretchFactor(self._who, 0)
        for group in (self._tag_room, self._assignee_icon, self._channel_icon):
            line.insertSpacing(line.indexOf(group), Space.S)
        self.setLayout(line)
        self.setFixedHeight(Size.ICON_LARGE)

    def show_ticket(self, ticket: Ticket, me: Person | None) -> None:
        requester = ticket.requester
        self._who.setText("  ·  ".join(part for part in (requester.name, requester.email) if part))
        # The name shows before anything else does; the address gives way.
        self._who.setMinimumWidth(
            min(self._who.fontMetrics().horizontalAdvance(requester.name) + 20, _NAME_WIDTH)
        )
        word, icon = CHANNEL_WORDS[ticket.channel]
        self._channel_icon.set_icon(icon)
        self._channel.setText(word)
        self._assignee.setText(assignee_words(ticket, me))
        self._assignee.setToolTip(plain_tip(f"Group: {ticket.group}" if ticket.group else ""))
        self._assignee_icon.set_icon("user" if ticket.assignee else "user-x")
        self._show_tags(ticket.tags)

    def set_roomy(self, *, roomy: bool) -> None:
        """Whether there is room for tags."""
        self._tag_room.setVisible(roomy)

    def _show_tags(self, tags: tuple[str, ...]) -> None:
        empty(self._tags)
        shown = [*tags[:_TAGS], *([f"+{len(tags) - _TAGS}"] if len(tags) > _TAGS else [])]
        for tag in shown:
            pill = Pill(tag)
            pill.setAccessibleName(f"Tag {tag}")
            self._tags.addWidget(pill)


def assignee_words(ticket: Ticket, me: Person | None) -> str:
    """Whose the ticket is."""
    if ticket.assignee is None:
        return "Unassigned"
    return "You" if me and ticket.assignee.remote_id == me.remote_id else ticket.assignee.name


def company_words(people: tuple[Person, ...]) -> str:
    """Who is here too, short enough for the header."""
    if not people:
        return ""
    first = people[0].name.split()[0] if people[0].name.split() else "A colleague"
    return f"{first} is here too" if len(people) == 1 else f"{first} and {len(people) - 1} more are here"


def _key_button(actions: Actions, name: str) -> Button:
    """The button without its name, for where there is no room; its icon and key stay."""
    made = action_button(actions, name, kind="quiet", small=True)
    made.setAccessibleName(made.text())
    made.setText("")
    return made


def _buttons(buttons: list[QWidget]) -> QFrame:
    return frame(row(*buttons, spacing=6))
