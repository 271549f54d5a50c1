"""`sidedesk knowledge …`, as somebody types it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from copilot.cli import main
from copilot.config.settings import Settings, load_settings, save_settings
from copilot.domain import Audience
from copilot.workspace import (
    ConfluenceSourceSettings,
    GoogleDriveSourceSettings,
    NotionSourceSettings,
    SourceSettings,
    Workspace,
    YouTubeSourceSettings,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    save_settings(folder, Settings(desks=()))
    return folder


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    folder = tmp_path / "Handbook"
    folder.mkdir()
    (folder / "returns.md").write_text("# Returns\n\nParcels come back within 14 days.")
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    return folder


def test_a_folder_is_added_listed_and_removed(
    workspace: Path, handbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def sidedesk(*arguments: str) -> str:
        assert main(["--workspace", str(workspace), "knowledge", *arguments]) == 0
        return capsys.readouterr().out

    line = "kb-handbook  Handbook (folder, internal): 1 article, read just now"
    failure = "  - old.doc: Word's old format is not read; save it as DOCX."
    assert sidedesk("add", str(handbook)).splitlines() == [line, failure]
    assert sidedesk("list").splitlines() == [line, failure]
    (handbook / "old.doc").unlink()
    (handbook / "warranty.txt").write_text("Two years.")
    assert "2 articles" in sidedesk("refresh")
    assert "2 articles" in sidedesk("refresh", "kb-handbook")
    assert sidedesk("remove", "kb-handbook") == "kb-handbook is removed.\n"
    assert sidedesk("list") == "No sources.\n"
    assert load_settings(workspace).knowledge == ()


def test_what_is_wrong_is_said(workspace: Path, handbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--workspace", str(workspace), "knowledge", "add", "nothing-here"]) == 1
    assert "neither a folder nor a web address" in capsys.readouterr().err
    assert main(["--workspace", str(workspace), "knowledge", "remove", "kb-unknown"]) == 1
    assert "There is no source kb-unknown" in capsys.readouterr().err
    assert (
        main(["--workspace", str(workspace), "knowledge", "add", "http://127.0.0.1:9/", "--name", "Dead"])
        == 0
    )
    told = capsys.readouterr()
    assert "0 articles, not read yet" in told.out
    assert "cannot be reached" in told.out
    assert "Dead could not be read" in told.err


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["notion"], NotionSourceSettings(id="kb-notion", name="Notion")),
        (
            ["https://drive.google.com/drive/folders/1aB?usp=sharing", "--name", "Guides"],
            GoogleDriveSourceSettings(id="kb-guides", name="Guides", folder="1aB"),
        ),
        (
            ["https://acme.atlassian.net/wiki/spaces/SUP/overview", "--email", "i@acme.example"],
            ConfluenceSourceSettings(
                id="kb-sup",
                name="SUP",
                site="https://acme.atlassian.net",
                space="SUP",
                email="i@acme.example",
            ),
        ),
        (
            ["https://www.youtube.com/playlist?list=PL1", "--public"],
            YouTubeSourceSettings(id="kb-youtube", name="YouTube", audience=Audience.PUBLIC, playlist="PL1"),
        ),
        (
            ["https://www.youtube.com/channel/UC1/videos"],
            YouTubeSourceSettings(id="kb-youtube", name="YouTube", playlist="UC1"),
        ),
    ],
)
def test_hosted_sources_by_their_address(
    workspace: Path,
    arguments: list[str],
    settings: SourceSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[str] = []

    async def no_network(self: object, source: str | None = None) -> None:
        asked.append(str(source))

    kept: dict[str, str] = {}
    monkeypatch.setattr(Workspace, "refresh_knowledge", no_network)
    monkeypatch.setattr("copilot.config.secrets._write", kept.__setitem__)
    monkeypatch.setattr("copilot.config.secrets._read", kept.get)
    monkeypatch.setattr("copilot.config.secrets._delete", kept.__delitem__)
    monkeypatch.setattr("sys.stdin", io.StringIO("a-token\n"))
    assert main(["--workspace", str(workspace), "knowledge", "add", *arguments]) == 0
    assert load_settings(workspace).knowledge == (settings,)
    assert asked == [settings.id]
    assert list(kept.values()) == ["a-token"]
    assert main(["--workspace", str(workspace), "knowledge", "remove", settings.id]) == 0
    assert kept == {}


def test_a_hosted_source_needs_what_it_signs_in_with(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for place, said in (
        ("notion", "Without a token"),
        ("https://acme.atlassian.net/wiki/spaces/SUP", "--email"),
        ("https://www.youtube.com/watch?v=1", "neither a playlist nor a channel"),
    ):
        assert main(["--workspace", str(workspace), "knowledge", "add", place]) == 1
        assert said in capsys.readouterr().err
    assert load_settings(workspace).knowledge == ()
