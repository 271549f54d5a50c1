"""What follows from the messages of a thread: its version, its preview, who spoke last, whether a person is awaited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.domain import (
    Escalation,
    Message,
    MessageKind,
    RemoteId,
    Role,
    Status,
    ThreadVersion,
    TicketSnapshot,
)
from copilot.store.codec import storable, to_ms

PREVIEW_LENGTH = 140
_PREVIEW_READ = 2_000
_DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """Columns of a ticket that its messages decide. `last_activity` in ms."""

    preview: str
    last_activity: int
    last_role: Role
    escalated: bool
    asks: bool


def thread_facts(snapshot: TicketSnapshot, messages: Sequence[Message]) -> ThreadFacts:
    """The facts of a thread, `messages` oldest first.

    `asks` says that the requester spoke last and somebody is expected to act.
    """
    public = [message for message in messages if message.kind is MessageKind.PUBLIC]
    last = next(reversed(public or list(messages)), None)
    last_role = Role.REQUESTER if last is None else last.author.role
    return ThreadFacts(
        preview=preview(last),
        last_activity=to_ms(messages[-1].created if messages else snapshot.created),
        last_role=last_role,
        escalated=waits_for_person(snapshot.escalation, messages),
        asks=last_role is Role.REQUESTER and not Status(snapshot.status).is_done,
    )


def preview(message: Message | None) -> str:
    """The first words of a message on one line."""
    if message is None:
        return ""
    words = " ".join(storable((message.clean or message.text)[:_PREVIEW_READ]).split())
    return words if len(words) <= PREVIEW_LENGTH else words[: PREVIEW_LENGTH - 1].rstrip() + "…"


def waits_for_person(escalation: Escalation | None, messages: Sequence[Message]) -> bool:
    """Whether the ticket was escalated and no rep has written to the requester since.

    Being assigned to a rep does not end it: the requester still waits for a person's first word.
    """
    if escalation is None:
        return False
    since = escalation.at or _last_word_of_ai(messages)
    return not any(_answers(message, since) for message in messages)


def digest(message: Message) -> bytes:
    """Changes with anything in a message that a rep, a draft or a search could see."""
    parts = [
        message.author.remote_id,
        message.author.role.value,
        str(to_ms(message.created)),
        message.kind.value,
        message.text,
        message.html,
        message.clean,
        message.language,
    ]
    for part in message.hidden:
        parts += ("hidden", part.kind.value, part.text)
    for file in message.attachments:
        parts += ("file", file.remote_id, file.name, file.media_type, str(file.size_bytes))
    return _hash(parts).digest()


def thread_version(digests: Mapping[RemoteId, bytes]) -> ThreadVersion:
    """The version of a thread with these messages (remote id to digest, oldest first)."""
    parts = (part for remote_id, content in digests.items() for part in (remote_id, content.hex()))
    return ThreadVersion(_hash(parts).hexdigest())


def _hash(parts: Iterable[str]) -> hashlib.blake2b:
    # Each part with its length, so that no two lists of parts read the same.
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES)


def _last_word_of_ai(messages: Sequence[Message]) -> datetime | None:
    return max(
        (message.created for message in messages if message.author.role is Role.AI_AGENT), default=None
    )


def _answers(message: Message, since: datetime | None) -> bool:
    if message.kind is not MessageKind.PUBLIC or message.author.role is not Role.REP:
        return False
    return since is None or message.created > since
