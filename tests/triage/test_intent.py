from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.triage.intent import IntentModel

REFUND = [
    "I want my money back",
    "please refund this order",
    "refund me now",
    "how do I get my money back for it",
]
PARCEL = ["where is my parcel", "the parcel has not arrived", "track my delivery", "my delivery is late"]
LOGIN = ["I cannot log in", "my password does not work", "the login page rejects me", "reset my password"]
STRANGERS = ["what is the capital of Peru", "sing me a song", "who won the match yesterday"]
AXES = {"refund": REFUND, "parcel": PARCEL, "login": LOGIN}


def meaning(text: str) -> NDArray[np.float32]:
    """A stand-in for a sentence model: one axis an intent, one for what is none of them, a little own direction."""
    row = np.zeros(16, dtype=np.float32)
    for place, examples in enumerate(AXES.values()):
        if text in examples or any(
            word in text for word in ("money", "parcel", "password")[place : place + 1]
        ):
            row[place] = 1.0
    if not row.any():
        row[3] = 1.0
    row[4 + sum(map(ord, text)) % 12] += 0.3
    unit: NDArray[np.float32] = row / np.linalg.norm(row)
    return unit


def vectors(texts: list[str]) -> NDArray[np.float32]:
    return np.stack([meaning(text) for text in texts])


@pytest.fixture(scope="module")
def model() -> IntentModel:
    texts = REFUND + PARCEL + LOGIN
    return IntentModel(texts, vectors(texts), ["refund"] * 4 + ["parcel"] * 4 + ["login"] * 4)


def test_a_message_like_the_examples_gets_their_name(model: IntentModel) -> None:
    text = "give me my money back"
    intent = model.read(text, meaning(text))
    assert intent.name == "refund"
    assert intent.closest[0][0] == "refund"
    assert intent.confidence > 0.5


def test_the_words_that_caused_it_are_words_of_the_message(model: IntentModel) -> None:
    text = "my parcel is late again"
    intent = model.read(text, meaning(text))
    assert "parcel" in intent.words
    assert set(intent.words) <= set(text.split())


@pytest.mark.parametrize("text", STRANGERS)
def test_a_stranger_is_none_of_these(model: IntentModel, text: str) -> None:
    assert model.read(text, meaning(text)).name is None


def test_examples_of_none_lower_the_score_of_their_like() -> None:
    texts = REFUND + PARCEL
    names = ["refund"] * 4 + ["parcel"] * 4
    stranger = "is the money market open today"
    before = IntentModel(texts, vectors(texts), names).scores([stranger], vectors([stranger]))
    more = [*texts, "is the money market shut", "money market rates today"]
    after = IntentModel(more, vectors(more), [*names, None, None]).scores([stranger], vectors([stranger]))
    assert after.max() < before.max()


def test_leaving_an_example_out_costs_what_learning_without_it_costs() -> None:
    texts = REFUND + PARCEL + LOGIN
    names = ["refund"] * 4 + ["parcel"] * 4 + ["login"] * 4
    accuracy = IntentModel(texts, vectors(texts), names).left_out_accuracy
    right = 0
    for place in range(len(texts)):
        others = [text for other, text in enumerate(texts) if other != place]
        kept = [name for other, name in enumerate(names) if other != place]
        model = IntentModel(others, vectors(others), kept)
        scores = model.scores([texts[place]], vectors([texts[place]]))
        right += model.names[int(scores.argmax())] == names[place]
    assert accuracy == pytest.approx(right / len(texts), abs=0.1)


def test_one_name_is_not_enough() -> None:
    with pytest.raises(ValueError, match="told from another"):
        IntentModel(REFUND, vectors(REFUND), ["refund"] * 4)


def test_an_empty_message_is_none_of_these(model: IntentModel) -> None:
    assert model.read("", meaning("")).name is None


def test_examples_that_do_not_span_the_kernel_still_teach(
    model: IntentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.triage.intent._ALL_SPAN", 3)
    monkeypatch.setattr("copilot.triage.intent._LANDMARKS", 12)
    monkeypatch.setattr("copilot.triage.intent._RIDGES", (1.0,))
    texts = REFUND + PARCEL + LOGIN
    names = ["refund"] * 4 + ["parcel"] * 4 + ["login"] * 4
    doubled = IntentModel(texts * 2, vectors(texts * 2), names * 2)
    asked = [*texts, "give me my money back", "my parcel is late again"]
    for text in asked:
        intents = [one.read(text, meaning(text)) for one in (model, doubled)]
        assert intents[0].closest[0][0] == intents[1].closest[0][0]
    assert doubled.left_out_accuracy >= model.left_out_accuracy
