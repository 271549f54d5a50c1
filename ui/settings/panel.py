"""The settings: their pages at the left with a search over all of them, the chosen one at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QStackedWidget, QWidget

from ui.settings.rows import SettingRow
from ui.settings.section import SECTIONS, Section
from ui.theme.icons import icon
from ui.theme.tokens import Space, Text
from ui.widgets.labels import Label
from ui.widgets.layout import column, row, rule
from ui.widgets.overlay import focus_first
from ui.widgets.segment import PageButton

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window

WANTED = QSize(920, 660)
_SIDE = 208


class SettingsPanel(QFrame):
    """The panel; `show_section` opens a page by its key."""

    def __init__(self, workspace: Workspace, window: Window) -> None:
        super().__init__()
        self._workspace, self._window = workspace, window
        self.setAccessibleName("Settings")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search settings")
        self.search.setAccessibleName("Search settings")
        found = self.search.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        found.setText("Search")
        self.search.textChanged.connect(self._on_typed)
        self.search.installEventFilter(self)
        self.buttons: dict[str, PageButton] = {}
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._title = Label("", Text.DISPLAY)
        self._lay_out()
        self.show_section(SECTIONS[0].key)
        focus_first(self, self.search)

    def sizeHint(self) -> QSize:
        return WANTED

    def show_section(self, key: str) -> QWidget:
        """Show a page, making it first if need be; answers it."""
        section = next(section for section in SECTIONS if section.key == key)
        if key not in self._pages:
            self._pages[key] = section.make(self._workspace, self._window)
            self._stack.addWidget(_scrolled(self._pages[key], section.title))
        self._stack.setCurrentIndex(list(self._pages).index(key))
        self._title.setText(section.title)
        self.buttons[key].setChecked(True)
        self._light_up(self._pages[key])
        return self._pages[key]

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if steps:
            self._step(steps)
        return bool(steps)

    def _lay_out(self) -> None:
        side = QWidget()
        side.setFixedWidth(_SIDE)
        for section in SECTIONS:
            button = PageButton(section.title, section.icon)
            button.clicked.connect(lambda _checked=False, key=section.key: self.show_section(key))
            self.buttons[section.key] = button
        side.setLayout(column(self.search, *self.buttons.values(), None, spacing=Space.XS))
        head = row(self._title, None, Label("Esc closes", Text.SMALL, "faint"))
        page = column(head, self._stack, spacing=Space.L, margins=(Space.XL, 0, 0, 0))
        page.setStretch(1, 1)
        whole = row(side, rule(vertical=True), page, spacing=Space.L, margins=Space.XL)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _on_typed(self, typed: str) -> None:
        fitting = [section for section in SECTIONS if _fits(section, typed, self._pages.get(section.key))]
        for section in SECTIONS:
            self.buttons[section.key].setVisible(section in fitting)
        if fitting and not self.buttons[fitting[0].key].isChecked():
            self.show_section(fitting[0].key)
        for page in self._pages.values():
            self._light_up(page)

    def _light_up(self, page: QWidget) -> None:
        """Settings that do not match what was typed step back; when none does, all stay."""
        lines = page.findChildren(SettingRow)
        typed = self.search.text()
        matching = [line for line in lines if line.matches(typed)]
        for line in lines:
            line.setVisible(line in matching or not matching)

    def _step(self, steps: int) -> None:
        keys = [key for key, button in self.buttons.items() if button.isVisibleTo(self)]
        here = next((place for place, key in enumerate(keys) if self.buttons[key].isChecked()), 0)
        if keys:
            self.show_section(keys[(here + steps) % len(keys)])


def _scrolled(page: QWidget, name: str) -> QScrollArea:
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


def _fits(section: Section, typed: str, page: QWidget | None) -> bool:
    lines = page.findChildren(SettingRow) if page is not None else []
    text = " ".join((section.title, *section.words)).casefold()
    return all(word in text for word in typed.casefold().split()) or any(
        line.matches(typed) for line in lines
    )
