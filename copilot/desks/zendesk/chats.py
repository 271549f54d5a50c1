"""What was said in chats and messaging conversations: it stands in the audits, not among the comments.

API reference: Ticket Audits, List Audits for a Ticket; Ticket Comments, Redact Chat Comment (the shape of
ChatStartedEvent with its history: actor, milliseconds, ChatMessage and ChatFileAttachment). An event may repeat what an
earlier one of the same chat had. Where the bytes of its files are is not described, so these are named only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from copilot.desks.rest import Rest
from copilot.desks.zendesk.listing import every
from copilot.desks.zendesk.translate import Around
from copilot.desks.zendesk.wire import AuditPage, AuditRow, Said, Ticket
from copilot.domain import Message, MessageKind, Person, RemoteId, Role

CHAT_EVENTS = frozenset({"ChatStartedEvent", "ChatEndedEvent"})
BOT = "zd:answerBot"
"""Zendesk's own first responder, as an actor (Webhooks, Messaging events)."""


def has_chats(ticket: Ticket) -> bool:
    """Whether a ticket came in a way whose words are kept apart."""
    return bool(ticket.from_messaging_channel) or ticket.via.channel in {"chat", "native_messaging"}


async def chat_messages(rest: Rest, ticket: Ticket, around: Around) -> list[Message]:
    """All that was said in a ticket's chats, in the order of saying."""
    path = f"/api/v2/tickets/{ticket.id}/audits"
    audits = await every(rest, path, AuditPage, lambda page: page.audits)
    found = {message.remote_id: message for message in _messages(audits, ticket, around)}
    return sorted(found.values(), key=lambda message: message.created)


def _messages(audits: Iterable[AuditRow], ticket: Ticket, around: Around) -> Iterator[Message]:
    for audit in audits:
        for event in audit.events:
            if event.type in CHAT_EVENTS and event.value is not None:
                for said in event.value.history:
                    text = _text(said)
                    if text and said.timestamp is not None:
                        yield Message(
                            remote_id=RemoteId(f"chat-{event.value.chat_id}-{said.chat_index}"),
                            author=_actor(said, ticket, around),
                            created=said.timestamp,
                            kind=MessageKind.PUBLIC,
                            text=text,
                        )


def _text(said: Said) -> str:
    if said.type == "ChatMessage":
        return said.message
    return f"[{said.filename or 'a file'}]" if said.type == "ChatFileAttachment" else ""


def _actor(said: Said, ticket: Ticket, around: Around) -> Person:
    actor = said.actor_id or ""
    if actor == BOT or around.ai_agents.include(actor, said.actor_name):
        return Person(remote_id=RemoteId(actor), name=said.actor_name or "Zendesk bot", role=Role.AI_AGENT)
    if said.actor_type in {"end-user", "end_user", ""}:
        return around.person(ticket.requester_id or actor, Role.REQUESTER)
    role = Role.REP if said.actor_type == "agent" else Role.SYSTEM
    known = around.person(actor, role)
    name = said.actor_name if actor not in around.users and said.actor_name else known.name
    return Person(remote_id=known.remote_id, name=name, email=known.email, role=role)
