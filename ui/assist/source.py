"""Where a draft's sentences come from: the list of sources, or the passage behind the sentence pointed at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit

from copilot.domain import Audience, Citation, DraftSentence, Support
from copilot.errors import UserError
from copilot.workspace import Workspace
from ui.aio import spawn
from ui.assist.drafttext import source_key, source_numbers
from ui.assist.words import SOURCE_WORDS
from ui.conversation.browser import lit_format
from ui.conversation.offsets import QtOffsets
from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.labels import ElidedLabel, IconLabel, Label
from ui.widgets.layout import column, row
from ui.widgets.pill import Pill

_HEIGHT = 122
_CONTEXT = 220
_LISTED = 3


class SourcePanel(QFrame):
    """Always of the same height: pointing at a sentence moves nothing."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._citation: Citation | None = None
        self._sentences: tuple[DraftSentence, ...] = ()
        self.setProperty("surface", "sunken")
        self.setFixedHeight(_HEIGHT)
        self._icon = IconLabel("quote", size=14)
        self._title = ElidedLabel("", Text.SMALL, "ink")
        self._audience = Pill("Internal", Tone.NOTE, "lock")
        self._passage = QTextEdit()
        self._passage.setProperty("bare", True)
        self._passage.setReadOnly(True)
        self._passage.setFont(font(Text.SMALL))
        self._passage.setFrameShape(QFrame.Shape.NoFrame)
        self._passage.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._passage.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._passage.document().setDocumentMargin(0)
        self._hint = Label("", Text.CAPTION, "muted")
        head = row(self._icon, self._title, self._audience, spacing=6)
        self.setLayout(
            column(head, self._passage, self._hint, margins=(Space.M, 9, Space.S, 8), spacing=Space.XS)
        )
        theme().changed.connect(self._repaint)

    @property
    def citation(self) -> Citation | None:
        """What is shown, None for the list of sources."""
        return self._citation

    def passage(self) -> str:
        """The text that shows."""
        return self._passage.toPlainText()

    def show_sources(self, sentences: Sequence[DraftSentence]) -> None:
        """Show what the whole draft stands on."""
        self._citation, self._sentences = None, tuple(sentences)
        numbers = source_numbers(sentences)
        titles = {source_key(c): c.title for sentence in sentences for c in sentence.citations}
        listed = [f"{number}  {titles[key]}" for key, number in list(numbers.items())[:_LISTED]]
        more = len(numbers) - len(listed)
        count = f"{len(numbers)} source{'' if len(numbers) == 1 else 's'}"
        self._say("quote", count if numbers else "No sources", internal=False)
        self._write("\n".join(listed))
        self._hint.setText(
            f"and {more} more" if more > 0 else "Point at a sentence, or press y" if numbers else ""
        )

    def show_citation(self, citation: Citation, sentence: DraftSentence | None = None) -> None:
        """Show the passage behind a sentence, its quote lit up; more of an article's text follows when read."""
        self._citation = citation
        word, icon = SOURCE_WORDS[citation.kind]
        self._say(icon, citation.title, internal=citation.audience == Audience.INTERNAL)
        self._write_quote(citation.quote, 0, len(citation.quote))
        others = len(sentence.citations) - 1 if sentence else 0
        self._hint.setText(f"{word}, and {others} more" if others else word)
        if citation.article is not None:
            spawn(self._widen(citation), "read article", self)

    def show_support(self, sentence: DraftSentence) -> None:
        """A sentence without a citation: say what it is."""
        self._citation = None
        unsupported = sentence.support == Support.UNSUPPORTED
        self._say(
            "triangle-alert" if unsupported else "info", _support_words(sentence.support), internal=False
        )
        self._write(sentence.text)
        self._hint.setText("Check it, or take it out" if unsupported else "")

    async def _widen(self, citation: Citation) -> None:
        if citation.article is None:
            return
        try:
            article = await self._workspace.article(citation.article)
        except (UserError, KeyError):
            return  # the quote itself stays on the screen; the article has gone since the brief was made
        if citation is not self._citation or article.text[citation.start : citation.end] != citation.quote:
            return
        first, last = max(citation.start - _CONTEXT, 0), min(citation.end + _CONTEXT, len(article.text))
        before, after = "… " if first else "", " …" if last < len(article.text) else ""
        start = citation.start - first + len(before)
        self._write_quote(f"{before}{article.text[first:last]}{after}", start, start + len(citation.quote))

    def _write_quote(self, text: str, start: int, end: int) -> None:
        self._write(text)
        offsets = QtOffsets(text)
        cursor = QTextCursor(self._passage.document())
        cursor.setPosition(offsets.to_qt(start))
        cursor.setPosition(offsets.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        mark.cursor, mark.format = QTextCursor(cursor), lit_format()
        self._passage.setExtraSelections([mark])
        cursor.setPosition(offsets.to_qt(start))
        bar = self._passage.verticalScrollBar()
        bar.setValue(bar.value() + self._passage.cursorRect(cursor).top())

    def _write(self, text: str) -> None:
        self._passage.setExtraSelections([])
        self._passage.setPlainText(text)

    def _say(self, icon: str, title: str, *, internal: bool) -> None:
        self._icon.set_icon(icon)
        self._title.setText(title)
        self._audience.setVisible(internal)
        self.setAccessibleName(f"Source: {title}")

    def _repaint(self) -> None:
        if self._citation is not None:
            self.show_citation(self._citation)


def _support_words(support: Support) -> str:
    return {
        Support.UNSUPPORTED: "Nothing we know supports this",
        Support.COURTESY: "Courtesy, claims nothing",
        Support.FROM_REP: "From you",
        Support.SUPPORTED: "Supported",
    }[support]
