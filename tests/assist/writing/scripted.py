"""A language model that says what a test wants: the one thing that is not real here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from copilot.errors import BadOutputError, NoModelError
from copilot.models.base import (
    Asked,
    CallId,
    ModelClass,
    OnPartial,
    Task,
    TicketFacts,
    Tried,
    Usage,
    Written,
)

T = TypeVar("T", bound=BaseModel)
Said = Mapping[str, Any] | Exception
Answers = Said | Callable[[Asked], Said]
CENT = Decimal("0.01")


@dataclass
class ScriptedWriting:
    """Answers each task from its script, in order; the last answer stands for all that follow.

    `partials` are streamed before an answer; `gate`, where set, is waited for before an answer comes.
    """

    scripts: dict[Task, list[Answers]]
    again: list[Said] = field(default_factory=list)
    partials: Sequence[Mapping[str, Any]] = ()
    context: int = 0
    gate: asyncio.Event | None = None
    asked: list[Asked] = field(default_factory=list)
    facts: list[TicketFacts] = field(default_factory=list)
    cancelled: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(
        self,
        asked: Asked,
        facts: TicketFacts,
        shape: type[T],
        *,
        on_partial: OnPartial | None = None,
        after: Tried | None = None,
    ) -> Written[T]:
        self.asked.append(asked)
        self.facts.append(facts)
        self.begun.set()
        try:
            for partial in self.partials:
                if on_partial is not None:
                    on_partial(partial)
                await asyncio.sleep(0)
            if self.gate is not None:
                await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        said = self._next(asked, after)
        if isinstance(said, Exception):
            raise said
        try:
            value = shape.model_validate(said)
        except ValidationError as error:
            raise BadOutputError("The model's answer has another shape.") from error
        strong = after is not None
        return Written(
            value=value,
            call=CallId("call"),
            model="test/strong" if strong else "test/cheap",
            model_class=ModelClass.FRONTIER if strong else ModelClass.CHEAP,
            rule="Routine goes to cheap",
            usage=Usage(100, 50),
            cost=CENT,
            seconds=0.1,
        )

    def _next(self, asked: Asked, after: Tried | None) -> Said:
        if after is not None:
            return self.again.pop(0) if self.again else NoModelError("No better model may be asked.")
        script = self.scripts.get(asked.task, [NoModelError("No model is connected.")])
        said = script.pop(0) if len(script) > 1 else script[0]
        return said(asked) if callable(said) else said

    async def context_tokens(self, task: Task, facts: TicketFacts) -> int:
        return self.context


def sentence(text: str, *sources: str, opens: bool = False) -> dict[str, Any]:
    """One sentence as a model would give it."""
    return {"text": text, "sources": list(sources), "opens_paragraph": opens}


def reply(*sentences: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A reply as a model would give it."""
    return {"intent": "Help", "sentences": list(sentences), **more}
