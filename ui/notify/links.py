"""Links to tickets: `sidedesk://ticket/DESK/REMOTE-ID`, the ticket's global name, or `sidedesk://ticket/NUMBER`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from copilot.domain import DeskId, RemoteId, TicketId

SCHEME = "sidedesk"
MOST_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class TicketLink:
    """A ticket by its global name; or by its number in this workspace alone."""

    desk: DeskId
    remote_id: RemoteId
    ticket: TicketId | None = None


def link_to(desk: DeskId, ticket: RemoteId) -> str:
    """The address of a ticket."""
    return f"{SCHEME}://ticket/{quote(desk, safe='')}/{quote(ticket, safe='')}"


def parse_link(text: str) -> TicketLink | None:
    """What an address names; None for anything that is not one of ours. It comes from outside: nothing is assumed."""
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        parts = urlsplit(text.strip())
        path = [unquote(part, errors="strict") for part in parts.path.split("/") if part]
    except ValueError:
        return None
    if parts.scheme != SCHEME or parts.netloc != "ticket":
        return None
    if len(path) == 2:
        return TicketLink(DeskId(path[0]), RemoteId(path[1]))
    if len(path) == 1 and path[0].isascii() and path[0].isdigit() and len(path[0]) < 16:
        return TicketLink(DeskId(""), RemoteId(""), TicketId(int(path[0])))
    return None
