"""From a failed request to the desk error that says what to do about it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from pydantic import ValidationError

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

TRY_LATER = "Try again in a while; if it stays so, look at the product's status page or ask whoever runs it."
MAX_QUOTE_CHARS = 300
_ANYBODY_SAYS = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
"""What a gateway in front of the product may say for it."""


def retry_after(headers: httpx.Headers) -> float | None:
    """Retry-After in seconds (RFC 9110, 10.2.3); a date counts from the server's own clock."""
    value = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(value))
    except ValueError:
        until = http_date(value)
    if until is None:
        return None
    now = http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


class ElsewhereError(BadDataError):
    """The answer is a redirect, which is not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """How one product is named and how it speaks of failures.

    `words` reads the product's own explanation out of an error body ("" when there is none), `delay` the seconds it
    asks us to wait, `conflicts` are further statuses that mean the ticket has changed. `lacks_right` tells by its words
    whether a 401 is about a missing right rather than the sign-in (RFC 9110 has 403 for that; not everybody reads it).
    `moved` reads off a redirect's address into which ticket the one asked for was merged ("" when it says no such
    thing), `elsewhere` the product's own address ("" when it is not told). `busy` tells by status and headers that we
    ask too often, where 429 is not the only way to say so. `sign_in` is what a rep signs in with. A product that
    `refuses_in_json` alone has not spoken where a refusal is none: it says nothing about tickets.
    """

    name: str
    check_address: str
    sign_in_again: str
    ask_for_right: str
    words: Callable[[bytes], str]
    delay: Callable[[httpx.Headers], float | None] = retry_after
    busy: Callable[[int, httpx.Headers], bool] = lambda _status, _headers: False
    conflicts: frozenset[int] = frozenset({409, 412})
    lacks_right: Callable[[str], bool] = lambda _: False
    moved: Callable[[str], str] = lambda _: ""
    elsewhere: Callable[[str], str] = lambda _: ""
    sign_in: str = "sign-in"
    refuses_in_json: bool = False

    @property
    def not_it(self) -> str:
        """Said of an answer that this product never gives."""
        return f"This address does not answer like {self.name}."


def error_of(vendor: Vendor, answer: httpx.Response, body: bytes) -> DeskError | None:
    """What an answer's status means, None when it is a good one."""
    status = answer.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS or vendor.busy(status, answer.headers):
        return RateLimitedError(
            f"{vendor.name} asks us to slow down.",
            "It goes on by itself.",
            retry_after_seconds=vendor.delay(answer.headers),
        )
    if status >= 500:
        return UnavailableError(f"{vendor.name} failed to answer (HTTP {status}).", TRY_LATER)
    if answer.is_redirect:
        return _elsewhere(vendor, answer.headers.get("location", ""))
    if status < 300:
        return None
    if vendor.refuses_in_json and status not in _ANYBODY_SAYS and not _is_json(answer):
        return BadDataError(vendor.not_it, vendor.check_address)
    return _refusal(vendor, status, _quote(vendor, answer, body))


def _elsewhere(vendor: Vendor, location: str) -> DeskError:
    into = vendor.moved(location)
    if into:
        return NotFoundError(f"It was merged into {into}.", f"Go on in {into}.")
    address = vendor.elsewhere(location)[:MAX_QUOTE_CHARS]
    return ElsewhereError(
        "The address leads somewhere else.", f"Use {address} instead." if address else vendor.check_address
    )


def _refusal(vendor: Vendor, status: int, said: str) -> DeskError:
    if status in vendor.conflicts:
        return ConflictError(f"The ticket has changed in {vendor.name}.", "Read it again.")
    if status == httpx.codes.UNAUTHORIZED and vendor.lacks_right(said):
        status = httpx.codes.FORBIDDEN
    match status:
        case 401:
            return AuthError(f"{vendor.name} does not accept the {vendor.sign_in}.", vendor.sign_in_again)
        case 402 | 403:
            said = said if not said or said.endswith((".", "!", "?")) else f"{said}."
            return PermissionDeniedError(
                f"{vendor.name} does not allow that. {said}".strip(), vendor.ask_for_right
            )
        case 404 | 410:
            return NotFoundError(f"It is not in {vendor.name}, or not any more.")
        case 413:
            return RefusedError(f"{vendor.name} refused: it is too large.", said)
        case _:
            return RefusedError(f"{vendor.name} refused: {said or f'HTTP {status}'}")


def transport_error(vendor: Vendor, error: httpx.HTTPError | TimeoutError) -> DeskError:
    """What a request means that got no answer, or did not even get as far as the server."""
    name = vendor.name
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return UnreachableError(f"{name} does not answer in time.", TRY_LATER)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return UnavailableError(f"{name} does not answer in time.", TRY_LATER)
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
    if isinstance(error, httpx.ProxyError):
        return UnreachableError("The proxy does not let us through.", "Check this computer's proxy settings.")
    if isinstance(error, httpx.ConnectError):
        return UnreachableError(f"{name} cannot be reached.", "Check the address and your connection to it.")
    return UnavailableError(f"The connection to {name} broke.", TRY_LATER)


def unreadable(vendor: Vendor, error: ValidationError | ValueError) -> BadDataError:
    """What a good answer means that we cannot read. Names the place in the answer, never its text."""
    where = ""
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        where = f" ({'.'.join(str(step) for step in first['loc'])}: {first['type']})"
    return BadDataError(f"{vendor.name} answered with something unreadable{where}.", vendor.check_address)


def http_date(value: str) -> datetime | None:
    """A date of HTTP, None when it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _quote(vendor: Vendor, answer: httpx.Response, body: bytes) -> str:
    """The product's own words; what stands in no JSON comes from something in between and is not quoted."""
    if not _is_json(answer):
        return ""
    try:
        return " ".join(vendor.words(body).split())[:MAX_QUOTE_CHARS]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""  # an error body of another form: its status alone speaks


def _is_json(answer: httpx.Response) -> bool:
    return "json" in answer.headers.get("content-type", "")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies behind it."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
