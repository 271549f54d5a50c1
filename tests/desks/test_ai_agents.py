"""Who is an AI agent, and what it says on handing over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.desks.ai_agents import AiAgents, share, with_reason
from copilot.domain import (
    Channel,
    Escalation,
    Message,
    MessageKind,
    Person,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BOT = Person(remote_id=RemoteId("bot"), name="Bot", role=Role.AI_AGENT)
CARLA = Person(remote_id=RemoteId("c"), name="Carla")
TICKET = TicketSnapshot(
    remote_id=RemoteId("1"),
    subject="Lamp",
    status=Status.OPEN,
    channel=Channel.EMAIL,
    created=NOW,
    updated=NOW,
    requester=CARLA,
    version="1",
)


def note(author: Person, text: str = "", html: str = "", kind: MessageKind = MessageKind.NOTE) -> Message:
    return Message(remote_id=RemoteId("m"), author=author, created=NOW, kind=kind, text=text, html=html)


def test_users_and_addresses_are_the_same_in_any_case() -> None:
    agents = AiAgents.of(["Aida@Acme.example", " ", ""])
    assert agents.include("7", "Aida", "aida@acme.EXAMPLE")
    assert not agents.include("7", "Aida", "")
    assert not AiAgents().include("", "")


@pytest.mark.parametrize(
    ("tags", "by"),
    [
        (("ai-escalated",), "AI agent"),
        (("AI_escalated",), "AI agent"),
        (("bot-asked",), "bot-asked"),
        (("vip",), None),
    ],
)
def test_which_tags_tell_of_a_handover(tags: tuple[str, ...], by: str | None) -> None:
    escalation = AiAgents.of(["Bot-Asked"]).escalation(tags, {})
    assert (escalation.by if escalation is not None else None) == by


def test_reason_and_confidence_come_from_fields() -> None:
    fields = {"Escalation reason": "Wants a refund", "Escalation confidence": "42 %"}
    escalation = AiAgents().escalation(("ai-escalated",), fields, by="Aida")
    assert escalation == Escalation(by="Aida", reason="Wants a refund", confidence=0.42)


def test_the_last_note_of_the_ai_agent_gives_the_reason_that_no_field_does() -> None:
    bare = replace(TICKET, escalation=Escalation(by="Bot", reason=""))
    messages = [note(BOT, "First."), note(BOT, html="<p>It is <b>broken</b>.</p>"), note(CARLA, "No.")]
    told = with_reason(bare, messages).escalation
    assert told == Escalation(by="Bot", reason="It is broken.", at=NOW)
    assert with_reason(bare, [note(BOT, "Public.", kind=MessageKind.PUBLIC)]) == bare
    said = replace(TICKET, escalation=Escalation(by="Bot", reason="Said."))
    assert with_reason(said, messages) == said
    assert with_reason(TICKET, messages) == TICKET


@given(st.text(max_size=12))
def test_a_share_is_between_nothing_and_all_or_none(text: str) -> None:
    found = share(text)
    assert found is None or 0 <= found <= 1


@pytest.mark.parametrize(
    ("text", "number"), [("0.4", 0.4), ("40%", 0.4), ("40", None), ("nan", None), ("", None)]
)
def test_shares(text: str, number: float | None) -> None:
    assert share(text) == number
