"""The embedded engine's vectors: sentences to points, near where they mean the same.

The shipped model is all-MiniLM-L6-v2 (English) in 8-bit integers; a team may put a folder of its own in its place:
`model.onnx` and `tokenizer.json` of any BERT-like model, and optionally `SHA256SUMS`, which is then checked.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from copilot.config.paths import resources_folder
from copilot.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHIPPED = "all-MiniLM-L6-v2-int8"
_TOKENS = 256
"""Longer texts are cut here: what the shipped model was trained with (its sentence_bert_config.json)."""
_BATCH_TOKENS = 1024
"""Bounds memory: a batch holds at most this many tokens, padding included; more is no faster on one thread."""
_LIKE = 0.8
"""A shorter text than this share of the longest goes into the next batch: padding costs as much as text.

The question of a support thread with its parts takes 73 ms of one core so, and 134 ms padded to 1,024 tokens."""


class Embedder(Protocol):
    """Turns texts into vectors of unit length, so that a dot product is their cosine.

    Vectors of different `id`s cannot be compared. `encode` blocks for milliseconds a text: call it off the event loop.
    """

    @property
    def id(self) -> str:
        """The model and its exact version."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: Any
    tokenizer: Any
    inputs: frozenset[str]


class EmbeddingModel:
    """A model folder run by onnxruntime on one thread; safe to use from several threads.

    Nothing is read before the first use. Every use may raise `ModelError`: the folder is missing, altered or no such
    model.
    """

    def __init__(self, folder: Path, *, max_tokens: int = _TOKENS) -> None:
        self._folder = folder
        self._max_tokens = max_tokens
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    @cached_property
    def id(self) -> str:
        """The folder's name with the beginning of its weights' hash."""
        return f"{self._folder.name}:{self._hashes['model.onnx'][:12]}"

    @cached_property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self.encode([""]).shape[1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given."""
        import numpy as np

        loaded = self._load()
        encodings = [loaded.tokenizer.encode(text) for text in texts]
        rows: list[NDArray[np.float32] | None] = [None] * len(texts)
        for places in _batches([len(encoding.ids) for encoding in encodings]):
            vectors = _run(loaded, [encodings[place].ids for place in places])
            for place, vector in zip(places, vectors, strict=True):
                rows[place] = vector
        if not rows:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([row for row in rows if row is not None])

    @cached_property
    def _hashes(self) -> dict[str, str]:
        """The hashes of the model's files, compared with SHA256SUMS where the folder has it."""
        hashes = {name: _sha256(self._folder / name) for name in ("model.onnx", "tokenizer.json")}
        sums = self._folder / "SHA256SUMS"
        if sums.exists():
            for line in sums.read_text(encoding="utf-8").splitlines():
                expected, _, name = line.partition("  ")
                if hashes.get(name, expected) != expected:
                    raise ModelError(
                        f"The language model's file {name} in {self._folder} is not the one that was put there.",
                        "Install Sidedesk anew, or name another model folder in the settings.",
                    )
        return hashes

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._open()
            return self._loaded

    def _open(self) -> _Loaded:
        _ = self._hashes
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # else the largest batch ever seen stays in memory
        try:
            session = onnxruntime.InferenceSession(
                str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise bare Exceptions for files they cannot read
            raise ModelError(
                f"The language model in {self._folder} cannot be read ({type(error).__name__}).",
                "The folder needs a BERT-like model.onnx with its tokenizer.json.",
            ) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._max_tokens)
        return _Loaded(session, tokenizer, frozenset(one.name for one in session.get_inputs()))


def shipped_model() -> EmbeddingModel:
    """The model that came with the program."""
    return EmbeddingModel(resources_folder() / "models" / SHIPPED)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"The language model's file {path.name} is missing in {path.parent}.",
            "Install Sidedesk anew, or name another model folder in the settings.",
        ) from error


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of like length, so that little is padded."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and (
            (len(batch) + 1) * lengths[batch[0]] > _BATCH_TOKENS or lengths[place] < _LIKE * lengths[batch[0]]
        ):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _run(loaded: _Loaded, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """One batch through the network; token vectors are averaged where the model leaves that to us."""
    import numpy as np

    longest = max(len(row) for row in ids)
    tokens = np.zeros((len(ids), longest), dtype=np.int64)
    mask = np.zeros_like(tokens)
    for row, values in enumerate(ids):
        tokens[row, : len(values)] = values
        mask[row, : len(values)] = 1
    feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
    wanted = {name: values for name, values in feed.items() if name in loaded.inputs}
    output: NDArray[np.float32] = loaded.session.run(None, wanted)[0].astype(np.float32, copy=False)
    if output.ndim == 3:
        output = (output * mask[:, :, None]).sum(axis=1)
    vectors: NDArray[np.float32] = output / np.maximum(np.linalg.norm(output, axis=1, keepdims=True), 1e-12)
    return vectors
