"""A draft put together from the best answer found, each sentence with its citation, or an honest abstention.

Nothing is composed: a sentence is a sentence of its source. Nothing is said about this requester's account, and nothing
that was said to another requester in person is said again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from copilot.assist.agreement import Chosen, agreed
from copilot.assist.grounding import check_sentence
from copilot.assist.sources import Source
from copilot.assist.speech import asks_how, reports_trouble
from copilot.assist.steps import Step, choose_steps, telling_key
from copilot.domain import (
    Abstention,
    Audience,
    Conversation,
    Draft,
    DraftSentence,
    Message,
    MessageKind,
    Role,
    SourceKind,
    Support,
)
from copilot.knowledge.retrieval import WORDS_BAR
from copilot.text.facts import Fact, FactKind, facts_in
from copilot.text.injection import injection_signs
from copilot.text.sentences import SentenceKind, split_sentences
from copilot.triage.urgency import is_settled

SURE = 0.5
"""Below this, asking for what a short report leaves out goes before a possible answer."""
LONG_QUESTION_WORDS = 40
"""Who writes more than this has described the problem; asking for the version then seems not to have read it."""

_GREETING = "Hello"
_ASKING = "To find the right steps, we need to know a little more."
_CLOSING = "Please tell us whether this helps."
_SIGN_OFF = "Kind regards"
_PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the draft must know of the thread."""

    conversation: Conversation
    question: str
    language: str
    facts: tuple[Fact, ...]

    @property
    def public(self) -> tuple[Message, ...]:
        """The messages that the requester has written or read."""
        return tuple(m for m in self.conversation.messages if m.kind is MessageKind.PUBLIC)

    def said_by(self, *roles: Role) -> tuple[Message, ...]:
        """The public messages of these roles."""
        return tuple(m for m in self.public if m.author.role in roles)


def situation_of(conversation: Conversation, question: str, language: str) -> Situation:
    """Read the facts out of what the requester said."""
    own = [m.clean for m in conversation.messages if m.author.role is Role.REQUESTER]
    return Situation(conversation, question, language, facts_in([conversation.ticket.subject, *own]))


def make_draft(
    situation: Situation, sources: Sequence[Source], *, bar: float = WORDS_BAR
) -> Draft | Abstention:
    """A draft from the best of `sources` that can carry one, else what is missing. Sources may come in any order.

    No draft is made from a source whose chance is below `bar`: each retriever has its own.
    """
    idle = _nothing_to_answer(situation)
    if idle is not None:
        return idle
    macros = [source for source in sources if source.kind is SourceKind.MACRO]
    if is_settled(situation.public[-1]):
        return _thanks(situation, macros) or Abstention(reason="The requester says that it is solved.")
    answer = _answer(situation, sources, bar)
    if answer is not None and answer.confidence >= SURE:
        return answer
    return _clarifying(situation, macros) or answer or _abstention(situation, sources)


def _nothing_to_answer(situation: Situation) -> Abstention | None:
    last = situation.public[-1] if situation.public else None
    if last is None or not last.clean.strip():
        return Abstention(reason="There is no message with text to answer.")
    if situation.conversation.ticket.status.is_done:
        return Abstention(reason="The ticket is solved: nothing is left to answer.")
    if last.author.role is Role.REP:
        return Abstention(reason="The last word is ours: the requester has not answered yet.")
    if any(injection_signs(m) for m in situation.said_by(Role.REQUESTER)):
        return Abstention(
            reason="A message contains instructions addressed to an AI. A person should read it first.",
            missing=("What the requester really needs",),
        )
    return None


