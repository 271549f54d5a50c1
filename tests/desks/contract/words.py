"""Who acts in the tests, what they say, and how to find it again."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from copilot.desks.base import ChangePage, Cursor, Desk
from copilot.domain import Message, RemoteId, Thread, TicketSnapshot, Upload

PICTURE = Upload(name="Bildschirm 1.png", media_type="image/png", content=bytes(range(256)) * 8)
LOG = Upload(name="log.txt", media_type="text/plain", content="Zeile 1\nZeile 2 – ü\n".encode())

UNICODE = "Grüße aus Ōsaka — 日本語, עברית, العربية, हिन्दी and a 👩‍🔧"
LIKE_HTML = "Write <b>not bold</b> & <script>alert(1)</script>, then 1 < 2 > 0 &amp; <user@example.org>."
MARKDOWN = """Some **bold** and _leaning_ words, a [page](https://example.org/a?b=1&c=2) and `code <tag>`:

- one
- two

> quoted

    indented = 1

The end."""
TEXTS = {
    UNICODE: UNICODE,
    LIKE_HTML: "Write b not bold b script alert 1 script then 1 2 0 amp user example org",
    MARKDOWN: "Some bold and leaning words a page and code tag one two quoted indented 1 The end",
}
"""Replies in Markdown, and what a reader must be able to see of them, in this order."""


class MakeTicket(Protocol):
    """A requester asks something new."""

    async def __call__(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId: ...


class Write(Protocol):
    """Somebody else writes a public message on a ticket."""

    async def __call__(self, ticket: RemoteId, text: str) -> object: ...


Received = Callable[[RemoteId], Awaitable[Sequence[str]]]
"""The texts that reached the requester of a ticket, oldest first."""


async def pages_since(desk: Desk, since: Cursor | None) -> list[ChangePage]:
    """All pages of changes after `since`."""
    return [page async for page in desk.changes(since)]


def tickets_in(pages: Sequence[ChangePage]) -> dict[RemoteId, TicketSnapshot]:
    """The newest snapshot of each ticket in some pages."""
    return {ticket.remote_id: ticket for page in pages for ticket in page.tickets}


def words_of(message: Message) -> list[str]:
    """The words a reader of the message sees, whichever of text and HTML the desk gives back."""
    seen = message.text or html.unescape(re.sub(r"<[^>]*>", " ", message.html))
    return words_in(seen)


def words_in(text: str) -> list[str]:
    """The words of a text, without mark-up, punctuation and white space."""
    return re.findall(r"[^\W_]+", text)


def said(thread: Thread, text: str) -> list[Message]:
    """The messages of a thread with exactly these words."""
    return [message for message in thread.messages if words_of(message) == words_in(text)]
