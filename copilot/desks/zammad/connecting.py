"""From an address and an access token to a desk.

"Introduction" of the API documentation: Authorization: Token token=…; errors are {"error", "error_human"}. Zammad
itself limits no rates; what stands in front of it may, with 429 and Retry-After.
"""

from __future__ import annotations

import asyncio
import json

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits, Rest, Vendor, address_of
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.tokens import is_token
from copilot.desks.zammad.desk import Account, Zammad
from copilot.errors import AuthError

WHERE_IT_IS = (
    "Make one in Zammad under your picture, Profile, Token Access, with the permission ticket.agent."
)


def _words(body: bytes) -> str:
    said = json.loads(body)
    return str(said.get("error_human") or said.get("error") or "")


VENDOR = Vendor(
    name="Zammad",
    check_address="Check the address: it is what you open in the browser.",
    sign_in_again=f"Paste a new access token. {WHERE_IT_IS}",
    ask_for_right="Ask a Zammad administrator for access to this group.",
    words=_words,
)


async def connect(
    sign_in: SignIn,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    limits: Limits | None = None,
) -> Zammad:
    """A desk for what was filled in; nothing is asked of it yet. `transport` stands in for the network in tests.

    Raises `BadDataError` for an address that is none, and `AuthError` for a token that is none.
    """
    base = address_of(sign_in.values["url"], product="Zammad", example="https://support.example.com")
    token = sign_in.values["token"].strip()
    if not is_token(token):
        raise AuthError("This is not an access token of Zammad.", WHERE_IT_IS)
    rest = Rest(
        f"{base}/api/v1",
        VENDOR,
        headers={"Authorization": f"Token token={token}"},
        tls=await asyncio.to_thread(trusted, base),
        transport=transport,
        limits=limits,
    )
    account = Account(id=sign_in.desk_id, name=sign_in.name, base=base)
    return Zammad(account, rest, AiAgents.of(sign_in.ai_agents), sign_in.queues)
