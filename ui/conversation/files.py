"""Choosing files to send, and saving those that came, without ever blocking the window."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from copilot.domain import Attachment, TicketId, Upload
from copilot.errors import UserError
from copilot.workspace import Workspace
from ui.aio import ask
from ui.conversation.attachments import visible_name
from ui.conversation.uploads import read_upload


async def choose_files(parent: QWidget) -> tuple[Path, ...]:
    """Let the rep choose files; empty when they do not."""
    dialog = QFileDialog(parent, "Attach files")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    try:
        if await ask(dialog) != QDialog.DialogCode.Accepted:
            return ()
        return tuple(Path(name) for name in dialog.selectedFiles())
    finally:
        dialog.deleteLater()


async def read_uploads(paths: tuple[Path, ...]) -> tuple[Upload, ...]:
    """Read files off the window's thread. Raises `UserError`."""
    return tuple([await asyncio.to_thread(read_upload, path) for path in paths])


async def save_attachment(
    parent: QWidget, workspace: Workspace, ticket: TicketId, attachment: Attachment
) -> Path | None:
    """Ask where to, fetch, write; None when the rep did not want it after all. Raises `UserError`."""
    dialog = QFileDialog(parent, "Save attachment")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(local_name(attachment.name))
    try:
        if await ask(dialog) != QDialog.DialogCode.Accepted:
            return None
        path = Path(dialog.selectedFiles()[0])
    finally:
        dialog.deleteLater()
    await write_attachment(workspace, ticket, attachment, path)
    return path


async def write_attachment(
    workspace: Workspace, ticket: TicketId, attachment: Attachment, path: Path
) -> None:
    """Fetch an attachment and write it to `path`. Raises `UserError`."""
    content = await workspace.attachment(ticket, attachment.remote_id)
    try:
        await asyncio.to_thread(path.write_bytes, content)
    except OSError as error:
        raise UserError(
            f"“{path.name}” could not be saved: {error.strerror}.", "Choose another folder."
        ) from error


def local_name(name: str) -> str:
    """A name from a mail as a file name: without folders, and without what hides a part of it."""
    last = visible_name(name).replace("\\", "/").rpartition("/")[2].lstrip(".")
    return last or "attachment"
