"""From what was filled in to a desk."""

from __future__ import annotations

import asyncio
import ssl
from functools import partial

from copilot.desks.kinds import SignIn
from copilot.desks.mailbox.account import Account, Limits, account_of, secret_of
from copilot.desks.mailbox.desk import Mailbox
from copilot.desks.mailbox.line import Line
from copilot.desks.mailbox.signing import Grant, Password, SignOn, Tokens, token_url_for
from copilot.desks.mailbox.submission import Submission
from copilot.errors import AuthError


async def connect(
    sign_in: SignIn, *, tls: ssl.SSLContext | None = None, limits: Limits | None = None
) -> Mailbox:
    """A desk; asks nothing yet. `tls` is whom to trust (default: the system's authorities). Raises `DeskError`."""
    account = account_of(sign_in)
    trust = tls if tls is not None else await asyncio.to_thread(ssl.create_default_context)
    sign_on = _sign_on(sign_in, account, trust)
    bounds = limits or Limits()
    lines = partial(Line, account, sign_on, trust, bounds)
    return Mailbox(account, lines, Submission(account, sign_on, trust, bounds), bounds)


def _sign_on(sign_in: SignIn, account: Account, tls: ssl.SSLContext) -> SignOn:
    values = sign_in.values
    refresh_token = values.get("refresh_token", "").strip()
    if not refresh_token:
        return Password(account.user, secret_of(values))
    grant = Grant(
        token_url=values.get("token_url", "").strip() or token_url_for(account.imap.host),
        client_id=values.get("client_id", "").strip(),
        client_secret=values.get("client_secret", "").strip(),
        refresh_token=refresh_token,
    )
    if not grant.token_url.startswith("https://") or not grant.client_id:
        raise AuthError("OAuth needs a client and a token address.", "Fill in both; the address is https.")
    return Tokens(account.user, grant, tls)
