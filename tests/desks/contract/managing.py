"""Contract: what a ticket is besides its words."""

from __future__ import annotations

import pytest

from copilot.desks.base import Desk
from copilot.domain import Person, RemoteId, Role, Status
from copilot.errors import NotFoundError, RefusedError, UnsupportedError
from tests.desks.contract.base import ContractBase


class ManagingContract(ContractBase):
    """Assignment, status, tags and fields."""

    async def test_a_ticket_can_be_taken_given_and_left(
        self, desk: Desk, ticket: RemoteId, me: Person
    ) -> None:
        if not desk.capabilities.assign:
            with pytest.raises(UnsupportedError):
                await desk.assign(ticket, me, None)
            return
        taken = await desk.assign(ticket, me, None)
        snapshot = (await desk.thread(ticket)).snapshot
        assert snapshot.assignee is not None
        assert snapshot.assignee.remote_id == me.remote_id
        assert taken.version == snapshot.version
        assert taken.message is None
        others = [person for person in await desk.people() if person.remote_id != me.remote_id]
        if others:
            await desk.assign(ticket, others[0], None)
            given = (await desk.thread(ticket)).snapshot
            assert given.assignee is not None
            assert given.assignee.remote_id == others[0].remote_id
        await desk.assign(ticket, None, None)
        assert (await desk.thread(ticket)).snapshot.assignee is None

    async def test_a_ticket_can_be_given_to_a_group(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.assign:
            pytest.skip("this desk cannot assign")
        now = (await desk.thread(ticket)).snapshot.group
        others = [group for group in await desk.groups() if group.name != now]
        if not others:
            pytest.skip("the server has one group only")
        await desk.assign(ticket, None, others[0].name)
        assert (await desk.thread(ticket)).snapshot.group == others[0].name

    async def test_an_unknown_person_or_group_is_refused(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.assign:
            pytest.skip("this desk cannot assign")
        nobody = Person(remote_id=RemoteId("no-such-person"), name="No Such Person", role=Role.REP)
        before = (await desk.thread(ticket)).snapshot
        with pytest.raises((RefusedError, NotFoundError)):
            await desk.assign(ticket, nobody, None)
        with pytest.raises((RefusedError, NotFoundError)):
            await desk.assign(ticket, None, "no such group")
        after = (await desk.thread(ticket)).snapshot
        assert (after.assignee, after.group) == (before.assignee, before.group)

    async def test_the_status_can_be_set_and_set_again(self, desk: Desk, ticket: RemoteId) -> None:
        possible = [Status.OPEN, Status.PENDING, Status.SOLVED]
        statuses = [status for status in possible if status in desk.capabilities.statuses]
        if not statuses:
            with pytest.raises(UnsupportedError):
                await desk.set_status(ticket, Status.SOLVED)
            return
        for status in statuses:
            receipt = await desk.set_status(ticket, status)
            snapshot = (await desk.thread(ticket)).snapshot
            assert snapshot.status is status
            assert receipt.version == snapshot.version
        await desk.set_status(ticket, statuses[-1])
        assert (await desk.thread(ticket)).snapshot.status is statuses[-1]

    async def test_tags_are_replaced(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.tags:
            with pytest.raises(UnsupportedError):
                await desk.set_tags(ticket, ("lamp",))
            return
        for tags in (("lamp", "heiß"), ("heiß", self.spaced_tag), ()):
            await desk.set_tags(ticket, tags)
            assert set((await desk.thread(ticket)).snapshot.tags) == set(tags)

    async def test_a_field_is_set_and_others_stay(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.fields:
            with pytest.raises(UnsupportedError):
                await desk.set_fields(ticket, {"any": "value"})
            return
        if not self.custom_field:
            pytest.skip("tickets of the test server have no custom field")
        if self.another_custom_field:
            await desk.set_fields(ticket, {self.another_custom_field: "stays"})
        before = dict((await desk.thread(ticket)).snapshot.fields)
        await desk.set_fields(ticket, {self.custom_field: "Wert 1 & <2>"})
        after = dict((await desk.thread(ticket)).snapshot.fields)
        assert after == {**before, self.custom_field: "Wert 1 & <2>"}

    async def test_an_unknown_field_is_refused(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.fields:
            pytest.skip("this desk has no fields")
        with pytest.raises(RefusedError):
            await desk.set_fields(ticket, {"no such field": "value"})
