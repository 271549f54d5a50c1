"""`sidedesk knowledge gaps|duplicates|articles`, as somebody types it, on the demo desk's tickets."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from copilot.cli import main
from copilot.config.settings import DemoDeskSettings, Settings, save_settings
from copilot.workspace import Workspace
from copilot.workspace import door as the_door
from tests.knowledge.fake_embedder import MissingModel, WordEmbedder


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")

    async def fill() -> None:
        save_settings(folder, Settings(desks=(DemoDeskSettings(lively=False),)))
        workspace = await Workspace.open(folder)
        await workspace.sync_once()
        text = (
            "Goods can be sent back within {} days after delivery, unopened and with the bill in the parcel."
        )
        await workspace.answers.add("Sending back", text.format(30), approved_by="Ines")
        await workspace.answers.add("Sending goods back", text.format(14), approved_by="Tom")
        await workspace.aclose()

    asyncio.run(fill())
    return folder


@pytest.fixture
def workspace(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "workspace"
    shutil.copytree(filled, folder)
    monkeypatch.setattr(the_door, "shipped_model", lambda: WordEmbedder(dimension=512))
    return folder


def sidedesk(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["--workspace", str(folder), *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_gaps_are_printed_with_their_tickets(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, *lines = sidedesk(workspace, capsys, "knowledge", "gaps", "--read", "8", "--limit", "4")
    told = re.fullmatch(r"(\d+) questions were not answered from the team's knowledge: (\d+) gaps\.", first)
    assert told is not None
    assert int(told[1]) >= int(told[2]) >= 4
    assert len([line for line in lines if re.match(r" {0,3}\d+  \S", line)]) == 4
    assert any("escalated" in line for line in lines)


def test_a_contradiction_is_printed_with_its_evidence(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *lines = sidedesk(workspace, capsys, "knowledge", "duplicates", "--limit", "500")
    assert re.match(r"\d+ pairs of articles may contradict each other, \d+ say mostly the same\.", first)
    at = next(
        number for number, line in enumerate(lines) if "Sending back" in line and "Sending goods" in line
    )
    assert "≠" in lines[at]
    assert re.search(r"days: (30 or 14|14 or 30)", lines[at + 1])


def test_articles_are_printed_with_owner_and_use(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = sidedesk(workspace, capsys, "knowledge", "articles", "--limit", "500")
    assert any("Sending goods back" in line and "Tom, never used" in line for line in lines)


def test_a_brief_tells_the_intent(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = sidedesk(workspace, capsys, "brief", "1")
    assert any(re.match(r"Intent   .+ \(\d+%\)", line) for line in lines)


def test_a_brief_is_printed_without_the_model_too(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(the_door, "shipped_model", MissingModel)
    assert main(["--workspace", str(workspace), "brief", "1"]) == 0
    told = capsys.readouterr()
    assert "Urgency" in told.out
    assert "Intent" not in told.out
    assert "model.onnx is missing" in told.err
