"""Setting mood, urgency and intent right: one key, then one for the value; undone like anything else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from copilot.domain import Brief, TicketId, TriageKind
from ui import aio
from ui.conversation.pane import ConversationPane
from ui.theme.tokens import Tone
from ui.widgets.choices import Choice
from ui.widgets.chooser import Chooser
from ui.widgets.mood import mood_mark, urgency_mark
from ui.widgets.notices import Notice
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Workspace

MOODS = {
    "triage.mood.angry": -0.9,
    "triage.mood.unhappy": -0.4,
    "triage.mood.neutral": 0.0,
    "triage.mood.happy": 0.7,
}
"""The middle of what each word stands for."""
URGENCIES = {
    "triage.urgency.wait": 0,
    "triage.urgency.soon": 1,
    "triage.urgency.today": 2,
    "triage.urgency.now": 3,
}
NONE_OF_THESE = "None of these"
_NOTHING = object()
"""The value of the choice "none of these": a chooser's None would say that nothing was chosen."""


class TriageCommands(QObject):
    """Binds the actions; each works on the ticket on screen."""

    def __init__(self, workspace: Workspace, window: Window, conversation: ConversationPane) -> None:
        super().__init__(window)
        self._workspace, self._window, self._conversation = workspace, window, conversation
        actions = window.actions_
        actions.bind("triage.correct", lambda: window.keys.begin(actions.key("triage.correct")))
        for name, score in MOODS.items():
            actions.bind(name, partial(self._begin, TriageKind.SENTIMENT, score))
        for name, level in URGENCIES.items():
            actions.bind(name, partial(self._begin, TriageKind.URGENCY, level))
        actions.bind("triage.intent", self._choose_intent)

    def _ticket(self) -> TicketId | None:
        if self._conversation.ticket is None:
            self._say("No ticket is open. Press j to go to one.")
        return self._conversation.ticket

    def _begin(self, kind: TriageKind, value: float | str | None) -> None:
        if (ticket := self._ticket()) is not None:
            aio.spawn(self._correct(ticket, kind, value), f"correct the {kind}", self)

    async def _correct(self, ticket: TicketId, kind: TriageKind, value: float | str | None) -> None:
        await self._workspace.triage.correct(ticket, kind, value)
        self._window.toasts.show(
            Notice(
                text=f"{kind.capitalize()} set to “{value_words(kind, value)}”",
                tone=Tone.GOOD,
                seconds=8,
                action="Undo",
                key=self._window.actions_.key("edit.undo"),
                do=self._undo,
            ),
            key="triage",
        )

    def _undo(self) -> None:
        self._window.actions_.trigger("edit.undo")

    def _choose_intent(self) -> None:
        if (ticket := self._ticket()) is not None:
            aio.spawn(self._show_intents(ticket), "choose an intent", self)

    async def _show_intents(self, ticket: TicketId) -> None:
        brief = await self._workspace.brief(ticket)
        choices = intent_choices(brief, self._workspace.triage.intents)
        chooser = Chooser("What the requester wants", "Choose, or type a new name and press Enter", choices)
        chooser.chosen.connect(self._on_intent)
        chooser.list.typed.connect(self._on_intent)
        self._window.overlay.show_panel(chooser)

    def _on_intent(self, chosen: object) -> None:
        self._window.overlay.close_panel()
        self._begin(TriageKind.INTENT, None if chosen is _NOTHING else str(chosen))

    def _say(self, text: str) -> None:
        self._window.toasts.show(Notice(text=text, seconds=6), key="triage")


def intent_choices(brief: Brief | None, known: Sequence[str]) -> tuple[Choice, ...]:
    """What was nearest first, each with its confidence, then the other names in use, then none of these."""
    intent = brief.intent if brief is not None else None
    closest = dict(intent.closest) if intent is not None else {}
    if intent is not None and intent.name is not None:
        closest = {intent.name: intent.confidence, **closest}
    choices = [
        Choice(
            value=name,
            title=name,
            detail="holds now" if intent is not None and name == intent.name else f"{confidence:.0%}",
            icon="tag",
        )
        for name, confidence in closest.items()
    ]
    choices += [Choice(value=name, title=name, icon="tag") for name in known if name not in closest]
    nothing = "Nothing your team has a name for"
    return (*choices, Choice(value=_NOTHING, title=NONE_OF_THESE, detail=nothing, icon="ban"))


def value_words(kind: TriageKind, value: float | str | None) -> str:
    """What a correction says."""
    match kind:
        case TriageKind.SENTIMENT:
            return mood_mark(float(value or 0)).word
        case TriageKind.URGENCY:
            return urgency_mark(int(value or 0)).word
        case TriageKind.INTENT:
            return str(value) if value is not None else NONE_OF_THESE
