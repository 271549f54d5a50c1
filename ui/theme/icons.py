"""Lucide icons in any token's colour, sharp at any pixel ratio; they follow a change of theme by themselves."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme.resources import ICONS
from ui.theme.theme import theme

STROKE = "1.75"
MIRRORED = frozenset(
    {
        "arrow-left", "arrow-right", "arrow-up-right", "chevron-left", "chevron-right", "corner-down-left",
        "corner-down-right", "external-link", "list", "panel-left", "panel-right", "quote", "reply", "send",
        "undo-2",
    }
)  # fmt: skip
"""Icons that point along the line one reads: turned round where one reads from the right."""


def icon(name: str, ink: str = "muted", disabled: str = "line_strong") -> QIcon:
    """The icon `name` in the colour of the token `ink`; drawn when painted, so it is right in every theme and size."""
    return QIcon(_ThemedIcon(name, ink, disabled))


def paint_icon(painter: QPainter, rect: QRect, name: str, ink: str) -> None:
    """Draw an icon into a square of logical pixels."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(rect.topLeft(), pixmap(name, ink, rect.width(), ratio))


def pixmap(name: str, ink: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of `size` logical pixels."""
    turned = name in MIRRORED and QGuiApplication.isRightToLeft()
    return _rendered(name, theme().hex(ink), size, ratio, turned)


@lru_cache(maxsize=256)
def _svg(name: str) -> str:
    return (
        (ICONS / f"{name}.svg")
        .read_text(encoding="utf-8")
        .replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    )


@lru_cache(maxsize=1024)
def _rendered(name: str, colour: str, size: int, ratio: float, turned: bool) -> QPixmap:
    drawn = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    if turned:
        painter.translate(drawn.width(), 0)
        painter.scale(-1, 1)
    QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode())).render(
        painter, QRectF(drawn.rect())
    )
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


class _ThemedIcon(QIconEngine):
    """Asks for the colour when it paints instead of keeping a picture in one."""

    def __init__(self, name: str, ink: str, disabled: str) -> None:
        super().__init__()
        self._name, self._ink, self._disabled = name, ink, disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        place = QRect(0, 0, side, side)
        place.moveCenter(rect.center() + QPoint(side % 2 == 0, side % 2 == 0))
        paint_icon(painter, place, self._name, self._ink_in(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        # `size` is in logical pixels (Qt 6.11); QIcon reads the ratio off the size of the answer.
        side = min(size.width(), size.height())
        return pixmap(self._name, self._ink_in(mode), side, scale)

    def clone(self) -> QIconEngine:
        return _ThemedIcon(self._name, self._ink, self._disabled)

    def _ink_in(self, mode: QIcon.Mode) -> str:
        return self._disabled if mode == QIcon.Mode.Disabled else self._ink
