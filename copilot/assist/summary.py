"""What a rep must know of a thread, in at most seven lines, each a sentence of the thread and linked to its message.

Role-aware extraction: who asks says what is wanted, both sides say what was tried, the last word says where it stands.
Each sentence could stand in one part of the summary; the parts that a rep cannot do without are filled first, then the
most telling sentences that are left are added up to a length, not two that say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.assist.said import Said, sentences_of
from copilot.assist.salience import WEIGHTS, Signs, Terms, weighed
from copilot.assist.speech import (
    asks,
    instructs,
    is_courtesy,
    is_general,
    promises,
    reports_trouble,
    tells_attempt,
    tells_outcome,
    wishes,
)
from copilot.domain import Message, MessageKind, Role, SummaryLine, SummaryPart
from copilot.text.dates import find_date

MAX_LINES = 7
MAX_LINE_CHARS = 240
ENOUGH_WORDS = 85
"""A summary grows to about this many words; the lines a rep cannot do without may go beyond."""
READ_MESSAGES = 250
"""Of a longer thread the first message and the newest this many are read."""
_MOST = {
    SummaryPart.REQUEST: 2,
    SummaryPart.TRIED: 3,
    SummaryPart.SAID: 3,
    SummaryPart.STATE: 2,
    SummaryPart.OPEN_QUESTION: 2,
    SummaryPart.PROMISE: 2,
}
"""How many lines each part may have."""
_REPEATED = 0.3
"""How much a sentence loses whose telling words all stand in the summary already."""
_SAME_MESSAGE = 0.05
"""What a sentence loses for each line that its message has already."""
_CUE = 0.04
"""What a cue of its part is worth, on the scale of salience: it chooses between sentences that tell as much."""
_ATTEMPT = 0.15
"""What was tried goes before other things said: threads of mailing lists, which the weights know, have little of it."""

_TEAM = frozenset({Role.REP, Role.AI_AGENT})
_TELLING_WORDS = 5
"""A shorter sentence ("That can help.") tells nothing by itself; it stands only where a line is needed."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    said: Said
    part: SummaryPart
    terms: Terms
    worth: float

    @property
    def words(self) -> int:
        return len(self.said.text.split())


def summarise(
    subject: str, messages: Sequence[Message], *, weights: Signs = WEIGHTS
) -> tuple[SummaryLine, ...]:
    """The summary of a thread's public messages, in the order of `SummaryPart`. Notes of the team are left out."""
    public = [m for m in messages if m.kind is MessageKind.PUBLIC and m.author.role is not Role.SYSTEM]
    if len(public) > READ_MESSAGES:
        public = [public[0], *public[-READ_MESSAGES + 1 :]]
    said = [sentence for message in public for sentence in sentences_of(message)]
    candidates = _candidates(subject, public, said, weights)
    chosen = _filled(candidates, _needed(candidates))
    order = list(SummaryPart)
    return tuple(
        _line(one) for one in sorted(chosen, key=lambda one: (order.index(one.part), candidates.index(one)))
    )


def _candidates(
    subject: str, public: Sequence[Message], said: Sequence[Said], weights: Signs
) -> list[_Candidate]:
    """Every sentence that may stand in the summary, with the part it would stand in."""
    asked = {id(s) for s in _open_questions(public, said)}
    opening = next((s.message for s in said if s.by_requester), None)
    newest = public[-1] if len(public) > 1 else None
    telling = {s.message.remote_id for s in said if not is_courtesy(s.text)}
    found = []
    for one in weighed(subject, said, weights):
        sentence = one.said
        if is_courtesy(sentence.text) and sentence.message.remote_id in telling:
            continue
        part = _part(sentence, opening, newest, is_open=id(sentence) in asked)
        found.append(_Candidate(sentence, part, one.terms, one.worth + _cue(sentence, part)))
    return found


