"""The connector for a mailbox: the protocol of desks over an `Office` on its own thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.mailbox.account import Account, Limits
from copilot.desks.mailbox.changes import Changes
from copilot.desks.mailbox.journal import parts_of
from copilot.desks.mailbox.line import Line
from copilot.desks.mailbox.office import Office
from copilot.desks.mailbox.submission import Submission
from copilot.desks.mailbox.watching import watch
from copilot.desks.words import hash_of, refuse_nothing
from copilot.domain import (
    Article,
    Capabilities,
    DeskId,
    Group,
    Message,
    Person,
    RemoteId,
    Reply,
    SignInCheck,
    Status,
    Thread,
)
from copilot.errors import RefusedError, UnsupportedError

T = TypeVar("T")
NO_FIELDS = "A mailbox has no custom fields."


class Mailbox:
    """A shared mailbox; see `copilot.desks.base.Desk`. Made by `connect`."""

    def __init__(
        self, account: Account, lines: Callable[[], Line], submission: Submission, limits: Limits
    ) -> None:
        """A desk over ways to its servers; nothing is asked of them yet. `lines` makes an IMAP connection."""
        self._account = account
        self._lines = lines
        self._limits = limits
        self._line = lines()
        self._submission = submission
        self._office = Office(account, self._line, submission, limits)
        self._changes = Changes(self._office, f"{id(self):x}", limits.page)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mailbox")
        self._introduced = False

    @property
    def id(self) -> DeskId:
        """This desk's id in the workspace."""
        return self._account.id

    @property
    def name(self) -> str:
        """What the rep calls it."""
        return self._account.name

    @property
    def capabilities(self) -> Capabilities:
        """No safe update and no idempotency: SMTP knows neither."""
        return Capabilities(
            fields=False,
            live=True,
            merge=True,
            reasons={
                "fields": NO_FIELDS,
                "viewers": "A mail server does not tell who has a mail open.",
            },
        )

    async def check(self) -> SignInCheck:
        """Try both servers. Raises the `DeskError` that says in words what is wrong."""
        names, idle = await self._run(self._office.folders)
        await self._run(self._submission.check)
        missing = (
            [] if idle else ["The server does not tell of new mail at once; it is asked every few seconds."]
        )
        unknown = [name for name in self._account.folders if name not in names and name != "INBOX"]
        missing += [f"There is no folder {name}." for name in unknown]
        queues = tuple(Group(remote_id=RemoteId(name), name=name) for name in names)
        return SignInCheck(me=self._account.rep, queues=queues, missing=tuple(missing))

    async def whoami(self) -> Person:
        """The rep, when the server takes the sign-in."""
        await self._run(self._office.sign_in)
        return self._account.rep

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed tickets: newest first at the beginning, then what changed."""
        pages = await self._run(lambda: self._changes.since(since))
        if not self._introduced:
            await self._run(self._office.introduce)
            self._introduced = True
        for page in pages:
            yield page

    async def thread(self, ticket: RemoteId) -> Thread:
        """A ticket with its messages."""
        return await self._run(lambda: self._office.thread(ticket))

    async def threads(self, tickets: Sequence[RemoteId]) -> tuple[Thread, ...]:
        """Many tickets with their messages, in a few commands."""
        return await self._run(lambda: self._office.threads(tickets))

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """Answer by mail, in HTML and plain text."""
        refuse_nothing(reply.text, reply.attachments)
        return await self._run(lambda: self._office.reply(ticket, reply, key, version))

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """Put a note into the journal."""
        refuse_nothing(text)
        return await self._run(lambda: self._office.note(ticket, text, key, version))

    def is_ours(self, message: Message, text: str, *, key: str, me: Person) -> bool:  # noqa: ARG002 - the key tells
        """By the message id, which is made from the key."""
        parts = parts_of(str(message.remote_id))
        return parts is not None and parts[1] == hash_of(key) and message.author.remote_id == me.remote_id

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the ticket to a rep or to nobody."""
        if group is not None:
            raise RefusedError("A mailbox has no groups.", "Give the ticket to a person.")
        return await self._run(lambda: self._office.assign(ticket, person))

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status."""
        return await self._run(lambda: self._office.set_status(ticket, status))

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""
        return await self._run(lambda: self._office.set_tags(ticket, tags))

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:  # noqa: ARG002 - refused
        """Not possible."""
        raise UnsupportedError(NO_FIELDS)

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Make one ticket of two; both threads stay as they are for everybody else."""
        return await self._run(lambda: self._office.merge(ticket, into))

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment."""
        return await self._run(lambda: self._office.attachment(ticket, str(attachment)))

    async def people(self) -> tuple[Person, ...]:
        """Reps who work in this mailbox with Sidedesk."""
        return await self._run(self._office.people)

    async def groups(self) -> tuple[Group, ...]:
        """None: a mailbox has no groups."""
        return ()

    async def articles(self) -> tuple[Article, ...]:
        """None: a mailbox has no help centre."""
        return ()

    async def watch(self) -> AsyncIterator[None]:
        """One item whenever mail comes or goes."""
        async for item in watch(self._lines(), self._account.folders[0], self._limits.idle_seconds):
            yield item

    async def aclose(self) -> None:
        """Close the connection, once what is under way is done."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._thread.shutdown)
        self._line.close()

    async def _run(self, work: Callable[[], T]) -> T:
        """On the mailbox's own thread. Work that has begun is ended there, also when nobody waits for it any more."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
