"""Every command of the window, declared once: its name, key, place and icon.

Key dispatch, buttons, tool tips, the `?` overlay and the palette are all made from `ACTIONS`. What an action does is
bound at run time by whoever can do it (`Actions.bind`). A key is a sequence of strokes with a space between them, each
as Qt's portable text (`Ctrl+Shift+Enter`) or, for what one types, the character itself (`j`, `?`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal


class Where(StrEnum):
    """Where a key works."""

    ANYWHERE = "anywhere"
    """Also while typing; for keys with Ctrl, function keys and Esc."""
    WINDOW = "window"
    """Everywhere but in a field one types into."""
    QUEUE = "queue"
    """While the list of tickets has the focus."""
    EDITOR = "editor"
    """While the reply or note is being written."""


class Category(StrEnum):
    """Groups of the `?` overlay and the palette, in their order."""

    MOVE = "Move"
    DRAFT = "Suggested draft"
    TICKET = "Ticket"
    WRITE = "Write"
    VIEWS = "Views"
    WINDOW = "Window"


@dataclass(frozen=True, slots=True)
class Action:
    """One command. `hint` says more than the name, for the palette and tool tips."""

    id: str
    name: str
    keys: tuple[str, ...]
    category: Category
    icon: str
    where: Where = Where.WINDOW
    hint: str = ""


ACTIONS: tuple[Action, ...] = (
    Action("queue.next", "Next ticket", ("j",), Category.MOVE, "arrow-down"),
    Action("queue.previous", "Previous ticket", ("k",), Category.MOVE, "arrow-up"),
    Action("queue.open", "Open ticket", ("o",), Category.MOVE, "corner-down-left"),
    Action("queue.open_here", "Open ticket", ("Enter",), Category.MOVE, "corner-down-left", Where.QUEUE),
    Action("queue.search", "Search tickets", ("/", "Ctrl+F"), Category.MOVE, "search"),
    Action("queue.focus", "Go to the list", ("g l",), Category.MOVE, "list"),
    Action("window.next_pane", "Next pane", ("F6",), Category.MOVE, "panel-right", Where.ANYWHERE),
    Action("window.previous_pane", "Previous pane", ("Shift+F6",), Category.MOVE, "panel-left",
           Where.ANYWHERE),
    Action("window.back", "Back", ("Esc",), Category.MOVE, "arrow-left", Where.ANYWHERE,
           "Closes what is open on top, leaves the editor or the search"),
    Action("draft.accept", "Accept draft", ("a",), Category.DRAFT, "check",
           hint="Puts the draft into the editor, ready to send"),
    Action("draft.edit", "Edit draft", ("e",), Category.DRAFT, "pencil",
           hint="Puts the draft into the editor with the cursor in it"),
    Action("draft.dismiss", "Dismiss draft", ("d",), Category.DRAFT, "thumbs-down",
           hint="Asks for the reason: one more key"),
    Action("draft.dismiss.wrong", "Dismiss draft: wrong", ("d 1",), Category.DRAFT, "circle-x"),
    Action("draft.dismiss.incomplete", "Dismiss draft: incomplete", ("d 2",), Category.DRAFT, "list"),
    Action("draft.dismiss.tone", "Dismiss draft: wrong tone", ("d 3",), Category.DRAFT, "meh"),
    Action("draft.dismiss.not_needed", "Dismiss draft: not needed", ("d 4",), Category.DRAFT, "ban"),
    Action("draft.sources", "Show the sources", ("y",), Category.DRAFT, "quote",
           hint="Steps through the sentences of the draft and lights up what each stands on"),
    Action("draft.again", "Have a model write the draft", ("A",), Category.DRAFT, "sparkles",
           hint="Asks the model that the policy names, now"),
    Action("reply.rewrite", "Rewrite the reply", ("Ctrl+R",), Category.DRAFT, "pencil", Where.ANYWHERE,
           "Shorter, friendlier, fixed, translated, or as you say; old and new side by side"),
    Action("ticket.reply", "Reply", ("r",), Category.TICKET, "reply"),
    Action("ticket.note", "Internal note", ("n",), Category.TICKET, "lock", hint="Only your team reads it"),
    Action("ticket.ask", "Ask about it", ("q",), Category.TICKET, "circle-help",
           hint="This ticket, this customer or the knowledge: an answer with its sources"),
    Action("ticket.sent", "What left this computer", ("w",), Category.TICKET, "shield-check",
           hint="Every word that was sent to a language model for this ticket, and what it cost"),
    Action("ticket.escalate", "Escalate", ("x",), Category.TICKET, "arrow-up-right",
           hint="To a person or a queue, with a packet that spares everybody the same questions"),
    Action("ticket.take_over", "Take over", ("t",), Category.TICKET, "hand",
           hint="Assigns it to you and stops the AI agent"),
    Action("ticket.hand_back", "Hand back to the AI agent", ("T",), Category.TICKET, "bot",
           hint="It goes on answering where you leave off"),
    Action("ticket.assign", "Assign", ("s",), Category.TICKET, "user-plus"),
    Action("ticket.snooze", "Snooze", ("z",), Category.TICKET, "alarm-clock"),
    Action("ticket.solve", "Solve", ("v",), Category.TICKET, "circle-check"),
    Action("ticket.browse", "Open in the help desk", ("b",), Category.TICKET, "external-link"),
    Action("edit.undo", "Undo", ("u", "Ctrl+Z"), Category.TICKET, "undo-2",
           hint="Takes back the newest thing that still can be: a reply, an assignment, an escalation"),
    Action("reply.send", "Send", ("Ctrl+Enter",), Category.WRITE, "send", Where.EDITOR),
    Action("reply.send_and_solve", "Send and solve", ("Ctrl+Shift+Enter",), Category.WRITE, "check-check",
           Where.EDITOR),
    Action("view.mine", "Mine", ("g m", "1"), Category.VIEWS, "inbox"),
    Action("view.unassigned", "Unassigned", ("g u", "2"), Category.VIEWS, "user-x"),
    Action("view.escalated", "Escalated by AI", ("g e", "3"), Category.VIEWS, "bot"),
    Action("view.at_risk", "At risk", ("g r", "4"), Category.VIEWS, "flame"),
    Action("view.waiting", "Waiting", ("g w", "5"), Category.VIEWS, "hourglass"),
    Action("view.snoozed", "Snoozed", ("g s", "6"), Category.VIEWS, "alarm-clock"),
    Action("view.all", "All", ("g a", "7"), Category.VIEWS, "layers"),
    Action("window.palette", "Command palette", ("Ctrl+K",), Category.WINDOW, "command", Where.ANYWHERE),
    Action("window.keys", "Keys", ("?",), Category.WINDOW, "keyboard"),
    Action("window.sync", "Sync now", ("F5",), Category.WINDOW, "refresh-cw", Where.ANYWHERE),
    Action("window.copilot", "Show or hide the copilot", ("Ctrl+J",), Category.WINDOW, "panel-right",
           Where.ANYWHERE),
    Action("window.queue", "Show or hide the queue", ("Ctrl+B",), Category.WINDOW, "panel-left",
           Where.ANYWHERE),
    Action("window.theme", "Light, dark, high contrast", ("Ctrl+Shift+L",), Category.WINDOW, "sun-moon",
           Where.ANYWHERE),
    Action("window.density", "Comfortable or compact rows", ("Ctrl+Shift+D",), Category.WINDOW, "list",
           Where.ANYWHERE),
    Action("window.settings", "Settings", ("Ctrl+,",), Category.WINDOW, "settings", Where.ANYWHERE),
    Action("window.settings.knowledge", "Knowledge sources", (), Category.WINDOW, "book-open",
           hint="Folders, sites and services where your team looks things up"),
    Action("window.settings.models", "Language models", (), Category.WINDOW, "sparkles",
           hint="Connect one, test it, see what it may cost"),
    Action("desk.connect", "Connect a help desk", ("Ctrl+Shift+H",), Category.WINDOW, "plug", Where.ANYWHERE),
    Action("window.quit", "Quit", ("Ctrl+Q",), Category.WINDOW, "x", Where.ANYWHERE),
)  # fmt: skip

DISMISS_REASONS: dict[str, str] = {
    "draft.dismiss.wrong": "wrong",
    "draft.dismiss.incomplete": "incomplete",
    "draft.dismiss.tone": "tone",
    "draft.dismiss.not_needed": "not needed",
}
"""What is written into the decision for each way to dismiss a draft."""

Handler = Callable[[], None]


class Actions(QObject):
    """The actions of one window: what each does now, and whether it can.

    An action that nobody has bound is disabled.
    """

    changed = Signal(str)
    """An action was bound, enabled or disabled: buttons look again."""
    triggered = Signal(str)
    rekeyed = Signal()
    """The keys of some actions are others now."""
    refused = Signal(str, str)
    """An action was asked for that cannot be done now: its id and the reason, empty when it means nothing here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = {action.id: action for action in ACTIONS}
        self._handlers: dict[str, Handler] = {}
        self._reasons: dict[str, str] = {}

    def action(self, name: str) -> Action:
        """The declaration of an action."""
        return self._actions[name]

    def all(self) -> tuple[Action, ...]:
        """All actions, in their order."""
        return tuple(self._actions.values())

    def rekey(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Give these actions other keys, and all others those they are declared with.

        The reasons to dismiss a draft follow the key of dismissing.
        """
        dismiss = keys.get("draft.dismiss", self._declared("draft.dismiss"))
        wanted = {action.id: keys.get(action.id, action.keys) for action in ACTIONS}
        for digit, name in enumerate(DISMISS_REASONS, start=1):
            wanted[name] = tuple(f"{key} {digit}" for key in dismiss if " " not in key)
        changed = [action for action in self.all() if action.keys != wanted[action.id]]
        for action in changed:
            self._actions[action.id] = replace(action, keys=wanted[action.id])
        if changed:
            self.rekeyed.emit()
        for action in changed:
            self.changed.emit(action.id)

    def _declared(self, name: str) -> tuple[str, ...]:
        return next(action.keys for action in ACTIONS if action.id == name)

    def bind(self, name: str, handler: Handler) -> None:
        """Say what an action does from now on."""
        if name not in self._actions:
            raise KeyError(name)
        self._handlers[name] = handler
        self.changed.emit(name)

    def disable(self, name: str, reason: str) -> None:
        """An action cannot be done now; `reason` is shown where it is offered."""
        if self._reasons.get(name) != reason:
            self._reasons[name] = reason
            self.changed.emit(name)

    def enable(self, name: str) -> None:
        """An action can be done again."""
        if self._reasons.pop(name, None) is not None:
            self.changed.emit(name)

    def is_enabled(self, name: str) -> bool:
        """Whether the action does something now."""
        return name in self._handlers and name not in self._reasons

    def reason(self, name: str) -> str:
        """Why an action is disabled; empty when it is not."""
        return self._reasons.get(name, "")

    def key(self, name: str) -> str:
        """The first key of an action, empty when it has none."""
        keys = self._actions[name].keys
        return keys[0] if keys else ""

    def tip(self, name: str) -> str:
        """The tool tip: name, key, and why it cannot be done or what more it does."""
        action = self._actions[name]
        key = f" ({self.key(name)})" if self.key(name) else ""
        more = self.reason(name) or action.hint
        return f"{action.name}{key}" + (f"\n{more}" if more else "")

    def trigger(self, name: str) -> bool:
        """Do it, if it can be done now; answers whether it was."""
        if not self.is_enabled(name):
            self.refused.emit(name, self.reason(name))
            return False
        self.triggered.emit(name)
        self._handlers[name]()
        return True
