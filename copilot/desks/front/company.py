"""The company behind the token: who the rep is, the inboxes and their channels, tags, and custom fields."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from copilot.desks.front.translate import CHANNELS, Customs, teammate
from copilot.desks.front.wire import ChannelRow, CustomField, Identity, Inbox, Results, Tag, Teammate
from copilot.desks.rest import Rest
from copilot.desks.rest.client import Query
from copilot.domain import Channel, Group, Person, RemoteId, Role
from copilot.errors import AuthError, BadDataError, PermissionDeniedError, RefusedError

T = TypeVar("T")
A_PAGE = 100
MOST_PAGES = 200


class Company:
    """Looks up what hardly ever changes, once for the life of the connection."""

    def __init__(self, rest: Rest, email: str, customs: Customs, followed: Sequence[str]) -> None:
        """`followed` are names or ids of inboxes, none for all that the token shows."""
        self._rest = rest
        self._email = email.casefold()
        self._customs = customs
        self._followed = frozenset(one.strip().casefold() for one in followed if one.strip())
        self._me: Person | None = None
        self._loading = asyncio.Lock()

    async def me(self) -> Person:
        """The teammate with the rep's address."""
        if self._me is None:
            await self._rest.get("me", Identity)
            found = next((one for one in await self._teammates() if self._is_me(one)), None)
            if found is None:
                raise AuthError(
                    "Nobody in Front has this address.", "Fill in the one you sign in to Front with."
                )
            self._me = replace(teammate(found, Customs()), role=Role.REP)
        return self._me

    async def customs(self) -> Customs:
        """What is particular to the company."""
        async with self._loading:
            if not self._customs.inboxes:
                inboxes = (await self._rest.get("inboxes", Results[Inbox])).value.results
                channels = await self._channels()
                self._customs = replace(
                    self._customs, inboxes={one.id: one for one in inboxes}, channels=channels
                )
            return self._customs

    @property
    def follows_all(self) -> bool:
        """Whether no inboxes were chosen."""
        return not self._followed

    async def followed(self) -> tuple[str, ...]:
        """The ids of the inboxes to follow."""
        inboxes = (await self.customs()).inboxes.values()
        found = tuple(
            one.id
            for one in inboxes
            if not self._followed or self._followed & {one.id.casefold(), one.name.casefold()}
        )
        if self._followed and not found:
            raise RefusedError(
                "None of the chosen inboxes is in Front.", "Choose them again in the settings."
            )
        return found

    async def inboxes(self) -> tuple[Group, ...]:
        """The inboxes the token shows."""
        inboxes = (await self.customs()).inboxes.values()
        return tuple(Group(remote_id=RemoteId(one.id), name=one.name or one.id) for one in inboxes)

    async def people(self) -> tuple[Person, ...]:
        """The teammates, by name, without those blocked and without AI agents."""
        me = await self.me()
        rows = [one for one in await self._teammates() if not one.is_blocked]
        found = {p.remote_id: p for one in rows if (p := teammate(one, self._customs)).role is Role.REP}
        found[me.remote_id] = me
        return tuple(sorted(found.values(), key=lambda one: (one.name.casefold(), one.remote_id)))

    async def tag_ids(self, names: Sequence[str]) -> list[str]:
        """The ids of tags by their names; missing ones are made for the company ("Create company tag")."""
        known = (
            {tag.name: tag.id for tag in await self.all("tags", Results[Tag], {"limit": A_PAGE})}
            if names
            else {}
        )
        for name in names:
            if name not in known:
                known[name] = (await self._rest.send("POST", "company/tags", {"name": name}, Tag)).value.id
        return [known[name] for name in names]

    async def fields(self) -> dict[str, CustomField]:
        """The custom fields of conversations, by name."""
        rows = (await self._rest.get("conversations/custom_fields", Results[CustomField])).value.results
        return {row.name: row for row in rows}

    async def all(self, path: str, shape: type[Results[T]], query: Query | None = None) -> list[T]:
        """Every row of a list. Raises `BadDataError` for one that goes in circles."""
        found: list[T] = []
        token: str | None = None
        for _ in range(MOST_PAGES):
            page = (await self._rest.get(path, shape, with_page(query or {}, token))).value
            found += page.results
            last, token = token, token_in(page.pagination.next)
            if token is None:
                return found
            if token == last:
                break
        raise BadDataError("Front's list does not end.", "Try again later.")

    async def _teammates(self) -> list[Teammate]:
        return (await self._rest.get("teammates", Results[Teammate])).value.results

    async def _channels(self) -> dict[str, frozenset[Channel]]:
        """Which channels each inbox has; nothing without the scope for it: the messages tell then."""
        try:
            rows = (await self._rest.get("channels", Results[ChannelRow])).value.results
        except PermissionDeniedError:
            return {}
        found: dict[str, frozenset[Channel]] = {}
        for row in rows:
            inbox = (row.links.related.inbox or "").rpartition("/")[2]
            found[inbox] = found.get(inbox, frozenset()) | {CHANNELS.get(row.type or "", Channel.OTHER)}
        return found

    def _is_me(self, one: Teammate) -> bool:
        return self._email in {
            (one.email or "").casefold(),
            (one.username or "").casefold(),
            one.id.casefold(),
        }


def with_page(query: Query, token: str | None) -> Query:
    """The same question for a further page ("Pagination": the address of the next page has its token)."""
    return query if token is None else {**query, "page_token": token}


def token_in(address: str | None) -> str | None:
    """What stands for the next page, None on the last."""
    tokens = parse_qs(urlsplit(address or "").query).get("page_token")
    return tokens[0] if tokens else None
