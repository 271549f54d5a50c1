"""Files about to go out with a reply."""

from __future__ import annotations

from functools import partial
from mimetypes import guess_type
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from copilot.domain import Upload
from copilot.errors import UserError
from ui.conversation.attachments import FileChip, flow

MOST_BYTES = 25_000_000
"""All files of one reply; what most mail systems take."""


class UploadChips(QWidget):
    """The files as chips; a click removes one. No higher than what it holds."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._uploads: list[Upload] = []
        self._chips: list[QWidget] = []
        self.setAccessibleName("Files that go with the reply")
        self.hide()

    def uploads(self) -> tuple[Upload, ...]:
        """The files, in the order they were added."""
        return tuple(self._uploads)

    def add(self, upload: Upload) -> None:
        """Add a file. Raises `UserError` when that is too much for one reply."""
        if sum(len(kept.content) for kept in (*self._uploads, upload)) > MOST_BYTES:
            raise UserError(
                f"“{upload.name}” is too large: the files of one reply may have {MOST_BYTES // 1_000_000} MB.",
                "Share it as a link instead.",
            )
        self._uploads.append(upload)
        self._rebuild()

    def clear(self) -> None:
        """Have no files."""
        if self._uploads:
            self._uploads.clear()
            self._rebuild()

    def _remove(self, upload: Upload) -> None:
        self._uploads.remove(upload)
        self._rebuild()

    def _rebuild(self) -> None:
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for upload in self._uploads:
            chip = FileChip(upload.name, upload.media_type, len(upload.content), "Remove")
            chip.clicked.connect(partial(self._remove, upload))
            chip.setParent(self)
            chip.show()
            self._chips.append(chip)
        self.setVisible(bool(self._chips))
        self._place()
        self.changed.emit()

    def _place(self) -> None:
        self.setFixedHeight(flow(self._chips, 0, 0, max(self.width(), 200)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()


def read_upload(path: Path) -> Upload:
    """Read a local file; to be called off the window's thread. Raises `UserError` when it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError(
                f"“{path.name}” is larger than {MOST_BYTES // 1_000_000} MB.", "Share it as a link instead."
            )
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it is not a file"
        raise UserError(f"“{path.name}” could not be read: {reason}.", "Choose another file.") from error
    return Upload(
        name=path.name, media_type=guess_type(path.name)[0] or "application/octet-stream", content=content
    )
