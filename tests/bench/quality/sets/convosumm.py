"""Summaries of mail threads (W3C lists, one written by a person each), by ROUGE F1 with stemming.

dev.jsonl: threads with their messages and a `summary`. Who wrote first is taken as the requester, everybody else as the
team. Ours is read as the window shows it: each line with who said it. It is compared at its own length: the other ways
are cut after as many words as ours has for the same thread, LEAD-3 also as it is. The weights of a sentence's signs are
learned from the threads that are not reported on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from statistics import mean

import numpy as np
from rouge_score.rouge_scorer import RougeScorer
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from copilot.assist.said import Said, sentences_of
from copilot.assist.salience import BIAS, Signs, signs_of
from copilot.assist.summary import summarise
from copilot.domain import Message, Person, RemoteId, Role, SummaryLine
from copilot.store.words import STOP_WORDS
from copilot.text.clean import clean_message
from copilot.text.sentences import SentenceKind, split_sentences
from copilot.text.terms import words_of
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record

_FOLDS = 5
_HOLD = 20.0
"""The ridge, in sentences, of signs that were standardised."""
_GOALS = {"rouge1": 5.0, "rouge2": 1.5, "rougeL": 3.0}
"""How far above LEAD-3."""
_SCORER = RougeScorer(list(_GOALS), use_stemmer=True)
_GRAPH_SENTENCES = 6

Summariser = Callable[["Read"], str]


@dataclass(frozen=True, slots=True)
class Read:
    """A thread as the product reads it; `plain` are its sentences for ways that know of no messages."""

    subject: str
    messages: tuple[Message, ...]
    said: tuple[Said, ...]
    plain: tuple[str, ...]
    reference: str


def measure(bench: Bench) -> list[Figure]:
    """ROUGE of ours beside LEAD, TextRank and LexRank."""
    parts = bench.parts()
    reads = {record["id"]: _read(record) for record in parts.dev + (parts.heldout or [])}
    bench.say(f"{len(reads)} threads read")
    ours: list[tuple[Read, tuple[SummaryLine, ...]]] = []
    for learn, report in parts.folds(_FOLDS):
        weights = learned([reads[record["id"]] for record in learn])
        for record in report:
            read = reads[record["id"]]
            ours.append((read, summarise(read.subject, read.messages, weights=weights)))
    bench.say("ours made")
    return _figures(ours, parts.how)


def learned(reads: Sequence[Read]) -> Signs:
    """Weights by ridge regression of what each sentence shares with the summary on its signs."""
    rows = [signs for read in reads for signs in signs_of(read.subject, read.said)]
    worth = np.array([_shared(read.reference, one.text) for read in reads for one in read.said])
    names = [name for name in rows[0] if name != BIAS]
    table = np.array([[row[name] for name in names] for row in rows])
    middle, spread = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-9)
    scaled = (table - middle) / spread
    slopes = np.linalg.solve(
        scaled.T @ scaled + _HOLD * np.eye(len(names)), scaled.T @ (worth - worth.mean())
    )
    slopes = slopes / spread
    return {BIAS: float(worth.mean() - middle @ slopes), **dict(zip(names, map(float, slopes), strict=True))}


def _shared(reference: str, sentence: str) -> float:
    """The shares of a sentence's words and, counting double, of its pairs of words that the summary holds."""
    score = _SCORER.score(reference, sentence)
    return float(score["rouge1"].precision + 2 * score["rouge2"].precision)


def _figures(ours: Sequence[tuple[Read, tuple[SummaryLine, ...]]], how: str) -> list[Figure]:
    named = [(read, _with_names(lines)) for read, lines in ours]
    bare = [(read, " ".join(line.text for line in lines)) for read, lines in ours]
    length = mean(len(text.split()) for _, text in bare)
    others = {
        f"{name} at our length": [(read, _cut(way(read), text)) for read, text in bare]
        for name, way in _WAYS.items()
    }
    others = {
        "LEAD-3": [(read, " ".join(read.plain[:3])) for read, _ in ours],
        **others,
        "ours, no names": bare,
    }
    figures = []
    for metric, above in _GOALS.items():
        baselines = {name: _rouge(metric, texts) for name, texts in others.items()}
        goal = baselines["LEAD at our length"] + above
        note = f"{how}; goal: {above} above LEAD at our length ({length:.0f} words)"
        figures.append(
            Figure(
                metric.upper().replace("ROUGE", "ROUGE-"), _rouge(metric, named), goal, baselines, note=note
            )
        )
    return figures


def _rouge(metric: str, texts: Sequence[tuple[Read, str]]) -> float:
    return 100 * mean(float(_SCORER.score(read.reference, text)[metric].fmeasure) for read, text in texts)


def _with_names(lines: Sequence[SummaryLine]) -> str:
    """The lines in their order, each run of one person's under the name."""
    return " ".join(
        " ".join([f"{name}:", *(line.text for line in run)])
        for name, run in groupby(lines, key=lambda line: line.name)
    )


def _cut(text: str, like: str) -> str:
    return " ".join(text.split()[: len(like.split())])


def _read(record: Record) -> Read:
    first = record["messages"][0]["sender"]
    messages = tuple(
        clean_message(
            Message(
                remote_id=RemoteId(f"m{number}"),
                author=Person(
                    remote_id=RemoteId(raw["sender"] or "?"),
                    name=raw["sender"],
                    role=Role.REQUESTER if raw["sender"] == first else Role.REP,
                ),
                created=datetime(2002, 1, 1, tzinfo=UTC) + timedelta(hours=number),
                text=raw["text"],
            )
        )
        for number, raw in enumerate(record["messages"])
    )
    plain = [
        " ".join(sentence.text.split())
        for message in messages
        for sentence in split_sentences(message.clean)
        if sentence.kind not in {SentenceKind.QUOTE, SentenceKind.CODE}
    ]
    return Read(
        subject=record["messages"][0]["subject"],
        messages=messages,
        said=tuple(said for message in messages for said in sentences_of(message)),
        plain=tuple(plain),
        reference=record["summary"],
    )


class _Words:
    """Cuts sentences into words for sumy, whose own tokenizer wants a download."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(word.lower() for word in words_of(sentence))


def _by_graph(method: type[LexRankSummarizer | TextRankSummarizer]) -> Summariser:
    def summary(read: Read) -> str:
        words = _Words()
        document = ObjectDocumentModel(
            [Paragraph([Sentence(text, words)]) for text in read.plain if words.to_words(text)]
        )
        summariser = method(Stemmer("english"))
        summariser.stop_words = frozenset(STOP_WORDS)
        return " ".join(str(sentence) for sentence in summariser(document, _GRAPH_SENTENCES))

    return summary


_WAYS: Mapping[str, Summariser] = {
    "LEAD": lambda read: " ".join(read.plain),
    "TextRank": _by_graph(TextRankSummarizer),
    "LexRank": _by_graph(LexRankSummarizer),
}

SET = QualitySet(name="convosumm-email", folder="convosumm-email", measure=measure)
