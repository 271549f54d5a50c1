"""From a token and the names of repositories to a desk.

"Getting started with the REST API": Authorization: Bearer, X-GitHub-Api-Version. "Rate limits for the REST API": the
primary limit is 403 or 429 with x-ratelimit-remaining 0 and the reset in seconds of the epoch, a secondary one 403 or
429 with Retry-After.
"""

from __future__ import annotations

import asyncio
import json
import re

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.github.desk import Account, GitHub
from copilot.desks.github.translate import Customs
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits, Rest, Vendor, address_of
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.failures import http_date, retry_after
from copilot.desks.rest.tokens import is_token
from copilot.errors import AuthError, BadDataError

WHERE_IT_IS = "Make one in GitHub under Settings, Developer settings, Personal access tokens."
API = "https://api.github.com"
PAGES = "https://github.com"
_REPOSITORY = re.compile(r"^(?:https?://[^/]+/)?([A-Za-z0-9._-]+)/([A-Za-z0-9._-]+?)(?:\.git)?/?$")


def _words(body: bytes) -> str:
    said = json.loads(body)
    errors = [error.get("message", "") for error in said.get("errors", ()) if isinstance(error, dict)]
    return " ".join([str(said.get("message") or ""), *errors])


def delay_of(headers: httpx.Headers) -> float | None:
    """Seconds to wait: Retry-After of a secondary limit, else until the reset of the primary one by GitHub's clock."""
    named = retry_after(headers)
    if named is not None or not _is_used_up(headers):
        return named
    now = http_date(headers.get("date", ""))
    reset = headers.get("x-ratelimit-reset", "")
    if now is None or not reset.isdecimal():
        return None
    return max(0.0, int(reset) - now.timestamp())


def _is_used_up(headers: httpx.Headers) -> bool:
    return str(headers.get("x-ratelimit-remaining", "")) == "0"


def _is_busy(status: int, headers: httpx.Headers) -> bool:
    return status == httpx.codes.FORBIDDEN and ("retry-after" in headers or _is_used_up(headers))


VENDOR = Vendor(
    name="GitHub",
    check_address="Check the names of the repositories: one may have been renamed or moved.",
    sign_in_again=f"Paste a new token. {WHERE_IT_IS}",
    ask_for_right="The token needs the permissions Issues and Discussions to read and write.",
    words=_words,
    delay=delay_of,
    busy=_is_busy,
)


async def connect(
    sign_in: SignIn,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    limits: Limits | None = None,
) -> GitHub:
    """A desk for what was filled in; nothing is asked of it yet. `transport` stands in for the network in tests.

    Raises `BadDataError` for an address or a repository that is none, and `AuthError` for a token that is none.
    """
    token = sign_in.values["token"].strip()
    if not is_token(token):
        raise AuthError("This is not a token of GitHub.", WHERE_IT_IS)
    api, pages, graph = _addresses(sign_in.values.get("url", ""))
    rest = Rest(
        api,
        VENDOR,
        headers={
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
        tls=await asyncio.to_thread(trusted, api),
        transport=transport,
        limits=limits,
    )
    account = Account(
        id=sign_in.desk_id,
        name=sign_in.name,
        graph=graph,
        repositories=repositories_of(sign_in.values["repositories"]),
        followed=sign_in.queues,
    )
    return GitHub(account, rest, Customs(pages, AiAgents.of(sign_in.ai_agents)))


def repositories_of(typed: str) -> tuple[str, ...]:
    """The names, as "owner/name". Raises `BadDataError` for one that is none, or when there is none at all."""
    names: list[str] = []
    for one in re.split(r"[,;\s]+", typed.strip()):
        found = _REPOSITORY.match(one)
        if found is None:
            raise BadDataError("This is not a repository of GitHub.", "It looks like acme/lamps.")
        names.append(f"{found[1]}/{found[2]}")
    return tuple(dict.fromkeys(names))


def _addresses(url: str) -> tuple[str, str, str]:
    """Where the REST API, the pages and GraphQL are; a server of one's own has them below one address."""
    if not url.strip():
        return API, PAGES, f"{API}/graphql"
    base = address_of(url, product="GitHub", example="https://github.example.com")
    if base == PAGES:
        return API, PAGES, f"{API}/graphql"
    return f"{base}/api/v3", base, f"{base}/api/graphql"
