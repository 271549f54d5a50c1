"""Each event of the core is a signal of its own."""

from __future__ import annotations

import typing

from PySide6.QtCore import SignalInstance

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
from ui.bridge import Bridge

ONE_OF_EACH: dict[str, Event] = {
    "tickets_changed": TicketsChanged(frozenset({TicketId(1)})),
    "attention_wanted": AttentionWanted(Attention.REPLIED, TicketId(1)),
    "thread_changed": ThreadChanged(TicketId(1)),
    "brief_ready": BriefReady(TicketId(1)),
    "writing_streamed": WritingStreamed(TicketId(1), RunId("r")),
    "writing_ended": WritingEnded(TicketId(1), RunId("r"), "No answer."),
    "draft_ready": DraftReady(TicketId(1), SuggestionId("s")),
    "draft_stale": DraftStale(TicketId(1)),
    "outbox_changed": OutboxChanged(OutboxId("1"), TicketId(1), OutboxState.SENT),
    "dispatch_changed": DispatchChanged(DispatchId("1"), TicketId(1), OutboxState.FAILED),
    "sync_progressed": SyncProgress(DeskId("demo"), 1, 2),
    "desk_changed": DeskChanged(DeskId("demo"), DeskHealth.ONLINE),
    "knowledge_changed": KnowledgeChanged(),
    "knowledge_progressed": KnowledgeProgress(SourceId("kb-handbook"), 1, None),
    "failed": Failed("sync", "No answer."),
}


def test_every_kind_of_event_reaches_its_signal_until_the_bridge_is_closed(qapp: object) -> None:
    assert {type(event) for event in ONE_OF_EACH.values()} == set(typing.get_args(Event))
    stream = EventStream()
    bridge = Bridge(stream)
    heard: list[tuple[str, Event]] = []
    for name in ONE_OF_EACH:
        signal: SignalInstance = getattr(bridge, name)
        signal.connect(lambda event, name=name: heard.append((name, event)))
    for event in ONE_OF_EACH.values():
        stream.publish(event)
    assert heard == list(ONE_OF_EACH.items())
    bridge.close()
    stream.publish(KnowledgeChanged())
    assert len(heard) == len(ONE_OF_EACH)
