"""What `sidedesk doctor` asks the core: does each thing outside the program work, and if not, what helps."""

from __future__ import annotations

import asyncio
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from copilot.config.paths import default_workspace, resources_folder
from copilot.config.secrets import Kept, Secrets
from copilot.config.settings import load_settings
from copilot.domain import Check, DeskInfo
from copilot.errors import UserError
from copilot.workspace.door import Workspace

PROBE = "doctor/probe"
NEEDED_RESOURCES = ("demo/queue.jsonl", "demo/articles.jsonl", "fonts/Inter-Regular.ttf", "icons/inbox.svg")


async def checkup(folder: Path | None) -> Sequence[Check]:
    """Look at everything the core leans on. Never raises: what fails becomes a check with advice."""
    folder = folder or default_workspace()
    return [_python(), _resources(), await _keyring(), await _settings(folder), *await _workspace(folder)]


def _python() -> Check:
    version = platform.python_version()
    return Check(
        name="Python",
        fine=(3, 11) <= sys.version_info < (3, 14),
        finding=version,
        advice="Use Python 3.11, 3.12 or 3.13.",
    )


def _resources() -> Check:
    missing = [name for name in NEEDED_RESOURCES if not (resources_folder() / name).is_file()]
    return Check(
        name="Files that came with Sidedesk",
        fine=not missing,
        finding=f"missing: {', '.join(missing)}" if missing else str(resources_folder()),
        advice="Install Sidedesk again.",
    )


async def _keyring() -> Check:
    secrets = Secrets("doctor")
    kept = await secrets.set(PROBE, "works")
    if kept is Kept.KEYRING:
        await secrets.forget(PROBE)
    variable = secrets.environment_name("DESK/token")
    return Check(
        name="Keyring",
        fine=kept is Kept.KEYRING,
        finding="keeps secrets" if kept is Kept.KEYRING else "no usable keyring on this system",
        advice=f"Tokens last for one run; to keep one, unlock a keyring or set it in the environment ({variable}).",
    )


async def _settings(folder: Path) -> Check:
    try:
        settings = await asyncio.to_thread(load_settings, folder)
    except UserError as error:
        return Check(name="Settings", fine=False, finding=error.message, advice=error.advice)
    names = ", ".join(desk.name for desk in settings.desks) or "no desk"
    return Check(name="Settings", fine=True, finding=f"{folder}: {names}")


async def _workspace(folder: Path) -> Sequence[Check]:
    try:
        workspace = await Workspace.open(folder)
    except UserError as error:
        return [Check(name="Store", fine=False, finding=error.message, advice=error.advice)]
    try:
        counts = await workspace.counts()
        store = Check(name="Store", fine=True, finding=f"{max(counts.values(), default=0)} tickets")
        return [store, *[await _desk(workspace, info) for info in workspace.desks()]]
    finally:
        await workspace.aclose()


async def _desk(workspace: Workspace, info: DeskInfo) -> Check:
    name = f"Desk {info.name}"
    try:
        me = await workspace.whoami(info.id)
    except UserError as error:
        return Check(name=name, fine=False, finding=error.message, advice=error.advice)
    return Check(name=name, fine=True, finding=f"signed in as {me.name}")
