"""The three kinds of failure: for the user, cancelled (`asyncio.CancelledError`), and everything else, a bug.

A `UserError` says in plain words what happened and what the rep can do about it; it never carries customer text.
The desk errors are the whole vocabulary a connector may raise; `copilot.sync` decides by type what to do next.
"""

from __future__ import annotations


class UserError(Exception):
    """Something outside the program went wrong and a person can act on it.

    `message` says what happened, `advice` what to do next; both are shown as plain text.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class StoreError(UserError):
    """The local database cannot be used: newer than this program, damaged, locked, or the disk is full."""


class SettingsError(UserError):
    """A settings file cannot be read, or holds a value that makes no sense."""


class SecretError(UserError):
    """The keyring refused to keep or give back a secret."""


class TooLateError(UserError):
    """An undo came after the command had left for the desk."""


class DeskError(UserError):
    """Any failure while talking to a desk."""


class AuthError(DeskError):
    """The desk does not accept our credentials (HTTP 401): the rep must sign in again."""


class PermissionDeniedError(DeskError):
    """The credentials are good but not for this (HTTP 403)."""


class NotFoundError(DeskError):
    """The ticket, message or attachment is gone, merged or was never there (HTTP 404, 410)."""


class ConflictError(DeskError):
    """The ticket changed since we last read it (HTTP 409, 412): re-read before writing."""


class RefusedError(DeskError):
    """The desk understood and said no (HTTP 400, 422, or a change that silently did not take)."""


class RateLimitedError(DeskError):
    """Too many requests (HTTP 429). `retry_after_seconds` is the desk's own delay, or None when it names none."""

    def __init__(self, message: str, advice: str = "", *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, advice)
        self.retry_after_seconds = retry_after_seconds


class UnavailableError(DeskError):
    """No answer, a broken connection or a server error (HTTP 5xx): worth trying again later.

    For a write, the desk may or may not have carried it out.
    """


class UnreachableError(UnavailableError):
    """The request did not get as far as the desk: a write was certainly not carried out."""


class BadDataError(DeskError):
    """The desk answered with something we cannot read."""


class UnsupportedError(DeskError):
    """This desk cannot do that (see its `Capabilities`)."""


class ModelError(UserError):
    """A language model cannot be used: its files are missing or altered, or it does not answer."""


class NoModelError(ModelError):
    """No language model is configured, allowed for this ticket, or affordable: the embedded engine does the work."""


class ModelUnreachableError(ModelError):
    """Nothing answers at the model's address, the connection broke, or the answer took too long."""


class ModelKeyError(ModelError):
    """The provider does not accept the key, or the key is missing."""


class ModelQuotaError(ModelError):
    """The account has no credit left, or its quota is used up: waiting a minute does not help."""


class ModelBusyError(ModelError):
    """Too many requests, overloaded, or still loading. `retry_after_seconds` is the provider's own delay, or None."""

    def __init__(self, message: str, advice: str = "", *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, advice)
        self.retry_after_seconds = retry_after_seconds


class ModelRefusedError(ModelError):
    """The provider understood the request and said no: unknown model, a setting it does not take, its own policy."""


class TooLongError(ModelRefusedError):
    """The text does not fit into the model's context."""


class BadOutputError(ModelError):
    """The model's answer is not of the wanted shape, also after it was asked to repair it."""


class SourceError(UserError):
    """A knowledge source cannot be read at all: its folder is missing, its site is down, its token was refused."""
