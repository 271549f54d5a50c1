"""Writes to tickets.

"Articles" of the API documentation: a reply is an article of the type of its channel (app/models/ticket/article has one
job for each: email, sms, whatsapp, telegram), a note one of type note with internal. `preferences` is stored as sent
(app/controllers/concerns/creates_ticket_articles.rb), and there we keep our mark; a mail's message id Zammad makes
itself. It asks for no version. A pending state needs a time at which Zammad reminds (`pending_time`).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from copilot.desks import words
from copilot.desks.base import Receipt
from copilot.desks.rest import Rest
from copilot.desks.zammad import translate
from copilot.desks.zammad.names import Directory
from copilot.desks.zammad.threads import Threads, last_of_customer, number_of
from copilot.desks.zammad.wire import ArticleRow, Made, Merged, TicketRow
from copilot.domain import Capabilities, Channel, Person, RemoteId, Reply, ReplyLimits, Status, Upload
from copilot.errors import DeskError, RefusedError, UnavailableError, UnreachableError, UnsupportedError

log = structlog.get_logger()
PENDING_FOR = timedelta(days=3)
"""When Zammad reminds of a ticket that we make wait for its customer."""
REPLY_TYPES = {Channel.SMS: "sms", Channel.WHATSAPP: "whatsapp message"}
CAPABILITIES = Capabilities(
    statuses=frozenset({Status.OPEN, Status.PENDING, Status.SOLVED}),
    merge=True,
    reply_limit=1_500_000,
    channels={
        Channel.SMS: ReplyLimits(characters=1600, markup=False, attachments=False),
        Channel.WHATSAPP: ReplyLimits(characters=4096, markup=False, attachments=True),
    },
    reasons={
        "safe_update": "Zammad does not say whether a ticket has changed before it takes a reply.",
        "idempotency": "Zammad knows no idempotency keys.",
        "live": "Zammad tells of changes only when asked.",
        "viewers": "Zammad tells who is looking at a ticket to its own pages only.",
    },
)
"""1,500,000 characters: app/models/ticket/article.rb. WhatsApp's 4,096 are Meta's, one file a message."""


class Writing:
    """Replies, notes and changes of attributes."""

    def __init__(self, rest: Rest, threads: Threads, directory: Directory) -> None:
        self._rest = rest
        self._threads = threads
        self._directory = directory

    # -- words -----------------------------------------------------------------------------------------------------

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public message in the ticket's channel. Its status follows; whoever reads again sees whether it took."""
        del version  # Zammad compares no version
        words.refuse_nothing(reply.text, reply.attachments)
        try:
            row, _, now = await self._threads.row(ticket)
            answered = last_of_customer(await self._threads.articles(ticket))
            to = await self._directory.user(row.customer_id or 0)
        except UnavailableError as error:  # nothing is written yet
            raise UnreachableError(error.message, error.advice) from error
        change = None if reply.status is None else await self._state(reply.status, now)
        article = await asyncio.to_thread(_article, row, reply, answered, to.email)
        article["preferences"] = {translate.MARK: words.hash_of(key)}
        made = await self._rest.send("POST", "ticket_articles", article, Made)
        if change is not None:
            await self._set_quietly(ticket, change)
        return await self._receipt(ticket, RemoteId(str(made.value.id)))

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """An internal note."""
        del version  # Zammad compares no version
        words.refuse_nothing(text)
        article = {
            "ticket_id": int(number_of(ticket)),
            "type": "note",
            "internal": True,
            "content_type": "text/html",
            "body": await asyncio.to_thread(words.to_html, text),
            "preferences": {translate.MARK: words.hash_of(key)},
        }
        made = await self._rest.send("POST", "ticket_articles", article, Made)
        return await self._receipt(ticket, RemoteId(str(made.value.id)))

    # -- attributes ------------------------------------------------------------------------------------------------

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """To an agent, into a group, or both; neither takes it from its owner."""
        change: dict[str, int] = {}
        if group is not None:
            change["group_id"] = await self._group(group)
        if person is not None or group is None:
            change["owner_id"] = _owner(person)
        row = (await self._rest.send("PUT", f"tickets/{number_of(ticket)}", change, TicketRow)).value
        if change.get("owner_id", row.owner_id) != row.owner_id:
            raise RefusedError("Zammad did not take this owner.", "They need access to the ticket's group.")
        return Receipt(message=None, version=row.updated_at.isoformat())

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the state to the one that means this status; one of several of the same meaning is left as it is."""
        _, _, now = await self._threads.row(ticket)
        return await self._change(ticket, await self._state(status, now))

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Add what is missing and remove the others ("Tags")."""
        _, whole, _ = await self._threads.row(ticket)
        for tag in dict.fromkeys(tags):
            if tag not in whole.tags:
                await self._rest.send("POST", "tags/add", _tag(ticket, tag), object)
        for tag in whole.tags:
            if tag not in tags:
                await self._rest.send("DELETE", "tags/remove", _tag(ticket, tag), object)
        return await self._receipt(ticket, None)

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set attributes that the team has added. Zammad passes over names it does not know, so we look first."""
        row, _, _ = await self._threads.row(ticket)
        known = {name for name in row.model_extra or {} if translate.is_custom(name)}
        missing = sorted(fields.keys() - known)
        if missing:
            raise RefusedError(
                f"Tickets have no field {', '.join(missing)}.", "Ask a Zammad administrator to add it."
            )
        return await self._change(ticket, fields)

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Make it part of another one, which Zammad wants named by its number (tickets#ticket_merge)."""
        target, _, _ = await self._threads.row(into)
        path = f"ticket_merge/{number_of(ticket)}/{target.number}"
        merged = (await self._rest.send("PUT", path, {}, Merged)).value
        if merged.result != "success":
            raise RefusedError(f"Zammad refused: {merged.message or 'it gave no reason'}")
        return await self._receipt(into, None)

    async def _state(self, status: Status, now: datetime) -> dict[str, object]:
        number = (await self._directory.names()).state_for(status)
        if number is None:
            raise UnsupportedError(
                f"Zammad has no state for {status.value}.", "It has open, pending and solved."
            )
        waits = {"pending_time": (now + PENDING_FOR).isoformat()} if status is Status.PENDING else {}
        return {"state_id": number, **waits}

    async def _change(self, ticket: RemoteId, change: Mapping[str, object]) -> Receipt:
        row = (await self._rest.send("PUT", f"tickets/{number_of(ticket)}", dict(change), TicketRow)).value
        return Receipt(message=None, version=row.updated_at.isoformat())

    async def _set_quietly(self, ticket: RemoteId, change: Mapping[str, object]) -> None:
        """The reply is out: nothing may fail any more, or it would be sent again."""
        try:
            await self._change(ticket, change)
        except DeskError as error:
            log.info("zammad.status_not_set", ticket=ticket, error=type(error).__name__)

    async def _receipt(self, ticket: RemoteId, message: RemoteId | None) -> Receipt:
        try:
            row, _, _ = await self._threads.row(ticket)
        except DeskError as error:
            log.info("zammad.not_read_back", ticket=ticket, error=type(error).__name__)
            return Receipt(message=message, version="")
        return Receipt(message=message, version=row.updated_at.isoformat())

    async def _group(self, wanted: str) -> int:
        groups = (await self._directory.names()).groups
        found = [n for n, name in groups.items() if wanted.casefold() in {name.casefold(), str(n)}]
        if not found:
            raise RefusedError(f"There is no group {wanted} in Zammad.", "Choose another one.")
        return found[0]


