"""What a rep is told of while they look elsewhere: what others did, once, and not in hours of quiet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from copilot.config.notification_settings import NotificationSettings
from copilot.domain import (
    Attention,
    DeskId,
    Escalation,
    RemoteId,
    Status,
    TicketId,
    View,
)
from copilot.events import AttentionWanted, Event, EventStream, SyncProgress, TicketsChanged
from copilot.store import Store
from copilot.workspace import Workspace
from copilot.workspace.attention import AttentionWatch
from tests.store.make import AI_AGENT, COLLEAGUE, DESK, ME, message, thread

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday."""


class World:
    """A desk that changes, and what the rep is told."""

    def __init__(self, store: Store) -> None:
        self.store, self.events, self.now = store, EventStream(), NOW
        self.settings = NotificationSettings()
        self.told: list[tuple[Attention, TicketId]] = []
        self.watch = AttentionWatch(store, self.events, lambda: self.settings, clock=lambda: self.now)
        self.events.subscribe(self.watch.on_event)
        self.events.subscribe(
            lambda e: self.told.append((e.kind, e.ticket)) if isinstance(e, AttentionWanted) else None
        )

    async def put(self, name: str, *messages: int, desk: DeskId = DESK, **fields: object) -> TicketId:
        """The desk has a ticket with requester messages of these ages in minutes."""
        written = [
            message(f"{name}m{age}", created=self.now - timedelta(minutes=age)) for age in messages or (60,)
        ]
        changed = await self.store.tickets.put_threads(
            desk, [thread(*written, ticket=name, version=repr((messages, fields)), **fields)]
        )
        self.events.publish(TicketsChanged(changed.tickets))
        found = await self.store.tickets.find(desk, RemoteId(name))
        assert found is not None
        return found

    async def news(self) -> list[tuple[Attention, TicketId]]:
        await self.watch.look()
        told, self.told[:] = list(self.told), []
        return told


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = await Store.open(tmp_path / "store.sqlite3")
    yield made
    await made.aclose()


@pytest.fixture
async def world(store: Store) -> World:
    made = World(store)
    await store.tickets.set_me(DESK, ME)
    await made.put("OLD", assignee=ME)
    await made.watch.take_stock()
    await made.news()
    return made


async def test_what_is_there_at_the_start_is_no_news(world: World) -> None:
    assert await world.news() == []


async def test_a_ticket_given_to_the_rep(world: World) -> None:
    ticket = await world.put("T1", assignee=None)
    assert await world.news() == []
    await world.put("T1", assignee=COLLEAGUE)
    assert await world.news() == []
    await world.put("T1", assignee=ME)
    assert await world.news() == [(Attention.ASSIGNED, ticket)]
    assert await world.news() == []


async def test_a_reply_on_ones_own_ticket_and_not_on_others(world: World) -> None:
    theirs = await world.put("T1", 90, assignee=COLLEAGUE)
    await world.news()
    mine = await world.put("OLD", 60, 1, assignee=ME)
    await world.put("T1", 90, 1, assignee=COLLEAGUE)
    assert await world.news() == [(Attention.REPLIED, mine)]
    assert theirs != mine


async def test_a_solved_ticket_that_comes_back_is_a_reply_and_a_new_one_an_assignment(world: World) -> None:
    back = await world.put("T1", 500, 1, assignee=ME)
    new = await world.put("T2", 1, assignee=ME)
    handed_over = await world.put("T3", 500, 300, assignee=ME)
    assert sorted(await world.news()) == sorted(
        [(Attention.REPLIED, back), (Attention.ASSIGNED, new), (Attention.ASSIGNED, handed_over)]
    )


async def test_the_ai_agent_escalates_what_nobody_has(world: World) -> None:
    escalation = Escalation(by=AI_AGENT.name, reason="Out of scope")
    await world.put("T1", assignee=None)
    await world.news()
    ticket = await world.put("T1", assignee=None, escalation=escalation)
    await world.put("T2", assignee=COLLEAGUE, escalation=escalation)
    assert await world.news() == [(Attention.ESCALATED, ticket)]


async def test_before_it_is_late_once_and_again_when_the_moment_moves(world: World) -> None:
    ticket = await world.put("OLD", assignee=ME, due=NOW + timedelta(hours=2))
    assert await world.news() == []
    world.now = NOW + timedelta(hours=1, minutes=40)
    assert await world.news() == [(Attention.BREACHING, ticket)]
    assert await world.news() == []
    await world.put("OLD", 160, assignee=ME, due=world.now + timedelta(minutes=29))
    assert await world.news() == [(Attention.BREACHING, ticket)]


async def test_what_is_solved_or_late_already_is_not_about_to_be(world: World) -> None:
    await world.put("OLD", assignee=ME, due=NOW - timedelta(minutes=1))
    await world.put("T2", assignee=ME, due=NOW + timedelta(minutes=5), status=Status.SOLVED)
    assert await world.news() == []


async def test_the_first_fill_of_a_desk_is_no_news_what_comes_later_is(world: World) -> None:
    other = DeskId("other")
    await world.store.tickets.set_me(other, ME)
    await world.put("X1", desk=other, assignee=ME)
    assert await world.news() == []
    await world.put("X2", desk=other, assignee=ME)
    world.events.publish(SyncProgress(other, 2, 2, finished=True))
    assert await world.news() == []
    ticket = await world.put("X3", desk=other, assignee=ME)
    assert await world.news() == [(Attention.ASSIGNED, ticket)]


async def test_switches_and_quiet_hours(world: World) -> None:
    world.settings = NotificationSettings(assigned=False)
    await world.put("T1", assignee=ME)
    assert await world.news() == []
    world.settings = NotificationSettings(quiet_weekends=True)
    world.now = NOW + timedelta(days=3)
    await world.put("T2", assignee=ME)
    assert await world.news() == []


@pytest.mark.parametrize(
    ("begin", "end", "hour", "quiet"),
    [(19, 8, 23, True), (19, 8, 7, True), (19, 8, 8, False), (12, 13, 12, True), (12, 13, 13, False), (8, 8, 8, False)],
)  # fmt: skip
def test_quiet_hours_may_reach_over_midnight(begin: int, end: int, hour: int, quiet: bool) -> None:
    settings = NotificationSettings(quiet=True, quiet_from=begin, quiet_to=end)
    assert settings.is_quiet(NOW.replace(hour=hour)) is quiet
    assert not NotificationSettings(quiet_from=begin, quiet_to=end).is_quiet(NOW.replace(hour=hour))


async def test_many_changes_without_names_are_looked_at_too(world: World) -> None:
    ticket = await world.put("T1", assignee=ME)
    world.watch._changed.clear()
    world.events.publish(TicketsChanged(frozenset()))
    assert await world.news() == [(Attention.ASSIGNED, ticket)]


async def test_taking_a_ticket_over_oneself_is_no_news(workspace: Workspace) -> None:
    told: list[Event] = []
    workspace.events.subscribe(lambda e: told.append(e) if isinstance(e, AttentionWanted) else None)
    watch = AttentionWatch(workspace._store, workspace.events, NotificationSettings)
    workspace.events.subscribe(watch.on_event)
    await watch.take_stock()
    ticket = (await workspace.queue(View.UNASSIGNED)).rows[0].id
    await workspace.take_over(ticket)
    await watch.look()
    assert [row.mine for row in await workspace.rows((ticket,))] == [True]
    assert told == []
