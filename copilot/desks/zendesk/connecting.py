"""From what was filled in to a desk, and how Zendesk speaks of failures.

API reference, Security and authentication: basic authentication as `address/token:token`. Rate limits: Retry-After with
a 429, and `ratelimit-reset` in seconds. Requests, Status codes: an error has an `error` and, at times, `description`
and `details`.
"""

from __future__ import annotations

import asyncio
import base64
import re
from typing import TYPE_CHECKING

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.rest import Limits, Rest, Vendor, address_of
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.failures import retry_after
from copilot.desks.rest.tokens import is_token
from copilot.desks.zendesk.desk import Account, Zendesk
from copilot.desks.zendesk.wire import Refused
from copilot.errors import AuthError

if TYPE_CHECKING:
    from copilot.desks.kinds import SignIn

WHERE = "Make one in Zendesk's Admin Center under Apps and integrations, APIs, API tokens."
_NAME_ALONE = re.compile(r"^[A-Za-z0-9-]+$")


async def connect(
    sign_in: SignIn, *, transport: httpx.AsyncBaseTransport | None = None, limits: Limits | None = None
) -> Zendesk:
    """A desk; asks nothing yet. Raises `BadDataError` for an address and `AuthError` for a token that are none."""
    base = base_of(sign_in.values["url"])
    email, token = sign_in.values["email"].strip(), sign_in.values["token"].strip()
    if "@" not in email:
        raise AuthError("This is not a mail address.", "Fill in the one you sign in to Zendesk with.")
    if not is_token(token):
        raise AuthError("This is not an API token of Zendesk.", WHERE)
    who = base64.b64encode(f"{email.removesuffix('/token')}/token:{token}".encode()).decode("ascii")
    rest = Rest(
        base,
        VENDOR,
        headers={"Authorization": f"Basic {who}"},
        tls=await asyncio.to_thread(trusted, base),
        transport=transport,
        limits=limits,
    )
    account = Account(
        id=sign_in.desk_id,
        name=sign_in.name,
        base=base,
        groups=sign_in.queues,
        ai_agents=AiAgents.of(sign_in.ai_agents),
    )
    return Zendesk(account, rest)


def base_of(typed: str) -> str:
    """Zendesk's address from what a person pastes: a page of it, its host, or the team's name alone."""
    text = typed.strip()
    if _NAME_ALONE.match(text):
        text = f"{text}.zendesk.com"
    base = address_of(text, product="a Zendesk", example="yourteam.zendesk.com")
    return base.replace("http://", "https://", 1)  # the token never travels in the clear


def _words(body: bytes) -> str:
    """The most exact thing an error body says: the details, else the description, else the error itself."""
    said = Refused.model_validate_json(body)
    details = [
        str(one.get("description", ""))
        for several in said.details.values()
        for one in (several if isinstance(several, list) else [several])
        if isinstance(one, dict)
    ]
    title = said.error.get("title", "") if isinstance(said.error, dict) else said.error or ""
    return " ".join(filter(None, details)) or said.description or str(title)


def _delay(headers: httpx.Headers) -> float | None:
    named = retry_after(headers)
    reset = headers.get("ratelimit-reset", "").strip()
    return named if named is not None else float(reset) if reset.isdecimal() else None


VENDOR = Vendor(
    name="Zendesk",
    check_address="Check the address: it looks like yourteam.zendesk.com.",
    sign_in_again=f"Check your address and the API token. {WHERE}",
    ask_for_right="Ask a Zendesk administrator for the right.",
    words=_words,
    delay=_delay,
)
