"""The one HTTP client for each provider: bounded in size and time, and it goes where it was sent and nowhere else."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx2

from copilot.errors import ModelRefusedError, ModelUnreachableError, NoModelError
from copilot.models.addresses import is_inside, is_private

ANSWER_BYTES = 8_000_000
"""More than any answer of the longest output a model gives, and its framing; a larger one is a fault or an attack."""
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds: for the next byte, and for the whole answer."""

    idle_seconds: float
    total_seconds: float


HOSTED = Limits(idle_seconds=60, total_seconds=180)
LOCAL = Limits(idle_seconds=300, total_seconds=600)
"""A model on a small computer reads for minutes before it writes the first word."""


_HEADERS = frozenset(
    {
        *("host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent"),
        *("transfer-encoding", "anthropic-version", "anthropic-beta", "x-goog-api-client"),
    }
)
_HEADERS_BEGIN = "x-stainless-"
"""The vendors' clients name their version, platform and timeout so."""


Hook = Callable[[httpx2.Request], Awaitable[None]]


class OversizedError(Exception):
    """The answer is larger than any honest one."""


class RedirectedError(Exception):
    """The address answers with another address: followed, it would take the key and the text there."""


def make_client(
    *, ca_file: str, limits: Limits, air_gapped: bool, credentials: Mapping[str, str]
) -> httpx2.AsyncClient:
    """A client for one provider. Blocks (certificates are read): call it off the event loop.

    `credentials` are the headers that carry the key. Proxies of the environment are used, except when `air_gapped`:
    then a connection is opened only to addresses in the building, whose numbers are looked up once, checked, and used.
    Raises `ModelRefusedError` for a bad `ca_file`.
    """
    timeout = httpx2.Timeout(limits.idle_seconds, connect=CONNECT_SECONDS)
    verify = _certificates(ca_file)
    request_hooks: list[Hook] = [partial(_send_only, dict(credentials))]
    if air_gapped:
        request_hooks.append(_stay_inside)
    return httpx2.AsyncClient(
        verify=verify,
        timeout=timeout,
        trust_env=not air_gapped,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        limits=httpx2.Limits(max_connections=8, max_keepalive_connections=2, keepalive_expiry=30),
        event_hooks={"request": request_hooks, "response": [_refuse_redirects, _cap]},
    )


def _certificates(ca_file: str) -> ssl.SSLContext:
    """The system's authorities, and those of `ca_file`."""
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        try:
            context.load_verify_locations(cafile=str(Path(ca_file).expanduser()))
        except (OSError, ssl.SSLError) as error:
            raise ModelRefusedError(
                f"The certificate file {ca_file} cannot be used.", "It must be a readable file in PEM format."
            ) from error
    return context


async def _send_only(credentials: Mapping[str, str], request: httpx2.Request) -> None:
    """Take off what is not ours to send, and put on the key.

    The vendors' clients read organisations, tokens and any headers from the environment (`OPENAI_ORG_ID`,
    `OPENAI_CUSTOM_HEADERS`, `ANTHROPIC_AUTH_TOKEN` …) and would send them to every host that speaks their protocol.
    """
    for name in list(request.headers):
        if name.lower() not in _HEADERS and not name.lower().startswith(_HEADERS_BEGIN):
            del request.headers[name]
    request.headers.update(credentials)


async def _stay_inside(request: httpx2.Request) -> None:
    """Refuse a host outside; put the checked number of one inside in its place, so that no second look-up differs."""
    host = request.url.host
    if not is_inside(host):
        raise NoModelError(
            f"{host} is outside the building, and this workspace is air-gapped.",
            "Use a model on this computer or in a private network.",
        )
    number = await _number_of(host, request.url.port or (443 if request.url.scheme == "https" else 80))
    if number != host:
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=number)


async def _number_of(host: str, port: int) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port)
    except OSError as error:
        raise ModelUnreachableError(
            f"Nobody knows the name {host}.", "Check the address of the model in the settings."
        ) from error
    numbers = [str(entry[4][0]) for entry in found]
    if not numbers or not all(is_private(number.partition("%")[0]) for number in numbers):
        raise NoModelError(
            f"{host} leads outside the building, and this workspace is air-gapped.",
            "Use a model on this computer or in a private network.",
        )
    return numbers[0]


async def _refuse_redirects(response: httpx2.Response) -> None:
    if response.is_redirect:
        raise RedirectedError(response.headers.get("location", ""))


async def _cap(response: httpx2.Response) -> None:
    """Count what really comes: a declared length may be missing or wrong.

    A packed answer may unpack to anything, and was not asked for.
    """
    declared = response.headers.get("content-length", "")
    packed = response.headers.get("content-encoding", "identity").lower() != "identity"
    if packed or (declared.isdigit() and int(declared) > ANSWER_BYTES):
        raise OversizedError
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Capped(response.stream)


class _Capped(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for chunk in self._stream:
            seen += len(chunk)
            if seen > ANSWER_BYTES:
                raise OversizedError
            yield chunk

    @property
    def elapsed(self) -> timedelta | None:
        """How long the answer took, as the client's own streams tell it once closed."""
        return getattr(self._stream, "elapsed", None)

    async def aclose(self) -> None:
        await self._stream.aclose()
