"""Connecting desks: what can be connected, trying a sign-in, keeping it, and letting go of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from copilot.config.secrets import Kept
from copilot.config.settings import ConnectedDeskSettings, DemoDeskSettings, DeskSettings
from copilot.desks.base import CheckedDesk
from copilot.desks.kinds import SignIn, desk_kinds, kind_of, open_desk
from copilot.domain import DeskId, DeskKind, SignInCheck
from copilot.errors import SecretError, UserError
from copilot.events import EventStream, Failed, TicketsChanged
from copilot.store import Store
from copilot.workspace.desks import Connections, free_id, secret_name, secret_names
from copilot.workspace.feeds import Feeds
from copilot.workspace.kept import KeptSettings


class Connecting:
    """What the connection page holds."""

    def __init__(
        self,
        settings: KeptSettings,
        connections: Connections,
        feeds: Feeds,
        store: Store,
        events: EventStream,
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._feeds = feeds
        self._store = store
        self._events = events

    async def kinds(self) -> tuple[DeskKind, ...]:
        """The products that can be connected."""
        return await asyncio.to_thread(desk_kinds)

    async def test(self, kind: str, values: Mapping[str, str]) -> SignInCheck:
        """Try a sign-in without keeping it. Raises a `UserError` that says what is wrong."""
        desk = await open_desk(
            kind, SignIn(desk_id=DeskId("test"), name="test", values=_filled(kind, values))
        )
        try:
            if isinstance(desk, CheckedDesk):
                return await desk.check()
            return SignInCheck(me=await desk.whoami(), queues=await desk.groups())
        finally:
            await desk.aclose()

    async def connect(
        self,
        kind: str,
        name: str,
        values: Mapping[str, str],
        *,
        queues: Sequence[str] = (),
        ai_agents: Sequence[str] = (),
    ) -> DeskId:
        """Keep the desk in the settings, its secrets in the keyring, and begin to sync it.

        Without a usable keyring the secrets live as long as this run, and a `Failed` event says so.
        """
        known = self._settings.now.desks
        desk_id = DeskId(free_id(name, [desk.id for desk in known]))
        filled = _filled(kind, values)
        secrets = {field.key for field in kind_of(kind).fields if field.secret}
        desk = ConnectedDeskSettings(
            kind=kind,
            id=desk_id,
            name=name,
            values={key: value for key, value in filled.items() if key not in secrets},
            queues=tuple(queues),
            ai_agents=tuple(ai_agents),
        )
        await self._keep_secrets(desk_id, {key: filled[key] for key in secrets if key in filled})
        await self._settings.change(desks=(*known, desk))
        await self._follow(desk)
        return desk_id

    async def sign_in_again(self, desk: DeskId, secrets: Mapping[str, str]) -> None:
        """Give a desk that gave up new secrets, and go on where it stopped."""
        settings = next(known for known in self._settings.now.desks if known.id == desk)
        await self._keep_secrets(desk, secrets)
        await self._feeds.unfollow(desk)
        await self._connections.remove(desk)
        await self._follow(settings)

    async def remove(self, desk: DeskId) -> None:
        """Disconnect a desk and forget its secrets; its tickets leave the queue, our own records stay."""
        known = self._settings.now.desks
        leaving = [settings for settings in known if settings.id == desk]
        await self._settings.change(desks=tuple(settings for settings in known if settings.id != desk))
        await self._feeds.unfollow(desk)
        await self._connections.remove(desk)
        for settings in leaving:
            await self._forget_secrets(settings)
        changed = await self._store.tickets.retire(desk)
        self._events.publish(TicketsChanged(changed.tickets))

    async def follow_all(self) -> None:
        """Make the desks of the settings ready. Asks nothing of them yet."""
        for settings in self._settings.now.desks:
            await self._follow(settings)

    async def _follow(self, settings: DeskSettings) -> None:
        connection = await self._connections.add(settings)
        if connection.desk is not None:
            self._feeds.follow(connection.desk)

    async def _keep_secrets(self, desk: DeskId, secrets: Mapping[str, str]) -> None:
        for key, value in secrets.items():
            name = secret_name(desk, key)
            if await self._connections.secrets.set(name, value) is Kept.MEMORY:
                self._events.publish(not_kept(self._connections.secrets.environment_name(name)))

    async def _forget_secrets(self, settings: DeskSettings) -> None:
        if isinstance(settings, DemoDeskSettings):
            return
        try:
            for name in secret_names(settings):
                await self._connections.secrets.forget(name)
        except SecretError as error:
            self._events.publish(
                Failed("secret", "The keyring could not be asked to forget the token.", str(error))
            )


def not_kept(variable: str) -> Failed:
    """Said when there is no keyring to keep a secret in."""
    return Failed(
        "secret",
        "The token could not be put into the system's keyring; it is kept until Sidedesk closes.",
        f"Unlock the keyring and connect again, or set {variable} in the environment.",
    )


def _filled(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, trimmed. Raises `UserError` when something required is missing."""
    filled = {key: value.strip() for key, value in values.items() if value.strip()}
    lacking = [field.label for field in kind_of(kind).fields if field.required and field.key not in filled]
    if lacking:
        raise UserError(f"Something is missing: {', '.join(lacking)}.", "Fill it in and try again.")
    return filled
