from __future__ import annotations

import html
from collections.abc import Awaitable, Callable

import httpx
import pytest

from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.desks.zendesk.connecting import connect
from copilot.desks.zendesk.desk import Zendesk
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.contract import MakeTicket, Write
from tests.desks.zendesk.fake_zendesk import EMAIL, HOST, OMAR, TOKEN, FakeZendesk


def sign_in(token: str = TOKEN, *, queues: tuple[str, ...] = (), ai_agents: tuple[str, ...] = ()) -> SignIn:
    values = {"url": HOST, "email": EMAIL, "token": token}
    return SignIn(desk_id=DeskId("zd"), name="Acme", values=values, queues=queues, ai_agents=ai_agents)


async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Zendesk:
    return await connect(sign_in(), transport=transport, limits=limits)


def over(server: FakeZendesk) -> httpx.MockTransport:
    return httpx.MockTransport(server.handle)


@pytest.fixture
def server() -> FakeZendesk:
    return FakeZendesk()


@pytest.fixture
def make_ticket(server: FakeZendesk) -> MakeTicket:
    async def make(
        subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        number = server.new_ticket(subject, text, body=html)
        for file in attachments:
            server.attach(number, file.name, file.media_type, file.content)
        return RemoteId(str(number))

    return make


@pytest.fixture
def act_as_requester(server: FakeZendesk) -> Write:
    async def act(ticket: RemoteId, text: str) -> None:
        server.requester_writes(int(ticket), text)

    return act


@pytest.fixture
def act_as_other_rep(server: FakeZendesk) -> Write:
    async def act(ticket: RemoteId, text: str) -> None:
        server.comment(int(ticket), OMAR, html.escape(text))

    return act


@pytest.fixture
def make_long_thread(server: FakeZendesk) -> Callable[[int], Awaitable[RemoteId]]:
    async def make(count: int) -> RemoteId:
        number = server.new_ticket("Long", "Message 0")
        for n in range(1, count):
            server.requester_writes(number, f"Message {n}")
        return RemoteId(str(number))

    return make
