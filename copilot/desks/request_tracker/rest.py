"""The way to an RT and back: one HTTP client, limits on time and size, answers as wire shapes or desk errors.

Addresses inside answers are never followed: RT builds them from its own configuration, and the token must not travel
anywhere but to the address the rep gave. RT closes the connection after each answer.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from copilot.desks.request_tracker.failures import (
    CHECK_ADDRESS,
    NOT_RT,
    error_of,
    parse_http_date,
    transport_error,
    unreadable,
)
from copilot.desks.request_tracker.wire import Page, Wire
from copilot.errors import BadDataError

WireT = TypeVar("WireT", bound=Wire)
T = TypeVar("T")

Said = list[str | None]
Query = Mapping[str, str | int]

PER_PAGE = 100
"""RT silently gives no more."""
MAX_PAGES = 500
"""A collection longer than this never ends."""
PARSE_ON_THREAD_BYTES = 200_000


class AnswerTooLargeError(BadDataError):
    """The answer is larger than `Limits.answer_bytes`."""


def _as_it_is(value: T) -> T:
    return value


def _spoken(said: Said) -> list[str]:
    return [words for words in said if words]


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    """Making one takes long enough to be noticed when it is done for each answer."""
    return TypeAdapter(shape)


def _page_of(item: type[WireT]) -> TypeAdapter[Page[WireT]]:
    return _adapter(Page[item])  # type: ignore[valid-type]  # made at run time


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one request may take, and how much it may bring.

    `quiet_seconds` is the longest silence on the connection, `whole_seconds` the longest time altogether.
    """

    connect_seconds: float = 15.0
    quiet_seconds: float = 60.0
    whole_seconds: float = 180.0
    answer_bytes: int = 32 * 1024 * 1024
    connections: int = 4


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came back. `version` is the ETag; `date` is RT's clock; `location` where a created record is."""

    value: T
    version: str = ""
    date: datetime | None = None
    location: str = ""


class Rest:
    """REST 2.0 of one RT, with one token."""

    def __init__(
        self,
        base: str,
        token: str,
        *,
        tls: ssl.SSLContext,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`base` is RT's own address; `tls` is made beforehand, because reading the certificates takes a while."""
        self._limits = limits or Limits()
        self._client = httpx.AsyncClient(
            base_url=f"{base}/REST/2.0/",
            headers={"Authorization": f"token {token}", "Accept": "application/json"},
            verify=tls,
            transport=transport,
            timeout=httpx.Timeout(
                self._limits.quiet_seconds, connect=self._limits.connect_seconds, pool=None
            ),
            limits=httpx.Limits(max_connections=self._limits.connections),
            trust_env=transport is None,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def get(self, path: str, shape: type[WireT], query: Query | None = None) -> Answer[WireT]:
        """One record. Raises `DeskError`."""
        return await self._ask(self._client.build_request("GET", path, params=query), _adapter(shape))

    async def page(self, path: str, item: type[WireT], query: Query | None = None) -> Answer[Page[WireT]]:
        """One page of a collection, of `PER_PAGE` items unless the query says otherwise. Raises `DeskError`."""
        params = {"per_page": PER_PAGE, **(query or {})}
        request = self._client.build_request("GET", path, params=params)
        return await self._ask(request, _page_of(item))

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
        content = await asyncio.to_thread(lambda: json.dumps(body).encode())
        headers = {"Content-Type": "application/json"}
        request = self._client.build_request(method, path, content=content, headers=headers)
        return await self._ask(request, _adapter(Said), _spoken)

    async def _ask(
        self, request: httpx.Request, adapter: TypeAdapter[Any], then: Callable[[Any], Any] = _as_it_is
    ) -> Answer[Any]:
        try:
            async with asyncio.timeout(self._limits.whole_seconds):
                answer, body = await self._send(request)
        except (httpx.HTTPError, TimeoutError) as error:
            raise transport_error(error) from error
        failure = error_of(answer, body)
        if failure is not None:
            raise failure
        if "json" not in answer.headers.get("content-type", ""):
            raise BadDataError(NOT_RT, CHECK_ADDRESS)
        value = await _read(adapter, body)
        return Answer(
            value=then(value),
            version=answer.headers.get("etag", "").strip('"'),
            date=parse_http_date(answer.headers.get("date", "")),
            location=answer.headers.get("location", ""),
        )

    async def _send(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        answer = await self._client.send(request, stream=True)
        try:
            chunks: list[bytes] = []
            room = self._limits.answer_bytes
            async for chunk in answer.aiter_bytes():
                room -= len(chunk)
                if room < 0:
                    raise AnswerTooLargeError(
                        f"The answer is larger than {self._limits.answer_bytes // 1_000_000} MB.",
                        "Open this one in Request Tracker itself.",
                    )
                chunks.append(chunk)
            return answer, b"".join(chunks)
        finally:
            await answer.aclose()


async def _read(adapter: TypeAdapter[T], body: bytes) -> T:
    """Parse off the event loop what would hold it up. RT now and then lets bytes through that are not UTF-8."""

    def parse() -> T:
        return adapter.validate_json(body.decode("utf-8", "replace"))

    try:
        return await asyncio.to_thread(parse) if len(body) > PARSE_ON_THREAD_BYTES else parse()
    except ValidationError as error:
        raise unreadable(error) from error
