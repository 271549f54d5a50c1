"""Parses documents in a process of its own, with a time limit for each.

A document that hangs a parser, eats its memory or crashes it takes only that process down; the next document gets a new
one. The process is started with the first document and talks in bytes, never in pickles: what comes back is untrusted.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from copilot.knowledge.sources import child
from copilot.knowledge.sources.base import Limits
from copilot.knowledge.sources.formats.parsed import Form, Parsed, UnreadableError

_START_SECONDS = 30.0
_ANSWER_BYTES = 50_000_000
_DIED = "The document made the parser fail; it may be damaged, or take too much memory."


class Parser:
    """One parsing process, started when needed. Safe to share between sources: documents take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._thread = ThreadPoolExecutor(1, "parser")
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._killed = False

    async def parse(self, form: Form, content: bytes, *, url: str = "", declared: str = "") -> Parsed:
        """The words of a document. Raises `UnreadableError` with the reason in words.

        `url` is where a page was fetched from, `declared` the encoding its server named.
        """
        if len(content) > self.limits.document_bytes:
            raise UnreadableError(too_large(self.limits))
        header = {"form": form.value} | ({"url": url, "declared": declared} if form is Form.PAGE else {})
        try:
            loop = asyncio.get_running_loop()
            parsed = await loop.run_in_executor(self._thread, self._ask, header, content)
        except asyncio.CancelledError:
            self._kill()
            raise
        if len(parsed.text) > self.limits.document_chars:
            raise UnreadableError(
                f"The document has {len(parsed.text):,} characters, more than the {self.limits.document_chars:,} "
                "that are read; divide it."
            )
        if not parsed.text.strip() and not parsed.unlisted:
            raise UnreadableError("The document holds no text.")
        return parsed

    async def rest(self) -> None:
        """End the process until the next document comes."""
        if self._process is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._end)

    async def aclose(self) -> None:
        """End the process for good."""
        self._kill()
        await asyncio.to_thread(self._thread.shutdown)
        self._end()

    def _kill(self) -> None:
        """Make the thread's wait end; it cleans up itself."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._killed = True

    # -- on the thread ---------------------------------------------------------------------------------------------

    def _ask(self, header: dict[str, str], content: bytes) -> Parsed:
        try:
            pipe = self._started()
            pipe.send_bytes(json.dumps(header).encode())
            pipe.send_bytes(content)
            if not pipe.poll(self.limits.parse_seconds):
                self._end()
                raise UnreadableError(
                    f"The document takes longer than {self.limits.parse_seconds:g} s to read."
                )
            answer = json.loads(pipe.recv_bytes(_ANSWER_BYTES))
        except (EOFError, OSError) as error:
            self._end()
            raise UnreadableError(_DIED) from error
        if "problem" in answer:
            raise UnreadableError(answer["problem"])
        parsed = answer["parsed"]
        return Parsed(**parsed | {"links": tuple(parsed["links"])})

    def _started(self) -> Connection:
        with self._lock:
            if self._pipe is not None and self._process is not None and not self._killed:
                return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=child.serve, args=(theirs,), name="sidedesk-parser", daemon=True)
        process.start()
        theirs.close()
        with self._lock:
            self._process, self._pipe = process, ours
        if not ours.poll(_START_SECONDS):
            raise EOFError("the parsing process did not start")
        ours.recv_bytes(len(child.READY))
        return ours

    def _end(self) -> None:
        with self._lock:
            process, pipe = self._process, self._pipe
            self._process = self._pipe = None
            self._killed = False
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def too_large(limits: Limits) -> str:
    """Why a document of too many bytes is not read."""
    return f"The document is larger than the {limits.document_bytes / 1_000_000:g} MB that are read."
