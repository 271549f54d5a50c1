"""Signing in to both servers: with a password, or with OAuth tokens by XOAUTH2.

Sources: "OAuth 2.0 Mechanism" of Gmail and "Authenticate an IMAP, POP or SMTP connection using OAuth" of Exchange
Online describe XOAUTH2 alike; a refresh token is traded for an access token as in RFC 6749, section 6. Getting the
first refresh token in a browser is not built: it needs an application registered with the provider.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from dataclasses import dataclass
from typing import Protocol

import httpx
from imapclient import IMAPClient

from copilot.errors import AuthError, BadDataError, UnavailableError

SOON_SECONDS = 120.0
"""A token that ends so soon is renewed before it is used."""
_TOKEN_URLS = {
    "gmail.com": "https://oauth2.googleapis.com/token",
    "office365.com": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "outlook.com": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
}


class SignOn(Protocol):
    """A way to sign in. Blocks; used on the connector's threads only."""

    def imap(self, client: IMAPClient) -> None:
        """Sign in. Raises what the library raises."""

    def smtp(self, client: smtplib.SMTP) -> None:
        """Sign in. Raises what the library raises."""


@dataclass(frozen=True, slots=True)
class Password:
    """A user name with a password."""

    user: str
    password: str

    def imap(self, client: IMAPClient) -> None:
        """Sign in with LOGIN, or with AUTHENTICATE PLAIN where the server takes no LOGIN or letters beyond ASCII."""
        if self.password.isascii() and self.user.isascii() and not client.has_capability("LOGINDISABLED"):
            client.login(self.user, self.password)
        else:
            client.plain_login(self.user, self.password)

    def smtp(self, client: smtplib.SMTP) -> None:
        """Sign in with whichever mechanism both know."""
        client.login(self.user, self.password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What is traded for access tokens."""

    token_url: str
    client_id: str
    client_secret: str
    refresh_token: str


class Tokens:
    """A user name with OAuth tokens, renewed in time."""

    def __init__(self, user: str, grant: Grant, tls: ssl.SSLContext) -> None:
        self._user = user
        self._grant = grant
        self._tls = tls
        self._token = ""
        self._ends = 0.0

    def imap(self, client: IMAPClient) -> None:
        """Sign in by XOAUTH2."""
        client.oauth2_login(self._user, self._fresh())

    def smtp(self, client: smtplib.SMTP) -> None:
        """Sign in by XOAUTH2. The server tells why not in a challenge, which is answered with nothing."""
        said = f"user={self._user}\1auth=Bearer {self._fresh()}\1\1"
        client.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")

    def _fresh(self) -> str:
        if not self._token or time.monotonic() > self._ends - SOON_SECONDS:
            self._renew()
        return self._token

    def _renew(self) -> None:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._grant.refresh_token,
            "client_id": self._grant.client_id,
        }
        if self._grant.client_secret:
            form["client_secret"] = self._grant.client_secret
        try:
            answer = httpx.post(self._grant.token_url, data=form, verify=self._tls, timeout=30)
        except httpx.HTTPError as error:
            raise UnavailableError("The sign-in service does not answer.", "It is tried again.") from error
        if answer.status_code >= 500:
            raise UnavailableError("The sign-in service failed to answer.", "It is tried again.")
        if not answer.is_success:
            raise AuthError("The sign-in service takes the refresh token no more.", "Sign in again.")
        try:
            said = answer.json()
            self._token, seconds = str(said["access_token"]), float(said.get("expires_in", 3600))
        except (ValueError, KeyError, TypeError) as error:
            raise BadDataError(
                "The sign-in service answered with something unreadable.", "Check the token address."
            ) from error
        self._ends = time.monotonic() + seconds


def token_url_for(host: str) -> str:
    """Where a well-known provider gives out tokens; empty for others."""
    return next((url for name, url in _TOKEN_URLS.items() if host.endswith(name)), "")
