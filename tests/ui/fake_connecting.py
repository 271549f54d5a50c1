"""Connecting desks without any: a sign-in works unless a secret is "wrong"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from copilot.domain import DeskId, Group, RemoteId, SignInCheck
from copilot.errors import AuthError
from copilot.workspace.connecting import Connecting
from tests.ui.fake_desk import PRIYA

GROUPS = (Group(remote_id=RemoteId("1"), name="General"), Group(remote_id=RemoteId("2"), name="Billing"))


class FakeConnecting(Connecting):
    """Lists the real kinds; keeps nothing."""

    def __init__(self, called: Callable[..., None]) -> None:
        self._called = called

    async def test(self, kind: str, values: Mapping[str, str]) -> SignInCheck:
        self._called("test", kind, dict(values))
        if "wrong" in values.values():
            raise AuthError("The desk does not accept this token.", "Make a new one.")
        return SignInCheck(me=PRIYA, queues=GROUPS)

    async def connect(
        self,
        kind: str,
        name: str,
        values: Mapping[str, str],
        *,
        queues: Sequence[str] = (),
        ai_agents: Sequence[str] = (),
    ) -> DeskId:
        self._called("connect", kind, name, dict(values), tuple(queues))
        return DeskId("new")

    async def remove(self, desk: DeskId) -> None:
        self._called("remove", desk)
