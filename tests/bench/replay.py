"""What a change of prompt, policy or model does to past tickets: `python -m tests.bench.replay [options]`.

Writes drafts for the same tickets of the demo desk twice, before and after, and prints the difference in grounding,
length, cost and abstention. `--after-prompts DIR` holds changed prompt files, `--after-policy FILE` another policy;
`--model here` asks a real model on this computer, else a stand-in quotes the sources, which shows routing, cost and the
checks, and nothing of how a model writes.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from copilot.assist.brief import make_brief
from copilot.assist.writing.drafting import write_draft
from copilot.assist.writing.material import Material, gather
from copilot.assist.writing.prompts import Prompts, shipped_prompts
from copilot.config.model_settings import PrivacySettings, SpendingSettings
from copilot.domain import Abstention, Draft, MessageKind, Role, Support, View
from copilot.errors import ModelError
from copilot.models.base import Writing
from copilot.models.policy import default_policy, read_policy
from copilot.models.presets import presets
from copilot.models.writer import Setup
from copilot.store import Store
from tests.bench import local_model
from tests.bench.figures import machine, table
from tests.bench.standin_model import StandIn, writer_with
from tests.threads import fill_with_demo_desk

PROVIDERS = ("anthropic", "deepseek")
"""Who is connected when a stand-in writes: a frontier and a cheap model each, by the shipped presets."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one ticket. `share` of its claims stood on a source."""

    outcome: str
    share: float
    confidence: float
    characters: int
    cost: Decimal
    model: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Variant:
    """One side of the comparison."""

    name: str
    prompts: Prompts
    policy: str
    model: str


async def past_tickets(store: Store, count: int) -> list[Material]:
    """Tickets that waited for a reply, with what was found for each by words."""
    found: list[Material] = []
    for row in (await store.tickets.page(View.ALL, limit=400)).rows:
        talk = await store.tickets.conversation(row.id)
        public = [m for m in talk.messages if m.kind is MessageKind.PUBLIC]
        if talk.ticket.status.is_done or not public or public[-1].author.role is Role.REP:
            continue
        brief = await make_brief(talk, store, now=datetime.now(UTC))
        found.append(await gather(talk, brief, store, now=datetime.now(UTC)))
        if len(found) == count:
            break
    return found


async def replay(tickets: Sequence[Material], writing: Writing, prompts: Prompts) -> list[Written]:
    """Drafts for all of them, one after another."""
    return [await _one(material, writing, prompts) for material in tickets]


async def _one(material: Material, writing: Writing, prompts: Prompts) -> Written:
    begun = asyncio.get_running_loop().time()
    try:
        suggestion = await write_draft(writing, prompts, material)
    except ModelError as error:
        return Written(type(error).__name__, 0.0, 0.0, 0, Decimal(0), "none", 0.0)
    took = asyncio.get_running_loop().time() - begun
    content = suggestion.content
    if isinstance(content, Abstention):
        return Written("abstained", 0.0, 0.0, 0, suggestion.cost, suggestion.model, took)
    return Written(
        "draft",
        _share(content),
        content.confidence,
        len(content.text),
        suggestion.cost,
        suggestion.model,
        took,
    )


def _share(draft: Draft) -> float:
    claims = [one for one in draft.sentences if one.support is not Support.COURTESY]
    return sum(one.support is not Support.UNSUPPORTED for one in claims) / len(claims) if claims else 1.0


def figures(written: Sequence[Written]) -> dict[str, str]:
    """The figures of one side."""
    drafts = [one for one in written if one.outcome == "draft"]
    refused = Counter(one.outcome for one in written if one.outcome not in {"draft", "abstained"})
    return {
        "tickets": str(len(written)),
        "drafts": str(len(drafts)),
        "abstained": str(sum(one.outcome == "abstained" for one in written)),
        "failed": ", ".join(f"{name} {count}" for name, count in refused.items()) or "0",
        "claims that stand on a source": _mean([one.share for one in drafts]),
        "confidence": _mean([one.confidence for one in drafts]),
        "characters": _mean([one.characters for one in drafts]),
        "cost a ticket, US dollars": f"{sum((one.cost for one in written), Decimal(0)) / max(1, len(written)):.6f}",
        "models": ", ".join(
            f"{name} {count}" for name, count in Counter(one.model for one in written).items()
        ),
        "seconds a draft": _mean([one.seconds for one in written]),
    }


def _mean(values: Sequence[float]) -> str:
    return f"{statistics.fmean(values):.2f}" if values else "-"


def difference(before: Sequence[Written], after: Sequence[Written]) -> list[tuple[str, ...]]:
    """The table, and how many tickets changed sides."""
    old, new = figures(before), figures(after)
    changed = sum(one.outcome != other.outcome for one, other in zip(before, after, strict=True))
    rows = [(name, old[name], new[name]) for name in old]
    return [("", "before", "after"), *rows, ("outcome differs", "", str(changed))]


@asynccontextmanager
async def writing_of(store: Store, variant: Variant, folder: Path) -> AsyncIterator[Writing]:
    """The language models of one side."""
    if variant.model == "here":
        url = await asyncio.to_thread(local_model.start, folder)
        setup = replace(
            local_model.setup_of(local_model.provider_at(url)), policy=read_policy(variant.policy)
        )
        try:
            async with local_model.writer_over(store, setup) as writer:
                yield writer
        finally:
            await asyncio.to_thread(local_model.stop, folder)
        return
    async with writer_with(store, hosted(variant.policy), StandIn()) as writer:
        yield writer


def hosted(policy: str) -> Setup:
    """Presets of hosted providers under a policy."""
    chosen = tuple(one.settings() for one in presets() if one.id in PROVIDERS)
    return Setup(chosen, read_policy(policy), SpendingSettings(), PrivacySettings())


async def compare(before: Variant, after: Variant, count: int, folder: Path) -> list[tuple[str, ...]]:
    """Both sides over the same tickets."""
    store = await Store.open(await fill_with_demo_desk(folder))
    try:
        tickets = await past_tickets(store, count)
        sides = []
        for variant in (before, after):
            async with writing_of(store, variant, folder / "llm") as writing:
                sides.append(await replay(tickets, writing, variant.prompts))
    finally:
        await store.aclose()
    return difference(*sides)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replay", description="A change, replayed.")
    for side in ("before", "after"):
        parser.add_argument(
            f"--{side}-prompts", type=Path, help="a folder of prompt files (default: the shipped)"
        )
        parser.add_argument(f"--{side}-policy", type=Path, help="a policy file (default: the shipped)")
    parser.add_argument("--model", choices=("stand-in", "here"), default="stand-in")
    parser.add_argument("--tickets", type=int, default=40)
    options = parser.parse_args(arguments)
    sides = [
        Variant(
            side,
            Prompts(prompts) if (prompts := getattr(options, f"{side}_prompts")) else shipped_prompts(),
            _policy(getattr(options, f"{side}_policy"), options.model),
            options.model,
        )
        for side in ("before", "after")
    ]
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(compare(sides[0], sides[1], options.tickets, Path(folder)))
    print(table(f"Drafts for past tickets of the demo desk, model: {options.model}", rows))
    return 0


def _policy(path: Path | None, model: str) -> str:
    if path is not None:
        return path.read_text(encoding="utf-8")
    return local_model.ALL_LOCAL if model == "here" else default_policy()


if __name__ == "__main__":
    raise SystemExit(main())
