"""What stays where it is while the heights of a long thread become known."""

from __future__ import annotations

from dataclasses import dataclass

from ui.conversation.extents import Extents


@dataclass(frozen=True, slots=True)
class Place:
    """The reader's place: item `index` stands `offset` pixels below the top of the view; `at_end` follows the end."""

    index: int = 0
    offset: int = 0
    at_end: bool = False


END = Place(at_end=True)


def scroll_value(place: Place, extents: Extents, view_height: int) -> int:
    """The scroll position that shows a place, within what can be scrolled."""
    most = max(extents.total - view_height, 0)
    if place.at_end or not len(extents):
        return most
    return min(max(extents.top(place.index) - place.offset, 0), most)


def visible_range(extents: Extents, value: int, view_height: int) -> range:
    """The items that show at a scroll position."""
    if not len(extents):
        return range(0)
    return range(extents.at(value), extents.at(value + max(view_height - 1, 0)) + 1)


def place_at(extents: Extents, value: int, view_height: int, measured: set[int]) -> Place:
    """The reader's place at a scroll position, held by an item whose height is known if one shows.

    An item just scrolled into view is not taken: when its real height lands, what was being read would move.
    """
    if value >= extents.total - view_height:
        return END
    shown = visible_range(extents, value, view_height)
    index = next((item for item in shown if item in measured), shown.start)
    return Place(index, extents.top(index) - value)
