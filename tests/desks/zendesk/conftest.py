from __future__ import annotations

import html as markup

import httpx
import pytest

from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.desks.zendesk.connecting import connect
from copilot.desks.zendesk.desk import Zendesk
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.zendesk.fake_zendesk import EMAIL, HOST, OMAR, TOKEN, FakeZendesk


def sign_in(token: str = TOKEN, *, queues: tuple[str, ...] = (), ai_agents: tuple[str, ...] = ()) -> SignIn:
    values = {"url": HOST, "email": EMAIL, "token": token}
    return SignIn(desk_id=DeskId("zd"), name="Acme", values=values, queues=queues, ai_agents=ai_agents)


async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Zendesk:
    return await connect(sign_in(), transport=transport, limits=limits)


def over(server: FakeZendesk) -> httpx.MockTransport:
    return httpx.MockTransport(server.handle)


class Server(FakeZendesk):
    """The stand-in as the shared suites want it."""

    @property
    def transport(self) -> httpx.MockTransport:
        return over(self)

    async def desk(
        self,
        token: str = TOKEN,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> Zendesk:
        return await connect(sign_in(token), transport=transport or self.transport, limits=limits)

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        number = self.new_ticket(subject, text, body=html)
        for file in attachments:
            self.attach(number, file.name, file.media_type, file.content)
        return RemoteId(str(number))

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        self.requester_writes(int(ticket), text)

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        self.comment(int(ticket), OMAR, markup.escape(text))


@pytest.fixture
def server() -> FakeZendesk:
    return Server()
