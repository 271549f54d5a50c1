"""Reads discussions over GraphQL ("Using the GraphQL API for Discussions").

There is no way to ask for those changed since a date, but they can be ordered by it: the newest are read until one is
older. Comments and the replies to them are read to their ends.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from copilot.desks.github import translate
from copilot.desks.github.graph import LIST, MORE_REPLIES, ONE, Graph
from copilot.desks.github.places import Place
from copilot.desks.github.translate import Customs
from copilot.desks.github.wire import CommentNode, DiscussionNode, Discussions, Replies, ReplyNode
from copilot.desks.rest.recent import BEGINNING, Listed, clock_of
from copilot.domain import Thread
from copilot.errors import BadDataError

MAX_PAGES = 400
ENDLESS = BadDataError("GitHub's list does not end.", "Open it in GitHub itself.")


class DiscussionReader:
    """Reads the discussions of repositories."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def page_of(self, repository: str, customs: Customs) -> Callable[[datetime, int], Awaitable[Listed]]:
        """A repository's list of discussions, for `rest.recent`: a page of the oldest, or all since a date."""

        async def page(since: datetime, number: int) -> Listed:
            if since == BEGINNING and number == 1:
                nodes, more, now = await self._list(repository, "ASC", "")
                tickets = [translate.discussion(node, repository, customs, now) for node in nodes.nodes]
                return Listed(tickets=tickets, more=bool(more), now=now)
            return await self._since(repository, since, customs)

        return page

    async def _since(self, repository: str, since: datetime, customs: Customs) -> Listed:
        found: dict[int, DiscussionNode] = {}
        after, now = "", None
        for _ in range(MAX_PAGES):
            nodes, more, clock = await self._list(repository, "DESC", after)
            now = now or clock
            known = len(found)
            found |= {node.number: node for node in nodes.nodes if node.updated >= since}
            if not more or any(node.updated < since for node in nodes.nodes):
                break
            if len(found) == known:
                raise ENDLESS
            after = more
        ordered = sorted(found.values(), key=lambda node: (node.updated, node.number))
        tickets = [translate.discussion(node, repository, customs, now) for node in ordered]
        return Listed(tickets=tickets, more=False, now=now)

    async def _list(
        self, repository: str, direction: str, after: str
    ) -> tuple[Discussions, str, datetime | None]:
        owner, _, name = repository.partition("/")
        variables = {"owner": owner, "name": name, "direction": direction, "after": after}
        data, headers = await self._graph.ask(LIST, variables)
        found = self._graph.read(data, "repository.discussions", Discussions)
        return found, found.page.end if found.page.more else "", clock_of(headers)

    async def node(self, place: Place, after: str = "") -> tuple[DiscussionNode, datetime | None]:
        """A discussion with a page of its comments, and GitHub's clock."""
        variables = {"owner": place.owner, "name": place.name, "number": place.number, "after": after}
        data, headers = await self._graph.ask(ONE, variables)
        return self._graph.read(data, "repository.discussion", DiscussionNode), clock_of(headers)

    async def read(self, place: Place, customs: Customs) -> Thread:
        """A discussion with its messages; its version is that of the first page, so never newer than they are."""
        node, now = await self.node(place)
        header = translate.discussion(node, place.repository, customs, now)
        nodes = {one.id: one for one in await self._words(node)}
        page = node.comments.page
        for _ in range(MAX_PAGES):
            if not page.more:
                break
            further, _clock = await self.node(place, page.end)
            known = len(nodes)
            nodes |= {one.id: one for one in await self._words(further)}
            if len(nodes) == known:
                raise ENDLESS
            page = further.comments.page
        first = translate.first_message(node.body, header)
        return Thread(
            snapshot=header, messages=(first, *translate.comments(list(nodes.values()), header, customs))
        )

    async def _words(self, node: DiscussionNode) -> list[ReplyNode]:
        found: list[ReplyNode] = []
        for comment in node.comments.nodes:
            found += [comment, *await self._replies(comment)]
        return found

    async def _replies(self, comment: CommentNode) -> list[ReplyNode]:
        replies = comment.replies
        found = list(replies.nodes)
        while replies.page.more:
            variables = {"comment": comment.id, "replies": replies.page.end}
            data, _ = await self._graph.ask(MORE_REPLIES, variables)
            replies = self._graph.read(data, "node.replies", Replies)
            if not replies.nodes or len(found) > MAX_PAGES * 50:
                raise ENDLESS
            found += replies.nodes
        return found
