"""One signed-in IMAP connection. Blocks; each lives on a thread of its own."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from collections.abc import Callable
from typing import TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, ProtocolError

from copilot.desks.mailbox.account import Account, Limits
from copilot.desks.mailbox.failures import connection_error, imap_error, login_error, unreadable
from copilot.desks.mailbox.signing import SignOn
from copilot.errors import DeskError, PermissionDeniedError

T = TypeVar("T")
_BROKEN = (OSError, imaplib.IMAP4.abort)
_UNREADABLE = (ProtocolError, ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError)
"""What imaplib and IMAPClient raise on answers that are not IMAP."""


class Line:
    """Connects when first used, and again when a connection that was good has gone (servers end idle ones)."""

    def __init__(self, account: Account, sign_on: SignOn, tls: ssl.SSLContext, limits: Limits) -> None:
        self._server = account.imap
        self._sign_on = sign_on
        self._tls = tls
        self._limits = limits
        self._client: IMAPClient | None = None

    def read(self, work: Callable[[IMAPClient], T]) -> T:
        """Do something that may be done twice. Raises `DeskError`."""
        if self._client is not None:
            with contextlib.suppress(*_BROKEN):
                return self._do(self._client, work)
            self.close()
        return self.write(work)

    def write(self, work: Callable[[IMAPClient], T]) -> T:
        """Do something once. Raises `DeskError`."""
        client = self._client or self._open()
        try:
            return self._do(client, work)
        except _BROKEN as error:
            self.close()
            raise imap_error(error, self._server.host) from error

    def close(self) -> None:
        """End the connection; a thread that waits on it is woken by an error. Can be called from another thread."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()

    def _do(self, client: IMAPClient, work: Callable[[IMAPClient], T]) -> T:
        try:
            return work(client)
        except _BROKEN:
            raise
        except DeskError:
            raise
        except _UNREADABLE as error:
            self.close()
            raise unreadable(self._server.host) from error
        except imaplib.IMAP4.error as error:
            raise imap_error(error, self._server.host) from error

    def _open(self) -> IMAPClient:
        host = self._server.host
        timeout = SocketTimeout(self._limits.connect_seconds, self._limits.quiet_seconds)
        try:
            client = IMAPClient(
                host,
                self._server.port,
                ssl=self._server.tls_first,
                ssl_context=self._tls,
                timeout=timeout,
            )
        except _BROKEN as error:
            raise connection_error(error, host) from error
        except (imaplib.IMAP4.error, *_UNREADABLE) as error:
            raise unreadable(host) from error
        client.normalise_times = False
        try:
            if not self._server.tls_first:
                self._start_tls(client)
            self._sign_on.imap(client)
            if client.has_capability("ENABLE") and client.has_capability("CONDSTORE"):
                client.enable("CONDSTORE")
        except BaseException as error:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()
            if isinstance(error, _BROKEN):
                raise connection_error(error, host) from error
            if isinstance(error, imaplib.IMAP4.error | DeskError):
                raise login_error(error, host) from error
            raise
        self._client = client
        return client

    def _start_tls(self, client: IMAPClient) -> None:
        try:
            client.starttls(self._tls)
        except CapabilityError as error:
            raise PermissionDeniedError(
                f"{self._server.host} offers no encryption on this port.", "Use port 993."
            ) from error
