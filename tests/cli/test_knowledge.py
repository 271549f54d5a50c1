"""`sidedesk knowledge …`, as somebody types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.cli import main
from copilot.config.settings import Settings, load_settings, save_settings


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
