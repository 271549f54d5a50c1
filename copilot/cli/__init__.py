"""`sidedesk sync|queue|brief|search|knowledge|tour|doctor`: the core without a screen."""

from copilot.cli.commands import main

__all__ = ["main"]
