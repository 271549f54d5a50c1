"""The settings of an open workspace, and their one way to disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

from copilot.config.settings import Settings, save_settings


class KeptSettings:
    """`now` holds for this run also when it could not be written."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder = folder
        self.now = settings

    async def change(self, **values: object) -> None:
        """Replace some of the settings and write them all. Raises `SettingsError`."""
        self.now = self.now.model_copy(update=values)
        await asyncio.to_thread(save_settings, self._folder, self.now)
