"""Other words for the reply in the editor: by a key, by an instruction, in another language; old beside new."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from copilot.domain import Draft, Refinement, Rewrite, SuggestionId, TicketId
from copilot.errors import UserError
from copilot.events import WritingStreamed
from copilot.workspace import Workspace
from ui import aio
from ui.assist.drafttext import DraftText
from ui.bridge import Bridge
from ui.theme.fonts import font
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip, announce
from ui.widgets.overlay import focus_first, refit

WIDTH = 860
_TEXT_HEIGHT = 260


@dataclass(frozen=True, slots=True)
class Into:
    """The wish for another language (ISO 639-1)."""

    language: str


WISHES: tuple[Choice, ...] = (
    Choice(value=Rewrite.SHORTER, title="Shorter", icon="minus"),
    Choice(value=Rewrite.LONGER, title="Longer", detail="more steps, more explanation", icon="plus"),
    Choice(value=Rewrite.FRIENDLIER, title="Friendlier", icon="smile"),
    Choice(value=Rewrite.MORE_FORMAL, title="More formal", icon="book-open"),
    Choice(value=Rewrite.FIX, title="Fix spelling and grammar", icon="check"),
    *(
        Choice(value=Into(code), title=f"Translate into {name}", icon="languages")
        for code, name in (
            ("de", "German"), ("en", "English"), ("es", "Spanish"), ("fr", "French"), ("it", "Italian"),
            ("ja", "Japanese"), ("nl", "Dutch"), ("pl", "Polish"), ("pt", "Portuguese"),
        )
    ),
)  # fmt: skip


class RewritePanel(QFrame):
    """Pick or type the wish; compare; Enter takes the new words, Esc keeps the old."""

    taken = Signal(object, object)
    """Put this `Draft` of this suggestion in the place of what is in the editor."""

    def __init__(
        self,
        workspace: Workspace,
        bridge: Bridge,
        ticket: TicketId,
        text: str,
        suggestion: SuggestionId | None,
    ) -> None:
        super().__init__()
        self._workspace, self._ticket = workspace, ticket
        self._text, self._suggestion = text, suggestion
        self._refinement: Refinement | None = None
        self._task: asyncio.Task[None] | None = None
        self.setAccessibleName("Rewrite the reply")
        self.setMinimumWidth(WIDTH)
        self.wishes = ChoiceList(
            WISHES, "Choose, or say what to change: “offer the refund”", "How to rewrite it"
        )
        self.wishes.chosen.connect(self._on_chosen)
        self.wishes.typed.connect(self._begin)
        self.old, self.new = _text_view("As it is"), DraftText()
        self.back = Label("", Text.SMALL, "muted", wrap=True)
        self.outcome = Strip(Tone.NEUTRAL, "")
        self.take = Button("Take it", "check", kind="primary", key="Enter")
        self.take.clicked.connect(self._on_take)
        self.again = Button("Something else", "undo-2")
        self.again.clicked.connect(self._choose_again)
        bridge.writing_streamed.connect(self._on_streamed)
        self._lay_out()
        focus_first(self, self.wishes.field)

    def _lay_out(self) -> None:
        self.old.setPlainText(self._text)
        self.new.setAccessibleName("In new words")
        self.compared = QWidget()
        sides = row(
            column(Label("As it is", Text.CAPTION, "faint"), self.old),
            column(Label("In new words", Text.CAPTION, "faint"), self.new),
            spacing=Space.XL,
        )
        for place in (0, 1):
            sides.setStretch(place, 1)
        buttons = row(self.outcome, self.again, self.take, spacing=Space.M)
        buttons.setStretch(0, 1)
        self.compared.setLayout(column(sides, self.back, buttons, spacing=Space.M))
        self.compared.setMinimumHeight(_TEXT_HEIGHT)
        self.compared.hide()
        head = row(Label("Rewrite", Text.TITLE), None, Label("Esc keeps it as it is", Text.SMALL, "faint"))
        self.setLayout(column(head, self.wishes, self.compared, margins=Space.XL, spacing=Space.L))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if entered and self.compared.isVisible() and self.take.isEnabled():
            self._on_take()
            return
        super().keyPressEvent(event)

    def hideEvent(self, _event: QHideEvent) -> None:
        """Whoever closes the panel needs the new words no more: stop writing them, at the provider too."""
        if self._task is not None:
            self._task.cancel()

    def _on_chosen(self, wish: Rewrite | Into) -> None:
        self._begin(wish)

    def _begin(self, wish: Rewrite | Into | str) -> None:
        self.wishes.hide()
        self.compared.show()
        self.take.setEnabled(False)
        self.new.show_plain("")
        self.back.setText("")
        self._tell(Tone.NEUTRAL, "Writing…")
        refit(self)
        self._task = aio.spawn(self._write(wish), "rewrite", self)

    async def _write(self, wish: Rewrite | Into | str) -> None:
        writing = self._workspace.writing
        try:
            if isinstance(wish, Into):
                found = await writing.translate(
                    self._ticket, self._text, wish.language, suggestion=self._suggestion
                )
            else:
                found = await writing.refine(self._ticket, self._text, wish, suggestion=self._suggestion)
        except UserError as error:
            self._tell(Tone.BAD, str(error))
            return
        self._show(found)

    def _show(self, found: Refinement) -> None:
        content = found.suggestion.content
        if not isinstance(content, Draft):
            self._tell(Tone.WARN, content.reason)
            return
        self._refinement = found
        self.new.show_sentences(content.sentences)
        self.back.setText(f"Translated back: {found.back}" if found.back else "")
        cost = f"cost {found.suggestion.cost.normalize():f} US$" if found.suggestion.cost else "no cost"
        self._tell(Tone.GOOD, f"{found.suggestion.model}, {cost}. {found.suggestion.rule}".strip())
        self.take.setEnabled(True)
        self.take.setFocus()
        refit(self)

    def _on_streamed(self, event: WritingStreamed) -> None:
        for one in self._workspace.writing.running(self._ticket):
            if one.run == event.run and one.task in {"refine", "translate"} and one.text:
                self.new.show_plain(one.text)

    def _on_take(self) -> None:
        if self._refinement is not None:
            aio.spawn(self._take(self._refinement), "take the new words", self)

    async def _take(self, refinement: Refinement) -> None:
        suggestion = await self._workspace.writing.take(refinement)
        self.taken.emit(suggestion.content, suggestion.id)

    def _choose_again(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self.compared.hide()
        self.wishes.show()
        self.wishes.field.setFocus()
        refit(self)

    def _tell(self, tone: Tone, text: str) -> None:
        self.outcome.set_tone(tone)
        self.outcome.say(text)
        announce(self.outcome, text)


def _text_view(name: str) -> QTextEdit:
    view = QTextEdit()
    view.setProperty("bare", True)
    view.setReadOnly(True)
    view.setFont(font(Text.BODY))
    view.setAccessibleName(name)
    view.document().setDocumentMargin(0)
    return view
