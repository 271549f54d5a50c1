"""Signs in to Google with a refresh token.

Followed: "Using OAuth 2.0 for Web Server Applications", section "Refreshing an access token"
(https://developers.google.com/identity/protocols/oauth2/web-server). The secret is the JSON that Google's own tools
write for an authorised user: `client_id`, `client_secret` and `refresh_token`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import httpx
from pydantic import ValidationError

from copilot.errors import SourceError
from copilot.knowledge.sources.fetching import open_client
from copilot.knowledge.sources.hosted import Wire

TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105  an address, not a secret
_EARLY_SECONDS = 60.0


class _Secret(Wire):
    client_id: str
    client_secret: str
    refresh_token: str


class _Token(Wire):
    access_token: str
    expires_in: float = 3600.0


class GoogleSignIn:
    """Access tokens, renewed before they run out."""

    def __init__(self, secret: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._secret = secret
        self._transport = transport
        self._token = ""
        self._until = 0.0

    async def headers(self) -> Mapping[str, str]:
        """What signs a request in. Raises `SourceError`."""
        if time.monotonic() >= self._until:
            await self._renew()
        return {"Authorization": f"Bearer {self._token}"}

    async def _renew(self) -> None:
        try:
            secret = _Secret.model_validate_json(self._secret)
        except ValidationError as error:
            raise SourceError(
                "The sign-in for Google is not what is needed.",
                "It is a JSON object with client_id, client_secret and refresh_token.",
            ) from error
        client = await open_client(self._transport)
        try:
            asked = secret.model_dump() | {"grant_type": "refresh_token"}
            answer = await client.post(TOKEN_URL, data=asked)
        except httpx.HTTPError as error:
            raise SourceError("Google does not answer.", "It is tried again in an hour.") from error
        finally:
            await client.aclose()
        if answer.status_code != 200:
            raise SourceError(
                f"Google does not accept the sign-in (HTTP {answer.status_code}).",
                "Sign in again and renew it.",
            )
        token = _Token.model_validate_json(answer.content)
        self._token, self._until = token.access_token, time.monotonic() + token.expires_in - _EARLY_SECONDS
