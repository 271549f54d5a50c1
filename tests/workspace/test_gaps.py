"""From questions that nothing answered to an answer of the team's own, on the demo desk."""

from __future__ import annotations

import asyncio

import pytest

from copilot.domain import Abstention, AnswerId, Assign, Draft, TicketId, View
from copilot.errors import UserError
from copilot.workspace import ReviewState, Workspace


async def unanswered(workspace: Workspace) -> list[TicketId]:
    """Tickets whose brief found nothing; their briefs are made on the way."""
    rows = (await workspace.queue(View.ALL, limit=100)).rows[:20]
    briefs = [await workspace.make_brief(row.id) for row in rows]
    said = [(brief.ticket, brief.suggestion.content) for brief in briefs]
    return [ticket for ticket, content in said if isinstance(content, Abstention) and content.missing]


async def test_gaps_hold_every_ticket_that_found_nothing_or_was_escalated_once(workspace: Workspace) -> None:
    nothing = await unanswered(workspace)
    assert nothing
    heard: list[tuple[int, int]] = []
    gaps = await workspace.gaps.find(progress=lambda done, total: heard.append((done, total)))
    tickets = [ticket for gap in gaps for ticket in gap.tickets]
    escalated = [item.ticket for item in (await workspace.gaps.review()).items]
    assert sorted(tickets) == sorted({*nothing, *escalated})
    assert [gap.count for gap in gaps] == sorted((gap.count for gap in gaps), reverse=True)
    assert all(gap.name and gap.example for gap in gaps)
    assert heard, "reading them is told of"
    by_ticket = {question.ticket: question for gap in gaps for question in gap.questions}
    assert all(by_ticket[ticket].found_nothing for ticket in nothing)
    assert all(by_ticket[ticket].escalated for ticket in escalated)


async def test_an_escalation_of_a_rep_is_a_gap_until_it_is_undone(
    workspace: Workspace, ticket: TicketId
) -> None:
    before = {item.ticket for item in (await workspace.gaps.review()).items}
    assert ticket not in before
    brief = await workspace.make_brief(ticket)
    packet = await workspace.packet(ticket, "Too hard")
    batch = await workspace.escalate(
        ticket,
        packet=packet.text,
        to=Assign(group="Escalations"),
        suggestion=brief.suggestion.id,
        seconds=42.0,
    )
    assert ticket in {item.ticket for item in (await workspace.gaps.review()).items}
    (gap,) = [gap for gap in await workspace.gaps.find() if ticket in gap.tickets]
    assert gap.seconds == pytest.approx(42.0)
    await workspace.undo(batch)
    assert {item.ticket for item in (await workspace.gaps.review()).items} == before


async def test_an_answer_is_started_edited_approved_and_played_back(workspace: Workspace) -> None:
    await unanswered(workspace)
    gaps = await workspace.gaps.find()
    begun = [await workspace.gaps.start_answer(gap.tickets) for gap in gaps]
    started = next(one for one in begun if one is not None)
    title, text = started.title, started.text
    for kind in started.removed:
        title, text = (part.replace(f"[{kind} 1]", "the address") for part in (title, text))
    answer = await workspace.gaps.approve(title, text, approved_by="Ines", ticket=started.ticket)
    assert answer in await workspace.answers.all()

    heard: list[tuple[int, int]] = []
    replayed = await workspace.gaps.replay(
        answer.id, limit=6, progress=lambda done, total: heard.append((done, total))
    )
    assert heard[-1][0] == heard[-1][1] == len(replayed)
    own = next(one for one in replayed if one.ticket == started.ticket)
    assert own.found, "the ticket it was written from finds it"
    assert [one.answered for one in replayed] == sorted((one.answered for one in replayed), reverse=True)


async def test_a_replay_says_which_tickets_a_draft_would_have_answered(workspace: Workspace) -> None:
    """An answer made of a ticket's own question is cited in the draft for it, and for nothing far from it."""
    ticket = (await unanswered(workspace))[0]
    conversation = await workspace.conversation(ticket)
    asked = conversation.messages[0].clean
    before = await workspace.make_brief(ticket)
    assert not isinstance(before.suggestion.content, Draft)
    answer = await workspace.gaps.approve(
        conversation.ticket.subject,
        f"{asked}\n\nOpen the settings, choose General, and untick the box beside it. Then restart the program.",
        approved_by="Ines",
        ticket=ticket,
    )
    replayed = {one.ticket: one for one in await workspace.gaps.replay(answer.id, limit=8)}
    assert replayed[ticket].found
    assert len(replayed) == 8
    assert not all(one.answered for one in replayed.values())
    assert (await workspace.brief(ticket)) == before, "a replay leaves no row"


async def test_what_was_taken_out_must_be_written_anew(workspace: Workspace) -> None:
    with pytest.raises(UserError, match=r"\[name 1\]"):
        await workspace.gaps.approve("Proxy", "Ask [name 1] about it.", approved_by="Ines")
    assert await workspace.answers.all() == ()


async def test_an_unknown_answer_cannot_be_played_back(workspace: Workspace) -> None:
    with pytest.raises(KeyError):
        await workspace.gaps.replay(AnswerId("none"))


async def test_the_guided_page_keeps_where_one_was(workspace: Workspace) -> None:
    review = await workspace.gaps.review()
    assert review.next is not None
    assert review.count(ReviewState.OPEN) == len(review.items)
    first, second = review.items[0].ticket, review.items[1].ticket
    await workspace.gaps.mark(first, ReviewState.SKIPPED)
    answer = await workspace.gaps.approve("A question", "Its answer.", approved_by="Ines", ticket=second)

    review = await workspace.gaps.review()
    assert [item.state for item in review.items[:2]] == [ReviewState.SKIPPED, ReviewState.DONE]
    assert review.items[1].answer == answer.id
    assert review.next is not None
    assert review.next.ticket == review.items[2].ticket

    await workspace.gaps.mark(first, ReviewState.OPEN)
    assert (await workspace.gaps.review()).next == (await workspace.gaps.review()).items[0]
    assert len((await workspace.gaps.review(limit=3)).items) == 3
    with pytest.raises(KeyError):
        await workspace.gaps.mark(TicketId(99_999), ReviewState.DONE)


async def test_the_search_for_gaps_can_be_cancelled(workspace: Workspace) -> None:
    await unanswered(workspace)
    begun = asyncio.Event()
    task = asyncio.create_task(workspace.gaps.find(progress=lambda *_: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await workspace.gaps.find(), "and done again"
