"""The theme: forced or the system's, and icons that follow it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from ui.theme.icons import icon
from ui.theme.theme import theme
from ui.theme.tokens import DARK, LIGHT, Scheme


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> Iterator[None]:
    yield
    theme().prefer(Scheme.LIGHT.value)


def strokes(image: QImage) -> set[str]:
    """The colours of the fully painted pixels."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_forcing_a_scheme_changes_palette_and_tells(qapp: QApplication) -> None:
    told: list[Scheme] = []
    theme().changed.connect(lambda: told.append(theme().scheme))
    theme().prefer("dark")
    assert told == [Scheme.DARK]
    assert qapp.palette().window().color() == QColor(DARK.canvas)
    theme().changed.disconnect()


def test_an_unknown_system_scheme_falls_back(qapp: QApplication) -> None:
    theme().prefer("dark")
    theme().prefer("system")  # offscreen knows no scheme
    assert theme().scheme is Scheme.LIGHT


def test_an_icon_made_before_the_change_is_painted_in_the_new_colour(qapp: QApplication) -> None:
    made = icon("inbox", "ink")
    light = strokes(made.pixmap(QSize(24, 24)).toImage())
    theme().prefer("dark")
    dark = strokes(made.pixmap(QSize(24, 24)).toImage())
    assert QColor(LIGHT.ink).name() in light
    assert QColor(DARK.ink).name() in dark
    assert light.isdisjoint(dark)


def test_icons_are_sharp_at_any_pixel_ratio(qapp: QApplication) -> None:
    drawn = icon("inbox").pixmap(QSize(16, 16), 2.0)
    assert drawn.size() == QSize(32, 32)
    assert drawn.devicePixelRatio() == 2.0
