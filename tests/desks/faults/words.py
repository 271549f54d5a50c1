"""How a vendor speaks, for the suite to speak so in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId


class OpenOver(Protocol):
    """The connector over a transport, signed in as a rep; with its usual limits for None."""

    async def __call__(self, transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk: ...


class MakeLongThread(Protocol):
    """A ticket with so many public messages of its requester, "Message 0", "Message 1" …"""

    async def __call__(self, count: int) -> RemoteId: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFaults:
    """What the suite must know of a vendor.

    `refusal` is an answer with a status and the vendor's own error body; `slow_down` a 429 whose headers ask for so
    many seconds (None: without a delay). The others tell requests apart: those about one ticket (`touches`), those that
    write words to one (`writes`), a page of a list of changes (`lists`), and a page of a thread's messages
    (`pages_messages`; None where a thread comes whole). `strange` puts values nobody knows into the JSON of a good
    answer where the vendor has a closed list (a status, a channel, a kind of message).
    """

    refusal: Callable[[int], httpx.Response]
    slow_down: Callable[[float | None], httpx.Response]
    touches: Callable[[httpx.Request, RemoteId], bool]
    writes: Callable[[httpx.Request], bool]
    lists: Callable[[httpx.Request], bool]
    pages_messages: Callable[[httpx.Request], bool] | None
    strange: Callable[[Any], Any]
    conflict: int | None = 409


def with_unknown_fields(value: Any) -> Any:
    """The same JSON with a field more in every object."""
    if isinstance(value, dict):
        return {key: with_unknown_fields(one) for key, one in value.items()} | {"brand_new": {"of": ["2031"]}}
    if isinstance(value, list):
        return [with_unknown_fields(one) for one in value]
    return value


def with_values(values: Mapping[str, object]) -> Callable[[Any], Any]:
    """A `strange`: whatever stands under these names in the JSON, at any depth, is replaced."""

    def change(value: Any) -> Any:
        if isinstance(value, list):
            return [change(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {key: values[key] if key in values else change(one) for key, one in value.items()}

    return change


def slow_down(seconds: float | None, header: str = "Retry-After") -> httpx.Response:
    """A 429 without words."""
    headers = {} if seconds is None else {header: str(int(seconds))}
    return httpx.Response(429, headers=headers)


def below(path: str) -> Callable[[httpx.Request, RemoteId], bool]:
    """A `touches`: the path, in which `{}` stands for the ticket, and all beneath it."""
    return lambda request, ticket: f"{request.url.path}/".startswith(f"{path.format(ticket)}/")
