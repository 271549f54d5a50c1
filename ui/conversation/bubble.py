"""One message on the screen. Bubbles are few and used again: `fill` makes one show another message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from copilot.domain import HiddenKind, Message, RemoteId, Role
from copilot.workspace import Rendered
from ui.conversation.attachments import FileChip, flow
from ui.conversation.browser import SafeBrowser
from ui.conversation.bubble_paint import (
    LINE_HEIGHT,
    Surface,
    heading_of,
    is_ours,
    paint_focus,
    paint_heading,
    paint_surface,
    surface_of,
)
from ui.conversation.offsets import QtOffsets
from ui.conversation.quotes import find_quote
from ui.conversation.words import absolute, spoken
from ui.theme.tokens import Size, Space
from ui.widgets.avatar import paint_avatar
from ui.widgets.buttons import Button
from ui.widgets.direction import Mirror, mirror
from ui.widgets.labels import plain_tip

MARGIN = 20
_AVATAR = Size.AVATAR_SMALL
_PAD_X, _PAD_Y = 14, 9
_PAD_BOTTOM = 6
"""Less than above: the line height leaves room under the last line."""
_BELOW = 16
_MOST = 620
_ROOMY = 560
"""From this width on the side across from the avatar is kept as free as the avatar's own."""
_LEAST = 96
_RAGGED = 48
"""A text nearly as wide as it may be is given all of the width: it need not be laid out a second time."""
_FOLD_WORDS = {
    HiddenKind.QUOTE: "quoted text",
    HiddenKind.SIGNATURE: "signature",
    HiddenKind.DISCLAIMER: "disclaimer",
    HiddenKind.FORWARD: "forwarded message",
}


@dataclass(frozen=True, slots=True)
class Lit:
    """A span of a message that is lit up: `quote` is `Message.clean[start:end]`."""

    message: RemoteId
    quote: str
    start: int
    end: int


def text_width(width: int) -> int:
    """How wide a message's text may be where the thread is `width` wide."""
    far_side = _AVATAR + Space.S if width >= _ROOMY else Space.S
    return min(_MOST, width - 2 * MARGIN - _AVATAR - Space.S - far_side) - 2 * _PAD_X


