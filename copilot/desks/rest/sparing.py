"""Leaving some of a rate limit to others: a team's limit is shared by everything that asks its desk."""

from __future__ import annotations

import httpx

from copilot.desks.rest.failures import Vendor
from copilot.errors import RateLimitedError

KEPT_FOR_OTHERS = 0.25


def leave_some(vendor: Vendor, headers: httpx.Headers, *, limit: str, remaining: str) -> None:
    """See that a first reading stops before it has used up the limit; for long readings, not for what a rep waits for.

    `limit` and `remaining` are the names of the headers that tell them. Raises `RateLimitedError` with the vendor's own
    delay when less than a quarter is left, and nothing where the headers do not tell.
    """
    whole, left = headers.get(limit, ""), headers.get(remaining, "")
    if not whole.isdecimal() or not left.isdecimal():
        return
    if int(left) < int(whole) * KEPT_FOR_OTHERS:
        raise RateLimitedError(
            f"{vendor.name}'s rate limit is nearly used up; the rest is left to others.",
            "It goes on by itself.",
            retry_after_seconds=vendor.delay(headers),
        )
