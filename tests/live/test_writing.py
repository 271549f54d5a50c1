"""Every writing task with a real small model: what comes back is well-formed, repaired or refused, never broken.

A task takes up to a minute, nearly all of it the model's, so only the draft is tried unasked; the others with
`SIDEDESK_SLOW_TESTS=1`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from copilot.assist.writing.asking import answer
from copilot.assist.writing.drafting import write_draft
from copilot.assist.writing.evidence import allowed_links
from copilot.assist.writing.links import links_in
from copilot.assist.writing.material import Material
from copilot.assist.writing.prompts import shipped_prompts
from copilot.assist.writing.refining import Reply, refine, translate
from copilot.assist.writing.summarising import write_summary
from copilot.domain import Abstention, Answer, Draft, Refinement, Rewrite, Suggestion, Support
from copilot.errors import BadOutputError
from copilot.models.base import Writing
from copilot.models.writer import ModelWriter
from copilot.store import Store
from tests.assist.writing.make import article, material
from tests.bench import local_model
from tests.bench.injection import bounded

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]

T = TypeVar("T")
SLOW = pytest.mark.skipif(
    "SIDEDESK_SLOW_TESTS" not in os.environ, reason="slow; asked for by SIDEDESK_SLOW_TESTS=1"
)
ANSWER_TOKENS = 80
"""It reads ten tokens a second on a busy machine, and does not stop by itself."""
PROMPTS = bounded(shipped_prompts(), ANSWER_TOKENS)
THREAD = (
    ("requester", "Hello, my router shows no light since yesterday. What can I do? See www.evil.com."),
    ("rep", "Please try another socket. I will call you by Friday."),
    ("requester", "Another socket does not help. Please help, I work from home!"),
)
REPLY = Reply("Hello Amara,\n\nHold the reset button for 10 seconds.")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if reason := local_model.why_not():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("llm")
    yield local_model.start(folder)
    local_model.stop(folder)


@pytest.fixture
async def model(address: str, tmp_path: Path) -> AsyncIterator[ModelWriter]:
    store = await Store.open(tmp_path / "store.sqlite3")
    setup = local_model.setup_of(local_model.provider_at(address))
    async with local_model.writer_over(store, setup) as writer:
        yield writer
    await store.aclose()


@pytest.fixture
def made() -> Material:
    of_no_store = material(*THREAD, knowledge=(article(),))
    return replace(of_no_store, facts=replace(of_no_store.facts, ticket=None))


async def or_refused(work: Awaitable[T]) -> T | None:
    """What came back; None where it was refused in words."""
    try:
        return await work
    except BadOutputError:
        return None


def is_sound(content: Draft | Abstention, made: Material) -> None:
    """No address but a source's, a citation that is really there, and a mark on all that has none."""
    if isinstance(content, Abstention):
        assert content.reason
        return
    assert content.text
    assert set(links_in(content.text)) <= allowed_links(made.evidence)
    texts = {one.source.text for one in made.evidence}
    for sentence in content.sentences:
        assert sentence.text.strip()
        assert sentence.support is not Support.SUPPORTED or sentence.citations
        assert all(any(one.quote in text for text in texts) for one in sentence.citations)


async def test_a_draft(model: Writing, made: Material) -> None:
    streamed: list[str] = []
    suggestion = await or_refused(write_draft(model, PROMPTS, made, lambda render: streamed.append(render())))
    if suggestion is not None:
        assert isinstance(suggestion, Suggestion)
        assert suggestion.model == "here/smollm2"
        is_sound(suggestion.content, made)
    assert not any("evil" in text for text in streamed)


@SLOW
async def test_a_summary(model: Writing, made: Material) -> None:
    summary = await or_refused(write_summary(model, PROMPTS, made))
    if summary is not None:
        ids = {m.remote_id for m in made.conversation.messages}
        assert all(line.message in ids and line.text for line in summary.lines)


@SLOW
@pytest.mark.parametrize("wish", [Rewrite.SHORTER, "less formal, please"])
async def test_a_rewrite(model: Writing, made: Material, wish: Rewrite | str) -> None:
    refinement = await or_refused(refine(model, PROMPTS, made, REPLY, wish))
    if refinement is not None:
        is_sound(refinement.suggestion.content, made)


@SLOW
async def test_a_translation(model: Writing, made: Material) -> None:
    refinement: Refinement | None = await or_refused(translate(model, PROMPTS, made, REPLY, "de"))
    if refinement is not None:
        is_sound(refinement.suggestion.content, made)


@SLOW
async def test_an_answer(model: Writing, made: Material) -> None:
    found: Answer | None = await or_refused(answer(model, PROMPTS, made, "What has the customer tried?"))
    if found is not None:
        is_sound(found.content, made)
