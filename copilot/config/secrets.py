"""Secrets: the environment first, then the system's keyring, else this run's memory and nowhere else.

A keyring without a desktop session raises, its `null` backend swallows what it is given, and a locked one waits for a
person. So every call runs in a thread with a time limit, and what was written is read back and compared.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from enum import StrEnum

from copilot.errors import SecretError

SERVICE = "Sidedesk"
PATIENCE_SECONDS = 30.0


class Kept(StrEnum):
    """Where a secret was put."""

    KEYRING = "keyring"
    MEMORY = "memory"


class Secrets:
    """The secrets of one workspace, named like ``rt-support/token``."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self._memory: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        """The secret, or None when nobody has it; an unusable keyring counts as having nothing."""
        from_environment = os.environ.get(self.environment_name(name))
        if from_environment:
            return from_environment
        if name in self._memory:
            return self._memory[name]
        try:
            return await self._in_thread(_read, self._key(name))
        except SecretError:
            return None

    async def set(self, name: str, value: str) -> Kept:
        """Keep a secret; answers MEMORY when the keyring cannot be trusted with it, so that the screen can say so."""
        try:
            await self._in_thread(_write, self._key(name), value)
            if await self._in_thread(_read, self._key(name)) == value:
                self._memory.pop(name, None)
                return Kept.KEYRING
        except SecretError:
            pass  # The answer tells: the caller shows that the secret lives only as long as this run.
        self._memory[name] = value
        return Kept.MEMORY

    async def forget(self, name: str) -> None:
        """Remove a secret from memory and keyring. Raises `SecretError` when the keyring still holds it."""
        self._memory.pop(name, None)
        if await self._in_thread(_read, self._key(name)) is not None:
            await self._in_thread(_delete, self._key(name))

    def environment_name(self, name: str) -> str:
        """The environment variable that overrides a secret: ``rt-support/token`` is ``SIDEDESK_RT_SUPPORT_TOKEN``."""
        return "SIDEDESK_" + re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")

    def _key(self, name: str) -> str:
        return f"{self._workspace}/{name}"

    async def _in_thread(self, call: Callable[..., str | None], *arguments: str) -> str | None:
        try:
            answer: str | None = await asyncio.wait_for(asyncio.to_thread(call, *arguments), PATIENCE_SECONDS)
        except TimeoutError as error:
            raise SecretError("The keyring did not answer.", "Unlock it and try again.") from error
        return answer


def _read(key: str) -> str | None:
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(SERVICE, key)
    except keyring.errors.KeyringError as error:
        raise _unusable(error) from error


def _write(key: str, value: str) -> None:
    import keyring
    import keyring.errors

    try:
        keyring.set_password(SERVICE, key, value)
    except keyring.errors.KeyringError as error:
        raise _unusable(error) from error


def _delete(key: str) -> None:
    import keyring
    import keyring.errors

    try:
        keyring.delete_password(SERVICE, key)
    except keyring.errors.KeyringError as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> SecretError:
    return SecretError(
        f"The system's keyring cannot be used ({type(error).__name__}).",
        "Unlock it, or set the secret in the environment.",
    )
