"""The pane at the left: the view and its count, the search field, the list or what stands for it, the desk's state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QStackedWidget, QWidget

from copilot.domain import QueuePage, TicketId, View
from copilot.errors import UserError
from ui.actions import Actions
from ui.queue.feed import QueueFeed
from ui.queue.listview import QueueList, SkeletonRows
from ui.queue.model import QueueModel
from ui.queue.pickedbar import PickedBar
from ui.queue.status import StatusLine
from ui.queue.words import NOTHING, VIEW_ACTIONS, nothing_found
from ui.theme.fonts import font
from ui.theme.icons import icon
from ui.theme.tokens import Size, Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.direction import Mirror
from ui.widgets.keycap import KeyCap
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip, announce
from ui.widgets.states import EmptyState

if TYPE_CHECKING:
    from copilot.workspace import Workspace


class SearchField(QLineEdit):
    """Search as you type; Down and Enter go to the list, Esc is the window's."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Search tickets")
        self.setAccessibleName("Search tickets")
        self.setFont(font())
        self.setFixedHeight(Size.CONTROL + 2)
        self.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition).setText("Search")
        self._cap = KeyCap("/")
        self._cap.setParent(self)
        self.textChanged.connect(lambda text: self._cap.setVisible(not text))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        size = self._cap.sizeHint()
        place = QRect(
            QPoint(self.width() - size.width() - Space.S, (self.height() - size.height()) // 2), size
        )
        self._cap.setGeometry(Mirror(self.layoutDirection(), self.rect())(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
            return
        super().keyPressEvent(event)


class QueuePane(QFrame):
    """The left pane. Everything it reads comes through its `QueueFeed`."""

    ticket_changed = Signal(object)
    view_changed = Signal(object)
    counts_changed = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._feed: QueueFeed | None = None
        self._view = View.MINE
        self._open_best = False
        self._filling = False
        self._counts: Mapping[View, int] = {}
        self.setProperty("surface", "surface")
        self.setAccessibleName("Queue")
        self.model = QueueModel(self)
        self.list = QueueList(self.model)
        self.search = SearchField()
        self.status = StatusLine(actions)
        self.bar = PickedBar(actions)
        self._foot = QStackedWidget()
        self._title = Label("", Text.DISPLAY)
        self._count = Label("", Text.SMALL, "muted")
        self._count.setFont(font(Text.SMALL, tabular=True))
        self.nothing = EmptyState()
        self._skeleton = SkeletonRows()
        retry = Button("Try again", "refresh-cw", small=True)
        retry.clicked.connect(self.reload)
        self._error = Strip(Tone.BAD, "", retry)
        self._error.hide()
        self._body = QStackedWidget()
        for widget in (self._skeleton, self.list, self.nothing):
            self._body.addWidget(widget)
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for foot in (self.status, self.bar):
            self._foot.addWidget(foot)
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self._connect()
        self._show_title()

    def _lay_out(self) -> None:
        head = row(self._title, None, self._count)
        top = column(
            head, self.search, self._error, margins=(Space.L, Space.M, Space.L, Space.S), spacing=Space.M
        )
        layout = column(top, self._body, self._foot, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.list.ticket_changed.connect(self._on_ticket_changed)
        self.search.textChanged.connect(self._on_search_typed)
        self.search.left.connect(self._on_search_left)
        self.list.viewport().installEventFilter(self)
        self.list.picked.changed.connect(self._on_picked)
        self.bar.clear.clicked.connect(self.list.unpick)

    # -- what the window asks --------------------------------------------------------------------------------------

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self._view

    @property
    def feed(self) -> QueueFeed | None:
        """What fills the list, once there is a workspace."""
        return self._feed

    def show_glimpse(self, page: QueuePage, counts: Mapping[View, int], view: View) -> None:
        """Show rows before there is a workspace; `open` replaces them."""
        self._view = view
        self.model.show(page)
        if page.rows:
            self._stand(self.list)
        self._on_counts_changed(counts)
        self.view_changed.emit(view)

    def open(self, workspace: Workspace, view: View = View.MINE) -> None:
        """Begin to show a workspace."""
        feed = QueueFeed(workspace, self.model, self)
        feed.loaded.connect(self._on_loaded)
        feed.refreshed.connect(self._show_body)
        feed.failed.connect(self._on_failed)
        feed.counts_changed.connect(self._on_counts_changed)
        self._feed = feed
        self.show_view(view)

    def show_view(self, view: View) -> None:
        """Show a view, from its top."""
        self._view = view
        self.list.unpick()
        if self.search.text():
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)
        self._show_title()
        self.view_changed.emit(view)
        if self._feed is not None:
            self._feed.show_view(view)

    def reload(self) -> None:
        """Read the list again."""
        self._error.hide()
        if self._feed is not None:
            self._feed.reload()

    def start_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def leave_search(self) -> bool:
        """End a search and go back to the list; answers whether there was anything to leave."""
        if self.search.text():
            self.search.clear()
        elif not self.search.hasFocus():
            return False
        self.take_focus()
        return True

    def set_filling(self, filling: bool) -> None:
        """Say whether tickets are still on their way: until they are here, an empty list is not called empty."""
        if filling != self._filling:
            self._filling = filling
            if self._feed is not None and self._feed.is_current:
                self._show_body()

    def take_focus(self) -> None:
        """Give the keyboard to the list, or to what stands in its place; letters are commands there."""
        self._standing().setFocus()

    def set_compact(self, compact: bool) -> None:
        """Two lines a row instead of three."""
        self.list.set_compact(compact)
        self._skeleton.density = self.list.density
        self._skeleton.update()

    # -- what happens ----------------------------------------------------------------------------------------------

    def _on_ticket_changed(self, ticket: TicketId) -> None:
        self.ticket_changed.emit(ticket)
        if self._feed is not None:
            self._feed.prepare_after(self.model.row_of(ticket))

    def _on_picked(self) -> None:
        count = len(self.list.picked)
        self._foot.setCurrentWidget(self.bar if count else self.status)
        if count:
            self.bar.say(count)
        announce(self.list, f"{count} selected" if count else "None selected")

    def _on_search_typed(self, text: str) -> None:
        if self._feed is not None:
            self._feed.search(text)

    def _on_search_left(self) -> None:
        self.take_focus()
        if self._feed is not None and not self._feed.is_current:
            self._open_best = True  # Enter was quicker than the search
            return
        if self.model.rowCount() and self.model.row_of(self.list.ticket or TicketId(-1)) < 0:
            self.list.go_to(0)

    def _on_loaded(self) -> None:
        self._error.hide()
        self.list.scrollToTop()
        open_best, self._open_best = self._open_best, False
        if (open_best or self.list.ticket is None) and self.model.rowCount():
            self.list.go_to(0)
        elif self.list.ticket is not None and self.model.row_of(self.list.ticket) >= 0:
            self.list.select_ticket(self.list.ticket)
        elif self._feed is not None:
            self._feed.prepare_after(0)
        self._show_body()
        if self._feed is not None and self._feed.search_text:
            announce(self.list, f"{self.model.rowCount()} tickets found")

    def _on_failed(self, error: UserError) -> None:
        self._error.say(str(error))
        self._error.show()
        self._show_body()

    def _on_counts_changed(self, counts: Mapping[View, int]) -> None:
        self._counts = counts
        self._show_title()
        self.counts_changed.emit(counts)

    def _show_body(self) -> None:
        if self.model.rowCount():
            self._stand(self.list)
            self._show_title()
            return
        searched = self._feed.search_text if self._feed is not None else ""
        if self._filling and not searched:
            self._stand(self._skeleton)
            self._show_title()
            return
        nothing = nothing_found(searched) if searched else NOTHING[self._view]
        self.nothing.say(nothing.icon, nothing.title, nothing.advice)
        self.nothing.setAccessibleName(f"{nothing.title}. {nothing.advice}")
        self._stand(self.nothing)
        self._show_title()

    def _stand(self, widget: QWidget) -> None:
        """Show the list or what stands for it; the keyboard stays here if it was here."""
        before = self._standing()
        had_focus = before.hasFocus()
        self._body.setCurrentWidget(widget)
        if had_focus and widget is not before:
            widget.setFocus()

    def _standing(self) -> QWidget:
        return (self._skeleton, self.list, self.nothing)[self._body.currentIndex()]

    def _show_title(self) -> None:
        searched = self._feed.search_text if self._feed is not None else ""
        name = self._actions.action(VIEW_ACTIONS[self._view]).name
        self._title.setText("Search" if searched else name)
        if searched:
            more = "+" if self.model.next_page() is not None else ""
            self._count.setText(f"{self.model.rowCount():,}{more} found")
        elif self._view in self._counts:
            count = self._counts[self._view]
            self._count.setText(f"{count:,} ticket{'' if count == 1 else 's'}")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._actions.trigger("queue.open")
        return False
