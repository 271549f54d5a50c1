"""Chatwoot's stream, spoken by a real web socket server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from copilot.desks.base import LiveDesk, SharedDesk
from copilot.desks.chatwoot.account import Account
from copilot.desks.chatwoot.connecting import VENDOR
from copilot.desks.chatwoot.live import TYPES_FOR_SECONDS, Live
from copilot.desks.chatwoot.translate import Customs
from copilot.desks.rest import Limits, Rest
from copilot.desks.rest.addresses import trusted
from copilot.domain import RemoteId
from copilot.errors import AuthError, UnavailableError, UnreachableError
from tests.desks.chatwoot.fake_chatwoot import ADDRESS, TOKEN, FakeChatwoot
from tests.desks.small import Clock

Talk = Callable[["Cable"], Awaitable[None]]
PRIYA = {"id": 2, "name": "Priya Raman", "type": "user"}
SAM = {"id": 1, "name": "Sam Lee", "type": "user"}
AMARA = {"id": 1, "name": "Amara Okoye", "type": "contact"}


class Cable:
    """The server's end of one connection."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self.identifier: dict[str, Any] = {}

    async def welcome(self) -> None:
        """Greet, and let the client subscribe."""
        await self.say({"type": "welcome"})
        asked = json.loads(await self._connection.recv())
        assert asked["command"] == "subscribe"
        self.identifier = json.loads(asked["identifier"])
        await self.say({"type": "ping", "message": 1})
        await self.say({"identifier": asked["identifier"], "type": "confirm_subscription"})

    async def happens(self, event: str, **data: Any) -> None:
        await self.say({"identifier": "x", "message": {"event": event, "data": data}})

    async def say(self, frame: dict[str, Any]) -> None:
        await self._connection.send(json.dumps(frame))

    async def until_closed(self) -> None:
        await self._connection.wait_closed()


@asynccontextmanager
async def stream(talk: Talk, *, quiet_seconds: float = 5, clock: Clock | None = None) -> AsyncIterator[Live]:
    """A stream to a server that talks so."""
    errors: list[BaseException] = []

    async def handle(connection: ServerConnection) -> None:
        try:
            await talk(Cable(connection))
        except AssertionError as error:
            errors.append(error)

    server = await serve(handle, "127.0.0.1", 0, subprotocols=["actioncable-v1-json"])  # type: ignore[list-item]
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    rest = Rest(
        f"{ADDRESS}/api/v1",
        VENDOR,
        headers={"api_access_token": TOKEN},
        tls=trusted("http://x"),
        transport=FakeChatwoot().transport,
    )
    moments = clock or Clock()
    limits = Limits(connect_seconds=5, quiet_seconds=quiet_seconds)
    account = Account(rest, Customs(base=base), ())

    def seconds() -> float:
        return moments.now.timestamp()

    live = Live(base, account, trusted(base), limits=limits, clock=seconds)
    try:
        yield live
    finally:
        await rest.aclose()
        server.close()
        await server.wait_closed()
        assert not errors


async def test_an_item_when_it_opens_and_one_for_each_piece_of_news() -> None:
    asked: dict[str, Any] = {}

    async def talk(cable: Cable) -> None:
        await cable.welcome()
        asked.update(cable.identifier)
        await cable.happens("presence.update", users={})
        await cable.happens("message.created", id=5)
        await cable.happens("conversation.read", id=1)
        await cable.happens("conversation.status_changed", id=1)
        await cable.until_closed()

    async with stream(talk) as live:
        watching = live.watch()
        for _ in range(3):
            async with asyncio.timeout(5):
                await anext(watching)
        await watching.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert asked == {"channel": "RoomChannel", "pubsub_token": "pub", "account_id": 3, "user_id": 1}


async def test_who_types_is_seen_until_they_stop_or_it_is_long_ago() -> None:
    clock = Clock()
    ticket = RemoteId("7")

    async def talk(cable: Cable) -> None:
        await cable.welcome()
        for someone in (SAM, AMARA, PRIYA):
            await cable.happens("conversation.typing_on", conversation={"id": 7}, user=someone)
        await cable.happens("message.updated")
        await cable.happens("conversation.typing_off", conversation={"id": 7}, user=PRIYA)
        await cable.happens("message.updated")
        await cable.until_closed()

    async with stream(talk, clock=clock) as live:
        watching = live.watch()
        await anext(watching)
        await anext(watching)
        assert [person.name for person in live.typing(ticket)] == ["Priya Raman"]
        assert live.typing(RemoteId("8")) == ()
        clock.forward(TYPES_FOR_SECONDS + 1)
        assert live.typing(ticket) == ()
        clock.forward(-TYPES_FOR_SECONDS)
        await anext(watching)
        assert live.typing(ticket) == ()
        await watching.aclose()  # type: ignore[attr-defined]  # it is a generator


async def _silent(cable: Cable) -> None:
    await cable.welcome()
    await cable.until_closed()


async def _rejecting(cable: Cable) -> None:
    await cable.say({"type": "welcome"})
    await cable.say({"type": "reject_subscription", "identifier": "x"})
    await cable.until_closed()


async def _restarting(cable: Cable) -> None:
    await cable.welcome()
    await cable.say({"type": "disconnect", "reason": "server_restart", "reconnect": True})
    await cable.until_closed()


async def _hanging_up(cable: Cable) -> None:
    await cable.welcome()


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (_silent, UnavailableError),
        (_rejecting, AuthError),
        (_restarting, UnavailableError),
        (_hanging_up, UnavailableError),
    ],
)
async def test_a_lost_stream_is_told(talk: Talk, error: type[Exception]) -> None:
    async with stream(talk, quiet_seconds=0.3) as live:
        with pytest.raises(error):
            async for _ in live.watch():
                pass


async def test_a_server_that_is_away_is_unreachable() -> None:
    async with stream(_silent) as live:
        live._base = "http://127.0.0.1:9"  # nobody listens there
        with pytest.raises(UnreachableError):
            await anext(live.watch())


async def test_the_desk_says_that_it_is_live_and_shared() -> None:
    desk = await FakeChatwoot().desk()
    assert desk.capabilities.live
    assert desk.capabilities.viewers
    assert isinstance(desk, LiveDesk)
    assert isinstance(desk, SharedDesk)
    assert await desk.viewers(RemoteId("1")) == ()
    await desk.aclose()
