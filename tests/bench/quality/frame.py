"""What a set of the quality bench is, what it is given and what it answers."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tests.bench.quality.parts import Parts, heldout_beside, read_lines

if TYPE_CHECKING:
    from copilot.models.embedding import EmbeddingModel


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its baselines. `goal` is None where a figure is only reported."""

    metric: str
    ours: float
    goal: float | None = None
    baselines: Mapping[str, float] = field(default_factory=dict)
    lower_is_better: bool = False
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.goal is None:
            return None
        return self.ours <= self.goal if self.lower_is_better else self.ours >= self.goal


class Bench:
    """One data folder, and what every set may need to measure on it."""

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        self.folder = folder
        self._embeddings = embeddings
        self._began = time.monotonic()

    def parts(self, stem: str = "dev") -> Parts:
        """The records of `stem`.jsonl and of the held-out file that belongs to it. Raises `FileNotFoundError`."""
        development = self.folder / f"{stem}.jsonl"
        heldout = heldout_beside(development)
        return Parts(read_lines(development), None if heldout is None else read_lines(heldout))

    @property
    def embedder(self) -> Embeddings:
        """The shipped model behind a memory, for code that wants to embed by its own."""
        return self._embeddings

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text; each different text is embedded once a run."""
        return self._embeddings.encode(texts)

    def say(self, line: str) -> None:
        """Tell on standard error how far the set has come."""
        print(f"    {time.monotonic() - self._began:6.1f} s  {line}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class QualitySet:
    """A data set and how it is measured. `folder` is its name under the data directory."""

    name: str
    folder: str
    measure: Callable[[Bench], Sequence[Figure]]


class Embeddings:
    """Vectors of the shipped model, remembered for the run and, with a `folder`, from run to run."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: dict[str, NDArray[np.float32]] | None = None

    @cached_property
    def model(self) -> EmbeddingModel:
        """The shipped model."""
        from copilot.models.embedding import shipped_model

        return shipped_model()

    @property
    def id(self) -> str:
        """The model and its exact version."""
        return self.model.id

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self.model.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text."""
        known = self._load()
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        if missing:
            known.update(zip(missing, self.model.encode(missing), strict=True))
            self._save(missing, known)
        if not texts:
            return np.zeros((0, self.model.dimension), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def _load(self) -> dict[str, NDArray[np.float32]]:
        if self._known is None:
            self._known = {}
            for path in sorted(self._folder.glob(f"{self._stamp()}-*.npz")) if self._folder else ():
                with np.load(path) as stored:
                    self._known.update(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
        return self._known

    def _save(self, fresh: Sequence[str], known: Mapping[str, NDArray[np.float32]]) -> None:
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256("\0".join(fresh).encode()).hexdigest()[:16]
        vectors = np.stack([known[text] for text in fresh])
        np.savez(self._folder / f"{self._stamp()}-{name}.npz", texts=np.array(fresh), vectors=vectors)

    def _stamp(self) -> str:
        return hashlib.sha256(self.model.id.encode()).hexdigest()[:12]
