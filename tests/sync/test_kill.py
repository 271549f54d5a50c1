"""Real SIGKILLs, over real files: nothing is lost and nothing arrives twice. What is done is in `killing.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sync.killing import FILL_POINTS, MODES, RANDOM_KILLS, SEND_POINTS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks a process for each kill")

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What stands on both sides after all the killing."""
    folder = tmp_path_factory.mktemp("killed")
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.killing", str(folder)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_fill_killed_again_and_again_holds_every_ticket_and_message_once(after: dict[str, Any]) -> None:
    assert after["killed_filling"] >= len(FILL_POINTS)
    for mode in MODES:
        assert after[mode]["held"] == after[mode]["tickets"] > 300
        assert after[mode]["same"], "the store holds as many messages of each ticket as the desk"


@pytest.mark.parametrize("mode", MODES)
def test_an_outbox_killed_at_every_point_sends_every_reply_once_and_in_order(
    after: dict[str, Any], mode: str
) -> None:
    assert after[mode]["killed_sending"] >= len(SEND_POINTS)
    assert after[mode]["unfinished"] == []
    received = [[int(text.split()[1]) for text in texts] for texts in after[mode]["received"].values()]
    assert all(numbers == sorted(numbers) for numbers in received)
    accepted = 2 * (len(SEND_POINTS) + RANDOM_KILLS)
    assert sorted(number for numbers in received for number in numbers) == list(range(accepted))
