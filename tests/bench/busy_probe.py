"""How late the event loop is while everything goes on at once, and what the program takes when nothing does.

`python -m tests.bench.busy_probe busy FOLDER`: a fresh demo desk is synced and indexed behind the real window, and
three drafts stream at 500 tokens a second each. The server that sends them is a process of its own (`… serve`).
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.streams import dated, write, writer_to

STREAMS = 3
TOKENS = 2_000
TOKEN_SECONDS = 0.002
TICK = 0.005
IDLE_SECONDS = 10.0
INDEX_SECONDS = 240.0


def main(what: str, folder: Path) -> int:
    """Serve, or measure; answers the exit code."""
    if what == "serve":
        asyncio.run(_serve())
        return 0
    from ui import aio
    from ui.app import make_application

    return aio.run(lambda: _measure(folder), make_application(["sidedesk"], "light"))


async def _serve() -> None:
    from tests.models.fault_server import fault_server

    async with fault_server(dated(TOKENS, TOKEN_SECONDS)) as server:
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def _measure(folder: Path) -> int:
    from copilot.config.settings import DemoDeskSettings, Settings, save_settings
    from copilot.store import Store
    from copilot.workspace import Workspace
    from ui import aio
    from ui.furnish import Furniture
    from ui.window import Window

    save_settings(folder, Settings(desks=(DemoDeskSettings(lively=False),)))
    with subprocess.Popen(  # noqa: ASYNC220  before anything is measured
        [sys.executable, "-m", "tests.bench.busy_probe", "serve", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        url = (await asyncio.to_thread(server.stdout.readline)).strip()
        ledger = await Store.open(folder / "ledger.sqlite3")
        writer = writer_to(url, ledger)
        window = Window()
        window.show()
        workspace = await Workspace.open(folder)
        furniture = Furniture(window, workspace)
        furniture.begin()
        late: list[float] = []
        tokens: list[float] = []
        ticking = asyncio.create_task(_tick(late))
        await workspace.start()
        syncing = asyncio.create_task(workspace.sync_now())
        await asyncio.gather(*(write(writer, tokens, []) for _ in range(STREAMS)), syncing)
        ticking.cancel()
        await asyncio.wait_for(workspace.learn(), INDEX_SECONDS)
        idle = await _idle_share()
        await writer.aclose()
        await ledger.aclose()
        server.stdin.close()
        await furniture.put_away()
        await aio.cancel_all()
        await workspace.aclose()
        window.put_away()
    print(json.dumps({"loop late, all at once": late, "a token late": tokens, "idle, share of a core": idle}))
    return 0


async def _tick(late: list[float]) -> None:
    while True:
        due = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        late.append(max(0.0, time.perf_counter() - due))


async def _idle_share() -> list[float]:
    """The share of a core that the program takes in each of some seconds in which nothing happens."""
    shares = []
    for _ in range(int(IDLE_SECONDS)):
        began, used = time.perf_counter(), time.process_time()
        await asyncio.sleep(1.0)
        shares.append((time.process_time() - used) / (time.perf_counter() - began))
    return shares


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
