"""What the editor offers over the invented tickets: the real filling and preview, without a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from copilot.domain import (
    Article,
    ArticleId,
    Conversation,
    DeskInfo,
    ReplyLimits,
    SavedReply,
    SourceKind,
    TicketId,
)
from copilot.text.html import markdown_to_html
from copilot.workspace.composing import AsSent, Composing, Filled, filled, values_of

MACROS = (
    Article(
        id=ArticleId("m-1"),
        title="Ask for the order number",
        text="Hi {requester.first_name}, what is the number of your order?",
        kind=SourceKind.MACRO,
    ),
    Article(
        id=ArticleId("m-2"),
        title="Refund is on its way",
        text="Your refund for {order.number} is on its way.\n{rep.name}",
        kind=SourceKind.MACRO,
    ),
)


class FakeComposing(Composing):
    def __init__(
        self,
        read: Callable[[TicketId], Conversation],
        desk: Callable[[], DeskInfo],
        articles: Mapping[str, Article],
    ) -> None:
        self._read, self._info, self._known = read, desk, articles
        self.own: dict[str, str] = {}
        self.channel = ReplyLimits()
        self.before: tuple[SavedReply, ...] = ()

    async def macros(self) -> tuple[Article, ...]:
        return MACROS

    async def articles(self, words: str) -> tuple[Article, ...]:
        parts = words.casefold().split()
        return tuple(a for a in self._known.values() if all(part in a.title.casefold() for part in parts))

    @property
    def snippets(self) -> Mapping[str, str]:
        return self.own

    async def keep_snippet(self, name: str, text: str) -> None:
        self.own[name] = text

    async def fill(self, ticket: TicketId, text: str) -> Filled:
        return filled(text, values_of(self._read(ticket), self._info(), datetime(2026, 6, 26, tzinfo=UTC)))

    async def as_sent(self, ticket: TicketId, text: str) -> AsSent:
        html, _ = markdown_to_html(text)
        return AsSent(text, html if self.channel.markup else "", self.channel)

    def limits(self, conversation: Conversation) -> ReplyLimits:
        return self.channel

    async def versions(self, ticket: TicketId, *, note: bool) -> tuple[SavedReply, ...]:
        return tuple(version for version in self.before if version.ticket == ticket and version.note == note)
