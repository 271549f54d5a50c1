"""The main journey in a real window, by keys alone: what the desk holds in the end is what counts."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot.config.settings import DemoDeskSettings, Preferences, Settings, save_settings
from copilot.desks.demo import DemoDesk, open_demo_desk
from copilot.domain import Conversation, Draft, MessageKind, OutboxState, Ticket, TicketId, View
from copilot.models.embedding import shipped_model
from copilot.workspace import Workspace
from tests.journey.screen import Screen, missing_tools, screen
from tests.knowledge.fake_embedder import WordEmbedder

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(missing_tools()), reason=f"not installed: {', '.join(missing_tools())}"),
]

HOLD_SECONDS = 8.0
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tickets of the journey: one with a draft to answer, and another to escalate."""

    answer: Ticket
    draft: Draft
    escalate: Ticket


async def prepare(folder: Path) -> Chosen:
    """A workspace as a rep finds it in the morning: in step, with briefs."""
    settings = Settings(
        preferences=Preferences(hold_seconds=HOLD_SECONDS, offer_to_connect=False),
        desks=(DemoDeskSettings(lively=False),),
    )
    save_settings(folder, settings)
    # Vectors of every article under the name of the shipped model: the window finds nothing left to embed, and no
    # brief becomes another in the middle of the journey.
    model = shipped_model()
    workspace = await Workspace.open(folder, embedder=WordEmbedder(model.id, model.dimension))
    await workspace.sync_once()
    await workspace.learn()
    first, *mine = (await workspace.queue(View.MINE)).rows
    assert first.unread, "it is opened by the window itself, which shows that it is ready"
    rows = [row for row in [*mine, *(await workspace.queue(View.UNASSIGNED)).rows] if row.unread]
    drafted: list[tuple[Ticket, Draft]] = []
    silent: list[Ticket] = []
    for row in rows:
        ticket = (await workspace.conversation(row.id)).ticket
        content = (await workspace.make_brief(row.id)).suggestion.content
        if isinstance(content, Draft):
            drafted.append((ticket, content))
        else:
            silent.append(ticket)
        if drafted and silent:
            break
    await workspace.aclose()
    answer, draft = drafted[0]
    return Chosen(answer, draft, silent[0])


@pytest.fixture
def display() -> Iterator[Screen]:
    with screen() as running:
        yield running


class Program:
    """The window, and a second pair of eyes on its workspace and on the desk."""

    def __init__(self, folder: Path, display: Screen, looking: Workspace, desk: DemoDesk) -> None:
        self.screen, self.desk, self.folder, self._looking = display, desk, folder, looking
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sidedesk", "--workspace", str(folder)],
            env=display.environment | {"XDG_CONFIG_HOME": str(folder / "config"), "HOME": str(folder)},
        )

    async def is_ready(self) -> bool:
        """Whether the window has opened its first ticket: from then on it hears keys."""
        return not (await self._looking.queue(View.MINE, limit=1)).rows[0].unread

    async def conversation(self, ticket: TicketId) -> Conversation:
        return await self._looking.conversation(ticket)

    async def written(self, ticket: TicketId) -> str:
        saved = await self._looking.saved_reply(ticket)
        return saved.text if saved else ""

    async def until(self, holds: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait for something that the keys will bring about."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await holds():
                    assert self.process.poll() is None, f"the window is gone; waited for: {what}"
                    await asyncio.sleep(0.1)
        except TimeoutError:
            picture = self.screen.picture(self.folder / "failed.png")
            pytest.fail(f"waited in vain for: {what}; {picture}")

    async def find(self, ticket: Ticket) -> None:
        """Open a ticket by searching its subject."""
        await asyncio.to_thread(self.screen.press, "Escape", "slash")
        await asyncio.to_thread(self.screen.type, ticket.subject)
        await asyncio.to_thread(self.screen.press, "Return")

        async def is_open() -> bool:
            (row,) = await self._looking.rows([ticket.id])
            return not row.unread

        await self.until(is_open, f"{ticket.subject} on the screen")

    async def press(self, *keys: str) -> None:
        await asyncio.to_thread(self.screen.press, *keys)

    async def type(self, text: str) -> None:
        await asyncio.to_thread(self.screen.type, text)


async def test_answer_undo_answer_again_escalate(tmp_path: Path, display: Screen) -> None:
    chosen = await prepare(tmp_path)
    looking = await Workspace.open(tmp_path)
    desk = await open_demo_desk(tmp_path / "demo-desk.sqlite3", lively=False)
    program = Program(tmp_path, display, looking, desk)
    try:
        await asyncio.to_thread(display.wait_for_window, "Sidedesk")
        await _journey(program, chosen)
        await program.press("ctrl+q")
        assert await asyncio.to_thread(program.process.wait, PATIENCE_SECONDS) == 0
    finally:
        program.process.kill()
        program.process.wait()
        await desk.aclose()
        await looking.aclose()


async def _journey(program: Program, chosen: Chosen) -> None:
    answer, escalate = chosen.answer, chosen.escalate
    before = [message.text for message in await program.desk.received_by_requester(answer.remote_id)]

    async def draft_in_editor() -> bool:
        return chosen.draft.text[:20] in await program.written(answer.id)

    async def held() -> bool:
        return [e.state for e in (await program.conversation(answer.id)).outbox] == [OutboxState.HELD]

    async def edited() -> bool:
        return "PS: checked by hand" in await program.written(answer.id)

    async def back_in_editor() -> bool:
        return not (await program.conversation(answer.id)).outbox and await edited()

    async def arrived() -> bool:
        return len(await program.desk.received_by_requester(answer.remote_id)) > len(before)

    await program.until(program.is_ready, "the first ticket on the screen")
    await program.find(answer)
    await program.press("a")
    await program.until(draft_in_editor, "the draft in the editor")
    await program.press("ctrl+End")
    await program.type(" PS: checked by hand")
    await program.until(edited, "the edit on disk")
    await program.press("ctrl+Return")
    await program.until(held, "the reply held in the outbox")
    await program.press("Escape", "u")
    await program.until(back_in_editor, "the reply back in the editor")
    await program.press("ctrl+Return")
    await program.until(arrived, "the reply on the desk")

    async def escalated() -> bool:
        thread = await program.desk.thread(escalate.remote_id)
        return thread.snapshot.group == "Billing & accounts" and any(
            message.kind is MessageKind.NOTE and message.author.name == "Sam Lee"
            for message in thread.messages
        )

    await program.find(escalate)
    await program.press("x")
    await program.type("Billing")
    await program.press("Return", "ctrl+Return")
    await program.until(escalated, "the packet on the desk")

    received = [message.text for message in await program.desk.received_by_requester(answer.remote_id)]
    assert len(received) == len(before) + 1
    assert received[-1].endswith("PS: checked by hand")
    thread = await program.desk.thread(escalate.remote_id)
    packets = [m for m in thread.messages if m.kind is MessageKind.NOTE and m.author.name == "Sam Lee"]
    assert len(packets) == 1
    assert (await program.conversation(answer.id)).outbox == ()
