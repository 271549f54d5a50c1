"""Who sits at the screen, as far as the desks say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.workspace import Workspace


def me_of(workspace: Workspace) -> str:
    """The rep's name on the first desk that knows them; empty while none does."""
    return next((desk.me.name for desk in workspace.desks() if desk.me is not None), "")
