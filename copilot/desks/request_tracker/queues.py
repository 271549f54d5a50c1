"""The queues of an RT: which are followed, which a ticket can be given to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from copilot.desks.request_tracker.rest import Rest
from copilot.desks.request_tracker.wire import QueueRow
from copilot.errors import PermissionDeniedError

HIDDEN_PAGES = 2
"""RT pages over all queues and leaves out those the user may not see: so many pages of such are read over."""


class Queues:
    """Knows the queues by name and number. `names` are those to follow; none means all that can be seen."""

    def __init__(self, rest: Rest, names: Sequence[str]) -> None:
        self._rest = rest
        self._names = tuple(names)

    async def visible(self) -> tuple[QueueRow, ...]:
        """The queues the rep may see, by name."""
        rows = await self._rest.all(
            "queues/all", QueueRow, {"fields": "Name,Disabled"}, hidden_pages=HIDDEN_PAGES
        )
        return tuple(
            sorted((row for row in rows if row.disabled != "1"), key=lambda row: row.name.casefold())
        )

    async def followed(self, known: Mapping[str, str]) -> dict[str, str]:
        """The numbers of the queues to follow, by the names they were given; empty for all. `known` saves asking.

        Raises `PermissionDeniedError` as `see` does.
        """
        if all(name in known for name in self._names):
            return {name: known[name] for name in self._names}
        return await self.see()

    async def see(self) -> dict[str, str]:
        """The same, asking in any case.

        Raises `PermissionDeniedError` when one of the queues cannot be seen (RT does not tell that from one that is not
        there), and when there is none at all.
        """
        rows = await self.visible()
        if not rows:
            raise PermissionDeniedError(
                "You may see no queue.", "Ask an RT administrator for the rights SeeQueue and ShowTicket."
            )
        numbers = {row.name.casefold(): row.id for row in rows} | {row.id: row.id for row in rows}
        missing = [name for name in self._names if name.casefold() not in numbers]
        if missing:
            raise PermissionDeniedError(
                f"There is no queue {' or '.join(missing)} that you may see.",
                f"You may see {', '.join(row.name for row in rows)}.",
            )
        return {name: numbers[name.casefold()] for name in self._names}


def condition(numbers: Iterable[str], column: str = "Queue") -> str:
    """The part of a TicketSQL query that holds for tickets of these queues; always true for none."""
    queues = " OR ".join(f"{column} = '{number}'" for number in numbers)
    return f"({queues})" if queues else "id > 0"
