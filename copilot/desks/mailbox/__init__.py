"""A mailbox that a team shares, over IMAP and SMTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.desks.kinds import SignIn
    from copilot.desks.mailbox.desk import Mailbox


async def open_desk(sign_in: SignIn) -> Mailbox:
    """A desk from what was filled in. Raises `AuthError` or `BadDataError` for what cannot be a mailbox."""
    from copilot.desks.mailbox.connecting import connect  # with the IMAP client

    return await connect(sign_in)
