"""The connector for Chatwoot."""

from __future__ import annotations

from collections.abc import AsyncIterator

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.chatwoot.account import Account
from copilot.desks.chatwoot.articles import articles, can_read_portals
from copilot.desks.chatwoot.conversations import ConversationFeed, Threads
from copilot.desks.chatwoot.live import Live
from copilot.desks.chatwoot.markdown import safe_markdown
from copilot.desks.chatwoot.translate import SETTABLE
from copilot.desks.chatwoot.writing import Writing
from copilot.desks.hosted import Hosted
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Rest, clocked
from copilot.desks.words import same_words
from copilot.domain import (
    Article,
    Capabilities,
    Channel,
    Group,
    Message,
    Person,
    RemoteId,
    ReplyLimits,
    SignInCheck,
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


class Chatwoot(Hosted[Writing]):
    """A Chatwoot account; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, sign_in: SignIn, rest: Rest, account: Account, live: Live) -> None:
        self._sign_in = sign_in
        self._rest = rest
        self._account = account
        self._live = live
        self._threads = Threads(rest, account)
        self._feed = ConversationFeed(rest, account)
        writing = Writing(rest, account, self._threads, CAPABILITIES)
        super().__init__(sign_in.desk_id, sign_in.name, rest, self._threads.read, writing)

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
