"""`sidedesk sync|brief|search|doctor`: the core without a screen."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Carry out one command; answers the process's exit code."""
    raise NotImplementedError
