"""What changed and what went wrong, told to whoever listens."""

from __future__ import annotations

import traceback
from pathlib import Path

import structlog

from copilot.events import EventStream, ThreadChanged, TicketsChanged
from copilot.store.tickets import Changed

log = structlog.get_logger()

OUR_FAULT = "Sidedesk made a mistake here; it is in the log."


def log_bug(what: str, error: Exception, **ids: str) -> None:
    """Write down where a bug of ours showed, without its words: they may be a customer's."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    log.error(what, error=type(error).__name__, where=where, **ids)


def tell_changed(events: EventStream, *changes: Changed) -> None:
    """Publish several writes as one: a view that reads now sees the state after all of them."""
    changed = together(*changes)
    if changed.tickets:
        events.publish(TicketsChanged(changed.tickets))
    for ticket in sorted(changed.threads):
        events.publish(ThreadChanged(ticket))


def together(*changes: Changed) -> Changed:
    """What several writes altered together."""
    return Changed(
        tickets=frozenset().union(*(changed.tickets for changed in changes)),
        threads=frozenset().union(*(changed.threads for changed in changes)),
    )
