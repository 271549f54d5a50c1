"""What the hosted sources share: calls to an API with its rate limits, and the reading of a list of documents."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.errors import SourceError
from copilot.knowledge.sources.base import (
    Document,
    DocumentId,
    Expected,
    Failed,
    Fingerprint,
    Found,
    Gone,
    Limits,
    Same,
    Step,
)
from copilot.knowledge.sources.fetching import open_client, retry_after
from copilot.knowledge.sources.formats.parsed import UnreadableError

_TRIES = 4
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0
_FAILURES_IN_A_ROW = 5
_LATER = frozenset({429, 500, 502, 503, 504})
_GONE = frozenset({404, 410})

WireT = TypeVar("WireT", bound="Wire")
Sleep = Callable[[float], Awaitable[None]]
Headers = Callable[[], Awaitable[Mapping[str, str]]]
"""The headers that sign a request in, made anew for each: a token may have to be renewed."""


class Wire(BaseModel):
    """A part of an API's answer; fields we do not use are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class ApiError(Exception):
    """One request that failed, in words; `gone` says that what it asked for is no more."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.gone = gone


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The network and the clock, so that tests can put their own in place."""

    transport: httpx.AsyncBaseTransport | None = None
    sleep: Sleep = asyncio.sleep
    now: Callable[[], datetime] = _now


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How an API is reached: `service` names it for people, `pause_seconds` keep its rate limit."""

    service: str
    base: str
    headers: Headers
    pause_seconds: float
    edges: Edges


class Api:
    """Calls a hosted API. A refused sign-in is a `SourceError`; any other failure an `ApiError` of the one call."""

    def __init__(self, connection: Connection, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._client: httpx.AsyncClient | None = None
        self._next = 0.0
        self._failures = 0

    async def get(self, answer: type[WireT], path: str, **parameters: str | int) -> WireT:
        """Ask for something. Raises `ApiError` or `SourceError`."""
        return self._read(answer, await self._call("GET", path, params=parameters or None))

    async def post(self, answer: type[WireT], path: str, body: Mapping[str, Any]) -> WireT:
        """Ask for something with a body. Raises `ApiError` or `SourceError`."""
        return self._read(answer, await self._call("POST", path, json=body))

    async def content(self, path: str, **parameters: str | int) -> bytes:
        """A file's bytes. Raises `ApiError` or `SourceError`."""
        return await self._call("GET", path, params=parameters or None)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _call(self, method: str, path: str, **parts: Any) -> bytes:
        wait = _FIRST_WAIT_SECONDS
        for left in reversed(range(_TRIES)):
            await self._pace()
            status, content, asked = await self._once(method, path, parts, wait)
            if status not in _LATER:
                self._failures = 0
            if status == 200:
                return content
            if status not in _LATER or not left or asked > _LONGEST_WAIT_SECONDS:
                raise self._refused(status, content)
            await self._connection.edges.sleep(asked)
            wait *= 2
        raise AssertionError("unreachable: the last try returns or raises")

    async def _once(self, method: str, path: str, parts: Any, wait: float) -> tuple[int, bytes, float]:
        """Status, content, and the seconds to wait before another try; no answer counts as a status of 503."""
        if self._client is None:
            self._client = await open_client(self._connection.edges.transport)
        url = self._connection.base + path
        headers = await self._connection.headers()
        try:
            async with self._client.stream(method, url, headers=headers, **parts) as answer:
                gathered = bytearray()
                async for chunk in answer.aiter_bytes():
                    gathered += chunk
                    if len(gathered) > self._limits.document_bytes:
                        raise ApiError(
                            f"It is larger than the {self._limits.document_bytes / 1e6:g} MB that are read."
                        )
                return answer.status_code, bytes(gathered), retry_after(answer, wait)
        except (httpx.HTTPError, httpx.InvalidURL):
            return 503, b"", wait

    def _refused(self, status: int, content: bytes) -> Exception:
        service = self._connection.service
        if status == 401:
            return SourceError(
                f"{service} does not accept the token.", "Make a new one and add the source again."
            )
        if b"quotaExceeded" in content or b"dailyLimitExceeded" in content:
            return SourceError(f"{service}'s quota for today is used up.", "Reading goes on tomorrow.")
        if status in _GONE:
            return ApiError("It is no longer there.", gone=True)
        if status in _LATER:
            self._failures += 1
            reason = f"{service} does not answer (HTTP {status})."
            if self._failures < _FAILURES_IN_A_ROW:
                return ApiError(reason)
            return SourceError(reason, "It is tried again in an hour.")
        reason = "We may not read it" if status == 403 else "The request was refused"
        return ApiError(f"{reason} (HTTP {status}).")

    def _read(self, answer: type[WireT], content: bytes) -> WireT:
        try:
            return answer.model_validate_json(content)
        except ValidationError as error:
            raise ApiError(f"{self._connection.service} answered in a form that is not known.") from error

    async def _pace(self) -> None:
        now = time.monotonic()
        self._next, wait = max(now, self._next) + self._connection.pause_seconds, self._next - now
        if wait > 0:
            await self._connection.edges.sleep(wait)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document as a list of the service names it; `read` fetches it."""

    id: str
    title: str
    fingerprint: str
    read: Callable[[], Awaitable[Document]]


async def read_listed(
    listed: Sequence[Listed], known: Mapping[str, Fingerprint], limits: Limits
) -> AsyncGenerator[Step, None]:
    """Read those of a complete list that changed. Who is not on it any more is for the source to say."""
    yield Expected(len(listed))
    for one in listed[: limits.documents]:
        if known.get(one.id) == one.fingerprint:
            yield Same(DocumentId(one.id), Fingerprint(one.fingerprint))
        else:
            step = await _step(one, limits)
            if not isinstance(step, Gone) or one.id in known:
                yield step
    for one in listed[limits.documents :]:
        yield Failed(
            DocumentId(one.id), one.title, f"Only {limits.documents:,} documents of a source are read."
        )


def gone_from(listed: Sequence[Listed], known: Mapping[str, Fingerprint]) -> list[Gone]:
    """The known documents that a complete list does not name."""
    return [Gone(DocumentId(name)) for name in sorted(known.keys() - {one.id for one in listed})]


async def _step(one: Listed, limits: Limits) -> Step:
    name, fingerprint = DocumentId(one.id), Fingerprint(one.fingerprint)
    try:
        document = await one.read()
    except ApiError as error:
        return Gone(name) if error.gone else Failed(name, one.title, error.reason)
    except UnreadableError as error:
        return Failed(name, one.title, str(error), fingerprint)
    if not document.text.strip():
        return Failed(name, one.title, "The document holds no text.", fingerprint)
    if len(document.text) > limits.document_chars:
        return Failed(name, one.title, f"It has more than {limits.document_chars:,} characters.", fingerprint)
    return Found(document, fingerprint)


async def listing(service: str, gather: Awaitable[list[Listed]]) -> list[Listed]:
    """A list whose failure is that of the whole source. Raises `SourceError`."""
    try:
        return await gather
    except ApiError as error:
        raise SourceError(
            f"{service} could not be listed: {error.reason}", "Check the address, and what the token may see."
        ) from error


def bearer(token: str, **more: str) -> Headers:
    """Headers with a token that does not run out."""

    async def headers() -> Mapping[str, str]:
        return {"Authorization": f"Bearer {token}", **more}

    return headers
