"""A file of a message, or one about to go out, as a chip."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.conversation.words import file_size
from ui.theme.fonts import font
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.labels import plain_tip

_NAME_WIDTH = 220
_ICONS = {"image": "image", "text": "file-text", "audio": "file", "video": "file"}


def visible_name(name: str) -> str:
    """A file name without characters that hide parts of it or turn them around: "exe.jpg" must not be "gpj.exe"."""
    shown = "".join(
        letter if unicodedata.category(letter)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for letter in name
    )
    return " ".join(shown.split()) or "unnamed"


def media_icon(media_type: str) -> str:
    """The icon of a media type."""
    return _ICONS.get(media_type.partition("/")[0], "file")


class FileChip(Button):
    """Name and size of a file; `does` says in a word what a click does ("Save", "Remove")."""

    def __init__(self, name: str, media_type: str, size_bytes: int, does: str) -> None:
        whole = visible_name(name)
        metrics = QFontMetrics(font(Text.SMALL, 500))
        short = metrics.elidedText(whole, Qt.TextElideMode.ElideMiddle, _NAME_WIDTH)
        super().__init__(f"{short}  {file_size(size_bytes)}", media_icon(media_type), small=True)
        # An ampersand in a file name is no shortcut.
        self.setShortcut(QKeySequence())
        self.setAccessibleName(f"{does} {whole}, {file_size(size_bytes)}")
        self.setToolTip(plain_tip(f"{does} {whole}"))


def flow(chips: list[QWidget], left: int, top: int, width: int) -> int:
    """Place chips in lines from (left, top); answers the height they take."""
    place = QPoint(left, top)
    line = 0
    for chip in chips:
        size = chip.sizeHint()
        if place.x() > left and place.x() + size.width() > left + width:
            place = QPoint(left, place.y() + line + Space.XS)
        chip.setGeometry(place.x(), place.y(), min(size.width(), width), size.height())
        place.setX(place.x() + size.width() + Space.XS)
        line = size.height()
    return place.y() + line - top if chips else 0
