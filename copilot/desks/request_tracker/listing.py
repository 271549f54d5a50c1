"""Tickets in bulk: a page of headers in one request."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from copilot.desks.request_tracker.journal import Change
from copilot.desks.request_tracker.rest import Query, Rest
from copilot.desks.request_tracker.statuses import Statuses
from copilot.desks.request_tracker.threads import Threads
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

        Those that are no longer in the queues `followed` (none: all), were deleted or merged, come as `deleted`.
        """
        if not changes:
            return ()
        query = " OR ".join(f"id = {change.ticket}" for change in changes)
        records = {record.id: record for record in (await self.page(query, size=len(changes))).items}
        missing = [change for change in changes if change.ticket not in records]
        strays = await asyncio.gather(*(self._stray(change) for change in missing))
        found = {stray.remote_id: stray for stray in strays if stray is not None}
        versions = {change.ticket: change.version for change in changes}
        for record, header in zip(
            records.values(), await self.headers(list(records.values()), versions), strict=True
        ):
            away = bool(followed) and record.queue.id not in followed
            found[header.remote_id] = _away(header) if away or header.deleted else header
        return tuple(found[RemoteId(c.ticket)] for c in changes if RemoteId(c.ticket) in found)

    async def _stray(self, change: Change) -> TicketSnapshot | None:
        """A ticket that searches do not find: deleted, merged, out of sight, or (None) a reminder."""
        try:
            answer = await self._threads.record(RemoteId(change.ticket))
        except NotFoundError:
            return gone(change.ticket, "(merged into another ticket)", change.at, change.version)
        except PermissionDeniedError:
            return gone(change.ticket, "(no longer visible)", change.at, change.version)
        if answer.value.type != "ticket":
            return None
        (header,) = await self.headers([answer.value], {answer.value.id: change.version})
        return _away(header) if header.deleted else header


def _away(header: TicketSnapshot) -> TicketSnapshot:
    return replace(header, deleted=True, version=left(header.version))
