"""The commands of the terminal. Nothing here needs Qt.

What the screen would say of itself (`sidedesk doctor`) is handed in by the front door.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from copilot.cli import knowledge
from copilot.cli.report import brief_lines, queue_lines
from copilot.domain import Check, Draft, QueueRow, TicketId, View
from copilot.errors import ModelError, UserError
from copilot.events import Event, Failed, KnowledgeProgress, SyncProgress
from copilot.workspace import Workspace, checkup

TOUR_TICKETS = 16
ScreenChecks = Callable[[], Iterable[Check]]


def main(arguments: Sequence[str], screen_checks: ScreenChecks = tuple) -> int:
    """Carry out one command; answers the process's exit code: 0 done, 1 a failure that was explained, 2 usage."""
    options = _parser().parse_args(arguments)
    try:
        return asyncio.run(_run(options, screen_checks))
    except UserError as error:
        print(f"sidedesk: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("sidedesk: stopped; what was stored stays, the rest comes next time", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sidedesk", description="Without a command, the window opens.")
    parser.add_argument("--workspace", type=Path, help="the workspace's folder (default: the user's own)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("sync", help="fetch what changed on every desk, and send what is due")
    queue = commands.add_parser("queue", help="print a view of the queue")
    queue.add_argument("view", nargs="?", type=View, choices=list(View), default=View.ALL)
    queue.add_argument("--limit", type=int, default=20)
    brief = commands.add_parser("brief", help="print the full brief of tickets")
    brief.add_argument(
        "ticket", nargs="*", type=int, help="numbers as printed by `queue` (default: the first three)"
    )
    search = commands.add_parser("search", help="find tickets by words in subject, messages and requester")
    search.add_argument("words", nargs="+")
    search.add_argument("--limit", type=int, default=20)
    knowledge.add_actions(commands.add_parser("knowledge", help=knowledge.HELP))
    commands.add_parser(
        "tour", help="sync, print the queue and the first briefs: the main job without a window"
    )
    commands.add_parser("doctor", help="check what Sidedesk needs, and say what to do about what is missing")
    return parser


async def _run(options: argparse.Namespace, screen_checks: ScreenChecks) -> int:
    if options.command == "doctor":
        return await _doctor(options.workspace, screen_checks)
    workspace = await Workspace.open(options.workspace)
    workspace.events.subscribe(_show_progress)
    try:
        match options.command:
            case "sync":
                await _sync(workspace)
            case "queue":
                _print_rows((await workspace.queue(options.view, limit=options.limit)).rows)
            case "brief":
                await _briefs(workspace, [TicketId(number) for number in options.ticket])
            case "search":
                _print_rows((await workspace.search(" ".join(options.words), limit=options.limit)).rows)
            case "knowledge":
                await knowledge.run(workspace, options)
            case "tour":
                await _tour(workspace)
    finally:
        await workspace.aclose()
    return 0


async def _sync(workspace: Workspace) -> None:
    await workspace.sync_once()
    counts = await workspace.counts()
    print(
        f"In step: {counts[View.ALL]} tickets, {counts[View.UNASSIGNED]} unassigned, {counts[View.MINE]} yours."
    )


async def _briefs(workspace: Workspace, tickets: Sequence[TicketId]) -> None:
    if not tickets:
        page = await workspace.queue(View.UNASSIGNED, limit=3)
        tickets = [row.id for row in page.rows]
    await _learn_intents(workspace)
    for ticket in tickets:
        try:
            conversation = await workspace.conversation(ticket)
        except KeyError as error:
            raise UserError(
                f"There is no ticket {ticket} here.", "`sidedesk queue` prints their numbers."
            ) from error
        brief = await workspace.make_brief(ticket)
        print("\n".join(brief_lines(conversation.ticket, brief)), end="\n\n")


async def _learn_intents(workspace: Workspace) -> None:
    """Briefs tell the intent too; without the model that reads it they are printed all the same."""
    try:
        await workspace.triage.learn()
    except ModelError as error:
        print(f"sidedesk: {error}", file=sys.stderr)


async def _tour(workspace: Workspace) -> None:
    await _sync(workspace)
    page = await workspace.queue(View.UNASSIGNED, limit=TOUR_TICKETS)
    print()
    _print_rows(page.rows)
    print()
    shown = [row.id for row in page.rows[:2]]
    drafted = [row.id for row in page.rows if await _has_draft(workspace, row.id)]
    await _briefs(workspace, [*shown, *(ticket for ticket in drafted[:1] if ticket not in shown)])


async def _has_draft(workspace: Workspace, ticket: TicketId) -> bool:
    return isinstance((await workspace.make_brief(ticket)).suggestion.content, Draft)


def _print_rows(rows: Sequence[QueueRow]) -> None:
    print("\n".join(queue_lines(rows)) or "No tickets.")


def _show_progress(event: Event) -> None:
    match event:
        case SyncProgress(desk=desk, done=done, total=total) if sys.stderr.isatty():
            print(
                f"\r{desk}: {done}{f' of {total}' if total else ''} tickets ",
                end="",
                file=sys.stderr,
                flush=True,
            )
            if event.finished:
                print(file=sys.stderr)
        case KnowledgeProgress(source=source, done=done, total=total) if sys.stderr.isatty():
            print(
                f"\r{source}: {done}{f' of {total}' if total else ''} documents ",
                end="",
                file=sys.stderr,
                flush=True,
            )
            if event.finished:
                print(file=sys.stderr)
        case Failed(message=message, advice=advice):
            print(f"sidedesk: {message} {advice}".rstrip(), file=sys.stderr)


async def _doctor(folder: Path | None, screen_checks: ScreenChecks) -> int:
    checks = [*screen_checks(), *await checkup(folder)]
    for check in checks:
        print(f"{'ok  ' if check.fine else 'FAIL'}  {check.name}: {check.finding}")
        if not check.fine and check.advice:
            print(f"      {check.advice}")
    return 0 if all(check.fine for check in checks) else 1
