"""Chatwoot, hosted or a team's own, over its application API and its ActionCable stream.

Sources: the application API's description (swagger of 1.1.0), and for what it leaves out Chatwoot's own code:
conversation_finder.rb (`updated_within`, `sort_by`), message_finder.rb (paging), message_window_service.rb (when a
channel stops taking replies), room_channel.rb and action_cable_listener.rb (the stream).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.chatwoot.desk import Chatwoot
    from copilot.desks.kinds import SignIn


async def open_desk(sign_in: SignIn) -> Chatwoot:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.chatwoot.connecting import connect  # with the HTTP client

    return await connect(sign_in)
