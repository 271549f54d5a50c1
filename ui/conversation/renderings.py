"""Safe HTML of messages for the thread: asked of the workspace once, kept while it may be needed again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from copilot.domain import Message, RemoteId
from copilot.workspace import Rendered, Workspace
from ui.aio import spawn

_KEPT = 400
Wanted = tuple[Message, bool]
"""A message, and whether the whole of it is wanted."""


class Renderings(QObject):
    """A memory of rendered messages; the one used longest ago is forgotten first."""

    arrived = Signal()
    """HTML that was asked for is there."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._kept: OrderedDict[tuple[RemoteId, bool], tuple[Message, Rendered]] = OrderedDict()
        self._asked: set[tuple[RemoteId, bool]] = set()

    def get(self, message: Message, whole: bool) -> Rendered | None:
        """The HTML of a message if it is there."""
        key = (message.remote_id, whole)
        found = self._kept.get(key)
        if found is None or found[0] != message:
            return None
        self._kept.move_to_end(key)
        return found[1]

    def ask(self, wanted: Iterable[Wanted]) -> None:
        """Fetch what is missing; `arrived` follows."""
        missing = [w for w in wanted if (w[0].remote_id, w[1]) not in self._asked]
        if missing:
            self._asked.update((message.remote_id, whole) for message, whole in missing)
            spawn(self._fetch(missing), "render messages", self)

    async def ready(self, messages: Iterable[Message]) -> None:
        """Fetch these and come back when they are there."""
        missing = [(message, False) for message in messages if self.get(message, False) is None]
        await asyncio.gather(*(self._render(message, whole) for message, whole in missing))

    async def _fetch(self, wanted: list[Wanted]) -> None:
        try:
            await asyncio.gather(*(self._render(message, whole) for message, whole in wanted))
        finally:
            self._asked.difference_update((message.remote_id, whole) for message, whole in wanted)
        self.arrived.emit()

    async def _render(self, message: Message, whole: bool) -> None:
        rendered = await self._workspace.render(message, whole=whole)
        self._kept[(message.remote_id, whole)] = (message, rendered)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
