"""FreeScout with its API & Webhooks module, as published on api-docs.freescout.net."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.freescout.desk import FreeScout
    from copilot.desks.kinds import SignIn


async def open_desk(sign_in: SignIn) -> FreeScout:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.freescout.connecting import connect  # with the HTTP client

    return await connect(sign_in)
