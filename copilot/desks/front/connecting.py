"""From what was filled in to a desk."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.front.company import Company
from copilot.desks.front.desk import Front
from copilot.desks.front.translate import Customs
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits, Rest, Vendor
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.failures import http_date, retry_after
from copilot.desks.rest.tokens import is_token
from copilot.errors import AuthError

API = "https://api2.frontapp.com"
_MERGED = re.compile(r"frontapp\.com/conversations/(cnv_\w+)/?$")


def _words(body: bytes) -> str:
    error = json.loads(body).get("_error") or {}
    return " ".join(
        [str(error.get("message") or error.get("title") or ""), *map(str, error.get("details") or [])]
    )


def _delay(headers: httpx.Headers) -> float | None:
    """Rate limits: Retry-After, or the moment at which the window ends."""
    named = retry_after(headers)
    now = http_date(headers.get("date", ""))
    try:
        until = float(headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return named
    return named if named is not None or now is None else max(0.0, until - now.timestamp())


def _moved(location: str) -> str:
    found = _MERGED.search(location)
    return f"conversation {found[1]}" if found else ""


VENDOR = Vendor(
    name="Front",
    check_address="Check the connection of this computer to api2.frontapp.com.",
    sign_in_again="Copy the API token again from Settings, Company, Developers in Front.",
    ask_for_right="The token lacks a scope: an administrator of Front can add it under Developers, API tokens.",
    words=_words,
    delay=_delay,
    moved=_moved,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a test may put in place of the network, the patience and the address."""

    transport: httpx.AsyncBaseTransport | None = None
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    base: str = API


async def connect(sign_in: SignIn, options: Options = Options()) -> Front:
    """A desk that nothing was asked of yet. Raises `AuthError` for a sign-in that cannot be one."""
    email, token = sign_in.values["email"].strip(), sign_in.values["token"].strip()
    if not is_token(token):
        raise AuthError("This is not an API token of Front.", VENDOR.sign_in_again)
    if not email:
        raise AuthError("Your address in Front is missing.", "Fill in the one you sign in to Front with.")
    rest = Rest(
        options.base,
        VENDOR,
        headers={"Authorization": f"Bearer {token}"},
        tls=await asyncio.to_thread(trusted, options.base),
        transport=options.transport,
        limits=options.limits,
    )
    company = Company(rest, email, Customs(agents=AiAgents.of(sign_in.ai_agents)), sign_in.queues)
    return Front(sign_in, rest, company)
