"""The design tokens: every colour, size and duration of the window, once.

Colours come in three schemes. Names say what a colour is for, never what it looks like. A test holds every pair in
`TEXT_PAIRS` to 4.5 : 1 (WCAG 2.2, 1.4.3) and every pair in `MARK_PAIRS` to 3 : 1 (1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """The colour schemes."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Tone(StrEnum):
    """What a coloured mark says; each has an ink and a soft surface."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One scheme.

    Surfaces from back to front: `sunken` (wells), `canvas` (behind everything), `surface` (panes), `raised` (cards,
    pop-ups). Inks by weight: `ink`, `muted`, `faint`. `accent` is for text and lines, `accent_fill` for filled
    controls, whose text is `on_accent`.
    """

    sunken: str
    canvas: str
    surface: str
    raised: str
    hover: str
    pressed: str
    selected: str
    line: str
    line_strong: str
    ink: str
    muted: str
    faint: str
    accent: str
    accent_fill: str
    accent_fill_hover: str
    on_accent: str
    accent_soft: str
    focus: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    info: str
    info_soft: str
    note: str
    note_soft: str
    note_line: str
    neutral: str
    neutral_soft: str
    rep_bubble: str
    ai_bubble: str
    ai_line: str
    lit: str
    lit_line: str
    toast: str
    on_toast: str
    toast_action: str
    skeleton: str
    shadow_alpha: int
    avatars: tuple[tuple[str, str], ...]


LIGHT = Colours(
    sunken="#EFF1F5", canvas="#F6F7F9", surface="#FFFFFF", raised="#FFFFFF",
    hover="#F1F3F7", pressed="#E7EAF0", selected="#ECEFFF", line="#E4E7EC", line_strong="#CDD2DB",
    ink="#15181E", muted="#4A5363", faint="#5D6676",
    accent="#4A41DB", accent_fill="#4F46E5", accent_fill_hover="#4339D0", on_accent="#FFFFFF",
    accent_soft="#ECEFFF", focus="#4F46E5",
    good="#05603A", good_soft="#E1F5EB", warn="#8A3D06", warn_soft="#FEF0CF",
    bad="#B42318", bad_soft="#FDE8E6", info="#0B5C76", info_soft="#E0F2F7",
    note="#7A4B00", note_soft="#FFF7E0", note_line="#F2D98C", neutral="#4A5363", neutral_soft="#EDEFF3",
    rep_bubble="#ECEFFF", ai_bubble="#EAF6F8", ai_line="#BFE1E8", lit="#FFE58A", lit_line="#A66A00",
    toast="#1D222B", on_toast="#F4F5F7", toast_action="#BDBBFF", skeleton="#E9ECF1", shadow_alpha=26,
    avatars=(
        ("#4338CA", "#E3E4FD"), ("#0E6680", "#D6EEF5"), ("#05603A", "#D5F0E3"),
        ("#8A3D06", "#FBE8CC"), ("#A41B5C", "#FADFEC"), ("#6527C4", "#ECE0FC"),
    ),
)  # fmt: skip

DARK = Colours(
    sunken="#0B0D10", canvas="#0F1115", surface="#15181D", raised="#1B1F26",
    hover="#20252D", pressed="#292F39", selected="#262A48", line="#272C35", line_strong="#3D4552",
    ink="#ECEEF2", muted="#B0B7C4", faint="#949DAD",
    accent="#A9A6FF", accent_fill="#5D56EC", accent_fill_hover="#524BDD", on_accent="#FFFFFF",
    accent_soft="#262A48", focus="#A9A6FF",
    good="#4ADE9F", good_soft="#12332A", warn="#FBBF24", warn_soft="#3A2E10",
    bad="#FF8A85", bad_soft="#3F1D1F", info="#67D3EC", info_soft="#10303A",
    note="#F5C451", note_soft="#2C2413", note_line="#57451B", neutral="#B0B7C4", neutral_soft="#272C35",
    rep_bubble="#24284A", ai_bubble="#12282E", ai_line="#234A54", lit="#5C4A12", lit_line="#F5C451",
    toast="#ECEEF2", on_toast="#15181D", toast_action="#3F37C9", skeleton="#232830", shadow_alpha=110,
    avatars=(
        ("#B9B8FF", "#2B2D5C"), ("#7FD8EE", "#153844"), ("#6EE0AE", "#163A2D"),
        ("#FBC074", "#43300F"), ("#F9A3CB", "#48203A"), ("#CDB1FF", "#38265C"),
    ),
)  # fmt: skip

