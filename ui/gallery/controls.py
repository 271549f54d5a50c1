"""The widgets every place shares: buttons, fields, pills, notices, what stands for content."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar, QWidget

from ui.gallery.page import CONTROL, FIELD, Specimen, State
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button, IconButton, TwiceButton
from ui.widgets.card import Card
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.keycap import KeyCap
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.layout import column, frame, row
from ui.widgets.mood import mood_mark, urgency_mark
from ui.widgets.notices import Notice, Strip, Toast
from ui.widgets.pick import Pick
from ui.widgets.pill import Pill
from ui.widgets.pointable import Pointable
from ui.widgets.segment import PageButton, Segment
from ui.widgets.states import EmptyState, ErrorState, Skeleton

KINDS = ("primary", "plain", "quiet", "danger")
CHOICES = (
    Choice(value=1, title="Sam Lee (you)", detail="sam@shop.example", person="Sam Lee"),
    Choice(value=2, title="Send and solve", detail="closes the ticket", icon="check-check", key="Ctrl+Enter"),
    Choice(value=3, title="Merge", detail="this desk cannot", icon="layers", enabled=False),
)


def controls() -> tuple[Specimen, ...]:
    """What one presses, picks and types into."""
    return (
        *(
            Specimen(
                name=f"Button, {kind}",
                make=partial(Button, "Send", "send", kind=kind, key="Ctrl+Enter"),
                states=CONTROL,
            )
            for kind in KINDS
        ),
        Specimen(name="Button, small", make=partial(Button, "Edit", key="e", small=True), states=CONTROL),
        Specimen(name="Twice", make=_asked, states=(State.REST, State.FOCUS)),
        Specimen(name="Icon button", make=partial(IconButton, "settings", "Settings"), states=CONTROL),
        Specimen(name="Segment", make=partial(Segment, "Reply", "reply", key="r"), states=CONTROL),
        Specimen(name="Segment, chosen", make=_chosen, states=CONTROL),
        Specimen(
            name="Page", make=partial(PageButton, "Language models", "sparkles"), states=CONTROL, width=148
        ),
        Specimen(name="Line", make=partial(_line, "Refund"), states=FIELD, width=180),
        Specimen(name="Line, empty", make=partial(_line, ""), states=FIELD, width=180),
        Specimen(name="Combo box", make=_combo, states=FIELD, width=180),
        Specimen(name="Tick", make=_ticks, states=FIELD),
        Specimen(
            name="A row to point at",
            make=_pointable,
            states=(State.REST, State.HOVER, State.FOCUS),
            width=220,
        ),
        Specimen(name="Choices", make=partial(ChoiceList, CHOICES, "Whom to?", "Whom to"), width=420),
        Specimen(name="Progress", make=_progress, width=220),
    )


def signs() -> tuple[Specimen, ...]:
    """What one reads: type, pills, marks, notices, and what stands where content is not."""
    return (
        Specimen(name="Type", make=_type),
        Specimen(name="Tones", make=_tones),
        Specimen(
            name="Cut text", make=partial(ElidedLabel, "A subject that is longer than its room"), width=160
        ),
        Specimen(name="Pills", make=_pills),
        Specimen(name="Mood and urgency", make=_marks),
        Specimen(name="Keys", make=_keys),
        Specimen(name="People", make=_people),
        *(Specimen(name=f"Strip, {tone.value}", make=partial(_strip, tone), width=620) for tone in Tone),
        Specimen(name="Toasts", make=_toasts),
        Specimen(name="Card", make=_card, width=340),
        Specimen(name="Loading", make=Skeleton, width=300),
        Specimen(
            name="Nothing", make=partial(EmptyState, "inbox", "No ticket is waiting", "Press 2."), width=360
        ),
        Specimen(name="An error", make=_error, width=360),
    )


def _asked() -> QWidget:
    made = TwiceButton("Remove", "Really remove?", "trash-2")
    made.click()
    return made


def _chosen() -> QWidget:
    made = Segment("Note", "lock", tone=Tone.NOTE)
    made.setChecked(True)
    return made


def _line(text: str) -> QWidget:
    made = QLineEdit(text)
    made.setPlaceholderText("Search settings")
    return made


def _combo() -> QWidget:
    made = Pick()
    made.addItems(["Comfortable", "Compact"])
    return made


def _ticks() -> QWidget:
    on, off = QCheckBox("Follow"), QCheckBox("Not this one")
    on.setChecked(True)
    made = frame(row(on, off))
    made.setFocusProxy(on)
    return made


def _pointable() -> QWidget:
    made = Pointable()
    made.setLayout(row(Label("Release a blocked refund"), margins=Space.S))
    return made


def _progress() -> QWidget:
    made = QProgressBar()
    made.setRange(0, 10)
    made.setValue(4)
    made.setTextVisible(False)
    made.setFixedHeight(3)
    return made


def _type() -> QWidget:
    return frame(column(*(Label(f"{step.value}: Refund 1,024", step) for step in Text), spacing=Space.XS))


def _tones() -> QWidget:
    tones = ("", "muted", "faint", *(tone.value for tone in Tone))
    return frame(row(*(Label(tone or "ink", Text.SMALL, tone) for tone in tones), spacing=Space.M))


def _pills() -> QWidget:
    return frame(row(*(Pill(tone.value.title(), tone, "lock") for tone in Tone), Pill("No icon")))


def _marks() -> QWidget:
    marks = [
        *(mood_mark(score) for score in (-0.8, -0.3, 0.0, 0.8)),
        *(urgency_mark(level) for level in (0, 2, 3)),
    ]
    return frame(row(*(Pill(mark.word, mark.tone, mark.icon) for mark in marks)))


def _keys() -> QWidget:
    return frame(
        row(*(KeyCap(key) for key in ("j", "?", "g m", "Ctrl+Enter", "Ctrl+Shift+L", "Esc")), spacing=Space.L)
    )


def _people() -> QWidget:
    names = ("Maya Stone", "Omar Haddad", "Wei Zhang", "Zoë Novák", "Tom Reid", "")
    return frame(row(*(Avatar(name) for name in names), Avatar("Birdie", robot=True)))


def _strip(tone: Tone) -> QWidget:
    text = "Maya Stone wrote a minute ago, while you were writing."
    return Strip(tone, text, Button("Show", "arrow-down", small=True), closable=True)


def _toasts() -> QWidget:
    notices = (
        Notice(text="Sending in 8 seconds", action="Undo", key="u"),
        Notice(text="The desk does not answer", tone=Tone.BAD),
    )
    toasts = [Toast(notice) for notice in notices]
    for toast in toasts:
        toast.fit(400)
    return frame(row(*toasts, spacing=Space.L))


def _card() -> QWidget:
    made = Card("Summary", "list", Pill("Sure", Tone.GOOD))
    made.add(Label("Wants the date on which the money is there.", wrap=True))
    return made


def _error() -> QWidget:
    return ErrorState("The thread could not be read", "The disk is full.", Button("Try again", "refresh-cw"))
