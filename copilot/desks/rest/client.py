"""The way to a desk and back: one HTTP client, limits on time and size, answers as wire shapes or desk errors.

Redirects are not followed and the credentials go to no address but the desk's own: `download` fetches files from
elsewhere without them.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Generic, TypeVar, cast

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from copilot.desks.rest.failures import Vendor, error_of, transport_error, unreadable
from copilot.domain import Upload
from copilot.errors import BadDataError

T = TypeVar("T")

Query = Mapping[str, str | int | Sequence[str]]
PARSE_ON_THREAD_BYTES = 200_000
MAX_REDIRECTS = 5


class Wire(BaseModel):
    """A record as a desk sends it: fields we do not know are passed over, those we know are checked."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class AnswerTooLargeError(BadDataError):
    """The answer is larger than `Limits.answer_bytes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one request may take, and how much it may bring.

    `quiet_seconds` is the longest silence on the connection, `whole_seconds` the longest time altogether.
    """

    connect_seconds: float = 15.0
    quiet_seconds: float = 30.0
    whole_seconds: float = 180.0
    answer_bytes: int = 64 * 1024 * 1024
    connections: int = 4


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came back."""

    value: T
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    status: int = 200


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    """Making one takes long enough to be noticed when it is done for each answer."""
    return TypeAdapter(shape)


class Rest:
    """The JSON interface of one desk, signed in."""

    def __init__(
        self,
        base: str,
        vendor: Vendor,
        *,
        headers: Mapping[str, str],
        tls: ssl.SSLContext,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`base` ends where paths begin; `headers` carry the sign-in; `tls` comes from `addresses.trusted`."""
        self.vendor = vendor
        self.limits = limits or Limits()
        self._base = httpx.URL(base.rstrip("/") + "/")
        connect = partial(
            httpx.AsyncClient,
            verify=tls,
            transport=transport,
            timeout=httpx.Timeout(self.limits.quiet_seconds, connect=self.limits.connect_seconds, pool=None),
            limits=httpx.Limits(max_connections=self.limits.connections),
            trust_env=transport is None,
        )
        self._client = connect(base_url=self._base, headers={"Accept": "application/json", **headers})
        self._stranger = connect()

    def sign(self, headers: Mapping[str, str]) -> None:
        """Send these with every request from now on, to the desk's own address alone."""
        self._client.headers.update(headers)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()
        await self._stranger.aclose()

    async def get(self, path: str, shape: type[T], query: Query | None = None) -> Answer[T]:
        """Read something. Raises `DeskError`."""
        return await self._ask(self._client.build_request("GET", path, params=query), shape)

    async def get_if_changed(
        self, path: str, shape: type[T], query: Query | None, etag: str
    ) -> tuple[Answer[T] | None, httpx.Headers]:
        """Read something unless it is as it was under this ETag (RFC 9110, 13.1.2): then None, with the new headers.

        An empty `etag` reads in any case. Raises `DeskError`.
        """
        headers = {"If-None-Match": etag} if etag else {}
        request = self._client.build_request("GET", path, params=query, headers=headers)
        answer, body = await self._exchange(self._client, request)
        if etag and answer.status_code == httpx.codes.NOT_MODIFIED:
            return None, answer.headers
        read = await self._take(answer, body, shape)
        return read, read.headers

    async def send(
        self,
        method: str,
        path: str,
        body: object,
        shape: type[T],
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer[T]:
        """Write JSON and read the answer; `shape` is `object` where it does not matter. Raises `DeskError`."""
        content = await asyncio.to_thread(lambda: json.dumps(body).encode())
        given = {"Content-Type": "application/json", **(headers or {})}
        request = self._client.build_request(method, path, content=content, headers=given, params=query)
        return await self._ask(request, shape)

    async def send_form(
        self,
        path: str,
        fields: Mapping[str, str | list[str]],
        files: Sequence[tuple[str, Upload]],
        shape: type[T],
        *,
        method: str = "POST",
    ) -> Answer[T]:
        """Write a multipart form (RFC 7578) with `files` as (field name, file). Raises `DeskError`."""
        parts = [(name, (file.name, file.content, file.media_type)) for name, file in files]
        request = self._client.build_request(method, path, data=dict(fields), files=parts)
        return await self._ask(request, shape)

    async def send_fields(self, path: str, fields: Mapping[str, str], shape: type[T]) -> Answer[T]:
        """Write an urlencoded form, as OAuth's token addresses take it (RFC 6749, appendix B). Raises `DeskError`."""
        return await self._ask(self._client.build_request("POST", path, data=dict(fields)), shape)

    async def send_bytes(
        self, path: str, file: Upload, shape: type[T], query: Query | None = None
    ) -> Answer[T]:
        """Write a file as the body itself. Raises `DeskError`."""
        request = self._client.build_request(
            "POST", path, content=file.content, params=query, headers={"Content-Type": file.media_type}
        )
        return await self._ask(request, shape)

    async def download(self, address: str) -> bytes:
        """A file's bytes. The credentials travel only to the desk's own host. Raises `DeskError`.

        Redirects are followed, as desks hand files to storage elsewhere, always without the credentials.
        """
        url = self._base.join(address)
        answer, body = await self._fetch(url)
        for _ in range(MAX_REDIRECTS):
            if not answer.is_redirect or "location" not in answer.headers:
                break
            url = url.join(answer.headers["location"])
            answer, body = await self._fetch(url)
        failure = error_of(self.vendor, answer, body)
        if failure is not None:
            raise failure
        return body

    async def _fetch(self, url: httpx.URL) -> tuple[httpx.Response, bytes]:
        client = self._client if _same_origin(url, self._base) else self._stranger
        return await self._exchange(client, client.build_request("GET", url, headers={"Accept": "*/*"}))

    async def _ask(self, request: httpx.Request, shape: type[T]) -> Answer[T]:
        return await self._take(*await self._exchange(self._client, request), shape)

    async def _take(self, answer: httpx.Response, body: bytes, shape: type[T]) -> Answer[T]:
        failure = error_of(self.vendor, answer, body)
        if failure is not None:
            raise failure
        if answer.status_code == httpx.codes.NO_CONTENT or (shape is object and not body.strip()):
            body = b"null"
        elif "json" not in answer.headers.get("content-type", ""):
            raise BadDataError(self.vendor.not_it, self.vendor.check_address)
        return Answer(await self._read(body, shape), answer.headers, answer.status_code)

    async def _exchange(
        self, client: httpx.AsyncClient, request: httpx.Request
    ) -> tuple[httpx.Response, bytes]:
        try:
            async with asyncio.timeout(self.limits.whole_seconds):
                return await self._receive(await client.send(request, stream=True))
        except (httpx.HTTPError, TimeoutError) as error:
            raise transport_error(self.vendor, error) from error

    async def _receive(self, answer: httpx.Response) -> tuple[httpx.Response, bytes]:
        try:
            chunks: list[bytes] = []
            room = self.limits.answer_bytes
            async for chunk in answer.aiter_bytes():
                room -= len(chunk)
                if room < 0:
                    raise AnswerTooLargeError(
                        f"The answer is larger than {self.limits.answer_bytes // 1_000_000} MB.",
                        f"Open this one in {self.vendor.name} itself.",
                    )
                chunks.append(chunk)
            return answer, b"".join(chunks)
        finally:
            await answer.aclose()

    async def _read(self, body: bytes, shape: type[T]) -> T:
        """Parse, off the event loop what would hold it up; bytes that are not UTF-8 become replacement signs."""

        def parse() -> T:
            adapter: TypeAdapter[T] = _adapter(cast("Hashable", shape))
            return adapter.validate_json(body.decode("utf-8", "replace"))

        try:
            return await asyncio.to_thread(parse) if len(body) > PARSE_ON_THREAD_BYTES else parse()
        except ValidationError as error:
            raise unreadable(self.vendor, error) from error


def _same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)
