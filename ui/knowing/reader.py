"""Shows Markdown of the team's, or a message, to be read: nothing in it is loaded, run or followed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QTextBrowser

from ui.conversation.browser import SafeBrowser, lit_format
from ui.conversation.offsets import QtOffsets
from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Text

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
Span = tuple[int, int]


class Reader(SafeBrowser):
    """A page of text that scrolls by itself."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def show_markdown(self, text: str) -> None:
        """Show Markdown; HTML in it is shown as it is written."""
        self.document().setMarkdown(text, _FEATURES)
        self._set_blocks()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def show_marked(self, text: str, spans: tuple[Span, ...]) -> None:
        """Show plain text with these parts of it marked."""
        self.show_text(text)
        marks, places = lit_format(), QtOffsets(text)
        for start, end in spans:
            cursor = QTextCursor(self.document())
            cursor.setPosition(places.to_qt(start))
            cursor.setPosition(places.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(marks)

    def show_talk(self, turns: tuple[tuple[str, str], ...]) -> None:
        """Show what was said: (who, what), oldest first."""
        self.clear()
        cursor = QTextCursor(self.document())
        name, words = QTextCharFormat(), QTextCharFormat()
        name.setFont(font(Text.CAPTION, 600))
        name.setForeground(theme().colour("muted"))
        words.setFont(font(Text.BODY))
        words.setForeground(theme().colour("ink"))
        for number, (who, what) in enumerate(turns):
            cursor.insertText(("\n\n" if number else "") + who + "\n", name)
            cursor.insertText(what.strip(), words)
        self._set_blocks()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def wheelEvent(self, event: QWheelEvent) -> None:
        QTextBrowser.wheelEvent(self, event)

    def sizeHint(self) -> QSize:
        return QSize(240, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)
