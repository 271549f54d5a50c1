"""Whether a reply stands on its passages: MTRAG's judged replies, and false details planted in true sentences.

judge_calibration.dev.jsonl: replies of three writers, each rated for faithfulness by people; reported is Spearman's
rank correlation with the mean rating. A reply's score is the mean of its sentences', weighed by their telling words.
dev.jsonl: questions with passages and a reply edited by people. True sentences are every fourth of the passages' own,
and those of the replies seven tenths of whose words stand in the passages; `planting` makes each false in up to four
ways, and the area under the curve says how often a true sentence scores above a planted one. Nothing is learned here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

import numpy as np
from rouge_score.rouge_scorer import RougeScorer

from copilot.assist.details import read_sentence, read_source
from copilot.assist.grounding import support_score
from copilot.text.sentences import SentenceKind, split_sentences
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record
from tests.bench.quality.sets.planting import planted
from tests.bench.quality.sets.ranks import area, spearman

_AUC_GOAL = 0.95
_SECONDS_GOAL = 20.0
_TRUE_SHARE = 0.7
_EVERY = 4
_SOURCES = 20
_SCORER = RougeScorer(["rouge1", "rougeL"], use_stemmer=True)

Scorer = Callable[[str, Sequence[str]], float]


@dataclass(frozen=True, slots=True)
class TrueSentence:
    """A sentence that its sources bear, and texts of another question."""

    text: str
    sources: tuple[str, ...]
    elsewhere: tuple[str, ...]


def measure(bench: Bench) -> list[Figure]:
    """Rank correlation with people, areas under the curve for planted details, and the time a sentence takes."""
    judged, asked = bench.parts("judge_calibration.dev"), bench.parts("dev")
    replies = judged.dev if judged.heldout is None else judged.heldout
    figures = [*_correlations(bench, replies)]
    bench.say("judged replies scored")
    sentences = _true_sentences(asked.dev if asked.heldout is None else asked.heldout)
    return [*figures, *_areas(bench, sentences), _time(sentences)]


def _correlations(bench: Bench, records: Sequence[Record]) -> list[Figure]:
    rows = [
        (
            tuple(one["text"] for one in record["passages"]),
            reply["reply"],
            mean(reply["human"]["faithfulness"]),
        )
        for record in records
        for reply in record["replies"]
    ]
    scorers: Mapping[str, Scorer] = {
        "ours": _reply_score,
        "ROUGE-1 precision": lambda text, sources: _rouge("rouge1", text, sources),
        "ROUGE-L precision": lambda text, sources: _rouge("rougeL", text, sources),
        "token overlap": _overlap,
        "MiniLM, nearest passage": lambda text, sources: _nearest(bench, [text], sources),
        "MiniLM, sentence by sentence": lambda text, sources: _nearest_sentences(bench, text, sources),
    }
    figures = []
    for name, kept in (("", [row for row in rows if row[0]]), (", with replies that have no passage", rows)):
        rated = [row[2] for row in kept]
        found = {
            which: spearman([score(text, sources) for sources, text, _ in kept], rated)
            for which, score in scorers.items()
        }
        ours = found.pop("ours")
        figures.append(
            Figure(
                f"Spearman with people{name}",
                ours,
                max(found.values()),
                found,
                note=f"{len(kept)} replies; goal: the best other",
            )
        )
    return figures


def _reply_score(text: str, sources: Sequence[str]) -> float:
    sentences = [sentence.text for sentence in split_sentences(text)]
    weights = [len(read_sentence(sentence).terms) for sentence in sentences]
    scores = [support_score(sentence, sources) for sentence in sentences]
    return float(np.average(scores, weights=weights)) if sum(weights) else 0.0


def _rouge(metric: str, text: str, sources: Sequence[str]) -> float:
    return float(_SCORER.score("\n".join(sources), text)[metric].precision)


def _overlap(text: str, sources: Sequence[str]) -> float:
    words = text.lower().split()
    held = frozenset("\n".join(sources).lower().split())
    return sum(word in held for word in words) / (len(words) or 1)


def _nearest(bench: Bench, texts: Sequence[str], sources: Sequence[str]) -> float:
    if not sources or not texts:
        return 0.0
    return float((bench.embed(texts) @ bench.embed(sources).T).max(axis=1).mean())


def _nearest_sentences(bench: Bench, text: str, sources: Sequence[str]) -> float:
    told = [sentence.text for source in sources for sentence in split_sentences(source)]
    return _nearest(bench, [sentence.text for sentence in split_sentences(text)], told)


def _true_sentences(records: Sequence[Record]) -> list[TrueSentence]:
    """Sentences that stand in the passages, and sentences of people's replies that nearly do."""
    asked = [record for record in records if record["passages"]]
    found: list[TrueSentence] = []
    for number, record in enumerate(asked):
        sources = tuple(one["text"] for one in record["passages"])
        other = tuple(one["text"] for one in asked[(number + len(asked) // 3) % len(asked)]["passages"])
        own = [
            sentence.text
            for source in sources[:2]
            for sentence in [one for one in split_sentences(source) if _is_plain(one.kind, one.text)][
                ::_EVERY
            ]
        ]
        if record["answerability"] == "ANSWERABLE":
            reply = [one.text for one in split_sentences(record["reference_reply"])]
            own += [
                text for text in reply if len(text.split()) >= 5 and _overlap(text, sources) >= _TRUE_SHARE
            ]
        found += [TrueSentence(text, sources, other) for text in own]
    return found


def _is_plain(kind: SentenceKind, text: str) -> bool:
    return kind in {SentenceKind.TEXT, SentenceKind.ITEM} and 6 <= len(text.split()) <= 50


def _areas(bench: Bench, sentences: Sequence[TrueSentence]) -> list[Figure]:
    plants: dict[str, list[tuple[str, TrueSentence]]] = {}
    for one in sentences:
        for kind, text in planted(one.text, one.sources, one.elsewhere).items():
            plants.setdefault(kind, []).append((text, one))
    scorers: Mapping[str, Scorer] = {
        "ours": support_score,
        "ROUGE-1 precision": lambda text, sources: _rouge("rouge1", text, sources),
        "token overlap": _overlap,
    }
    areas: dict[str, dict[str, float]] = {}
    for name, score in scorers.items():
        true = [score(one.text, one.sources) for one in sentences]
        false = {kind: [score(text, one.sources) for text, one in texts] for kind, texts in plants.items()}
        bench.say(f"{name}: planted details scored")
        everything = [value for values in false.values() for value in values]
        areas[name] = {"any detail": area(true, everything)} | {
            kind: area(true, false[kind]) for kind in sorted(false)
        }
    counts = {kind: len(texts) for kind, texts in plants.items()}
    return [
        Figure(
            f"AUC, {kind} planted",
            value,
            _AUC_GOAL,
            {name: areas[name][kind] for name in scorers if name != "ours"},
            note=f"{len(sentences)} true, {counts.get(kind, sum(counts.values()))} planted",
        )
        for kind, value in areas["ours"].items()
    ]


def _time(sentences: Sequence[TrueSentence]) -> Figure:
    """Milliseconds for a sentence against twenty sources that were not read before, median of fifty."""
    every = list(dict.fromkeys(source for one in sentences for source in one.sources))
    took: list[float] = []
    for number, one in enumerate(sentences[:: max(1, len(sentences) // 50)]):
        sources = [every[(number * 7 + step) % len(every)] for step in range(_SOURCES)]
        read_source.cache_clear()
        read_sentence.cache_clear()
        began = time.perf_counter()
        support_score(one.text, sources)
        took.append(1000 * (time.perf_counter() - began))
    return Figure(
        "ms a sentence, twenty new sources",
        median(took),
        _SECONDS_GOAL,
        lower_is_better=True,
        note=f"most {max(took):.0f}",
    )


SET = QualitySet(name="mtrag-un-grounding", folder="mtrag-un-grounding", measure=measure)
