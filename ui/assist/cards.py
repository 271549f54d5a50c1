"""Small changes to cards that several here need."""

from __future__ import annotations

from ui.theme.tokens import Space
from ui.widgets.card import Card


def reach(card: Card, pixels: int) -> None:
    """Let what is in a card come nearer to its edges, its head staying where it is.

    Rows that light up need the room.
    """
    layout = card.layout()
    item = layout.itemAt(0) if layout is not None else None
    head = item.layout() if item is not None else None
    if layout is None or head is None:
        return
    layout.setContentsMargins(Space.L - pixels, Space.M, Space.L - pixels, Space.M)
    head.setContentsMargins(pixels, 0, pixels, 0)
