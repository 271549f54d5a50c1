"""Where the reading of changes stands, as the cursor keeps it."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from copilot.desks import walking
from copilot.desks.base import Cursor


class Place(walking.Place):
    """How far the list and the export have been told.

    `export` is where the export goes on, `exported` when it was last read to its end (on Zendesk's clock), `whole`
    whether it ever was, `refused` that it is not for this rep; `left_off` is where the first walk was left to the
    export, and goes on should that be refused.
    """

    export: str | None = None
    exported: datetime | None = None
    whole: bool = False
    refused: bool = False
    left_off: str | None = None


def place_of(cursor: Cursor | None) -> Place:
    """The place a cursor stands for; the beginning for none, or one that is none of ours."""
    if cursor is not None:
        try:
            return Place.model_validate_json(cursor)
        except ValidationError:
            pass
    return Place(walk=walking.Walk())
