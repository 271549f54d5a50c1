"""Front over its Core API.

Sources: Front's own OpenAPI description of the Core API (1.0.0), and dev.frontapp.com: "Query object q", "Rate limits",
"Attachments", "Events". Not verified, as it could not be looked up: whether `updated_at` of a conversation moves with
comments and tags (the version takes in what else a conversation says), and how the archive option is written in a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.front.desk import Front
    from copilot.desks.kinds import SignIn


async def open_desk(sign_in: SignIn) -> Front:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.front.connecting import connect  # with the HTTP client

    return await connect(sign_in)
