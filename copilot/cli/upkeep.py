"""`sidedesk knowledge gaps|duplicates|articles`: what the team's knowledge lacks, and what in it wants a look."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator

from copilot.cli.report import WIDTH, age
from copilot.domain import ArticleId, View
from copilot.workspace import ArticlePair, ArticleState, Conflict, Gap, Workspace

SHOWN_TICKETS = 4
_INDENT = " " * 6


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the commands."""
    gaps = actions.add_parser(
        "gaps", help="print what was asked and not answered, put together by what it asks"
    )
    gaps.add_argument("--limit", type=int, default=15, help="how many gaps to print")
    gaps.add_argument(
        "--read",
        type=int,
        default=100,
        metavar="TICKETS",
        help="make the briefs of so many open tickets first",
    )
    pairs = actions.add_parser("duplicates", help="print articles that say the same or contradict each other")
    pairs.add_argument("--limit", type=int, default=20, help="how many pairs to print")
    articles = actions.add_parser(
        "articles", help="print articles with age, owner and last use, the unused first"
    )
    articles.add_argument("--limit", type=int, default=30, help="how many to print")


async def run(workspace: Workspace, options: argparse.Namespace) -> None:
    """Carry out one of the commands. Raises `UserError`."""
    match options.action:
        case "gaps":
            await _gaps(workspace, options.limit, options.read)
        case "duplicates":
            await _duplicates(workspace, options.limit)
        case "articles":
            states = (await workspace.upkeep.articles())[: options.limit]
            print("\n".join(map(_article_line, states)) or "No articles.")


async def _gaps(workspace: Workspace, limit: int, read: int) -> None:
    """A ticket whose brief was never made has not found anything yet, so those are made first."""
    rows = (await workspace.queue(View.ALL, limit=read)).rows if read else ()
    still_open = [row.id for row in rows if not row.status.is_done]
    for done, ticket in enumerate(still_open, start=1):
        await workspace.make_brief(ticket)
        _progress("briefs", done, len(still_open))
    gaps = await workspace.gaps.find(progress=lambda done, total: _progress("questions", done, total))
    asked = sum(gap.count for gap in gaps)
    print(f"{asked} questions were not answered from the team's knowledge: {len(gaps)} gaps.")
    for gap in gaps[:limit]:
        print("\n".join(_gap_lines(gap)))


async def _duplicates(workspace: Workspace, limit: int) -> None:
    pairs = await workspace.upkeep.pairs(progress=lambda done, total: _progress("passages", done, total))
    print(
        f"{sum(pair.kind is Conflict.CONTRADICTION for pair in pairs)} pairs of articles may contradict each other, "
        f"{sum(pair.kind is Conflict.DUPLICATE for pair in pairs)} say mostly the same."
    )
    for pair in pairs[:limit]:
        titles = [await _title(workspace, name) for name in (pair.one, pair.other)]
        print("\n".join(_pair_lines(pair, *titles)))


def _gap_lines(gap: Gap) -> Iterator[str]:
    spent = [f"{gap.escalated} escalated"] if gap.escalated else []
    spent += [f"{gap.seconds / 60:.0f} min"] if gap.seconds >= 30 else []
    spent += [f"${gap.cost:.2f}"] if gap.cost else []
    yield f"{gap.count:>4}  {gap.name}" + (f"  ({', '.join(spent)})" if spent else "")
    for question in gap.questions[:SHOWN_TICKETS]:
        yield f"{_INDENT}{question.ticket:>6}  {textwrap.shorten(question.subject, WIDTH - 16, placeholder='…')}"
    if gap.count > SHOWN_TICKETS:
        yield f"{_INDENT}and {gap.count - SHOWN_TICKETS} more"


def _pair_lines(pair: ArticlePair, one: str, other: str) -> Iterator[str]:
    sign = "≠" if pair.kind is Conflict.CONTRADICTION else "="
    yield f"  {sign} {one}  |  {other}"
    for evidence in pair.evidence[:2]:
        yield f"{_INDENT}{evidence.difference}"
        for text in (evidence.one, evidence.other):
            yield _INDENT + "  " + textwrap.shorten(text, WIDTH - 8, placeholder="…")


def _article_line(state: ArticleState) -> str:
    old = "" if state.updated is None else age(state.updated)
    used = "never used" if state.last_used is None else f"used {state.uses}×, last {age(state.last_used)} ago"
    return f"{old:>6}  {textwrap.shorten(state.title, 60, placeholder='…'):<60}  {state.owner}, {used}"


async def _title(workspace: Workspace, article: ArticleId) -> str:
    return (await workspace.article(article)).title


def _progress(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{what}: {done} of {total} ", end="\n" if done >= total else "", file=sys.stderr, flush=True)
