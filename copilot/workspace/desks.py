"""The desks of a workspace: made from the settings, with their health as sync reports it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from copilot.config.secrets import Secrets
from copilot.config.settings import (
    ConnectedDeskSettings,
    DemoDeskSettings,
    DeskSettings,
    RequestTrackerSettings,
)
from copilot.desks import demo
from copilot.desks.base import Desk
from copilot.desks.kinds import SignIn, kind_of, open_desk
from copilot.domain import Capabilities, DeskHealth, DeskId, DeskInfo, Person
from copilot.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A desk of the settings; `desk` is None while it cannot be used, and `problem` says why."""

    settings: DeskSettings
    desk: Desk | None
    me: Person | None = None
    health: DeskHealth = DeskHealth.CONNECTING
    problem: str = ""

    @property
    def id(self) -> DeskId:
        """The desk's id in the workspace."""
        return DeskId(self.settings.id)

    @property
    def info(self) -> DeskInfo:
        """This connection for the screen."""
        return DeskInfo(
            id=self.id,
            name=self.settings.name,
            kind=_kind_name(self.settings),
            me=self.me,
            capabilities=self.desk.capabilities if self.desk else Capabilities(),
            health=self.health,
            problem=self.problem,
        )


class Connections:
    """The workspace's desks by id."""

    def __init__(self, folder: Path, secrets: Secrets) -> None:
        self._folder = folder
        self.secrets = secrets
        self._by_id: dict[DeskId, Connection] = {}

    async def add(self, settings: DeskSettings) -> Connection:
        """Make one desk ready."""
        try:
            connection = Connection(settings=settings, desk=await self._make(settings))
        except UserError as error:
            connection = Connection(
                settings=settings, desk=None, health=DeskHealth.NEEDS_SIGN_IN, problem=str(error)
            )
        self._by_id[connection.id] = connection
        return connection

    def desk(self, desk: DeskId) -> Desk:
        """A desk that can be used. Raises `UserError` when it cannot, or is not connected any more."""
        connection = self._by_id.get(desk)
        if connection is None:
            raise UserError("This desk is no longer connected.", "Connect it again in the settings.")
        if connection.desk is None:
            raise UserError(f"{connection.settings.name} is not signed in.", connection.problem)
        return connection.desk

    async def me(self, desk: DeskId) -> Person:
        """The rep on this desk, asked for once. Raises a `DeskError`."""
        known = self._by_id[desk].me if desk in self._by_id else None
        if known is None:
            known = await self.desk(desk).whoami()
            self._by_id[desk] = replace(self._by_id[desk], me=known)
        return known

    def knows_me(self, desk: DeskId) -> bool:
        """Whether it is known who the rep is on this desk, or the desk is not connected."""
        return desk not in self._by_id or self._by_id[desk].me is not None

    def infos(self) -> tuple[DeskInfo, ...]:
        """All desks, for the screen."""
        return tuple(connection.info for connection in self._by_id.values())

    def set_health(self, desk: DeskId, health: DeskHealth, problem: str) -> None:
        """Remember how a desk does."""
        if desk in self._by_id:
            self._by_id[desk] = replace(self._by_id[desk], health=health, problem=problem)

    async def remove(self, desk: DeskId) -> None:
        """Close a desk and forget it."""
        connection = self._by_id.pop(desk, None)
        if connection is not None and connection.desk is not None:
            await connection.desk.aclose()

    async def aclose(self) -> None:
        """Close them all."""
        for desk in tuple(self._by_id):
            await self.remove(desk)

    async def _make(self, settings: DeskSettings) -> Desk:
        if isinstance(settings, DemoDeskSettings):
            return await demo.open_demo_desk(
                self._folder / "demo-desk.sqlite3",
                lively=settings.lively,
                desk_id=DeskId(settings.id),
                name=settings.name,
            )
        sign_in = SignIn(
            desk_id=DeskId(settings.id),
            name=settings.name,
            values=_open_values(settings) | await self._secrets_of(settings),
            queues=settings.queues,
            ai_agents=_ai_agents(settings),
        )
        return await open_desk(settings.kind, sign_in)

    async def _secrets_of(self, settings: RequestTrackerSettings | ConnectedDeskSettings) -> dict[str, str]:
        kind = await asyncio.to_thread(kind_of, settings.kind)
        values: dict[str, str] = {}
        for field in (field for field in kind.fields if field.secret):
            value = await self.secrets.get(secret_name(settings.id, field.key))
            if value is None and field.required:
                raise UserError(
                    f"Its secret is not in the keyring: {field.label}.", "Sign in again in the settings."
                )
            values |= {field.key: value} if value else {}
        return values


def secret_name(desk: str, key: str) -> str:
    """What a desk's or source's secret is called in the keyring."""
    return f"{desk}/{key}"


def token_name(source: str) -> str:
    """What the token of a knowledge source is called in the keyring."""
    return secret_name(source, "token")


def secret_names(settings: RequestTrackerSettings | ConnectedDeskSettings) -> tuple[str, ...]:
    """All secrets a desk may have in the keyring."""
    return tuple(
        secret_name(settings.id, field.key) for field in kind_of(settings.kind).fields if field.secret
    )


def _open_values(settings: RequestTrackerSettings | ConnectedDeskSettings) -> dict[str, str]:
    return {"url": settings.url} if isinstance(settings, RequestTrackerSettings) else settings.values


def _ai_agents(settings: RequestTrackerSettings | ConnectedDeskSettings) -> tuple[str, ...]:
    if isinstance(settings, RequestTrackerSettings):
        return (settings.ai_agent,) if settings.ai_agent else ()
    return settings.ai_agents


def _kind_name(settings: DeskSettings) -> str:
    if isinstance(settings, DemoDeskSettings):
        return "Demo desk"
    try:
        return kind_of(settings.kind).name
    except UserError:
        return settings.kind


def free_id(name: str, taken: Iterable[str]) -> str:
    """A short id for a new desk, made from its name."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "desk"
    known = set(taken)
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(known) + 2))
    return next(candidate for candidate in candidates if candidate not in known)
