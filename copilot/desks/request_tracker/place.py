"""Where the reading of changes stands, as the cursor keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.desks.base import Cursor

SETTLE = timedelta(minutes=2)
"""How long RT may take from numbering a transaction to showing it: creating a ticket runs its scrips, which send mail,
inside one database transaction. Counted on RT's clock alone."""
TOLD_AT_MOST = 1000

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
    """How far changes have been read.

    Everything up to transaction `seen` has been told. Up to `settled` nothing can show up any more; what lies between
    is read once more when RT's clock passes `due`. `told` holds the versions told of tickets that changed after
    `settled`, so that the second reading repeats nothing. `queues` maps the names followed to RT's numbers.
    """

    model_config = ConfigDict(frozen=True)

    queues: dict[str, str]
    fill: Fill | None = None
    seen: int = 0
    settled: int = 0
    due: datetime | None = None
    told: dict[str, str] = {}

    @property
    def cursor(self) -> Cursor:
        """This place, opaque."""
        return Cursor(self.model_dump_json(exclude_defaults=True))

    def after_telling(self, versions: Mapping[str, str]) -> Place:
        """This place once these tickets have been told, in these versions."""
        recent = {t: v for t, v in versions.items() if v.isdecimal() and int(v) > self.settled}
        told = dict(list((self.told | recent).items())[-TOLD_AT_MOST:])
        return self.model_copy(update={"told": told})

    def read_to(self, seen: int) -> Place:
        """This place once everything up to a transaction has been told."""
        return self.model_copy(update={"seen": max(seen, self.seen)})

    def settled_at(self, settled: int, now: datetime | None) -> Place:
        """This place once everything up to `settled` can be relied on; the rest is read again, if there is any."""
        settled = max(settled, self.settled)
        told = {t: v for t, v in self.told.items() if int(v) > settled}
        due = now + SETTLE if now is not None and settled < self.seen else None
        return self.model_copy(update={"settled": settled, "due": due, "told": told})


def place_of(cursor: Cursor | None) -> Place | None:
    """The place a cursor stands for; None means to begin, as does a cursor that is none of ours."""
    if cursor is None:
        return None
    try:
        return Place.model_validate_json(cursor)
    except ValidationError:
        return None
