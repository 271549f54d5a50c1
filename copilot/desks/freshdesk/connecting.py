"""From an address and an API key to a desk.

"Authentication" in the API reference: Basic, the key as the user and any password. "Rate Limit": 429 with Retry-After.
"Errors": {"description", "errors": [{"field", "message", "code"}]} or {"code", "message"}.
"""

from __future__ import annotations

import asyncio
import base64
import json

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.freshdesk.desk import Account, Freshdesk
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits, Rest, Vendor, address_of
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.tokens import is_token
from copilot.errors import AuthError

WHERE_IT_IS = "It is in Freshdesk under your picture, Profile settings, at the right."


def _words(body: bytes) -> str:
    said = json.loads(body)
    errors = [f"{error.get('field', '')}: {error['message']}" for error in said.get("errors", ())]
    return " ".join([said.get("description") or said.get("message") or "", *errors])


VENDOR = Vendor(
    name="Freshdesk",
    check_address="Check the address: it ends in freshdesk.com.",
    sign_in_again=f"Paste your API key again. {WHERE_IT_IS}",
    ask_for_right="Ask a Freshdesk administrator for a role that may do this.",
    words=_words,
)


async def connect(
    sign_in: SignIn,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    limits: Limits | None = None,
) -> Freshdesk:
    """A desk for what was filled in; nothing is asked of it yet. `transport` stands in for the network in tests.

    Raises `BadDataError` for an address that is none, and `AuthError` for a key that is none.
    """
    base = address_of(sign_in.values["url"], product="Freshdesk", example="https://yourcompany.freshdesk.com")
    key = sign_in.values["token"].strip()
    if not is_token(key, never=":"):
        raise AuthError("This is not an API key of Freshdesk.", WHERE_IT_IS)
    basic = base64.b64encode(f"{key}:X".encode()).decode()
    rest = Rest(
        f"{base}/api/v2",
        VENDOR,
        headers={"Authorization": f"Basic {basic}"},
        tls=await asyncio.to_thread(trusted, base),
        transport=transport,
        limits=limits,
    )
    account = Account(id=sign_in.desk_id, name=sign_in.name, base=base)
    return Freshdesk(account, rest, AiAgents.of(sign_in.ai_agents), sign_in.queues)
