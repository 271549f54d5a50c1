"""What kind of status a team's own name is: asked of RT once for each name and queue."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from copilot.desks.request_tracker.rest import Rest
from copilot.desks.request_tracker.translate import says_its_status
from copilot.desks.request_tracker.wire import IdRow, TicketRecord


class Statuses:
    """Knows which of the names that are not RT's own mean that nobody needs to act."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._inactive: dict[tuple[str, str], bool] = {}

    async def is_inactive(self, record: TicketRecord) -> bool:
        """Whether nobody needs to act in the ticket's status, as RT has it; False for RT's own names."""
        return (await self.are_inactive([record]))[0]

    async def are_inactive(self, records: Sequence[TicketRecord]) -> list[bool]:
        """The same for several tickets, in their order."""
        unknown = {_kind(r): r for r in records if not says_its_status(r) and _kind(r) not in self._inactive}
        answers = await asyncio.gather(*(self._ask(record) for record in unknown.values()))
        self._inactive |= dict(zip(unknown, answers, strict=True))
        return [self._inactive.get(_kind(record), False) for record in records]

    async def _ask(self, record: TicketRecord) -> bool:
        query = f"id = {record.id} AND Status = '__Inactive__'"
        return bool((await self._rest.page("tickets", IdRow, {"query": query})).value.items)


def _kind(record: TicketRecord) -> tuple[str, str]:
    return record.queue.id, record.status
