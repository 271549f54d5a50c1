"""Secrets against keyrings that work, refuse, and swallow."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from copilot.config.secrets import Kept, Secrets


class Drawer(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own constructor has no types
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before = keyring.get_keyring()
    drawer = Drawer()
    keyring.set_keyring(drawer)
    yield drawer
    keyring.set_keyring(before)


async def test_a_working_keyring_keeps_it_per_workspace(drawer: Drawer) -> None:
    assert await Secrets("work").set("rt/token", "1-14-abc") is Kept.KEYRING
    assert drawer.kept == {("Sidedesk", "work/rt/token"): "1-14-abc"}
    assert await Secrets("work").get("rt/token") == "1-14-abc"
    assert await Secrets("home").get("rt/token") is None


async def test_forgetting_removes_it(drawer: Drawer) -> None:
    secrets = Secrets("work")
    await secrets.set("rt/token", "x")
    await secrets.forget("rt/token")
    await secrets.forget("rt/token")
    assert drawer.kept == {}


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
async def test_a_keyring_that_keeps_nothing_is_noticed(
    drawer: Drawer, backend: type[keyring.backend.KeyringBackend]
) -> None:
    keyring.set_keyring(backend())
    secrets = Secrets("work")
    assert await secrets.set("rt/token", "x") is Kept.MEMORY
    assert await secrets.get("rt/token") == "x"
    assert await Secrets("work").get("rt/token") is None


async def test_the_environment_goes_first(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = Secrets("work")
    await secrets.set("rt-support/token", "from keyring")
    monkeypatch.setenv("SIDEDESK_RT_SUPPORT_TOKEN", "from environment")
    assert await secrets.get("rt-support/token") == "from environment"
