"""Repair, parts and placeholders, with the library's own test model in the provider's place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.profiles import ModelProfile

from copilot.errors import BadOutputError
from copilot.models.asking import Job, ask
from copilot.models.base import Task
from copilot.models.fence import Prompt
from copilot.models.http import LOCAL
from copilot.models.offers import offers_of
from copilot.models.output import ShapeError, read_part, read_whole
from copilot.models.wire import Wire
from tests.models.conftest import GOOD, Bench, Sketch, provider


class Scripted:
    """Answers in turn, piece by piece; keeps what it was told."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.heard: list[list[ModelMessage]] = []

    @property
    def wire(self) -> Wire:
        profile: ModelProfile = {"supports_json_schema_output": True}
        return Wire(FunctionModel(stream_function=self._answer, profile=profile), LOCAL)

    async def _answer(self, messages: list[ModelMessage], _info: AgentInfo) -> AsyncIterator[str]:
        self.heard.append(messages)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for at in range(0, len(answer), 5):
            yield answer[at : at + 5]


def job(values: Mapping[str, str] | None = None) -> Job:
    offer = offers_of([provider("http://127.0.0.1:1/v1")])[0]
    return Job(
        offer=offer,
        prompt=Prompt("Answer.", "=== 1 ===", values or {}, {}),
        max_tokens=100,
        task=Task.DRAFT,
        prompt_name="draft@1",
        rule="routine",
    )


async def test_a_good_answer_needs_one_request(bench: Bench) -> None:
    model = Scripted(GOOD)
    answered = await ask(model.wire, bench.writer.ledger, job(), Sketch)
    assert (answered.value.intent, answered.repairs) == ("reset", 0)
    assert len(model.heard) == 1


async def test_a_repair_says_what_was_wrong(bench: Bench) -> None:
    model = Scripted('{"intent": "reset"}', GOOD)
    answered = await ask(model.wire, bench.writer.ledger, job(), Sketch)
    assert answered.repairs == 1
    told = str(model.heard[1])
    assert "text: Field required" in told
    assert answered.usage.tokens_out > 0


async def test_three_bad_answers_are_enough(bench: Bench) -> None:
    model = Scripted("I would rather not.")
    with pytest.raises(BadOutputError):
        await ask(model.wire, bench.writer.ledger, job(), Sketch)
    assert len(model.heard) == 3


async def test_a_bug_in_the_listener_is_not_taken_for_the_models(bench: Bench) -> None:
    def on_partial(_part: Mapping[str, Any]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(Scripted(GOOD).wire, bench.writer.ledger, job(), Sketch, on_partial)


class Short(BaseModel):
    text: str = Field(max_length=12)


async def test_what_is_said_of_a_fault_holds_no_personal_data(bench: Bench) -> None:
    model = Scripted('{"text": "[name 1] asks"}', '{"text": "She asks"}')
    answered = await ask(model.wire, bench.writer.ledger, job({"[name 1]": "Amara Okoye"}), Short)
    assert answered.value.text == "She asks"
    assert "Amara" not in str(model.heard)


@given(st.integers(min_value=0, max_value=len(GOOD)))
def test_every_beginning_of_an_answer_can_be_shown(length: int) -> None:
    part = read_part(GOOD[:length], {})
    if part is not None:
        assert "reset".startswith(part.get("intent", ""))
        assert "Hold the button.".startswith(part.get("text", ""))
    assert read_part(GOOD, {}) == {"intent": "reset", "text": "Hold the button."}


def test_a_placeholder_is_shown_when_it_is_whole() -> None:
    text = '{"text": "Dear [name 1], hello"}'
    shown = [read_part(text[:length], {"[name 1]": "Amara"}) for length in range(len(text))]
    texts = [str(part["text"]) for part in shown if part and "text" in part]
    assert not any("[" in one for one in texts)
    assert texts[-1] == "Dear Amara, hello"


@pytest.mark.parametrize("text", ["", "{", "null", "[1]", '"text"', "{}", '{"intent": "x", "text": '])
def test_what_is_no_answer_is_refused(text: str) -> None:
    with pytest.raises(ShapeError):
        read_whole(text, Sketch, {})


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_part(text, {"[name 1]": "x"})
    with pytest.raises(ShapeError):
        read_whole(text, Sketch, {})
