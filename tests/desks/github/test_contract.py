"""The connector for GitHub keeps the contract of desks, over a strict stand-in: with issues, and with discussions."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import pytest

from copilot.desks.base import Desk
from copilot.desks.github.connecting import connect
from copilot.desks.kinds import SignIn
from copilot.domain import DeskId, RemoteId, Status, Upload
from tests.desks.contract import DeskContract, MakeTicket, Write
from tests.desks.contract.base import ContractBase
from tests.desks.contract.failing import FailingContract
from tests.desks.contract.reading import ReadingContract
from tests.desks.contract.writing import WritingContract
from tests.desks.github.fake_github import ASKER, OTHER, REPOSITORY, FakeGitHub


class OverGitHub(ContractBase):
    """What issues and discussions have in common."""

    recognises_by_key = True
    keeps_html = False
    longest_text = 60_000
    reply_status = Status.SOLVED

    @pytest.fixture
    def server(self) -> FakeGitHub:
        return FakeGitHub()

    @pytest.fixture
    async def desk(self, server: FakeGitHub) -> AsyncIterator[Desk]:
        desk = await server.desk()
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def stranger_desk(self, server: FakeGitHub) -> AsyncIterator[Desk]:
        desk = await server.desk(token="wrong")
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def unreachable_desk(self) -> AsyncIterator[Desk]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        values = {"token": "token", "repositories": REPOSITORY, "url": address}
        desk = await connect(SignIn(desk_id=DeskId("off"), name="Off", values=values))
        yield desk
        await desk.aclose()


class TestIssues(OverGitHub, DeskContract):
    tickets_for_two_pages = 101

    @pytest.fixture
    def make_ticket(self, server: FakeGitHub) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            assert not html
            assert not attachments
            return server.open_issue(subject, text)

        return make

    @pytest.fixture
    def act_as_requester(self, server: FakeGitHub) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, text, ASKER)

        return act

    @pytest.fixture
    def act_as_other_rep(self, server: FakeGitHub) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, text, OTHER)

        return act


class TestDiscussions(OverGitHub, ReadingContract, WritingContract, FailingContract):
    """All but assignees and labels, which discussions do not have here."""

    tickets_for_two_pages = 51

    @pytest.fixture
    def make_ticket(self, server: FakeGitHub) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            assert not html
            assert not attachments
            return server.open_discussion(subject, text)

        return make

    @pytest.fixture
    def act_as_requester(self, server: FakeGitHub) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.discuss(ticket, text, ASKER)

        return act

    @pytest.fixture
    def act_as_other_rep(self, server: FakeGitHub) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.discuss(ticket, text, OTHER)

        return act
