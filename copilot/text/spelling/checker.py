"""Asks the spelling process; starts it with the first question."""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from copilot.text.spelling import child

_PATIENCE_SECONDS = 15.0
"""For starting the process, reading a large dictionary and a hard word, all on a busy machine."""
_ANSWER_BYTES = 5_000_000


class Checker:
    """One spelling process. Questions take turns; when it dies they are answered with nothing, and it starts anew."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "spelling")
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    async def misspelled(self, dictionary: Path, words: Sequence[str]) -> frozenset[str]:
        """Those of these words that the dictionary does not know."""
        return frozenset(await self._on_thread(dictionary, words, suggest=False))

    async def suggestions(self, dictionary: Path, word: str) -> tuple[str, ...]:
        """What may have been meant, the likeliest first."""
        return tuple(await self._on_thread(dictionary, [word], suggest=True))

    async def aclose(self) -> None:
        """End the process for good."""
        if self._process is not None:
            self._process.kill()
        await asyncio.to_thread(self._thread.shutdown)
        self._end()

    async def _on_thread(self, dictionary: Path, words: Sequence[str], *, suggest: bool) -> list[str]:
        request = json.dumps(
            {"dictionary": str(dictionary), "words": list(words), "suggest": suggest}
        ).encode()
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._ask, request)

    def _ask(self, request: bytes) -> list[str]:
        try:
            pipe = self._started()
            pipe.send_bytes(request)
            if not pipe.poll(_PATIENCE_SECONDS):
                self._end()
                return []
            return [str(word) for word in json.loads(pipe.recv_bytes(_ANSWER_BYTES))]
        except (EOFError, OSError):
            self._end()
            return []

    def _started(self) -> Connection:
        if self._pipe is not None:
            return self._pipe
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=child.serve, args=(theirs,), name="sidedesk-spelling", daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe = ours
        return ours

    def _end(self) -> None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
