"""Messages for tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime

from copilot.domain import Message, Person, RemoteId, Role


def message(text: str = "", html: str = "", *, author: str = "Amara Okoye") -> Message:
    person = Person(remote_id=RemoteId("p1"), name=author, role=Role.REQUESTER)
    created = datetime(2026, 6, 24, 9, 30, tzinfo=UTC)
    return Message(remote_id=RemoteId("m1"), author=person, created=created, text=text, html=html)
