"""Shows a message's safe HTML: loads nothing, runs nothing, follows no link by itself."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit

from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Text

_LINE_HEIGHT_PERCENT = 140
SAFE_SCHEMES = frozenset({"http", "https", "mailto"})


class SafeBrowser(QTextBrowser):
    """Text of somebody we do not know: it can be read, selected and copied, and that is all.

    It is as high as its text and never scrolls by itself; ask `height_for` before giving it a place.
    """

    link_asked = Signal(str)
    """Somebody wants to follow a link with a safe scheme; show the address and ask first."""

    def __init__(self, ink: str = "ink") -> None:
        super().__init__()
        self._ink = ink
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFont(font(Text.BODY))
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.anchorClicked.connect(self._on_anchor)
        self._content: tuple[str, bool] = ("", False)

    def show_html(self, html: str) -> None:
        """Show allow-listed HTML, as `Workspace.render` makes it."""
        self._content = (html, True)
        self.document().setDefaultStyleSheet(_style())
        self.setHtml(html)
        self._set_blocks()

    def show_text(self, text: str) -> None:
        """Show plain text."""
        self._content = (text, False)
        self.setPlainText(text)
        self._set_blocks()

    def repaint_colours(self) -> None:
        """The theme changed: make the document anew in its colours."""
        content, is_html = self._content
        if is_html:
            self.show_html(content)
        else:
            self.show_text(content)

    def height_for(self, width: int) -> int:
        """How high the text is at a width."""
        if self.document().textWidth() != width:
            self.document().setTextWidth(width)
        return ceil(self.document().size().height())

    def natural_width(self, most: int) -> int:
        """The width the text needs, at most `most`; lays it out at that width."""
        self.document().setTextWidth(most)
        return min(ceil(self.document().idealWidth()) + 1, most)

    def light_up(self, start: int, end: int) -> None:
        """Mark Qt positions [start, end); an empty span takes the mark away."""
        if start >= end:
            self.setExtraSelections([])
            return
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        mark.cursor.setPosition(min(start, last))
        mark.cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        mark.format = lit_format()
        self.setExtraSelections([mark])

    def rect_of(self, position: int) -> QRect:
        """Where a Qt position stands, in this widget's coordinates."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(position, self.document().characterCount() - 1))
        return self.cursorRect(cursor)

    def _on_anchor(self, url: QUrl) -> None:
        if url.scheme().lower() in SAFE_SCHEMES:
            # Encoded, so that a host in look-alike letters shows its "xn--".
            self.link_asked.emit(bytes(url.toEncoded().data()).decode("ascii"))

    def _set_blocks(self) -> None:
        blocks = QTextBlockFormat()
        blocks.setLineHeight(_LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        blocks.setNonBreakableLines(False)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(blocks)
        if self._ink != "ink":
            colour = QTextCharFormat()
            colour.setForeground(theme().colour(self._ink))
            cursor.mergeCharFormat(colour)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        # An answer of None would let Qt open the path itself, `file:` included.
        return QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), ceil(self.document().size().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


def lit_format() -> QTextCharFormat:
    """How cited words look: a marker's colour, and a line for those who do not see it."""
    made = QTextCharFormat()
    made.setBackground(theme().colour("lit"))
    made.setForeground(theme().colour("ink"))
    made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    made.setUnderlineColor(theme().colour("lit_line"))
    return made


def _style() -> str:
    def name(token: str) -> str:
        return QColor(theme().colour(token)).name()

    return (
        f"a {{ color: {name('accent')}; }}"
        f"blockquote {{ color: {name('muted')}; margin-left: 12px; margin-right: 0; }}"
        f"code, pre {{ font-family: monospace; background-color: {name('sunken')}; }}"
        f"th {{ font-weight: 600; }}"
    )
