"""The one door to the core: opens a workspace, wires the rooms, and is all that the screen and the command line hold.

Every coroutine here may be awaited on the window's event loop: none blocks it. Methods that change something answer
when the change is on disk; the desk hears of it through the outbox, and listeners through `events`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from copilot.domain import (
    Article,
    ArticleId,
    Assign,
    BatchId,
    Brief,
    Conversation,
    DecisionKind,
    DeskId,
    DeskInfo,
    Group,
    Message,
    OutboxId,
    Packet,
    PageKey,
    Person,
    QueuePage,
    QueueRow,
    RemoteId,
    Reply,
    SavedReply,
    Status,
    SuggestionId,
    TicketId,
    View,
)
from copilot.events import EventStream


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo took back: `what` in words ("Reply to Amara Okoye"), and the text that returns to the editor."""

    what: str
    ticket: TicketId
    text: str = ""
    note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message for the screen: allow-listed HTML that loads nothing, of what was written this time and of the rest."""

    html: str
    hidden_html: str = ""
    shortened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The settings that the window reads. `hold_seconds` is the undo period of a reply."""

    theme: str = "system"
    density: str = "comfortable"
    hold_seconds: float = 10.0
    offer_to_connect: bool = True


class Workspace:
    """An open workspace."""

    events: EventStream

    @classmethod
    async def open(cls, folder: Path | None = None) -> Workspace:
        """Open the workspace in `folder` (default: the user's data folder), creating it with the demo desk if new.

        Nothing is fetched yet: what is on disk can be read at once. Raises `StoreError` or `SettingsError`.
        """
        raise NotImplementedError

    async def start(self) -> None:
        """Begin to sync, to send the outbox and to prepare briefs, in the background."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Stop background work, leave the outbox on disk, close desks and store."""
        raise NotImplementedError

    @property
    def folder(self) -> Path:
        """Where this workspace lies on disk."""
        raise NotImplementedError

    # -- looking ---------------------------------------------------------------------------------------------------

    @property
    def preferences(self) -> Preferences:
        """What the rep has set."""
        raise NotImplementedError

    async def set_preferences(self, preferences: Preferences) -> None:
        """Keep changed preferences."""
        raise NotImplementedError

    def desks(self) -> tuple[DeskInfo, ...]:
        """The connected desks and how they do."""
        raise NotImplementedError

    async def queue(self, view: View, *, after: PageKey | None = None, limit: int = 200) -> QueuePage:
        """A page of a view."""
        raise NotImplementedError

    async def rows(self, tickets: Sequence[TicketId]) -> tuple[QueueRow, ...]:
        """These tickets' queue rows as they are now."""
        raise NotImplementedError

    async def counts(self) -> Mapping[View, int]:
        """How many tickets each view holds."""
        raise NotImplementedError

    async def search(self, text: str, *, limit: int = 200) -> QueuePage:
        """Tickets that match; a newer search cancels an older one."""
        raise NotImplementedError

    async def conversation(self, ticket: TicketId) -> Conversation:
        """A ticket with its messages and what is still on its way out."""
        raise NotImplementedError

    async def opened(self, ticket: TicketId) -> None:
        """The rep looks at this ticket: marks it read and prepares its brief before all others."""
        raise NotImplementedError

    async def render(self, message: Message, *, whole: bool = False) -> Rendered:
        """Safe HTML of a message; very long ones are shortened unless `whole`."""
        raise NotImplementedError

    async def brief(self, ticket: TicketId) -> Brief | None:
        """The prepared brief; None while it is being made (`BriefReady` follows)."""
        raise NotImplementedError

    async def prepare(self, tickets: Sequence[TicketId]) -> None:
        """Prepare the briefs of the tickets the rep will probably open next, in this order."""
        raise NotImplementedError

    async def verdict(self, brief: Brief) -> DecisionKind | None:
        """What the rep has decided on the brief's suggestion; None when nothing, or when it was undone."""
        raise NotImplementedError

    async def article(self, article: ArticleId) -> Article:
        """An article's text."""
        raise NotImplementedError

    async def attachment(self, ticket: TicketId, attachment: RemoteId) -> bytes:
        """The bytes of an attachment, from the desk."""
        raise NotImplementedError

    async def people(self, desk: DeskId) -> tuple[Person, ...]:
        """Reps that tickets of this desk can be assigned or escalated to."""
        raise NotImplementedError

    async def groups(self, desk: DeskId) -> tuple[Group, ...]:
        """Groups or queues of this desk."""
        raise NotImplementedError

    # -- deciding --------------------------------------------------------------------------------------------------

    async def save_reply(self, reply: SavedReply) -> None:
        """Keep what the rep is typing; called on every change."""
        raise NotImplementedError

    async def saved_reply(self, ticket: TicketId) -> SavedReply | None:
        """What the rep had typed and not sent."""
        raise NotImplementedError

    async def send(
        self,
        ticket: TicketId,
        reply: Reply,
        *,
        seen: RemoteId | None,
        suggestion: SuggestionId | None = None,
        seconds: float = 0.0,
    ) -> BatchId:
        """Put a public reply into the outbox; it leaves when the undo period is over.

        `seen` is the newest message on the rep's screen. With a `suggestion` the decision is recorded too: accepted
        when the text is the draft's, else edited; `seconds` is the time from the brief on screen to this call.
        """
        raise NotImplementedError

    async def note(self, ticket: TicketId, text: str) -> BatchId:
        """Add an internal note."""
        raise NotImplementedError

    async def assign(self, ticket: TicketId, person: Person | None, group: str | None = None) -> BatchId:
        """Give the ticket to somebody; both None unassigns."""
        raise NotImplementedError

    async def take_over(self, ticket: TicketId) -> BatchId:
        """Assign the ticket to the rep, which stops the AI agent on it."""
        raise NotImplementedError

    async def set_status(self, ticket: TicketId, status: Status) -> BatchId:
        """Change the status."""
        raise NotImplementedError

    async def set_tags(self, ticket: TicketId, tags: tuple[str, ...]) -> BatchId:
        """Replace the tags."""
        raise NotImplementedError

    async def snooze(self, ticket: TicketId, until: datetime | None) -> None:
        """Put the ticket aside until a moment; None brings it back."""
        raise NotImplementedError

    async def packet(self, ticket: TicketId, reason: str) -> Packet:
        """The handoff packet as it would go out, for the rep to read and edit before escalating."""
        raise NotImplementedError

    async def escalate(
        self,
        ticket: TicketId,
        *,
        packet: str,
        to: Assign,
        suggestion: SuggestionId | None = None,
        seconds: float = 0.0,
    ) -> BatchId:
        """Add the packet as an internal note and give the ticket to a person or group, undone together."""
        raise NotImplementedError

    async def dismiss(self, suggestion: SuggestionId, reason: str, seconds: float) -> None:
        """Record that the rep does not want this suggestion, and why."""
        raise NotImplementedError

    async def undo(self, batch: BatchId | None = None) -> Undone | None:
        """Take back a batch, or the newest thing that still can be; None when nothing can."""
        raise NotImplementedError

    async def send_anyway(self, entry: OutboxId) -> None:
        """Send a blocked or failed entry after all: the rep has read what is new."""
        raise NotImplementedError

    async def discard(self, entry: OutboxId) -> Undone | None:
        """Give up a blocked, failed or waiting entry; its text comes back to the editor."""
        raise NotImplementedError

    async def sync_now(self) -> None:
        """Ask every desk for changes at once."""
        raise NotImplementedError

    # -- connecting ------------------------------------------------------------------------------------------------

    async def test_request_tracker(self, url: str, token: str) -> Person:
        """Sign in to a Request Tracker to see whether it works. Raises a `DeskError` that says what is wrong."""
        raise NotImplementedError

    async def connect_request_tracker(self, name: str, url: str, token: str, queues: Sequence[str]) -> DeskId:
        """Keep the desk in the settings, its token in the keyring, and begin to sync it."""
        raise NotImplementedError

    async def remove_desk(self, desk: DeskId) -> None:
        """Disconnect a desk and forget its secret; its tickets leave the queue, our own records stay."""
        raise NotImplementedError
