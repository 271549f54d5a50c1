"""The replay of a change: what it counts, and that a change of prompt or policy shows in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from copilot.assist.writing.prompts import Prompts, shipped_prompts
from copilot.models.policy import default_policy
from tests.bench.replay import Variant, Written, compare, difference


def written(outcome: str, cost: str = "0.01", model: str = "a/cheap") -> Written:
    return Written(outcome, 0.5, 0.4, 100, Decimal(cost), model, 1.0)


def test_both_sides_are_counted_and_what_changed_sides() -> None:
    before = [written("draft"), written("abstained"), written("BadOutputError", "0", "none")]
    after = [written("draft", "0.04", "a/frontier"), written("draft"), written("abstained")]
    rows = {row[0]: row[1:] for row in difference(before, after)}
    assert rows["drafts"] == ("1", "2")
    assert rows["abstained"] == ("1", "1")
    assert rows["failed"] == ("BadOutputError 1", "0")
    assert rows["cost a ticket, US dollars"] == ("0.006667", "0.020000")
    assert rows["outcome differs"] == ("", "2")


async def test_a_changed_policy_and_prompt_are_used(tmp_path: Path) -> None:
    body = shipped_prompts().prompt("draft").body
    (tmp_path / "draft.md").write_text(f'+++\nversion = "2"\nmax_tokens = 300\n+++\n{body}', encoding="utf-8")
    frontier = '[[rule]]\nreason = "all"\nuse = "frontier"\nor = []\n'
    before = Variant("before", shipped_prompts(), default_policy(), "stand-in")
    after = Variant("after", Prompts(tmp_path), f"version = 1\n{frontier}", "stand-in")
    rows = {row[0]: row[1:] for row in await compare(before, after, 4, tmp_path)}
    assert rows["tickets"] == ("4", "4")
    assert rows["models"][1] == "anthropic/claude-sonnet-5-5 4"
