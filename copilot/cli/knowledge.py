"""`sidedesk knowledge …`: where the team's knowledge comes from, what it lacks and what in it should be looked at."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TypedDict
from urllib.parse import parse_qs, urlsplit

from copilot.cli import upkeep
from copilot.cli.report import age
from copilot.domain import Audience, SourceId, SourceInfo
from copilot.errors import UserError
from copilot.workspace import (
    ConfluenceSourceSettings,
    FolderSourceSettings,
    GoogleDriveSourceSettings,
    NotionSourceSettings,
    SourceSettings,
    WebsiteSourceSettings,
    Workspace,
    YouTubeSourceSettings,
)

_LISTED_FAILURES = 20


HELP = "add, list, refresh or remove where the team's knowledge comes from; find gaps, duplicates and old articles"


def add_actions(parser: argparse.ArgumentParser) -> None:
    """Declare what `sidedesk knowledge` can do."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="read a folder, a website or hosted documents, now and every hour")
    add.add_argument(
        "place",
        help="a folder; the address under which a website's pages lie; the address of a Google Drive folder, a "
        "Confluence space, a YouTube playlist or channel of your own; or the word notion",
    )
    add.add_argument("--email", default="", help="the address a Confluence token belongs to")
    add.add_argument(
        "--name", default="", help="what the team calls it (default: the folder's or the site's name)"
    )
    add.add_argument("--public", action="store_true", help="customers may read it (default: internal)")
    actions.add_parser("list", help="print the sources, and what of them could not be read")
    refresh = actions.add_parser("refresh", help="read what changed, and print what could not be read")
    refresh.add_argument("source", nargs="?", help="its id as printed by `list` (default: all)")
    remove = actions.add_parser("remove", help="forget a source, and take its articles out of the index")
    remove.add_argument("source", help="its id as printed by `list`")
    upkeep.add_actions(actions)


async def run(workspace: Workspace, options: argparse.Namespace) -> None:
    """Carry out one of the commands. Raises `UserError`."""
    match options.action:
        case "add":
            settings = _settings(options)
            source = await workspace.add_source(settings, await asyncio.to_thread(_secret, settings))
            await workspace.refresh_knowledge(source)
            _print([one for one in await workspace.sources() if one.id == source])
        case "list":
            _print(await workspace.sources())
        case "refresh":
            wanted = None if options.source is None else await _known(workspace, options.source)
            await workspace.refresh_knowledge(wanted)
            _print([one for one in await workspace.sources() if wanted in {None, one.id}])
        case "remove":
            await workspace.remove_source(await _known(workspace, options.source))
            print(f"{options.source} is removed.")
        case _:
            await upkeep.run(workspace, options)


def _settings(options: argparse.Namespace) -> SourceSettings:
    """What is meant by a place. Raises `UserError`."""
    place: str = options.place
    parts = urlsplit(place)
    audience = Audience.PUBLIC if options.public else Audience.INTERNAL
    steps = [step for step in parts.path.split("/") if step]
    of = _Naming(options.name, audience)
    if place == "notion":
        return NotionSourceSettings(**of("Notion"))
    if parts.hostname == "drive.google.com" and "folders" in steps[:-1]:
        return GoogleDriveSourceSettings(**of("Google Drive"), folder=steps[steps.index("folders") + 1])
    if parts.hostname in {"www.youtube.com", "youtube.com"}:
        return YouTubeSourceSettings(**of("YouTube"), playlist=_playlist(parts.query, steps))
    if (parts.hostname or "").endswith(".atlassian.net") and "spaces" in steps[:-1]:
        if not options.email:
            raise UserError(
                "Confluence needs an e-mail address to sign in with.", "Add --email you@example.com."
            )
        space = steps[steps.index("spaces") + 1]
        return ConfluenceSourceSettings(
            **of(space), site=f"https://{parts.netloc}", space=space, email=options.email
        )
    if parts.scheme in {"http", "https"}:
        return WebsiteSourceSettings(**of(parts.netloc), url=place)
    folder = Path(place).expanduser().resolve()
    if not folder.is_dir():
        raise UserError(
            f"{place} is neither a folder nor a web address.", "Write an address with https:// in front."
        )
    return FolderSourceSettings(**of(folder.name), path=str(folder))


class _Named(TypedDict):
    id: str
    name: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class _Naming:
    """What every source's settings begin with; the workspace gives the id."""

    name: str
    audience: Audience

    def __call__(self, otherwise: str) -> _Named:
        return {"id": "new", "name": self.name or otherwise, "audience": self.audience}


def _playlist(query: str, steps: Sequence[str]) -> str:
    listed = parse_qs(query).get("list")
    if listed:
        return listed[0]
    if len(steps) > 1 and steps[0] == "channel":
        return steps[1]
    raise UserError(
        "This address names neither a playlist nor a channel.",
        "Use one like https://www.youtube.com/playlist?list=… or https://www.youtube.com/channel/UC…",
    )


def _secret(settings: SourceSettings) -> str:
    """The token of a hosted source: typed unseen, or from what is piped in."""
    if settings.kind in {"folder", "website"}:
        return ""
    asked = getpass("Token: ") if sys.stdin.isatty() else sys.stdin.read()
    if not asked.strip():
        raise UserError("Without a token it cannot be read.", "Type it when asked, or pipe it in.")
    return asked.strip()


async def _known(workspace: Workspace, source: str) -> SourceId:
    if source not in {one.id for one in await workspace.sources()}:
        raise UserError(f"There is no source {source}.", "`sidedesk knowledge list` prints their ids.")
    return SourceId(source)


def _print(sources: tuple[SourceInfo, ...] | list[SourceInfo]) -> None:
    print("\n".join(line for source in sources for line in _lines(source)) or "No sources.")


def _lines(source: SourceInfo) -> Iterator[str]:
    read = _when(source)
    count = f"{source.articles} article{'' if source.articles == 1 else 's'}"
    yield f"{source.id}  {source.name} ({source.kind}, {source.audience}): {count}, {read}"
    if source.problem:
        yield f"  ! {source.problem}"
    yield from (f"  - {one.document}: {one.reason}" for one in source.failures[:_LISTED_FAILURES])
    if len(source.failures) > _LISTED_FAILURES:
        yield f"  - and {len(source.failures) - _LISTED_FAILURES} more"


def _when(source: SourceInfo) -> str:
    if source.read is None:
        return "not read yet"
    since = age(source.read)
    return "read just now" if since == "now" else f"read {since} ago"
