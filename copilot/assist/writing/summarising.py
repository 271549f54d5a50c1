"""The summary of a thread by a language model: each line a sentence with the message it was taken from.

A long thread is summed up in steps: the summary so far goes along with the messages that follow. The same step keeps a
summary up to date when messages arrive, and reads what is longer than the model's context.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from copilot.assist.writing.evidence import Evidence, Voice, allowed_links
from copilot.assist.writing.hygiene import plain, repeats
from copilot.assist.writing.links import links_in, without_links
from copilot.assist.writing.material import FENCE_TOKENS, Material, room_of, shown
from copilot.assist.writing.prompts import Prompts
from copilot.assist.writing.request import OnText, Request, language_name, streamed, today, write
from copilot.assist.writing.shapes import LineShape, PromiseShape, SummaryShape
from copilot.domain import Message, RemoteId, Role, SummaryLine, SummaryPart
from copilot.errors import BadOutputError
from copilot.models.base import Piece, Task, Writing, Written
from copilot.models.tokens import count_tokens
from copilot.text.dates import find_date
from copilot.text.injection import signs_in
from copilot.text.terms import stems_of

MAX_LINE_CHARS = 240
MAX_STEPS = 8
"""Of a thread that takes more steps, the first message and the newest that fit are read."""
UPDATE_FROM_TOKENS = 900
"""A shorter thread is read anew: that costs little, and forgets no correction."""
MAX_PROMISE_DAYS = 366
_SHARED_WORDS = 2
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_PARTS = {
    "request": SummaryPart.REQUEST,
    "tried": SummaryPart.TRIED,
    "state": SummaryPart.STATE,
    "open_questions": SummaryPart.OPEN_QUESTION,
    "promises": SummaryPart.PROMISE,
    "mood": SummaryPart.MOOD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A summary and its making. `through` is the newest message it knows, `prompt` the prompt's "name@version"."""

    lines: tuple[SummaryLine, ...]
    through: RemoteId
    model: str
    prompt: str
    cost: Decimal = Decimal(0)


async def write_summary(
    writing: Writing,
    prompts: Prompts,
    material: Material,
    known: Summary | None = None,
    on_text: OnText | None = None,
) -> Summary:
    """The summary of the thread as it is, from `known` and what came after where the thread is long.

    Raises a `ModelError`; `BadOutputError` when what the model wrote says nothing that the thread says.
    """
    instructions = _instructions(prompts, "summary_update", material)
    context = await writing.context_tokens(Task.SUMMARY, material.facts)
    room = room_of(context, instructions, prompts.prompt("summary_update").max_tokens)
    lines, steps = await asyncio.to_thread(_portions, material.thread, known, room)
    allowed = await asyncio.to_thread(allowed_links, material.thread)
    heard = streamed(on_text, lambda partial: _partial_text(partial, allowed))
    cost, written, label = Decimal(0), None, ""
    for step in steps:
        request = _request(prompts, material, lines, step)
        written = await write(writing, request, material, SummaryShape, on_partial=heard)
        cost, label = cost + written.cost, request.prompt.label
        lines = await asyncio.to_thread(_checked, written, material, request.instructions)
    if written is None:
        raise BadOutputError("The thread holds nothing to sum up.")
    if not any(line.part is SummaryPart.REQUEST for line in lines):
        raise BadOutputError("The model's summary does not say what the customer wants.")
    return Summary(
        lines=lines,
        through=_message_id(material.thread[-1]),
        model=written.model,
        prompt=label,
        cost=cost,
    )


def _instructions(prompts: Prompts, name: str, material: Material) -> str:
    return prompts.prompt(name).filled(today=today(material), language=language_name(material.rep_language))


def _portions(
    thread: Sequence[Evidence], known: Summary | None, room: int
) -> tuple[tuple[SummaryLine, ...], list[list[Evidence]]]:
    lines, rest = _beginning(thread, known)
    return lines, _steps(rest, room)


def _beginning(
    thread: Sequence[Evidence], known: Summary | None
) -> tuple[tuple[SummaryLine, ...], Sequence[Evidence]]:
    """The summary to start from, and the messages that it does not know."""
    if known is None or sum(count_tokens(one.text) for one in thread) < UPDATE_FROM_TOKENS:
        return (), thread
    ids = [_message_id(one) for one in thread]
    if known.through not in ids[:-1]:
        return (), thread
    present = tuple(line for line in known.lines if line.message in ids)
    return present, thread[ids.index(known.through) + 1 :]


