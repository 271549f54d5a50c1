"""How the requester feels, how soon somebody must act and what they want, each with what it was read from."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from copilot.domain import Brief, Citation, Intent, RemoteId, SourceKind, TicketId, TriageKind
from ui.actions import Actions
from ui.assist.sparkline import Sparkline
from ui.assist.words import confidence_words, mood_words
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import action_button
from ui.widgets.card import Card
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.mood import mood_mark, urgency_mark
from ui.widgets.pill import Pill

BY_YOU = "Set by you"


class Finding(QWidget):
    """One thing that was read from the thread: a pill, and beside it what caused it or that the rep set it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.pill = Pill()
        self.why = Label("", Text.SMALL, "muted", wrap=True)
        beside = row(column(self.pill, None), self.why)
        beside.setStretchFactor(self.why, 1)
        self.setLayout(beside)

    def show_finding(self, word: str, tone: Tone, icon_name: str, why: str) -> None:
        """Show a value and its causes."""
        self.pill.set(word, tone, icon_name)
        self.pill.setAccessibleName(f"{self._name}: {word}")
        self.why.setText(why)


class MoodCard(Card):
    """Sentiment, urgency and intent: always a word, an icon and the reasons, never a colour alone."""

    cited = Signal(object)

    def __init__(self, actions: Actions) -> None:
        correct = action_button(actions, "triage.correct", "Correct", kind="quiet", small=True)
        correct.set_icon("")
        super().__init__("Mood and urgency", "smile", correct)
        self._ticket = TicketId(0)
        self._course = Sparkline()
        self._course.message_pointed.connect(self._on_pointed)
        self.mood, self.urgency, self.intent = Finding("Mood"), Finding("Urgency"), Finding("Intent")
        self.body.setSpacing(Space.S)
        self.add(self._course, self.mood, self.urgency, self.intent)

    def show_brief(self, brief: Brief) -> None:
        """Show the mood, urgency and intent of a brief."""
        self._ticket = brief.ticket
        mark = mood_mark(brief.sentiment.score)
        mood = BY_YOU if TriageKind.SENTIMENT in brief.corrected else _because(brief)
        self.mood.show_finding(mood_words(brief.sentiment), mark.tone, mark.icon, mood)
        self._course.show_points(brief.mood_course)
        urgency = urgency_mark(brief.urgency.level)
        pressing = BY_YOU if TriageKind.URGENCY in brief.corrected else _presses(brief)
        self.urgency.show_finding(urgency.word, urgency.tone, urgency.icon, pressing)
        self._show_intent(brief.intent, by_you=TriageKind.INTENT in brief.corrected)

    def _show_intent(self, intent: Intent | None, *, by_you: bool) -> None:
        self.intent.setVisible(intent is not None)
        if intent is None:
            return
        why = BY_YOU if by_you else _wants(intent)
        if intent.name is None:
            self.intent.show_finding("No known intent", Tone.NEUTRAL, "tag", why)
        else:
            self.intent.show_finding(intent.name, Tone.INFO, "tag", why)

    def _on_pointed(self, message: RemoteId | None) -> None:
        if message is None:
            self.cited.emit(None)
            return
        self.cited.emit(
            Citation(
                kind=SourceKind.MESSAGE, title="In this thread", quote="", start=0, end=0,
                ticket=self._ticket, message=message,
            )
        )  # fmt: skip


def _because(brief: Brief) -> str:
    words = _quoted(brief.sentiment.words)
    sure = confidence_words(brief.sentiment.confidence)
    return f"{sure}. Read from {words}" if words else f"{sure}. No single word stands out"


def _presses(brief: Brief) -> str:
    return "; ".join(reason.rstrip(".") for reason in brief.urgency.reasons) or "Nothing presses"


def _wants(intent: Intent) -> str:
    if intent.name is None:
        nearest = ", ".join(f"{name} {confidence:.0%}" for name, confidence in intent.closest[:2])
        return f"None of your team's. Nearest: {nearest}" if nearest else "None of your team's"
    sure = confidence_words(intent.confidence)
    words = _quoted(intent.words)
    return f"{sure}. Read from {words}" if words else sure


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words)
