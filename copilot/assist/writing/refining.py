"""A reply in new words, as the rep asks for it; the new words are checked as a draft's are."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from copilot.assist.writing.checking import Checker
from copilot.assist.writing.confidence import judge
from copilot.assist.writing.evidence import bears_in, rep_evidence
from copilot.assist.writing.hygiene import plain
from copilot.assist.writing.links import links_in, without_links
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
from copilot.assist.writing.shapes import RefinedShape, TranslatedShape
from copilot.domain import Draft, DraftSentence, Refinement, Rewrite, Suggestion, SuggestionId, Support
from copilot.errors import BadOutputError, ModelError
from copilot.models.base import Piece, Task, Writing, Written
from copilot.text.language import detect_language
from copilot.text.sentences import split_sentences

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to be put into other words: its text as the rep sees it, and the draft it began as, if any."""

    text: str
    draft: Draft | None = None

    def own_words(self) -> list[str]:
        """The sentences that the rep has typed: all but those of the draft."""
        models = {_key(one.text) for one in self.draft.sentences} if self.draft is not None else set()
        return [one.text for one in split_sentences(self.text) if _key(one.text) not in models]


async def refine(
    writing: Writing,
    prompts: Prompts,
    material: Material,
    reply: Reply,
    wish: Rewrite | str,
    on_text: OnText | None = None,
) -> Refinement:
    """The reply changed by a key or by the rep's own instruction. Raises a `ModelError`."""
    prompt = prompts.prompt("refine")
    variant = prompt.variants[wish.value if isinstance(wish, Rewrite) else "instruction"]
    instructions = prompt.filled(today=today(material), variant=variant)
    context = await writing.context_tokens(Task.REFINE, material.facts)
    room = room_of(context, instructions + reply.text, prompt.max_tokens)
    evidence = await asyncio.to_thread(fitted, material.thread, material.knowledge, room)
    note = [] if isinstance(wish, Rewrite) else [Piece(label="instruction", text=wish)]
    data = (Piece(label="the reply as it is now", text=reply.text), *note, material.header, *shown(evidence))
    checker = await asyncio.to_thread(
        _checker, material, reply, [] if isinstance(wish, Rewrite) else [wish], instructions
    )
    heard = streamed(on_text, lambda partial: partial_text(partial, checker.clean))
    request = Request(Task.REFINE, prompt, instructions, data)
    written = await write(writing, request, material, RefinedShape, on_partial=heard)
    draft = await asyncio.to_thread(_refined, written, checker, material)
    return Refinement(old=reply.text, suggestion=_suggestion(material, written, draft, prompt.label))


def _checker(material: Material, reply: Reply, notes: Sequence[str], instructions: str) -> Checker:
    words = rep_evidence([*reply.own_words(), *notes], material.conversation)
    language = detect_language(reply.text) or material.language
    evidence = (*material.evidence, *words)
    return Checker(evidence, bears_in(language), names=material.names, recited=instructions)


def _refined(written: Written[RefinedShape], checker: Checker, material: Material) -> Draft:
    wrote = claimed(written.value.sentences)
    sentences = checker.all(wrote)
    if not sentences or checker.recites(wrote):
        raise BadOutputError("The model gave no reply back.", "The reply is as it was. Try other words.")
    return Draft(sentences=sentences, confidence=judge(sentences, material.evidence).confidence)


def _suggestion(
    material: Material, written: Written[RefinedShape] | Written[TranslatedShape], draft: Draft, prompt: str
) -> Suggestion:
    ticket = material.conversation.ticket
    return Suggestion(
        id=SuggestionId(uuid.uuid4().hex),
        ticket=ticket.id,
        thread_version=ticket.thread_version,
        made=material.now,
        content=draft,
        model=written.model,
        cost=written.cost,
        reason=why(written),
        rule=written.rule,
        prompt=prompt,
    )


# -- translating -------------------------------------------------------------------------------------------------------