def _steps(thread: Sequence[Evidence], room: int) -> list[list[Evidence]]:
    """Messages in portions that fit, oldest first; none is cut unless it alone is longer than half the room."""
    short = [_shortened(one, room // 2) for one in thread]
    steps: list[list[Evidence]] = []
    used = room + 1
    for one in short:
        cost = count_tokens(one.text) + FENCE_TOKENS
        if used + cost > room:
            steps.append([])
            used = 0
        steps[-1].append(one)
        used += cost
    if len(steps) <= MAX_STEPS:
        return steps
    return [[short[0], *steps[-MAX_STEPS]], *steps[1 - MAX_STEPS :]]


def _shortened(one: Evidence, tokens: int) -> Evidence:
    count = count_tokens(one.text)
    return one if count <= tokens else replace(one, end=one.start + len(one.text) * tokens // count)


def _request(
    prompts: Prompts, material: Material, lines: Sequence[SummaryLine], step: Sequence[Evidence]
) -> Request:
    name = "summary_update" if lines else "summary"
    so_far = [Piece(label="summary so far", text=_as_text(lines, material.thread))] if lines else []
    data = (material.header, *so_far, *shown(step))
    return Request(Task.SUMMARY, prompts.prompt(name), _instructions(prompts, name, material), data)


def _as_text(lines: Sequence[SummaryLine], thread: Sequence[Evidence]) -> str:
    numbers = {_message_id(one): one.number for one in thread}
    return "\n".join(
        f"{line.part.value} ({numbers[line.message]}): {line.text}{_due(line)}"
        for line in lines
        if line.message in numbers
    )


def _due(line: SummaryLine) -> str:
    return f" (due {line.due:%Y-%m-%d})" if line.due is not None else ""


def _partial_text(partial: Mapping[str, Any], allowed: Collection[str]) -> str:
    """The lines that have come so far, for the screen."""
    texts = [
        line.get("text") for name in _PARTS for line in partial.get(name) or () if isinstance(line, Mapping)
    ]
    return "\n".join(
        without_links(plain(text), allowed)[0] for text in texts if isinstance(text, str) and text
    )


# -- what of it may be believed ---------------------------------------------------------------------------------------


def _checked(
    written: Written[SummaryShape], material: Material, instructions: str
) -> tuple[SummaryLine, ...]:
    """The lines that name a message of the thread and hold no fact that the thread does not."""
    reader = _Reader(material)
    lines: dict[tuple[SummaryPart, str], SummaryLine] = {}
    for name, part in _PARTS.items():
        for shape in getattr(written.value, name):
            line = reader.line(part, shape)
            if line is not None and not repeats(line.text, instructions):
                lines.setdefault((part, line.text.casefold()), line)
    return tuple(lines.values())


class _Reader:
    """Turns what a model gave into lines, against the thread it was given."""

    def __init__(self, material: Material) -> None:
        self._thread = {one.number: one for one in material.thread}
        self._stems = {one.number: frozenset(stems_of(one.text)) for one in material.thread}
        self._messages = {m.remote_id: m for m in material.conversation.messages}
        self._links = allowed_links(material.thread)
        texts = [material.conversation.ticket.subject, *(one.text for one in material.thread)]
        dates = [f"{m.created:%Y-%m-%d %H:%M %d %m}" for m in material.conversation.messages]
        self._numbers = {found for text in (*texts, *dates) for found in _NUMBER.findall(text)}
        self._numbers |= {number.lstrip("0") for number in self._numbers}

    def line(self, part: SummaryPart, shape: LineShape) -> SummaryLine | None:
        """One line, or None where it cannot be believed or nothing is left of it."""
        text = " ".join(without_links(plain(shape.text), self._links)[0].split())
        if not re.search(r"\w", text) or signs_in(text) or set(links_in(text)) - self._links:
            return None
        one = self._message_of(part, text, shape.message)
        if one is None or not self._numbers_known(text, shape):
            return None
        message = self._messages[_message_id(one)]
        return SummaryLine(
            part=part,
            text=text if len(text) <= MAX_LINE_CHARS else f"{text[:MAX_LINE_CHARS].rsplit(' ', 1)[0]} …",
            message=message.remote_id,
            role=message.author.role,
            due=self._due(message, shape) if isinstance(shape, PromiseShape) else None,
        )

    def _message_of(self, part: SummaryPart, text: str, named: str) -> Evidence | None:
        """The message that a line names, or else the one that shares most words with it."""
        fit = [one for one in self._thread.values() if self._may_say(part, one)]
        if part is SummaryPart.MOOD:
            return fit[-1] if fit else None
        stems = frozenset(stems_of(text))
        found = re.search(r"\d{1,4}", named)
        number = f"M{int(found.group())}" if found else ""
        nearest = max(fit, key=lambda one: len(stems & self._stems[one.number]), default=None)
        shared = len(stems & self._stems[nearest.number]) if nearest is not None else 0
        if any(one.number == number for one in fit):
            believed = bool(stems & self._stems[number]) or shared < _SHARED_WORDS
            return self._thread[number] if believed else nearest
        return nearest if shared >= _SHARED_WORDS else None

    def _may_say(self, part: SummaryPart, one: Evidence) -> bool:
        """A promise is ours, a mood the requester's: whatever somebody else wrote of it."""
        role = self._messages[_message_id(one)].author.role
        if part is SummaryPart.PROMISE:
            return one.voice is Voice.TEAM or role is Role.AI_AGENT
        return part is not SummaryPart.MOOD or role is Role.REQUESTER

    def _numbers_known(self, text: str, shape: LineShape) -> bool:
        due = set(_NUMBER.findall(shape.due)) if isinstance(shape, PromiseShape) else set()
        due |= {number.lstrip("0") for number in due}
        return set(_NUMBER.findall(text)) <= self._numbers | due

    def _due(self, message: Message, shape: PromiseShape) -> datetime | None:
        """The date of a promise: as the message says it in English, else the model's, where it is a likely one."""
        said = next((due for due in _dates(message, shape.text)), None)
        if said is not None:
            return said
        try:
            day = date.fromisoformat(shape.due)
        except ValueError:
            return None
        due = datetime.combine(day, time(23, 59), tzinfo=UTC)
        english = message.language in {"", "en"}
        likely = message.created <= due <= message.created + timedelta(days=MAX_PROMISE_DAYS)
        return due if likely and not english else None


def _dates(message: Message, line: str) -> list[datetime]:
    """Dates that the message names, the one in the sentence most like the line first."""
    stems = frozenset(stems_of(line))
    sentences = re.split(r"(?<=[.!?])\s+|\n", message.clean)
    sentences.sort(key=lambda sentence: -len(stems & frozenset(stems_of(sentence))))
    return [due for sentence in sentences if (due := find_date(sentence, message.created)) is not None]


def _message_id(one: Evidence) -> RemoteId:
    if one.source.message is None:
        raise ValueError("a summary is made of messages")
    return one.source.message
