"""Small panels to pick whom a ticket goes to, or when it comes back: type to filter, Enter to pick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from copilot.domain import Assign, Group, Person
from ui.theme.tokens import Space, Text
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.overlay import focus_first

WIDTH = 420
_MORNING = time(9, 0)
_EVENING = time(18, 0)


class Chooser(QFrame):
    """A titled list of choices; `chosen` carries the value of the one picked."""

    chosen = Signal(object)

    def __init__(self, title: str, placeholder: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.list = ChoiceList(choices, placeholder, title)
        self.list.chosen.connect(self.chosen)
        head = row(Label(title, Text.STRONG), None, Label("Esc closes", Text.SMALL, "faint"))
        self.setLayout(column(head, self.list, margins=Space.M, spacing=Space.S))
        self.setMinimumWidth(WIDTH)
        focus_first(self, self.list.field)


def assignee_choices(
    people: Sequence[Person], groups: Sequence[Group], me: Person | None, assignee: Person | None = None
) -> tuple[Choice, ...]:
    """Me first, then the others, the groups, and nobody; the values are `Assign` commands."""
    ordered = sorted(people, key=lambda person: (person != me, person.name.casefold()))
    choices = [
        Choice(
            value=Assign(person=person),
            title=person.name + (" (you)" if person == me else ""),
            detail="has it now" if person == assignee else person.email,
            person=person.name,
            enabled=person != assignee,
        )
        for person in ordered
    ]
    choices += [
        Choice(value=Assign(group=group.name), title=group.name, detail="Group", icon="users")
        for group in groups
    ]
    if assignee is not None:
        choices.append(Choice(value=Assign(), title="Nobody", detail="Back to Unassigned", icon="user-x"))
    return tuple(choices)


@dataclass(frozen=True, slots=True)
class Snooze:
    """Put aside until a moment; None brings the ticket back now."""

    until: datetime | None


def snooze_choices(now: datetime, *, snoozed: bool = False) -> tuple[Choice, ...]:
    """Sensible moments after `now`, which carries the rep's time zone."""
    moments: list[tuple[str, datetime]] = [
        ("In one hour", now + timedelta(hours=1)),
        ("In three hours", now + timedelta(hours=3)),
    ]
    evening = datetime.combine(now, _EVENING, now.tzinfo)
    if now < evening - timedelta(hours=1):
        moments.append(("This evening", evening))
    tomorrow = datetime.combine(now + timedelta(days=1), _MORNING, now.tzinfo)
    monday = datetime.combine(now + timedelta(days=7 - now.weekday()), _MORNING, now.tzinfo)
    moments.append(("Tomorrow morning", tomorrow))
    if monday != tomorrow:
        moments.append(("Monday morning", monday))
    moments.append(("In one week", datetime.combine(now + timedelta(days=7), _MORNING, now.tzinfo)))
    choices = [
        Choice(value=Snooze(moment), title=words, detail=f"{moment:%a %d %b, %H:%M}", icon="alarm-clock")
        for words, moment in moments
    ]
    if snoozed:
        choices.insert(0, Choice(value=Snooze(None), title="Bring it back now", icon="undo-2"))
    return tuple(choices)
