"""Being told of new mail at once: IDLE (RFC 2177) on a connection of its own.

IDLE watches one folder: the first that is followed. The others, and what colleagues note, show with the next poll.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from imapclient import IMAPClient

from copilot.desks.mailbox.line import Line
from copilot.errors import UnavailableError, UnsupportedError

LOOK_SECONDS = 30.0
"""How long one wait in the thread is; a cancelled one ends at once all the same, as its connection is closed."""


async def watch(line: Line, folder: str, idle_seconds: float) -> AsyncIterator[None]:
    """One item whenever the folder has changed. IDLE is begun anew now and then, as servers end it after 30 minutes."""
    loop = asyncio.get_running_loop()
    threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mailbox-idle")
    try:
        await loop.run_in_executor(threads, lambda: line.write(lambda client: _begin(client, folder)))
        yield  # what came before IDLE began
        while True:
            ends = loop.time() + idle_seconds
            while loop.time() < ends:
                wait = min(LOOK_SECONDS, ends - loop.time())
                if await loop.run_in_executor(threads, lambda: line.write(lambda c: _has_news(c, wait))):  # noqa: B023 - awaited before the next turn
                    yield
            if await loop.run_in_executor(threads, lambda: line.write(_again)):
                yield
    finally:
        line.close()  # wakes the thread
        threads.submit(line.close)  # and a connection that was only just being made
        threads.shutdown(wait=False)


def _begin(client: IMAPClient, folder: str) -> None:
    if not client.has_capability("IDLE"):
        raise UnsupportedError("This mail server does not tell of new mail; it is asked now and then.")
    client.select_folder(folder, readonly=True)
    client.idle()


def _has_news(client: IMAPClient, seconds: float) -> bool:
    """Whether the server has said anything of mails; it also says "still here" (OK) and, at the end, BYE.

    Of a connection that was closed the library answers at once that there is nothing new.
    """
    began = time.monotonic()
    said = client.idle_check(timeout=seconds)
    too_soon = not said and time.monotonic() - began < seconds / 2
    if too_soon or any(b"BYE" in line[:1] for line in said):
        raise UnavailableError("The mail server has ended the connection.")
    return any(word in line for line in said for word in (b"EXISTS", b"EXPUNGE", b"FETCH", b"VANISHED"))


def _again(client: IMAPClient) -> bool:
    _, said = client.idle_done()
    client.idle()
    return bool(said)
