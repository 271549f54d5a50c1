"""The embedded draft against the answer that was accepted, on solved threads of Thunderbird's support forum.

threads_solved.dev.jsonl and kb.jsonl. The copilot is given the thread before the accepted answer; the history are the
other solved threads of the development part. Compared are ROUGE-L (F1, stemmed) and the cosine of the two texts'
vectors, for what the draft says beyond courtesy, the beginning of the best article, and the most similar ticket's
answer as it is.
"No bar" asks for a draft whatever the chance of its source, so that all three speak to the same threads.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
from rouge_score.rouge_scorer import RougeScorer

from copilot.assist.brief import question_in, sources_for
from copilot.assist.draft import make_draft, situation_of
from copilot.domain import (
    Conversation,
    Draft,
    RemoteId,
    Role,
    SourceKind,
    Status,
    Support,
    Thread,
    ThreadVersion,
    Ticket,
    TicketId,
)
from copilot.knowledge.hybrid import HybridRetriever
from copilot.store import Store
from tests.bench.brief import SUMO, fill_articles, thread_of
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record
from tests.bench.quality.sets.ranks import calibration_error, coverage_at, precision_at

_NEAR = 0.6
"""The cosine from which a draft counts as giving the accepted answer: a proxy, not a judgement."""
_SURE = 0.85
_LEAD_CHARS = 400
_SCORER = RougeScorer(["rougeL"], use_stemmer=True)


@dataclass(frozen=True, slots=True)
class Tried:
    """What was found and said for one thread. `draft` is empty where there was nothing to answer even without a bar."""

    accepted: str
    draft: str
    lead: str
    similar: str
    confidence: float
    passed: bool


def measure(bench: Bench) -> list[Figure]:
    """Likeness to the accepted answer, and what the draft's confidence is worth."""
    parts = bench.parts("threads_solved.dev")
    reported = parts.dev if parts.heldout is None else parts.heldout
    tried = asyncio.run(_try_all(bench, parts.dev, reported))
    answered = [one for one in tried if one.draft]
    passed = [one for one in answered if one.passed]
    note = f"{len(tried)} threads, {len(answered)} with something to answer, {len(passed)} pass the bar"
    return [
        *_likeness(bench, answered, "no bar", note),
        *_likeness(bench, passed, "above the bar", ""),
        *_confidence(bench, answered),
    ]


def _likeness(bench: Bench, tried: Sequence[Tried], which: str, note: str) -> list[Figure]:
    ways: Mapping[str, Sequence[str]] = {
        "ours": [one.draft for one in tried],
        "best article's lead": [one.lead for one in tried],
        "most similar ticket's answer": [one.similar for one in tried],
    }
    accepted = [one.accepted for one in tried]
    rouge = {name: 100 * mean(map(_rouge, accepted, texts)) for name, texts in ways.items()}
    near = {name: 100 * float(_cosines(bench, accepted, texts).mean()) for name, texts in ways.items()}
    figures = []
    for metric, values in (("ROUGE-L", rouge), ("cosine", near)):
        ours = values.pop("ours")
        figures.append(Figure(f"draft {metric}, {which}", ours, max(values.values()), values, note=note))
    return figures


def _confidence(bench: Bench, tried: Sequence[Tried]) -> list[Figure]:
    confidence = [one.confidence for one in tried]
    cosines = _cosines(bench, [one.accepted for one in tried], [one.draft for one in tried])
    right = [bool(cosine >= _NEAR) for cosine in cosines]
    coverage, bar = coverage_at(_SURE, confidence, right)
    curve = ", ".join(
        f"{at:.0%}: {100 * precision_at(at, confidence, right):.0f}" for at in (0.1, 0.25, 0.5, 0.75, 1.0)
    )
    return [
        Figure(
            "draft: coverage where 85 of 100 are near", 100 * coverage,
            note=f"cosine at least {_NEAR}; from a confidence of {bar:.2f}; share near by coverage {curve}",
        ),
        Figure("draft: calibration error (ECE)", 100 * calibration_error(confidence, right), lower_is_better=True),
    ]  # fmt: skip


def _rouge(accepted: str, text: str) -> float:
    return float(_SCORER.score(accepted, text)["rougeL"].fmeasure)


def _cosines(
    bench: Bench, accepted: Sequence[str], texts: Sequence[str]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """0 where there is no text."""
    said = np.array([bool(text.strip()) for text in texts])
    return np.asarray((bench.embed(accepted) * bench.embed(texts)).sum(axis=1) * said, dtype=np.float64)


async def _try_all(bench: Bench, history: Sequence[Record], asked: Sequence[Record]) -> list[Tried]:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder) / "drafts.sqlite3")
        hybrid = HybridRetriever(store, bench.embedder)
        try:
            await fill_articles(store, bench.folder)
            await store.tickets.put_threads(SUMO, [thread_of(record) for record in history])
            await hybrid.catch_up()
            bench.say("everything has its vector")
            return [await _try(store, hybrid, record) for record in asked]
        finally:
            await hybrid.aclose()
            await store.aclose()


async def _try(store: Store, hybrid: HybridRetriever, record: Record) -> Tried:
    thread = thread_of(record)
    own = await store.tickets.find(SUMO, RemoteId(record["id"])) or TicketId(0)
    at = next(
        n
        for n, message in enumerate(thread.messages)
        if message.remote_id == thread.snapshot.accepted_solution
    )
    talk = Conversation(ticket=_open_ticket(thread, own), messages=thread.messages[:at])
    question = question_in(talk)
    findings = await hybrid.find(question, ticket=own)
    sources = await sources_for(store, question, findings)
    language = next(
        (m.language for m in reversed(talk.messages) if m.author.role is Role.REQUESTER and m.language), ""
    )
    situation = situation_of(talk, question.whole, language)
    free = make_draft(situation, sources, bar=0.0)
    barred = make_draft(situation, sources, bar=findings.bar)
    lead = next((one.text[:_LEAD_CHARS] for one in sources if one.kind is SourceKind.ARTICLE), "")
    similar = next((one.text for one in sources if one.kind is SourceKind.TICKET), "")
    return Tried(
        accepted=thread.messages[at].clean or thread.messages[at].text,
        draft=_said(free) if isinstance(free, Draft) else "",
        lead=lead,
        similar=similar,
        confidence=free.confidence if isinstance(free, Draft) else 0.0,
        passed=isinstance(barred, Draft),
    )


def _said(draft: Draft) -> str:
    return " ".join(one.text for one in draft.sentences if one.support is not Support.COURTESY)


def _open_ticket(thread: Thread, own: TicketId) -> Ticket:
    snapshot = thread.snapshot
    return Ticket(
        id=own,
        desk=SUMO,
        remote_id=snapshot.remote_id,
        subject=snapshot.subject,
        status=Status.OPEN,
        channel=snapshot.channel,
        created=snapshot.created,
        updated=snapshot.updated,
        requester=snapshot.requester,
        version="1",
        thread_version=ThreadVersion("before the answer"),
    )


SET = QualitySet(name="sumo-thunderbird-drafts", folder="sumo-thunderbird", measure=measure)
