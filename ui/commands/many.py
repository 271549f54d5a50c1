"""What the rep does with all selected tickets: the same keys as for one, one toast, one undo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from copilot.domain import Assign, BatchId, DeskId, DeskInfo, Status, TicketId
from ui import aio
from ui.commands.tickets import TicketCommands
from ui.queue.words import snooze_words
from ui.widgets.choices import Choice
from ui.widgets.chooser import Chooser, Snooze, assignee_choices, snooze_choices
from ui.widgets.notices import Notice
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Workspace

Tickets = tuple[TicketId, ...]
Do = Callable[[Tickets], Coroutine[Any, Any, None]]
To = Mapping[DeskId, Assign]


@dataclass(frozen=True, slots=True)
class TagChange:
    """A tag to put on all of the tickets, or to take off."""

    tag: str
    add: bool


class ManyCommands(QObject):
    """Takes the keys of tickets over while some are selected; otherwise they do what they did."""

    def __init__(self, workspace: Workspace, window: Window, commands: TicketCommands) -> None:
        super().__init__(commands)
        self._workspace, self._window, self._commands = workspace, window, commands
        take_over: dict[str, Do] = {
            "ticket.assign": self._choose_assignee,
            "ticket.take_over": self._take_over,
            "ticket.snooze": self._choose_moment,
            "ticket.solve": self._solve,
            "ticket.escalate": self._choose_escalation,
        }
        actions = window.actions_
        for name, do in take_over.items():
            actions.bind(name, partial(self._either, actions.bound(name), do))
        actions.bind("ticket.tags", partial(self._either, self._tags_of_one, self._choose_tags))

    def _either(self, alone: Callable[[], None], together: Do) -> None:
        tickets = self._window.queue.list.picked.tickets()
        if tickets:
            self._spawn(together(tickets))
        else:
            alone()

    def _tags_of_one(self) -> None:
        if self._commands.ticket is not None:
            self._spawn(self._choose_tags((self._commands.ticket,)))
        else:
            self._window.toasts.show(Notice(text="No ticket is open. Press j to go to one."))

    # -- choosing ----------------------------------------------------------------------------------------------------

    async def _choose_assignee(self, tickets: Tickets) -> None:
        choices = await self._people(tickets)
        self._offer(f"Assign {_count(tickets)} to", choices, partial(self._assign, tickets))

    async def _choose_escalation(self, tickets: Tickets) -> None:
        me = {desk.id: desk.me for desk in self._workspace.desks()}
        others = [
            choice
            for choice in await self._people(tickets)
            if isinstance(choice.value, dict)
            and not any(_goes_to_nobody_else(to, me[desk]) for desk, to in choice.value.items())
        ]
        self._offer(f"Escalate {_count(tickets)} to", others, partial(self._escalate, tickets))

    async def _people(self, tickets: Tickets) -> list[Choice]:
        """Whom all of these can go to: by their address, when the tickets are of several desks."""
        wanted = {row.desk for row in await self._workspace.rows(tickets)}
        desks = [desk for desk in self._workspace.desks() if desk.id in wanted]
        offered = []
        for desk in desks:
            people, groups = await self._commands.candidates(desk)
            nobody = Choice(value=Assign(), title="Nobody", detail="Back to Unassigned", icon="user-x")
            offered.append([*assignee_choices(people, groups, desk.me), nobody])
        return _on_all(desks, offered)

    async def _choose_moment(self, tickets: Tickets) -> None:
        rows = await self._workspace.rows(tickets)
        now = datetime.now().astimezone()
        choices = snooze_choices(now, snoozed=any(row.snoozed_until is not None for row in rows))
        self._offer(f"Snooze {_count(tickets)} until", choices, partial(self._snooze, tickets))

    async def _choose_tags(self, tickets: Tickets) -> None:
        known = tag_choices(await self._workspace.many.tags_of(tickets), len(tickets))
        chooser = self._offer(
            f"Tags of {_count(tickets)}", known, partial(self._tag, tickets), "Type a new tag, or pick one"
        )

        def offer_new(typed: str) -> None:
            tag = "-".join(typed.split())
            new = Choice(value=TagChange(tag, add=True), title=f"Add “{tag}”", icon="plus")
            is_known = any(choice.value == new.value for choice in known)
            chooser.list.offer(known if is_known or not tag else [*known, new])

        chooser.list.field.textChanged.connect(offer_new)

    def _offer(
        self,
        title: str,
        choices: Sequence[Choice],
        do: Callable[[Any], Coroutine[Any, Any, None]],
        placeholder: str = "Type to filter",
    ) -> Chooser:
        chooser = Chooser(title, placeholder, choices)
        chooser.chosen.connect(lambda value: self._commands.chosen(do(value), "decide on many"))
        self._window.overlay.show_panel(chooser)
        return chooser

    # -- deciding ----------------------------------------------------------------------------------------------------

    async def _assign(self, tickets: Tickets, to: To) -> None:
        one = next(iter(to.values()))
        whom = one.person.name if one.person else one.group
        words = f"assigned to {whom}" if whom else "back in Unassigned"
        await self._decide(self._workspace.many.assign(tickets, to), tickets, words)

    async def _take_over(self, tickets: Tickets) -> None:
        to = {desk.id: Assign(person=desk.me) for desk in self._workspace.desks() if desk.me is not None}
        await self._decide(self._workspace.many.assign(tickets, to), tickets, "yours now")

    async def _escalate(self, tickets: Tickets, to: To) -> None:
        one = next(iter(to.values()))
        whom = one.person.name if one.person else one.group
        self._window.toasts.show(Notice(text=f"Writing the packets of {_count(tickets)}"), key="packets")
        try:
            await self._decide(
                self._workspace.many.escalate(tickets, to), tickets, f"escalated to {whom}, with packets"
            )
        finally:
            self._window.toasts.close("packets")

    async def _solve(self, tickets: Tickets) -> None:
        await self._decide(self._workspace.many.set_status(tickets, Status.SOLVED), tickets, "solved")

    async def _snooze(self, tickets: Tickets, choice: Snooze) -> None:
        until = choice.until
        words = f"snoozed until {snooze_words(until, datetime.now(UTC))}" if until else "back in the queue"
        await self._decide(self._workspace.many.snooze(tickets, until), tickets, words)

    async def _tag(self, tickets: Tickets, change: TagChange) -> None:
        add, remove = ((change.tag,), ()) if change.add else ((), (change.tag,))
        words = f"tagged “{change.tag}”" if change.add else f"without “{change.tag}”"
        await self._decide(self._workspace.many.change_tags(tickets, add=add, remove=remove), tickets, words)

    async def _decide(self, decision: Awaitable[BatchId], tickets: Tickets, words: str) -> None:
        batch = await decision
        self._window.queue.list.unpick()
        seconds = max(round(self._workspace.preferences.hold_seconds), 8)
        self._commands.offer_undo(f"{_count(tickets)} {words}", batch, seconds=seconds)

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        aio.spawn(coroutine, "decide on many", self)


def tag_choices(tags: Mapping[str, int], tickets: int) -> list[Choice]:
    """What can be done with the tags that some of the tickets have."""
    choices = []
    for tag, count in tags.items():
        on = f"on {count} of {tickets}" if tickets > 1 else ""
        if count < tickets:
            choices.append(
                Choice(value=TagChange(tag, add=True), title=f"Add “{tag}”", detail=on, icon="plus")
            )
        choices.append(
            Choice(value=TagChange(tag, add=False), title=f"Remove “{tag}”", detail=on, icon="minus")
        )
    return choices


def _on_all(desks: Sequence[DeskInfo], offered: Sequence[Sequence[Choice]]) -> list[Choice]:
    """The choices of the first desk that every other one has too; their values say what to do on each."""
    found = []
    for choice in offered[0] if offered else ():
        to: dict[DeskId, Assign] = {}
        for desk, choices in zip(desks, offered, strict=True):
            same = next((other for other in choices if _name(other.value) == _name(choice.value)), None)
            if same is not None and isinstance(same.value, Assign):
                to[desk.id] = same.value
        if len(to) == len(desks):
            found.append(replace(choice, value=to, enabled=True))
    return found


def _name(value: object) -> str:
    """What makes two people or groups of different desks the same."""
    if not isinstance(value, Assign):
        return ""
    if value.person is not None:
        return f"person {value.person.email or value.person.name}".casefold()
    return f"group {value.group or ''}".casefold()


def _goes_to_nobody_else(to: Assign, me: object) -> bool:
    return to == Assign() or (to.person is not None and to.person == me)


def _count(tickets: Tickets) -> str:
    return f"{len(tickets)} ticket{'' if len(tickets) == 1 else 's'}"
