"""How the window looks, how long a reply is held, how far ahead the copilot reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui import aio
from ui.settings.rows import Alternatives, Number, SettingRow, group
from ui.theme.theme import theme
from ui.theme.tokens import Space
from ui.widgets.layout import column
from ui.widgets.pick import Pick

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window

_THEMES = (
    ("system", "System", "contrast"),
    ("light", "Light", "sun"),
    ("dark", "Dark", "moon"),
    ("contrast", "High contrast", "eye"),
)
_LANGUAGES = (
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
)
_ON_OFF = (("on", "On", "check"), ("off", "Off", "x"))
_DENSITIES = (("comfortable", "Comfortable", "list"), ("compact", "Compact", "menu"))


class GeneralPage(QWidget):
    """Every change holds at once and is kept."""

    def __init__(self, workspace: Workspace, window: Window) -> None:
        super().__init__()
        self._workspace, self._window = workspace, window
        now = workspace.preferences
        self.theme = Alternatives(_THEMES, now.theme)
        self.theme.chosen.connect(self._on_theme)
        self.density = Alternatives(_DENSITIES, now.density)
        self.density.chosen.connect(self._on_density)
        self.hold = Number(0, 300, round(now.hold_seconds), "seconds")
        self.hold.changed.connect(lambda seconds: self._keep(hold_seconds=float(seconds)))
        self.spelling = Alternatives(_ON_OFF, "on" if now.check_spelling else "off")
        self.spelling.chosen.connect(lambda value: self._keep(check_spelling=value == "on"))
        self.ahead = Number(0, 50, now.prepare_ahead, "tickets")
        self.ahead.changed.connect(lambda tickets: self._keep(prepare_ahead=tickets))
        self.language = Pick()
        for code, name in _LANGUAGES:
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(self.language.findData(now.language), 0))
        self.language.activated.connect(lambda _: self._keep(language=self.language.currentData()))
        self.setLayout(
            column(
                group(
                    "Look",
                    SettingRow(
                        "Theme", "Light, dark or high contrast; System follows your computer.", self.theme
                    ),
                    SettingRow("Density", "Compact rows show half as many tickets more.", self.density),
                ),
                group(
                    "Sending",
                    SettingRow(
                        "Undo period",
                        "How long a sent reply is held before it leaves, so that u takes it back. 0 sends at once.",
                        self.hold,
                    ),
                    SettingRow(
                        "Spelling",
                        "Underlines words that your computer's hunspell dictionaries do not know. Nothing leaves it.",
                        self.spelling,
                    ),
                ),
                group(
                    "Reading ahead",
                    SettingRow(
                        "Briefs made ahead",
                        "How many of the next tickets are read before you open them. 0: none, each when opened.",
                        self.ahead,
                    ),
                    SettingRow(
                        "Your language",
                        "What language models write for you in: summaries and answers. Replies follow the customer.",
                        self.language,
                    ),
                ),
                None,
                spacing=Space.XL,
            )
        )

    def shown(self) -> list[SettingRow]:
        """The settings that are not hidden by the search."""
        return [line for line in self.findChildren(SettingRow) if line.isVisible()]

    def _on_theme(self, value: str) -> None:
        theme().prefer(value)
        self._keep(theme=value)

    def _on_density(self, value: str) -> None:
        self._window.queue.set_compact(value == "compact")
        self._keep(density=value)

    def _keep(self, **changed: object) -> None:
        aio.spawn(self._workspace.prefer(**changed), "keep preferences", self._window)
