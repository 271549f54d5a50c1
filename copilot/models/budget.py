"""What may still be spent: today, this month, on this ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from copilot.config.model_settings import SpendingSettings
from copilot.domain import TicketId
from copilot.store.model_calls import ModelCallTable


@dataclass(frozen=True, slots=True)
class Limit:
    """One budget in US dollars: ``today``, ``this month`` or ``this ticket``."""

    name: str
    amount: Decimal
    spent: Decimal

    @property
    def words(self) -> str:
        """How it stands, for the rep."""
        return f"the budget of ${self.amount:.2f} for {self.name} is reached (${self.spent:.4f} spent)"


@dataclass(frozen=True, slots=True)
class Budget:
    """The budgets that hold for a request; empty where none is set."""

    limits: tuple[Limit, ...] = ()

    def refusal(self, dollars: Decimal) -> Limit | None:
        """The limit that an expense would break; what costs nothing breaks none."""
        if dollars <= 0:
            return None
        return next((limit for limit in self.limits if limit.spent + dollars > limit.amount), None)


NO_BUDGET = Budget()


async def read_budget(
    settings: SpendingSettings, ledger: ModelCallTable, ticket: TicketId | None, now: datetime
) -> Budget:
    """How the budgets stand at a moment; `now` knows the time zone by which days and months begin."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    limits = []
    if settings.day is not None:
        limits.append(Limit("today", settings.day, await ledger.spent(midnight)))
    if settings.month is not None:
        limits.append(Limit("this month", settings.month, await ledger.spent(midnight.replace(day=1))))
    if settings.ticket is not None and ticket is not None:
        limits.append(Limit("this ticket", settings.ticket, await ledger.spent_on(ticket)))
    return Budget(tuple(limits))
