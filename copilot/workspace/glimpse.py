"""What the window paints while the rest of the program is still being imported: the queue as it was left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from copilot.config.paths import STORE_NAME, default_workspace
from copilot.domain import QueuePage, View
from copilot.store.glimpse import glimpse


def glimpse_of_queue(
    folder: Path | None, view: View, limit: int = 60
) -> tuple[QueuePage, Mapping[View, int]] | None:
    """The first rows of a view and the views' counts; None for a workspace that is new or has to be upgraded.

    To be called off the event loop. What it answers is replaced as soon as the workspace is open.
    """
    return glimpse((folder or default_workspace()) / STORE_NAME, view, limit)
