"""A screen of its own for a test: an X server that draws into memory, and keys pressed on it as a person would."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TOOLS = ("Xvfb", "xdotool")


def missing_tools() -> list[str]:
    """The programs that are not here."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


@dataclass(frozen=True, slots=True)
class Screen:
    """An X display."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to open its window there."""
        kept = {
            name: value for name, value in os.environ.items() if name not in {"WAYLAND_DISPLAY", "DISPLAY"}
        }
        return {**kept, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def press(self, *keys: str) -> None:
        """Press keys one after another, in X's names (`j`, `ctrl+Return`, `question`)."""
        self._do("key", "--delay", "40", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._do("type", "--delay", "15", text)

    def wait_for_window(self, title: str) -> None:
        """Wait until a window of that title is on the screen, and give it the keyboard (nobody else does here)."""
        found = self._do("search", "--sync", "--onlyvisible", "--name", title).split()
        self._do("windowfocus", "--sync", found[-1])

    def picture(self, path: Path) -> str:
        """What is on the screen, where ImageMagick is installed; answers a sentence for a failed test."""
        if shutil.which("import") is None:
            return "no picture: ImageMagick's import is not installed"
        subprocess.run(["import", "-window", "root", path], env=self.environment, check=True, timeout=60)
        return f"the screen: {path}"

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout


@contextmanager
def screen(size: str = "1440x900x24") -> Iterator[Screen]:
    """An X server on a display number that nobody uses, gone afterwards."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[write_end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        yield Screen(f":{number}")
    finally:
        server.terminate()
        server.wait(timeout=20)
