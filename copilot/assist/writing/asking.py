"""A rep's question about the ticket, the customer's earlier tickets or the knowledge, answered with citations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from math import log

from copilot.assist.writing.checking import Checker
from copilot.assist.writing.confidence import judge
from copilot.assist.writing.evidence import Evidence, bears_to_rep
from copilot.assist.writing.material import Material, fitted, room_of, shown
from copilot.assist.writing.prompts import Prompts
from copilot.assist.writing.request import (
    OnText,
    Request,
    claimed,
    language_name,
    partial_text,
    streamed,
    today,
    why,
    write,
)
from copilot.assist.writing.shapes import AnswerShape
from copilot.domain import Abstention, Answer, Draft, DraftSentence, Support
from copilot.models.base import Piece, Task, Writing, Written
from copilot.text.sentences import Sentence, SentenceKind, split_sentences
from copilot.text.terms import stems_of

QUOTED = 3
_SHARED_WORDS = 2
NOT_FOUND = "Neither the thread, nor the customer's earlier tickets, nor the knowledge answers this."
QUOTES_ONLY = (
    "Embedded engine: sentences of the sources that share the most telling words with the question. {why}"
)


async def answer(
    writing: Writing, prompts: Prompts, material: Material, question: str, on_text: OnText | None = None
) -> Answer:
    """The answer of a model; sentences that no source bears are marked. Raises a `ModelError`."""
    prompt = prompts.prompt("ask")
    instructions = prompt.filled(today=today(material), language=language_name(material.rep_language))
    context = await writing.context_tokens(Task.ASK, material.facts)
    room = room_of(context, instructions + question, prompt.max_tokens)
    found = (*material.knowledge, *material.history)
    evidence = await asyncio.to_thread(fitted, material.thread, found, room)
    data = (Piece(label="question", text=question), material.header, *shown(evidence))
    checker = await asyncio.to_thread(_checker, evidence, material, question, instructions)
    heard = streamed(on_text, lambda partial: partial_text(partial, checker.clean))
    request = Request(Task.ASK, prompt, instructions, data)
    written = await write(writing, request, material, AnswerShape, on_partial=heard)
    content = await asyncio.to_thread(_content, written, checker, evidence)
    return Answer(
        question=question,
        content=content,
        model=written.model,
        cost=written.cost,
        reason=why(written),
        rule=written.rule,
        prompt=prompt.label,
    )


def quoted_answer(material: Material, question: str, reason: str) -> Answer:
    """The answer without a model: what the sources say, word for word, or that none does. Blocks for a moment."""
    asked = frozenset(stems_of(question))
    found = [
        (frozenset(stems_of(part.text)), _quoted(one, part))
        for one in material.evidence
        for part in split_sentences(one.text)
        if part.kind in {SentenceKind.TEXT, SentenceKind.ITEM} and not part.text.rstrip().endswith("?")
    ]
    weights = _rarity(asked, [stems for stems, _ in found])
    scored = [
        (sum(weights[stem] for stem in asked & stems), sentence)
        for stems, sentence in found
        if len(asked & stems) >= _SHARED_WORDS
    ]
    best = [sentence for score, sentence in sorted(scored, key=lambda pair: -pair[0])[:QUOTED] if score > 0]
    content = (
        Draft(sentences=tuple(best), confidence=judge(best, material.evidence).confidence)
        if best
        else Abstention(reason=NOT_FOUND)
    )
    return Answer(question=question, content=content, reason=QUOTES_ONLY.format(why=reason).strip())


def _quoted(one: Evidence, part: Sentence) -> DraftSentence:
    cited = one.source.cite(one.start + part.start, one.start + part.end)
    return DraftSentence(text=part.text, support=Support.SUPPORTED, citations=(cited,), separator="\n\n")


def _rarity(asked: Iterable[str], sentences: Sequence[frozenset[str]]) -> dict[str, float]:
    """What it says that a sentence holds a word (inverse document frequency): little for "how", "do" and "I"."""
    return {
        word: log((1 + len(sentences)) / (1 + sum(word in sentence for sentence in sentences)))
        for word in asked
    }


def _checker(evidence: Sequence[Evidence], material: Material, question: str, instructions: str) -> Checker:
    return Checker(evidence, bears_to_rep, names=(*material.names, question), recited=instructions)


def _content(
    written: Written[AnswerShape], checker: Checker, evidence: Sequence[Evidence]
) -> Draft | Abstention:
    wrote = claimed(written.value.sentences)
    sentences = () if checker.recites(wrote) else checker.all(wrote)
    if not sentences:
        missing = tuple(text for text in map(checker.clean, written.value.missing) if text)[:4]
        return Abstention(reason=NOT_FOUND, missing=missing)
    return Draft(sentences=sentences, confidence=judge(sentences, evidence).confidence)
