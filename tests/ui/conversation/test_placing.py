"""Heights that become known move nothing that is being read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.conversation.extents import Extents
from ui.conversation.place import END, Place, place_at, scroll_value, visible_range

_HEIGHTS = st.lists(st.integers(1, 300), min_size=1, max_size=40)


def test_positions_follow_from_heights() -> None:
    extents = Extents([10, 20, 30])
    assert [extents.top(number) for number in range(4)] == [0, 10, 30, 60]
    assert extents.set_height(0, 15)
    assert not extents.set_height(0, 15)
    assert extents.total == 65
    assert extents.at(-5) == 0
    assert extents.at(15) == 1
    assert extents.at(999) == 2


def test_nothing_has_no_items() -> None:
    extents = Extents()
    assert extents.total == 0
    assert visible_range(extents, 0, 100) == range(0)
    assert scroll_value(END, extents, 100) == 0
    with pytest.raises(IndexError):
        extents.at(0)


@given(_HEIGHTS, st.integers(10, 400), st.data())
def test_every_pixel_belongs_to_the_item_that_covers_it(
    heights: list[int], view: int, data: st.DataObject
) -> None:
    extents = Extents(heights)
    y = data.draw(st.integers(0, extents.total - 1))
    number = extents.at(y)
    assert extents.top(number) <= y < extents.top(number + 1)


@given(_HEIGHTS, st.integers(10, 400), st.data())
def test_the_item_that_holds_the_place_stays_where_it_is(
    heights: list[int], view: int, data: st.DataObject
) -> None:
    extents = Extents(heights)
    value = data.draw(st.integers(0, max(extents.total - view, 0)))
    measured = set(data.draw(st.lists(st.integers(0, len(heights) - 1))))
    place = place_at(extents, value, view, measured)
    assert scroll_value(place, extents, view) == value
    if place.at_end:
        return
    before = extents.top(place.index) - value
    above = data.draw(st.integers(0, len(heights) - 1))
    if above >= place.index:
        return
    extents.set_height(above, data.draw(st.integers(1, 600)))
    after = extents.top(place.index) - scroll_value(place, extents, view)
    most = max(extents.total - view, 0)
    if 0 < scroll_value(place, extents, view) < most:
        assert after == before


def test_an_item_just_revealed_does_not_hold_the_place() -> None:
    extents = Extents([100, 100, 100, 100])
    assert place_at(extents, 50, 150, {1, 2, 3}) == Place(1, 50)
    assert place_at(extents, 50, 150, set()) == Place(0, -50)


def test_the_end_stays_the_end() -> None:
    extents = Extents([100, 100])
    assert place_at(extents, 50, 150, set()).at_end
    extents.set_height(1, 500)
    assert scroll_value(END, extents, 150) == 450
