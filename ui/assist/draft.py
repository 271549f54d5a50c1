"""The suggestion: a draft with its evidence and the keys that decide on it, or an honest "not enough to answer"."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from copilot.domain import Abstention, Citation, DecisionKind, Draft, Suggestion
from copilot.workspace import Workspace
from ui.actions import Actions
from ui.assist.drafttext import DraftText
from ui.assist.source import SourcePanel
from ui.assist.words import VERDICT_WORDS, confidence_words, origin_words
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import action_button
from ui.widgets.card import Card
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layout import column, empty, frame, row
from ui.widgets.pill import Pill


class DraftCard(Card):
    """What is offered, on what it stands, and what was decided."""

    cited = Signal(object)
    """The `Citation` of the sentence pointed at, or None."""

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        self._confidence = Pill()
        super().__init__("Suggested reply", "sparkles", self._confidence)
        self._suggestion: Suggestion | None = None
        self.text = DraftText()
        self.sources = SourcePanel(workspace)
        self._buttons = [
            action_button(actions, "draft.accept", "Accept", kind="primary", small=True),
            action_button(actions, "draft.edit", "Edit", small=True),
            action_button(actions, "draft.dismiss", "Dismiss", kind="quiet", small=True),
        ]
        for button in self._buttons[1:]:
            button.set_icon("")
        self._abstention = _AbstentionView(actions)
        self._origin = Label("", Text.CAPTION, "muted", wrap=True)
        self._offer = frame(
            column(self.text, self.sources, row(*self._buttons, None, spacing=Space.XS), spacing=Space.M)
        )
        self._decided = Label("", Text.BODY, "muted", wrap=True)
        self.add(self._decided, self._offer, self._abstention, self._origin)
        self.text.sentence_pointed.connect(self._on_pointed)

    @property
    def draft(self) -> Draft | None:
        """The draft that shows, None for an abstention."""
        content = self._suggestion.content if self._suggestion else None
        return content if isinstance(content, Draft) else None

    def show_suggestion(self, suggestion: Suggestion, verdict: DecisionKind | None) -> None:
        """Show a suggestion and what was decided on it."""
        self._suggestion = suggestion
        content = suggestion.content
        self._offer.setVisible(isinstance(content, Draft))
        self._abstention.setVisible(isinstance(content, Abstention))
        if isinstance(content, Draft):
            self.title.setText("Suggested reply")
            self._confidence.set(confidence_words(content.confidence), _tone(content.confidence))
            self.text.show_sentences(content.sentences)
            self.sources.show_sources(content.sentences)
        else:
            self.title.setText("Not enough to answer" if content.missing else "No reply suggested")
            self._confidence.set("No draft", Tone.NEUTRAL)
            self._abstention.show_abstention(content)
        self._origin.setText(" ".join(part for part in (origin_words(suggestion), _why(suggestion)) if part))
        self.show_verdict(verdict)

    def show_verdict(self, verdict: DecisionKind | None, reason: str = "") -> None:
        """Say what was decided; a dismissed draft folds away."""
        self._decided.setVisible(verdict is not None)
        if verdict is not None:
            self._decided.setText(_decided_words(verdict, reason))
        self._offer.setVisible(self.draft is not None and verdict != DecisionKind.DISMISSED)

    def _on_pointed(self, number: int) -> None:
        draft = self.draft
        if draft is None or number < 0:
            self.sources.show_sources(draft.sentences if draft else ())
            self.cited.emit(None)
            return
        sentence = draft.sentences[number]
        if not sentence.citations:
            self.sources.show_support(sentence)
            self.cited.emit(None)
            return
        self.sources.show_citation(sentence.citations[0], sentence)
        self.cited.emit(sentence.citations[0])

    def show_citation(self, citation: Citation | None) -> None:
        """Show the passage behind a sentence that is pointed at in the editor."""
        if citation is not None:
            self.sources.show_citation(citation)
        elif self.draft is not None:
            self.sources.show_sources(self.draft.sentences)


class _AbstentionView(QFrame):
    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._reason = Label("", Text.BODY, wrap=True)
        self._missing = column(spacing=Space.XS)
        self._heading = Label("What is missing", Text.CAPTION, "muted")
        buttons = row(
            action_button(actions, "ticket.escalate", "Escalate", kind="primary", small=True),
            action_button(actions, "ticket.reply", "Write it yourself", small=True),
            None,
            spacing=6,
        )
        self.setLayout(column(self._reason, self._heading, self._missing, buttons, spacing=Space.S))

    def show_abstention(self, abstention: Abstention) -> None:
        self._reason.setText(abstention.reason)
        self._heading.setVisible(bool(abstention.missing))
        empty(self._missing)
        for missing in abstention.missing:
            label = Label(missing, Text.BODY, wrap=True)
            line = row(IconLabel("circle-help", "warn", 14), label, spacing=6)
            line.setStretchFactor(label, 1)
            self._missing.addWidget(frame(line))


def _decided_words(verdict: DecisionKind, reason: str) -> str:
    words = VERDICT_WORDS[verdict][0] + (f": {reason}" if reason else "")
    return f"{words}. u takes it back." if verdict == DecisionKind.DISMISSED else f"{words}."


def _tone(confidence: float) -> Tone:
    return Tone.GOOD if confidence >= 0.8 else Tone.NEUTRAL if confidence >= 0.6 else Tone.WARN


def _why(suggestion: Suggestion) -> str:
    """The model's reason, without its own name in front: that stands there already."""
    reason = suggestion.reason.removeprefix("Embedded engine:").strip().rstrip(".")
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""
