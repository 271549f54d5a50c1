"""The connector for Chatwoot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.chatwoot.account import Account
from copilot.desks.chatwoot.articles import articles, can_read_portals
from copilot.desks.chatwoot.conversations import ConversationFeed, Threads
from copilot.desks.chatwoot.live import Live
from copilot.desks.chatwoot.markdown import safe_markdown
from copilot.desks.chatwoot.translate import SETTABLE
from copilot.desks.chatwoot.writing import Writing
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Rest, clocked
from copilot.desks.words import same_words
from copilot.domain import (
    Article,
    Capabilities,
    Channel,
    DeskId,
    Group,
    Message,
    Person,
    RemoteId,
    Reply,
    ReplyLimits,
    SignInCheck,
    Status,
    Thread,
)
from copilot.errors import NotFoundError, RefusedError

LIMITS = {
    Channel.EMAIL: ReplyLimits(characters=150_000),
    Channel.WHATSAPP: ReplyLimits(characters=4096),
    Channel.SMS: ReplyLimits(characters=320, markup=False),
    Channel.SOCIAL: ReplyLimits(characters=1000, markup=False),
}
"""What Chatwoot's own screen holds a rep to (MESSAGE_MAX_LENGTH), of social networks the shortest; a mail what its
database takes."""
CAPABILITIES = Capabilities(
    statuses=frozenset(SETTABLE),
    live=True,
    viewers=True,
    html=False,
    reply_limit=10_000,
    channels=LIMITS,
    reasons={
        "safe_update": "Chatwoot checks no version of a conversation; we compare it just before.",
        "idempotency": "Chatwoot knows no keys of messages; ours are recognised by author and words.",
        "merge": "Chatwoot merges contacts, not conversations.",
        "html": "Chatwoot takes Markdown and renders it for each channel itself.",
    },
)


class Chatwoot:
    """A Chatwoot account; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, sign_in: SignIn, rest: Rest, account: Account, live: Live) -> None:
        self._sign_in = sign_in
        self._rest = rest
        self._account = account
        self._live = live
        self._threads = Threads(rest, account)
        self._feed = ConversationFeed(rest, account)
        self._writing = Writing(rest, account, self._threads, CAPABILITIES)

    @property
    def id(self) -> DeskId:
        """This desk's id in the workspace."""
        return self._sign_in.desk_id

    @property
    def name(self) -> str:
        """What the rep calls it."""
        return self._sign_in.name

    @property
    def capabilities(self) -> Capabilities:
        """No safe update and no idempotency: see the reasons."""
        return CAPABILITIES

    async def check(self) -> SignInCheck:
        """Who the rep is, which inboxes there are, and what the token's user may not do."""
        me = await self.whoami()
        customs = await self._account.customs()
        accounts = (await self._account.profile()).accounts
        if accounts and customs.account not in {one.id for one in accounts}:
            names = ", ".join(f"{one.id} ({one.name})" for one in accounts)
            raise RefusedError("You do not belong to this account of Chatwoot.", f"Yours are {names}.")
        missing = []
        if not customs.inboxes:
            missing.append("You are in no inbox: ask an administrator to add you to one.")
        if not await can_read_portals(self._rest, self._account):
            missing.append(
                "The help centres cannot be read: that takes an administrator. Canned responses can."
            )
        return SignInCheck(me=me, queues=await self._account.inboxes(), missing=tuple(missing))

    async def whoami(self) -> Person:
        """The user behind the token."""
        return await self._account.me()

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Conversations that changed: first the open ones, then all, then what Chatwoot says changed."""
        async for page in clocked.changes(self._feed, since):
            yield page

    async def watch(self) -> AsyncIterator[None]:
        """An item whenever conversations may have changed."""
        async for news in self._live.watch():
            yield news

    async def viewers(self, ticket: RemoteId) -> tuple[Person, ...]:
        """Who types there now. Chatwoot does not tell who merely looks, and tells nothing while nobody watches."""
        return self._live.typing(ticket)

    async def thread(self, ticket: RemoteId) -> Thread:
        """A conversation with its messages."""
        return await self._threads.read(ticket)

    async def reply(
        self,
        ticket: RemoteId,
        reply: Reply,
        *,
        key: str,  # noqa: ARG002 - Chatwoot keeps no key
        version: str | None,
    ) -> Receipt:
        """A public message in the conversation's channel."""
        return await self._writing.reply(ticket, reply, version=version)

    async def note(
        self,
        ticket: RemoteId,
        text: str,
        *,
        key: str,  # noqa: ARG002 - Chatwoot keeps no key
        version: str | None,
    ) -> Receipt:
        """A private note."""
        return await self._writing.note(ticket, text, version=version)

    def is_ours(
        self,
        message: Message,
        text: str,
        *,
        key: str,  # noqa: ARG002 - Chatwoot keeps no key
        me: Person,
    ) -> bool:
        """By author and words: Chatwoot keeps no mark of ours."""
        if message.author.remote_id != me.remote_id:
            return False
        return message.text.strip() == safe_markdown(text).strip() or same_words(message, text)

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the conversation to an agent and/or a team, or to nobody."""
        return await self._writing.assign(ticket, person, group)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status. On hold is pending there: the bot of the inbox takes over again."""
        return await self._writing.set_status(ticket, status)

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the labels."""
        return await self._writing.set_tags(ticket, tags)

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom attributes."""
        return await self._writing.set_fields(ticket, fields)

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one file, found through its message, which has its address."""
        message, _, number = str(attachment).partition("-")
        if not (message.isdecimal() and number.isdecimal()):
            raise NotFoundError("This file is not in Chatwoot.")
        row = await self._threads.message(ticket, int(message))
        address = next((one.data_url for one in row.attachments if one.id == int(number)), None)
        if not address:
            raise NotFoundError("This file is no longer in Chatwoot.")
        return await self._rest.download(address)

    async def people(self) -> tuple[Person, ...]:
        """The agents of the account."""
        return await self._account.people()

    async def groups(self) -> tuple[Group, ...]:
        """The teams of the account."""
        return await self._account.teams()

    async def articles(self) -> tuple[Article, ...]:
        """Canned responses and help-centre articles."""
        customs = await self._account.customs()
        return await articles(self._rest, self._account, self.id, customs.base)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._rest.aclose()
