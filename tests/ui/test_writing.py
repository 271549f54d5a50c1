"""What models write, in the window: streamed, stopped, compared, taken, asked; the model is a script, all else real."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from copilot.domain import Support, TicketId, View
from copilot.models.base import Task
from copilot.workspace import Workspace
from tests.assist.writing.scripted import ScriptedWriting, reply, sentence
from tests.knowledge.fake_embedder import WordEmbedder
from tests.ui.conftest import until
from ui import aio
from ui.assist.ask import AskPanel
from ui.assist.rewrite import RewritePanel
from ui.assist.sent import SentPanel
from ui.furnish import Furniture
from ui.window import Window

HELLO = reply(sentence("Hello,"), sentence("Does it happen every time?"))
PARTIAL = {"sentences": [{"text": "Hello, we are looking"}]}


@dataclass
class Rep:
    """Somebody at the keyboard, with a ticket open."""

    window: Window
    furniture: Furniture
    workspace: Workspace
    ticket: TicketId

    @property
    def editor_text(self) -> str:
        return self.furniture.conversation.composer.editor.toPlainText()


@pytest.fixture
def model() -> ScriptedWriting:
    return ScriptedWriting({Task.DRAFT: [HELLO], Task.SUMMARY: [{"request": []}]}, partials=[PARTIAL])


@pytest.fixture
async def rep(synced_folder: Path, tmp_path: Path, model: ScriptedWriting) -> AsyncIterator[Rep]:
    shutil.copytree(synced_folder, tmp_path, dirs_exist_ok=True)
    workspace = await Workspace.open(tmp_path, embedder=WordEmbedder(), writing=model)
    ticket = (await workspace.queue(View.ALL)).rows[0].id
    window = Window()
    window.resize(1440, 900)
    window.show()
    furniture = Furniture(window, workspace)
    furniture.begin(View.ALL)
    await until(lambda: furniture.conversation.ticket == ticket)
    yield Rep(window, furniture, workspace, ticket)
    await furniture.put_away()
    window.rest()
    await aio.cancel_all()
    await workspace.aclose()
    window.put_away()


async def test_a_draft_is_seen_while_it_comes_and_takes_the_place_of_the_old_one(
    rep: Rep, model: ScriptedWriting
) -> None:
    model.gate = asyncio.Event()
    stream, draft = rep.furniture.copilot.stream, rep.furniture.copilot.draft
    rep.window.actions_.trigger("draft.again")
    await until(lambda: stream.isVisible() and "we are looking" in stream.text.toPlainText())
    model.gate.set()
    await until(lambda: draft.draft is not None and draft.draft.text.startswith("Hello,"))
    await until(lambda: not stream.isVisible())


async def test_esc_stops_the_model(rep: Rep, model: ScriptedWriting) -> None:
    model.gate = asyncio.Event()
    rep.window.actions_.trigger("draft.again")
    await until(rep.furniture.copilot.stream.isVisible)
    await model.begun.wait()
    QTest.keyClick(rep.window.queue.list, Qt.Key.Key_Escape)
    await until(lambda: model.cancelled > 0)
    await until(lambda: not rep.furniture.copilot.stream.isVisible())


async def test_other_words_stand_beside_the_old_until_they_are_taken(
    rep: Rep, model: ScriptedWriting
) -> None:
    model.scripts[Task.REFINE] = [reply(sentence("Hi,"), sentence("Call at 5."))]
    rep.furniture.conversation.reply()
    QTest.keyClicks(rep.furniture.conversation.composer.editor, "Hello, please call at 5.")
    rep.window.actions_.trigger("reply.rewrite")
    panel = cast("RewritePanel", rep.window.overlay.panel)
    QTest.keyClicks(panel.wishes.field, "shorter")
    QTest.keyClick(panel.wishes.field, Qt.Key.Key_Return)
    await until(panel.take.isEnabled)
    assert (panel.old.toPlainText(), panel.new.toPlainText().split()[0]) == (
        "Hello, please call at 5.",
        "Hi,",
    )
    assert rep.editor_text == "Hello, please call at 5."
    QTest.keyClick(panel.take, Qt.Key.Key_Return)
    await until(lambda: rep.editor_text.startswith("Hi,"))
    QTest.keyClick(
        rep.furniture.conversation.composer.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
    )
    assert rep.editor_text == "Hello, please call at 5."


async def test_any_words_can_say_how_to_rewrite(rep: Rep, model: ScriptedWriting) -> None:
    model.scripts[Task.REFINE] = [reply(sentence("Hi,"))]
    rep.furniture.conversation.reply()
    QTest.keyClicks(rep.furniture.conversation.composer.editor, "Hello.")
    rep.window.actions_.trigger("reply.rewrite")
    panel = cast("RewritePanel", rep.window.overlay.panel)
    QTest.keyClicks(panel.wishes.field, "zzz offer to call")
    QTest.keyClick(panel.wishes.field, Qt.Key.Key_Return)
    await until(panel.take.isEnabled)
    asked = [one for one in model.asked if one.task is Task.REFINE]
    assert "zzz offer to call" in asked[-1].instructions + "".join(piece.text for piece in asked[-1].data)


async def test_without_a_reply_there_is_nothing_to_rewrite(rep: Rep) -> None:
    rep.window.actions_.trigger("reply.rewrite")
    assert rep.window.overlay.panel is None
    assert any("no reply to rewrite" in toast.text() for toast in rep.window.toasts.shown())


async def test_a_question_is_answered_and_can_go_into_the_reply(rep: Rep, model: ScriptedWriting) -> None:
    model.scripts[Task.ASK] = [{"sentences": [sentence("Ask them which version it is.")]}]
    rep.window.actions_.trigger("ticket.ask")
    panel = cast("AskPanel", rep.window.overlay.panel)
    QTest.keyClicks(panel.field, "What should I ask?")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    await until(panel.insert.isEnabled)
    panel.insert.click()
    await until(lambda: "which version" in rep.editor_text)


async def test_what_left_is_shown_or_that_nothing_did(rep: Rep) -> None:
    rep.window.actions_.trigger("ticket.sent")
    panel = cast("SentPanel", rep.window.overlay.panel)
    await until(panel.nothing.isVisible)
    assert panel.nothing.title() == "Nothing has left this computer for this ticket"


async def test_what_a_draft_would_send_is_refused_in_words_while_no_model_is_connected(rep: Rep) -> None:
    rep.window.actions_.trigger("ticket.sent")
    panel = cast("SentPanel", rep.window.overlay.panel)
    panel.before.click()
    await until(panel.outcome.isVisible)
    assert panel.outcome.text()
    assert not panel.sent.toPlainText()


async def test_a_sentence_one_changes_is_checked_against_the_sources(
    rep: Rep, model: ScriptedWriting
) -> None:
    rep.window.actions_.trigger("draft.again")
    draft = rep.furniture.copilot.draft
    await until(lambda: draft.draft is not None and draft.draft.text.startswith("Hello,"))
    rep.window.actions_.trigger("draft.accept")
    editor = rep.furniture.conversation.composer.editor
    await until(lambda: editor.sentences)
    known = len(editor.sentences)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(editor, " The refund of 512.77 euro was sent on 3 May.")
    await until(lambda: len(editor.sentences) > known)
    assert editor.sentences[-1].support is Support.UNSUPPORTED
    assert "without a source" in rep.furniture.conversation.composer.count.text()
