"""Writing measured: `python -m tests.bench.models`.

What drafts and summaries of the demo desk's waiting tickets cost under three policies, by the price list and the tokens
of the prompts as they are really sent (a stand-in answers, so the answers' lengths are its own); how long after the
first piece of an answer its text can be painted; how late the event loop runs while three drafts stream.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from copilot.assist.writing.drafting import write_draft
from copilot.assist.writing.material import Material
from copilot.assist.writing.prompts import shipped_prompts
from copilot.assist.writing.summarising import write_summary
from copilot.domain import TicketId
from copilot.errors import ModelError
from copilot.events import Event, EventStream, WritingStreamed
from copilot.models.base import Writing
from copilot.models.policy import default_policy
from copilot.models.presets import presets
from copilot.models.prices import price
from copilot.store import Store
from copilot.workspace.runs import OnText, Runs
from tests.bench.figures import machine, table
from tests.bench.replay import hosted, past_tickets
from tests.bench.standin_model import StandIn, writer_with
from tests.threads import fill_with_demo_desk

TICKETS = 40
STREAMED = 12
PIECE_SECONDS = 0.004
LOOK_SECONDS = 0.002
_ONE_CLASS = """
version = 1
[[rule]]
reason = "everything to {name}"
use = "{name}"
or = []
"""
POLICIES = {
    "all frontier": _ONE_CLASS.format(name="frontier"),
    "as shipped": default_policy(),
    "all cheap": _ONE_CLASS.format(name="cheap"),
}


async def cost(store: Store, tickets: Sequence[Material], name: str) -> tuple[str, ...]:
    """What every ticket's draft and summary cost under one policy."""
    models, failed, model = Counter[str](), Counter[str](), StandIn()
    async with writer_with(store, hosted(POLICIES[name]), model) as writing:
        for material in tickets:
            try:
                suggestion = await write_draft(writing, shipped_prompts(), material)
                models[suggestion.model] += 1
                await write_summary(writing, shipped_prompts(), material)
            except ModelError as error:
                failed[str(error)] += 1
    told, why = (
        ", ".join(f"{what} {count}" for what, count in counted.most_common(3)) for counted in (models, failed)
    )
    spent = sum((price(offer, usage).dollars for offer, usage in model.used), Decimal(0))
    tokens = sum(usage.tokens_in for _, usage in model.used) / len(tickets)
    return (name, f"{spent / len(tickets):.5f}", f"{tokens:.0f}", f"{len(model.used)}", told, why or "none")


async def streaming(store: Store, tickets: Sequence[Material]) -> list[tuple[str, ...]]:
    """From the first piece of an answer to the event that paints it, and the lag of the loop meanwhile."""
    events = EventStream()
    runs, model = Runs(events), StandIn(delay_seconds=PIECE_SECONDS)
    painted: dict[TicketId, float] = {}

    def paint(event: Event) -> None:
        if not isinstance(event, WritingStreamed) or event.ticket in painted:
            return
        if any(run.text for run in runs.running(event.ticket)):
            painted[event.ticket] = time.perf_counter()

    events.subscribe(paint)
    overheads: list[float] = []
    async with writer_with(store, hosted(POLICIES["all cheap"]), model) as writing:
        await write_draft(writing, shipped_prompts(), tickets[0])  # cold imports are paid here
        for material in tickets[:STREAMED]:
            model.first.clear()
            await _followed(runs, writing, material)
            ticket = material.conversation.ticket.id
            if ticket in painted and model.first:
                overheads.append(1000 * (painted[ticket] - model.first[0]))
        lags = await _lag_while(
            asyncio.gather(*(_followed(runs, writing, material) for material in tickets[:3])),
        )
    return [
        ("", "p50", "p95", "worst"),
        ("first piece to painted, ms", *_spread(overheads)),
        ("loop lag while three drafts stream, ms", *_spread(lags)),
        ("loop lag p99, ms", f"{statistics.quantiles(lags, n=100)[-1]:.1f}", "", ""),
    ]


async def _followed(runs: Runs, writing: Writing, material: Material) -> None:
    async def work(on_text: OnText) -> object:
        return await write_draft(writing, shipped_prompts(), material, on_text)

    await runs.follow(material.conversation.ticket.id, "draft", work)


async def _lag_while(work: asyncio.Future[list[None]]) -> list[float]:
    loop = asyncio.get_running_loop()
    lags: list[float] = []
    while not work.done():
        begun = loop.time()
        await asyncio.sleep(LOOK_SECONDS)
        lags.append(max(0.0, 1000 * (loop.time() - begun - LOOK_SECONDS)))
    await work
    return lags


def _spread(values: Sequence[float]) -> tuple[str, str, str]:
    if len(values) < 2:
        return ("-", "-", "-")
    return (
        f"{statistics.median(values):.1f}",
        f"{statistics.quantiles(values, n=20)[-1]:.1f}",
        f"{max(values):.1f}",
    )


async def measure(folder: Path) -> None:
    """All figures over one store."""
    store = await Store.open(await fill_with_demo_desk(folder))
    try:
        tickets = await past_tickets(store, TICKETS)
        rows: list[tuple[str, ...]] = [
            ("policy", "US dollars a ticket", "tokens read a ticket", "requests", "drafts by", "failed")
        ]
        rows += [await cost(store, tickets, name) for name in POLICIES]
        print(table(f"Draft and summary of {len(tickets)} waiting tickets of the demo desk", rows))
        print(table("Streaming", await streaming(store, tickets)))
    finally:
        await store.aclose()


def main() -> int:
    """Measure and print."""
    print(machine())
    print(f"{len(presets())} presets; prices by genai-prices")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
