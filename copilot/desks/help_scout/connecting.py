"""From what was filled in to a desk."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from dataclasses import dataclass

import httpx

from copilot.desks.ai_agents import AiAgents
from copilot.desks.help_scout.desk import HelpScout
from copilot.desks.help_scout.signed import Signed
from copilot.desks.help_scout.team import Team
from copilot.desks.help_scout.translate import Customs
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits, Rest, Vendor
from copilot.desks.rest.addresses import trusted
from copilot.desks.rest.failures import retry_after
from copilot.errors import AuthError

API = "https://api.helpscout.net/v2"
DOCS_API = "https://docsapi.helpscout.net/v1"
_MERGED = re.compile(r"api\.helpscout\.net/v2/conversations/(\d+)/?$")


def _words(body: bytes) -> str:
    said = json.loads(body)
    errors = (said.get("_embedded") or {}).get("errors") or []
    details = [f"{one.get('path', '')} {one.get('message', '')}".strip() for one in errors]
    return " ".join(
        [str(said.get("message") or said.get("error_description") or said.get("error") or ""), *details]
    )


def _delay(headers: httpx.Headers) -> float | None:
    """Rate Limiting: seconds in X-RateLimit-Retry-After; Docs counts X-RateLimit-Reset down."""
    for name in ("x-ratelimit-retry-after", "x-ratelimit-reset"):
        value = headers.get(name, "").strip()
        if value.isdecimal():
            return float(value)
    return retry_after(headers)


def _moved(location: str) -> str:
    found = _MERGED.search(location)
    return f"conversation {found[1]}" if found else ""


VENDOR = Vendor(
    name="Help Scout",
    check_address="Check the connection of this computer to api.helpscout.net.",
    sign_in_again="Copy app ID and app secret again from Your profile, My apps.",
    ask_for_right="Ask an administrator of Help Scout: your role or plan does not allow it.",
    words=_words,
    delay=_delay,
    moved=_moved,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a test may put in place of the network and the patience."""

    transport: httpx.AsyncBaseTransport | None = None
    limits: Limits = Limits()  # noqa: RUF009 - frozen


async def connect(sign_in: SignIn, options: Options = Options()) -> HelpScout:
    """A desk that nothing was asked of yet. Raises `AuthError` for a sign-in that cannot be one."""
    app_id, secret = sign_in.values["app_id"].strip(), sign_in.values["app_secret"].strip()
    if not app_id or not secret:
        raise AuthError("App ID or app secret is missing.", VENDOR.sign_in_again)
    tls = await asyncio.to_thread(trusted, API)

    def rest(base: str, headers: dict[str, str]) -> Rest:
        return Rest(
            base, VENDOR, headers=headers, tls=tls, transport=options.transport, limits=options.limits
        )

    key = sign_in.values.get("docs_key", "").strip()
    basic = base64.b64encode(f"{key}:X".encode()).decode()
    docs = rest(DOCS_API, {"Authorization": f"Basic {basic}"}) if key else None
    api = Signed(rest(API, {}), app_id, secret)
    team = Team(api, Customs(agents=AiAgents.of(sign_in.ai_agents)), sign_in.queues)
    return HelpScout(sign_in, api, team, docs)
