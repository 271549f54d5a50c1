"""Writes to tickets: every one is an Update Ticket.

API reference: Tickets, Update Ticket; Ticket Comments; Ticket Attachments, Upload Files. Creating and updating tickets:
`safe_update` with `updated_stamp` is refused with 409 when the ticket has changed (the stamp counts whole seconds), and
`metadata` is kept beside the comment, which is where our mark goes. Idempotency keys are for creating tickets only (API
introduction, Idempotency), so there are none here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from copilot.desks import words
from copilot.desks.base import Receipt
from copilot.desks.rest import Rest
from copilot.desks.zendesk.team import Team
from copilot.desks.zendesk.threads import Threads, number_of
from copilot.desks.zendesk.translate import MARK, channel_of, version_of
from copilot.desks.zendesk.wire import Ticket, Updated, UploadAnswer
from copilot.domain import Channel, Person, RemoteId, Reply, Status, Upload
from copilot.errors import RefusedError, UnavailableError, UnreachableError, UnsupportedError

SETTABLE = {
    Status.OPEN: "open",
    Status.PENDING: "pending",
    Status.HOLD: "hold",
    Status.SOLVED: "solved",
}
"""What a rep may set: a ticket is new only until somebody acts, and Zendesk closes solved ones by itself."""
MAX_COMMENT_CHARS = 65_535
"""What a comment may hold (Channel framework, Channelback: message)."""
REPLY_CHANNELS = frozenset({Channel.EMAIL, Channel.WEB, Channel.PHONE, Channel.FORUM, Channel.OTHER})
"""Where a public comment reaches the requester, by mail. Conversations of Zendesk's messaging take messages through
another interface with keys of its own (Sunshine Conversations, Post Message), and whether a comment made over the API
leaves by SMS or social networks is not verified."""


class Writing:
    """Replies, notes and changes of fields."""

    def __init__(self, rest: Rest, threads: Threads, team: Team) -> None:
        self._rest = rest
        self._threads = threads
        self._team = team

    # -- words -----------------------------------------------------------------------------------------------------

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public comment, in one update with its status and files."""
        words.refuse_nothing(reply.text, reply.attachments)
        change: dict[str, object] = {}
        if reply.status is not None:
            change["status"] = self._settable(reply.status)
        text = words.text_or_names(reply.text, reply.attachments)
        comment = await _comment(text, key, public=True)
        try:
            now = (await self._threads.show(ticket)).ticket
            _see_channel(now)
            change |= await self._owner_if_solved(now, reply.status)
            uploads = [await self._upload(file) for file in reply.attachments]
        except UnavailableError as error:  # nothing has been written yet
            raise UnreachableError(error.message, error.advice) from error
        comment |= {"uploads": uploads} if uploads else {}
        return await self._update(ticket, {**change, "comment": comment, **_marked(key)}, version)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """A comment that stays with the team."""
        words.refuse_nothing(text)
        comment = await _comment(text, key, public=False)
        return await self._update(ticket, {"comment": comment, **_marked(key)}, version)

    async def _upload(self, file: Upload) -> str:
        answer = await self._rest.send_bytes(
            "/api/v2/uploads", file, UploadAnswer, {"filename": file.name or "file"}
        )
        return answer.value.upload.token

    # -- fields ----------------------------------------------------------------------------------------------------

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the ticket to an agent and/or a group; neither takes it from its agent."""
        change: dict[str, object] = {}
        if group is not None:
            change["group_id"] = await self._team.group_number(group)
        if person is not None:
            if not person.remote_id.isdecimal():
                raise RefusedError(f"{person.name} is no agent of this Zendesk.", "Choose somebody else.")
            change["assignee_id"] = int(person.remote_id)
        elif group is None:
            change["assignee_id"] = None
        return await self._update(ticket, change)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status; having it already is success."""
        change: dict[str, object] = {"status": self._settable(status)}
        now = (await self._threads.show(ticket)).ticket
        if now.status == change["status"]:
            return Receipt(message=None, version=version_of(now))
        return await self._update(ticket, change | await self._owner_if_solved(now, status))

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags. One with a space in it would become two (Tags), so it is refused."""
        spaced = [tag for tag in tags if any(letter.isspace() for letter in tag)]
        if spaced:
            raise RefusedError(
                f"A tag of Zendesk has no spaces: {spaced[0]}.", f"Write {'_'.join(spaced[0].split())}."
            )
        return await self._update(ticket, {"tags": list(dict.fromkeys(tags))})

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields by name."""
        known = await self._team.fields()
        return await self._update(ticket, {"custom_fields": known.written(fields)})

    async def _owner_if_solved(self, now: Ticket, status: Status | None) -> dict[str, object]:
        """Zendesk solves no ticket that belongs to nobody: who solves it takes it."""
        if status is not Status.SOLVED or now.assignee_id is not None:
            return {}
        return {"assignee_id": int((await self._team.me()).remote_id)}

    async def _update(
        self, ticket: RemoteId, change: Mapping[str, object], version: str | None = None
    ) -> Receipt:
        safe = {"safe_update": True, "updated_stamp": version} if version is not None else {}
        path = f"/api/v2/tickets/{number_of(ticket)}"
        done = (await self._rest.send("PUT", path, {"ticket": {**change, **safe}}, Updated)).value
        events = done.audit.events if done.audit is not None else []
        comment = next((event.id for event in events if event.type == "Comment"), None)
        message = RemoteId(comment) if comment is not None and "comment" in change else None
        return Receipt(message=message, version=version_of(done.ticket))

    def _settable(self, status: Status) -> str:
        if status not in SETTABLE or (status is Status.HOLD and not self._team.offers_hold):
            raise UnsupportedError(
                f"Tickets of this Zendesk cannot be made {status.value}.", "Choose another status."
            )
        return SETTABLE[status]


async def _comment(text: str, key: str, *, public: bool) -> dict[str, object]:
    html = await asyncio.to_thread(words.marked_html, text, key)
    if len(html) > MAX_COMMENT_CHARS:
        raise RefusedError(
            f"The text is too long: Zendesk takes {MAX_COMMENT_CHARS} characters with markup.",
            "Send it in two parts, or attach it as a file.",
        )
    return {"html_body": html, "public": public}


def _marked(key: str) -> dict[str, object]:
    return {"metadata": {MARK: words.hash_of(key)}}


def takes_replies(ticket: Ticket) -> bool:
    """Whether a public comment on a ticket reaches its requester."""
    if ticket.from_messaging_channel or (
        ticket.via.channel == "any_channel" and not ticket.allow_channelback
    ):
        return False
    return channel_of(ticket) in REPLY_CHANNELS or ticket.via.channel == "chat"


def _see_channel(now: Ticket) -> None:
    if not takes_replies(now):
        raise UnsupportedError(
            f"Replies over {channel_of(now).value} do not leave through Zendesk's ticket interface.",
            "Answer this one in Zendesk itself; notes can be written here.",
        )
