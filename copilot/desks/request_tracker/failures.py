"""From a failed request to the error that says what to do about it. Answers are quoted only where RT speaks itself."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from pydantic import ValidationError

from copilot.desks.request_tracker.wire import Said
from copilot.errors import (
    AuthError,
    BadDataError,
    ConflictError,
    DeskError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)

NOT_RT = "This address does not answer like Request Tracker 5."
CHECK_ADDRESS = (
    "Check the address: it is the one you open in the browser, without what follows the first page."
)
WHERE_TO_GET_ONE = "Make a new one in RT under Logged in as, Settings, Auth Tokens; it begins with 1-."
TRY_LATER = "Try again in a while; if it stays so, ask whoever runs the server."
MAX_QUOTE_CHARS = 300


def error_of(answer: httpx.Response, body: bytes) -> DeskError | None:
    """What an answer's status means, None when it is a good one.

    RT refuses in JSON; a refusal in anything else comes from something in between, and says nothing about tickets.
    """
    status = answer.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RateLimitedError(
            "Request Tracker asks us to slow down.",
            "It goes on by itself.",
            retry_after_seconds=_delay(answer.headers),
        )
    if status >= 500:
        return UnavailableError(f"Request Tracker failed to answer (HTTP {status}).", TRY_LATER)
    if answer.is_redirect:
        return BadDataError("The address leads somewhere else.", f"Use {_address(answer)} instead.")
    if status < 300:
        return None
    said = _words_of(answer, body)
    if said is None and status not in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return BadDataError(NOT_RT, CHECK_ADDRESS)
    return _refusal(status, said or "")


def _refusal(status: int, said: str) -> DeskError:
    match status:
        case 401:
            return AuthError(
                "Request Tracker does not accept the token.",
                WHERE_TO_GET_ONE,
            )
        case 403:
            return PermissionDeniedError(
                "Request Tracker does not allow that with this token.",
                "Ask an RT administrator for the right.",
            )
        case 404 | 410:
            return NotFoundError("It is not in Request Tracker, or not any more.")
        case 409 | 412:
            return ConflictError("The ticket has changed in Request Tracker.", "Read it again.")
        case _:
            return RefusedError(f"Request Tracker refused: {said or f'HTTP {status}'}")


def transport_error(error: httpx.HTTPError | TimeoutError) -> DeskError:
    """What a request means that got no answer, or did not even get as far as the server."""
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return UnreachableError("Request Tracker does not answer in time.", TRY_LATER)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return UnavailableError("Request Tracker does not answer in time.", TRY_LATER)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UnreachableError(
                f"The server's certificate is not trusted: {cause.verify_message}.",
                "Have its authority installed on this computer, or check the address.",
            )
        if isinstance(cause, ssl.SSLError):
            return UnavailableError(
                "The server does not speak TLS as it should.", "Check whether it is https or http."
            )
    if isinstance(error, httpx.ConnectError):
        return UnreachableError(
            "Request Tracker cannot be reached.", "Check the address and your connection to it."
        )
    return UnavailableError("The connection to Request Tracker broke.", TRY_LATER)


def unreadable(error: ValidationError | ValueError) -> BadDataError:
    """What a good answer means that we cannot read. Names the place in the answer, never its text."""
    where = ""
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        where = f" ({'.'.join(str(step) for step in first['loc'])}: {first['type']})"
    return BadDataError(f"Request Tracker answered with something unreadable{where}.", CHECK_ADDRESS)


def _words_of(answer: httpx.Response, body: bytes) -> str | None:
    """RT's own words, None when it was not RT that answered."""
    if "json" not in answer.headers.get("content-type", ""):
        return None
    try:
        return Said.model_validate_json(body).message[:MAX_QUOTE_CHARS]
    except ValidationError:
        return None


def _address(answer: httpx.Response) -> str:
    target = answer.headers.get("location", "")
    return target.partition("/REST/")[0].partition("?")[0][:MAX_QUOTE_CHARS] or "the right one"


def _delay(headers: httpx.Headers) -> float | None:
    """Retry-After in seconds (RFC 9110, 10.2.3); a date counts from the server's own clock."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    until = parse_http_date(value)
    if until is None:
        return None
    now = parse_http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def parse_http_date(value: str) -> datetime | None:
    """A date of HTTP, None when it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies behind it."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
