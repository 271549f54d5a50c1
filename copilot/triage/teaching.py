"""What a team's intents are learned from: tags of its solved tickets, macros it answered with, what reps said.

Not every tag is an intent: "windows-11" or "vip" says nothing of what was asked. A tag counts where tickets that ask
alike share it more often than chance would have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from copilot.triage.intent import IntentModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

LEAST_EXAMPLES = 5
LEAST_NAMED = 3
"""An intent needs so many tickets, also one that reps named themselves."""
LARGEST_SHARE = 0.5
NEIGHBOURS = 8
LEAST_LIFT = 2.0
LEAST_ACCURACY = 0.4
"""Where even left-out examples are named worse than this, saying nothing is more honest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A ticket to learn from. `said`: a rep named its intent, or answered it with a macro; `name` is that name.

    With `said` and no name a rep has said "none of these".
    """

    text: str
    vector: Vectors
    tags: frozenset[str] = frozenset()
    name: str | None = None
    said: bool = False


def learned_intents(tickets: Sequence[Asked]) -> IntentModel | None:
    """The intents of the team; None where there is too little to tell two of them apart."""
    names = names_for(tickets)
    taught = [
        (ticket, name) for ticket, name in zip(tickets, names, strict=True) if name is not None or ticket.said
    ]
    if len({name for _, name in taught if name is not None}) < 2:
        return None
    model = IntentModel(
        [ticket.text for ticket, _ in taught],
        np.stack([ticket.vector for ticket, _ in taught]),
        [name for _, name in taught],
    )
    return model if model.left_out_accuracy >= LEAST_ACCURACY else None


def names_for(tickets: Sequence[Asked]) -> list[str | None]:
    """What each ticket is an example of: what was said, else its tag that tells most; None for neither."""
    lifts = telling_tags(tickets)
    names: list[str | None] = []
    for ticket in tickets:
        telling = max(ticket.tags & lifts.keys(), key=lambda tag: (lifts[tag], tag), default=None)
        names.append(ticket.name if ticket.said else telling)
    examples = Counter(names)
    return [name if name is not None and examples[name] >= LEAST_NAMED else None for name in names]


def telling_tags(tickets: Sequence[Asked]) -> Mapping[str, float]:
    """The tags that say what is asked, each with how much oftener than by chance its tickets' neighbours share it."""
    counts = Counter(tag for ticket in tickets for tag in ticket.tags)
    most = LARGEST_SHARE * len(tickets)
    wanted = sorted(tag for tag, count in counts.items() if LEAST_EXAMPLES <= count <= most)
    if not wanted or len(tickets) <= NEIGHBOURS:
        return {}
    vectors = np.stack([ticket.vector for ticket in tickets])
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2.0)
    near = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    has = np.array([[tag in ticket.tags for tag in wanted] for ticket in tickets], dtype=np.float32)
    shared = has[near].mean(axis=1)
    lifts = {
        tag: float(shared[has[:, column] > 0, column].mean() / has[:, column].mean())
        for column, tag in enumerate(wanted)
    }
    return {tag: lift for tag, lift in lifts.items() if lift >= LEAST_LIFT}
