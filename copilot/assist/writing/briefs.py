"""Puts what a language model wrote into a ticket's brief, and says when one should write at all."""

from __future__ import annotations

import uuid
from dataclasses import replace

from copilot.assist.brief import INTERNAL_WARNING
from copilot.assist.writing.summarising import Summary
from copilot.domain import (
    Audience,
    Brief,
    BriefId,
    Conversation,
    Draft,
    MessageKind,
    Role,
    Suggestion,
    SuggestionId,
)
from copilot.text.injection import injection_signs

WORTH_A_SUMMARY_CHARS = 400
"""A thread shorter than this is read as fast as its summary."""
_INTERNAL = INTERNAL_WARNING.partition("“")[0]


def waits_for_reply(conversation: Conversation) -> bool:
    """Whether a draft may be written unasked: the requester had the last word, and nobody speaks to an AI in it.

    A thread with signs of injection is left to a person, who can still ask for a draft.
    """
    public = [
        m for m in conversation.messages if m.kind is MessageKind.PUBLIC and m.author.role is not Role.SYSTEM
    ]
    if not public or not public[-1].clean.strip() or conversation.ticket.status.is_done:
        return False
    if public[-1].author.role is Role.REP:
        return False
    return not any(injection_signs(m) for m in public if m.author.role is Role.REQUESTER)


def is_worth_a_summary(conversation: Conversation) -> bool:
    """Whether a summary saves reading: several messages, or a long one."""
    said = [m.clean for m in conversation.messages if m.author.role is not Role.SYSTEM]
    return sum(map(len, said)) >= WORTH_A_SUMMARY_CHARS


def with_suggestion(brief: Brief, suggestion: Suggestion) -> Brief:
    """The brief with another suggestion, and the warnings that go with it."""
    warnings = [one for one in brief.warnings if not one.startswith(_INTERNAL)]
    content = suggestion.content
    if isinstance(content, Draft):
        cited = {citation for sentence in content.sentences for citation in sentence.citations}
        internal = sorted({citation.title for citation in cited if citation.audience is Audience.INTERNAL})
        warnings += [INTERNAL_WARNING.format(title=title) for title in internal]
    return replace(
        brief, id=BriefId(uuid.uuid4().hex), suggestion=suggestion, warnings=tuple(dict.fromkeys(warnings))
    )


def with_summary(brief: Brief, summary: Summary) -> Brief:
    """The brief with a model's summary."""
    return replace(
        brief,
        id=BriefId(uuid.uuid4().hex),
        summary=summary.lines,
        summary_by=summary.model,
        summary_prompt=summary.prompt,
        summary_through=summary.through,
    )


def summary_in(brief: Brief | None) -> Summary | None:
    """The model's summary that a brief holds, if it holds one."""
    if brief is None or brief.summary_through is None:
        return None
    return Summary(
        lines=brief.summary,
        through=brief.summary_through,
        model=brief.summary_by,
        prompt=brief.summary_prompt,
    )


def standing(suggestion: Suggestion, reason: str) -> Suggestion:
    """The embedded engine's suggestion, offered again with the reason why no model took its place."""
    told = suggestion.reason if reason in suggestion.reason else f"{suggestion.reason} {reason}".strip()
    return replace(suggestion, id=SuggestionId(uuid.uuid4().hex), reason=told)
