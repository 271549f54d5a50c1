"""A reply written by a language model, every sentence checked, or an honest abstention."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from copilot.assist.writing.checking import Checker
from copilot.assist.writing.confidence import BAR, GROUNDED_ENOUGH, Grounding, judge
from copilot.assist.writing.evidence import Evidence, bears_in
from copilot.assist.writing.hygiene import plain
from copilot.assist.writing.material import Material, fitted, room_of, shown
from copilot.assist.writing.prompts import Prompts
from copilot.assist.writing.refining import translated_draft
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
from copilot.assist.writing.shapes import DraftShape
from copilot.domain import Abstention, Draft, Suggestion, SuggestionId, Support
from copilot.errors import ModelError
from copilot.models.base import Task, Tried, Writing, Written

MISSING_SHOWN = 4
_LETTERS = re.compile(r"[^\W\d_]{2}")
"""A small model numbers what is missing, and names nothing."""
MAX_MISSING_CHARS = 160
RECITED = "The model repeated its instructions instead of answering."
NO_ANSWER = "The model found no answer in the sources."
NOT_SURE = "Nothing found answers this surely enough."
TOO_LITTLE = "Too little of what the model wrote stands in a source."


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one model wrote, checked."""

    written: Written[DraftShape]
    content: Draft | Abstention
    grounding: Grounding


async def write_draft(
    writing: Writing, prompts: Prompts, material: Material, on_text: OnText | None = None
) -> Suggestion:
    """A draft for the ticket; a second model is asked where the first one's words do not stand on the sources.

    Raises a `ModelError` when no model answered, `NoModelError` when none may be asked.
    """
    request, evidence = await draft_request(writing, prompts, material)
    language = await asyncio.to_thread(material.source_language)
    checker = await asyncio.to_thread(_checker, material, evidence, language, request.instructions)
    heard = streamed(on_text, lambda partial: partial_text(partial, checker.clean))
    first = await write(writing, request, material, DraftShape, on_partial=heard)
    attempts = [await asyncio.to_thread(_checked, first, checker, evidence)]
    if _is_poor(attempts[0]):
        tried = Tried(first.model_class, attempts[0].grounding.confidence)
        try:
            again = await write(writing, request, material, DraftShape, on_partial=heard, after=tried)
        except ModelError:
            pass  # no better model may be asked, or it failed: what there is stands, with its marks
        else:
            attempts.append(await asyncio.to_thread(_checked, again, checker, evidence))
    suggestion = _suggestion(material, request, attempts)
    content = suggestion.content
    if language == material.language or not isinstance(content, Draft):
        return suggestion
    return await _in_their_language(writing, prompts, material, suggestion, content)


async def _in_their_language(
    writing: Writing, prompts: Prompts, material: Material, suggestion: Suggestion, draft: Draft
) -> Suggestion:
    """The draft in the requester's language: it was written, and checked, in that of its sources."""
    try:
        translated, cost = await translated_draft(writing, prompts, material, draft, material.language)
    except ModelError as error:
        note = f"It is not in the customer's language: {error}"
        return replace(suggestion, reason=f"{suggestion.reason} {note}")
    note = "Written in the language of its sources, then translated."
    return replace(
        suggestion,
        content=translated,
        cost=suggestion.cost + cost,
        reason=f"{suggestion.reason} {note}",
    )


async def draft_request(
    writing: Writing, prompts: Prompts, material: Material
) -> tuple[Request, tuple[Evidence, ...]]:
    """What a model is asked for a draft, and the texts it is given: as many as it can read."""
    prompt = prompts.prompt("draft")
    language = await asyncio.to_thread(material.source_language)
    instructions = prompt.filled(today=today(material), language=language_name(language))
    context = await writing.context_tokens(Task.DRAFT, material.facts)
    room = room_of(context, instructions, prompt.max_tokens)
    evidence = tuple(await asyncio.to_thread(fitted, material.thread, material.knowledge, room))
    return Request(Task.DRAFT, prompt, instructions, (material.header, *shown(evidence))), evidence


def _checker(material: Material, evidence: Sequence[Evidence], language: str, instructions: str) -> Checker:
    bears = bears_in(language)
    return Checker(evidence, bears, names=material.names, recited=instructions)


def _checked(written: Written[DraftShape], checker: Checker, evidence: Sequence[Evidence]) -> _Attempt:
    value = written.value
    wrote = claimed(value.sentences)
    missing = _missing(checker, value.missing)
    if checker.recites(wrote):
        return _Attempt(written, Abstention(reason=RECITED, missing=missing), Grounding(1, 0, 0.0))
    sentences = checker.all(wrote)
    if all(one.support is Support.COURTESY and "?" not in one.text for one in sentences):
        return _Attempt(written, Abstention(reason=NO_ANSWER, missing=missing), Grounding(0, 0, 0.0))
    grounding = judge(sentences, evidence)
    if grounding.confidence < BAR and grounding.share >= GROUNDED_ENOUGH:
        return _Attempt(written, Abstention(reason=NOT_SURE, missing=missing), grounding)
    if grounding.confidence < BAR:
        unborne = [f"A source for: {one.text}" for one in sentences if one.support is Support.UNSUPPORTED]
        return _Attempt(
            written,
            Abstention(reason=TOO_LITTLE, missing=_missing(checker, [*value.missing, *unborne])),
            grounding,
        )
    draft = Draft(sentences=sentences, confidence=grounding.confidence, intent=_line(checker, value.intent))
    return _Attempt(written, draft, grounding)


def _is_poor(attempt: _Attempt) -> bool:
    """Whether a better model should try: not where what was found is the trouble."""
    if isinstance(attempt.content, Abstention) and attempt.content.reason == NO_ANSWER:
        return False
    return attempt.grounding.share < GROUNDED_ENOUGH


def _missing(checker: Checker, texts: Sequence[str]) -> tuple[str, ...]:
    lines = (_line(checker, text) for text in texts)
    return tuple(dict.fromkeys(line for line in lines if _LETTERS.search(line)))[:MISSING_SHOWN]


def _line(checker: Checker, text: str) -> str:
    """One line of a model's for the rep: short, no addresses, nothing of the prompt."""
    bare = " ".join(checker.clean(plain(text)).split())
    return bare if len(bare) <= MAX_MISSING_CHARS else f"{bare[:MAX_MISSING_CHARS].rsplit(' ', 1)[0]} …"


def _suggestion(material: Material, request: Request, attempts: Sequence[_Attempt]) -> Suggestion:
    best = max(attempts, key=lambda one: (isinstance(one.content, Draft), one.grounding.confidence))
    ticket = material.conversation.ticket
    tried = [
        f"{one.written.model} was asked first; {one.grounding.share:.0%} of what it claimed stood on a source"
        for one in attempts[:-1]
    ]
    return Suggestion(
        id=SuggestionId(uuid.uuid4().hex),
        ticket=ticket.id,
        thread_version=ticket.thread_version,
        made=material.now,
        content=best.content,
        model=best.written.model,
        cost=sum((one.written.cost for one in attempts), Decimal(0)),
        reason=why(best.written, *tried),
        rule=best.written.rule,
        prompt=request.prompt.label,
    )
