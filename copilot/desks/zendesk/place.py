"""Where the reading of changes stands, as the cursor keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.desks.base import Cursor
from copilot.desks.zendesk.wire import Ticket

OVERLAP = timedelta(seconds=60)
"""How far behind the newest change told the list is looked at again: dates there count whole seconds, and a change may
become visible a little after the date it carries."""


class Walk(BaseModel):
    """A way down the list of tickets, newest change first, to those last changed before `until` (None: to the end).

    `top` is the newest change there was at its beginning, `bottom` the oldest seen, `after` where its next page begins.
    """

    model_config = ConfigDict(frozen=True)

    until: datetime | None = None
    top: datetime | None = None
    bottom: datetime | None = None
    after: str | None = None
    pages: int = 0


class Place(BaseModel):
    """How far changes have been told.

    All up to `seen` have been told; `told` has the versions of those told within `OVERLAP` before it. `export` is where
    the export goes on, `exported` when it was last read to its end (on Zendesk's clock), `whole` whether it ever was;
    `left_off` is where the first walk was left to the export, and goes on should that be refused.
    """

    model_config = ConfigDict(frozen=True)

    walk: Walk | None = None
    seen: datetime | None = None
    told: dict[str, datetime] = {}
    export: str | None = None
    exported: datetime | None = None
    whole: bool = False
    refused: bool = False
    left_off: str | None = None

    @property
    def cursor(self) -> Cursor:
        """This place, opaque."""
        return Cursor(self.model_dump_json(exclude_defaults=True))

    def knows(self, ticket: Ticket) -> bool:
        """Whether this version of the ticket was told."""
        return self.told.get(ticket.id) == ticket.updated_at

    def telling(self, tickets: list[Ticket], since: datetime) -> Place:
        """This place once these have been told; of those, the ones changed since then are remembered."""
        new = {one.id: one.updated_at for one in tickets if one.updated_at >= since}
        return self.model_copy(update={"told": self.told | new})

    def walked(self, walk: Walk) -> Place:
        """This place once a walk has come to its end."""
        tops = [moment for moment in (walk.top, self.seen) if moment is not None]
        seen = max(tops, default=None)
        kept = {ticket: when for ticket, when in self.told.items() if seen is None or when >= seen - OVERLAP}
        return self.model_copy(update={"walk": None, "seen": seen, "told": kept})


def place_of(cursor: Cursor | None) -> Place:
    """The place a cursor stands for; the beginning for none, or one that is none of ours."""
    if cursor is not None:
        try:
            return Place.model_validate_json(cursor)
        except ValidationError:
            pass
    return Place(walk=Walk())
