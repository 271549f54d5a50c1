"""Request Tracker 5 over its REST 2.0 interface, as measured on 5.0.3 and read in its sources (RT::REST2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.kinds import SignIn
    from copilot.desks.request_tracker.desk import RequestTracker


async def open_desk(sign_in: SignIn) -> RequestTracker:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.request_tracker.connecting import Options, connect  # with the HTTP client

    return await connect(
        sign_in.values["url"],
        sign_in.values["token"],
        sign_in.queues,
        desk_id=sign_in.desk_id,
        name=sign_in.name,
        options=Options(ai_agents=sign_in.ai_agents),
    )
