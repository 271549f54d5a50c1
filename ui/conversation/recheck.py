"""Checks the sentence the rep has just changed against the ticket's sources, in the background."""

from __future__ import annotations

import asyncio
import re

from PySide6.QtCore import QObject, QTimer

from copilot.domain import Support, TicketId
from copilot.errors import UserError
from copilot.workspace import Workspace
from ui.aio import spawn
from ui.conversation.composer import Composer
from ui.conversation.offsets import QtOffsets

SETTLE_MS = 250
"""A sentence is looked at when the keys rest this long."""
_LEAST_WORDS = 3
_BREAK = re.compile(r"(?<=[.!?…])\s+|\n+")


class Recheck(QObject):
    """Watches a reply that began as a draft; one sentence at a time, the newest wish wins."""

    def __init__(self, workspace: Workspace, composer: Composer) -> None:
        super().__init__(composer)
        self._workspace, self._composer = workspace, composer
        self._ticket: TicketId | None = None
        self._task: asyncio.Task[None] | None = None
        self._rest = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._rest.timeout.connect(self._look)
        composer.changed.connect(self._on_changed)

    def begin(self, ticket: TicketId | None) -> None:
        """The composer writes for this ticket from now on."""
        self._ticket = ticket
        self._rest.stop()

    def _on_changed(self) -> None:
        if self._composer.editor.sentences and not self._composer.is_note:
            self._rest.start()

    def _look(self) -> None:
        sentence = self._touched()
        if sentence and self._ticket is not None:
            if self._task is not None:
                self._task.cancel()
            self._task = spawn(self._check(self._ticket, sentence), "check a sentence", self)

    def _touched(self) -> str:
        """The rep's own sentence with the cursor in it; empty when it is the draft's, too short, or known."""
        editor = self._composer.editor
        text = editor.toPlainText()
        place = QtOffsets(text).from_qt(editor.textCursor().position())
        if any(mark.start <= place <= mark.end for mark in editor.marks):
            return ""
        starts = [0, *(found.end() for found in _BREAK.finditer(text))]
        start = max(begin for begin in starts if begin <= place)
        rest = _BREAK.search(text, start)
        sentence = text[start : rest.start() if rest else len(text)].strip()
        return sentence if len(sentence.split()) >= _LEAST_WORDS else ""

    async def _check(self, ticket: TicketId, sentence: str) -> None:
        try:
            found = await self._workspace.writing.recheck(ticket, sentence)
        except (UserError, KeyError):
            return  # a mark that is missing stops nobody from writing; the reply is the rep's own
        if ticket == self._ticket and found.support in {Support.SUPPORTED, Support.UNSUPPORTED}:
            self._composer.add_checked(found)