def _answer(situation: Situation, sources: Sequence[Source], bar: float) -> Draft | None:
    """From an article, an internal answer or an earlier answer that is sure enough and was not tried already."""
    team = situation.said_by(Role.REP, Role.AI_AGENT)
    said = [telling_key(text) for message in team for text in _sentences(message)]
    usable = [
        source
        for source in sorted(sources, key=lambda source: -source.chance)
        if source.kind is not SourceKind.MACRO
        and _speaks(source, situation.language)
        and not _was_linked(source, situation)
    ]
    for source in usable:
        if source.chance < bar:
            break
        chosen = _said_by(source, usable, situation.question, said)
        pointed = _pointed_to(source, [other for other in usable if other.chance >= bar])
        if chosen or pointed is not None:
            return _assembled(situation, source, chosen, pointed=pointed)
    return None


def _pointed_to(source: Source, sure: Sequence[Source]) -> Source | None:
    """The article to name: this one, or beside an earlier answer the likeliest. An internal answer stands alone."""
    if source.kind is SourceKind.INTERNAL_ANSWER:
        return None
    return next((one for one in (source, *sure) if _can_be_pointed_to(one)), None)


def _said_by(
    source: Source, usable: Sequence[Source], question: str, said: Collection[str]
) -> tuple[Chosen, ...]:
    """An internal answer and a list of steps as they stand; else what this source and the others agree on."""
    steps = _whole(source, question, said)
    if source.kind is SourceKind.INTERNAL_ANSWER or any(one.step.marker for one in steps):
        return steps
    others = [one for one in usable if one.audience is Audience.PUBLIC or one is source]
    return agreed(others, said_before=said) or steps


def _whole(source: Source, question: str, said: Collection[str] = ()) -> tuple[Chosen, ...]:
    """What one source says by itself."""
    return tuple(Chosen(source, step) for step in choose_steps(source, question, said_before=said))


def _can_be_pointed_to(source: Source) -> bool:
    return source.kind is SourceKind.ARTICLE and bool(source.url) and source.audience is Audience.PUBLIC


def _sentences(message: Message) -> list[str]:
    skipped = {SentenceKind.QUOTE, SentenceKind.CODE}
    return [s.text for s in split_sentences(message.clean) if s.kind not in skipped]


def _speaks(source: Source, language: str) -> bool:
    """Whether the source is in the requester's language, as far as both are known. Articles are taken as English."""
    return not language or language == (source.language or "en")


def _was_linked(source: Source, situation: Situation) -> bool:
    """Whether the requester was sent there already and came back, or wrote of it themselves."""
    address = source.url.split("#")[0].rstrip("/")
    return bool(address) and any(address in m.text + m.html + m.clean for m in situation.public)


def _assembled(
    situation: Situation,
    source: Source,
    chosen: Sequence[Chosen],
    *,
    opening: str = "",
    pointed: Source | None = None,
) -> Draft:
    """Greeting, what is chosen with its citations, and sign-off; `source` lends its confidence."""
    sentences = [_courtesy(_greeting(situation), _PARAGRAPH)]
    if opening:
        sentences.append(_courtesy(opening, " "))
    if pointed is not None:
        sentences.append(_pointer(pointed))
    following = [*(one.step for one in chosen[1:]), None]
    sentences += [_sentence(one, after) for one, after in zip(chosen, following, strict=False)]
    if source.kind is not SourceKind.MACRO:
        sentences.append(_courtesy(_CLOSING, _PARAGRAPH))
    sentences.append(_courtesy(_sign_off(situation), ""))
    return Draft(sentences=tuple(sentences), confidence=round(source.chance, 2))


def _sentence(chosen: Chosen, following: Step | None) -> DraftSentence:
    step = chosen.step
    citation = chosen.source.cite(step.start, step.end)
    checked = check_sentence(step.text, [citation.quote])
    return DraftSentence(
        text=f"{step.marker} {step.text}" if step.marker else step.text,
        support=Support.SUPPORTED if checked is Support.COURTESY else checked,  # polite, and cited
        citations=(citation,),
        separator=_separator(step, following),
    )


def _separator(step: Step, following: Step | None) -> str:
    if following is None:
        return _PARAGRAPH
    if following.marker:
        return "\n" if step.is_item else _PARAGRAPH
    return " " if step.is_item is following.is_item else _PARAGRAPH


