"""Chatwoot's stream: tells at once that something happened, and who is typing where.

ActionCable (Action Cable Overview, "Client-Server Interactions") over a web socket at /cable: welcome, subscribe to
RoomChannel with the rep's `pubsub_token`, then events; a ping every three seconds. Subscribing shows the rep as online
in Chatwoot for a moment; we never send `update_presence`, so that nobody is given conversations by being watched.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from copilot.desks.chatwoot.account import Account
from copilot.desks.chatwoot.translate import user
from copilot.desks.chatwoot.wire import Someone
from copilot.desks.rest import Limits
from copilot.domain import Person, RemoteId
from copilot.errors import AuthError, BadDataError, UnavailableError, UnreachableError

NEWS = ("message.", "conversation.", "assignee.", "team.")
TYPING_ON, TYPING_OFF, READ = "conversation.typing_on", "conversation.typing_off", "conversation.read"
TYPES_FOR_SECONDS = 30.0
"""Chatwoot's screen says that somebody stopped; where that is lost, they stopped after this."""
LARGEST_EVENT_BYTES = 4 * 1024 * 1024


class Live:
    """The stream of one account."""

    def __init__(
        self,
        base: str,
        account: Account,
        tls: ssl.SSLContext,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = base
        self._account = account
        self._tls = tls if base.startswith("https://") else None
        self._limits = limits or Limits()
        self._clock = clock
        self._typing: dict[str, dict[RemoteId, tuple[Person, float]]] = {}

    def typing(self, ticket: RemoteId) -> tuple[Person, ...]:
        """Who else types in a conversation, as far as the stream is open and tells."""
        now = self._clock()
        there = self._typing.get(str(ticket), {}).values()
        return tuple(person for person, since in there if now - since < TYPES_FOR_SECONDS)

    async def watch(self) -> AsyncIterator[None]:
        """One item when the stream opens, and one for each event that may have changed a ticket."""
        profile = await self._account.profile()
        path = await self._account.path("")
        identifier = json.dumps(
            {
                "channel": "RoomChannel",
                "pubsub_token": profile.pubsub_token,
                "account_id": int(path.split("/")[1]),
                "user_id": profile.id,
            }
        )
        try:
            async with self._connect() as stream:
                await _subscribe(stream, identifier, self._limits.quiet_seconds)
                yield None
                while True:
                    event, data = await _next_event(stream, self._limits.quiet_seconds)
                    if await self._is_news(event, data):
                        yield None
        except TimeoutError as error:
            raise UnavailableError("Chatwoot's stream has gone silent.", "It is opened again.") from error
        except InvalidStatus as error:
            raise UnavailableError(
                "Chatwoot does not open its stream.", "Changes are asked for instead."
            ) from error
        except (WebSocketException, OSError) as error:
            raise UnreachableError("Chatwoot's stream broke.", "It is opened again.") from error
        finally:
            self._typing.clear()

    def _connect(self) -> connect:
        parts = urlsplit(self._base)
        scheme = "wss" if parts.scheme == "https" else "ws"
        return connect(
            f"{scheme}://{parts.netloc}{parts.path}/cable",
            origin=cast("Any", self._base),
            subprotocols=[cast("Any", "actioncable-v1-json")],
            ssl=self._tls,
            open_timeout=self._limits.connect_seconds,
            max_size=LARGEST_EVENT_BYTES,
        )

    async def _is_news(self, event: str, data: Mapping[str, Any]) -> bool:
        if event in {TYPING_ON, TYPING_OFF}:
            await self._note_typing(event, data)
            return False
        return event != READ and event.startswith(NEWS)

    async def _note_typing(self, event: str, data: Mapping[str, Any]) -> None:
        conversation, who = data.get("conversation"), data.get("user")
        if not isinstance(conversation, dict) or not isinstance(who, dict) or who.get("type") == "contact":
            return
        someone = Someone.model_validate(who)
        there = self._typing.setdefault(str(conversation.get("id")), {})
        person = user(someone, await self._account.customs())
        if event == TYPING_ON and person.remote_id != (await self._account.me()).remote_id:
            there[person.remote_id] = (person, self._clock())
        else:
            there.pop(person.remote_id, None)


async def _subscribe(stream: ClientConnection, identifier: str, seconds: float) -> None:
    await _until(stream, "welcome", seconds)
    await stream.send(json.dumps({"command": "subscribe", "identifier": identifier}))
    await _until(stream, "confirm_subscription", seconds)


async def _until(stream: ClientConnection, kind: str, seconds: float) -> None:
    while (await _receive(stream, seconds)).get("type") != kind:
        pass


async def _next_event(stream: ClientConnection, seconds: float) -> tuple[str, Mapping[str, Any]]:
    while True:
        message = (await _receive(stream, seconds)).get("message")
        if isinstance(message, dict):
            data = message.get("data")
            return str(message.get("event", "")), data if isinstance(data, dict) else {}


async def _receive(stream: ClientConnection, seconds: float) -> dict[str, Any]:
    """The next frame. Raises `TimeoutError` after so many seconds of silence, pings included."""
    async with asyncio.timeout(seconds):
        frame = await stream.recv()
    try:
        read = json.loads(frame)
    except ValueError as error:
        raise BadDataError(
            "Chatwoot's stream speaks another language.", "Update Sidedesk or Chatwoot."
        ) from error
    if not isinstance(read, dict):
        raise BadDataError("Chatwoot's stream speaks another language.", "Update Sidedesk or Chatwoot.")
    if read.get("type") == "reject_subscription" or read.get("reason") == "unauthorized":
        raise AuthError(
            "Chatwoot does not let this user onto its stream.", "Sign in again with a new access token."
        )
    if read.get("type") == "disconnect":
        raise UnavailableError("Chatwoot closed its stream.", "It is opened again.")
    return read
