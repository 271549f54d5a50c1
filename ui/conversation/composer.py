"""Where the rep writes: a reply or an internal note, with its files, its sources, and the ways to send it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu

from copilot.domain import (
    Capabilities,
    Citation,
    Draft,
    DraftSentence,
    ReplyLimits,
    Status,
    SuggestionId,
    Upload,
)
from ui.conversation.editor import ReplyEditor
from ui.conversation.grounding import tally, tally_line
from ui.conversation.limits import Way
from ui.conversation.uploads import UploadChips
from ui.theme.icons import icon
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, Label, plain_tip
from ui.widgets.layout import column, row
from ui.widgets.segment import Segment

SEND_KEY = "Ctrl+Enter"
SOLVE_KEY = "Ctrl+Shift+Enter"
_LEAST_HEIGHT = 66
_SHARE = 0.4
_NARROW = 520


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the composer."""

    text: str
    note: bool
    suggestion: SuggestionId | None
    uploads: tuple[Upload, ...]


class Composer(QFrame):
    """Knows nothing of tickets: shows text, says when it changed and when it shall go."""

    changed = Signal()
    send_asked = Signal(object)
    """It shall go, with this `Status` or None to leave the status as it is."""
    attach_asked = Signal()
    cited = Signal(object)
    """The `Citation` behind the sentence pointed at, or None."""
    left = Signal()

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self._now = now
        self.setProperty("surface", "card")
        self.setProperty("keyScope", "editor")
        self.setAccessibleName("Composer")
        self._note = False
        self._name = ""
        self._draft: Draft | None = None
        self._suggestion: SuggestionId | None = None
        self._busy = False
        self._blanks: tuple[str, ...] = ()
        self._way = Way()
        self._can = Capabilities()
        self.editor = ReplyEditor()
        self.files = UploadChips()
        self.reply_segment = Segment("Reply", "reply", key="r")
        self.note_segment = Segment("Internal note", "lock", key="n", tone=Tone.NOTE)
        self.state = Label("", Text.CAPTION, "muted")
        self.count = Label("", Text.CAPTION, "muted", wrap=True)
        self.count.hide()
        self.way = ElidedLabel("", Text.CAPTION, "muted")
        self.attach = IconButton("paperclip", "Attach a file")
        self.send = Button("Send", "send", kind="primary", key=SEND_KEY)
        self.solve = Button("Send and solve", "check-check")
        self.more = IconButton("chevron-up", "More ways to send")
        self._menu = self._build_menu()
        self._build()
        self._connect()
        self.set_note(note=False)

    # -- content -----------------------------------------------------------------------------------------------------

    def written(self) -> Written:
        """What stands here now."""
        return Written(self.editor.toPlainText(), self._note, self._suggestion, self.files.uploads())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self.editor.toPlainText().strip() and not self.files.uploads()

    @property
    def is_note(self) -> bool:
        """Whether a note is being written, which the requester never sees."""
        return self._note

    def load(self, text: str, *, note: bool, keep_files: bool = False) -> None:
        """Show another text, without its past."""
        self.forget_draft()
        self._blanks = ()
        if not keep_files:
            self.files.clear()
        self.set_note(note=note)
        self.editor.load(text)
        self.say_state("")

    def put(self, text: str) -> None:
        """Put text in place of what stands here; Ctrl+Z in the editor takes it back."""
        self.editor.put(text)

    def expect(self, blanks: tuple[str, ...]) -> None:
        """Variables of a macro that stand unfilled in the text: it cannot go while one of them does."""
        self._blanks = (*self._blanks, *blanks)
        self._on_changed()

    def set_draft(self, draft: Draft, suggestion: SuggestionId) -> None:
        """What is written came from this draft: mark its untouched sentences."""
        self._draft, self._suggestion = draft, suggestion
        self.editor.set_draft(draft.sentences)
        self._on_changed()

    def add_checked(self, sentence: DraftSentence) -> None:
        """A sentence of the rep's own has been checked: mark it, and count it as what it is."""
        self.editor.add_checked(sentence)
        self._on_changed()

    def forget_draft(self) -> None:
        """What is written has nothing to do with a draft."""
        self._draft = self._suggestion = None
        self.editor.set_draft(())

    def set_note(self, *, note: bool) -> None:
        """Write a note, or a reply; the text stays."""
        self._note = note
        (self.note_segment if note else self.reply_segment).setChecked(True)
        surface = "note" if note else "card"
        if self.property("surface") != surface:
            self.setProperty("surface", surface)
            self.style().unpolish(self)
            self.style().polish(self)
        self._set_attach()
        self.solve.setVisible(not note and self.width() >= _NARROW)
        self.more.setVisible(not note)
        self.send.setText("Add note" if note else "Send")
        self._say_placeholder()
        self._on_changed()

    def set_requester(self, name: str) -> None:
        """Whom one writes to."""
        self._name = name
        self._say_placeholder()

    def set_capabilities(self, can: Capabilities) -> None:
        """Grey out what the desk cannot do."""
        self._can = can
        self._way = Way(limits=ReplyLimits(characters=can.reply_limit, attachments=can.attachments))
        self.note_segment.setEnabled(can.notes)
        why = can.reasons.get("notes", "This desk has no internal notes")
        self.note_segment.setToolTip("" if can.notes else plain_tip(why))
        self._set_attach()
        for action, status in ((self._solve_action, Status.SOLVED), (self._wait_action, Status.PENDING)):
            action.setEnabled(status in can.statuses)
        self._on_changed()

    def set_way(self, way: Way) -> None:
        """How a reply gets back to the requester, and what fits through."""
        self._way = way
        self._set_attach()
        self._on_changed()

    def set_busy(self, *, busy: bool) -> None:
        """The outbox is taking the text: nothing may be typed into what is on its way."""
        self._busy = busy
        self.editor.setReadOnly(busy)
        self._on_changed()

    def say_state(self, words: str, tone: str = "muted") -> None:
        """Whether the text is on disk, in words."""
        self.state.set_tone(tone)
        self.state.setText(words)

    def fit(self, room: int) -> None:
        """Grow with the text up to a share of the room there is."""
        wanted = self.editor.height_wanted()
        height = min(max(wanted, _LEAST_HEIGHT), max(int(room * _SHARE), _LEAST_HEIGHT))
        if height != self.editor.height():
            self.editor.setFixedHeight(height)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.editor.setFixedHeight(_LEAST_HEIGHT)
        top = row(self.reply_segment, self.note_segment, None, self.state, spacing=Space.XS)
        bottom = row(self.attach, self.way, self.solve, self.more, self.send, spacing=6)
        self.setLayout(
            column(
                top,
                self.editor,
                self.files,
                self.count,
                bottom,
                margins=(Space.M, 10, 10, 10),
                spacing=Space.S,
            )
        )

    def _build_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(icon("send"), f"Send\t{SEND_KEY}", lambda: self._ask(None))
        self._solve_action = menu.addAction(
            icon("check-check"), f"Send and solve\t{SOLVE_KEY}", lambda: self._ask(Status.SOLVED)
        )
        self._wait_action = menu.addAction(
            icon("hourglass"), "Send and wait for the requester", lambda: self._ask(Status.PENDING)
        )
        return menu

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._on_changed)
        self.editor.sentence_pointed.connect(self._on_pointed)
        self.editor.left.connect(self.left)
        self.files.changed.connect(self._on_changed)
        self.attach.clicked.connect(self.attach_asked)
        self.send.clicked.connect(lambda: self._ask(None))
        self.solve.clicked.connect(lambda: self._ask(Status.SOLVED))
        self.more.clicked.connect(self._open_menu)
        self.reply_segment.clicked.connect(lambda: self._on_segment(note=False))
        self.note_segment.clicked.connect(lambda: self._on_segment(note=True))

    def _set_attach(self) -> None:
        reason = "Files go with a reply only" if self._note else ""
        if not reason and not self._can.attachments:
            reason = self._can.reasons.get("attachments", "This desk takes no files")
        if not reason and not self._way.limits.attachments:
            reason = f"{self._way.channel} takes no files"
        self.attach.setEnabled(not reason)
        self.attach.setToolTip(reason or "Attach a file")

    def _ask(self, status: Status | None) -> None:
        if not self.is_empty and not self._busy:
            self.send_asked.emit(status)

    def _open_menu(self) -> None:
        above = QPoint(0, -self._menu.sizeHint().height())
        self._menu.popup(self.more.mapToGlobal(above))

    def _on_segment(self, *, note: bool) -> None:
        self.set_note(note=note)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self) -> None:
        reason = self.why_not()
        for button in (self.send, self.solve, self.more):
            button.setEnabled(not reason)
        self.solve.setEnabled(not reason and Status.SOLVED in self._can.statuses)
        self.send.setToolTip(reason)
        self._say_count()
        length = len(self.editor.toPlainText())
        self.way.setText("" if self._note else self._way.words(length, self._now()))
        self.changed.emit()

    def why_not(self) -> str:
        """Why nothing can be sent now; empty when it can."""
        if self._busy:
            return "On its way"
        if self.is_empty:
            return "Write the note first" if self._note else "Write something first"
        text = self.editor.toPlainText()
        if blank := next((blank for blank in self._blanks if blank in text), ""):
            return f"{blank} is not filled in"
        return "" if self._note else self._way.why_not(len(text), self.files.uploads(), self._now())

    def _say_count(self) -> None:
        if self._draft is None or self.is_empty:
            self.count.hide()
            return
        sentences = self.editor.sentences
        self.count.setText(tally_line(tally(self.editor.toPlainText(), sentences, self.editor.marks)))
        self.count.show()

    def _on_pointed(self, number: int) -> None:
        citations: tuple[Citation, ...] = ()
        if self._draft is not None and number >= 0:
            citations = self.editor.sentences[number].citations
        self.cited.emit(citations[0] if citations else None)

    def _say_placeholder(self) -> None:
        first = self._name.split()[0] if self._name.split() else "the requester"
        words = "A note for your team; the requester never sees it" if self._note else f"Reply to {first}"
        self.editor.setPlaceholderText(words)
        self.editor.setAccessibleName("Internal note" if self._note else f"Reply to {self._name}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.solve.setVisible(not self._note and self.width() >= _NARROW)
