"""Help Scout over its Mailbox API 2.0 and its Docs API.

Sources: developer.helpscout.com, "Mailbox API 2.0" (Authentication, Rate Limiting, List Conversations, Get
Conversation, Create Reply Thread, and its Changelog) and "Docs API" (Overview); for the shapes of requests and answers
Help Scout's own client, helpscout-api-php (ConversationFilters, ConversationsEndpoint, ThreadPayloads …). Not verified,
as neither could be looked up: the shapes of saved replies, of a thread's rating and of Docs lists; whether several
inboxes can be listed at once (they are not); how long threads embedded in a conversation may get (see `Threads.read`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.help_scout.desk import HelpScout
    from copilot.desks.kinds import SignIn


async def open_desk(sign_in: SignIn) -> HelpScout:
    """A desk from what was filled in. Raises as `connecting.connect` does."""
    from copilot.desks.help_scout.connecting import connect  # with the HTTP client

    return await connect(sign_in)