def _article(row: TicketRow, reply: Reply, answered: ArticleRow | None, email: str) -> dict[str, object]:
    """A reply as an article of the ticket's channel. Takes a while for long texts and large files."""
    channel = translate.channel_of(row)
    limits = words.limits_of(CAPABILITIES, channel)
    body = words.to_html(reply.text) if limits.markup else words.to_plain(reply.text)
    words.refuse_too_much(body, reply.attachments, limits, channel)
    return {
        "ticket_id": row.id,
        "body": body,
        "content_type": "text/html" if limits.markup else "text/plain",
        "internal": False,
        "attachments": [_file(upload) for upload in reply.attachments],
        **_addressed(row, channel, answered, email),
    }


def _addressed(
    row: TicketRow, channel: Channel, answered: ArticleRow | None, email: str
) -> dict[str, object]:
    """Type and receiver. A mail answers the customer's last one; who has no address reads it in the portal."""
    reply_to = {"in_reply_to": answered.message_id} if answered is not None and answered.message_id else {}
    if channel in REPLY_TYPES:
        to = answered.from_ if answered is not None else ""
        return {"type": REPLY_TYPES[channel], "to": to, **reply_to}
    if "telegram" in row.preferences:
        return {"type": "telegram personal-message", "content_type": "text/plain", **reply_to}
    if channel is Channel.SOCIAL:
        raise UnsupportedError("Sidedesk cannot answer this channel of Zammad.", "Answer in Zammad itself.")
    if not email:
        return {"type": "note"}
    return {"type": "email", "to": email, "subject": row.title, **reply_to}


def _file(upload: Upload) -> dict[str, str]:
    content = base64.b64encode(upload.content).decode("ascii")
    return {"filename": upload.name, "data": content, "mime-type": upload.media_type}


def _owner(person: Person | None) -> int:
    if person is None:
        return translate.NOBODY
    if not person.remote_id.isdecimal():
        raise RefusedError(f"{person.name} is no agent of this Zammad.", "Choose somebody else.")
    return int(person.remote_id)


def _tag(ticket: RemoteId, tag: str) -> dict[str, object]:
    return {"object": "Ticket", "o_id": int(number_of(ticket)), "item": tag}
