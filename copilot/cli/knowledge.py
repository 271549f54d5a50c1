"""`sidedesk knowledge add|list|refresh|remove`: where the team's knowledge comes from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from copilot.cli.report import age
from copilot.domain import Audience, SourceId, SourceInfo
from copilot.errors import UserError
from copilot.workspace import FolderSourceSettings, WebsiteSourceSettings, Workspace

_LISTED_FAILURES = 20


HELP = "add, list, refresh or remove where the team's knowledge comes from"


def add_actions(parser: argparse.ArgumentParser) -> None:
    """Declare what `sidedesk knowledge` can do."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="read a folder or a website, now and every hour")
    add.add_argument("place", help="a folder, or the address under which the pages lie")
    add.add_argument(
        "--name", default="", help="what the team calls it (default: the folder's or the site's name)"
    )
    add.add_argument("--public", action="store_true", help="customers may read it (default: internal)")
    actions.add_parser("list", help="print the sources, and what of them could not be read")
    refresh = actions.add_parser("refresh", help="read what changed, and print what could not be read")
    refresh.add_argument("source", nargs="?", help="its id as printed by `list` (default: all)")
    remove = actions.add_parser("remove", help="forget a source, and take its articles out of the index")
    remove.add_argument("source", help="its id as printed by `list`")


async def run(workspace: Workspace, options: argparse.Namespace) -> None:
    """Carry out one of the commands. Raises `UserError`."""
    match options.action:
        case "add":
            source = await workspace.add_source(_settings(options.place, options.name, public=options.public))
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


def _settings(place: str, name: str, *, public: bool) -> FolderSourceSettings | WebsiteSourceSettings:
    audience = Audience.PUBLIC if public else Audience.INTERNAL
    parts = urlsplit(place)
    if parts.scheme in {"http", "https"}:
        return WebsiteSourceSettings(id="new", name=name or parts.netloc, audience=audience, url=place)
    folder = Path(place).expanduser().resolve()
    if not folder.is_dir():
        raise UserError(
            f"{place} is neither a folder nor a web address.", "Write an address with https:// in front."
        )
    return FolderSourceSettings(id="new", name=name or folder.name, audience=audience, path=str(folder))


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
