from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from copilot.domain import BatchId, Citation, Draft, SuggestionId, TicketId
from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from ui.actions import ACTIONS, Actions
from ui.assist.pane import CopilotPane
from ui.bridge import Bridge

MAYA, OMAR, TOM = TicketId(1), TicketId(2), TicketId(5)
"""Tom's ticket has no draft: there is not enough to answer."""


@dataclass
class Side:
    """A copilot pane and what it told the window."""

    workspace: FakeWorkspace
    actions: Actions
    pane: CopilotPane
    used: list[tuple[Draft, SuggestionId]] = field(default_factory=list)
    cited: list[Citation | None] = field(default_factory=list)
    dismissed: list[SuggestionId] = field(default_factory=list)
    escalated: list[BatchId] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)

    async def open(self, ticket: TicketId = MAYA) -> None:
        self.pane.show_ticket(ticket)
        await until(lambda: self.pane.brief is not None and self.pane.brief.ticket == ticket)


@pytest.fixture
async def side(workspace: FakeWorkspace) -> AsyncIterator[Side]:
    actions = Actions()
    for action in ACTIONS:
        actions.bind(action.id, lambda: None)
    pane = CopilotPane(workspace, Bridge(workspace.events), actions, lambda: workspace.now)
    made = Side(workspace, actions, pane)
    pane.use_draft.connect(lambda draft, suggestion: made.used.append((draft, suggestion)))
    pane.citation_focused.connect(made.cited.append)
    pane.dismissed.connect(made.dismissed.append)
    pane.escalated.connect(made.escalated.append)
    pane.insert_asked.connect(made.inserted.append)
    pane.resize(380, 900)
    pane.show()
    yield made
    pane.hide()
    pane.deleteLater()
