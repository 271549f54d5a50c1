"""Boxes in one line: a row or a column of widgets, layouts, and None for stretch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.theme.tokens import Space

BoxT = TypeVar("BoxT", bound=QBoxLayout)
Item = QWidget | QLayout | None
Margins = int | tuple[int, int, int, int]


def row(*items: Item, margins: Margins = 0, spacing: int = Space.S) -> QHBoxLayout:
    """A horizontal box; None stretches."""
    return _filled(QHBoxLayout(), items, margins, spacing)


def column(*items: Item, margins: Margins = 0, spacing: int = Space.S) -> QVBoxLayout:
    """A vertical box; None stretches."""
    return _filled(QVBoxLayout(), items, margins, spacing)


def frame(layout: QLayout, surface: str = "", parent: QWidget | None = None) -> QFrame:
    """A frame around a layout; `surface` as in `ui.theme.stylesheet`."""
    made = QFrame(parent)
    if surface:
        made.setProperty("surface", surface)
    made.setLayout(layout)
    return made


def empty(box: QBoxLayout) -> None:
    """Take all widgets out of a box, for good."""
    while (item := box.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()


def rule(*, vertical: bool = False) -> QFrame:
    """A hairline."""
    made = QFrame()
    made.setProperty("rule", "vertical" if vertical else "horizontal")
    return made


def _filled(box: BoxT, items: Iterable[Item], margins: Margins, spacing: int) -> BoxT:
    box.setContentsMargins(*((margins,) * 4 if isinstance(margins, int) else margins))
    box.setSpacing(spacing)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item)
    return box
