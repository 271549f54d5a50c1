"""A store of any size, from the demo desk's real texts recombined: same seed, same tickets.

Sentences of real messages are shuffled into new ones. A thousand real messages lack the long tail of rare words that
half a million have (names, products, error codes), so most get some invented ones, as rare as Zipf would have them.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from copilot.domain import (
    Channel,
    DeskId,
    Escalation,
    Message,
    MessageKind,
    Person,
    RemoteId,
    Role,
    Status,
    Thread,
    TicketSnapshot,
    View,
)
from copilot.store import Store

DEMO = Path(__file__).parents[2] / "resources" / "demo"
DESK = DeskId("bench")
NOW = datetime(2026, 6, 26, 14, 30, tzinfo=UTC)
ME = Person(remote_id=RemoteId("rep-0"), name="Sam Lee", email="sam.lee@example.com", role=Role.REP)
MESSAGES_PER_TICKET = 6.7
"""450,000 tickets come to 3 million messages."""
_DAYS = 3 * 365
_RARE_WORDS = 300_000
_SYLLABLES = ("ba", "co", "di", "fe", "gu", "ka", "lo", "mi", "ne", "pu", "ra", "so", "ti", "ve", "zu", "xa")
_RECENT = 0.9
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Texts:
    """What real people wrote: whole messages by role, their sentences, subjects."""

    messages: dict[Role, list[str]] = field(default_factory=lambda: defaultdict(list))
    sentences: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def read_texts(folder: Path = DEMO) -> Texts:
    """The texts of the demo desk."""
    texts = Texts()
    for name in ("queue.jsonl", "history.jsonl"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            ticket = json.loads(line)
            texts.subjects.append(ticket["subject"])
            texts.names.append(ticket["requester"]["name"])
            for message in ticket["messages"]:
                words = message["text"] or ""
                texts.messages[Role(message["role"])].append(words)
                texts.sentences.extend(part for part in words.replace("\n", ". ").split(". ") if part)
    return texts


class Generator:
    """Tickets of a desk, oldest first, the last of them created just before `NOW`."""

    def __init__(self, count: int, *, seed: int = 7, texts: Texts | None = None) -> None:
        self._count = count
        self._texts = texts or read_texts()
        self._random = random.Random(seed)
        self._reps = [ME, *(self._person(f"rep-{number}", Role.REP) for number in range(1, 40))]
        self._bot = Person(remote_id=RemoteId("bot"), name="Birdie (AI agent)", role=Role.AI_AGENT)
        self._requesters = max(1, count // 4)

    def threads(self) -> Iterator[Thread]:
        """All of them."""
        for number in range(self._count):
            yield self._thread(number)

    def long_thread(self, length: int) -> Thread:
        """One ticket with exactly so many messages, open and mine."""
        created = NOW - timedelta(minutes=length)
        requester = self._person("cust-0", Role.REQUESTER)
        messages = tuple(
            self._message(
                f"long-{length}-{place}", self._turn(place, requester), created + timedelta(minutes=place)
            )
            for place in range(length)
        )
        snapshot = self._snapshot(f"long-{length}", created, requester, messages)
        return Thread(snapshot=snapshot, messages=messages)

    def _thread(self, number: int) -> Thread:
        share = number / self._count
        created = NOW - timedelta(days=_DAYS * (1 - share)) + timedelta(seconds=number % 60)
        requester = self._person(f"cust-{self._random.randrange(self._requesters)}", Role.REQUESTER)
        length = min(60, 1 + round(self._random.expovariate(1 / (MESSAGES_PER_TICKET - 1))))
        messages = tuple(
            self._message(
                f"{number}-{place}", self._turn(place, requester), created + timedelta(minutes=37 * place)
            )
            for place in range(length)
        )
        snapshot = self._snapshot(str(number), created, requester, messages)
        return Thread(snapshot=snapshot, messages=messages)

    def _turn(self, place: int, requester: Person) -> Person:
        if place % 2 == 0:
            return requester
        return self._bot if place == 1 else self._random.choice(self._reps)

    def _snapshot(
        self, remote_id: str, created: datetime, requester: Person, messages: tuple[Message, ...]
    ) -> TicketSnapshot:
        draw = self._random
        is_long = remote_id.startswith("long")
        active = is_long or draw.random() < (
            0.36 if created > NOW - timedelta(days=_DAYS * (1 - _RECENT)) else 0.005
        )
        status = (
            draw.choice((Status.OPEN, Status.OPEN, Status.NEW, Status.PENDING)) if active else Status.SOLVED
        )
        return TicketSnapshot(
            remote_id=RemoteId(remote_id),
            subject=f"{draw.choice(self._texts.subjects)} ({draw.choice(self._texts.sentences)[:30].strip()})",
            status=status,
            channel=draw.choice((Channel.EMAIL, Channel.WEB, Channel.CHAT)),
            created=created,
            updated=messages[-1].created,
            requester=requester,
            version="1",
            assignee=ME if is_long else self._assignee(active),
            group=draw.choice(("Support", "Escalations", "Billing")),
            tags=tuple(draw.sample(("mail", "login", "sync", "calendar", "junk", "import"), 2)),
            escalation=_escalated(messages[-1].created) if active and draw.random() < 0.08 else None,
            due=NOW + timedelta(hours=draw.uniform(-6, 60)) if active and draw.random() < 0.3 else None,
        )

    def _assignee(self, active: bool) -> Person | None:
        draw = self._random.random()
        if active and draw < 0.3:
            return None
        return ME if draw < 0.4 else self._random.choice(self._reps)

    def _message(self, remote_id: str, author: Person, created: datetime) -> Message:
        text = self._text(author.role)
        return Message(
            remote_id=RemoteId(remote_id),
            author=author,
            created=created,
            kind=MessageKind.NOTE if self._random.random() < 0.05 else MessageKind.PUBLIC,
            text=text,
            clean=text,
            language="en",
        )

    def _text(self, role: Role) -> str:
        draw = self._random
        whole = self._texts.messages.get(role) or self._texts.messages[Role.REP]
        parts = [draw.choice(whole)]
        parts.extend(draw.choice(self._texts.sentences) for _ in range(draw.randrange(5)))
        parts.extend(_rare_word(draw) for _ in range(draw.randrange(4)))
        return "\n".join(parts)

    def _person(self, remote_id: str, role: Role) -> Person:
        number = int(remote_id.rpartition("-")[2])
        first = self._texts.names[number % len(self._texts.names)].split()[0]
        last = self._texts.names[number // len(self._texts.names) % len(self._texts.names)].split()[-1]
        email = f"{first}.{last}.{number}@example.com".lower()
        return Person(remote_id=RemoteId(remote_id), name=f"{first} {last}", email=email, role=role)


def _escalated(at: datetime) -> Escalation:
    return Escalation(by="bot", reason="asked for a person", confidence=0.4, at=at)


def _rare_word(draw: random.Random) -> str:
    """Word number n is n times rarer than the first."""
    number = int(_RARE_WORDS ** draw.random())
    syllables = []
    while number:
        number, place = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    return "xe" + "".join(syllables)


async def fill(store: Store, generator: Generator) -> int:
    """Store everything the generator makes, put some tickets aside; how many messages that was."""
    await store.tickets.set_me(DESK, ME)
    threads = generator.threads()
    messages = 0
    while batch := list(islice(threads, _BATCH)):
        await store.tickets.put_threads(DESK, batch)
        messages += sum(len(thread.messages) for thread in batch)
    active = await store.tickets.page(View.MINE, limit=1_000)
    for row in active.rows[::20]:
        await store.tickets.snooze(row.id, NOW + timedelta(days=2))
    return messages
