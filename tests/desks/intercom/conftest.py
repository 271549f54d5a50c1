from __future__ import annotations

import html as markup
from collections.abc import Mapping

import httpx
import pytest

from copilot.desks.intercom.connecting import connect
from copilot.desks.intercom.desk import Intercom
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import MakeLongThread
from tests.desks.intercom.fake_intercom import TOKEN, FakeIntercom


def sign_in(
    values: Mapping[str, str] | None = None, *, queues: tuple[str, ...] = (), ai_agents: tuple[str, ...] = ()
) -> SignIn:
    return SignIn(
        desk_id=DeskId("ic"),
        name="Acme",
        values={"token": TOKEN, **(values or {})},
        queues=queues,
        ai_agents=ai_agents,
    )


async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Intercom:
    return await connect(sign_in(), transport=transport, limits=limits)


def over(server: FakeIntercom) -> httpx.MockTransport:
    return httpx.MockTransport(server.handle)


@pytest.fixture
def server() -> FakeIntercom:
    return FakeIntercom()


@pytest.fixture
def make_ticket(server: FakeIntercom) -> MakeTicket:
    async def make(
        subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        number = server.new_conversation(subject, html or f"<p>{markup.escape(text)}</p>")
        for file in attachments:
            server.attach(number, file.name, file.media_type, file.content)
        return RemoteId(number)

    return make


@pytest.fixture
def act_as_requester(server: FakeIntercom) -> Write:
    async def act(ticket: RemoteId, text: str) -> None:
        server.contact_writes(ticket, text)

    return act


@pytest.fixture
def act_as_other_rep(server: FakeIntercom) -> Write:
    async def act(ticket: RemoteId, text: str) -> None:
        server.other_admin_writes(ticket, text)

    return act


@pytest.fixture
def make_long_thread(server: FakeIntercom) -> MakeLongThread:
    async def make(count: int) -> RemoteId:
        number = server.new_conversation("Long", "<p>Message 0</p>")
        for n in range(1, count):
            server.contact_writes(number, f"Message {n}")
        return RemoteId(number)

    return make
