"""Tickets in bulk: a page of headers in one request."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from copilot.desks.request_tracker.journal import Change
from copilot.desks.request_tracker.rest import Query, Rest
from copilot.desks.request_tracker.statuses import Statuses
from copilot.desks.request_tracker.threads import MergedError, Threads
from copilot.desks.request_tracker.translate import Customs, gone, left, snapshot
from copilot.desks.request_tracker.wire import Page, TicketRecord
from copilot.domain import RemoteId, TicketSnapshot
from copilot.errors import NotFoundError, PermissionDeniedError

_PERSON = "Name,RealName,EmailAddress"
_FIELDS: Query = {
    "fields": "Subject,Status,Type,Queue,Owner,Requestor,Created,LastUpdated,Due,Started,Priority,CustomFields,"
    "_hyperlinks",
    "fields[Queue]": "Name",
    "fields[Owner]": _PERSON,
    "fields[Requestor]": _PERSON,
    "orderby": "id",
    "order": "DESC",
}


class Listing:
    """Reads headers of many tickets."""

    def __init__(self, rest: Rest, threads: Threads, statuses: Statuses, customs: Customs) -> None:
        self._rest = rest
        self._threads = threads
        self._statuses = statuses
        self._customs = customs

    async def page(self, query: str, *, size: int) -> Page[TicketRecord]:
        """The tickets with the highest numbers that a TicketSQL query finds."""
        answer = await self._rest.page("tickets", TicketRecord, {**_FIELDS, "query": query, "per_page": size})
        return answer.value

    async def headers(
        self, records: Sequence[TicketRecord], versions: Mapping[str, str]
    ) -> tuple[TicketSnapshot, ...]:
        """Snapshots with these versions; a ticket without one gets one that says only when it changed."""
        inactive = await self._statuses.are_inactive(records)
        return tuple(
            snapshot(
                record,
                versions.get(record.id) or f"listed {record.updated.isoformat()}",
                self._customs,
                inactive=is_inactive,
            )
            for record, is_inactive in zip(records, inactive, strict=True)
        )

    async def changed(
        self, changes: Sequence[Change], followed: Collection[str]
    ) -> tuple[TicketSnapshot, ...]:
        """The changed tickets (a page of them at most) as they are now, in this order.

        Those that are no longer in the queues `followed` (none: all), were deleted or merged, come as `deleted`. What a
        merged ticket went into comes along: whatever shows up late in the one belongs to the other.
        """
        if not changes:
            return ()
        query = " OR ".join(f"id = {change.ticket}" for change in changes)
        records = {record.id: record for record in (await self.page(query, size=len(changes))).items}
        versions = {change.ticket: change.version for change in changes}
        headers = await self._followed(list(records.values()), versions, followed)
        listed = {header.remote_id: (header,) for header in headers}
        strays = await asyncio.gather(*(self._stray(c, followed) for c in changes if c.ticket not in records))
        found = listed | {stray[0].remote_id: stray for stray in strays if stray}
        own = [found[RemoteId(c.ticket)][0] for c in changes if RemoteId(c.ticket) in found]
        others = {other.remote_id: other for stray in strays for other in stray[1:]}
        return (*own, *(other for ticket, other in others.items() if ticket not in found))

    async def _followed(
        self, records: Sequence[TicketRecord], versions: Mapping[str, str], followed: Collection[str]
    ) -> list[TicketSnapshot]:
        headers = await self.headers(records, versions)
        return [
            header if not header.deleted and (not followed or record.queue.id in followed) else _away(header)
            for record, header in zip(records, headers, strict=True)
        ]

    async def _stray(self, change: Change, followed: Collection[str]) -> tuple[TicketSnapshot, ...]:
        """A ticket that searches do not find: deleted, out of sight, merged (then with the other), or a reminder."""
        try:
            record = (await self._threads.record(RemoteId(change.ticket))).value
        except MergedError as merged:
            gone_in = gone(change.ticket, "(merged into another ticket)", change.at, change.version)
            return (gone_in, *await self._other(merged.into, change, followed))
        except NotFoundError:
            return (gone(change.ticket, "(no longer there)", change.at, change.version),)
        except PermissionDeniedError:
            return (gone(change.ticket, "(no longer visible)", change.at, change.version),)
        if record.type != "ticket":
            return ()
        return tuple(await self._followed([record], {record.id: change.version}, followed))

    async def _other(
        self, ticket: RemoteId, change: Change, followed: Collection[str]
    ) -> tuple[TicketSnapshot, ...]:
        """The ticket that another one went into, to be read again if we follow it."""
        try:
            record = (await self._threads.record(ticket)).value
        except (NotFoundError, PermissionDeniedError):
            return ()
        headers = await self._followed([record], {record.id: f"{change.newest} again"}, followed)
        return tuple(header for header in headers if not header.deleted)


def _away(header: TicketSnapshot) -> TicketSnapshot:
    return replace(header, deleted=True, version=left(header.version))
