"""The local SQLite file, one per workspace: the only room that speaks SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.store.store import Store

__all__ = ["Store"]


def __getattr__(name: str) -> object:
    """Imported when asked for: a glimpse of the queue does without most of this room."""
    if name == "Store":
        from copilot.store.store import Store

        return Store
    raise AttributeError(name)
