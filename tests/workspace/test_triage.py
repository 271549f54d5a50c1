"""Mood, urgency and intent, set right by a rep, on the demo desk's tickets."""

from __future__ import annotations

import asyncio

import pytest

from copilot.desks.demo import DemoDesk
from copilot.domain import Brief, Reply, TicketId, TriageKind, View
from copilot.errors import UserError
from copilot.events import BriefReady, Event, TicketsChanged
from copilot.workspace import Workspace
from tests.workspace.conftest import PATIENCE_SECONDS, happened, newest


async def brief_of(workspace: Workspace, ticket: TicketId) -> Brief:
    brief = await workspace.brief(ticket)
    assert brief is not None
    return brief


@pytest.mark.parametrize(
    ("kind", "value"), [(TriageKind.SENTIMENT, -0.9), (TriageKind.URGENCY, 3), (TriageKind.INTENT, "refund")]
)
async def test_a_correction_shows_at_once_and_can_be_undone(
    workspace: Workspace, ticket: TicketId, kind: TriageKind, value: float | str
) -> None:
    before = await workspace.make_brief(ticket)
    (row_before,) = await workspace.rows([ticket])
    told: list[Event] = []
    workspace.events.subscribe(told.append)

    await workspace.triage.correct(ticket, kind, value)
    after = await brief_of(workspace, ticket)
    shown = {
        TriageKind.SENTIMENT: after.sentiment.score,
        TriageKind.URGENCY: after.urgency.level,
        TriageKind.INTENT: after.intent and after.intent.name,
    }
    assert shown[kind] == value
    assert after.corrected == (kind,)
    (row,) = await workspace.rows([ticket])
    assert row.mood == after.sentiment.score
    assert row.urgency == after.urgency.level
    assert BriefReady(ticket) in told
    assert TicketsChanged(frozenset({ticket})) in told

    undone = await workspace.undo()
    assert undone is not None
    assert undone.what == f"Correction of the {kind}"
    assert await brief_of(workspace, ticket) == before
    assert await workspace.rows([ticket]) == (row_before,)


async def test_the_newest_of_two_corrections_holds_and_each_is_undone_by_itself(
    workspace: Workspace, ticket: TicketId
) -> None:
    first = (await workspace.make_brief(ticket)).urgency
    await workspace.triage.correct(ticket, TriageKind.URGENCY, 3)
    second = await workspace.triage.correct(ticket, TriageKind.URGENCY, 0)
    assert second.told == str(first.level), "what the rules said, not what the rep had said"
    assert (await brief_of(workspace, ticket)).urgency.level == 0
    await workspace.undo()
    assert (await brief_of(workspace, ticket)).urgency.level == 3
    await workspace.undo()
    assert (await brief_of(workspace, ticket)).urgency == first


async def test_urgency_holds_until_the_requester_writes_again_and_intent_for_good(
    workspace: Workspace, desk: DemoDesk, ticket: TicketId
) -> None:
    await workspace.make_brief(ticket)
    await workspace.triage.correct(ticket, TriageKind.URGENCY, 3)
    await workspace.triage.correct(ticket, TriageKind.INTENT, "refund")
    remote = (await workspace.conversation(ticket)).ticket.remote_id

    await desk.act_as_rep(remote, "We look into it.")
    await workspace.sync_once()
    assert (await workspace.make_brief(ticket)).urgency.level == 3
    assert (await workspace.rows([ticket]))[0].urgency == 3

    await desk.act_as_requester(remote, "No rush, it is not urgent.")
    await workspace.sync_once()
    brief = await workspace.make_brief(ticket)
    assert brief.urgency.level == 0
    assert brief.corrected == (TriageKind.INTENT,)
    assert brief.intent is not None
    assert brief.intent.name == "refund"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (TriageKind.URGENCY, 4),
        (TriageKind.URGENCY, -1),
        (TriageKind.URGENCY, "high"),
        (TriageKind.SENTIMENT, 1.5),
        (TriageKind.SENTIMENT, None),
        (TriageKind.INTENT, "  "),
        (TriageKind.INTENT, 2),
    ],
)
async def test_what_makes_no_sense_is_refused(
    workspace: Workspace, ticket: TicketId, kind: TriageKind, value: float | str | None
) -> None:
    await workspace.make_brief(ticket)
    with pytest.raises(UserError):
        await workspace.triage.correct(ticket, kind, value)
    assert await workspace.triage.corrections(ticket) == {}


