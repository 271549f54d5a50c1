"""Every product that can be connected, and how: what the connection page lists and the workspace makes desks from.

A kind is a package beside this file with two names: `KIND` in its `kind.py`, and a coroutine `open_desk(sign_in)` in
its `__init__`, which imports the rest of the connector (its `connecting`, with the HTTP client) only when it is called.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import cast

from copilot.desks.base import Desk
from copilot.domain import DeskId, DeskKind
from copilot.errors import UserError

PACKAGES = (
    "zendesk",
    "freshdesk",
    "intercom",
    "help_scout",
    "front",
    "chatwoot",
    "zammad",
    "freescout",
    "request_tracker",
    "mailbox",
    "github",
)
"""In the order of the connection page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What a connector is made from: `values` by the keys of `DeskKind.fields`, secrets among them.

    `queues` are remote ids or names of those to follow, none for all; `ai_agents` name the automatic first responders
    as that desk does (a user, an address, a tag).
    """

    desk_id: DeskId
    name: str
    values: Mapping[str, str] = field(repr=False)
    queues: tuple[str, ...] = ()
    ai_agents: tuple[str, ...] = ()


def desk_kinds() -> tuple[DeskKind, ...]:
    """All of them, in the order to show. Imports the packages: to be called off the event loop."""
    return tuple(kind_of(package) for package in PACKAGES)


def kind_of(key: str) -> DeskKind:
    """One kind. Raises `UserError` when this version does not know it."""
    if key not in PACKAGES:
        raise UserError(
            f"This version of Sidedesk cannot connect to {key}.", "Update it, or remove this desk."
        )
    return cast("DeskKind", import_module(f"copilot.desks.{key}.kind").KIND)


async def open_desk(key: str, sign_in: SignIn) -> Desk:
    """A desk of this kind, nothing asked of it yet. Raises `DeskError` for a sign-in that cannot be one."""
    kind_of(key)
    made = await asyncio.to_thread(_way_in, key)
    return await made(sign_in)


def _way_in(key: str) -> Callable[[SignIn], Awaitable[Desk]]:
    """A package's `open_desk`, with all that it imports: a third of a second's work the first time."""
    import_module(f"copilot.desks.{key}.connecting")
    return cast("Callable[[SignIn], Awaitable[Desk]]", import_module(f"copilot.desks.{key}").open_desk)
