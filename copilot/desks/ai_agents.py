"""Which turns of a thread are an AI agent's, and whether it has handed the ticket on. Shared by the connectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.domain import Escalation, Message, MessageKind, Role, TicketSnapshot
from copilot.text.plain import html_to_text

ESCALATED_TAGS = frozenset({"ai-escalated", "ai_escalated"})
REASON_FIELD = "Escalation reason"
CONFIDENCE_FIELD = "Escalation confidence"


@dataclass(frozen=True, slots=True)
class AiAgents:
    """The automatic first responders of one desk, as `SignIn.ai_agents` names them: users, addresses or tags."""

    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> AiAgents:
        """From what was filled in; upper and lower case are the same."""
        return cls(frozenset(name.strip().casefold() for name in names if name.strip()))

    def include(self, *called: str) -> bool:
        """Whether somebody with any of these ids, names and addresses is one of them."""
        return any(one.casefold() in self.names for one in called if one)

    def escalation(self, tags: Sequence[str], fields: Mapping[str, str], by: str = "") -> Escalation | None:
        """What tags and fields say of a handover; None when no tag tells of one.

        A tag tells of one when it is among `ESCALATED_TAGS`, or when it is what the team calls its AI agent.
        """
        named = [tag for tag in tags if tag.casefold() in self.names]
        if not named and not ESCALATED_TAGS & {tag.casefold() for tag in tags}:
            return None
        return Escalation(
            by=by or (named[0] if named else "AI agent"),
            reason=fields.get(REASON_FIELD, ""),
            confidence=share(fields.get(CONFIDENCE_FIELD, "")),
        )


def share(text: str) -> float | None:
    """A number from 0 to 1, or per cent; None for anything else."""
    bare = text.strip()
    try:
        number = float(bare.rstrip("% "))
    except ValueError:
        return None
    part = number / 100 if bare.endswith("%") else number
    return part if 0 <= part <= 1 else None


def with_reason(snapshot: TicketSnapshot, messages: Iterable[Message]) -> TicketSnapshot:
    """Where nothing else says why the AI agent handed over, its last note does. Takes a while for a long note."""
    if snapshot.escalation is None or snapshot.escalation.reason:
        return snapshot
    notes = [one for one in messages if one.author.role is Role.AI_AGENT and one.kind is MessageKind.NOTE]
    if not notes:
        return snapshot
    words = notes[-1].text or html_to_text(notes[-1].html).text
    told = replace(snapshot.escalation, reason=words.strip(), at=notes[-1].created)
    return replace(snapshot, escalation=told)
