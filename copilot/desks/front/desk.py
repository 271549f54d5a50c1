"""The connector for Front."""

from __future__ import annotations

from collections.abc import AsyncIterator

from copilot.desks import words
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.front.articles import Articles
from copilot.desks.front.company import Company
from copilot.desks.front.conversations import ConversationFeed, Inboxes, Threads, id_of
from copilot.desks.front.translate import SETTABLE
from copilot.desks.front.writing import Writing
from copilot.desks.hosted import Hosted
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Rest, clocked
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
from copilot.errors import PermissionDeniedError

LIMITS = {
    Channel.SMS: ReplyLimits(characters=1600, markup=False),
    Channel.WHATSAPP: ReplyLimits(characters=4096, markup=False),
    Channel.SOCIAL: ReplyLimits(characters=2000, markup=False),
    Channel.CHAT: ReplyLimits(markup=False),
}
CAPABILITIES = Capabilities(
    statuses=frozenset(SETTABLE),
    channels=LIMITS,
    reasons={
        "statuses": "Front has open and archived conversations; snoozing takes a date and is done in Front.",
        "safe_update": "Front checks no version of a conversation; we compare it just before.",
        "idempotency": "Front knows no keys of messages; ours are recognised by author and words.",
        "live": "Front tells of news only to web servers; it is asked instead.",
        "merge": "Front's interface cannot merge conversations; its own window can.",
        "viewers": "Front shows who is looking in its own window only.",
    },
)
SCOPES = {
    "events?limit=1": "Without the scope for events no changes are seen after the first reading.",
    "tags?limit=1": "Without the scope for tags they cannot be set.",
    "message_templates": "Without the scope for message templates they are not read.",
    "knowledge_bases": "Without the scope for knowledge bases their articles are not read.",
    "channels": "Without the scope for channels the channel of a conversation is known only once it was read.",
}


class Front(Hosted[Writing]):
    """A company in Front; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, sign_in: SignIn, rest: Rest, company: Company) -> None:
        self._sign_in = sign_in
        self._rest = rest
        self._company = company
        inboxes = Inboxes(rest)
        self._threads = Threads(rest, company, inboxes)
        self._feed = ConversationFeed(rest, company, inboxes)
        self._articles = Articles(rest, company, sign_in.desk_id)
        writing = Writing(rest, company, inboxes, self._threads, CAPABILITIES)
        super().__init__(sign_in.desk_id, sign_in.name, rest, self._threads.read, writing)

    @property
    def capabilities(self) -> Capabilities:
        """See the reasons for what is missing."""
        return CAPABILITIES

    async def check(self) -> SignInCheck:
        """Who the rep is, which inboxes the token shows, and the scopes it lacks."""
        me = await self.whoami()
        inboxes = await self._company.inboxes()
        missing = [] if inboxes else ["The token shows no inbox: it needs access to shared resources."]
        for path, words_for in SCOPES.items():
            bare, _, query = path.partition("?")
            try:
                await self._rest.get(bare, object, dict([query.split("=")]) if query else None)
            except PermissionDeniedError:
                missing.append(words_for)
        return SignInCheck(me=me, queues=inboxes, missing=tuple(missing))

    async def whoami(self) -> Person:
        """The teammate with the address filled in."""
        return await self._company.me()

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Conversations that changed: first what each inbox holds, then what the events tell."""
        async for page in clocked.changes(self._feed, since):
            yield page

    def is_ours(self, message: Message, text: str, *, key: str, me: Person) -> bool:
        """By author and words; a comment comes back as the Markdown it was."""
        ours = message.author.remote_id == me.remote_id
        if ours and not message.html and message.text.strip() == text.strip():
            return True
        return words.is_ours(message, text, key=key, me=me)

    async def attachment(
        self,
        ticket: RemoteId,  # noqa: ARG002 - Front's files have ids of their own
        attachment: RemoteId,
    ) -> bytes:
        """The bytes of one attachment ("Download attachment")."""
        return await self._rest.download(f"download/{id_of(attachment)}")

    async def people(self) -> tuple[Person, ...]:
        """The teammates."""
        return await self._company.people()

    async def groups(self) -> tuple[Group, ...]:
        """The inboxes."""
        return await self._company.inboxes()

    async def articles(self) -> tuple[Article, ...]:
        """Message templates and knowledge bases."""
        return await self._articles.all()
