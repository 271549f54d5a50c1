"""The learned mood: what it learns, what it keeps in its file, and what it refuses."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from copilot.errors import ModelError
from copilot.models.embedding import shipped_model
from copilot.triage.mood_learning import learned_mood_model
from copilot.triage.mood_model import MOODS, WEIGHTS, MoodModel, load_mood_model, shipped_mood_model
from copilot.triage.mood_signs import signs

_WIDTH = 4
_SUBJECTS = ("the app", "my order", "your reply", "this page", "the update", "our account")
_SAYINGS = {
    "negative": ("{} is awful and slow", "i hate {}", "{} drives me mad"),
    "neutral": ("{} opens on monday", "where is {}", "{} has two parts"),
    "positive": ("{} is lovely", "i love {}", "many thanks for {}"),
}


def _examples() -> tuple[list[str], list[str]]:
    pairs = [
        (saying.format(subject), mood)
        for mood, sayings in _SAYINGS.items()
        for saying in sayings
        for subject in _SUBJECTS
    ]
    return [text for text, _ in pairs], [mood for _, mood in pairs]


def _blank(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.zeros((count, _WIDTH), dtype=np.float32)


@pytest.fixture(scope="module")
def model() -> MoodModel:
    texts, moods = _examples()
    return learned_mood_model(texts, _blank(len(texts)), moods, embedder="made-up:1")


def _kept(folder: Path, data: bytes, written: bytes | None = None) -> Path:
    (folder / WEIGHTS).write_bytes(data if written is None else written)
    (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(data).hexdigest()}  {WEIGHTS}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("the invoice is awful", "negative"),
        ("i hate the invoice", "negative"),
        ("the invoice opens on monday", "neutral"),
        ("many thanks for the invoice", "positive"),
    ],
)
def test_reads_new_texts_like_those_it_learned_from(model: MoodModel, text: str, mood: str) -> None:
    chances = model.chances([text], _blank(1))[0]
    assert MOODS[int(chances.argmax())] == mood
    assert chances.sum() == pytest.approx(1, abs=1e-5)


def test_a_text_reads_the_same_alone_and_among_others(model: MoodModel) -> None:
    texts = ["i love it", "", "it is awful\nand slow!", "\ud800 :) 😀"]
    together = model.chances(texts, _blank(len(texts)))
    alone = np.concatenate([model.chances([text], _blank(1)) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert np.isfinite(together).all()


def test_no_texts_no_chances(model: MoodModel) -> None:
    assert model.chances([], _blank(0)).shape == (0, len(MOODS))


def test_vectors_of_another_length_are_refused(model: MoodModel) -> None:
    with pytest.raises(ValueError, match="length 4"):
        model.chances(["hello"], np.zeros((1, _WIDTH + 1), dtype=np.float32))


def test_a_stored_model_reads_as_before(model: MoodModel, tmp_path: Path) -> None:
    data = model.to_bytes()
    assert model.to_bytes() == data
    again = load_mood_model(_kept(tmp_path, data))
    texts, _ = _examples()
    np.testing.assert_allclose(
        again.chances(texts, _blank(len(texts))), model.chances(texts, _blank(len(texts))), atol=0.01
    )
    assert again.embedder == "made-up:1"


def test_altered_weights_are_refused(model: MoodModel, tmp_path: Path) -> None:
    data = model.to_bytes()
    with pytest.raises(ModelError, match="not the one"):
        load_mood_model(_kept(tmp_path, data, data[:-1] + bytes([data[-1] ^ 1])))


def test_missing_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        load_mood_model(tmp_path)


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_mood_model(_kept(tmp_path, b"no arrays"))


def test_a_mood_without_an_example_cannot_be_learned() -> None:
    with pytest.raises(ValueError, match="example"):
        learned_mood_model(["good", "bad"], _blank(2), ["positive", "negative"], embedder="made-up:1")


def test_very_long_texts_are_cut() -> None:
    assert len(signs("why " * 100_000)[0]) < 100


def test_the_shipped_weights_are_whole_and_belong_to_the_shipped_embedder() -> None:
    shipped, embedder = shipped_mood_model(), shipped_model()
    assert shipped.embedder == embedder.id
    texts = [
        "Thank you so much, this is great!",
        "This is disgusting, I hate it.",
        "It opens in a new window.",
    ]
    found = shipped.chances(texts, embedder.encode(texts)).argmax(axis=1)
    assert [MOODS[int(mood)] for mood in found] == ["positive", "negative", "neutral"]
