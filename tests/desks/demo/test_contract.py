"""The demo desk keeps the contract of desks, also when it is told to behave like a weaker one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copilot.desks.base import Desk
from copilot.desks.demo import DemoBehaviour, DemoDesk, NewTicket, World
from copilot.domain import RemoteId, Upload
from tests.desks.contract import DeskContract, MakeTicket, Received, Write
from tests.desks.small import small_demo


class TestDemoDesk(DeskContract):
    custom_field = "topic"
    another_custom_field = "system"
    recognises_by_key = True
    rounds_between_pages = 30

    def behaviour(self) -> DemoBehaviour:
        return DemoBehaviour()

    @pytest.fixture
    async def desk(self, tmp_path: Path) -> AsyncIterator[DemoDesk]:
        world = World(resources=small_demo(tmp_path / "data"), page_size=3)
        desk = DemoDesk(tmp_path / "desk.sqlite3", behaviour=self.behaviour(), world=world)
        yield desk
        await desk.aclose()

    @pytest.fixture
    def make_ticket(self, desk: DemoDesk) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            new = NewTicket(subject=subject, text=text, html=html, attachments=attachments)
            return await desk.new_ticket(new)

        return make

    @pytest.fixture
    def act_as_requester(self, desk: DemoDesk) -> Write:
        return desk.act_as_requester

    @pytest.fixture
    def act_as_other_rep(self, desk: DemoDesk) -> Write:
        return desk.act_as_rep

    @pytest.fixture
    async def unreachable_desk(self, tmp_path: Path) -> AsyncIterator[Desk]:
        desk = DemoDesk(tmp_path / "switched-off.sqlite3", behaviour=DemoBehaviour(offline=True))
        yield desk
        await desk.aclose()

    @pytest.fixture
    def received_by_requester(self, desk: DemoDesk) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return [message.text for message in await desk.received_by_requester(ticket)]

        return received


class TestDemoDeskWithoutSafety(TestDemoDesk):
    recognises_by_key = False
    rounds_between_pages = 1

    def behaviour(self) -> DemoBehaviour:
        return DemoBehaviour(safe_update=False, idempotency=False)
