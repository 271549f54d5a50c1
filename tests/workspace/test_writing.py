"""What a language model writes for the rep, through the door, over the demo desk; only the model is a script."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from copilot.config.settings import DemoDeskSettings, Settings, save_settings
from copilot.desks.demo import DemoDesk, open_demo_desk
from copilot.domain import (
    Abstention,
    Brief,
    Draft,
    MessageKind,
    RemoteId,
    Reply,
    Rewrite,
    Role,
    SavedReply,
    Support,
    TicketId,
    View,
)
from copilot.errors import ModelUnreachableError, NoModelError
from copilot.events import DraftReady, DraftStale, Event, ThreadChanged, WritingEnded, WritingStreamed
from copilot.models.base import Asked, Task
from copilot.workspace import Workspace
from tests.assist.writing.scripted import ScriptedWriting, reply, sentence
from tests.knowledge.fake_embedder import WordEmbedder
from tests.workspace.conftest import PATIENCE_SECONDS, happened


def own_words(asked: Asked) -> dict[str, Any]:
    """A model that says back the first sentence of the first source it is given, and asks."""
    source = next(piece for piece in asked.data if piece.label.startswith("S1"))
    first = source.text.split("\n\n", 1)[-1].split(". ")[0].strip().splitlines()[0]
    return reply(sentence("Hello,"), sentence(f"{first}.", "S1", opens=True), sentence("Does this help?"))


def own_summary(asked: Asked) -> dict[str, Any]:
    first = next(piece for piece in asked.data if piece.label.startswith("M1"))
    return {"request": [{"text": " ".join(first.text.split()[:12]), "message": "M1"}]}


@pytest.fixture
def model() -> ScriptedWriting:
    return ScriptedWriting({Task.DRAFT: [own_words], Task.SUMMARY: [own_summary]})


@pytest.fixture
async def workspace(synced_folder: Path, tmp_path: Path, model: ScriptedWriting) -> AsyncIterator[Workspace]:
    folder = tmp_path / "workspace"
    shutil.copytree(synced_folder, folder)
    save_settings(folder, Settings(desks=(DemoDeskSettings(lively=False),)))
    opened = await Workspace.open(folder, embedder=WordEmbedder(), writing=model)
    opened.writing.start()
    yield opened
    await opened.aclose()


@pytest.fixture
async def desk(workspace: Workspace) -> AsyncIterator[DemoDesk]:
    desk = await open_demo_desk(workspace.folder / "demo-desk.sqlite3", lively=False)
    yield desk
    await desk.aclose()


@pytest.fixture
async def ticket(workspace: Workspace) -> TicketId:
    """A ticket that waits for a reply, for which articles are found."""
    for row in (await workspace.queue(View.ALL, limit=60)).rows:
        talk = await workspace.conversation(row.id)
        public = [m for m in talk.messages if m.kind is MessageKind.PUBLIC]
        if public[-1].author.role is Role.REQUESTER and len(public[0].clean) > 500:
            return row.id
    raise AssertionError("the demo desk has such tickets")


def on_event(workspace: Workspace, wanted: Callable[[Event], bool]) -> asyncio.Task[Event]:
    return asyncio.create_task(happened(workspace, wanted))


async def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition that the event loop brings about."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 - no one event says it
            await asyncio.sleep(0.005)


async def written(workspace: Workspace, ticket: TicketId) -> Brief:
    """The brief once all that is to be written ahead is written."""
    await workspace.make_brief(ticket)
    await until(lambda: not workspace.writing.is_ahead(ticket))
    brief = await workspace.brief(ticket)
    assert brief is not None
    return brief


async def test_a_models_draft_and_summary_take_the_place_of_the_embedded_ones(
    workspace: Workspace, ticket: TicketId, model: ScriptedWriting
) -> None:
    first = await workspace.make_brief(ticket)
    assert first.suggestion.model == "embedded"
    brief = await written(workspace, ticket)
    assert brief.suggestion.model == "test/cheap"
    assert brief.suggestion.prompt.startswith("draft@")
    assert brief.suggestion.cost > 0
    assert brief.summary_by == "test/cheap"
    assert brief.thread_version == first.thread_version
    assert sorted(asked.task for asked in model.asked) == [Task.DRAFT, Task.SUMMARY]
    again = await workspace.make_brief(ticket)
    assert again.suggestion.id == brief.suggestion.id
    assert len(model.asked) == 2


async def test_a_draft_streams_and_says_when_it_is_ready(
    workspace: Workspace, ticket: TicketId, model: ScriptedWriting
) -> None:
    model.partials = [{"sentences": [{"text": "Hello, see https://evil.test/x now"}]}]
    model.gate = asyncio.Event()
    told: list[Event] = []
    workspace.events.subscribe(told.append)
    task = asyncio.create_task(workspace.writing.draft(ticket))
    await until(lambda: any(run.text for run in workspace.writing.running(ticket)))
    (run,) = workspace.writing.running(ticket)
    assert (run.task, run.text) == ("draft", "Hello, see now")
    model.gate.set()
    suggestion = await task
    assert any(isinstance(event, WritingStreamed) and event.run == run.run for event in told)
    assert DraftReady(ticket, suggestion.id) in told
    assert WritingEnded(ticket, run.run) in told


async def test_cancel_stops_the_model_at_once(
    workspace: Workspace, ticket: TicketId, model: ScriptedWriting
) -> None:
    model.gate = asyncio.Event()
    task = asyncio.create_task(workspace.writing.draft(ticket))
    await model.begun.wait()
    assert workspace.writing.cancel(ticket)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert model.cancelled == 1
    assert workspace.writing.running(ticket) == ()
    assert not workspace.writing.cancel(ticket)


async def test_a_new_message_makes_a_running_draft_stale_and_another_begins(
    workspace: Workspace, desk: DemoDesk, ticket: TicketId, model: ScriptedWriting
) -> None:
    await workspace.start()
    model.gate = asyncio.Event()
    await workspace.opened(ticket)
    await model.begun.wait()
    stale = on_event(workspace, lambda e: e == DraftStale(ticket))
    changed = on_event(workspace, lambda e: e == ThreadChanged(ticket))
    ready = on_event(workspace, lambda e: isinstance(e, DraftReady) and e.ticket == ticket)
    await asyncio.sleep(0)
    remote = (await workspace.conversation(ticket)).ticket.remote_id
    await desk.act_as_requester(
        remote, "One more thing: it happens in the calendar as well, every single time."
    )
    await workspace.sync_now()
    await changed
    await stale
    assert model.cancelled >= 1
    model.gate.set()
    await ready
    brief = await workspace.brief(ticket)
    assert brief is not None
    assert brief.suggestion.model == "test/cheap"
    drafts = [asked for asked in model.asked if asked.task is Task.DRAFT]
    assert any("calendar as well" in piece.text for piece in drafts[-1].data)


async def test_what_the_rep_has_begun_is_not_taken_away(
    workspace: Workspace, ticket: TicketId, model: ScriptedWriting
) -> None:
    await workspace.save_reply(SavedReply(ticket=ticket, text="I am typing"))
    brief = await workspace.make_brief(ticket)
    await until(lambda: not workspace.writing.is_ahead(ticket))
    assert any(asked.task is Task.SUMMARY for asked in model.asked)
    assert not any(asked.task is Task.DRAFT for asked in model.asked)
    now = await workspace.brief(ticket)
    assert now is not None
    assert now.suggestion.id == brief.suggestion.id


async def test_when_no_model_may_be_used_the_embedded_draft_stands_and_says_why(
    workspace: Workspace, ticket: TicketId, model: ScriptedWriting
) -> None:
    model.scripts[Task.DRAFT] = [NoModelError("The policy keeps this ticket on the built-in engine.")]
    suggestion = await workspace.writing.draft(ticket)
    assert suggestion.model == "embedded"
    assert "The policy keeps this ticket on the built-in engine." in suggestion.reason
    brief = await workspace.brief(ticket)
    assert brief is not None
    assert brief.suggestion == suggestion


async def test_a_command_that_prints_a_brief_asks_no_model(
    synced_folder: Path, tmp_path: Path, model: ScriptedWriting
) -> None:
    folder = tmp_path / "command"
    shutil.copytree(synced_folder, folder)
    workspace = await Workspace.open(folder, embedder=WordEmbedder(), writing=model)
    await workspace.make_brief((await workspace.queue(View.ALL)).rows[0].id)
    await workspace.aclose()
    assert model.asked == []


async def test_a_hostile_ticket_is_drafted_when_the_rep_asks(
    workspace: Workspace, model: ScriptedWriting
) -> None:
    desk = (await workspace.queue(View.ALL)).rows[0].desk
    hostile = await workspace._store.tickets.find(desk, RemoteId("demo-injection"))
    assert hostile is not None
    await workspace.writing.draft(hostile)
    assert sum(asked.task is Task.DRAFT for asked in model.asked) >= 1


async def test_without_any_model_nothing_is_tried(synced_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(synced_folder, folder)
    workspace = await Workspace.open(folder, embedder=WordEmbedder())
    try:
        row = (await workspace.queue(View.ALL)).rows[0]
        brief = await workspace.make_brief(row.id)
        assert workspace.writing.running(row.id) == ()
        suggestion = await workspace.writing.draft(row.id)
        assert suggestion.content == brief.suggestion.content
        assert "No language model" in suggestion.reason
        assert (await workspace.writing.ask(row.id, brief.summary[0].text)).model == "embedded"
        with pytest.raises(NoModelError):
            await workspace.writing.refine(row.id, "Hello", Rewrite.SHORTER)
    finally:
        await workspace.aclose()


async def test_a_rewrite_is_offered_beside_the_old_and_taken_when_the_rep_says_so(
    workspace: Workspace, ticket: TicketId, model: ScriptedWriting
) -> None:
    model.scripts[Task.REFINE] = [reply(sentence("Hi,"), sentence("Call me at 5."))]
    refinement = await workspace.writing.refine(ticket, "Hello,\n\nPlease call me at 5.", Rewrite.SHORTER)
    assert refinement.old == "Hello,\n\nPlease call me at 5."
    content = refinement.suggestion.content
    assert isinstance(content, Draft)
    assert [one.support for one in content.sentences] == [Support.COURTESY, Support.FROM_REP]
    before = await workspace.brief(ticket)
    assert before is not None
    assert before.suggestion.id != refinement.suggestion.id
    await workspace.writing.take(refinement)
    after = await workspace.brief(ticket)
    assert after is not None
    assert after.suggestion == refinement.suggestion
    talk = await workspace.conversation(ticket)
    await workspace.send(
        ticket,
        Reply(text=content.text),
        seen=talk.messages[-1].remote_id,
        suggestion=refinement.suggestion.id,
    )
    assert (await workspace.verdict(after)) is not None


async def test_a_question_reads_thread_knowledge_and_the_customers_other_tickets(
    workspace: Workspace, ticket: TicketId, model: ScriptedWriting
) -> None:
    model.scripts[Task.ASK] = [{"missing": ["The version"]}]
    answer = await workspace.writing.ask(ticket, "How do I compact folders?")
    assert isinstance(answer.content, Abstention)
    asked = next(one for one in model.asked if one.task is Task.ASK)
    labels = [piece.label for piece in asked.data]
    assert labels[0] == "question"
    assert any(label.startswith("M1") for label in labels)
    assert any(label.startswith("S1") for label in labels)
    assert any("compact" in piece.text.casefold() for piece in asked.data[1:])


async def test_a_failing_model_leaves_a_question_to_the_sources(
    workspace: Workspace, ticket: TicketId, model: ScriptedWriting
) -> None:
    model.scripts[Task.ASK] = [ModelUnreachableError("Nothing listens there.")]
    answer = await workspace.writing.ask(ticket, "How do I compact folders?")
    assert answer.model == "embedded"
    assert "Nothing listens there." in answer.reason


async def test_a_sentence_is_checked_while_the_rep_edits(workspace: Workspace, ticket: TicketId) -> None:
    talk = await workspace.conversation(ticket)
    first = await workspace.writing.recheck(ticket, "I have no idea where that is.")
    assert first.support is Support.FROM_REP
    made_up = await workspace.writing.recheck(ticket, "It will cost 9173 dollars, see https://evil.test.")
    assert (made_up.support, made_up.text) == (
        Support.UNSUPPORTED,
        "It will cost 9173 dollars, see https://evil.test.",
    )
    assert talk.ticket.id == ticket


async def test_the_hostile_ticket_is_not_drafted_unasked(
    workspace: Workspace, model: ScriptedWriting
) -> None:
    hostile = await workspace._store.tickets.find(
        (await workspace.queue(View.ALL)).rows[0].desk, RemoteId("demo-injection")
    )
    assert hostile is not None
    await workspace.make_brief(hostile)
    await until(lambda: not workspace.writing.is_ahead(hostile))
    assert not any(asked.task is Task.DRAFT for asked in model.asked)
