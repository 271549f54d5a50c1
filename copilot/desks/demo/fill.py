"""From the files in `resources/demo` to a new demo desk: cast, tickets, articles, and what others will say later.

All dates are shifted so that the data's "now" is the moment of filling.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from pathlib import Path
from typing import Any

from copilot.domain import Role, SourceKind

Line = Mapping[str, Any]

BROKEN = re.compile(r"(?:\bnot\b|n['’]t\b|\bstill\b|\bno luck\b|\bsame\b)", re.IGNORECASE)
SATISFIED = re.compile(
    r"\b(?:thanks?|thank you|work(?:s|ed|ing)|solved|fixed|great|perfect)\b", re.IGNORECASE
)
GENERAL_WORDS = """
    a afraid again all also and another answer any appreciate appreciated as best brilliant but can charm cheers could
    did didn do does doesn everybody everyone everything excellent exactly fast fine first fix fixed for fantastic good
    got grateful great have help helped helpful helps hello hi i in indeed is isn issue issues it its like lot luck m
    many me more most much my no not now of ok okay once perfect perfectly please problem problems prompt question
    quick quickly
    re really regards reply response resolved same so solution solved sorry sorted speedy still success successful such
    suggestion suggestions super t thank thanks that the then there these this tip to tried try unfortunately very was
    well what wishes with wonderful won work worked working works yes you your
"""
"""An answer of these words alone fits any reply."""


def stamp(moment: datetime) -> str:
    """A moment as the file keeps it: sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def fill(connection: sqlite3.Connection, folder: Path, now: datetime) -> None:
    """Write everything in `folder` into the empty tables, inside the caller's transaction."""
    desk = json.loads((folder / "desk.json").read_text(encoding="utf-8"))
    tickets = [*_lines(folder / "history.jsonl"), *_lines(folder / "queue.jsonl")]
    _Filling(connection, shift=now - datetime.fromisoformat(desk["now"])).everything(desk, tickets, folder)


def _lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


