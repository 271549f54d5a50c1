"""The editor in the window, by keys: preview, differences, earlier versions, snippets, merging."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from copilot.domain import ReplyLimits, SavedReply
from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.test_journeys import CTRL, ONE, Rep, at_work
from ui.commands.editing import SnippetPanel
from ui.commands.merging import MergePanel
from ui.conversation.difference import Change, difference, difference_words
from ui.conversation.preview import PreviewPanel
from ui.conversation.versions import VersionsPanel

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
async def rep(workspace: FakeWorkspace) -> AsyncIterator[Rep]:
    async with at_work(workspace) as made:
        yield made


@given(st.text(), st.text())
def test_a_difference_holds_both_texts_whole(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert "".join(p.text for p in pieces if p.change is not Change.ADDED) == old
    assert "".join(p.text for p in pieces if p.change is not Change.REMOVED) == new


def test_a_difference_in_words() -> None:
    assert (
        difference_words(difference("your refund left", "your whole refund left"))
        == "1 word added, 0 removed"
    )
    assert difference_words(difference("same", "same")) == "Nothing was changed"


async def test_the_preview_shows_markup_and_esc_goes_back_to_the_words(rep: Rep) -> None:
    rep.press("r")
    QTest.keyClicks(rep.focus, "Your **refund** left")
    rep.chord(Qt.Key.Key_P, CTRL)
    panel = rep.window.overlay.panel
    assert isinstance(panel, PreviewPanel)
    await until(lambda: panel.body.toPlainText() == "Your refund left")
    assert panel.problem.isHidden()
    rep.chord(Qt.Key.Key_Escape)
    assert rep.window.overlay.panel is None
    assert rep.furniture.conversation.composer.editor.hasFocus()


async def test_the_preview_without_markup_says_what_does_not_fit(rep: Rep) -> None:
    rep.workspace.composes.channel = ReplyLimits(characters=5, markup=False)
    rep.press("r")
    QTest.keyClicks(rep.focus, "<b>Too long</b>")
    rep.chord(Qt.Key.Key_P, CTRL)
    panel = rep.window.overlay.panel
    assert isinstance(panel, PreviewPanel)
    await until(lambda: "plain text" in panel.facts.text())
    assert panel.body.toPlainText() == "<b>Too long</b>"
    assert "too long" in panel.problem.text()
    assert panel.problem.isVisible()


async def test_what_was_changed_since_the_draft_and_the_draft_back(rep: Rep) -> None:
    rep.press("e")
    editor = rep.furniture.conversation.composer.editor
    await until(lambda: rep.editor_text)
    draft = rep.editor_text
    QTest.keyClicks(editor, " Really.")
    rep.chord(Qt.Key.Key_H, CTRL)
    await until(lambda: isinstance(rep.window.overlay.panel, VersionsPanel))
    panel = rep.window.overlay.panel
    assert isinstance(panel, VersionsPanel)
    await until(lambda: panel.amount.text() == "1 word added, 0 removed")
    assert panel.changes.toPlainText().endswith("Really.")
    QTest.keyClick(panel.list.field, Qt.Key.Key_Return)
    assert rep.editor_text == draft
    editor.undo()
    assert rep.editor_text.endswith("Really.")


async def test_an_earlier_text_comes_back(rep: Rep) -> None:
    rep.workspace.composes.before = (SavedReply(ticket=ONE, text="What I had", saved=rep.workspace.now),)
    rep.press("r")
    QTest.keyClicks(rep.focus, "What I have")
    rep.chord(Qt.Key.Key_H, CTRL)
    await until(lambda: isinstance(rep.window.overlay.panel, VersionsPanel))
    panel = rep.window.overlay.panel
    assert isinstance(panel, VersionsPanel)
    QTest.mouseClick(panel.restore, Qt.MouseButton.LeftButton)
    assert rep.editor_text == "What I had"


async def test_without_earlier_versions_that_is_said(rep: Rep) -> None:
    rep.chord(Qt.Key.Key_H, CTRL)
    await until(lambda: "Nothing else was written here before." in rep.toasts())


async def test_a_reply_is_kept_as_a_snippet(rep: Rep) -> None:
    rep.press("r")
    QTest.keyClicks(rep.focus, "Best wishes")
    rep.chord(Qt.Key.Key_S, CTRL | SHIFT)
    panel = rep.window.overlay.panel
    assert isinstance(panel, SnippetPanel)
    QTest.keyClicks(panel.field, "wishes")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    await until(lambda: rep.workspace.composes.own == {"wishes": "Best wishes"})
    await until(lambda: rep.window.overlay.panel is None)


async def test_merging_into_a_ticket_found_by_search(rep: Rep) -> None:
    other = next(case.ticket for case in rep.workspace.cases.values() if case.ticket.id != ONE)
    assert rep.window.actions_.reason("ticket.merge")  # the invented desk cannot
    rep.window.actions_.enable("ticket.merge")
    rep.press("M")
    panel = rep.window.overlay.panel
    assert isinstance(panel, MergePanel)
    QTest.keyClicks(panel.list.field, other.subject.split()[0])
    await until(lambda: (found := panel.list.current()) is not None and found.value == other.id)
    QTest.keyClick(panel.list.field, Qt.Key.Key_Return)
    await until(lambda: rep.workspace.calls.of("merge") == [(ONE, other.id)])
    await until(lambda: any("Merged" in toast for toast in rep.toasts()))
