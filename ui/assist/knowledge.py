"""The articles that fit, best first: how well, for whose eyes, and the passage that matched."""

from __future__ import annotations

from PySide6.QtCore import Signal

from copilot.domain import ArticleHit, Audience, Citation
from ui.assist.cards import reach
from ui.assist.expandable import Expandable, Strength
from ui.assist.words import SOURCE_WORDS, strength_words
from ui.conversation.attachments import visible_name
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.pill import Pill

_SHOWN = 3


class ArticleRow(Expandable):
    """One article."""

    insert_asked = Signal(str)
    """Put this Markdown into the editor."""
    open_asked = Signal(str)
    """Open this address."""

    def __init__(self) -> None:
        self._hit: ArticleHit | None = None
        self._word = Label("", Text.CAPTION, "muted")
        self._strength = Strength()
        self._audience = Pill("Internal", Tone.NOTE, "lock")
        self._passage = Label("", Text.SMALL, wrap=True)
        self._reason = Label("", Text.CAPTION, "muted", wrap=True)
        self.insert = Button("Insert link", "link", small=True)
        self.open_button = Button("Open", "external-link", kind="quiet", small=True)
        inside = column(
            self._passage, self._reason, row(self.insert, self.open_button, None, spacing=6), spacing=Space.S
        )
        super().__init__("file-text", (self._audience, self._word, self._strength), inside)
        self.insert.clicked.connect(self._on_insert)
        self.open_button.clicked.connect(self._on_open)

    @property
    def passage(self) -> Citation | None:
        """The passage that matched."""
        return self._hit.passage if self._hit else None

    def show_hit(self, hit: ArticleHit) -> None:
        """Show an article."""
        self._hit = hit
        self.close_row()
        internal = hit.audience == Audience.INTERNAL
        word, icon = SOURCE_WORDS[hit.kind]
        strength = strength_words(hit.score)
        self.set_icon(icon)
        self._audience.setVisible(internal)
        self._word.setText(strength.removesuffix(" match"))
        self._strength.show_score(hit.score, strength)
        self._passage.setText(f"“{hit.passage.quote.strip()}”")
        self._reason.setText(hit.reason)
        self._reason.setVisible(bool(hit.reason))
        why_not = "Internal: customers cannot read it" if internal else "" if hit.url else "It has no address"
        self.insert.setEnabled(not why_not)
        self.insert.setToolTip(why_not)
        self.open_button.setVisible(bool(hit.url))
        self.set_title(hit.title, f"{word}{', internal' if internal else ''}: {hit.title}, {strength}")

    def _on_open(self) -> None:
        if self._hit is not None:
            self.open_asked.emit(self._hit.url)

    def _on_insert(self) -> None:
        if self._hit is not None:
            self.insert_asked.emit(markdown_link(self._hit.title, self._hit.url))


class KnowledgeCard(Card):
    """Three articles at most."""

    insert_asked = Signal(str)
    open_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("Knowledge", "book-open")
        self._nothing = Label(
            "No article fits. If you find the answer, it is worth writing one.", Text.BODY, "muted", wrap=True
        )
        self.rows = [ArticleRow() for _ in range(_SHOWN)]
        self.body.setSpacing(0)
        reach(self, Space.S)
        self.add(self._nothing, *self.rows)
        for article in self.rows:
            article.insert_asked.connect(self.insert_asked)
            article.open_asked.connect(self.open_asked)

    def show_articles(self, hits: tuple[ArticleHit, ...]) -> None:
        """Show what was found."""
        self._nothing.setVisible(not hits)
        for number, article in enumerate(self.rows):
            article.setVisible(number < len(hits))
            if number < len(hits):
                article.show_hit(hits[number])


def markdown_link(title: str, url: str) -> str:
    """A Markdown link; brackets in a title would end it early."""
    safe = visible_name(title).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"[{safe}]({url})"
