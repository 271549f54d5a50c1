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
    KNOWING = "knowing"
    """On the pages of the team's knowledge, which cover the rest of the window."""
    ANSWER = "answer"
    """While an answer of the team's own is being written there."""


class Category(StrEnum):
    """Groups of the `?` overlay and the palette, in their order."""

    MOVE = "Move"
    DRAFT = "Suggested draft"
    TICKET = "Ticket"
    TRIAGE = "Mood, urgency, intent"
    WRITE = "Write"
    KNOWING = "Knowledge"
    PAGES = "On the pages of knowledge"
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
    Action("queue.pick", "Select this ticket", ("Space", "*"), Category.MOVE, "check", Where.QUEUE,
           "Selected tickets are assigned, solved, snoozed, tagged and escalated together"),
    Action("queue.pick_next", "Select the next ticket too", ("J", "Shift+Down"), Category.MOVE, "arrow-down",
           Where.QUEUE),
    Action("queue.pick_previous", "Select the previous ticket too", ("K", "Shift+Up"), Category.MOVE,
           "arrow-up", Where.QUEUE),
    Action("queue.pick_all", "Select all that are loaded", ("Ctrl+A",), Category.MOVE, "check-check",
           Where.QUEUE),
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
    Action("ticket.tags", "Add or remove tags", ("l",), Category.TICKET, "tag"),
    Action("ticket.copy_link", "Copy a link to it", ("Y",), Category.TICKET, "link",
           hint="A sidedesk:// address that opens this ticket on any computer connected to the desk"),
    Action("ticket.merge", "Merge into another ticket", ("M",), Category.TICKET, "layers",
           hint="Of the same desk and found by search; held for the undo period, final after it"),
    Action("ticket.browse", "Open in the help desk", ("b",), Category.TICKET, "external-link"),
    Action("edit.undo", "Undo", ("u", "Ctrl+Z"), Category.TICKET, "undo-2",
           hint="Takes back the newest thing that still can be: a reply, an assignment, an escalation"),
    Action("ticket.teach", "Teach an answer", ("g t",), Category.TICKET, "book-plus",
           hint="Makes an internal answer of the best reply in this ticket, without personal data"),
    Action("triage.correct", "Correct mood, urgency, intent", ("m",), Category.TRIAGE, "sliders-horizontal",
           hint="Shows at once in the brief and the list, and is learned from"),
    Action("triage.mood.angry", "Mood: angry", ("m 1",), Category.TRIAGE, "angry"),
    Action("triage.mood.unhappy", "Mood: unhappy", ("m 2",), Category.TRIAGE, "frown"),
    Action("triage.mood.neutral", "Mood: neutral", ("m 3",), Category.TRIAGE, "meh"),
    Action("triage.mood.happy", "Mood: happy", ("m 4",), Category.TRIAGE, "smile"),
    Action("triage.urgency.wait", "Urgency: can wait", ("m 5",), Category.TRIAGE, "clock"),
    Action("triage.urgency.soon", "Urgency: soon", ("m 6",), Category.TRIAGE, "clock"),
    Action("triage.urgency.today", "Urgency: today", ("m 7",), Category.TRIAGE, "timer"),
    Action("triage.urgency.now", "Urgency: now", ("m 8",), Category.TRIAGE, "flame"),
    Action("triage.intent", "Intent: choose or name it", ("m i",), Category.TRIAGE, "tag"),
    Action("reply.send", "Send", ("Ctrl+Enter",), Category.WRITE, "send", Where.EDITOR),
    Action("reply.send_and_solve", "Send and solve", ("Ctrl+Shift+Enter",), Category.WRITE, "check-check",
           Where.EDITOR),
    Action("reply.preview", "Preview what the customer gets", ("Ctrl+P",), Category.WRITE, "eye", Where.ANYWHERE,
           "In the form and within the limits of its channel"),
    Action("reply.versions", "What changed, and earlier versions", ("Ctrl+H",), Category.WRITE, "history",
           Where.ANYWHERE, "The draft and what you wrote before, beside what stands there now; each can come back"),
    Action("reply.keep_snippet", "Keep as a snippet", ("Ctrl+Shift+S",), Category.WRITE, "square-pen",
           Where.EDITOR, "The selected words, or the whole reply; inserted with / and its name"),
    Action("reply.next_mistake", "Next misspelled word", ("Ctrl+;",), Category.WRITE, "arrow-right",
           Where.EDITOR, "Steps through them; the context menu of each has what may be meant"),
    Action("knowledge.gaps", "Gaps in the knowledge", ("g k",), Category.KNOWING, "circle-help",
           hint="What was asked and not answered, put together by what it asks"),
    Action("knowledge.review", "The last escalated tickets", ("g x",), Category.KNOWING, "list-filter",
           hint="Goes through them one by one: each gets an answer, or is skipped"),
    Action("knowledge.articles", "Articles", ("g b",), Category.KNOWING, "book-open",
           hint="Their age, owner and last use"),
    Action("knowledge.conflicts", "Duplicates and contradictions", ("g d",), Category.KNOWING, "files",
           hint="Articles that say the same, or the contrary, side by side"),
    Action("knowledge.answers", "Internal answers", ("g n",), Category.KNOWING, "lock",
           hint="What your team has taught: change it, see what it said before, remove it"),
    Action("knowing.next", "Next line", ("j",), Category.PAGES, "arrow-down", Where.KNOWING),
    Action("knowing.previous", "Previous line", ("k",), Category.PAGES, "arrow-up", Where.KNOWING),
    Action("knowing.answer", "Start an answer", ("a",), Category.PAGES, "book-plus", Where.KNOWING,
           "From the best reply in these tickets, without personal data"),
    Action("knowing.open", "Open the ticket", ("o",), Category.PAGES, "external-link",
           Where.KNOWING),
    Action("knowing.skip", "Skip, or take up again", ("s",), Category.PAGES, "arrow-right",
           Where.KNOWING),
    Action("knowing.edit", "Edit the answer", ("e",), Category.PAGES, "pencil", Where.KNOWING),
    Action("knowing.remove", "Remove the answer", ("d",), Category.PAGES, "trash-2", Where.KNOWING,
           "Asks once more; its versions stay on record"),
    Action("knowing.read", "Read open tickets first", ("b",), Category.PAGES, "inbox", Where.KNOWING,
           "Only a ticket that was read can be found unanswered"),
    Action("knowing.again", "Look again", ("r",), Category.PAGES, "refresh-cw", Where.KNOWING),
    Action("knowing.sort", "Sort the articles anew", ("c",), Category.PAGES, "arrow-right-left",
           Where.KNOWING),
    Action("knowing.filter", "Filter the articles", ("/",), Category.PAGES, "search", Where.KNOWING),
    Action("knowing.stop", "Stop looking", ("x",), Category.PAGES, "x", Where.KNOWING),
    Action("knowing.page.gaps", "Page: gaps", ("1",), Category.PAGES, "circle-help", Where.KNOWING),
    Action("knowing.page.review", "Page: escalated", ("2",), Category.PAGES, "list-filter", Where.KNOWING),
    Action("knowing.page.articles", "Page: articles", ("3",), Category.PAGES, "book-open", Where.KNOWING),
    Action("knowing.page.conflicts", "Page: conflicts", ("4",), Category.PAGES, "files", Where.KNOWING),
    Action("knowing.page.answers", "Page: answers", ("5",), Category.PAGES, "lock", Where.KNOWING),
    Action("answer.approve", "Approve the answer", ("Ctrl+Enter",), Category.PAGES, "check", Where.ANSWER,
           "It is in the index at once, and past tickets are tried with it"),
    Action("answer.preview", "Preview, or the reply", ("Ctrl+P",), Category.PAGES, "eye",
           Where.ANSWER),
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
    Action("window.settings.notifications", "Notifications", (), Category.WINDOW, "bell",
           hint="What you are told of, and when not"),
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