class MessageBubble(QWidget):
    """A message with its author, its hidden parts and its files."""

    link_asked = Signal(str)
    save_asked = Signal(object)
    """Somebody wants this `Attachment`."""
    whole_asked = Signal()
    fold_asked = Signal()
    focused = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.message: Message | None = None
        self._mine = False
        self._rendered: Rendered | None = None
        self._lit: Lit | None = None
        self._lit_at: tuple[int, int] | None = None
        self._surface = Surface("raised", "line")
        self._stamp = QRect()
        self._box = QRect()
        self._chips: list[QWidget] = []
        self._arranged: tuple[int, int] | None = None
        """The width it was arranged for, and the height that gave."""
        self.body = SafeBrowser()
        self._hidden: SafeBrowser | None = None
        self.fold = Button("", "quote", kind="quiet", small=True)
        self.more = Button("Show the whole message", "chevron-down", kind="quiet", small=True)
        for child in (self.body, self.fold, self.more):
            child.setParent(self)
        self.body.link_asked.connect(self.link_asked)
        self.body.installEventFilter(self)
        self.fold.clicked.connect(self.fold_asked)
        self.more.clicked.connect(self.whole_asked)
        self.set_current(current=False)

    def fill(self, message: Message, rendered: Rendered | None, *, mine: bool, unfolded: bool) -> None:
        """Show a message; without `rendered` its plain text stands in until the HTML is there."""
        same = self.message == message and self._rendered == rendered
        folded = self._hidden is None or self._hidden.isHidden()
        if not same or folded == unfolded:
            self._arranged = None
        self.message, self._rendered, self._mine = message, rendered, mine
        self._surface = surface_of(message)
        self.setAccessibleName(spoken(message, mine=mine))
        self.setAccessibleDescription(message.clean or message.text)
        if not same:
            self._fill_body()
            self._fill_chips()
        self._fill_fold(unfolded=unfolded)
        self.more.setVisible(rendered is not None and rendered.shortened)
        self._apply_light()
        self.update()

    def repaint_colours(self) -> None:
        """The theme changed."""
        self.body.repaint_colours()
        if self._hidden:
            self._hidden.repaint_colours()
        self._arranged = None
        self._apply_light()

    def light_up(self, lit: Lit | None) -> None:
        """Light up a span of this message, or none."""
        self._lit = lit
        self._apply_light()
        self.update()

    def lit_top(self) -> int | None:
        """Where the lit words begin, from the top of this widget; None when none are found."""
        if self._lit_at is None:
            return None
        return self.body.y() + self.body.rect_of(self._lit_at[0]).top()

    def set_current(self, *, current: bool) -> None:
        """Whether Tab comes here: to one message of the thread only, else the way to the editor would be long."""
        reach = Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus
        self.setFocusPolicy(reach)
        for child in (
            self.body,
            self.fold,
            self.more,
            *self._chips,
            *([self._hidden] if self._hidden else []),
        ):
            child.setFocusPolicy(reach)

    def arrange(self, width: int) -> int:
        """Give everything its place at a width; answers the height."""
        if self._arranged is None or self._arranged[0] != width:
            self._arranged = (width, self._arrange(width))
        return self._arranged[1]

    def _arrange(self, width: int) -> int:
        ours = self.message is not None and is_ours(self.message)
        most = text_width(width)
        natural = max(self.body.natural_width(most), _LEAST)
        if natural > most - _RAGGED:
            natural = most
        inner = min(most, max(natural, self._controls_width(most)))
        box_width = inner + 2 * _PAD_X
        side = MARGIN + _AVATAR + Space.S
        left = width - side - box_width if ours else side
        top = LINE_HEIGHT + Space.XS
        bottom = self._stack(left + _PAD_X, top + _PAD_Y, inner) + _PAD_BOTTOM
        placed = Mirror(self.layoutDirection(), QRect(0, 0, width, bottom))
        self._box = placed(QRect(left, top, box_width, bottom - top))
        for child in (
            self.body,
            self.more,
            self.fold,
            *self._chips,
            *([self._hidden] if self._hidden else []),
        ):
            child.setGeometry(placed(child.geometry()))
        return bottom + _BELOW

    def _stack(self, left: int, top: int, width: int) -> int:
        """Place body, controls and files under each other; answers where they end."""
        height = self.body.height_for(width)
        self.body.setGeometry(left, top, width, height)
        y = top + height
        for button in (self.more, self.fold):
            if button.isVisibleTo(self):
                y += Space.XS
                button.setGeometry(left - Space.S, y, button.sizeHint().width(), button.height())
                y += button.height()
        if self._hidden and self._hidden.isVisibleTo(self):
            height = self._hidden.height_for(width - Space.M)
            self._hidden.setGeometry(left + Space.M, y + Space.XS, width - Space.M, height)
            y += Space.XS + height
        if self._chips:
            y += Space.S
            y += flow(self._chips, left, y, width)
        return y

    def _controls_width(self, most: int) -> int:
        shown = [button for button in (self.more, self.fold) if button.isVisibleTo(self)]
        widths = [button.sizeHint().width() for button in (*shown, *self._chips)]
        if self._hidden and self._hidden.isVisibleTo(self):
            widths.append(self._hidden.natural_width(most - Space.M) + Space.M)
        return min(max(widths, default=0), most)

    def _fill_body(self) -> None:
        if self._rendered is not None:
            self.body.show_html(self._rendered.html)
        elif self.message is not None:
            self.body.show_text(self.message.clean or self.message.text)
        self.body.setAccessibleName(f"Text of {self.accessibleName()}")

    def _fill_chips(self) -> None:
        for chip in self._chips:
            chip.setParent(None)
            chip.deleteLater()
        self._chips = []
        for attachment in self.message.attachments if self.message else ():
            chip = FileChip(attachment.name, attachment.media_type, attachment.size_bytes, "Save")
            chip.clicked.connect(partial(self.save_asked.emit, attachment))
            chip.setParent(self)
            chip.setFocusPolicy(self.focusPolicy())
            chip.show()
            self._chips.append(chip)

    def _fill_fold(self, *, unfolded: bool) -> None:
        hidden = self.message.hidden if self.message else ()
        self.fold.setVisible(bool(hidden))
        kinds = tuple(dict.fromkeys(part.kind for part in hidden))
        words = _FOLD_WORDS[kinds[0]] if len(kinds) == 1 else "quoted text and signature"
        self.fold.setText(f"{'Hide' if unfolded else 'Show'} {words}")
        if not unfolded or not hidden:
            if self._hidden:
                self._hidden.hide()
            return
        browser = self._hidden_browser()
        if self._rendered and self._rendered.hidden_html:
            browser.show_html(self._rendered.hidden_html)
        else:
            browser.show_text("\n\n".join(part.text for part in hidden))
        browser.show()

    def _hidden_browser(self) -> SafeBrowser:
        if self._hidden is None:
            self._hidden = SafeBrowser("muted")
            self._hidden.setParent(self)
            self._hidden.setAccessibleName("Quoted text and signature")
            self._hidden.setFocusPolicy(self.focusPolicy())
            self._hidden.link_asked.connect(self.link_asked)
        return self._hidden

    def _apply_light(self) -> None:
        self._lit_at = None
        if self._lit is None or self.message is None or self._lit.message != self.message.remote_id:
            self._lit = None
            self.body.light_up(0, 0)
            return
        shown = self.body.toPlainText()
        span = find_quote(shown, self.message.clean, self._lit.start, self._lit.end, self._lit.quote)
        if span is None:
            self.body.light_up(0, 0)
            return
        offsets = QtOffsets(shown)
        self._lit_at = (offsets.to_qt(span.start), offsets.to_qt(span.end))
        self.body.light_up(*self._lit_at)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
            self.update()
        elif event.type() == QEvent.Type.FocusOut:
            self.update()
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self.tip_at(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, here: QPoint) -> str:
        """What the pointer is told at a place: the full date of the time, the address of the name."""
        if self.message is None or here.y() >= LINE_HEIGHT:
            return ""
        if self._stamp.contains(here):
            return absolute(self.message.created)
        return f"{self.message.author.name} {self.message.author.email}".strip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.message is None:
            return
        painter = QPainter(self)
        author, ours = self.message.author, is_ours(self.message)
        face = QRect(0, self._box.top(), _AVATAR, _AVATAR)
        face.moveLeft(self.width() - MARGIN - _AVATAR if ours else MARGIN)
        paint_avatar(
            painter, mirror(painter, self.rect())(face), author.name, robot=author.role == Role.AI_AGENT
        )
        line = QRect(
            MARGIN + _AVATAR + Space.S, 0, self.width() - 2 * (MARGIN + _AVATAR + Space.S), LINE_HEIGHT
        )
        heading = heading_of(self.message, mine=self._mine)
        self._stamp = paint_heading(painter, line, heading, right=ours)
        paint_surface(painter, self._box, self._surface, lit=self._lit is not None)
        if self.hasFocus():
            paint_focus(painter, self._box.adjusted(-3, -3, 3, 3))
