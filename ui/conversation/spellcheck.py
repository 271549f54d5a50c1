"""Underlines misspelled words when the keys rest, and offers what may be meant."""

from __future__ import annotations

import asyncio
from functools import partial

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtWidgets import QMenu

from copilot.domain import TicketId
from copilot.workspace import Workspace
from ui.aio import spawn
from ui.conversation.composer import Composer
from ui.conversation.offsets import QtOffsets

SETTLE_MS = 350


class SpellCheck(QObject):
    """Watches the composer; the newest text wins."""

    def __init__(self, workspace: Workspace, composer: Composer) -> None:
        super().__init__(composer)
        self._workspace, self._composer = workspace, composer
        self._ticket: TicketId | None = None
        self._text = ""
        self._checking: asyncio.Task[None] | None = None
        self._rest = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._rest.timeout.connect(self._look)
        composer.changed.connect(self._on_changed)
        composer.editor.meaning_asked.connect(self._on_meaning_asked)

    def begin(self, ticket: TicketId | None) -> None:
        """The composer writes for this ticket from now on."""
        self._ticket, self._text = ticket, ""
        self._rest.stop()

    def _on_changed(self) -> None:
        self._rest.start()

    def _look(self) -> None:
        text = self._composer.editor.toPlainText()
        if self._ticket is None or text == self._text:
            return
        self._text = text
        if self._checking is not None:
            self._checking.cancel()
        self._checking = spawn(self._check(self._ticket, text), "check spelling", self)

    async def _check(self, ticket: TicketId, text: str) -> None:
        found = await self._workspace.spelling.mistakes(ticket, text, note=self._composer.is_note)
        editor = self._composer.editor
        if ticket != self._ticket or editor.toPlainText() != text:
            self._text = ""
            return
        typing = QtOffsets(text).from_qt(editor.textCursor().position()) if editor.hasFocus() else -1
        editor.set_misspelled([(word.start, word.end) for word in found if word.end != typing])

    # -- what may be meant -------------------------------------------------------------------------------------------

    def _on_meaning_asked(self, word: QTextCursor, menu: QMenu) -> None:
        if self._ticket is None:
            return
        first = menu.actions()[0]
        waiting = QAction("Looking for words…", menu)
        waiting.setEnabled(False)
        keep = QAction(f"“{word.selectedText()}” is right", menu)
        keep.triggered.connect(lambda: spawn(self._learn(word.selectedText()), "learn a word", self))
        menu.insertActions(first, [waiting, keep])
        menu.insertSeparator(first)
        spawn(self._suggest(self._ticket, word, menu, waiting), "suggest spellings", self)

    async def _suggest(self, ticket: TicketId, word: QTextCursor, menu: QMenu, waiting: QAction) -> None:
        meant = await self._workspace.spelling.suggestions(
            ticket, word.selectedText(), note=self._composer.is_note
        )
        if not shiboken6.isValid(menu):
            return  # closed meanwhile
        for text in meant:
            action = QAction(text, menu)
            action.triggered.connect(partial(self._replace, word, text))
            menu.insertAction(waiting, action)
        waiting.setText("Nothing like it is known")
        waiting.setVisible(not meant)

    def _replace(self, word: QTextCursor, text: str) -> None:
        word.insertText(text)
        self._text = ""
        self._look()

    async def _learn(self, word: str) -> None:
        await self._workspace.spelling.learn(word)
        self._text = ""
        self._look()
