"""Folders, also with files that somebody made to do harm."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from copilot.domain import Audience, SourceId
from copilot.errors import SourceError
from copilot.knowledge.sources.base import Expected, Label, Limits
from copilot.knowledge.sources.folder import FolderSource
from copilot.knowledge.sources.parsing import Parser
from tests.knowledge.sources.conftest import read
from tests.knowledge.sources.make import docx, pdf

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="makes links, pipes and names as Unix has them"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    (folder / "billing").mkdir(parents=True)
    (folder / "returns.md").write_text("# Returns\n\nWithin 14 days.")
    (folder / "billing" / "late-fees.txt").write_text("There are none.")
    (folder / "billing" / "vat.html").write_text("<h1>VAT</h1><p>Included.</p>")
    (folder / "warranty.pdf").write_bytes(pdf([(18, "Warranty"), (0, ""), (11, "Two years.")]))
    (folder / "terms.docx").write_bytes(docx(("Heading1", "Terms"), ("", "As agreed.")))
    (folder / "picture.png").write_bytes(b"no text")
    (folder / ".hidden.md").write_text("secret")
    return folder


def source(folder: Path, parser: Parser) -> FolderSource:
    label = Label(id=SourceId("kb"), name="Handbook", audience=Audience.PUBLIC)
    return FolderSource(label, folder, parser)


async def test_every_form_is_read(folder: Path, parser: Parser) -> None:
    reading = await read(source(folder, parser))
    assert reading.steps[0] == Expected(5)
    assert {name: (document.title, document.text) for name, document in reading.found.items()} == {
        "returns.md": ("Returns", "Within 14 days."),
        "billing/late-fees.txt": ("late fees", "There are none."),
        "billing/vat.html": ("VAT", "Included."),
        "warranty.pdf": ("Warranty", "Two years."),
        "terms.docx": ("Terms", "As agreed."),
    }
    assert reading.failed == {}
    facts = (folder / "returns.md").stat()
    updated = reading.found["returns.md"].updated  # type: ignore[index]
    assert updated is not None
    assert updated.timestamp() == pytest.approx(facts.st_mtime)


async def test_only_what_changed_is_parsed_again(folder: Path, parser: Parser) -> None:
    first = await read(source(folder, parser))
    (folder / "returns.md").write_text("# Returns\n\nWithin 30 days.")
    (folder / "billing" / "vat.html").touch()
    (folder / "warranty.pdf").unlink()
    (folder / "new.md").write_text("New.")
    second = await read(source(folder, parser), after=first)
    assert {name: document.text for name, document in second.found.items()} == {
        "returns.md": "Within 30 days.",
        "new.md": "New.",
    }
    assert second.gone == {"warranty.pdf"}
    assert second.same == {"billing/late-fees.txt", "billing/vat.html", "terms.docx"}


async def test_one_bad_file_stops_no_other(folder: Path, parser: Parser) -> None:
    (folder / "scan.pdf").write_bytes(pdf([]))
    (folder / "locked.pdf").write_bytes(pdf([(11, "x")], encrypted=True))
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "bomb.docx").write_bytes(docx(("", "x"), extra={"zeros": bytes(101_000_000)}))
    (folder / "empty.md").write_text("")
    (folder / "huge.txt").write_bytes(b"x" * 30_000)
    strict = Parser(Limits(document_chars=20_000))
    reading = await read(source(folder, strict))
    await strict.aclose()
    assert len(reading.found) == 5
    reasons = {
        "scan.pdf": "only pictures",
        "locked.pdf": "encrypted",
        "old.doc": "save it as DOCX",
        "bomb.docx": "more than 100 MB",
        "empty.md": "no text",
        "huge.txt": "30,000 characters",
    }
    assert reading.failed.keys() == reasons.keys()
    assert all(reason in reading.failed[name] for name, reason in reasons.items())  # type: ignore[index]
    again = await read(source(folder, parser), after=reading)
    assert again.failed == {}, "what failed for its content is left alone until it changes"


async def test_a_file_of_a_gigabyte_is_not_opened(folder: Path, parser: Parser) -> None:
    with (folder / "video.txt").open("wb") as file:
        file.truncate(1_000_000_000)
    reading = await read(source(folder, parser))
    assert "larger than the 20 MB" in reading.failed["video.txt"]  # type: ignore[index]


async def test_links_do_not_lead_out_or_in_circles(folder: Path, parser: Parser, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "up.md").symlink_to(Path("..") / "secret.md")
    (tmp_path / "password").write_text("secret")
    (folder / "password.txt").symlink_to(tmp_path / "password")
    (folder / "self.md").symlink_to(folder / "self.md")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "again.md").symlink_to(folder / "returns.md")
    reading = await read(source(folder, parser))
    assert reading.found["again.md"].text == "Within 14 days."  # type: ignore[index]
    assert reading.failed == {
        "out.md": "The link leads out of the folder.",
        "up.md": "The link leads out of the folder.",
        "password.txt": "The link leads out of the folder.",
        "self.md": "The link leads nowhere, or in a circle.",
        "loop": "Links to folders are not followed.",
    }


async def test_pipes_and_names_in_no_encoding(folder: Path, parser: Parser) -> None:
    os.mkfifo(folder / "pipe.md")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text("Open until six.")
    reading = await read(source(folder, parser))
    assert reading.failed == {"pipe.md": "This is no ordinary file."}
    assert reading.found["caf\ufffd.md"].text == "Open until six."  # type: ignore[index]


async def test_a_missing_folder_takes_nothing_away(folder: Path, parser: Parser) -> None:
    first = await read(source(folder, parser))
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(SourceError, match="No such file"):
        await read(source(folder, parser), after=first)


async def test_a_closed_folder_takes_nothing_away(
    folder: Path, parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await read(source(folder, parser))
    look_into = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("billing"):  # said here, since root may look into every folder
            raise PermissionError(13, "Permission denied")
        return look_into(path)

    monkeypatch.setattr("copilot.knowledge.sources.folder.os.scandir", scandir)
    second = await read(source(folder, parser), after=first)
    assert second.gone == set()
    assert second.failed == {"billing": "The folder cannot be read: Permission denied."}
