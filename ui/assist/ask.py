"""A question about this ticket, this customer or the knowledge; the answer stands on sources and is never sent."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from copilot.domain import Answer, Draft, TicketId
from copilot.errors import UserError
from copilot.events import WritingStreamed
from copilot.workspace import Workspace
from ui import aio
from ui.assist.drafttext import DraftText
from ui.assist.source import SourcePanel
from ui.bridge import Bridge
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip, announce
from ui.widgets.overlay import focus_first, refit

WIDTH = 640


class AskPanel(QFrame):
    """Ask, read, point at a sentence to see its source, ask again."""

    insert_asked = Signal(str)
    """Put this Markdown into the editor."""

    def __init__(self, workspace: Workspace, bridge: Bridge, ticket: TicketId) -> None:
        super().__init__()
        self._workspace, self._ticket = workspace, ticket
        self._task: asyncio.Task[None] | None = None
        self._answer: Answer | None = None
        self.setAccessibleName("Ask")
        self.setMinimumWidth(WIDTH)
        self.field = QLineEdit()
        self.field.setPlaceholderText("What did they try already? Is there an article on …?")
        self.field.setAccessibleName("Your question")
        self.field.installEventFilter(self)
        self.text = DraftText()
        self.text.setAccessibleName("The answer")
        self.sources = SourcePanel(workspace)
        self.text.sentence_pointed.connect(self._on_pointed)
        self.outcome = Strip(Tone.NEUTRAL, "")
        self.insert = Button("Put into the reply", "corner-down-right")
        self.insert.clicked.connect(self._on_insert)
        self.answered = QWidget()
        foot = row(self.outcome, self.insert, spacing=Space.M)
        foot.setStretch(0, 1)
        self.answered.setLayout(column(self.text, self.sources, foot, spacing=Space.M))
        self.answered.hide()
        head = row(Label("Ask", Text.TITLE), None, Label("Enter asks, Esc closes", Text.SMALL, "faint"))
        self.setLayout(column(head, self.field, self.answered, margins=Space.XL, spacing=Space.L))
        bridge.writing_streamed.connect(self._on_streamed)
        focus_first(self, self.field)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._begin()
            return True
        return False

    def hideEvent(self, _event: QHideEvent) -> None:
        """Whoever closes the panel does not wait for the answer."""
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        question = self.field.text().strip()
        if not question:
            return
        if self._task is not None:
            self._task.cancel()
        self._answer = None
        self.answered.show()
        self.insert.setEnabled(False)
        self.text.show_plain("")
        self.sources.show_sources(())
        self._tell(Tone.NEUTRAL, "Looking…")
        refit(self)
        self._task = aio.spawn(self._ask(question), "ask", self)

    async def _ask(self, question: str) -> None:
        try:
            answer = await self._workspace.writing.ask(self._ticket, question)
        except UserError as error:
            self._tell(Tone.BAD, str(error))
            return
        self._show(answer)

    def _show(self, answer: Answer) -> None:
        self._answer = answer
        if isinstance(answer.content, Draft):
            self.text.show_sentences(answer.content.sentences)
            self.sources.show_sources(answer.content.sentences)
            self.insert.setEnabled(True)
            self._tell(Tone.GOOD, _origin(answer))
        else:
            self.text.show_plain(answer.content.reason)
            self._tell(
                Tone.WARN, " ".join((*answer.content.missing, answer.reason)).strip() or "Nothing was found."
            )
        refit(self)

    def _on_streamed(self, event: WritingStreamed) -> None:
        for one in self._workspace.writing.running(self._ticket):
            if one.run == event.run and one.task == "ask" and one.text:
                self.text.show_plain(one.text)

    def _on_pointed(self, number: int) -> None:
        content = self._answer.content if self._answer is not None else None
        if not isinstance(content, Draft) or number < 0:
            return
        sentence = content.sentences[number]
        if sentence.citations:
            self.sources.show_citation(sentence.citations[0], sentence)
        else:
            self.sources.show_support(sentence)

    def _on_insert(self) -> None:
        if self._answer is not None and isinstance(self._answer.content, Draft):
            self.insert_asked.emit(self._answer.content.text)

    def _tell(self, tone: Tone, text: str) -> None:
        self.outcome.set_tone(tone)
        self.outcome.say(text)
        announce(self.outcome, text)


def _origin(answer: Answer) -> str:
    if answer.model == "embedded":
        return f"Quoted from the nearest sources, nothing left this computer. {answer.reason}".strip()
    cost = f"cost {answer.cost.normalize():f} US$" if answer.cost else "no cost"
    return f"{answer.model}, {cost}. {answer.rule}".strip()