async def test_without_a_brief_there_is_nothing_to_correct(workspace: Workspace, ticket: TicketId) -> None:
    with pytest.raises(UserError, match="still being read"):
        await workspace.triage.correct(ticket, TriageKind.URGENCY, 1)
    with pytest.raises(KeyError):
        await workspace.triage.correct(TicketId(99_999), TriageKind.URGENCY, 1)


async def test_reasons_that_reps_keep_correcting_count_less_on_the_next_ticket(workspace: Workspace) -> None:
    rows = (await workspace.queue(View.ALL, limit=100)).rows
    briefs = [await workspace.make_brief(row.id) for row in rows[:45]]
    by_reason: dict[tuple[str, ...], list[Brief]] = {}
    for brief in briefs:
        kinds = tuple(reason.partition(":")[0] for reason in brief.urgency.reasons)
        if brief.urgency.level in {1, 2} and len(kinds) == 1:
            by_reason.setdefault(kinds, []).append(brief)
    alike = max(by_reason.values(), key=len)
    assert len(alike) >= 4, "the demo desk has four tickets with one and the same reason"
    *corrected, last = alike[:4]
    for brief in corrected:
        await workspace.triage.correct(brief.ticket, TriageKind.URGENCY, brief.urgency.level - 1)

    conversation = await workspace.conversation(last.ticket)
    refined = await workspace.triage.refine(conversation, last)
    assert refined.urgency.level == last.urgency.level - 1
    assert refined.urgency.reasons[-1] == "Your team's corrections make it lower."
    assert workspace.triage.learned.urgency[0][1] == pytest.approx(-0.6)

    for _ in corrected:
        await workspace.undo()
    assert (await workspace.triage.refine(conversation, last)).urgency == last.urgency


async def test_a_decision_without_a_correction_says_that_it_was_right(
    workspace: Workspace, ticket: TicketId
) -> None:
    brief = await workspace.make_brief(ticket)
    await workspace.send(
        ticket, Reply(text="Hello."), seen=await newest(workspace, ticket), suggestion=brief.suggestion.id
    )
    await workspace.triage.learn()
    assert workspace.triage.learned.urgency == (), "an agreement alone changes nothing"


async def test_intents_are_learned_from_tags_and_shown_in_the_brief(
    workspace: Workspace, ticket: TicketId
) -> None:
    assert (await workspace.make_brief(ticket)).intent is None
    await workspace.triage.learn()
    assert workspace.triage.is_ready
    assert len(workspace.triage.intents) >= 5
    intent = (await workspace.make_brief(ticket)).intent
    assert intent is not None
    assert 0 <= intent.confidence <= 1
    assert {name for name, _ in intent.closest} <= set(workspace.triage.intents)
    assert await brief_of(workspace, ticket) == await workspace.make_brief(ticket)


async def test_intents_are_learned_from_what_reps_say(workspace: Workspace) -> None:
    rows = (await workspace.queue(View.ALL, limit=100)).rows
    for row in rows[:3]:
        await workspace.make_brief(row.id)
        await workspace.triage.correct(row.id, TriageKind.INTENT, "a name of ours")
    await workspace.triage.learn()
    assert "a name of ours" in workspace.triage.intents
    await workspace.undo()
    await workspace.triage.learn()
    assert "a name of ours" not in workspace.triage.intents


async def test_an_open_workspace_learns_intents_by_itself_and_makes_briefs_anew(
    workspace: Workspace, ticket: TicketId
) -> None:
    rows = (await workspace.queue(View.ALL, limit=100)).rows
    other = next(row.id for row in rows if row.id != ticket)
    assert (await workspace.make_brief(other)).intent is None
    await workspace.make_brief(ticket)
    await workspace.start()
    await workspace.opened(ticket)

    async with asyncio.timeout(PATIENCE_SECONDS):
        while (brief := await workspace.brief(other)) is None or brief.intent is None:
            await happened(workspace, lambda event: event == BriefReady(other))
    assert brief.intent.confidence > 0
    read = await brief_of(workspace, ticket)
    assert read.intent is None, "the one being read stays as it is"
