"""From an address and an API key to a desk.

"Authentication" of the API documentation: X-FreeScout-API-Key. "Errors": {"message", "_embedded": {"errors": [{"path",
"message"}]}}. It names no rate limit; what stands in front may, with 429 and Retry-After.
"""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlsplit

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.freescout.desk import Account, FreeScout
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits, Rest, Vendor, address_of
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.tokens import is_token
from copilot.errors import AuthError

WHERE_IT_IS = "An administrator of FreeScout finds it under Manage, API & Webhooks."


def _words(body: bytes) -> str:
    said = json.loads(body)
    errors = said.get("_embedded", {}).get("errors", [])
    return " ".join([str(said.get("message") or ""), *(str(error.get("message", "")) for error in errors)])


VENDOR = Vendor(
    name="FreeScout",
    check_address="Check the address, and that its API & Webhooks module is active.",
    sign_in_again=f"Paste the API key again. {WHERE_IT_IS}",
    ask_for_right="Ask an administrator of FreeScout.",
    words=_words,
)


async def connect(
    sign_in: SignIn,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    limits: Limits | None = None,
) -> FreeScout:
    """A desk for what was filled in; nothing is asked of it yet. `transport` stands in for the network in tests.

    Raises `BadDataError` for an address that is none, and `AuthError` for a key or an e-mail address that is none.
    """
    typed = sign_in.values["url"]
    base = address_of(typed, product="FreeScout", example="https://support.example.com") + _folder(typed)
    key, email = sign_in.values["token"].strip(), sign_in.values["email"].strip()
    if not is_token(key):
        raise AuthError("This is not an API key of FreeScout.", WHERE_IT_IS)
    if "@" not in email:
        raise AuthError("This is not an e-mail address.", "Type the one you sign in to FreeScout with.")
    rest = Rest(
        f"{base}/api",
        VENDOR,
        headers={"X-FreeScout-API-Key": key},
        tls=await asyncio.to_thread(trusted, base),
        transport=transport,
        limits=limits,
    )
    account = Account(id=sign_in.desk_id, name=sign_in.name, base=base, email=email)
    return FreeScout(account, rest, AiAgents.of(sign_in.ai_agents), sign_in.queues)


def _folder(typed: str) -> str:
    """FreeScout may live in a folder of a site: what stands before its own pages in the address."""
    path = urlsplit(typed.strip() if "://" in typed else f"https://{typed.strip()}").path
    for page in ("/mailbox", "/conversation", "/login", "/dashboard", "/app-settings", "/users", "/api"):
        path = path.partition(page)[0]
    return path.rstrip("/")