CONTRAST = Colours(
    sunken="#000000", canvas="#000000", surface="#000000", raised="#0A0A0A",
    hover="#26262B", pressed="#33333A", selected="#1F2A66", line="#8A8F99", line_strong="#C8CCD4",
    ink="#FFFFFF", muted="#F0F2F5", faint="#D6DAE1",
    accent="#C4C2FF", accent_fill="#D9D7FF", accent_fill_hover="#FFFFFF", on_accent="#000000",
    accent_soft="#1F2A66", focus="#FFE45C",
    good="#7CF5C1", good_soft="#00301F", warn="#FFD84D", warn_soft="#3A2C00",
    bad="#FFB3AE", bad_soft="#4A0E0E", info="#9BE9FF", info_soft="#002F3D",
    note="#FFDE73", note_soft="#2B2100", note_line="#FFDE73", neutral="#FFFFFF", neutral_soft="#2A2A2F",
    rep_bubble="#1F2A66", ai_bubble="#002F3D", ai_line="#9BE9FF", lit="#6B5400", lit_line="#FFE45C",
    toast="#FFFFFF", on_toast="#000000", toast_action="#1C1680", skeleton="#33333A", shadow_alpha=0,
    avatars=(
        ("#FFFFFF", "#2B2D8C"), ("#FFFFFF", "#0B5266"), ("#FFFFFF", "#0C5A3C"),
        ("#FFFFFF", "#6E4200"), ("#FFFFFF", "#7D1F51"), ("#FFFFFF", "#4B2396"),
    ),
)  # fmt: skip

SCHEMES = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK, Scheme.CONTRAST: CONTRAST}

_SURFACES = ("canvas", "surface", "raised", "hover", "selected", "sunken")
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, surface) for ink in ("ink", "muted", "faint", "accent") for surface in _SURFACES),
    *(
        (ink, surface)
        for ink in ("ink", "muted", "accent")
        for surface in ("rep_bubble", "ai_bubble", "note_soft")
    ),
    *((tone.value, f"{tone.value}_soft") for tone in Tone),
    *(
        (tone.value, surface)
        for tone in Tone
        for surface in ("canvas", "surface", "raised", "selected", "hover")
    ),
    ("ink", "lit"),
    ("ink", "pressed"),
    ("on_accent", "accent_fill"),
    ("on_accent", "accent_fill_hover"),
    ("on_toast", "toast"),
    ("toast_action", "toast"),
)
"""(text, background) that occur together."""
MARK_PAIRS: tuple[tuple[str, str], ...] = (
    *(("focus", surface) for surface in _SURFACES),
    ("lit_line", "lit"),
    ("lit_line", "surface"),
    ("accent_fill", "surface"),
)
"""(mark, background) for what is not text: the focus ring, the bar of the selected row."""


class Space:
    """Distances, in logical pixels."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24


class Radius:
    """Corner radii, in logical pixels."""

    S = 6
    M = 8
    L = 12


class Size:
    """Fixed sizes, in logical pixels: nothing jumps because nothing waits for its content to know its size."""

    CONTROL = 32
    CONTROL_SMALL = 26
    ICON = 16
    ICON_LARGE = 20
    AVATAR = 36
    AVATAR_SMALL = 28
    RAIL_WIDE = 76
    HEADER = 64
    ROW_COMFORTABLE = 76
    ROW_COMPACT = 54
    QUEUE = 344
    QUEUE_MIN = 280
    QUEUE_MAX = 460
    CONVERSATION_MIN = 420
    COPILOT = 380
    COPILOT_MIN = 320
    COPILOT_MAX = 520


class Motion:
    """Durations, in milliseconds; `Theme.reduced_motion` makes all of them 0."""

    FAST = 120
    SLOW = 200


class Text(StrEnum):
    """The type scale: a name, see `TYPE_SCALE`."""

    MICRO = "micro"
    CAPTION = "caption"
    SMALL = "small"
    BODY = "body"
    STRONG = "strong"
    TITLE = "title"
    DISPLAY = "display"


TYPE_SCALE: dict[Text, tuple[int, int]] = {
    Text.MICRO: (10, 600),
    Text.CAPTION: (11, 500),
    Text.SMALL: (12, 400),
    Text.BODY: (13, 400),
    Text.STRONG: (13, 600),
    Text.TITLE: (15, 600),
    Text.DISPLAY: (20, 600),
}
"""Pixel size and weight of each step."""
