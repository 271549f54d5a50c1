"""The connector for a mailbox keeps the contract of desks, against a real Dovecot and Postfix."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import pytest

from copilot.desks.base import Desk
from copilot.domain import RemoteId
from tests.desks.contract import DeskContract, MakeTicket, Received, Write
from tests.live.mail import Mail

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]  # the first one installs and starts the servers


class TestMailbox(DeskContract):
    recognises_by_key = True
    shares_a_server = True
    tickets_for_two_pages = 11
    rounds_between_pages = 2

    @pytest.fixture
    async def desk(self, mail: Mail) -> AsyncIterator[Desk]:
        desk = await mail.desk()
        yield desk
        await desk.aclose()

    @pytest.fixture
    def make_ticket(self, mail: Mail) -> MakeTicket:
        return mail.make_ticket

    @pytest.fixture
    def act_as_requester(self, mail: Mail) -> Write:
        return mail.reply_as_requester

    @pytest.fixture
    def act_as_other_rep(self, mail: Mail) -> Write:
        return mail.reply_as_other_rep

    @pytest.fixture
    async def stranger_desk(self, mail: Mail) -> AsyncIterator[Desk]:
        desk = await mail.desk(password="wrong")
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def unreachable_desk(self, mail: Mail) -> AsyncIterator[Desk]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        desk = await mail.desk(imap=f"localhost:{port}")
        yield desk
        await desk.aclose()

    @pytest.fixture
    def received_by_requester(self, mail: Mail) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return await mail.received(ticket)

        return received
