"""Zammad 5.2 and newer over its REST API, as in zammad-documentation (api/) and its sources (app/controllers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.kinds import SignIn
    from copilot.desks.zammad.desk import Zammad


async def open_desk(sign_in: SignIn) -> Zammad:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.zammad.connecting import connect  # with the HTTP client

    return await connect(sign_in)