class _Filling:
    """One pass over the data; `shift` is added to every date in it."""

    def __init__(self, connection: sqlite3.Connection, *, shift: timedelta) -> None:
        self._connection = connection
        self._shift = shift

    def everything(self, desk: Line, tickets: list[Line], folder: Path) -> None:
        self._cast(desk, tickets)
        # The live queue first, so that a rep sees it a moment after the first start; history fills in behind.
        tickets.sort(key=lambda ticket: str(ticket["messages"][-1]["created"]), reverse=True)
        self._many("tickets", (self._ticket(seq, ticket) for seq, ticket in enumerate(tickets, 1)))
        self._many("messages", (self._message(t["id"], m) for t in tickets for m in t["messages"]))
        self._many(
            "attachments", chain.from_iterable(_attachments(m) for t in tickets for m in t["messages"])
        )
        self._many("script", _script(tickets))
        self._many("answers", _answers(tickets))
        self._many("articles", self._articles(_lines(folder / "articles.jsonl"), desk["macros"]))
        meta = {"signed_in": desk["signed_in"], "ai_agent": desk["ai_agent"]["id"], "seq": str(len(tickets))}
        self._many("meta", ({"name": name, "value": value} for name, value in meta.items()))

    def _cast(self, desk: Line, tickets: list[Line]) -> None:
        people: dict[str, dict[str, Any]] = {}
        roles = (
            (Role.REP, desk["reps"]),
            (Role.AI_AGENT, [desk["ai_agent"]]),
            (Role.REQUESTER, [ticket["requester"] for ticket in tickets]),
        )
        for role, persons in roles:
            for person in persons:
                people.setdefault(person["id"], {**person, "role": role, "position": len(people)})
        self._many("people", people.values())
        self._many("groups", ({"name": name, "position": n} for n, name in enumerate(desk["groups"])))

    def _ticket(self, seq: int, ticket: Line) -> dict[str, Any]:
        accepted = [m["id"] for m in ticket["messages"] if m["accepted_solution"]]
        escalated = _escalated_at(ticket) if ticket["escalated_by_ai"] else None
        return {
            "id": ticket["id"],
            "seq": seq,
            "subject": ticket["subject"],
            "status": ticket["status"],
            "channel": ticket["channel"],
            "created": self._shifted(ticket["created"]),
            "updated": self._shifted(ticket["messages"][-1]["created"]),
            "requester": ticket["requester"]["id"],
            "assignee": ticket["assignee"],
            "team": ticket["group"],
            "priority": ticket["priority"],
            "tags": json.dumps(ticket["tags"], ensure_ascii=False),
            "fields": json.dumps({"topic": ticket["topic"]} if ticket["topic"] else {}, ensure_ascii=False),
            "url": ticket["source_url"] or "",
            "escalation_reason": ticket["escalation_reason"] if escalated else None,
            "escalation_confidence": ticket["ai_confidence"] if escalated else None,
            "escalated_at": self._shifted(escalated) if escalated else None,
            "accepted_solution": accepted[-1] if accepted else None,
        }

    def _message(self, ticket: str, message: Line) -> dict[str, Any]:
        return {
            "id": message["id"],
            "ticket": ticket,
            "author": message["author"]["id"],
            "created": self._shifted(message["created"]),
            "kind": message["kind"],
            "text": message["text"] or "",
            "html": message["html"] or "",
            "scripted": bool(message["scripted"]),
        }

    def _articles(self, articles: Iterable[Line], macros: list[Line]) -> Iterator[dict[str, Any]]:
        position = count()
        for article in articles:
            updated = article["updated"]
            yield {
                "id": article["id"],
                "position": next(position),
                "title": article["title"],
                "text": article["text"],
                "summary": article["summary"] or "",
                "url": article["url"],
                "kind": SourceKind.ARTICLE,
                "updated": stamp(datetime.fromisoformat(updated).replace(tzinfo=UTC)) if updated else None,
            }
        for macro in macros:
            yield {
                "id": macro["id"],
                "position": next(position),
                "title": macro["title"],
                "text": macro["text"],
                "summary": "",
                "url": "",
                "kind": SourceKind.MACRO,
                "updated": None,
            }

    def _shifted(self, date: str) -> str:
        return stamp(datetime.fromisoformat(date) + self._shift)

    def _many(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert rows that all have the same columns; names of tables and columns are this module's own."""
        remaining = iter(rows)
        first = next(remaining, None)
        if first is None:
            return
        columns = ", ".join(first)
        places = ", ".join(f":{name}" for name in first)
        statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - no data in the statement
        self._connection.executemany(statement, chain([first], remaining))


def _escalated_at(ticket: Line) -> str:
    """When the AI agent gave up: its newest message."""
    by_agent = [m["created"] for m in ticket["messages"] if m["role"] == Role.AI_AGENT]
    return str(by_agent[-1] if by_agent else ticket["messages"][-1]["created"])


def _attachments(message: Line) -> Iterator[dict[str, Any]]:
    for position, attachment in enumerate(message["attachments"], 1):
        yield {
            "id": f"{message['id']}-file-{position}",
            "message": message["id"],
            "position": position,
            "name": attachment["name"],
            "media_type": attachment["media_type"],
            "content": attachment["text"].encode(),
        }


def _script(tickets: list[Line]) -> Iterator[dict[str, Any]]:
    """What will be said later, in the order in which it was really said."""
    lines = [
        (str(line["created"]), ticket["id"], line) for ticket in tickets for line in ticket.get("later", ())
    ]
    for position, (_, ticket, line) in enumerate(sorted(lines, key=lambda entry: entry[0]), 1):
        yield {
            "position": position,
            "ticket": ticket,
            "author": line["author"]["id"],
            "kind": line["kind"],
            "text": line["text"] or "",
            "html": line["html"] or "",
        }


def _answers(tickets: list[Line]) -> Iterator[dict[str, Any]]:
    """Short last words of real requesters that fit any reply."""
    said = (
        str(message["text"] or "").strip()
        for ticket in tickets
        for message in [*ticket["messages"][1:], *ticket.get("later", ())]
        if message["role"] == Role.REQUESTER
    )
    for text in dict.fromkeys(filter(_is_general, said)):
        if BROKEN.search(text):
            yield {"satisfied": False, "text": text}
        elif SATISFIED.search(text):
            yield {"satisfied": True, "text": text}


def _is_general(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+|\d+", text.casefold())
    return len(words) > 1 and set(words) <= set(GENERAL_WORDS.split())
