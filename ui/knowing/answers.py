"""The team's internal answers: read, changed, looked up as they were before, removed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from copilot.domain import InternalAnswer
from ui import aio
from ui.actions import Actions
from ui.knowing.entries import Entry, EntryList
from ui.knowing.gaps import LIST_WIDTH
from ui.knowing.me import me_of
from ui.knowing.page import AnswerWish, Commands, Page
from ui.knowing.reader import Reader
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import action_button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row, rule
from ui.widgets.notices import Strip
from ui.widgets.states import EmptyState

if TYPE_CHECKING:
    from copilot.workspace import Workspace

_VERSIONS_HEIGHT = 130


class AnswersPage(Page):
    """The answers at the left; at the right the current one, and under it what it said before."""

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        super().__init__()
        self._workspace, self._actions = workspace, actions
        self._reading: asyncio.Task[None] | None = None
        self.answers: tuple[InternalAnswer, ...] = ()
        self._versions: tuple[InternalAnswer, ...] = ()
        self._asked = ""
        self.list = EntryList("Internal answers")
        self.list.current_changed.connect(self._on_current)
        self.list.chosen.connect(self.edit)
        self._question = Label("", Text.TITLE, wrap=True)
        self._approved = Label("", Text.SMALL, "muted", wrap=True)
        self.text = Reader("The answer")
        self.versions = EntryList("What it said before")
        self.versions.setFixedHeight(_VERSIONS_HEIGHT)
        self.versions.current_changed.connect(self._on_version)
        self.sure = Strip(Tone.WARN, "")
        self.sure.hide()
        self.nothing = EmptyState(
            "lock",
            "No internal answers yet",
            f"Start one from a gap, or press {actions.key('ticket.teach')} on a ticket to teach one from it.",
        )
        self._stack = QStackedWidget()
        self._lay_out()
        self.setFocusProxy(self.list)

    def _lay_out(self) -> None:
        left = QWidget()
        left.setFixedWidth(LIST_WIDTH)
        new = action_button(self._actions, "knowing.answer", "Write a new one", kind="quiet", small=True)
        left.setLayout(column(self.list, row(new, None), spacing=Space.S))
        edit = action_button(self._actions, "knowing.edit", "Edit")
        remove = action_button(self._actions, "knowing.remove", "Remove", kind="quiet")
        open_ = action_button(self._actions, "knowing.open", "Open its ticket", kind="quiet")
        detail = QWidget()
        inside = column(
            self._question, self._approved, row(edit, open_, remove, None), self.sure, self.text,
            Label("Versions, the newest first", Text.CAPTION, "faint"), self.versions,
            spacing=Space.M,
        )  # fmt: skip
        inside.setStretch(4, 1)
        detail.setLayout(inside)
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(detail)
        beside = row(left, rule(vertical=True), self._stack, spacing=Space.L)
        beside.setStretch(2, 1)
        self.setLayout(beside)

    # -- what the panel asks -------------------------------------------------------------------------------------------

    def commands(self) -> Commands:
        can: Commands = {
            "knowing.next": partial(self.list.step, 1),
            "knowing.previous": partial(self.list.step, -1),
            "knowing.again": self.look,
            "knowing.answer": lambda: self.answer_asked.emit(AnswerWish()),
        }
        if self.answer is None:
            return can
        can |= {"knowing.edit": self.edit, "knowing.remove": self.remove}
        return {**can, "knowing.open": self._open} if self.answer.ticket is not None else can

    def look(self) -> None:
        """List the answers."""
        aio.spawn(self._look(), "list the answers", self)

    @property
    def answer(self) -> InternalAnswer | None:
        """The answer on screen."""
        return next((one for one in self.answers if one.id == self.list.value), None)

    def edit(self) -> None:
        """Change the answer."""
        if self.answer is not None:
            self.answer_asked.emit(AnswerWish(answer=self.answer))

    def remove(self) -> None:
        """The first time ask, the second time remove the answer."""
        if self.answer is None:
            return
        if self._asked != self.answer.id:
            self._asked = self.answer.id
            key = self._actions.key("knowing.remove")
            self.sure.say(
                f"Press {key} again to take “{self.answer.title}” out of use. Its versions are kept."
            )
            self.sure.show()
            return
        aio.spawn(self._remove(self.answer), "remove an answer", self)

    # -- reading and writing -------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        found = await self._workspace.answers.all()
        self.answers = tuple(sorted(found, key=lambda one: one.approved, reverse=True))
        self.list.show_entries([_entry(one) for one in self.answers])
        self._stack.setCurrentIndex(1 if self.answers else 0)
        self._on_current()

    async def _remove(self, answer: InternalAnswer) -> None:
        await self._workspace.answers.remove(
            answer.id, removed_by=me_of(self._workspace) or answer.approved_by
        )
        await self._look()

    def _on_current(self) -> None:
        self._asked = ""
        self.sure.hide()
        if self._reading is not None:
            self._reading.cancel()
        if self.answer is not None:
            self._question.setText(self.answer.title)
            self._reading = aio.spawn(self._read(self.answer), "read an answer", self)
        self.offered.emit()

    async def _read(self, answer: InternalAnswer) -> None:
        versions = await self._workspace.answers.versions(answer.id)
        self._versions = tuple(reversed(versions))
        self.versions.show_entries(
            [
                Entry(
                    value=place,
                    title=f"Version {len(self._versions) - place}" + ("" if place else ", in use"),
                    detail=_approved(one),
                )
                for place, one in enumerate(self._versions)
            ],
            0,
        )
        self._on_version(0)

    def _on_version(self, place: object) -> None:
        if isinstance(place, int) and place < len(self._versions):
            shown = self._versions[place]
            self._question.setText(shown.title)
            self._approved.setText(_approved(shown))
            self.text.show_markdown(shown.text)

    def _open(self) -> None:
        if self.answer is not None and self.answer.ticket is not None:
            self.ticket_asked.emit(self.answer.ticket)


def _entry(answer: InternalAnswer) -> Entry:
    return Entry(value=answer.id, title=answer.title, detail=_approved(answer))


def _approved(answer: InternalAnswer) -> str:
    return f"Approved by {answer.approved_by}, {answer.approved.astimezone():%d %b %Y, %H:%M}"
