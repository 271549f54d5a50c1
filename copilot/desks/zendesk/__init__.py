"""Zendesk Support over its Ticketing API, as developer.zendesk.com describes it; each module names its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.kinds import SignIn
    from copilot.desks.zendesk.desk import Zendesk


async def open_desk(sign_in: SignIn) -> Zendesk:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.zendesk.connecting import connect  # with the HTTP client

    return await connect(sign_in)