FOLLOWING: dict[str, tuple[str, str]] = {
    **{name: ("draft.dismiss", str(digit)) for digit, name in enumerate(DISMISS_REASONS, start=1)},
    **{
        action.id: ("triage.correct", action.keys[0].split()[-1])
        for action in ACTIONS
        if action.id.startswith("triage.") and action.id != "triage.correct"
    },
}
"""Actions whose key is that of another one and one stroke more: (the other one, the stroke)."""

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

        The reasons to dismiss a draft follow the key of dismissing, and so do all in `FOLLOWING`.
        """
        wanted = {action.id: keys.get(action.id, action.keys) for action in ACTIONS}
        for name, (first, stroke) in FOLLOWING.items():
            wanted[name] = tuple(f"{key} {stroke}" for key in wanted[first] if " " not in key)
        changed = [action for action in self.all() if action.keys != wanted[action.id]]
        for action in changed:
            self._actions[action.id] = replace(action, keys=wanted[action.id])
        if changed:
            self.rekeyed.emit()
        for action in changed:
            self.changed.emit(action.id)

    def bind(self, name: str, handler: Handler) -> None:
        """Say what an action does from now on."""
        if name not in self._actions:
            raise KeyError(name)
        self._handlers[name] = handler
        self.changed.emit(name)

    def bound(self, name: str) -> Handler:
        """What an action does now, for whoever means to do more by the same key."""
        return self._handlers[name]

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
