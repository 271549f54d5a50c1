"""Mails as they come in."""

from __future__ import annotations

from email.message import EmailMessage

from copilot.desks.base import ChangePage, Cursor, Desk
from copilot.desks.mailbox.journal import ticket_of
from copilot.domain import RemoteId, TicketSnapshot


def a_mail(
    id_: str, text: str = "It blinks.", *, sender: str = "Casey <casey@client.test>", **heads: str
) -> EmailMessage:
    """`heads` are further ones, with _ for -."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "support@shop.test"
    mail["Subject"] = heads.pop("Subject", "The lamp blinks")
    mail["Message-ID"] = f"<{id_}>"
    for name, value in heads.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def ticket(root: str) -> RemoteId:
    return RemoteId(ticket_of(root))


async def pages(desk: Desk, since: Cursor | None = None) -> list[ChangePage]:
    return [page async for page in desk.changes(since)]


async def tickets(desk: Desk) -> dict[RemoteId, TicketSnapshot]:
    return {found.remote_id: found for page in await pages(desk) for found in page.tickets}
