"""What the rep had written here before: the draft it began from, and the texts that were kept; each can come back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QFrame

from copilot.domain import SavedReply
from ui import aio
from ui.conversation.changed_text import ChangedText
from ui.conversation.difference import difference, difference_words
from ui.conversation.words import short_date
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import announce
from ui.widgets.overlay import focus_first

WIDTH = 820
_LIST_WIDTH = 280
_HEIGHT = 340


@dataclass(frozen=True, slots=True)
class Version:
    """A text that can come back, and what it is."""

    title: str
    text: str
    detail: str = ""


def versions_of(draft: str, kept: Sequence[SavedReply]) -> tuple[Version, ...]:
    """The draft first, then what was kept, newest first."""
    found = [Version("The suggested draft", draft)] if draft else []
    found += [
        Version(short_date(one.saved) if one.saved else "Earlier", one.text, _first_words(one.text))
        for one in kept
    ]
    return tuple(found)


class VersionsPanel(QFrame):
    """Versions beside how the text now differs from each; Enter brings the marked one back, Ctrl+Z takes that back."""

    wanted = Signal(str)
    """Put this text in the place of what is in the editor."""

    def __init__(self, now: str, versions: Sequence[Version]) -> None:
        super().__init__()
        self._now = now
        self._comparing: asyncio.Task[None] | None = None
        self.setAccessibleName("Earlier versions")
        self.setMinimumWidth(WIDTH)
        choices = [Choice(value=one, title=one.title, detail=one.detail, icon="history") for one in versions]
        self.list = ChoiceList(choices, "Type to filter", "Earlier versions")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.chosen.connect(self._on_chosen)
        self.list.view.selectionModel().currentChanged.connect(self._on_current)
        self.list.model.modelReset.connect(self._compare)
        self.changes = ChangedText()
        self.changes.setAccessibleName("How the text differs from it now")
        self.changes.setMinimumHeight(_HEIGHT)
        self.amount = Label("", Text.SMALL, "muted")
        self.restore = Button("Bring it back", "undo-2", kind="primary", key="Enter")
        self.restore.clicked.connect(self._on_restore)
        head = row(
            Label("What changed since", Text.TITLE), None, Label("Esc keeps it as it is", Text.SMALL, "faint")
        )
        below = row(self.amount, None, self.restore, spacing=Space.M)
        right = column(self.changes, below, spacing=Space.M)
        left = column(self.list, None)
        sides = row(left, right, spacing=Space.L)
        sides.setStretch(1, 1)
        self.setLayout(column(head, sides, margins=Space.XL, spacing=Space.L))
        focus_first(self, self.list.field)
        self._compare()

    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._compare()

    def _compare(self) -> None:
        if self._comparing is not None:
            self._comparing.cancel()
        choice = self.list.current()
        self.restore.setEnabled(choice is not None)
        if choice is not None and isinstance(choice.value, Version):
            self._comparing = aio.spawn(self._show(choice.value), "compare versions", self)

    async def _show(self, version: Version) -> None:
        pieces = await asyncio.to_thread(difference, version.text, self._now)
        self.changes.show_pieces(pieces)
        self.amount.setText(difference_words(pieces))
        announce(self.amount, self.amount.text())

    def _on_chosen(self, version: Version) -> None:
        self.wanted.emit(version.text)

    def _on_restore(self) -> None:
        choice = self.list.current()
        if choice is not None and isinstance(choice.value, Version):
            self.wanted.emit(choice.value.text)


def _first_words(text: str) -> str:
    return " ".join(text[:80].split())
