"""A text with what was added underlined and what was removed struck through; never by colour alone."""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from ui.conversation.difference import Change, Piece
from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Text


class ChangedText(QTextEdit):
    """Read only; can be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFont(font(Text.BODY))

    def show_pieces(self, pieces: tuple[Piece, ...]) -> None:
        """Show a difference."""
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for piece in pieces:
            cursor.insertText(piece.text, _look(piece.change))
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)


def _look(change: Change) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(theme().colour("ink"))
    if change is Change.ADDED:
        made.setForeground(theme().colour("good"))
        made.setFontUnderline(True)
    elif change is Change.REMOVED:
        made.setForeground(theme().colour("bad"))
        made.setFontStrikeOut(True)
    return made
