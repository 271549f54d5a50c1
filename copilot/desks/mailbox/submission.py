"""Handing a mail over to the SMTP server (RFC 6409), so that it is known whether that has happened.

Until the last dot is sent nothing is; once the server says 250 it is. Only when the connection breaks in between
nobody can tell (RFC 1047), and then the mail goes out again with the same Message-ID, by which many servers drop a
second copy.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator

from copilot.desks.mailbox.account import Account, Limits
from copilot.desks.mailbox.composing import Outgoing
from copilot.desks.mailbox.failures import (
    TRY_LATER,
    connection_error,
    login_error,
    smtp_error,
    smtp_exception,
)
from copilot.desks.mailbox.signing import SignOn
from copilot.errors import DeskError, PermissionDeniedError, RefusedError, UnavailableError

_DOT = 250


class Submission:
    """The way out. A connection for each mail: replies are minutes apart. Blocks."""

    def __init__(self, account: Account, sign_on: SignOn, tls: ssl.SSLContext, limits: Limits) -> None:
        self._account = account
        self._server = account.smtp
        self._sign_on = sign_on
        self._tls = tls
        self._limits = limits

    def check(self) -> None:
        """See that the server takes the sign-in. Raises `DeskError`."""
        with self._signed_in():
            pass

    def send(self, mail: Outgoing) -> None:
        """Hand over a mail. Raises `UnavailableError` alone when it may have gone out all the same."""
        with self._signed_in() as client:
            self._envelope(client, mail)
            self._content(client, mail)

    def _envelope(self, client: smtplib.SMTP, mail: Outgoing) -> None:
        size = client.esmtp_features.get("size", "")
        if size.isdecimal() and 0 < int(size) < len(mail.content):
            raise RefusedError(
                f"The mail has {len(mail.content) // 1_000_000} MB, and the server takes {int(size) // 1_000_000}.",
                "Send a link instead of the file.",
            )
        options = [f"size={len(mail.content)}"] if client.has_extn("size") else []
        if not all(address.isascii() for address in mail.recipients):
            if not client.has_extn("smtputf8"):
                raise RefusedError(f"{self._server.host} cannot write to this address.")
            options += ["SMTPUTF8"]
        self._expect(client.mail(self._account.address, options))
        for address in mail.recipients:
            code, said = client.rcpt(address)
            if address == mail.first:
                self._expect((code, said))
        code, said = client.docmd("DATA")
        if code != 354:
            raise smtp_error(code, said, self._server.host)

    def _content(self, client: smtplib.SMTP, mail: Outgoing) -> None:
        lines = mail.content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
        stuffed = lines.replace(b"\r\n.", b"\r\n..")
        client.send(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")
        try:
            client.send(b".\r\n")
            code, said = client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise UnavailableError(
                f"{self._server.host} broke off before it confirmed the mail.", TRY_LATER
            ) from error
        if code != _DOT:
            raise smtp_error(code, said, self._server.host)

    def _expect(self, answer: tuple[int, bytes]) -> None:
        code, said = answer
        if code not in {250, 251}:
            raise smtp_error(code, said, self._server.host)

    @contextlib.contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        host = self._server.host
        try:
            client = self._connect()
        except smtplib.SMTPException as error:
            raise smtp_exception(error, host) from error
        except OSError as error:
            raise connection_error(error, host) from error
        try:
            self._sign_in(client)
            yield client
        except DeskError:
            raise
        except smtplib.SMTPException as error:
            raise smtp_exception(error, host) from error
        except OSError as error:
            raise connection_error(error, host) from error
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()

    def _connect(self) -> smtplib.SMTP:
        server, seconds = self._server, self._limits.connect_seconds
        if server.tls_first:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, context=self._tls, timeout=seconds
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=seconds)
        if client.sock is not None:
            client.sock.settimeout(self._limits.quiet_seconds)
        return client

    def _sign_in(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if not self._server.tls_first:
            if not client.has_extn("starttls"):
                raise PermissionDeniedError(
                    f"{self._server.host} offers no encryption on this port.", "Use port 465."
                )
            client.starttls(context=self._tls)
            client.ehlo()
        try:
            self._sign_on.smtp(client)
        except smtplib.SMTPNotSupportedError as error:
            raise login_error(error, self._server.host) from error
