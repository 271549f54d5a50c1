"""From an address and a token to a desk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from copilot.desks.request_tracker.desk import Account, RequestTracker
from copilot.desks.request_tracker.failures import VENDOR, WHERE_TO_GET_ONE
from copilot.desks.request_tracker.queues import Queues
from copilot.desks.request_tracker.rest import LIMITS, Rest
from copilot.desks.request_tracker.translate import Customs
from copilot.desks.rest import Limits, address_of
from copilot.desks.rest import Rest as Http
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.tokens import is_token
from copilot.domain import DeskId
from copilot.errors import AuthError

_PAGES = re.compile(
    r"/(?:REST|Ticket|Search|Dashboards|Articles|Asset|Tools|Prefs|User|Admin|SelfService|NoAuth)(?:/|$)"
)
"""Where RT's own pages begin in an address."""

__all__ = ["Limits", "Options", "RequestTracker", "connect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a connection may need beyond address and token.

    `ai_agents` are the user names of automatic first responders; `transport` stands in for the network in tests.
    """

    ai_agents: Sequence[str] = ()
    transport: httpx.AsyncBaseTransport | None = None
    limits: Limits = LIMITS


async def connect(
    url: str,
    token: str,
    queues: Sequence[str],
    *,
    desk_id: DeskId,
    name: str,
    options: Options = Options(),
) -> RequestTracker:
    """A desk for the RT at `url` (what one opens in the browser). Asks nothing yet; see `RequestTracker.check`.

    `queues` are the names of those to follow, none for all. Raises `BadDataError` for an address that is none, and
    `AuthError` for a token that is none.
    """
    base, token = base_of(url), token.strip()
    if not is_token(token):
        raise AuthError("This is not a token of Request Tracker.", WHERE_TO_GET_ONE)
    http = Http(
        f"{base}/REST/2.0",
        VENDOR,
        headers={"Authorization": f"token {token}"},
        tls=await asyncio.to_thread(trusted, base),
        transport=options.transport,
        limits=options.limits,
    )
    rest = Rest(http)
    customs = Customs(base=base, ai_agents=frozenset(agent for agent in options.ai_agents if agent))
    account = Account(id=desk_id, name=name, base=base, token=token)
    return RequestTracker(account, rest, Queues(rest, queues), customs)


def base_of(url: str) -> str:
    """RT's own address from what a person pastes: without REST's path, a page's name, or what follows."""
    root = address_of(url, product="a Request Tracker", example="https://rt.example.com")
    text = url.strip()
    path = urlsplit(text if "://" in text else f"https://{text}").path
    path = _PAGES.split(path, maxsplit=1)[0]
    path = path.rpartition("/")[0] if path.endswith(".html") else path
    return f"{root}{path.rstrip('/')}"
