"""Spelling by dictionaries of two words and their endings, in a real process."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.domain import TicketId
from copilot.text.spelling.dictionaries import find_dictionaries
from copilot.text.spelling.words import words_of
from copilot.workspace import Workspace
from copilot.workspace.spelling import Spelling

WORDS = ("hello", "refund/S", "your", "is", "on", "its", "way", "the", "we", "are", "don't", "and", "sent")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "hunspell"
    made.mkdir()
    (made / "en_US.aff").write_text("SET UTF-8\nTRY esianrtolcdugmphbyfvkwzx'\nSFX S Y 1\nSFX S 0 s .\n")
    (made / "en_US.dic").write_text(f"{len(WORDS)}\n" + "\n".join(WORDS) + "\n")
    return made


@pytest.fixture
def spelling(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Spelling:
    monkeypatch.setenv("DICPATH", str(folder))
    return workspace.spelling


def test_what_is_no_word_is_not_checked() -> None:
    text = "Hi `cod` http://exmple.org/foo me@exmple.org {requestr.name} 4th USPS x > :smle: don’t wrng"
    assert [word.text for word in words_of(text)] == ["Hi", "don't", "wrng"]
    last = words_of(text)[-1]
    assert text[last.start : last.end] == "wrng"


def test_dictionaries_are_pairs_and_the_first_folder_wins(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("en_GB", "de_AT", "de_DE", "half"):
        (other / f"{name}.aff").write_text("")
        (other / f"{name}.dic").write_text("0\n")
    (other / "fr_FR.aff").write_text("")
    found = find_dictionaries((folder, other, tmp_path / "none"))
    assert found == {"en": folder / "en_US", "de": other / "de_DE"}


async def test_mistakes_and_what_may_be_meant(
    spelling: Spelling, workspace: Workspace, ticket: TicketId
) -> None:
    text = "Hello, your refnd and the refunds are on its way. We don't recieve"
    found = await spelling.mistakes(ticket, text, note=False)
    assert [(word.text, text[word.start : word.end]) for word in found] == [("refnd",) * 2, ("recieve",) * 2]
    assert "refund" in await spelling.suggestions(ticket, "refnd", note=False)
    await spelling.learn("recieve")
    assert [word.text for word in await spelling.mistakes(ticket, text, note=False)] == ["refnd"]
    assert workspace.preferences.own_words == ("recieve",)


async def test_names_of_the_ticket_are_right(
    spelling: Spelling, workspace: Workspace, ticket: TicketId
) -> None:
    name = (await workspace.conversation(ticket)).ticket.requester.name
    assert await spelling.mistakes(ticket, f"Hello {name}", note=False) == ()


async def test_off_or_without_dictionaries_nothing_is_a_mistake(
    workspace: Workspace, ticket: TicketId, monkeypatch: pytest.MonkeyPatch, spelling: Spelling
) -> None:
    await workspace.prefer(check_spelling=False)
    assert await spelling.mistakes(ticket, "wrng", note=False) == ()
    await workspace.prefer(check_spelling=True)
    monkeypatch.setattr("copilot.workspace.spelling.find_dictionaries", lambda _: {})
    assert await spelling.mistakes(ticket, "wrng", note=False) == ()
