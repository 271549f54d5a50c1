"""The front door: `sidedesk` opens the window, `sidedesk COMMAND` does one thing in the terminal.

Stands above both packages, so that neither the core needs to know the screen nor the screen the command line.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Run the window when no command is named, else the command; answers the process's exit code."""
    if len(sys.argv) > 1 and not sys.argv[1].startswith("--window"):
        from copilot.cli import main as run_command

        return run_command(sys.argv[1:])
    from ui.app import main as open_window

    return open_window(sys.argv)


if __name__ == "__main__":
    raise SystemExit(main())