def _part(said: Said, opening: Message | None, newest: Message | None, *, is_open: bool) -> SummaryPart:
    """The one part that a sentence would stand in."""
    if said.message is opening and not tells_attempt(said.text):
        return SummaryPart.REQUEST
    if said.message.author.role in _TEAM and promises(said.text):
        return SummaryPart.PROMISE
    if is_open:
        return SummaryPart.OPEN_QUESTION
    if said.message is newest:
        return SummaryPart.STATE
    if _tries(said):
        return SummaryPart.TRIED
    return SummaryPart.SAID


def _tries(said: Said) -> bool:
    """Whether the requester tells an attempt, or the team asks for one."""
    if said.by_requester:
        return tells_attempt(said.text)
    return said.message.author.role in _TEAM and instructs(said.text)


def _cue(said: Said, part: SummaryPart) -> float:
    """What speaks for a sentence in its part beyond what it tells of the thread."""
    text = said.text
    if is_general(text):
        return -_CUE
    match part:
        case SummaryPart.REQUEST:
            return _CUE * (reports_trouble(text) or wishes(text))
        case SummaryPart.STATE:
            return _CUE * (2 * tells_outcome(text) + reports_trouble(text) + instructs(text)) / 2
        case SummaryPart.TRIED:
            return _ATTEMPT
    return 0.0


def _open_questions(public: Sequence[Message], said: Sequence[Said]) -> list[Said]:
    """Questions that nobody of the other side has written after."""
    if not public:
        return []
    asking = public[-1].author.role is Role.REQUESTER
    tail: set[str] = set()
    for message in reversed(public):
        if (message.author.role is Role.REQUESTER) is not asking:
            break
        tail.add(message.remote_id)
    found = [s for s in said if s.message.remote_id in tail and asks(s.text) and not is_courtesy(s.text)]
    return [s for s in found if not is_general(s.text)] or found[-1:]


def _needed(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """What a rep cannot do without: what is wanted, the last word, the newest promise and open question."""
    needed = [
        max(fitting, key=lambda one: one.worth)
        for part in (SummaryPart.REQUEST, SummaryPart.STATE)
        if (fitting := [one for one in candidates if one.part is part])
    ]
    for part in (SummaryPart.PROMISE, SummaryPart.OPEN_QUESTION):
        needed += [one for one in candidates if one.part is part][-1:]
    return needed


def _filled(candidates: Sequence[_Candidate], needed: Sequence[_Candidate]) -> list[_Candidate]:
    """`needed`, and the most telling sentences beside it."""
    chosen = list(needed)
    while len(chosen) < MAX_LINES:
        parts = Counter(one.part for one in chosen)
        told = {one.said.text for one in chosen}
        room = ENOUGH_WORDS - sum(one.words for one in chosen)
        fitting = [
            one
            for one in candidates
            if one.said.text not in told
            and _TELLING_WORDS <= one.words <= room
            and parts[one.part] < _MOST[one.part]
        ]
        best = max(fitting, key=lambda one: _gain(one, chosen), default=None)
        if best is None or _gain(best, chosen) <= 0:
            break
        chosen.append(best)
    return chosen


def _gain(one: _Candidate, chosen: Sequence[_Candidate]) -> float:
    """What a sentence adds to those chosen: maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998)."""
    told: Terms = frozenset().union(*(other.terms for other in chosen))
    repeated = len(one.terms & told) / (len(one.terms) or 1)
    beside = sum(other.said.message is one.said.message for other in chosen)
    return one.worth * (1 - _REPEATED * repeated) - _SAME_MESSAGE * beside


def _line(one: _Candidate) -> SummaryLine:
    message = one.said.message
    due = find_date(one.said.text, message.created) if one.part is SummaryPart.PROMISE else None
    return SummaryLine(
        part=one.part,
        text=_shortened(one.said.text),
        message=message.remote_id,
        role=message.author.role,
        due=due,
        name=message.author.name,
    )


def _shortened(text: str) -> str:
    if len(text) <= MAX_LINE_CHARS:
        return text
    return text[:MAX_LINE_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
