"""The interface of Help Scout, signed in with an app's own id and secret (OAuth 2, client credentials).

A token lasts two days (Authentication, "Client Credentials Flow"). When Help Scout does not take it any more a new one
is fetched, once, and the request made again: a request that was answered with 401 was not carried out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from copilot.desks.help_scout.wire import Page, Token
from copilot.desks.rest import Answer, Rest
from copilot.desks.rest.client import Query
from copilot.errors import AuthError, BadDataError, RefusedError

T = TypeVar("T")
MOST_PAGES = 200


class Signed:
    """Requests under a token that renews itself."""

    def __init__(self, rest: Rest, app_id: str, app_secret: str) -> None:
        self._rest = rest
        self._app = {"grant_type": "client_credentials", "client_id": app_id, "client_secret": app_secret}
        self._generation = 0
        self._renewing = asyncio.Lock()

    async def get(self, path: str, shape: type[T], query: Query | None = None) -> Answer[T]:
        """Read something. Raises `DeskError`."""
        return await self._signed(lambda: self._rest.get(path, shape, query))

    async def send(self, method: str, path: str, body: object) -> Answer[Any]:
        """Write something. Raises `DeskError`."""
        return await self._signed(lambda: self._rest.send(method, path, body, object))

    async def all(self, path: str, shape: type[Page[T]]) -> list[T]:
        """What every page of a short list embeds."""
        found: list[T] = []
        for number in range(1, MOST_PAGES):
            page = (await self.get(path, shape, {"page": number})).value
            if page.embedded is not None:
                found.append(page.embedded)
            if number >= page.page.pages:
                return found
        raise BadDataError("Help Scout's list does not end.", "Try again later.")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._rest.aclose()

    async def _signed(self, ask: Callable[[], Awaitable[Answer[T]]]) -> Answer[T]:
        generation = self._generation or await self._renew(0)
        try:
            return await ask()
        except AuthError:
            await self._renew(generation)
            return await ask()

    async def _renew(self, generation: int) -> int:
        """Fetch a token, unless somebody has since `generation`. Raises `AuthError` when the app is not known."""
        async with self._renewing:
            if self._generation == generation:
                try:
                    token = (await self._rest.send_fields("oauth2/token", self._app, Token)).value
                except RefusedError as error:
                    vendor = self._rest.vendor
                    raise AuthError(f"{vendor.name} does not know this app.", vendor.sign_in_again) from error
                self._rest.sign({"Authorization": f"Bearer {token.access_token}"})
                self._generation += 1
            return self._generation
