"""Whether there is a display is known before Qt, which would abort the process, is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ui import display

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader and X of Linux")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@linux_only
def test_without_display_it_says_so(bare: pytest.MonkeyPatch) -> None:
    bare.setattr(display, "X_LIBRARIES", {})
    assert "neither DISPLAY nor WAYLAND_DISPLAY" in display.display_problem()
    assert not display.display_available()


@linux_only
def test_an_x_server_that_does_not_answer_is_no_display(bare: pytest.MonkeyPatch) -> None:
    bare.setattr(display, "X_LIBRARIES", {})
    bare.setenv("DISPLAY", ":4711")
    assert "does not answer" in display.display_problem()


@linux_only
def test_missing_libraries_are_named_by_their_package(bare: pytest.MonkeyPatch) -> None:
    bare.setattr(display, "X_LIBRARIES", {"libno-such-thing.so.9": "libno-such-thing9"})
    problem = display.display_problem()
    assert problem.endswith("sudo apt-get install -y libno-such-thing9")
    checks = {check.name: check for check in display.screen_checks()}
    assert not checks["Libraries for the window"].fine
    assert "libno-such-thing9" in checks["Libraries for the window"].advice


def test_offscreen_is_a_display_for_those_who_ask_for_it(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.display_available()


def test_the_program_ends_with_one_line_and_a_code_of_its_own() -> None:
    environment = {
        k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    if not sys.platform.startswith("linux"):
        pytest.skip("every other platform has a display")
    code = "import sys; from ui.app import main; sys.exit(main(['sidedesk']))"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 69
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_frame_needs_nothing_heavy() -> None:
    """The first frame is painted before the core and its libraries are imported."""
    code = (
        "import sys, ui.app, ui.window, ui.queue.pane, ui.commands.keys\n"
        "heavy = ('copilot.workspace', 'httpx', 'pydantic', 'keyring', 'numpy', 'structlog')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
