"""What a write to the store changed, told to whoever listens."""

from __future__ import annotations

from copilot.events import EventStream, ThreadChanged, TicketsChanged
from copilot.store.tickets import Changed


def tell_changed(events: EventStream, *changes: Changed) -> None:
    """Publish several writes as one: a view that reads now sees the state after all of them."""
    tickets = frozenset().union(*(changed.tickets for changed in changes))
    threads = frozenset().union(*(changed.threads for changed in changes))
    if tickets:
        events.publish(TicketsChanged(tickets))
    for ticket in sorted(threads):
        events.publish(ThreadChanged(ticket))
