"""From a failed exchange with a mail server to the desk error that says what to do about it.

IMAP's response codes are those of RFC 5530; SMTP's replies those of RFC 5321, section 4.2, and RFC 3463. Servers' words
are quoted for what they refused, never for what a mail says.
"""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import ssl

from copilot.errors import (
    AuthError,
    BadDataError,
    DeskError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)

TRY_LATER = "It is tried again by itself; if it stays so, ask whoever runs the mail server."
SIGN_IN = "Check user name and password; with a second factor, an app password is needed."
MAX_QUOTE_CHARS = 200
_CODE = re.compile(r"\[([A-Z]+)[^\]]*\]")


def connection_error(error: BaseException, server: str) -> DeskError:
    """What a connection means that could not be made, or broke; nothing was asked of the server on it."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UnreachableError(
                f"The certificate of {server} is not trusted: {cause.verify_message}.",
                "Have its authority installed on this computer, or check the server's name.",
            )
        if isinstance(cause, ssl.SSLError):
            return UnreachableError(f"{server} does not speak TLS as it should.", "Check the port.")
        if isinstance(cause, socket.gaierror):
            return UnreachableError(f"There is no server {server}.", "Check its name and your connection.")
    if isinstance(error, TimeoutError):
        return UnreachableError(f"{server} does not answer in time.", TRY_LATER)
    return UnreachableError(
        f"{server} cannot be reached.", "Check the server's name and your connection to it."
    )


def imap_error(error: BaseException, server: str) -> DeskError:
    """What a failed IMAP command means."""
    if isinstance(error, TimeoutError):
        return UnavailableError(f"{server} does not answer in time.", TRY_LATER)
    if isinstance(error, OSError | imaplib.IMAP4.abort):
        return UnavailableError(f"The connection to {server} broke.", TRY_LATER)
    said = str(error)
    code = _CODE.search(said)
    match code[1] if code else "":
        case "AUTHENTICATIONFAILED" | "EXPIRED" | "AUTHORIZATIONFAILED":
            return AuthError(f"{server} does not accept the sign-in.", SIGN_IN)
        case "UNAVAILABLE" | "INUSE" | "SERVERBUG":
            return UnavailableError(f"{server} cannot do it now.", TRY_LATER)
        case "LIMIT" | "THROTTLED":
            return RateLimitedError(f"{server} asks us to slow down.", "It goes on by itself.")
        case "NOPERM" | "PRIVACYREQUIRED" | "CONTACTADMIN":
            return PermissionDeniedError(f"{server} does not allow that.", _quote(said))
        case "NONEXISTENT" | "TRYCREATE":
            return NotFoundError("This folder is not in the mailbox.", "Choose the folders to follow anew.")
        case "OVERQUOTA":
            return RefusedError("The mailbox is full.", "Make room in it.")
    return RefusedError(f"{server} refused: {_quote(said)}")


def login_error(error: BaseException, server: str) -> DeskError:
    """What a sign-in means that failed: unless the server says otherwise, the credentials are wrong."""
    if isinstance(error, DeskError):
        return error
    if isinstance(
        error.__context__, OSError | imaplib.IMAP4.abort
    ):  # the library calls that a refused sign-in
        return connection_error(error.__context__, server)
    known = imap_error(error, server)
    return (
        AuthError(f"{server} does not accept the sign-in.", SIGN_IN)
        if isinstance(known, RefusedError)
        else known
    )


def unreadable(server: str) -> BadDataError:
    """What an answer means that is not IMAP."""
    return BadDataError(f"{server} answered with something unreadable.", "Check that it is an IMAP server.")


def smtp_error(code: int, said: bytes | str, server: str) -> DeskError:
    """What a refusal by the SMTP server means. Whatever it is, nothing was sent."""
    words = _quote(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)
    if code in {530, 534, 535, 538}:
        return AuthError(f"{server} does not accept the sign-in.", SIGN_IN)
    if code < 500:
        return UnreachableError(f"{server} cannot take the mail now: {words}", TRY_LATER)
    if code == 553:
        return PermissionDeniedError(
            f"{server} does not let us write as this sender: {words}", "Ask whoever runs the mail server."
        )
    if code == 552:
        return RefusedError(f"{server} refused: the mail is too large.", "Send a link instead of the file.")
    return RefusedError(f"{server} refused: {words}")


def smtp_exception(error: smtplib.SMTPException, server: str) -> DeskError:
    """What the library raises before anything of a mail was handed over."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        if error.smtp_code < 500:
            return UnreachableError(f"{server} cannot check the sign-in now.", TRY_LATER)
        return AuthError(f"{server} does not accept the sign-in.", SIGN_IN)
    if isinstance(error, smtplib.SMTPResponseException):
        return smtp_error(error.smtp_code, error.smtp_error, server)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return RefusedError(f"{server} lacks something: {_quote(str(error))}")
    return UnreachableError(f"The connection to {server} broke.", TRY_LATER)


def _quote(said: str) -> str:
    return " ".join(said.split())[:MAX_QUOTE_CHARS]


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    seen: BaseException | None = error
    while seen is not None and seen not in found:
        found.append(seen)
        seen = seen.__cause__ or seen.__context__
    return found
