from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from copilot.knowledge.sources.base import Failed, Fingerprint, Found, Gone, Same, Source, Step
from copilot.knowledge.sources.parsing import Parser
from copilot.store import Store


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    """One parsing process for a module: starting it costs more than most tests."""
    parser = Parser()
    yield parser
    asyncio.run(parser.aclose())


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path / "workspace.sqlite3")
    yield store
    await store.aclose()


class Reading:
    """Everything that one reading of a source said, and what is known after it."""

    def __init__(self, steps: list[Step], known: dict[str, Fingerprint]) -> None:
        self.steps = steps
        self.known = dict(known)
        self.found = {step.document.id: step.document for step in steps if isinstance(step, Found)}
        self.failed = {step.id: step.reason for step in steps if isinstance(step, Failed)}
        self.gone = {step.id for step in steps if isinstance(step, Gone)}
        self.same = {step.id for step in steps if isinstance(step, Same)}
        for step in steps:
            match step:
                case Found(document, fingerprint):
                    self.known[document.id] = fingerprint
                case Same(name, fingerprint):
                    self.known[name] = fingerprint
                case Failed(name, _, _, fingerprint):
                    self.known[name] = fingerprint or Fingerprint("")
                case Gone(name):
                    del self.known[name]


async def read(source: Source, after: Reading | None = None) -> Reading:
    """Read a source, knowing what an earlier reading found."""
    known = after.known if after else {}
    return Reading([step async for step in source.read(known)], known)
