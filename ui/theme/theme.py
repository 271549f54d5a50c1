"""The theme in force: follows the system or is forced, and tells when it changed."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.theme.fonts import font
from ui.theme.stylesheet import palette, style_sheet
from ui.theme.tokens import SCHEMES, Colours, Scheme, Tone

SYSTEM = "system"
PREFERENCES = (SYSTEM, *(scheme.value for scheme in Scheme))


class Theme(QObject):
    """Colours of the scheme in force. One for the application, see `theme()`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._preference = SYSTEM
        self._fallback = Scheme.LIGHT
        self._scheme = Scheme.LIGHT
        self._cache: dict[str, QColor] = {}
        self.reduced_motion = False

    @property
    def scheme(self) -> Scheme:
        """The scheme in force."""
        return self._scheme

    @property
    def preference(self) -> str:
        """What was asked for: a scheme, or `system`."""
        return self._preference

    @property
    def colours(self) -> Colours:
        """The tokens in force."""
        return SCHEMES[self._scheme]

    def colour(self, token: str) -> QColor:
        """A token as Qt's colour; do not alter it, it is shared."""
        found = self._cache.get(token)
        if found is None:
            found = self._cache[token] = QColor(self.hex(token))
        return found

    def hex(self, token: str) -> str:
        """A token as `#rrggbb`."""
        value = getattr(self.colours, token)
        if not isinstance(value, str):
            raise TypeError(f"{token} is not a colour")
        return value

    def tone(self, tone: Tone) -> tuple[QColor, QColor]:
        """The ink and the soft surface of a tone."""
        ink = self.colour(tone.value)
        return ink, self.colour(f"{tone.value}_soft")

    def start(
        self, application: QApplication, preference: str = SYSTEM, fallback: Scheme = Scheme.LIGHT
    ) -> None:
        """Dress the application. `fallback` is for platforms that do not know their scheme (offscreen)."""
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._fallback = fallback
        self._preference = preference if preference in PREFERENCES else SYSTEM
        self._dress(self._wanted())

    def prefer(self, preference: str) -> None:
        """Force a scheme, or follow the system again."""
        self._preference = preference if preference in PREFERENCES else SYSTEM
        wanted = self._wanted()
        if wanted != self._scheme:
            self._dress(wanted)

    def _wanted(self) -> Scheme:
        if self._preference != SYSTEM:
            return Scheme(self._preference)
        system = QGuiApplication.styleHints().colorScheme()
        if system == Qt.ColorScheme.Unknown:
            return self._fallback
        return Scheme.DARK if system == Qt.ColorScheme.Dark else Scheme.LIGHT

    def _on_system_changed(self) -> None:
        self.prefer(self._preference)

    def _dress(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._cache.clear()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setFont(font())
            application.setPalette(palette(self.colours))
            application.setStyleSheet(style_sheet(self.colours))
        self.changed.emit()


@cache
def theme() -> Theme:
    """The application's theme."""
    return Theme()
