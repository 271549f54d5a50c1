"""Inter, bundled: the same text on every machine, and the type scale made of it."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from ui.theme.resources import FONTS
from ui.theme.tokens import TYPE_SCALE, Text

FAMILY = "Inter"


def load_fonts() -> None:
    """Make Inter known to Qt. Raises `FileNotFoundError` when the program's own files are missing."""
    for file in sorted(FONTS.glob("Inter-*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise FileNotFoundError(file)


@cache
def font(step: Text = Text.BODY, weight: int | None = None, *, tabular: bool = False) -> QFont:
    """The font of a step of the type scale; `tabular` gives digits one width, for times and counts."""
    pixels, own_weight = TYPE_SCALE[step]
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight or own_weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if pixels >= 17:
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
