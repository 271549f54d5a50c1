"""The queue as it was left, before anything else is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from copilot.config.paths import STORE_NAME
from copilot.config.settings import DemoDeskSettings, Settings, save_settings
from copilot.domain import View
from copilot.workspace import Workspace, glimpse_of_queue

SEES = """
import sys
from pathlib import Path
from copilot.domain import View
from copilot.workspace.glimpse import glimpse_of_queue
assert glimpse_of_queue(Path(sys.argv[1]), View.ALL)[0].rows
heavy = {"pydantic", "structlog", "sqlite_utils", "numpy", "httpx", "copilot.workspace.door", "copilot.store.store"}
print(sorted(heavy & set(sys.modules)))
"""


async def filled(folder: Path) -> Workspace:
    save_settings(folder, Settings(desks=(DemoDeskSettings(lively=False),)))
    workspace = await Workspace.open(folder)
    await workspace.sync_once()
    return workspace


async def test_it_is_the_first_page_and_the_counts(tmp_path: Path) -> None:
    workspace = await filled(tmp_path)
    page, counts = await workspace.queue(View.ALL, limit=60), await workspace.counts()
    assert glimpse_of_queue(tmp_path, View.ALL) == (page, counts)  # also while another has it open
    await workspace.aclose()
    assert glimpse_of_queue(tmp_path, View.ALL) == (page, counts)


async def test_it_imports_next_to_nothing(tmp_path: Path) -> None:
    await (await filled(tmp_path)).aclose()
    done = subprocess.run(
        [sys.executable, "-c", SEES, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_is_not_there_or_not_ours_is_left_to_opening(tmp_path: Path) -> None:
    assert glimpse_of_queue(tmp_path, View.MINE) is None
    assert not (tmp_path / STORE_NAME).exists()
    (tmp_path / STORE_NAME).write_bytes(b"no database at all" * 100)
    assert glimpse_of_queue(tmp_path, View.MINE) is None
    (tmp_path / STORE_NAME).write_bytes(b"")
    assert glimpse_of_queue(tmp_path, View.MINE) is None
