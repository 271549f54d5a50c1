"""The front door: `sidedesk` opens the window, `sidedesk COMMAND` does one thing in the terminal.

Stands above both packages, so that neither the core needs to know the screen nor the screen the command line.
Without a display it says so and does the main job in the terminal.
"""

from __future__ import annotations

import multiprocessing
import sys

COMMANDS = frozenset({"sync", "queue", "brief", "search", "tour", "doctor", "knowledge", "-h", "--help"})


def main() -> int:
    """Run the window when no command is named, else the command; answers the process's exit code."""
    arguments = sys.argv[1:]
    if COMMANDS.intersection(arguments):
        return _in_terminal(arguments)
    from ui.display import display_available

    if not display_available():
        print("sidedesk: there is no display here, so the main job is done in the terminal.", file=sys.stderr)
        return _without_window(arguments)
    from ui.app import main as open_window

    return open_window(sys.argv)


def _in_terminal(arguments: list[str]) -> int:
    from copilot.cli import main as run_command
    from ui.display import screen_checks

    return run_command(arguments, screen_checks)


def _without_window(arguments: list[str]) -> int:
    from ui.picture import main as take_pictures

    done = _in_terminal([*arguments, "tour"])
    return done or take_pictures(["--out", "build"])


if __name__ == "__main__":
    # Documents are parsed in a process of their own, which a packed program starts by calling itself.
    multiprocessing.freeze_support()
    raise SystemExit(main())
