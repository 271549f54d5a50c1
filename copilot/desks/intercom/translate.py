"""From Intercom's records to our nouns. Pure: no network, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

from copilot.desks.ai_agents import AiAgents
from copilot.desks.intercom.wire import Author, Contact, Conversation, File, Part, Source
from copilot.domain import (
    Attachment,
    Channel,
    Escalation,
    Message,
    MessageKind,
    Person,
    Priority,
    Rating,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
)

STATES = {"open": Status.OPEN, "snoozed": Status.PENDING, "closed": Status.SOLVED}
CHANNELS = {
    "conversation": Channel.CHAT,
    "email": Channel.EMAIL,
    "facebook": Channel.SOCIAL,
    "instagram": Channel.SOCIAL,
    "twitter": Channel.SOCIAL,
    "phone_call": Channel.PHONE,
    "phone_switch": Channel.PHONE,
    "sms": Channel.SMS,
    "whatsapp": Channel.WHATSAPP,
}
"""Conversation source, type; a channel that is not here is OTHER."""
WHATSAPP_WINDOW = timedelta(hours=24)
"""After the customer's last message WhatsApp takes replies for a day (WhatsApp Business Platform, Service windows)."""
ESCALATIONS = {
    "escalated": "The AI agent gave the conversation to the team.",
    "procedure_handoff": "A procedure of the AI agent ended with a handoff.",
    "negative_feedback": "The customer said that the AI agent's answer did not help.",
}
"""AI Agent, resolution_state: those in which a person has to go on."""
FIN = "Fin"
"""What Intercom calls its AI agent."""
MAX_SUBJECT_CHARS = 80
REDACTED = "(This message was redacted in Intercom.)"
NO_NUMBER = RemoteId("")
_TAGS = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What one needs beside a conversation to understand it: teammates, teams and contacts by number, AI agents."""

    admins: Mapping[str, Person] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    ai_agents: AiAgents = field(default_factory=AiAgents)
    app: str = ""

    def author(self, author: Author) -> Person:
        """Who wrote something."""
        number = author.id or ""
        if author.from_ai_agent or self.ai_agents.include(number, author.name, author.email):
            return Person(
                remote_id=RemoteId(number), name=author.name or FIN, email=author.email, role=Role.AI_AGENT
            )
        if author.type == "admin":
            return self.admins.get(number) or _named(author, Role.REP)
        if author.type in {"bot", "team", ""}:
            return _named(author, Role.SYSTEM)
        return self.contact(number, author)

    def contact(self, number: str, author: Author) -> Person:
        """A customer: the same person wherever they are named, so what is known of the contact comes first."""
        known = self.contacts.get(number)
        name, email = (known.name, known.email) if known is not None else (author.name, author.email)
        return Person(
            remote_id=RemoteId(number), name=name or email or "(no name)", email=email, role=Role.REQUESTER
        )

    def admin(self, number: str) -> Person:
        """A teammate by number."""
        known = self.admins.get(number)
        person = known or Person(remote_id=RemoteId(number), name=f"Teammate {number}", role=Role.REP)
        if not self.ai_agents.include(number, person.name, person.email):
            return person
        return Person(remote_id=person.remote_id, name=person.name, email=person.email, role=Role.AI_AGENT)


def snapshot(one: Conversation, around: Around) -> TicketSnapshot:
    """A conversation's header."""
    fields = fields_of(one.custom_attributes or {})
    tags = tuple(sorted(tag.name for tag in one.tags.tags)) if one.tags is not None else ()
    source = one.source or Source()
    channel = CHANNELS.get(source.type, Channel.OTHER)
    waits = one.statistics.last_contact_reply_at if one.statistics is not None else None
    return TicketSnapshot(
        remote_id=RemoteId(one.id),
        subject=_subject(one, source),
        status=STATES.get(one.state, Status.OPEN),
        channel=channel,
        created=one.created_at,
        updated=one.updated_at,
        requester=requester_of(one, around),
        version=version_of(one),
        assignee=_assignee(one, around),
        group=around.teams.get(one.team_assignee_id or "", ""),
        priority=Priority.HIGH if one.priority == "priority" else None,
        tags=tags,
        fields=fields,
        escalation=_escalation(one) or around.ai_agents.escalation(tags, fields),
        url=f"https://app.intercom.com/a/inbox/{around.app}/inbox/conversation/{one.id}"
        if around.app
        else "",
        rating=_rating(one),
        reply_until=waits + WHATSAPP_WINDOW if channel is Channel.WHATSAPP and waits is not None else None,
    )


def version_of(one: Conversation) -> str:
    """The last change, which counts whole seconds, and how many parts there are."""
    parts = one.statistics.count_conversation_parts if one.statistics is not None else 0
    return f"{int(one.updated_at.timestamp())}.{parts or 0}"


