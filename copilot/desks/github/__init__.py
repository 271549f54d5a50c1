"""GitHub issues over its REST API (version 2022-11-28), discussions over GraphQL, as on docs.github.com."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.github.desk import GitHub
    from copilot.desks.kinds import SignIn


async def open_desk(sign_in: SignIn) -> GitHub:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.github.connecting import connect  # with the HTTP client

    return await connect(sign_in)
