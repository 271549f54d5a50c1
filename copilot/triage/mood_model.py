"""A learned reader of mood: negative, neutral or positive, each with its chance.

A multinomial logistic regression over three views of a message: its sentence vector, what VADER's lexicon makes of it,
and its runs of words and letters. The weights that came with the program (resources/models/sentiment, its ORIGIN.txt
says of what) were learned from people talking to each other, not to support: customers state grievances in neutral
words, which they do not know. `read_mood` therefore keeps its rules; this is for where a person's own words count.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from copilot.config.paths import resources_folder
from copilot.errors import ModelError
from copilot.triage.mood_signs import COLUMNS, signs, valences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MOODS = ("negative", "neutral", "positive")
"""The columns of `MoodModel.chances`."""
SHIPPED = "sentiment"
WEIGHTS = "weights.npz"
VECTOR_SHARE, VALENCE_SHARE, SIGN_SHARE = 4.0, 0.6, 12.0
"""How much each view counts: under one penalty, a larger view is held back less."""


@dataclass(frozen=True, slots=True)
class Views:
    """Messages as the model sees them. The runs of words and letters of all follow each other, `row` says whose."""

    dense: Floats
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: Floats

    def times(self, weights: NDArray[np.float32] | NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum of the messages' views, weighed: a row a message."""
        width = self.dense.shape[1]
        scores: NDArray[np.float64] = (self.dense @ weights[:width]).astype(np.float64)
        runs = weights[width:]
        for mood in range(scores.shape[1]):
            scores[:, mood] += np.bincount(self.row, self.value * runs[self.column, mood], len(scores))
        return scores


@dataclass(frozen=True, slots=True)
class Measures:
    """What the views are scaled by, learned with the weights."""

    mean: Floats
    spread: Floats
    rarity: Floats

    def views(self, texts: Sequence[str], vectors: Floats) -> Views:
        """Messages and their unit vectors as the model sees them."""
        felt = np.stack([valences(text) for text in texts])
        scaled = VALENCE_SHARE * (felt - self.mean) / self.spread
        one = np.ones((len(texts), 1), dtype=np.float32)
        found = [signs(text) for text in texts]
        column = np.concatenate([columns for columns, _ in found])
        row = np.repeat(np.arange(len(texts)), [len(columns) for columns, _ in found])
        value = np.concatenate([counts for _, counts in found]) * self.rarity[column]
        length = np.sqrt(np.bincount(row, value**2, len(texts))).astype(np.float32)
        value = SIGN_SHARE * value / np.maximum(length, 1e-6)[row]
        dense = np.concatenate([VECTOR_SHARE * vectors, scaled, one], axis=1).astype(np.float32)
        return Views(dense, row, column, value.astype(np.float32))


class MoodModel:
    """Reads the mood of messages: half a millisecond for a short one, two for the longest, beyond their vectors."""

    def __init__(self, embedder: str, measures: Measures, weights: Floats) -> None:
        """`weights` hold a row a feature and a column a mood; `embedder` is the id of what made the vectors."""
        self.embedder = embedder
        self._measures = measures
        self._weights = weights

    def chances(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """A row a text, a column a mood (see `MOODS`). `vectors` are those of the model's own embedder.

        Raises `ValueError` where the vectors have another length.
        """
        width = len(self._weights) - COLUMNS - len(self._measures.mean) - 1
        if vectors.shape[1:] != (width,):
            raise ValueError(f"the mood model reads vectors of length {width}, not {vectors.shape[1:]}")
        if not texts:
            return np.zeros((0, len(MOODS)), dtype=np.float32)
        return softmax(self._measures.views(texts, vectors).times(self._weights)).astype(np.float32)

    def to_bytes(self) -> bytes:
        """The model as the bytes of a file; the same for the same model."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            embedder=np.frombuffer(json.dumps(self.embedder).encode(), dtype=np.uint8),
            mean=self._measures.mean,
            spread=self._measures.spread,
            rarity=self._measures.rarity.astype(np.float16),
            weights=self._weights.astype(np.float16),
        )
        return file.getvalue()


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as chances, row by row."""
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: NDArray[np.float64] = grown / grown.sum(axis=1, keepdims=True)
    return chances


def shipped_mood_model() -> MoodModel:
    """The model that came with the program. Raises `ModelError`."""
    return load_mood_model(resources_folder() / "models" / SHIPPED)


def load_mood_model(folder: Path) -> MoodModel:
    """A model's folder: `weights.npz` with `SHA256SUMS` beside it.

    Raises `ModelError`: a file is missing, or the weights are not those the sums were made of. Nothing in the file is
    run: it holds plain arrays.
    """
    try:
        data = (folder / WEIGHTS).read_bytes()
        sums = (folder / "SHA256SUMS").read_text(encoding="utf-8")
    except OSError as error:
        raise ModelError(f"The mood model in {folder} is missing.", "Install Sidedesk anew.") from error
    if f"{hashlib.sha256(data).hexdigest()}  {WEIGHTS}" not in sums.splitlines():
        raise ModelError(
            f"The mood model in {folder} is not the one that was put there.", "Install Sidedesk anew."
        )
    try:
        return _read(data)
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"The mood model in {folder} cannot be read.", "Install Sidedesk anew.") from error


def _read(data: bytes) -> MoodModel:
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        measures = Measures(
            mean=stored["mean"].astype(np.float32),
            spread=stored["spread"].astype(np.float32),
            rarity=stored["rarity"].astype(np.float32),
        )
        embedder = str(json.loads(stored["embedder"].tobytes()))
        weights = stored["weights"].astype(np.float32)
    if len(measures.rarity) != COLUMNS or weights.ndim != 2 or weights.shape[1] != len(MOODS):
        raise ValueError("arrays of another shape")
    return MoodModel(embedder, measures, weights)
