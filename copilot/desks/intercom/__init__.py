"""Intercom over its REST API 2.15, as developers.intercom.com and its own OpenAPI description have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.intercom.desk import Intercom
    from copilot.desks.kinds import SignIn


async def open_desk(sign_in: SignIn) -> Intercom:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.intercom.connecting import connect  # with the HTTP client

    return await connect(sign_in)
