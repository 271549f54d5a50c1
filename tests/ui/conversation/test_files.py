"""Files that came with a message, saved without blocking the window and under a harmless name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog

from copilot.errors import UserError
from tests.ui.conftest import until
from tests.ui.conversation.conftest import MAYA, Desk
from ui.conversation.bubble import MessageBubble
from ui.conversation.files import write_attachment


def chip_of(desk: Desk) -> MessageBubble:
    live = desk.pane.messages.rows.live
    return next(r for r in live.values() if isinstance(r, MessageBubble) and r._chips)


async def test_a_chip_saves_the_file_where_the_rep_says(desk: Desk, tmp_path: Path) -> None:
    await desk.open()
    chip = chip_of(desk)._chips[0]
    assert chip.accessibleName() == "Save return-receipt.pdf, 184 kB"
    chip.click()  # type: ignore[attr-defined]  # chips are buttons
    await until(lambda: desk.pane.findChildren(QFileDialog))
    [dialog] = desk.pane.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("return-receipt.pdf")
    dialog.setDirectory(str(tmp_path))
    dialog.done(QDialog.DialogCode.Accepted)
    await until((tmp_path / "return-receipt.pdf").exists)
    assert (tmp_path / "return-receipt.pdf").read_bytes().startswith(b"%PDF")
    assert desk.workspace.calls.of("attachment") == [(MAYA, "att-1")]


async def test_a_change_of_mind_fetches_nothing(desk: Desk) -> None:
    await desk.open()
    chip_of(desk)._chips[0].click()  # type: ignore[attr-defined]  # chips are buttons
    await until(lambda: desk.pane.findChildren(QFileDialog))
    [dialog] = desk.pane.findChildren(QFileDialog)
    dialog.reject()
    await until(lambda: not desk.pane.findChildren(QFileDialog))
    assert desk.workspace.calls.of("attachment") == []


async def test_a_folder_one_may_not_write_to_is_said(desk: Desk, tmp_path: Path) -> None:
    attachment = desk.workspace.cases[MAYA].messages[0].attachments[0]
    with pytest.raises(UserError, match="could not be saved"):
        await write_attachment(desk.workspace, MAYA, attachment, tmp_path / "missing" / "x.pdf")
