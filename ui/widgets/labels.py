"""Text on the screen: always plain text, so that nothing a customer wrote is ever read as HTML."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Size, Text
from ui.widgets.direction import paint_words


def plain_tip(text: str) -> str:
    """A tool tip that shows exactly this text: Qt would read a text that looks like HTML as HTML."""
    return f"<span>{html.escape(text)}</span>" if text else ""


class Label(QLabel):
    """Plain text in a step of the type scale; `tone` is a text colour of the style sheet, e.g. muted."""

    def __init__(self, text: str = "", step: Text = Text.BODY, tone: str = "", *, wrap: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(step))
        self.setWordWrap(wrap)
        self.set_tone(tone)
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        """Change the colour of the text."""
        if self.property("tone") == tone:
            return
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)


class ElidedLabel(QWidget):
    """One line that ends in … where there is no room; the whole text is in its tool tip and accessible name."""

    def __init__(self, text: str = "", step: Text = Text.BODY, ink: str = "ink") -> None:
        super().__init__()
        self._text, self._ink = "", ink
        self.setFont(font(step))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text."""
        self._text = " ".join(text.split())
        self.setToolTip(plain_tip(self._text))
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.fontMetrics().height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().colour(self._ink))
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        paint_words(painter, self.rect(), shown)


class IconLabel(QWidget):
    """An icon that is not a control; `meaning` is what a screen reader says, empty for mere decoration."""

    def __init__(self, name: str, ink: str = "muted", size: int = Size.ICON, meaning: str = "") -> None:
        super().__init__()
        self._name, self._ink = name, ink
        self.setFixedSize(size, size)
        self.setAccessibleName(meaning)
        if meaning:
            self.setToolTip(meaning)

    def set_icon(self, name: str, ink: str = "") -> None:
        """Show another icon."""
        self._name, self._ink = name, ink or self._ink
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self.rect(), self._name, self._ink)
