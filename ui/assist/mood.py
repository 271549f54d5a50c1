"""How the requester feels and how soon somebody must act, each with what it was read from."""

from __future__ import annotations

from PySide6.QtCore import Signal

from copilot.domain import Brief, Citation, RemoteId, SourceKind, TicketId
from ui.assist.sparkline import Sparkline
from ui.assist.words import confidence_words, mood_words
from ui.theme.tokens import Text
from ui.widgets.card import Card
from ui.widgets.labels import Label
from ui.widgets.layout import row
from ui.widgets.mood import mood_mark, urgency_mark
from ui.widgets.pill import Pill


class MoodCard(Card):
    """Sentiment and urgency: always a word, an icon and the reasons, never a colour alone."""

    cited = Signal(object)

    def __init__(self) -> None:
        self._mood = Pill()
        super().__init__("Mood and urgency", "smile", self._mood)
        self._ticket = TicketId(0)
        self._course = Sparkline()
        self._course.message_pointed.connect(self._on_pointed)
        self._because = Label("", Text.SMALL, "muted", wrap=True)
        self._urgency = Pill()
        self._reasons = Label("", Text.SMALL, "muted", wrap=True)
        urgency = row(self._urgency, self._reasons)
        urgency.setStretchFactor(self._reasons, 1)
        self.add(self._course, self._because, urgency)

    def show_brief(self, brief: Brief) -> None:
        """Show the mood and urgency of a brief."""
        self._ticket = brief.ticket
        mark = mood_mark(brief.sentiment.score)
        self._mood.set(mood_words(brief.sentiment), mark.tone, mark.icon)
        self._course.show_points(brief.mood_course)
        self._because.setText(_because(brief))
        urgency = urgency_mark(brief.urgency.level)
        self._urgency.set(urgency.word, urgency.tone, urgency.icon)
        self._urgency.setAccessibleName(f"Urgency: {urgency.word}")
        self._reasons.setText(
            "; ".join(reason.rstrip(".") for reason in brief.urgency.reasons) or "Nothing presses"
        )

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
    words = ", ".join(f"“{word}”" for word in brief.sentiment.words)
    sure = confidence_words(brief.sentiment.confidence)
    return f"{sure}. Read from {words}" if words else f"{sure}. No single word stands out"
