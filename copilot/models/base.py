"""What the writing tasks know of language models: what they ask, of which ticket, and what comes back.

Behind `Writing` stand routing, budgets, redaction, the providers and the ledger; nobody else talks to a model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, NewType, Protocol, TypeVar

from pydantic import BaseModel

from copilot.domain import DeskId, TicketId

T = TypeVar("T", bound=BaseModel)
CallId = NewType("CallId", str)
"""A row of the ledger: the exact text that was sent and received."""
OnPartial = Callable[[Mapping[str, Any]], None]
"""Called on the event loop with what has come so far, as plain data of the shape; fields may be missing or cut off."""


class ModelClass(StrEnum):
    """How much a model can do, costs, and where it runs; policy rules name these, never single models."""

    EMBEDDED = "embedded"
    LOCAL = "local"
    CHEAP = "cheap"
    FRONTIER = "frontier"

    @property
    def is_inside(self) -> bool:
        """Whether text given to it stays in the building."""
        return self in {ModelClass.EMBEDDED, ModelClass.LOCAL}


class Task(StrEnum):
    """What a model is asked for."""

    SUMMARY = "summary"
    DRAFT = "draft"
    REFINE = "refine"
    ASK = "ask"
    TRANSLATE = "translate"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of untrusted text for the prompt. `label` is ours (``message 3, requester``); the text is fenced."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. `instructions` are ours and trusted; everything a customer, rep or article wrote goes into `data`.

    `prompt` and `version` name the prompt file. `max_tokens` bounds the answer.
    """

    task: Task
    prompt: str
    version: str
    instructions: str
    data: tuple[Piece, ...]
    max_tokens: int = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """What is known to be personal in a ticket and is hidden wherever it stands, beside what is found by its form."""

    names: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Order, account, customer numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """What policy decides by. `sentiment` in [-1, 1], `urgency` 0 to 3, `tokens` of the thread.

    `never_leaves`: whatever the rules say, only models inside the building may read this ticket.
    """

    ticket: TicketId | None = None
    desk: DeskId | None = None
    intent: str = ""
    sentiment: float = 0.0
    urgency: int = 0
    language: str = ""
    tier: str = ""
    tokens: int = 0
    regulated: bool = False
    money: bool = False
    never_leaves: bool = False
    personal: Personal = Personal()


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt that was not good enough: who made it, and the confidence that grounding left it, in [0, 1]."""

    model_class: ModelClass
    confidence: float


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request, its repairs included."""

    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Generic[T]):
    """An answer of the wanted shape, personal data restored, with everything a suggestion says about its making.

    `model` is ``provider/model``, `rule` the policy rule in words, `cost` in US dollars, `hidden` how many pieces of
    personal data of each kind were hidden. `notes` are for the rep: a budget reached, a model that failed first.
    """

    value: T
    call: CallId
    model: str
    model_class: ModelClass
    rule: str
    usage: Usage
    cost: Decimal
    seconds: float
    hidden: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Writing(Protocol):
    """The language models of the workspace, as the writing tasks hold them."""

    async def write(
        self,
        asked: Asked,
        facts: TicketFacts,
        shape: type[T],
        *,
        on_partial: OnPartial | None = None,
        after: Tried | None = None,
    ) -> Written[T]:
        """Ask the model that the policy names for this ticket, and its stand-ins when it fails.

        With `after`, only a class above the one tried, if the policy lets this attempt be repeated. Cancelling the
        awaiting task closes the provider's stream at once.

        Raises:
            NoModelError: none is configured, allowed for this ticket or affordable: the embedded engine's turn.
            ModelError: the last model that was asked failed; its subclasses in `copilot.errors` say how.
        """
        ...

    async def context_tokens(self, task: Task, facts: TicketFacts) -> int:
        """How many tokens of prompt the model that would be asked can read; 0 when none would be."""
        ...
