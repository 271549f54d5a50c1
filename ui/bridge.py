"""The core's one event stream as Qt signals, so that views connect to what they show and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from copilot.events import (
    AttentionWanted,
    BriefReady,
    DeskChanged,
    DispatchChanged,
    DraftReady,
    DraftStale,
    Event,
    EventStream,
    Failed,
    KnowledgeChanged,
    KnowledgeProgress,
    OutboxChanged,
    SyncProgress,
    ThreadChanged,
    TicketsChanged,
    WritingEnded,
    WritingStreamed,
)


class Bridge(QObject):
    """Turns each event into a signal that carries the event itself.

    Events come on the event loop's thread, which is Qt's.
    """

    tickets_changed = Signal(object)
    attention_wanted = Signal(object)
    thread_changed = Signal(object)
    brief_ready = Signal(object)
    writing_streamed = Signal(object)
    writing_ended = Signal(object)
    draft_ready = Signal(object)
    draft_stale = Signal(object)
    outbox_changed = Signal(object)
    dispatch_changed = Signal(object)
    sync_progressed = Signal(object)
    desk_changed = Signal(object)
    knowledge_changed = Signal(object)
    knowledge_progressed = Signal(object)
    failed = Signal(object)

    def __init__(self, events: EventStream, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._signals = {
            TicketsChanged: self.tickets_changed,
            AttentionWanted: self.attention_wanted,
            ThreadChanged: self.thread_changed,
            BriefReady: self.brief_ready,
            WritingStreamed: self.writing_streamed,
            WritingEnded: self.writing_ended,
            DraftReady: self.draft_ready,
            DraftStale: self.draft_stale,
            OutboxChanged: self.outbox_changed,
            DispatchChanged: self.dispatch_changed,
            SyncProgress: self.sync_progressed,
            DeskChanged: self.desk_changed,
            KnowledgeChanged: self.knowledge_changed,
            KnowledgeProgress: self.knowledge_progressed,
            Failed: self.failed,
        }
        self._unsubscribe = events.subscribe(self._on_event)

    def close(self) -> None:
        """Hear no more."""
        self._unsubscribe()

    def _on_event(self, event: Event) -> None:
        self._signals[type(event)].emit(event)