def requester_of(one: Conversation, around: Around) -> Person:
    """The first contact; there is none in a conversation of bots alone."""
    author = one.source.author if one.source is not None else Author()
    if one.contacts is not None and one.contacts.contacts:
        number = one.contacts.contacts[0].id
        return around.contact(number, author if author.id == number else Author())
    return Person(remote_id=NO_NUMBER, name="(no requester)", role=Role.REQUESTER)


def fields_of(attributes: Mapping[str, object]) -> dict[str, str]:
    """Custom attributes as text; lists of other objects are not shown."""
    said = {name: _shown(value) for name, value in attributes.items()}
    return dict(sorted((name, text) for name, text in said.items() if text))


def messages_of(one: Conversation, around: Around) -> tuple[Message, ...]:
    """The message it began with, and every part that says something, oldest first."""
    parts = one.conversation_parts.conversation_parts if one.conversation_parts is not None else ()
    found = [_message(part, around) for part in parts if part.body or part.attachments or part.redacted]
    left_out = (one.conversation_parts.total_count or 0) - len(parts) if one.conversation_parts else 0
    if left_out > 0:
        found.insert(0, _gap(one, left_out))
    if one.source is not None and (one.source.body or one.source.attachments or one.source.redacted):
        found.insert(0, _opening(one, one.source, around))
    return tuple(sorted(found, key=lambda message: message.created))


def file_id(message: str, index: int) -> RemoteId:
    """What we call a file: Intercom gives it no number, but it keeps its place in its message."""
    return RemoteId(f"{message}:{index}")


def source_id(source: Source) -> str:
    """What we call the first message, apart from all parts."""
    return f"source-{source.id or ''}"


def _opening(one: Conversation, source: Source, around: Around) -> Message:
    return Message(
        remote_id=RemoteId(source_id(source)),
        author=around.author(source.author),
        created=one.created_at,
        html=source.body,
        text=REDACTED if source.redacted and not source.body else "",
        attachments=_files(source_id(source), source.attachments or ()),
    )


def _message(part: Part, around: Around) -> Message:
    return Message(
        remote_id=RemoteId(part.id),
        author=around.author(part.author),
        created=part.created_at,
        kind=MessageKind.NOTE if "note" in part.part_type else MessageKind.PUBLIC,
        html=part.body,
        text=REDACTED if part.redacted and not part.body else "",
        attachments=_files(part.id, part.attachments or ()),
    )


def _gap(one: Conversation, left_out: int) -> Message:
    """Says where Intercom keeps something from us: it gives the newest 500 parts (Retrieve a conversation)."""
    return Message(
        remote_id=RemoteId(f"gap-{one.id}"),
        author=Person(remote_id=NO_NUMBER, name="Intercom", role=Role.SYSTEM),
        created=one.created_at,
        kind=MessageKind.NOTE,
        text=f"{left_out} earlier parts of this conversation can only be read in Intercom.",
    )


def _files(message: str, files: tuple[File, ...]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            remote_id=file_id(message, index),
            name=file.name or f"file {index + 1}",
            media_type=file.content_type or "application/octet-stream",
            size_bytes=file.filesize or 0,
        )
        for index, file in enumerate(files)
    )


def _named(author: Author, role: Role) -> Person:
    name = author.name or author.email or "Intercom"
    return Person(remote_id=RemoteId(author.id or ""), name=name, email=author.email, role=role)


def _subject(one: Conversation, source: Source) -> str:
    for text in (one.title, source.subject, source.body):
        plain = " ".join(unescape(_TAGS.sub(" ", text)).split())
        if plain:
            return plain if len(plain) <= MAX_SUBJECT_CHARS or text != source.body else _cut(plain)
    return "(no subject)"


def _cut(text: str) -> str:
    return text[:MAX_SUBJECT_CHARS].rsplit(" ", 1)[0] + " …"


def _assignee(one: Conversation, around: Around) -> Person | None:
    number = one.admin_assignee_id or "0"
    return around.admin(number) if number != "0" else None


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else ""


def _escalation(one: Conversation) -> Escalation | None:
    state = one.ai_agent.resolution_state if one.ai_agent is not None else ""
    if not one.ai_agent_participated or state not in ESCALATIONS:
        return None
    return Escalation(by=FIN, reason=ESCALATIONS[state])


def _rating(one: Conversation) -> Rating | None:
    """The customer's; that of the AI agent's answers where there is no other."""
    rated = one.conversation_rating
    if rated is not None and rated.rating is not None:
        return Rating(score=_score(rated.rating), comment=rated.remark, at=rated.created_at)
    if one.ai_agent is not None and one.ai_agent.rating is not None:
        return Rating(score=_score(one.ai_agent.rating), comment=one.ai_agent.rating_remark)
    return None


def _score(stars: int) -> float:
    return min(1.0, max(0.0, (stars - 1) / 4))
