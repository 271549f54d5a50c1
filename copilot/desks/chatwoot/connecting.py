"""From what was filled in to a desk."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.chatwoot.account import Account
from copilot.desks.chatwoot.desk import Chatwoot
from copilot.desks.chatwoot.live import Live
from copilot.desks.chatwoot.translate import Customs
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits, Rest, Vendor, address_of
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.tokens import is_token
from copilot.errors import AuthError, RefusedError


def _words(body: bytes) -> str:
    said = json.loads(body)
    return str(said.get("error") or said.get("message") or said.get("description") or "")


VENDOR = Vendor(
    name="Chatwoot",
    check_address="Check the address: it is what you open in the browser, without a path.",
    sign_in_again="Copy the access token again from Profile settings. If it is right, the web server in front of "
    "Chatwoot may drop headers with underscores (nginx: underscores_in_headers on).",
    ask_for_right="Ask an administrator of Chatwoot.",
    words=_words,
    lacks_right=lambda said: "not authorized to do this action" in said.lower(),
)
"""Chatwoot answers 401 to a missing right too (request_exception_handler.rb)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a test may put in place of the network and the patience."""

    transport: httpx.AsyncBaseTransport | None = None
    limits: Limits = Limits()  # noqa: RUF009 - frozen


async def connect(sign_in: SignIn, options: Options = Options()) -> Chatwoot:
    """A desk that nothing was asked of yet. Raises `DeskError` for a sign-in that cannot be one."""
    base = address_of(sign_in.values["url"], product="a Chatwoot", example="https://app.chatwoot.com")
    token = sign_in.values["token"].strip()
    if not is_token(token):
        raise AuthError(
            "This is not an access token of Chatwoot.", "Copy it from Profile settings in Chatwoot."
        )
    number = sign_in.values.get("account", "").strip()
    if number and not (number.isascii() and number.isdecimal()):
        raise RefusedError(
            "This is not an account number.", "It stands after /accounts/ in Chatwoot's address."
        )
    tls = await asyncio.to_thread(trusted, base)
    rest = Rest(
        f"{base}/api/v1",
        VENDOR,
        headers={"api_access_token": token},
        tls=tls,
        transport=options.transport,
        limits=options.limits,
    )
    customs = Customs(base=base, account=int(number or 0), agents=AiAgents.of(sign_in.ai_agents))
    account = Account(rest, customs, sign_in.queues)
    return Chatwoot(sign_in, rest, account, Live(base, account, tls, limits=options.limits))
