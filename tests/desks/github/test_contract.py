"""The connector for GitHub keeps the contract of desks, over a strict stand-in: with issues, and with discussions."""

from __future__ import annotations

import pytest

from copilot.domain import RemoteId, Status, Upload
from tests.desks.contract import DeskContract, MakeTicket, Write
from tests.desks.contract.base import ContractBase
from tests.desks.contract.failing import FailingContract
from tests.desks.contract.reading import ReadingContract
from tests.desks.contract.writing import WritingContract
from tests.desks.github.fake_github import ASKER, OTHER, FakeGitHub
from tests.desks.overstandin import ContractOverStandIn


class OverGitHub(ContractOverStandIn, ContractBase):
    """What issues and discussions have in common."""

    standin = FakeGitHub
    recognises_by_key = True
    keeps_html = False
    longest_text = 60_000
    reply_status = Status.SOLVED


class TestIssues(OverGitHub, DeskContract):
    tickets_for_two_pages = 101


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
