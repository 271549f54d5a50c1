"""How soon somebody must act: our rules beside labels on two hundred real threads.

Labels and how they were made: `tests/data/urgency`. The threads are those of `sumo-thunderbird`, cut where the reader
of the labels stopped. Only the development part is labelled, so nothing here is ever held out; the rules are not
fitted by a learner, but they were written by who had read the threads, which the figures do not show. What is fitted
(the combination with sentence vectors, a baseline) is cross-validated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.domain import (
    Channel,
    Conversation,
    DeskId,
    Message,
    Person,
    RemoteId,
    Role,
    Status,
    ThreadVersion,
    Ticket,
    TicketId,
)
from copilot.triage.urgency import judge_urgency
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record, read_lines

LABELS = Path(__file__).parents[3] / "data" / "urgency" / "labels.jsonl"
FRESH = LABELS.with_name("fresh.jsonl")
"""Threads that were labelled, in one pass, after the rules had been written."""
LEVELS = 4
_FOLDS = 10
_RIDGE = 3.0
_KEYWORDS = (
    "urgent",
    "asap",
    "immediately",
    "emergency",
    "critical",
    "important",
    "help",
    "lost",
    "cannot",
    "can't",
    "not working",
)
"""What a mail filter for urgency would look for: two of them are "today", one is "soon"."""

Levels = NDArray[np.int64]


def measure(bench: Bench) -> list[Figure]:
    """Ours beside the most frequent level, a list of keywords and a regression on sentence vectors."""
    threads = _threads(bench)
    talks, labels = _labelled(threads, LABELS)
    right = np.array([label["level"] for label in labels], dtype=np.int64)
    ours = _judged(talks)
    baselines = {
        "most frequent": np.full_like(right, Counter(right.tolist()).most_common(1)[0][0]),
        "keywords": np.array([_by_keywords(talk) for talk in talks], dtype=np.int64),
        "MiniLM ridge, cross-validated": _by_vectors(bench.embed([_words(talk) for talk in talks]), right),
    }
    first, second = (np.array([label[name] for label in labels]) for name in ("first", "second"))
    note = f"{len(right)} threads; the reader agrees with itself at weighted kappa {kappa(first, second):.2f}"
    figures = [
        Figure(
            name,
            figure(ours, right),
            baselines={n: figure(b, right) for n, b in baselines.items()},
            note=note,
        )
        for name, figure in _SCORES.items()
    ]
    return [*figures, *_on_fresh(threads)]


def _on_fresh(threads: Mapping[str, Record]) -> list[Figure]:
    talks, labels = _labelled(threads, FRESH)
    right = np.array([label["level"] for label in labels], dtype=np.int64)
    common = np.full_like(right, Counter(right.tolist()).most_common(1)[0][0])
    keywords = np.array([_by_keywords(talk) for talk in talks], dtype=np.int64)
    note = f"{len(right)} threads labelled after the rules were written; one phrase added since"
    return [
        Figure(
            f"fresh {name}",
            figure(_judged(talks), right),
            baselines={"most frequent": figure(common, right), "keywords": figure(keywords, right)},
            note=note,
        )
        for name, figure in _SCORES.items()
    ]


def _judged(talks: Sequence[Conversation]) -> Levels:
    return np.array([judge_urgency(talk, _moment(talk)).level for talk in talks], dtype=np.int64)


def accuracy(found: Levels, right: Levels) -> float:
    """In per cent."""
    return 100 * float((found == right).mean())


def macro_f1(found: Levels, right: Levels) -> float:
    """The mean F1 of the levels that occur among the labels, in per cent."""
    each = []
    for level in sorted(set(right.tolist())):
        both = int(((found == level) & (right == level)).sum())
        each.append(2 * both / max(int((found == level).sum() + (right == level).sum()), 1))
    return 100 * float(np.mean(each))


def kappa(found: Levels, right: Levels) -> float:
    """Cohen's kappa with quadratic weights (Cohen 1968)."""
    seen = np.zeros((LEVELS, LEVELS))
    np.add.at(seen, (found, right), 1)
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    step = np.arange(LEVELS)
    distance = (step[:, None] - step[None]) ** 2
    return 1 - float((distance * seen).sum() / (distance * by_chance).sum())


_SCORES: Mapping[str, Callable[[Levels, Levels], float]] = {
    "macro-F1": macro_f1,
    "accuracy": accuracy,
    "weighted kappa": kappa,
}


def _threads(bench: Bench) -> dict[str, Record]:
    return {
        record["id"]: record
        for stem in ("threads_solved.dev", "threads_open.dev")
        for record in read_lines(bench.folder / f"{stem}.jsonl")
    }


def _labelled(threads: Mapping[str, Record], path: Path) -> tuple[list[Conversation], list[Record]]:
    labels = [label for label in read_lines(path) if label["id"] in threads]
    return [_talk(threads[label["id"]], label["messages"]) for label in labels], labels


def _talk(record: Record, shown: int) -> Conversation:
    """The thread as the reader saw it: an open ticket, its last word the requester's."""
    messages = tuple(
        _message(place, message) for place, message in enumerate(record["messages"][:shown], start=1)
    )
    ticket = Ticket(
        id=TicketId(1),
        desk=DeskId("sumo"),
        remote_id=RemoteId(record["id"]),
        subject=record["subject"],
        status=Status.OPEN,
        channel=Channel.FORUM,
        created=messages[0].created,
        updated=messages[-1].created,
        requester=messages[0].author,
        version="1",
        thread_version=ThreadVersion("1"),
    )
    return Conversation(ticket=ticket, messages=messages)


def _message(place: int, message: Record) -> Message:
    role = Role.REQUESTER if message["role"] == "customer" else Role.REP
    return Message(
        remote_id=RemoteId(str(place)),
        author=Person(remote_id=RemoteId(message["author"]), name=message["author"], role=role),
        created=datetime.fromisoformat(message["created"]),
        text=message["text"],
        clean=message["text"],
    )


def _moment(talk: Conversation) -> datetime:
    """The rep opens it an hour after the last word: how long it has waited is no part of the labels."""
    return talk.messages[-1].created + timedelta(hours=1)


def _words(talk: Conversation) -> str:
    spoken = [message.clean for message in talk.messages if message.author.role is Role.REQUESTER]
    return " ".join([talk.ticket.subject, spoken[0], *spoken[-1:]])


def _by_keywords(talk: Conversation) -> int:
    text = _words(talk).lower()
    return min(2, sum(word in text for word in _KEYWORDS))


def _by_vectors(vectors: NDArray[np.float32], right: Levels) -> Levels:
    """Ridge regression of the level, each tenth of the threads told from the others."""
    found = np.zeros_like(right)
    columns = np.hstack([vectors, np.ones((len(vectors), 1), dtype=np.float32)]).astype(np.float64)
    for fold in range(_FOLDS):
        out = np.arange(len(right)) % _FOLDS == fold
        known = columns[~out]
        weights = np.linalg.solve(
            known.T @ known + _RIDGE * np.eye(known.shape[1]), known.T @ right[~out].astype(np.float64)
        )
        found[out] = np.clip(np.rint(columns[out] @ weights), 0, LEVELS - 1).astype(np.int64)
    return found


SET = QualitySet(name="urgency", folder="sumo-thunderbird", measure=measure)
