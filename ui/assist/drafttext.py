"""The text of a draft: each sentence with the numbers of its sources, to be pointed at one by one."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QMouseEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit

from copilot.domain import Citation, DraftSentence, Support
from ui.assist.words import source_words
from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Text
from ui.widgets.notices import announce

_LINE_HEIGHT_PERCENT = 140


def source_numbers(sentences: Sequence[DraftSentence]) -> dict[tuple[str, str], int]:
    """The number of each source of a draft, in the order in which they are first cited."""
    numbers: dict[tuple[str, str], int] = {}
    for sentence in sentences:
        for citation in sentence.citations:
            numbers.setdefault(source_key(citation), len(numbers) + 1)
    return numbers


def source_key(citation: Citation) -> tuple[str, str]:
    """Names the source of a citation: two spans of one article are one source."""
    return (citation.kind.value, str(citation.article or f"{citation.ticket}/{citation.message}"))


class DraftText(QTextEdit):
    """Read-only. Pointer, Tab and the arrow keys go from sentence to sentence."""

    sentence_pointed = Signal(int)
    """The number of the sentence pointed at, -1 for none."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFont(font(Text.BODY))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self._sentences: tuple[DraftSentence, ...] = ()
        self._places: list[tuple[int, int]] = []
        self._current = -1
        theme().changed.connect(self._write)

    def show_sentences(self, sentences: Sequence[DraftSentence]) -> None:
        """Show another draft."""
        self._sentences, self._current = tuple(sentences), -1
        self._write()
        self.setAccessibleName("Draft")

    def show_plain(self, text: str) -> None:
        """Show words that are still being written: nothing of them has been checked yet."""
        self._sentences, self._current = (), -1
        self.setPlainText(text)

    @property
    def current(self) -> int:
        """The sentence pointed at, -1 for none."""
        return self._current

    def point(self, number: int) -> None:
        """Point at a sentence; -1 points at none."""
        if number == self._current:
            return
        self._current = number
        self._light()
        self.sentence_pointed.emit(number)

    def step(self, by: int) -> bool:
        """Point at the next sentence that claims something; False when there is none in that direction."""
        number = self._current + by if self._current >= 0 or by > 0 else len(self._sentences) - 1
        while 0 <= number < len(self._sentences):
            if self._sentences[number].support != Support.COURTESY or self._sentences[number].citations:
                self.point(number)
                announce(self, self._spoken(number))
                return True
            number += by
        return False

    def _spoken(self, number: int) -> str:
        sentence = self._sentences[number]
        sources = "; ".join(source_words(citation) for citation in sentence.citations)
        return f"{sentence.text} {sources or 'No source'}"

    def _write(self) -> None:
        self.clear()
        self._places = []
        numbers = source_numbers(self._sentences)
        cursor = QTextCursor(self.document())
        blocks = QTextBlockFormat()
        blocks.setLineHeight(_LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(blocks)
        for sentence in self._sentences:
            start = cursor.position()
            cursor.insertText(sentence.text, _sentence_format(sentence.support))
            cited = sorted({numbers[source_key(citation)] for citation in sentence.citations})
            if cited:
                cursor.insertText("\N{NARROW NO-BREAK SPACE}" + ",".join(map(str, cited)), _number_format())
            if sentence.support == Support.UNSUPPORTED:
                cursor.insertText("\N{NARROW NO-BREAK SPACE}?", _doubt_format())
            self._places.append((start, cursor.position()))
            cursor.insertText(sentence.separator, QTextCharFormat())
        self._fit()

    def _light(self) -> None:
        if not 0 <= self._current < len(self._places):
            self.setExtraSelections([])
            return
        start, end = self._places[self._current]
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(self.document())
        mark.cursor.setPosition(start)
        mark.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        mark.format.setBackground(theme().colour("lit"))
        mark.format.setForeground(theme().colour("ink"))
        self.setExtraSelections([mark])

    def _sentence_at(self, position: int) -> int:
        return next((n for n, (start, end) in enumerate(self._places) if start <= position <= end), -1)

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(ceil(self.document().size().height()) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.point(self._sentence_at(self.cursorForPosition(event.position().toPoint()).position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self.point(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self._current = -1
            self.step(1)
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._current = -1
            self.step(-1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point(-1)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return self.step(1 if forward else -1) or super().focusNextPrevChild(forward)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 20)


def _sentence_format(support: Support) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(theme().colour("ink"))
    if support == Support.UNSUPPORTED:
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        made.setUnderlineColor(theme().colour("warn"))
    return made


def _number_format() -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(font(Text.CAPTION, 600))
    made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
    made.setForeground(theme().colour("accent"))
    return made


def _doubt_format() -> QTextCharFormat:
    made = _number_format()
    made.setForeground(theme().colour("warn"))
    return made
