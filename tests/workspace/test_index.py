"""The hybrid retriever in the running product: ready in the background, and words where it cannot be."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copilot.config.settings import DemoDeskSettings, Settings, save_settings
from copilot.domain import Brief, TicketId, View
from copilot.events import BriefReady, Event, Failed
from copilot.knowledge.retrieval import FOUND_BY_MEANING, FOUND_BY_WORDS
from copilot.workspace import Workspace, index
from copilot.workspace.briefs import BriefKitchen
from tests.knowledge.fake_embedder import MissingModel, WordEmbedder
from tests.workspace.conftest import happened


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "QUIET_SECONDS", 0.0)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when briefs are looked at again; must come before the workspace, which takes the method at its making."""
    done = asyncio.Event()
    again = BriefKitchen.again

    def look_again(kitchen: BriefKitchen) -> None:
        again(kitchen)
        done.set()

    monkeypatch.setattr(BriefKitchen, "again", look_again)
    return done


@pytest.fixture
async def without_model(synced_folder: Path, tmp_path: Path) -> AsyncIterator[Workspace]:
    folder = tmp_path / "workspace"
    shutil.copytree(synced_folder, folder)
    save_settings(folder, Settings(desks=(DemoDeskSettings(lively=False),)))
    workspace = await Workspace.open(folder, embedder=MissingModel())
    yield workspace
    await workspace.aclose()


async def brief_by(workspace: Workspace, ticket: TicketId) -> Brief:
    brief = await workspace.brief(ticket)
    assert brief is not None
    return brief


async def test_a_brief_made_by_words_is_made_again_when_meaning_is_ready(
    workspace: Workspace, ticket: TicketId
) -> None:
    assert (await workspace.make_brief(ticket)).found_by == FOUND_BY_WORDS
    again = asyncio.create_task(happened(workspace, lambda e: e == BriefReady(ticket)))
    await asyncio.sleep(0)
    await workspace.start()
    await again
    made = await brief_by(workspace, ticket)
    assert made.found_by == FOUND_BY_MEANING
    assert made.articles
    other = (await workspace.queue(View.MINE)).rows[1].id
    assert (await workspace.make_brief(other)).found_by == FOUND_BY_MEANING


async def test_a_brief_whose_draft_was_decided_on_stays(
    looked: asyncio.Event, workspace: Workspace, ticket: TicketId
) -> None:
    brief = await workspace.make_brief(ticket)
    await workspace.dismiss(brief.suggestion.id, "wrong", 1.0)
    reopened = await Workspace.open(workspace.folder, embedder=WordEmbedder())
    await reopened.start()
    async with asyncio.timeout(20):
        await looked.wait()
    assert (await reopened.make_brief(ticket)).id == brief.id
    await reopened.aclose()


async def test_becoming_ready_with_no_brief_to_make_again_leaves_the_kitchen_at_work(
    looked: asyncio.Event, workspace: Workspace, ticket: TicketId
) -> None:
    await workspace.start()
    async with asyncio.timeout(20):
        await looked.wait()
    ready = asyncio.create_task(happened(workspace, lambda e: e == BriefReady(ticket)))
    await asyncio.sleep(0)
    await workspace.opened(ticket)
    await ready


async def test_without_a_model_the_rep_is_told_once_and_words_go_on(without_model: Workspace) -> None:
    failures: list[Failed] = []

    def listen(event: Event) -> None:
        if isinstance(event, Failed):
            failures.append(event)

    without_model.events.subscribe(listen)
    told = asyncio.create_task(happened(without_model, lambda e: isinstance(e, Failed) and e.what == "model"))
    await asyncio.sleep(0)
    await without_model.start()
    await told
    ticket = (await without_model.queue(View.MINE)).rows[0].id
    assert (await without_model.make_brief(ticket)).found_by == FOUND_BY_WORDS
    assert [failure.what for failure in failures] == ["model"]
