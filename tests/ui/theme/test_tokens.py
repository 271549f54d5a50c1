"""The tokens: enough contrast for everybody, and everything that is named exists."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from PySide6.QtGui import QColor

from ui.theme.resources import FONTS, ICONS
from ui.theme.stylesheet import style_sheet
from ui.theme.tokens import MARK_PAIRS, SCHEMES, TEXT_PAIRS, Colours, Scheme


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    made = QColor(colour)
    parts = [made.redF(), made.greenF(), made.blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(
    scheme: Scheme, pairs: tuple[tuple[str, str], ...], least: float
) -> list[tuple[str, str, float]]:
    """The pairs of tokens below a contrast."""
    colours = SCHEMES[scheme]
    found = [
        (ink, ground, contrast(getattr(colours, ink), getattr(colours, ground))) for ink, ground in pairs
    ]
    return [pair for pair in found if pair[2] < least]


@pytest.mark.parametrize("scheme", list(Scheme))
def test_text_can_be_read(scheme: Scheme) -> None:
    assert too_faint(scheme, TEXT_PAIRS, 4.5) == []


@pytest.mark.parametrize("scheme", list(Scheme))
def test_marks_can_be_seen(scheme: Scheme) -> None:
    assert too_faint(scheme, MARK_PAIRS, 3.0) == []


@pytest.mark.parametrize("scheme", list(Scheme))
def test_initials_can_be_read(scheme: Scheme) -> None:
    assert all(contrast(ink, soft) >= 4.5 for ink, soft in SCHEMES[scheme].avatars)


def test_high_contrast_is_higher() -> None:
    colours = SCHEMES[Scheme.CONTRAST]
    inks = ("ink", "muted", "faint")
    assert all(contrast(getattr(colours, ink), colours.surface) >= 7 for ink in inks)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_style_sheet_names_only_tokens_that_exist(scheme: Scheme) -> None:
    assert "$" not in style_sheet(SCHEMES[scheme])


def test_every_icon_named_in_the_code_is_shipped() -> None:
    package = ICONS.parents[1] / "ui"
    shipped = {file.stem for file in ICONS.glob("*.svg")}
    call = re.compile(r'(?:\bicon|paint_icon|IconLabel|IconButton|set_icon|Card)\([^)"]*"([a-z0-9-]+)"')
    named = {
        name for file in package.rglob("*.py") for name in call.findall(file.read_text(encoding="utf-8"))
    }
    named -= {token.name for token in fields(Colours)}
    assert len(named) > 10
    assert named <= shipped


def test_the_font_is_shipped_with_its_licence() -> None:
    assert len(list(FONTS.glob("Inter-*.ttf"))) >= 4
    assert (FONTS / "LICENSE.txt").exists()
