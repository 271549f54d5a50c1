"""The pages of the team's knowledge in one panel, and over them the editor of an answer and what it would have done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from copilot.domain import InternalAnswer
from ui.actions import Actions
from ui.knowing.answers import AnswersPage
from ui.knowing.articles import ArticlesPage
from ui.knowing.conflicts import ConflictsPage
from ui.knowing.editor import AnswerEditor
from ui.knowing.gaps import GapsPage
from ui.knowing.page import AnswerWish, Commands, Page
from ui.knowing.replay import ReplayPage
from ui.knowing.review import ReviewPage
from ui.theme.tokens import Space, Text
from ui.widgets.labels import Label
from ui.widgets.layout import column, row, rule
from ui.widgets.overlay import Stepping
from ui.widgets.segment import Segment

if TYPE_CHECKING:
    from copilot.workspace import Workspace

WANTED = QSize(1080, 740)
PAGES: dict[str, tuple[str, Callable[[Workspace, Actions], Page]]] = {
    "gaps": ("Gaps", GapsPage),
    "review": ("Escalated", ReviewPage),
    "articles": ("Articles", ArticlesPage),
    "conflicts": ("Conflicts", ConflictsPage),
    "answers": ("Answers", AnswersPage),
}
"""By key: the word on its tab, and how it is made."""


class KnowingPanel(Stepping):
    """`show_page` opens a page by its key, `write` the editor."""

    offered = Signal()
    """Other commands can be given now than before."""
    put_away = Signal()
    ticket_asked = Signal(object)

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        super().__init__()
        self._workspace, self._actions = workspace, actions
        self.setProperty("keyScope", "knowing")
        self.setAccessibleName("Knowledge")
        self.tabs: dict[str, Segment] = {}
        self.pages: dict[str, Page] = {}
        self.editor = AnswerEditor(workspace, actions)
        self.editor.approved.connect(self._on_approved)
        self.replay = ReplayPage(workspace, actions)
        self._wire(self.replay)
        self._stack = QStackedWidget()
        self._page: Page | None = None
        self._esc = Label("", Text.SMALL, "faint")
        self._lay_out()

    def sizeHint(self) -> QSize:
        return WANTED

    def _lay_out(self) -> None:
        for key, (word, _) in PAGES.items():
            action = self._actions.action(f"knowing.page.{key}")
            tab = Segment(word, action.icon, key=self._actions.key(action.id))
            tab.setAccessibleDescription(f"Key {self._actions.key(action.id)}")
            tab.clicked.connect(partial(self.show_page, key))
            self.tabs[key] = tab
        tabs = QWidget()
        tabs.setLayout(row(*self.tabs.values(), spacing=2))
        self._stack.addWidget(self.editor)
        self._stack.addWidget(self.replay)
        head = row(Label("Knowledge", Text.DISPLAY), tabs, None, self._esc, spacing=Space.L)
        whole = column(head, rule(), self._stack, margins=Space.XL, spacing=Space.M)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_page(self, key: str) -> Page:
        """Show a page, making it first if need be; answers it."""
        if key not in self.pages:
            made = self.pages[key] = PAGES[key][1](self._workspace, self._actions)
            self._wire(made)
            self._stack.addWidget(made)
        page = self.pages[key]
        self.tabs[key].setChecked(True)
        self._page = page
        self._bring(page)
        page.look()
        return page

    def write(self, wish: AnswerWish) -> None:
        """Open the editor."""
        self._bring(self.editor)
        self.editor.begin(wish)

    def step_back(self) -> bool:
        """From the editor and the replay to the page they were begun on; from there out."""
        shown = self._stack.currentWidget()
        if shown is self.editor and not self.editor.can_leave():
            return True
        if shown not in {self.editor, self.replay} or self._page is None:
            return False
        self._bring(self._page)
        self._page.look()
        return True

    def commands(self) -> Commands:
        """What can be done now, by the id of its action."""
        shown = self._stack.currentWidget()
        if shown is self.editor:
            return {"answer.approve": self.editor.save, "answer.preview": self.editor.switch_view}
        tabs: Commands = {f"knowing.page.{key}": partial(self._turn_to, key) for key in PAGES}
        return {**tabs, **shown.commands()} if isinstance(shown, Page) else tabs

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.put_away.emit()

    # -- inside --------------------------------------------------------------------------------------------------------

    def _turn_to(self, key: str) -> None:
        self.show_page(key)

    def _bring(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        inner = page in {self.editor, self.replay} and self._page is not None
        self._esc.setText("Esc goes back" if inner else "Esc closes")
        self.setFocusProxy(self.editor.text if page is self.editor else page)
        page.setFocus()
        self.offered.emit()

    def _wire(self, page: Page) -> None:
        page.answer_asked.connect(self.write)
        page.ticket_asked.connect(self.ticket_asked)
        page.offered.connect(self.offered)

    def _on_approved(self, answer: InternalAnswer, is_new: bool) -> None:
        if is_new:
            self.replay.begin(answer)
            self._bring(self.replay)
        elif self._page is not None:
            self._bring(self._page)
            self._page.look()
