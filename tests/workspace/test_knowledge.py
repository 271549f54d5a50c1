"""The team's knowledge through the one door: from a folder into the next ticket's brief, and out again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from copilot.config.settings import (
    FolderSourceSettings,
    NotionSourceSettings,
    WebsiteSourceSettings,
    load_settings,
)
from copilot.domain import ArticleId, Audience, Brief, SourceKind, TicketId, View
from copilot.errors import UserError
from copilot.events import Event, Failed, KnowledgeChanged, KnowledgeProgress
from copilot.workspace import Workspace
from tests.workspace.conftest import happened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "handbook"
    folder.mkdir()
    return folder


async def tickets(workspace: Workspace) -> list[TicketId]:
    return [row.id for row in (await workspace.queue(View.UNASSIGNED)).rows]


async def written_for(workspace: Workspace, ticket: TicketId) -> str:
    """An article's text that answers this very ticket."""
    conversation = await workspace.conversation(ticket)
    return f"# {conversation.ticket.subject}\n\n{conversation.messages[0].clean}\n\nTurn the blue knob."


def from_folder(brief: Brief) -> list[str]:
    return [hit.article for hit in brief.articles if hit.article.startswith("kb-")]


async def test_from_a_folder_into_the_next_brief_and_out_again(workspace: Workspace, folder: Path) -> None:
    first, second, third = (await tickets(workspace))[:3]
    page = folder / "knob.md"
    page.write_text(await written_for(workspace, first))
    told: list[Event] = []
    workspace.events.subscribe(told.append)
    source = await workspace.add_source(FolderSourceSettings(id="new", name="Handbook", path=str(folder)))
    await workspace.refresh_knowledge(source)
    assert told == [
        KnowledgeProgress(source, 1, 1),
        KnowledgeProgress(source, 1, 1, finished=True),
        KnowledgeChanged(),
    ]
    brief = await workspace.make_brief(first)
    assert from_folder(brief) == ["kb-handbook/knob.md"]
    assert brief.articles[0].audience is Audience.INTERNAL

    page.write_text((await written_for(workspace, second)).replace("blue", "green"))
    await workspace.refresh_knowledge()
    assert from_folder(await workspace.make_brief(second)) == ["kb-handbook/knob.md"]
    assert "green knob" in (await workspace.article(ArticleId("kb-handbook/knob.md"))).text

    page.write_text(await written_for(workspace, third))
    await workspace.refresh_knowledge()
    page.unlink()
    await workspace.refresh_knowledge()
    assert from_folder(await workspace.make_brief(third)) == []
    with pytest.raises(KeyError):
        await workspace.article(ArticleId("kb-handbook/knob.md"))


async def test_a_source_is_read_again_after_a_restart_and_gone_after_removal(
    workspace: Workspace, folder: Path
) -> None:
    (folder / "a.md").write_text("# Parrots\n\nThey talk.")
    source = await workspace.add_source(FolderSourceSettings(id="new", name="Handbook", path=str(folder)))
    await workspace.aclose()

    again = await Workspace.open(workspace.folder)
    changed = asyncio.create_task(happened(again, lambda event: event == KnowledgeChanged()))
    await asyncio.sleep(0)
    await again.start()
    await changed
    (info,) = await again.sources()
    assert (info.id, info.articles, info.failures, info.problem) == (source, 1, (), "")
    await again.remove_source(source)
    assert await again.sources() == ()
    assert load_settings(again.folder).knowledge == ()
    with pytest.raises(KeyError):
        await again.article(ArticleId(f"{source}/a.md"))
    await again.aclose()


async def test_a_source_that_cannot_be_read_says_so_once(workspace: Workspace, folder: Path) -> None:
    (folder / "a.md").write_text("# Parrots\n\nThey talk.")
    await workspace.add_source(FolderSourceSettings(id="new", name="Handbook", path=str(folder)))
    await workspace.refresh_knowledge()
    folder.rename(folder.with_name("moved"))
    told: list[Event] = []
    workspace.events.subscribe(told.append)
    await workspace.refresh_knowledge()
    await workspace.refresh_knowledge()
    assert [event.what for event in told if isinstance(event, Failed)] == ["knowledge"]
    (info,) = await workspace.sources()
    assert "cannot be read" in info.problem
    assert info.articles == 1, "what was read before stays"
    assert info.read is not None


async def test_removed_while_it_is_read(workspace: Workspace, folder: Path) -> None:
    for number in range(200):
        (folder / f"{number}.md").write_text(f"# Parrot {number}\n\nIt talks.")
    source = await workspace.add_source(FolderSourceSettings(id="new", name="Handbook", path=str(folder)))
    begun = asyncio.create_task(happened(workspace, lambda event: isinstance(event, KnowledgeProgress)))
    reading = asyncio.create_task(workspace.refresh_knowledge())
    await begun
    await workspace.remove_source(source)
    await reading
    assert await workspace.sources() == ()
    with pytest.raises(KeyError):
        await workspace.article(ArticleId(f"{source}/0.md"))


async def test_an_answer_taught_is_in_the_next_brief(workspace: Workspace) -> None:
    ticket = (await tickets(workspace))[0]
    conversation = await workspace.conversation(ticket)
    answer = await workspace.answers.add(
        conversation.ticket.subject,
        f"{conversation.messages[0].clean} Turn the blue knob.",
        approved_by="Ines Okafor",
        ticket=ticket,
    )
    (known,) = await workspace.answers.all()
    assert known == answer
    brief = await workspace.make_brief(ticket)
    kinds = {hit.article: (hit.kind, hit.audience) for hit in brief.articles}
    assert kinds[ArticleId(f"answers/{answer.id}")] == (SourceKind.INTERNAL_ANSWER, Audience.INTERNAL)
    await workspace.answers.remove(answer.id, removed_by="Ines Okafor")
    assert await workspace.answers.all() == ()
    with pytest.raises(UserError):
        await workspace.answers.add("", "", approved_by="Ines Okafor")


async def test_a_hosted_source_without_its_token_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.config.secrets._read", lambda _key: None)
    source = await workspace.add_source(NotionSourceSettings(id="new", name="Notion"))
    told: list[Event] = []
    workspace.events.subscribe(told.append)
    await workspace.refresh_knowledge(source)
    (info,) = await workspace.sources()
    assert "token is not in the keyring" in info.problem
    assert [event.what for event in told if isinstance(event, Failed)] == ["knowledge"]


async def test_a_token_that_no_keyring_takes_lives_for_this_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.config.secrets._write", lambda _key, _value: None)
    monkeypatch.setattr("copilot.config.secrets._read", lambda _key: None)
    told: list[Event] = []
    workspace.events.subscribe(told.append)
    await workspace.add_source(NotionSourceSettings(id="new", name="Notion"), "secret_x")
    (failed,) = told
    assert isinstance(failed, Failed)
    assert "KB_NOTION_TOKEN" in failed.advice
    assert "secret_x" not in (workspace.folder / "settings.toml").read_text()


async def test_an_air_gapped_workspace_reads_nothing_outside_the_building(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    (folder / "knob.md").write_text("# Knob\n\nTurn it.")
    await workspace.models.set_privacy(workspace.models.privacy.model_copy(update={"air_gapped": True}))
    inside = await workspace.add_source(FolderSourceSettings(id="", name="Handbook", path=str(folder)))
    outside = await workspace.add_source(
        WebsiteSourceSettings(id="", name="Site", url="https://help.example.com")
    )
    await workspace.refresh_knowledge()
    found = {info.id: info for info in await workspace.sources()}
    assert found[inside].articles == 1
    assert "air-gapped" in found[outside].problem
