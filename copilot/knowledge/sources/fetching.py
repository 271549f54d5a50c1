"""Fetches over HTTP: politely, with limits, and with every failure in words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from copilot.knowledge.sources.addresses import normal

AGENT = "Sidedesk"
_HEADERS = {"User-Agent": f"{AGENT}/0.1 (knowledge reader)", "Accept-Language": "en, *;q=0.5"}
_MAX_REDIRECTS = 5
_PATIENCE_SECONDS = 30.0
_LONGEST_WAIT_SECONDS = 60.0
_TRIES = 3
_GONE = frozenset({404, 410})
_LATER = frozenset({429, 503})


class FetchError(Exception):
    """Why an address could not be read, in words. `gone`: it is no more; `down`: its server did not answer."""

    def __init__(self, reason: str, *, gone: bool = False, down: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.gone = gone
        self.down = down


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a site is read: how many pages at most, the pause between two requests, the patience with each."""

    max_pages: int = 1_000
    pause_seconds: float = 0.5
    patience_seconds: float = _PATIENCE_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back: `url` is where it was in the end; `content` is empty when it is `unchanged`."""

    url: str
    content: bytes = b""
    media_type: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a server said of an address the last time, for asking whether it changed (RFC 9110, section 13)."""

    etag: str = ""
    modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The conditions of a request."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in named.items() if value}


async def open_client(
    transport: httpx.AsyncBaseTransport | None = None, headers: Mapping[str, str] | None = None
) -> httpx.AsyncClient:
    """A client that follows no redirect by itself. Made off the event loop: reading the certificates takes a while."""
    return await asyncio.to_thread(
        httpx.AsyncClient,
        transport=transport,
        headers=_HEADERS | dict(headers or {}),
        follow_redirects=False,
        timeout=_PATIENCE_SECONDS,
    )


class Fetcher:
    """Gets one address after another from a server, `pause_seconds` apart."""

    def __init__(self, client: httpx.AsyncClient, manners: Manners, *, most_bytes: int) -> None:
        self._client = client
        self._most_bytes = most_bytes
        self._patience_seconds = manners.patience_seconds
        self.pause_seconds = manners.pause_seconds
        self._next = 0.0

    async def get(
        self,
        url: str,
        *,
        allowed: Callable[[str], bool],
        seen: Seen | None = None,
        only: Container[str] | None = None,
    ) -> Fetched:
        """Fetch an address, through redirects to `allowed` ones.

        The content of media types not in `only` is left where it is. Raises `FetchError`.
        """
        at = url
        for _ in range(_MAX_REDIRECTS + 1):
            answer = await self._patiently(at, seen if at == url else None, only)
            if isinstance(answer, Fetched):
                return answer
            if not allowed(answer):
                raise FetchError(
                    f"It redirects to {urlsplit(answer).netloc}{urlsplit(answer).path}, outside the source."
                )
            at = answer
        raise FetchError("It redirects without end.")

    async def _patiently(self, url: str, seen: Seen | None, only: Container[str] | None) -> Fetched | str:
        """One address; waits and tries again where the server asks for it."""
        for left in reversed(range(_TRIES)):
            await self._pace()
            try:
                async with asyncio.timeout(self._patience_seconds):
                    return await self._once(url, seen, only)
            except _LaterError as error:
                if not left or error.seconds > _LONGEST_WAIT_SECONDS:
                    raise FetchError(
                        f"The server asks to come back later (HTTP {error.status}).", down=True
                    ) from error
                await asyncio.sleep(error.seconds)
            except (
                httpx.InvalidURL
            ) as error:  # httpx reads where a redirect leads also when it is not to follow
                raise FetchError("Its address, or where it redirects to, is not valid.") from error
            except TimeoutError as error:
                raise FetchError(f"It takes longer than {self._patience_seconds:g} s.", down=True) from error
            except httpx.TimeoutException as error:
                raise FetchError("The server did not answer in time.", down=True) from error
            except httpx.HTTPError as error:
                raise FetchError(f"The connection failed ({type(error).__name__}).", down=True) from error
        raise AssertionError("unreachable: the last try raises or returns")

    async def _once(self, url: str, seen: Seen | None, only: Container[str] | None) -> Fetched | str:
        """The page, or the address it redirects to."""
        async with self._client.stream("GET", url, headers=seen.headers if seen else {}) as answer:
            if answer.status_code == 304 and seen:
                return Fetched(url=url, unchanged=True)
            if answer.is_redirect:
                target = normal(answer.headers.get("location", ""), url)
                if not target:
                    raise FetchError("It redirects to nowhere.")
                return target
            _check_status(answer)
            media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            content = await self._content(answer) if only is None or media_type in only else b""
        return Fetched(
            url=url,
            content=content,
            media_type=media_type,
            charset=answer.charset_encoding or "",
            etag=answer.headers.get("etag", ""),
            modified=answer.headers.get("last-modified", ""),
        )

    async def _content(self, answer: httpx.Response) -> bytes:
        gathered = bytearray()
        async for chunk in answer.aiter_bytes():
            gathered += chunk
            if len(gathered) > self._most_bytes:
                raise FetchError(f"It is larger than the {self._most_bytes / 1_000_000:g} MB that are read.")
        return bytes(gathered)

    async def _pace(self) -> None:
        now = time.monotonic()
        self._next, wait = max(now, self._next) + self.pause_seconds, self._next - now
        if wait > 0:
            await asyncio.sleep(wait)


class _LaterError(Exception):
    def __init__(self, status: int, seconds: float) -> None:
        super().__init__(status)
        self.status = status
        self.seconds = seconds


def retry_after(answer: httpx.Response, otherwise: float) -> float:
    """The seconds a server asks to wait (RFC 9110, section 10.2.3)."""
    asked = answer.headers.get("retry-after", "")
    if asked.isdigit():
        return float(asked)
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return otherwise


def _check_status(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in _LATER:
        raise _LaterError(status, retry_after(answer, 5.0))
    if status in _GONE:
        raise FetchError(f"It is no longer there (HTTP {status}).", gone=True)
    if status in {401, 403}:
        raise FetchError(f"It wants a sign-in (HTTP {status}).")
    if status != 200:
        raise FetchError(f"The server answers HTTP {status}.", down=status >= 500)
