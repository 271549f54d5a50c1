"""From tokens to Qt: the palette (which keeps Fusion's focus, selection and disabled states right) and one style sheet.

Widgets say what they are through a few dynamic properties, and only here is said how that looks:
`surface` (canvas, surface, raised, sunken, card, note, rep, ai, strip) on frames, `tone` on labels,
`kind` (primary, plain, quiet, danger) on buttons.
"""

from __future__ import annotations

from dataclasses import asdict

from PySide6.QtGui import QColor, QPalette

from ui.theme.resources import ICONS
from ui.theme.tokens import Colours, Radius

_ROLES = {
    QPalette.ColorRole.Window: "canvas",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "canvas",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "bad",
    QPalette.ColorRole.Highlight: "accent_fill",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.ToolTipBase: "toast",
    QPalette.ColorRole.ToolTipText: "on_toast",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line_strong",
    QPalette.ColorRole.Shadow: "line_strong",
    QPalette.ColorRole.Accent: "accent_fill",
}
_TEXT_ROLES = (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText)


def palette(colours: Colours) -> QPalette:
    """The palette of a scheme."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, QColor(getattr(colours, token)))
    for role in _TEXT_ROLES:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return made


def style_sheet(colours: Colours) -> str:
    """The style sheet of a scheme."""
    values = {name: value for name, value in asdict(colours).items() if isinstance(value, str)}
    for radius in ("S", "M", "L"):
        values[f"radius_{radius.lower()}"] = f"{getattr(Radius, radius)}px"
    tick = "black" if QColor(colours.on_accent).lightness() < 128 else "white"
    values["tick"] = (ICONS / f"tick-{tick}.svg").as_posix()
    sheet = _SHEET
    for name in sorted(values, key=len, reverse=True):
        sheet = sheet.replace(f"${name}", values[name])
    return sheet


_SHEET = """
QLabel { background: transparent; border: none; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="faint"] { color: $faint; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="bad"] { color: $bad; }
QLabel[tone="info"] { color: $info; }
QLabel[tone="note"] { color: $note; }
QLabel[tone="neutral"] { color: $neutral; }
QLabel[tone="on_toast"] { color: $on_toast; }

QFrame[surface] { border: none; }
QFrame[surface="canvas"] { background: $canvas; }
QFrame[surface="surface"] { background: $surface; }
QFrame[surface="raised"] { background: $raised; border: 1px solid $line; border-radius: $radius_m; }
QFrame[surface="sunken"] { background: $sunken; border-radius: $radius_m; }
QFrame[surface="card"] { background: $raised; border: 1px solid $line; border-radius: $radius_l; }
QFrame[surface="sheet"] { background: $raised; border: 1px solid $line_strong; border-radius: $radius_l; }
QFrame[surface="note"] { background: $note_soft; border: 1px solid $note_line; border-radius: $radius_l; }
QFrame[surface="rep"] { background: $rep_bubble; border-radius: $radius_l; }
QFrame[surface="ai"] { background: $ai_bubble; border: 1px solid $ai_line; border-radius: $radius_l; }
QFrame[surface="toast"] { background: $toast; border-radius: $radius_l; }
QFrame[strip="accent"] { background: $accent_soft; border-radius: $radius_m; }
QFrame[strip="info"] { background: $info_soft; border-radius: $radius_m; }
QFrame[strip="good"] { background: $good_soft; border-radius: $radius_m; }
QFrame[strip="warn"] { background: $warn_soft; border-radius: $radius_m; }
QFrame[strip="bad"] { background: $bad_soft; border-radius: $radius_m; }
QFrame[strip="note"] { background: $note_soft; border-radius: $radius_m; }
QFrame[strip="neutral"] { background: $neutral_soft; border-radius: $radius_m; }
QFrame[rule="horizontal"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[rule="vertical"] { background: $line; border: none; min-width: 1px; max-width: 1px; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox {
  background: $surface; color: $ink; border: 1px solid $line_strong; border-radius: $radius_m; padding: 0 7px;
  selection-background-color: $accent_fill; selection-color: $on_accent; placeholder-text-color: $faint; }
QLineEdit { min-height: 30px; }
QComboBox { min-height: 30px; padding-right: 4px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line_strong; color: $ink;
  selection-background-color: $accent_soft; selection-color: $ink; }
QPlainTextEdit, QTextEdit { padding: 6px; }
QLineEdit:hover { border-color: $faint; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus {
  border: 2px solid $focus; padding: 0 6px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 5px; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {
  color: $faint; background: $sunken; border-color: $line; }
QTextEdit[bare="true"], QPlainTextEdit[bare="true"], QLineEdit[bare="true"], QTextBrowser[bare="true"] {
  background: transparent; border: none; padding: 0; }

QCheckBox { border: 2px solid transparent; border-radius: $radius_s; padding: 1px 3px; spacing: 8px; }
QCheckBox:focus { border-color: $focus; }
QCheckBox:disabled { color: $faint; }
QCheckBox::indicator { width: 15px; height: 15px; border: 1px solid $faint; border-radius: 4px; background: $surface; }
QCheckBox::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url("$tick"); }
QCheckBox::indicator:disabled { background: $sunken; border-color: $line_strong; }
QCheckBox::indicator:checked:disabled { background: $faint; border-color: $faint; }

QPushButton { border: 1px solid $line_strong; background: $raised; color: $ink; border-radius: $radius_m; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:disabled { color: $faint; background: $sunken; border-color: $line; }
QPushButton[kind="primary"] { background: $accent_fill; border-color: $accent_fill; color: $on_accent; }
QPushButton[kind="primary"]:hover { background: $accent_fill_hover; border-color: $accent_fill_hover; }
QPushButton[kind="primary"]:disabled { background: $sunken; border-color: $line; color: $faint; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed { background: $pressed; }
QPushButton[kind="danger"] { background: $raised; border-color: $bad; color: $bad; }
QPushButton[kind="danger"]:hover { background: $bad_soft; }
QPushButton[kind="danger"]:disabled { background: $sunken; border-color: $line; color: $faint; }
QPushButton[kind="toast"] { background: transparent; border-color: transparent; color: $toast_action; }

QToolButton { border: none; border-radius: $radius_m; background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $accent_soft; }

QAbstractItemView { background: transparent; border: none; outline: 0; color: $ink;
  selection-background-color: transparent; selection-color: $ink; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:hover { background: $accent_fill; }
QHeaderView::section { background: $canvas; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 4px 8px; }
QTableView { background: $surface; alternate-background-color: $canvas; border: 1px solid $line;
  border-radius: $radius_m; }
QTableView[keyScope="queue"] { background: transparent; border: none; }
QTableView::item { padding: 0 5px; border: none; }
QTableView::item:selected { background: $selected; color: $ink; }
QMenu { background: $raised; color: $ink; border: 1px solid $line_strong; border-radius: $radius_m; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: $radius_s; }
QMenu::item:selected { background: $accent_soft; color: $ink; }
QMenu::item:disabled { color: $faint; }
QToolTip { background: $toast; color: $on_toast; border: none; padding: 5px 8px; }
QProgressBar { background: $line; border: none; }
QProgressBar::chunk { background: $accent_fill; }

QScrollBar:vertical { width: 10px; background: transparent; margin: 2px; border: none; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 2px; border: none; }
QScrollBar::handle { background: $pressed; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
"""
