"""The local SQLite file, one per workspace: the only room that speaks SQL."""

from copilot.store.store import Store

__all__ = ["Store"]
