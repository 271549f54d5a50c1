"""Whose turn it is: which outbox entries may move now, as far as the other entries of their tickets are concerned.

The rules, for the entries of one ticket in the order they were added:

- One entry at a time is on its way; the next waits until it is final. So words arrive in the order they were decided.
- An entry that waits for the rep (BLOCKED, FAILED) holds back the rest of its own batch: an escalation whose packet was
  not accepted must not assign the ticket.
- Unsent words (a reply, a note) hold back later words too, of any batch: the second reply may build on the first.
- Field changes of other batches pass by, and so do words past a field change that failed: neither depends on the other,
  and a rep who gives the ticket away must not wait for an old reply to be settled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copilot.domain import BatchId, Note, OutboxEntry, OutboxState, Reply, TicketId

_WAITS_FOR_REP = frozenset({OutboxState.BLOCKED, OutboxState.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """`heads` may move now; `stuck` wait until the rep has settled an earlier entry."""

    heads: tuple[OutboxEntry, ...]
    stuck: tuple[OutboxEntry, ...]


def carries_words(entry: OutboxEntry) -> bool:
    """Whether people will read it; everything else only sets a field."""
    return isinstance(entry.command, Reply | Note)


def take_turns(unfinished: Iterable[OutboxEntry]) -> Turns:
    """Sort out all entries that are not final, given in the order they were added."""
    by_ticket: dict[TicketId, list[OutboxEntry]] = defaultdict(list)
    for entry in unfinished:
        by_ticket[entry.ticket].append(entry)
    heads: list[OutboxEntry] = []
    stuck: list[OutboxEntry] = []
    for entries in by_ticket.values():
        head, held_back = _of_one_ticket(entries)
        heads.extend(head)
        stuck.extend(held_back)
    return Turns(heads=tuple(heads), stuck=tuple(stuck))


def _of_one_ticket(entries: Sequence[OutboxEntry]) -> tuple[list[OutboxEntry], list[OutboxEntry]]:
    head: list[OutboxEntry] = []
    stuck: list[OutboxEntry] = []
    batches: set[BatchId] = set()
    words_wait = False
    for entry in entries:
        waits_for_rep = entry.state in _WAITS_FOR_REP
        held_back = entry.batch in batches or (words_wait and carries_words(entry))
        if not waits_for_rep and (entry.state is OutboxState.SENDING or not held_back):
            head.append(entry)
            continue
        batches.add(entry.batch)
        words_wait = words_wait or carries_words(entry)
        if not waits_for_rep:
            stuck.append(entry)
    return head[:1], stuck
