"""Lists of Zendesk, page by page (API reference: Pagination, cursor pagination; at most 100 records a page)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from copilot.desks.rest import Rest
from copilot.desks.rest.client import Query
from copilot.desks.zendesk.wire import Meta
from copilot.errors import BadDataError

PER_PAGE = 100
MAX_PAGES = 2000
"""A list that goes on after this many pages never ends."""


class Page(Protocol):
    """What every page tells."""

    @property
    def meta(self) -> Meta:
        """Where it ends."""


P = TypeVar("P", bound=Page)
R = TypeVar("R")


async def every(
    rest: Rest, path: str, shape: type[P], rows: Callable[[P], Sequence[R]], query: Query | None = None
) -> list[R]:
    """All records of a list. Raises `BadDataError` for one that goes round in circles."""
    found: list[R] = []
    after: str | None = None
    for _ in range(MAX_PAGES):
        page = (await rest.get(path, shape, paged(query or {}, after))).value
        found += rows(page)
        if not page.meta.has_more or page.meta.after_cursor is None:
            return found
        if page.meta.after_cursor == after:
            break
        after = page.meta.after_cursor
    raise endless()


def paged(
    query: Mapping[str, str | int | Sequence[str]], after: str | None
) -> dict[str, str | int | Sequence[str]]:
    """A query for the page after a cursor, None for the first."""
    return {**query, "page[size]": PER_PAGE, **({"page[after]": after} if after else {})}


def endless() -> BadDataError:
    """What a list is that comes back to a page it has given before."""
    return BadDataError("Zendesk sends the same page of a list again and again.", "Try again in a while.")
