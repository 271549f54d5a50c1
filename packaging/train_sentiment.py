# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy>=2.2", "nltk-vader-sentiment>=1.0", "onnxruntime>=1.23", "platformdirs>=4", "tokenizers>=0.22"]
# ///
"""Learns `resources/models/sentiment/` anew (`uv run packaging/train_sentiment.py GOEMOTIONS`).

GOEMOTIONS is a folder with the labelled comments of GoEmotions as the quality bench keeps them (`dev.jsonl`: `text` and
`polarity`, a list). Only comments with exactly one of the three moods are learned from. The same data and the same
embedding model give the same bytes on the same machine; on another, the last bits of a float may differ.

Senti4SD (posts of Stack Overflow, CC BY-SA 3.0) is measured in the quality bench, but not learned from here: whether
weights are an adaptation of texts that ask to be shared alike is not settled, and these weights come with a program
under another licence.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from copilot.models.embedding import shipped_model  # noqa: E402 - the packages beside this script, not installed ones
from copilot.triage.mood_learning import learned_mood_model  # noqa: E402 - as above
from copilot.triage.mood_model import MOODS, WEIGHTS  # noqa: E402 - as above

TARGET = ROOT / "resources/models/sentiment"
ORIGIN = """\
Made by packaging/train_sentiment.py.

{weights}: logistic regression over sentence vectors of {embedder},
VADER's lexicon (nltk-vader-sentiment, MIT) and runs of words and letters. Plain arrays (npz), no pickle.

Learned from {count} comments of GoEmotions ({counts}):
the published development part (dev.tsv, 5,426 comments), of which those with exactly one of the paper's polarities.
The weights hold no text: words are hashed, and only sums over many comments are kept.
Demszky, Movshovitz-Attias, Ko, Cowen, Nemade and Ravi, "GoEmotions: A Dataset of Fine-Grained Emotions", ACL 2020.
sha256 of the data learned from: {data}

Licence of the data: its publisher's repository (github.com/google-research/google-research, README) puts data sets
under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/) and source files under Apache-2.0; the copy used here
(github.com/monologg/GoEmotions-pytorch) says Apache-2.0 for all, see LICENSE. Under either, what was made of the data
may be passed on with this attribution. Changed: turned into weights, as said above.
Not learned from: Senti4SD, whose posts are CC BY-SA 3.0 (share alike). The quality bench only measures on it.

What the weights are not: people on a forum do not write like customers. Grievances in neutral words ("third mail, no
answer") are not known to them; the rules of copilot/triage/sentiment.py are made for those.
SHA256SUMS holds the hash that Sidedesk checks when it loads the model.
"""


def main() -> None:
    """Learn, write the weights, their sums and their origin."""
    parser = argparse.ArgumentParser(description="Learns the shipped mood model anew.")
    parser.add_argument("goemotions", type=Path, help="the folder with dev.jsonl")
    data = (parser.parse_args().goemotions / "dev.jsonl").read_bytes()
    texts, moods = _examples(data)
    embedder = shipped_model()
    model = learned_mood_model(texts, embedder.encode(texts), moods, embedder=embedder.id)
    weights = model.to_bytes()
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / WEIGHTS).write_bytes(weights)
    (TARGET / "SHA256SUMS").write_text(
        f"{hashlib.sha256(weights).hexdigest()}  {WEIGHTS}\n", encoding="utf-8"
    )
    counted = Counter(moods)
    origin = ORIGIN.format(
        weights=WEIGHTS,
        embedder=embedder.id,
        count=len(texts),
        counts=", ".join(f"{counted[mood]} {mood}" for mood in MOODS),
        data=hashlib.sha256(data).hexdigest(),
    )
    (TARGET / "ORIGIN.txt").write_text(origin, encoding="utf-8")


def _examples(data: bytes) -> tuple[list[str], list[str]]:
    records = [json.loads(line) for line in data.decode("utf-8").splitlines() if line.strip()]
    fitting = [
        record for record in records if len(record["polarity"]) == 1 and record["polarity"][0] in MOODS
    ]
    return [record["text"] for record in fitting], [record["polarity"][0] for record in fitting]


if __name__ == "__main__":
    main()
