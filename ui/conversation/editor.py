"""The field one writes in: Markdown text, with a mark under each sentence of the draft that is still untouched."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QMouseEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit

from copilot.domain import DraftSentence, Support
from ui.conversation.grounding import Mark, find_marks
from ui.conversation.offsets import QtOffsets
from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Text

_LINE_HEIGHT_PERCENT = 135


class ReplyEditor(QTextEdit):
    """Plain text in and out. Marks live beside the text: they are in no undo step and in nothing that is sent."""

    files_dropped = Signal(object)
    """Paths of local files."""
    picture_pasted = Signal(bytes)
    """A picture from the clipboard, as PNG."""
    sentence_pointed = Signal(int)
    """The cursor or the pointer is on an untouched sentence of the draft: its number; -1 when on none."""
    left = Signal()
    """The focus went elsewhere."""
    meaning_asked = Signal(object, object)
    """The context menu, just opened, is to offer other words for the one under this `QTextCursor`: the `QMenu` too."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bare", True)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFont(font(Text.BODY))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.viewport().setMouseTracking(True)
        self._sentences: tuple[DraftSentence, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._pointed = -1
        self._misspelled: tuple[QTextCursor, ...] = ()
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        theme().changed.connect(self._paint_marks)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The untouched sentences of the draft."""
        return self._marks

    def set_draft(self, sentences: Sequence[DraftSentence]) -> None:
        """Compare the text with this draft from now on; an empty one ends that."""
        self._sentences = tuple(sentences)
        self._on_text_changed()

    @property
    def sentences(self) -> tuple[DraftSentence, ...]:
        """What marks count in: the draft's sentences, and behind them those that were checked while the rep wrote."""
        return self._sentences

    def add_checked(self, sentence: DraftSentence) -> None:
        """A sentence of the rep's own has been checked against the sources: mark it as long as it stands."""
        if self._sentences and sentence not in self._sentences:
            self.set_draft((*self._sentences, sentence))

    def load(self, text: str) -> None:
        """Show another text; nothing of the old one can be undone into it."""
        self._misspelled = ()
        self.setPlainText(text)
        self._set_line_height()
        self.moveCursor(QTextCursor.MoveOperation.End)

    def put(self, text: str) -> None:
        """Replace the text as one step that Ctrl+Z takes back."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.End)

    def set_misspelled(self, spans: Sequence[tuple[int, int]]) -> None:
        """Underline these code points as misspelled; they move with the text until they are set anew."""
        offsets = QtOffsets(self.toPlainText())
        made = []
        for start, end in spans:
            cursor = QTextCursor(self.document())
            cursor.setPosition(offsets.to_qt(start))
            cursor.setPosition(offsets.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
            made.append(cursor)
        self._misspelled = tuple(made)
        self._paint_marks()

    def misspelled_at(self, position: int) -> QTextCursor | None:
        """The misspelled word around a Qt position, selected."""
        around = (c for c in self._misspelled if c.selectionStart() <= position <= c.selectionEnd())
        found = next(around, None)
        return None if found is None else QTextCursor(found)

    def to_next_mistake(self) -> bool:
        """Select the next misspelled word, from the beginning again after the last; False when there is none."""
        here = self.textCursor().selectionEnd()
        places = sorted(self._misspelled, key=lambda c: (c.selectionStart() < here, c.selectionStart()))
        words = [place for place in places if place.hasSelection()]
        if words:
            self.setTextCursor(QTextCursor(words[0]))
        return bool(words)

    def height_wanted(self) -> int:
        """How high the whole text is."""
        return ceil(self.document().size().height()) + 4

    def _set_line_height(self) -> None:
        # Also on an empty text: what is typed into it inherits the format.
        blocks = QTextBlockFormat()
        blocks.setLineHeight(_LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        self.document().setUndoRedoEnabled(False)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(blocks)
        self.document().setUndoRedoEnabled(True)

    def _on_text_changed(self) -> None:
        self._marks = find_marks(self.toPlainText(), self._sentences) if self._sentences else ()
        self._paint_marks()

    def _paint_marks(self) -> None:
        offsets = QtOffsets(self.toPlainText())
        made = []
        for mark in self._marks:
            look = _look(self._sentences[mark.number].support, lit=mark.number == self._pointed)
            if look is None:
                continue
            selection = QTextEdit.ExtraSelection()
            selection.cursor = QTextCursor(self.document())
            selection.cursor.setPosition(offsets.to_qt(mark.start))
            selection.cursor.setPosition(offsets.to_qt(mark.end), QTextCursor.MoveMode.KeepAnchor)
            selection.format = look
            made.append(selection)
        self.setExtraSelections([*made, *self._spelling_marks()])

    def _spelling_marks(self) -> list[QTextEdit.ExtraSelection]:
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        look.setUnderlineColor(theme().colour("bad"))
        made = []
        for cursor in self._misspelled:
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, look
            made.append(selection)
        return made

    def _on_cursor_moved(self) -> None:
        if self.hasFocus():
            self._point(self.textCursor().position())

    def _point(self, position: int) -> None:
        place = QtOffsets(self.toPlainText()).from_qt(position)
        number = next((m.number for m in self._marks if m.start <= place < m.end), -1)
        if number != self._pointed:
            self._pointed = number
            self._paint_marks()
            self.sentence_pointed.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not event.buttons() and self._sentences:
            self._point(self.cursorForPosition(event.position().toPoint()).position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.textCursor() if by_key else self.cursorForPosition(event.pos())
        word = self.misspelled_at(at.position())
        if word is not None:
            self.meaning_asked.emit(word, menu)
        corner = self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
        menu.popup(corner if by_key else event.globalPos())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(-1)
        self.left.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if files:
            self.files_dropped.emit(tuple(files))
        elif source.hasImage() and not source.hasText():
            self.picture_pasted.emit(_png(source.imageData()))
        elif source.hasText():
            self.textCursor().insertText(source.text())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            return
        super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            return
        super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if event.mimeData().hasUrls():
            self.insertFromMimeData(event.mimeData())
            event.acceptProposedAction()
            return
        super().dropEvent(event)


def _look(support: Support, *, lit: bool) -> QTextCharFormat | None:
    """A line under the words: solid for a sentence with a source, wavy for one without; lit when pointed at."""
    made = QTextCharFormat()
    match support:
        case Support.SUPPORTED:
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            made.setUnderlineColor(theme().colour("good"))
        case Support.UNSUPPORTED:
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            made.setUnderlineColor(theme().colour("warn"))
        case _:
            return None
    if lit and support == Support.SUPPORTED:
        made.setBackground(theme().colour("lit"))
        made.setForeground(theme().colour("ink"))
    return made


def _png(image: object) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if isinstance(image, QImage):
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes here, Qt a str
    return bytes(buffer.data().data())
