"""All articles, macros and answers: how old, whose, when last used; the current one can be read beneath."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTableView

from copilot.domain import SourceKind
from ui import aio
from ui.actions import Actions
from ui.knowing.page import AnswerWish, Commands, Page
from ui.knowing.reader import Reader
from ui.knowing.table import CHANGED, KIND, OWNER, SORT_ROLE, STATE_ROLE, TITLE, USED, USES, ArticleTable
from ui.knowing.words import counted
from ui.theme.icons import icon
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import action_button
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.layout import column, frame, row

if TYPE_CHECKING:
    from copilot.workspace import ArticleState, Workspace

_READER_HEIGHT = 190
_ROW_HEIGHT = 30
_WIDTHS = {KIND: 130, OWNER: 140, CHANGED: 110, USED: 110, USES: 60}


class ArticlesPage(Page):
    """The longest unused first; a click on a heading, or Tab and the arrow keys to it, sorts by another column."""

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        super().__init__()
        self._workspace, self._actions = workspace, actions
        self._reading: asyncio.Task[None] | None = None
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by title or owner")
        self.filter.setAccessibleName("Filter articles")
        self.filter.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition).setText(
            "Filter"
        )
        self.count = Label("", Text.SMALL, "muted")
        self.model = ArticleTable(self)
        self.sorted = QSortFilterProxyModel(self)
        self.table = self._make_table()
        self.title = ElidedLabel("", Text.STRONG)
        self.text = Reader("The article")
        self.text.setFixedHeight(_READER_HEIGHT)
        self.filter.textChanged.connect(self._on_typed)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._on_current())
        edit = action_button(actions, "knowing.edit", "Edit", small=True)
        head = row(self.filter, self.count, spacing=Space.M)
        head.setStretch(0, 1)
        foot = row(self.title, edit)
        read = frame(column(foot, self.text, margins=Space.M), "sunken")
        whole = column(head, self.table, read, spacing=Space.M)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.table)

    def _make_table(self) -> QTableView:
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(SORT_ROLE)
        self.sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.sorted.setFilterKeyColumn(-1)
        made = QTableView()
        made.setAccessibleName("Articles")
        made.setModel(self.sorted)
        made.setSortingEnabled(True)
        made.sortByColumn(USED, Qt.SortOrder.AscendingOrder)
        made.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        made.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        made.setShowGrid(False)
        made.setWordWrap(False)
        made.setTabKeyNavigation(False)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.verticalHeader().hide()
        made.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = made.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        for place, width in _WIDTHS.items():
            made.setColumnWidth(place, width)
        return made

    # -- what the panel asks -------------------------------------------------------------------------------------------

    def commands(self) -> Commands:
        can: Commands = {
            "knowing.next": partial(self._step, 1),
            "knowing.previous": partial(self._step, -1),
            "knowing.again": self.look,
            "knowing.sort": self.sort_by_next,
            "knowing.filter": self.filter.setFocus,
        }
        is_answer = self.state is not None and self.state.kind is SourceKind.INTERNAL_ANSWER
        return {**can, "knowing.edit": self.edit} if is_answer else can

    def look(self) -> None:
        """List the articles."""
        aio.spawn(self._look(), "list the articles", self)

    @property
    def state(self) -> ArticleState | None:
        """The article on screen."""
        index = self.table.currentIndex()
        state: ArticleState | None = index.data(STATE_ROLE) if index.isValid() else None
        return state

    def sort_by_next(self) -> None:
        """Sort by the next column; after the last one by the first."""
        header = self.table.horizontalHeader()
        place = (header.sortIndicatorSection() + 1) % header.count()
        self.table.sortByColumn(place, Qt.SortOrder.AscendingOrder)

    def edit(self) -> None:
        """Change the internal answer."""
        if self.state is not None:
            aio.spawn(self._edit(self.state), "edit an answer", self)

    # -- inside --------------------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        states = await self._workspace.upkeep.articles()
        self.model.fill(states, datetime.now(UTC))
        self._say_count()
        self._select(0)

    async def _edit(self, state: ArticleState) -> None:
        answers = await self._workspace.answers.all()
        found = next((one for one in answers if state.article.endswith(f"/{one.id}")), None)
        if found is not None:
            self.answer_asked.emit(AnswerWish(answer=found))

    def _on_typed(self, typed: str) -> None:
        self.sorted.setFilterFixedString(typed)
        self._say_count()
        self._select(0)

    def _say_count(self) -> None:
        shown, total = self.sorted.rowCount(), self.model.rowCount()
        self.count.setText(
            counted(total, "article") if shown == total else f"{shown:,} of {total:,} articles"
        )

    def _step(self, steps: int) -> None:
        self._select(min(max(self.table.currentIndex().row() + steps, 0), self.sorted.rowCount() - 1))

    def _select(self, place: int) -> None:
        if 0 <= place < self.sorted.rowCount():
            self.table.setCurrentIndex(self.sorted.index(place, 0))

    def _on_current(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self.state is not None:
            self._reading = aio.spawn(self._read(self.state), "read an article", self)
        self.offered.emit()

    async def _read(self, state: ArticleState) -> None:
        self.title.setText(state.title)
        self.text.show_markdown((await self._workspace.article(state.article)).text)
