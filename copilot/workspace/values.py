"""What the workspace answers to the screen beside the nouns of `copilot.domain`."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain import TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo took back: `what` in words ("Reply to Amara Okoye"), and the text that returns to the editor."""

    what: str
    ticket: TicketId
    text: str = ""
    note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message for the screen: allow-listed HTML that loads nothing; what was written this time and the rest."""

    html: str
    hidden_html: str = ""
    shortened: bool = False
