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


class Server(FakeIntercom):
    """The stand-in as the shared suites want it."""

    @property
    def transport(self) -> httpx.MockTransport:
        return over(self)

    async def desk(
        self,
        token: str = TOKEN,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> Intercom:
        given = sign_in({"token": token})
        return await connect(given, transport=transport or self.transport, limits=limits)

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        number = self.new_conversation(subject, html or f"<p>{markup.escape(text)}</p>")
        for file in attachments:
            self.attach(number, file.name, file.media_type, file.content)
        return RemoteId(number)

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        self.contact_writes(ticket, text)

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        self.other_admin_writes(ticket, text)


@pytest.fixture
def server() -> FakeIntercom:
    return Server()
