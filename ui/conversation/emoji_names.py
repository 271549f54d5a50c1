"""Emoji by their names, as the Unicode consortium and chats know them."""

from __future__ import annotations

from functools import cache

_SHOWN = 12


def emoji_named(typed: str) -> tuple[tuple[str, str], ...]:
    """(name, sign) of emoji whose name begins with `typed`, then of those that hold it. Slow the first time."""
    wanted = typed.casefold()
    begins = [(name, sign) for name, sign in _names() if name.startswith(wanted)]
    holds = [(name, sign) for name, sign in _names() if wanted in name and not name.startswith(wanted)]
    shown: dict[str, str] = {}
    for name, sign in (*sorted(begins, key=lambda entry: len(entry[0])), *holds):
        shown.setdefault(sign, name)
    return tuple((name, sign) for sign, name in shown.items())[:_SHOWN]


@cache
def _names() -> tuple[tuple[str, str], ...]:
    import emoji  # its table takes some 20 ms: only who types ":" pays

    usual = emoji.STATUS["fully_qualified"]
    return tuple(
        (name.strip(":").casefold(), sign)
        for sign, entry in emoji.EMOJI_DATA.items()
        if entry["status"] == usual and "skin_tone" not in entry["en"]
        for name in (*entry.get("alias", ()), entry["en"])
    )
