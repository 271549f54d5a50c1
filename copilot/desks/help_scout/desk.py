"""The connector for Help Scout."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.help_scout.articles import docs, saved_replies
from copilot.desks.help_scout.conversations import ConversationFeed, Threads, number_of
from copilot.desks.help_scout.signed import Signed
from copilot.desks.help_scout.team import Team
from copilot.desks.help_scout.translate import SETTABLE
from copilot.desks.help_scout.wire import DocsCollections, FileData
from copilot.desks.help_scout.writing import Writing
from copilot.desks.hosted import Hosted
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Rest, clocked
from copilot.domain import (
    Article,
    Capabilities,
    Channel,
    Group,
    Person,
    RemoteId,
    ReplyLimits,
    SignInCheck,
)
from copilot.errors import AuthError, BadDataError, PermissionDeniedError

LONG_BASE64 = 200_000
CAPABILITIES = Capabilities(
    statuses=frozenset(SETTABLE),
    channels={
        Channel.SMS: ReplyLimits(characters=1600, markup=False),
        Channel.CHAT: ReplyLimits(markup=False),
    },
    reasons={
        "safe_update": "Help Scout checks no version of a conversation; we compare it just before.",
        "idempotency": "Help Scout knows no keys of messages; ours are recognised by author and words.",
        "live": "Help Scout tells of news only to web servers; it is asked instead.",
        "merge": "Help Scout's interface cannot merge conversations; its own page can.",
        "viewers": "Help Scout shows who is looking on its own page only.",
    },
)


class HelpScout(Hosted[Writing]):
    """A Help Scout account; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, sign_in: SignIn, api: Signed, team: Team, docs_api: Rest | None) -> None:
        self._sign_in = sign_in
        self._api = api
        self._team = team
        self._docs = docs_api
        self._threads = Threads(api, team)
        self._feed = ConversationFeed(api, team)
        writing = Writing(api, team, self._threads)
        super().__init__(sign_in.desk_id, sign_in.name, api, self._threads.read, writing)

    @property
    def capabilities(self) -> Capabilities:
        """See the reasons for what is missing."""
        return CAPABILITIES

    async def check(self) -> SignInCheck:
        """Who the rep is, which inboxes there are, and whether articles can be read."""
        me = await self.whoami()
        inboxes = await self._team.inboxes()
        missing = [] if inboxes else ["You see no inbox: ask an administrator to give you one."]
        if self._docs is None:
            missing.append("Without a Docs API key no articles are read; saved replies are.")
        else:
            try:
                await self._docs.get("collections", DocsCollections, {"page": 1})
            except (AuthError, PermissionDeniedError):
                missing.append(
                    "The Docs API key is not accepted: copy it again from Your profile, Authentication."
                )
        queues = tuple(Group(remote_id=RemoteId(_bare(one)), name=one.name) for one in inboxes)
        return SignInCheck(me=me, queues=queues, missing=tuple(missing))

    async def whoami(self) -> Person:
        """The user who made the app."""
        return await self._team.me()

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Conversations that changed: first the active ones, then all, then what was modified."""
        async for page in clocked.changes(self._feed, since):
            yield page

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment, which come in base64."""
        path = f"conversations/{number_of(ticket)}/attachments/{number_of(attachment)}/data"
        content = (await self._api.get(path, FileData)).value.data
        if len(content) > LONG_BASE64:
            return await asyncio.to_thread(_decode, content)
        return _decode(content)

    async def people(self) -> tuple[Person, ...]:
        """The users of the account."""
        return await self._team.people()

    async def groups(self) -> tuple[Group, ...]:
        """The inboxes, and the teams."""
        return (*await self._team.inboxes(), *await self._team.teams())

    async def articles(self) -> tuple[Article, ...]:
        """Saved replies, and Docs with a key for it."""
        customs = await self._team.customs()
        found = await saved_replies(self._api, customs.mailboxes, self.id)
        return (*found, *(await docs(self._docs, self.id) if self._docs is not None else ()))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()
        if self._docs is not None:
            await self._docs.aclose()


def _bare(group: Group) -> str:
    return str(group.remote_id).partition(":")[2]


def _decode(content: str) -> bytes:
    try:
        return base64.b64decode(content)
    except binascii.Error as error:
        raise BadDataError("Help Scout sent a file that cannot be read.", "Open it in Help Scout.") from error
