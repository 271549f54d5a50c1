"""The policy file of a workspace: read when it has changed, also by hand; checked before it is written."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.errors import NoModelError, SettingsError

if TYPE_CHECKING:
    from copilot.models.policy import Policy

FILE_NAME = "policy.toml"


class PolicyFile:
    """`policy.toml` in the workspace's folder, or the default while there is none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._read: tuple[str, Policy] | None = None

    async def text(self) -> str:
        """What stands in it."""
        return await asyncio.to_thread(self._text)

    async def policy(self) -> Policy:
        """The policy as it stands.

        Raises `NoModelError` when it cannot be read: while nobody knows what may leave, nothing does.
        """
        return await asyncio.to_thread(self._policy)

    async def write(self, text: str) -> None:
        """Put another policy into force. Raises `SettingsError`, with the line, when it is not a good one."""
        from copilot.models.policy import check_policy

        problems = await asyncio.to_thread(check_policy, text)
        if problems:
            raise SettingsError(
                f"Line {problems[0].line} of the policy: {problems[0].message}", "Correct it first."
            )
        await asyncio.to_thread(self._replace, text)

    async def restore_default(self) -> None:
        """Go back to the policy that comes with the program. Raises `SettingsError`."""
        from copilot.models.policy import default_policy

        await asyncio.to_thread(lambda: self._replace(default_policy()))

    def _text(self) -> str:
        from copilot.models.policy import default_policy

        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return default_policy()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"The policy in {self._path} cannot be read.", "Correct or remove the file."
            ) from error

    def _policy(self) -> Policy:
        from copilot.models.policy import read_policy

        try:
            text = self._text()
            if self._read is None or self._read[0] != text:
                self._read = text, read_policy(text)
        except SettingsError as error:
            raise NoModelError(f"No language model is used: {error.message}", error.advice) from error
        return self._read[1]

    def _replace(self, text: str) -> None:
        unfinished = self._path.with_suffix(".unfinished")
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._path)
        except OSError as error:
            raise SettingsError(
                f"The policy cannot be written to {self._path}: {error.strerror}.",
                "Check the folder's permissions and space.",
            ) from error
