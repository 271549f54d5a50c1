"""The demo desk: a help desk over a SQLite file of its own, filled with real questions from `resources/demo`.

It behaves like a server: it validates, numbers its changes, knows versions and idempotency keys, is shared with
colleagues and an AI agent who write while you look, is slow at times, and fails when told to (`DemoBehaviour`).
"""

from __future__ import annotations

from pathlib import Path

from copilot.desks.demo.behaviour import Call, DemoBehaviour, Failure
from copilot.desks.demo.desk import DEMO, DemoDesk, World
from copilot.desks.demo.others import NewTicket
from copilot.domain import DeskId

__all__ = ["Call", "DemoBehaviour", "DemoDesk", "Failure", "NewTicket", "World", "open_demo_desk"]


async def open_demo_desk(
    path: Path, *, lively: bool = True, desk_id: DeskId = DEMO, name: str = "Demo desk"
) -> DemoDesk:
    """The demo desk over the file at `path`, created and opened; `lively` lets others write while the rep looks.

    Raises `UnavailableError` or `BadDataError` when the file cannot be used.
    """
    desk = DemoDesk(
        path,
        desk_id=desk_id,
        name=name,
        behaviour=DemoBehaviour.lively() if lively else DemoBehaviour(),
    )
    try:
        await desk.open()
    except BaseException:
        await desk.aclose()
        raise
    return desk
