"""An embedder without a model: a text's words, hashed into a vector."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copilot.errors import ModelError
from copilot.text.terms import stems_of


class WordEmbedder:
    """Texts that share words are near each other; `texts` is everything it was ever asked for."""

    def __init__(self, name: str = "words:1", dimension: int = 64) -> None:
        self.id = name
        self.dimension = dimension
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row a text."""
        self.texts += texts
        return np.stack([_row(text, self.dimension) for text in texts])


class MissingModel:
    """An embedder whose files are not there."""

    dimension = 64

    @property
    def id(self) -> str:
        """Raises `ModelError`."""
        raise ModelError("The language model's file model.onnx is missing.", "Install Sidedesk anew.")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raises `ModelError`."""
        raise ModelError("The language model's file model.onnx is missing.", "Install Sidedesk anew.")


def _row(text: str, dimension: int) -> NDArray[np.float32]:
    row = np.full(dimension, 1e-3, dtype=np.float32)
    for term in stems_of(text):
        digest = hashlib.blake2b(term.encode(), digest_size=4).digest()
        row[int.from_bytes(digest) % dimension] += 1.0
    unit: NDArray[np.float32] = row / np.linalg.norm(row)
    return unit
