from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.config.paths import resources_folder
from copilot.errors import ModelError
from copilot.models.embedding import SHIPPED, EmbeddingModel, shipped_model

FOLDER = resources_folder() / "models" / SHIPPED
SHARED = shipped_model()  # reads nothing before its first use


@pytest.fixture
def model() -> EmbeddingModel:
    return SHARED


def copy_of_the_model(folder: Path) -> Path:
    target = folder / "own"
    shutil.copytree(FOLDER, target)
    return target


def test_a_vector_has_unit_length_and_the_model_says_how_long_it_is(model: EmbeddingModel) -> None:
    vectors = model.encode(["Where is my parcel?", "", "word " * 2000])
    assert vectors.shape == (3, model.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_what_means_the_same_is_nearer_than_what_shares_words(model: EmbeddingModel) -> None:
    question, same, other = model.encode(
        ["I can't sign in to my account", "login does not work", "I want to open an account for my daughter"]
    )
    assert question @ same > question @ other


def test_no_texts_give_no_rows(model: EmbeddingModel) -> None:
    assert model.encode([]).shape == (0, model.dimension)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_a_text_has_the_same_vector_alone_and_among_others(texts: list[str]) -> None:
    together = SHARED.encode(texts)
    alone = np.stack([SHARED.encode([text])[0] for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.9999


def test_a_missing_model_is_the_users_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        EmbeddingModel(tmp_path / "nothing").encode(["hello"])
    assert "missing" in caught.value.message
    assert caught.value.advice


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    folder = copy_of_the_model(tmp_path)
    weights = folder / "model.onnx"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelError, match="not the one that was put there"):
        EmbeddingModel(folder).encode(["hello"])


def test_an_own_folder_without_sums_works_and_has_its_own_id(tmp_path: Path, model: EmbeddingModel) -> None:
    folder = copy_of_the_model(tmp_path)
    (folder / "SHA256SUMS").unlink()
    own = EmbeddingModel(folder)
    assert own.id.startswith("own:")
    assert own.id != model.id
    assert own.encode(["hello"]) @ model.encode(["hello"]).T == pytest.approx(1.0, abs=1e-4)


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    folder = copy_of_the_model(tmp_path)
    (folder / "SHA256SUMS").unlink()
    (folder / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match="cannot be read"):
        EmbeddingModel(folder).encode(["hello"])
