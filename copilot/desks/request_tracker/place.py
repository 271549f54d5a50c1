"""Where the reading of changes stands, as the cursor keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.desks.base import Cursor
from copilot.desks.request_tracker.wire import ChangeRow

SETTLE = timedelta(minutes=2)
"""How long RT may take from numbering a transaction to showing it: creating a ticket runs its scrips, which send mail,
inside one database transaction. Counted on RT's clock alone."""
TOLD_AT_MOST = 5000
"""More than these are not remembered as told; their tickets are read twice."""

Part = Literal["active", "inactive"]


class Fill(BaseModel):
    """A first reading under way: of these queues (none: all), the tickets with numbers below `below` of this part.

    `rest` is how many tickets the other part has, None when RT does not say.
    """

    model_config = ConfigDict(frozen=True)

    queues: tuple[str, ...]
    part: Part = "active"
    below: int | None = None
    rest: int | None = None


class Place(BaseModel):
    """How far the journal has been told.

    Everything visible up to transaction `seen` has been told. Up to `settled` nothing can show up any more; what lies
    between is read once more when RT's clock passes `due`, for two transactions may become visible in another order
    than they were numbered. `told` has those told between, by ticket. `queues` maps the names followed to RT's numbers.
    """

    model_config = ConfigDict(frozen=True)

    queues: dict[str, str]
    fill: Fill | None = None
    seen: int = 0
    settled: int = 0
    due: datetime | None = None
    told: dict[str, tuple[int, ...]] = {}

    @property
    def cursor(self) -> Cursor:
        """This place, opaque."""
        return Cursor(self.model_dump_json(exclude_defaults=True))

    def is_due(self, now: datetime | None) -> bool:
        """Whether it is time to read what was not settled again."""
        return self.due is not None and now is not None and now >= self.due

    def after_telling(self, rows: Iterable[ChangeRow]) -> Place:
        """This place once these transactions have been told."""
        told = {ticket: set(ids) for ticket, ids in self.told.items()}
        for row in rows:
            told.setdefault(row.ticket, set()).add(row.id)
        return self.model_copy(update={"told": _unsettled(told, self.settled)})

    def read_to(self, seen: int) -> Place:
        """This place once everything up to a transaction has been told."""
        return self.model_copy(update={"seen": max(seen, self.seen)})

    def settled_at(self, settled: int, now: datetime | None) -> Place:
        """This place once everything up to `settled` can be relied on; the rest is read again, if there is any."""
        settled = max(settled, self.settled)
        due = now + SETTLE if now is not None and settled < self.seen else None
        told = _unsettled(self.told, settled)
        return self.model_copy(update={"settled": settled, "due": due, "told": told})


def place_of(cursor: Cursor | None) -> Place | None:
    """The place a cursor stands for; None means to begin, as does a cursor that is none of ours."""
    if cursor is None:
        return None
    try:
        return Place.model_validate_json(cursor)
    except ValidationError:
        return None


def _unsettled(told: Mapping[str, Iterable[int]], settled: int) -> dict[str, tuple[int, ...]]:
    """What is worth remembering of the transactions told."""
    numbers = sorted((number, ticket) for ticket, ids in told.items() for number in ids if number > settled)
    kept: dict[str, tuple[int, ...]] = {}
    for number, ticket in numbers[-TOLD_AT_MOST:]:
        kept[ticket] = (*kept.get(ticket, ()), number)
    return kept
