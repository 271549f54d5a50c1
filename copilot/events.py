"""What changed: one small typed stream from the core to whoever shows it.

Events carry ids, never customer text; a listener asks the workspace for what it needs. All of it happens on the event
loop's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from copilot.domain import (
    Attention,
    DeskHealth,
    DeskId,
    DispatchId,
    OutboxId,
    OutboxState,
    RunId,
    SourceId,
    SuggestionId,
    TicketId,
)


@dataclass(frozen=True, slots=True)
class TicketsChanged:
    """Headers or places in views changed: refresh these rows and the counts. Empty means too many to name."""

    tickets: frozenset[TicketId]


@dataclass(frozen=True, slots=True)
class AttentionWanted:
    """Something happened that the rep wants to be told of also while they look elsewhere."""

    kind: Attention
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class ThreadChanged:
    """Messages of a ticket were added or altered on the desk: briefs and drafts of it are stale."""

    ticket: TicketId


@dataclass(frozen=True, slots=True)
class BriefReady:
    """A brief for the current version of the thread can be read."""

    ticket: TicketId


@dataclass(frozen=True, slots=True)
class WritingStreamed:
    """A model began to write, or more of its text is there, at most once a frame: see `workspace.writing.running`."""

    ticket: TicketId
    run: RunId


@dataclass(frozen=True, slots=True)
class WritingEnded:
    """A model's writing is over; `problem` says in words why nothing came of it, and is empty when something did."""

    ticket: TicketId
    run: RunId
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DraftReady:
    """A model's draft (or its abstention) has taken the place of the brief's suggestion."""

    ticket: TicketId
    suggestion: SuggestionId


@dataclass(frozen=True, slots=True)
class DraftStale:
    """A new message made a running or shown draft stale; another is on its way."""

    ticket: TicketId


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """An outbox entry moved to another state."""

    entry: OutboxId
    ticket: TicketId
    state: OutboxState


@dataclass(frozen=True, slots=True)
class DispatchChanged:
    """An escalation to a destination moved to another state; `workspace.destinations.dispatches` has it."""

    dispatch: DispatchId
    ticket: TicketId
    state: OutboxState


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """The first fill or an increment moves on; `total` is None when the desk does not say."""

    desk: DeskId
    done: int
    total: int | None
    finished: bool = False


@dataclass(frozen=True, slots=True)
class DeskChanged:
    """A desk went online or offline, or wants the rep to sign in; `problem` says why in words."""

    desk: DeskId
    health: DeskHealth
    problem: str = ""


@dataclass(frozen=True, slots=True)
class KnowledgeChanged:
    """Articles, macros or internal answers were added, changed or removed."""


@dataclass(frozen=True, slots=True)
class KnowledgeProgress:
    """The reading of a knowledge source moves on; `total` is None while unknown. What failed is in its `SourceInfo`."""

    source: SourceId
    done: int
    total: int | None
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Background work of ours failed in a way a person can act on; `ticket` is the one it was for, if any."""

    what: str
    message: str
    advice: str = ""
    ticket: TicketId | None = None


Event = (
    TicketsChanged
    | AttentionWanted
    | ThreadChanged
    | BriefReady
    | WritingStreamed
    | WritingEnded
    | DraftReady
    | DraftStale
    | OutboxChanged
    | DispatchChanged
    | SyncProgress
    | DeskChanged
    | KnowledgeChanged
    | KnowledgeProgress
    | Failed
)
Listener = Callable[[Event], None]


class EventStream:
    """Delivers each event to every listener, in order, at once."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; the answer takes it off again."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Tell all listeners. A listener that raises is a bug and raises here."""
        for listener in tuple(self._listeners):
            listener(event)
