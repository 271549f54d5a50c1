"""Freshdesk over its API v2 (developers.freshdesk.com/api, as published in 2025)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.freshdesk.desk import Freshdesk
    from copilot.desks.kinds import SignIn


async def open_desk(sign_in: SignIn) -> Freshdesk:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.freshdesk.connecting import connect  # with the HTTP client

    return await connect(sign_in)
