"""A demo desk's data with a handful of tickets: creating a desk from it takes milliseconds. For any test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime(2026, 6, 26, 14, 30, tzinfo=UTC)
REPS = {"rep-you": "Sam Lee", "rep-1": "Priya Raman", "rep-2": "Tomás Herrera"}
AGENT = {"id": "ai-agent", "name": "Birdie (AI agent)", "email": "birdie@nestbox.example"}


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Sleeper:
    """Waits by moving the clock, and remembers how long."""

    def __init__(self, clock: Clock) -> None:
        self.slept: list[float] = []
        self._clock = clock

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._clock.forward(seconds)


def small_demo(folder: Path) -> Path:
    """Write the data into `folder`, in the shape of `resources/demo`; the answer is the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = {
        "now": NOW.isoformat(),
        "organization": "Nestbox Support",
        "signed_in": "rep-you",
        "reps": [_person(rep, name, "nestbox.example") for rep, name in REPS.items()],
        "ai_agent": AGENT,
        "groups": ["Support", "Escalations"],
        "macros": [{"id": "macro-version", "title": "Ask for version", "text": "Which version?", "tags": []}],
    }
    (folder / "desk.json").write_text(json.dumps(desk), encoding="utf-8")
    _write(folder / "queue.jsonl", QUEUE)
    _write(folder / "history.jsonl", HISTORY)
    _write(folder / "articles.jsonl", [ARTICLE])
    return folder


def _write(path: Path, lines: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _person(person: str, name: str, domain: str = "example.com") -> dict[str, str]:
    return {"id": person, "name": name, "email": f"{person}@{domain}"}


def _message(ticket: str, number: int, author: Mapping[str, str], text: str, **other: Any) -> dict[str, Any]:
    role = "rep" if author["id"] in REPS else "ai_agent" if author["id"] == "ai-agent" else "requester"
    created = datetime.fromisoformat(other.pop("created", NOW.isoformat())) + timedelta(minutes=number - 60)
    return {
        "id": f"{ticket}-{number}",
        "role": role,
        "author": author,
        "created": created.isoformat(),
        "kind": "public",
        "text": text,
        "html": None,
        "attachments": [],
        "accepted_solution": False,
        "scripted": role == "ai_agent",
        **other,
    }


def _ticket(ticket: str, messages: list[dict[str, Any]], **other: Any) -> dict[str, Any]:
    return {
        "id": ticket,
        "subject": f"About {ticket}",
        "created": messages[0]["created"],
        "status": "new",
        "channel": "email",
        "topic": "settings",
        "tags": ["settings"],
        "priority": None,
        "requester": messages[0]["author"],
        "assignee": None,
        "group": "Support",
        "escalated_by_ai": False,
        "escalation_reason": None,
        "ai_confidence": None,
        "messages": messages,
        "scripted": False,
        "source_url": f"https://support.example.com/questions/{ticket}",
        "article_links": [],
        **other,
    }


_SAM, _PRIYA, _TOMAS = (_person(rep, name, "nestbox.example") for rep, name in REPS.items())
_AMARA, _BO, _CHI = (
    _person("cust-1", "Amara Okoye"),
    _person("cust-2", "Bo Lund"),
    _person("cust-3", "Chi Ito"),
)
_LONG_AGO = "2024-01-02T10:00:00+00:00"

QUEUE = [
    _ticket("new", [_message("new", 1, _AMARA, "How do I move a folder?")]),
    _ticket(
        "escalated",
        [
            _message("escalated", 1, _BO, "Where are my mails?"),
            _message("escalated", 2, AGENT, "I am an AI agent. Look into the trash."),
            _message("escalated", 3, _BO, "They are not there. A person, please."),
            _message("escalated", 4, AGENT, "Reason: asked for a person.", kind="note"),
        ],
        status="open",
        group="Escalations",
        priority="high",
        escalated_by_ai=True,
        escalation_reason="Customer asked for a person",
        ai_confidence=0.4,
    ),
    _ticket(
        "mine",
        [
            _message(
                "mine",
                1,
                _CHI,
                "The toolbar is gone.",
                html="<p>The toolbar is <b>gone</b>.</p>",
                attachments=[{"name": "log.txt", "media_type": "text/plain", "text": "line 1\nline 2 ü\n"}],
            )
        ],
        assignee="rep-you",
        status="open",
        later=[
            _message("mine", 61, _SAM, "Press F10."),
            _message("mine", 62, _CHI, "Sam, that did the trick!"),
        ],
    ),
    _ticket(
        "helped",
        [_message("helped", 1, _AMARA, "The font is too small.")],
        later=[
            _message("helped", 63, _PRIYA, "Press Ctrl and plus."),
            _message("helped", 64, _AMARA, "Thanks Priya, that is better."),
        ],
    ),
    _ticket(
        "contested",
        [_message("contested", 1, _BO, "It asks for a password.")],
        assignee="rep-you",
        status="open",
        later=[
            _message("contested", 65, _TOMAS, "Which provider is it?"),
            _message("contested", 66, _BO, "Example Mail."),
        ],
    ),
]
HISTORY = [
    _ticket(
        f"solved-{n}",
        [
            _message(f"solved-{n}", 1, _CHI, "It is slow.", created=_LONG_AGO),
            _message(
                f"solved-{n}", 2, _PRIYA, "Compact the folders.", created=_LONG_AGO, accepted_solution=True
            ),
            _message(f"solved-{n}", 3, _CHI, last_words, created=_LONG_AGO),
        ],
        status="solved",
        assignee="rep-1",
    )
    for n, last_words in enumerate(
        ["Thank you, that worked!", "Sorry, that did not work.", "Thanks, moved 12 mails to Priya's folder."]
    )
]
ARTICLE = {
    "id": "move-folders",
    "title": "Move a folder",
    "summary": "How to move a folder.",
    "url": "https://support.example.com/kb/move-folders",
    "updated": "2025-09-26",
    "audience": "public",
    "text": "Drag the folder to its new place.",
    "topics": ["settings"],
}
