"""Signs that a mail speaks to an AI: BIPIA's mails, each clean and with planted orders, beside real tickets.

dev.jsonl: `email` with `label` injected or benign. False alarms are counted on the customers' messages of the folder
`sumo-thunderbird` beside this one; without it recall alone would mean nothing, so the set fails. Nothing is learned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from copilot.text.injection import signs_in
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Parts, Record, heldout_beside, read_lines

_KEYWORDS = re.compile(
    r"\b(?:ignore|disregard|instructions?|prompt|system|assistant|ai|your (?:response|answer|reply)|you must)\b",
    re.IGNORECASE,
)
"""The baseline: words that one would look for first."""


def measure(bench: Bench) -> list[Figure]:
    """Recall on planted orders, and how often an honest writer is accused."""
    parts = bench.parts()
    records = _reported(parts)
    attacked = [record["email"] for record in records if record["label"] == "injected"]
    clean = [record["email"] for record in records if record["label"] != "injected"]
    tickets = _tickets(bench)
    note = f"nothing learned, {len(attacked)} attacked, {len(clean)} clean, {len(tickets)} tickets"
    return [
        Figure("recall", _share(_ours, attacked), None, {"keywords": _share(_keyword, attacked)}, note=note),
        Figure(
            "false alarms on tickets",
            _share(_ours, tickets),
            2.0,
            {"keywords": _share(_keyword, tickets)},
            lower_is_better=True,
            note="tickets with a sign in any message of the customer's",
        ),
        Figure(
            "false alarms on clean mails",
            _share(_ours, clean),
            None,
            {"keywords": _share(_keyword, clean)},
            lower_is_better=True,
        ),
    ]


def _reported(parts: Parts) -> list[Record]:
    return parts.dev if parts.heldout is None else parts.heldout


def _tickets(bench: Bench) -> list[str]:
    """What the customer wrote in each ticket, the subject too."""
    texts = []
    for stem in ("threads_solved.dev", "threads_open.dev"):
        development = bench.folder.parent / "sumo-thunderbird" / f"{stem}.jsonl"
        for thread in read_lines(heldout_beside(development) or development):
            written = [message["text"] for message in thread["messages"] if message["role"] == "customer"]
            texts.append("\n\n".join((thread["subject"], *written)))
    return texts


def _share(flags: Callable[[str], bool], texts: Sequence[str]) -> float:
    return 100 * sum(flags(text) for text in texts) / max(1, len(texts))


def _ours(text: str) -> bool:
    return bool(signs_in(text))


def _keyword(text: str) -> bool:
    return _KEYWORDS.search(text) is not None


SET = QualitySet(name="bipia-email-injection", folder="bipia-email-injection", measure=measure)
