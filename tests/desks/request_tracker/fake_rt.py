"""As much of an RT as the reading of changes sees: a journal, tickets, and what RT does that makes reading them hard.

It understands the queries the connector makes and no others. Like the real one it drops rows that the user may not see
after it has counted the page, numbers transactions before it shows them, and leaves merged and deleted tickets out of
searches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from copilot.desks.request_tracker.connecting import Options, RequestTracker, connect
from copilot.domain import DeskId

TOKEN = f"1-32-{'a' * 32}"
ADDRESS = "https://rt.example.com/rt"
QUEUES = {"3": "Support", "4": "Billing"}


@dataclass
class Transaction:
    """A row of the journal. `shown` is False while its database transaction is open; nobody may see a `hidden` one."""

    id: int
    ticket: int
    created: datetime
    left_queue: str = ""
    shown: bool = True
    hidden: bool = False


@dataclass
class FakeTicket:
    """A ticket of the fake."""

    id: int
    queue: str
    status: str = "open"
    type: str = "ticket"
    merged_into: int | None = None


@dataclass
class FakeRt:
    """The server. `asked` lists the addresses of all requests."""

    now: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    tickets: dict[int, FakeTicket] = field(default_factory=dict)
    journal: list[Transaction] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def transport(self) -> httpx.MockTransport:
        """The way to this fake."""
        return httpx.MockTransport(self.answer)

    async def desk(self, *queues: str) -> RequestTracker:
        """The connector over this fake."""
        options = Options(transport=self.transport)
        return await connect(
            ADDRESS, TOKEN, queues or ("Support",), desk_id=DeskId("rt"), name="RT", options=options
        )

    # -- what happens ----------------------------------------------------------------------------------------------

    def record(
        self, ticket: int, *, shown: bool = True, hidden: bool = False, left_queue: str = ""
    ) -> Transaction:
        """Something happens to a ticket."""
        row = Transaction(len(self.journal) + 1, ticket, self.now, left_queue, shown, hidden)
        self.journal.append(row)
        return row

    def open_ticket(self, *, queue: str = "3", status: str = "open") -> int:
        """Somebody asks something."""
        number = len(self.tickets) + 1
        self.tickets[number] = FakeTicket(number, queue, status)
        self.record(number)
        return number

    def move(self, ticket: int, queue: str) -> None:
        """The ticket goes to another queue."""
        self.record(ticket, left_queue=self.tickets[ticket].queue)
        self.tickets[ticket].queue = queue

    def merge(self, ticket: int, into: int) -> None:
        """The ticket becomes a part of another one."""
        self.record(ticket)
        self.record(into)
        self.tickets[ticket].merged_into = into

    def pass_time(self, seconds: float) -> None:
        """Time passes on the server."""
        self.now += timedelta(seconds=seconds)

    # -- what can be seen ------------------------------------------------------------------------------------------

    def visible(self, ticket: int) -> frozenset[int]:
        """The transactions of a ticket that the rep may see now, those of tickets merged into it among them."""
        return frozenset(
            row.id for row in self.journal if row.shown and not row.hidden and self._now(row.ticket) == ticket
        )

    def _now(self, ticket: int) -> int:
        into = self.tickets[ticket].merged_into
        return ticket if into is None else self._now(into)

    # -- answering -------------------------------------------------------------------------------------------------

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        path = request.url.path.removeprefix("/rt/REST/2.0/")
        self.asked.append(path)
        query = dict(request.url.params)
        headers = {"Date": format_datetime(self.now, usegmt=True)}
        if path == "queues/all":
            rows = [{"id": number, "Name": name, "Disabled": "0"} for number, name in QUEUES.items()]
            return httpx.Response(200, json=_page(rows, int(query["page"]), 100, total=None), headers=headers)
        if path == "transactions":
            return httpx.Response(200, json=self._transactions(query), headers=headers)
        if path == "tickets":
            return httpx.Response(200, json=self._tickets(query), headers=headers)
        return self._ticket(int(path.removeprefix("ticket/")), headers)

    def _transactions(self, query: dict[str, str]) -> dict[str, Any]:
        sql = query["query"]
        rows = [row for row in reversed(self.journal) if row.shown and self._matches(row, sql)]
        page = _page([self._row(row) for row in rows], int(query["page"]), int(query["per_page"]), total=None)
        hidden = {str(row.id) for row in self.journal if row.hidden}
        page["items"] = [item for item in page["items"] if item["id"] not in hidden]
        return page

    def _matches(self, row: Transaction, sql: str) -> bool:
        queues = set(re.findall(r"TicketQueue = '(\d+)'", sql))
        left = set(re.findall(r"OldValue = '(\d+)'", sql))
        wanted = {int(n) for n in re.findall(r"TicketId = (\d+)", sql)}
        of_queue = not queues or self.tickets[row.ticket].queue in queues or row.left_queue in left
        return of_queue and (not wanted or row.ticket in wanted) and _in_bounds(row.id, sql)

    def _tickets(self, query: dict[str, str]) -> dict[str, Any]:
        sql = query["query"]
        wanted = {int(n) for n in re.findall(r"\bid = (\d+)", sql)}
        queues = set(re.findall(r"Queue = '(\d+)'", sql))
        kinds = {"__Active__": {"new", "open"}, "__Inactive__": {"resolved"}}
        kind = next((statuses for name, statuses in kinds.items() if name in sql), None)
        found = [
            ticket
            for ticket in sorted(self.tickets.values(), key=lambda ticket: -ticket.id)
            if ticket.merged_into is None
            and ticket.status != "deleted"
            and ticket.type == "ticket"
            and (not wanted or ticket.id in wanted)
            and (not queues or ticket.queue in queues)
            and (kind is None or ticket.status in kind)
            and _in_bounds(ticket.id, sql)
            and self.visible(ticket.id)
        ]
        rows = [self._record(ticket) for ticket in found]
        return _page(rows, 1, int(query["per_page"]), total=len(rows))

    def _ticket(self, number: int, headers: dict[str, str]) -> httpx.Response:
        if number not in self.tickets or not self.visible(self._now(number)):
            return httpx.Response(404, json={"message": "Not Found"}, headers=headers)
        ticket = self.tickets[self._now(number)]
        version = max(self.visible(ticket.id))
        return httpx.Response(200, json=self._record(ticket), headers=headers | {"ETag": f'"{version}"'})

    def _row(self, row: Transaction) -> dict[str, Any]:
        return {"id": str(row.id), "ObjectId": str(row.ticket), "Created": _date(row.created)}

    def _record(self, ticket: FakeTicket) -> dict[str, Any]:
        return {
            "id": str(ticket.id),
            "Subject": f"Question {ticket.id}",
            "Status": ticket.status,
            "Type": ticket.type,
            "Queue": {"id": ticket.queue, "Name": QUEUES[ticket.queue], "type": "queue"},
            "Owner": {"id": "Nobody", "type": "user"},
            "Requestor": [{"id": "amara@client.test", "type": "user"}],
            "Created": _date(self.now),
            "LastUpdated": _date(self.now),
            "CustomFields": "",
        }


class Reader:
    """What sync makes of the changes: it holds each ticket's messages in a version, and reads on from a cursor."""

    def __init__(self, rt: FakeRt, desk: RequestTracker) -> None:
        self._rt = rt
        self._desk = desk
        self.cursor: Any = None
        self.held: dict[int, frozenset[int]] = {}
        self.versions: dict[int, str] = {}
        self.reads = 0

    async def poll(self, *, pages: int | None = None) -> int:
        """Read changes, at most so many pages, and the threads whose version is another one; how many those were."""
        before = self.reads
        taken = 0
        stream = self._desk.changes(self.cursor)
        async for page in stream:
            for ticket in page.tickets:
                self._take(int(ticket.remote_id), ticket.version, deleted=ticket.deleted)
            self.cursor = page.cursor
            taken += 1
            if taken == pages:
                break
        await stream.aclose()  # type: ignore[attr-defined]  # the protocol says iterator; ours is a generator
        return self.reads - before

    def _take(self, ticket: int, version: str, *, deleted: bool) -> None:
        if self.versions.get(ticket) == version:
            return
        self.reads += 1
        if deleted:
            self.held.pop(ticket, None)
            self.versions[ticket] = version
            return
        self.held[ticket] = self._rt.visible(ticket)
        self.versions[ticket] = str(max(self.held[ticket]))


def _page(rows: list[dict[str, Any]], number: int, size: int, *, total: int | None) -> dict[str, Any]:
    items = rows[(number - 1) * size : number * size]
    return {
        "items": items,
        "count": len(items),
        "total": total,
        "page": number,
        "per_page": size,
        "pages": 0.0,
    }


def _in_bounds(number: int, sql: str) -> bool:
    low = [int(n) for n in re.findall(r"\bid >= (\d+)", sql)]
    high = [int(n) for n in re.findall(r"\bid < (\d+)", sql)]
    return all(number >= n for n in low) and all(number < n for n in high)


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
