"""REST 2.0 of one RT: its collections, what it says of a write, and its versions.

Addresses inside answers are never followed: RT builds them from its own configuration, and the token must not travel
anywhere but to the address the rep gave. RT closes the connection after each answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from copilot.desks import rest
from copilot.desks.request_tracker.failures import CHECK_ADDRESS
from copilot.desks.request_tracker.wire import Page, Wire
from copilot.desks.rest import Limits
from copilot.desks.rest.failures import http_date
from copilot.errors import BadDataError

WireT = TypeVar("WireT", bound=Wire)
T = TypeVar("T")

Query = Mapping[str, str | int]

PER_PAGE = 100
"""RT silently gives no more."""
MAX_PAGES = 500
"""A collection longer than this never ends."""
LIMITS = Limits(quiet_seconds=60.0, answer_bytes=32 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came back. `version` is the ETag; `date` is RT's clock; `location` where a created record is."""

    value: T
    version: str = ""
    date: datetime | None = None
    location: str = ""


class Rest:
    """What this connector asks of an RT."""

    def __init__(self, http: rest.Rest) -> None:
        """`http` leads to REST 2.0 and carries the token."""
        self._http = http

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def get(self, path: str, shape: type[WireT], query: Query | None = None) -> Answer[WireT]:
        """One record. Raises `DeskError`."""
        return _read(await self._http.get(path, shape, query))

    async def page(self, path: str, item: type[WireT], query: Query | None = None) -> Answer[Page[WireT]]:
        """One page of a collection, of `PER_PAGE` items unless the query says otherwise. Raises `DeskError`."""
        shape: type[Page[WireT]] = Page[item]  # type: ignore[valid-type]  # made at run time
        return _read(await self._http.get(path, shape, {"per_page": PER_PAGE, **(query or {})}))

    async def all(
        self, path: str, item: type[WireT], query: Query | None = None, *, hidden_pages: int = 0
    ) -> list[WireT]:
        """A whole collection. Raises `DeskError`.

        RT leaves out rows the user may not see after it has counted the page, so a short page need not be the last:
        `hidden_pages` is how many empty pages in a row are read on.
        """
        rows: list[WireT] = []
        empty = 0
        for number in range(1, MAX_PAGES + 1):
            page = (await self.page(path, item, {**(query or {}), "page": number})).value
            if page.items and rows and page.items[-1] == rows[-1]:
                break
            rows.extend(page.items)
            empty = 0 if page.items else empty + 1
            short = len(page.items) < PER_PAGE and (not hidden_pages or page.total is not None)
            if short or empty > hidden_pages:
                return rows
        raise BadDataError("Request Tracker lists without end.", CHECK_ADDRESS)

    async def post(self, path: str, body: Mapping[str, object]) -> Answer[list[str]]:
        """Create something; the value is what RT says about it. Raises `DeskError`."""
        return await self._write("POST", path, body)

    async def put(self, path: str, body: Mapping[str, object]) -> Answer[list[str]]:
        """Change a record. RT answers 200 also when it refused: read the record again. Raises `DeskError`."""
        return await self._write("PUT", path, body)

    async def _write(self, method: str, path: str, body: Mapping[str, object]) -> Answer[list[str]]:
        said = _read(await self._http.send(method, path, body, list[str | None]))
        spoken = [words for words in said.value if words]
        return Answer(spoken, version=said.version, date=said.date, location=said.location)


def _read(answer: rest.Answer[T]) -> Answer[T]:
    return Answer(
        value=answer.value,
        version=answer.headers.get("etag", "").strip('"'),
        date=http_date(answer.headers.get("date", "")),
        location=answer.headers.get("location", ""),
    )
