"""From what was filled in to a desk, and how Intercom speaks of failures.

Authentication: an access token as bearer. REST API reference, Servers: one host a region; Intercom-Version names the
version spoken. Errors: `errors` with code and message. Rate Limiting: X-RateLimit-Reset tells, in Unix seconds, when
the ten-second window ends; there is no Retry-After.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.intercom.desk import Account, Intercom
from copilot.desks.intercom.wire import Said
from copilot.desks.rest import Limits, Rest, Vendor
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.failures import http_date, retry_after
from copilot.desks.rest.tokens import is_token
from copilot.errors import AuthError, BadDataError

if TYPE_CHECKING:
    from copilot.desks.kinds import SignIn

VERSION = "2.15"
HOSTS = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}
WHERE = "Copy it from your app in Intercom's Developer Hub, under Authentication."


async def connect(
    sign_in: SignIn, *, transport: httpx.AsyncBaseTransport | None = None, limits: Limits | None = None
) -> Intercom:
    """A desk; asks nothing yet. Raises `BadDataError` for a region and `AuthError` for a token that are none."""
    region = sign_in.values.get("region", "").strip().casefold() or "us"
    if region not in HOSTS:
        raise BadDataError("Intercom has no such region.", f"It is one of {', '.join(HOSTS)}.")
    token = sign_in.values["token"].strip()
    if not is_token(token):
        raise AuthError("This is not an access token of Intercom.", WHERE)
    rest = Rest(
        HOSTS[region],
        VENDOR,
        headers={"Authorization": f"Bearer {token}", "Intercom-Version": VERSION},
        tls=await asyncio.to_thread(trusted, HOSTS[region]),
        transport=transport,
        limits=limits,
    )
    account = Account(
        id=sign_in.desk_id,
        name=sign_in.name,
        email=sign_in.values.get("email", "").strip(),
        teams=sign_in.queues,
        ai_agents=AiAgents.of(sign_in.ai_agents),
    )
    return Intercom(account, rest)


def _words(body: bytes) -> str:
    problems = Said.model_validate_json(body).errors
    return " ".join(problem.message or problem.code.replace("_", " ") for problem in problems)


def _delay(headers: httpx.Headers) -> float | None:
    named = retry_after(headers)
    reset = headers.get("x-ratelimit-reset", "").strip()
    if named is not None or not reset.isdecimal():
        return named
    now = http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, float(reset) - now.timestamp())


VENDOR = Vendor(
    name="Intercom",
    check_address="Check the region: us, eu or au.",
    sign_in_again=f"Check the access token, and the region. {WHERE}",
    ask_for_right="Give the app this permission in Intercom's Developer Hub, under Authentication.",
    words=_words,
    delay=_delay,
)