def _pointer(source: Source) -> DraftSentence:
    """Which article covers this; cites the part of it that was found."""
    title = source.title.replace("[", "(").replace("]", ")")
    return DraftSentence(
        text=f"This should be covered by our article [{title}]({source.url}).",
        support=Support.SUPPORTED,
        citations=(source.cite(source.start, source.end),),
        separator=_PARAGRAPH,
    )


def _courtesy(text: str, separator: str) -> DraftSentence:
    return DraftSentence(text=text, support=Support.COURTESY, separator=separator)


def _greeting(situation: Situation) -> str:
    words = situation.conversation.ticket.requester.name.split()
    first = words[0].strip(",") if words else ""
    plain = first.replace("-", "").replace("'", "").isalpha() and len(first) > 1
    return f"{_GREETING} {first}," if plain else f"{_GREETING},"


def _sign_off(situation: Situation) -> str:
    assignee = situation.conversation.ticket.assignee
    name = assignee.name.split()[0] if assignee is not None and assignee.name.split() else ""
    return f"{_SIGN_OFF},\n{name}" if name else _SIGN_OFF


def _clarifying(situation: Situation, macros: Sequence[Source]) -> Draft | None:
    """A macro that asks for what is missing, where first words report trouble and tell little of it."""
    question = situation.question
    first_contact = not situation.said_by(Role.REP, Role.AI_AGENT)
    brief = len(question.split()) <= LONG_QUESTION_WORDS
    if not (first_contact and brief and reports_trouble(question)) or asks_how(question):
        return None
    missing = set(_missing_kinds(situation))
    for source in macros:
        asked = sum(_ASKED_BY[kind] in source.text.casefold() for kind in missing)
        if asked >= 2 and "?" in source.text and _speaks(source, situation.language):
            return _assembled(situation, source, _whole(source, question), opening=_ASKING)
    return None


def _thanks(situation: Situation, macros: Sequence[Source]) -> Draft | None:
    """The macro that closes a request, for a requester who says that it is solved."""
    for source in macros:
        low = source.text.casefold()
        if "thank" in low and "closing" in low and _speaks(source, situation.language):
            return _assembled(situation, source, _whole(source, situation.question))
    return None


_ASKED_BY = {
    FactKind.VERSION: "version",
    FactKind.SYSTEM: "system",
    FactKind.PROVIDER: "provider",
    FactKind.ERROR: "error",
    FactKind.PROTOCOL: "account type",
}
_MISSING = {
    FactKind.VERSION: "The version in use",
    FactKind.SYSTEM: "The operating system or device",
    FactKind.ERROR: "The exact words of the error message",
}


def _missing_kinds(situation: Situation) -> list[FactKind]:
    told = {fact.kind for fact in situation.facts}
    wanted = [FactKind.VERSION, FactKind.SYSTEM]
    if "error" in situation.question.casefold():
        wanted.append(FactKind.ERROR)
    return [kind for kind in wanted if kind not in told]


def _abstention(situation: Situation, sources: Sequence[Source]) -> Abstention:
    """Say why there is no draft and what would help."""
    missing = [_MISSING[kind] for kind in _missing_kinds(situation) if reports_trouble(situation.question)]
    best = max((s for s in sources if s.kind is not SourceKind.MACRO), key=lambda s: s.chance, default=None)
    if situation.language not in {"", "en"}:
        reason = "The request is not in English, and the knowledge that was found is."
        missing.insert(0, "An article or a colleague in the requester's language")
    elif best is None:
        reason = "Nothing was found in the articles, macros and solved tickets."
        missing.insert(0, "An article or an earlier answer on this")
    else:
        reason = f"Nothing found answers this surely enough; the nearest is “{best.title}”."
        missing.insert(0, "An article or an earlier answer that covers this case")
    return Abstention(reason=reason, missing=tuple(missing))