async def translate(
    writing: Writing, prompts: Prompts, material: Material, reply: Reply, language: str
) -> Refinement:
    """The reply in another language (ISO 639-1), and that translated back. Raises a `ModelError`.

    A translated sentence stands on what its original stands on, as long as its numbers and addresses are the same.
    """
    checker = await asyncio.to_thread(_checker, material, reply, [], "")
    old = await asyncio.to_thread(_originals, reply, checker)
    there = await _translated(writing, prompts, material, [one.text for one in old], language)
    new = [_carried(one, text) for one, text in zip(old, _aligned(there, len(old)), strict=True)]
    home = detect_language(reply.text) or material.rep_language
    cost, back = there.cost, ""
    try:
        again = await _translated(writing, prompts, material, [one.text for one in new], home)
    except ModelError:
        pass  # the translation stands without its mirror; the screen shows that there is none
    else:
        cost += again.cost
        back = "".join(text + one.separator for one, text in zip(new, _aligned(again, len(new)), strict=True))
    draft = Draft(sentences=tuple(new), confidence=judge(new, material.evidence).confidence)
    suggestion = _suggestion(material, there, draft, prompts.prompt("translate").label)
    return Refinement(old=reply.text, suggestion=replace(suggestion, cost=cost), back=back.strip())


async def translated_draft(
    writing: Writing, prompts: Prompts, material: Material, draft: Draft, language: str
) -> tuple[Draft, Decimal]:
    """A checked draft in another language, each sentence on what it stood on, and the cost. Raises a `ModelError`."""
    there = await _translated(writing, prompts, material, [one.text for one in draft.sentences], language)
    texts = _aligned(there, len(draft.sentences))
    sentences = tuple(_carried(one, text) for one, text in zip(draft.sentences, texts, strict=True))
    return replace(draft, sentences=sentences), there.cost


async def _translated(
    writing: Writing, prompts: Prompts, material: Material, sentences: Sequence[str], language: str
) -> Written[TranslatedShape]:
    prompt = prompts.prompt("translate")
    numbered = "\n".join(f"{place}: {' '.join(text.split())}" for place, text in enumerate(sentences, 1))
    request = Request(
        Task.TRANSLATE,
        prompt,
        prompt.filled(language=language_name(language)),
        (Piece(label="sentences", text=numbered),),
    )
    written = await write(writing, request, material, TranslatedShape)
    if not any(one.text for one in written.value.sentences):
        raise BadOutputError("The model gave no translation.", "The reply is as it was.")
    return written


def _originals(reply: Reply, checker: Checker) -> list[DraftSentence]:
    """The sentences of the reply, checked, with the white space between them as it stands."""
    found = split_sentences(reply.text)
    return [
        DraftSentence(
            text=f"{one.marker} {one.text}" if one.marker else one.text,
            support=(checked := checker.typed(one.text)).support,
            citations=checked.citations,
            separator=_space(reply.text[one.end : found[place + 1].start]) if place + 1 < len(found) else "",
        )
        for place, one in enumerate(found)
    ]


def _space(between: str) -> str:
    lines = between.count("\n")
    return "\n\n" if lines > 1 else "\n" if lines else " "


def _aligned(written: Written[TranslatedShape], count: int) -> list[str]:
    """The text for each number; empty where the model left one out."""
    texts = {one.number: one.text for one in reversed(written.value.sentences)}
    return [plain(texts.get(number, "")) for number in range(1, count + 1)]


def _carried(old: DraftSentence, text: str) -> DraftSentence:
    if not text:
        return DraftSentence(text=old.text, support=Support.UNSUPPORTED, separator=old.separator)
    bare, lost = without_links(text, links_in(old.text))
    same = not lost and sorted(_NUMBER.findall(bare)) == sorted(_NUMBER.findall(old.text))
    return DraftSentence(
        text=bare,
        support=old.support if same else Support.UNSUPPORTED,
        citations=old.citations if same else (),
        separator=old.separator,
    )


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", re.sub(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s", "", text)).casefold().strip()
