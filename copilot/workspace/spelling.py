"""Misspelled words of what the rep writes, by the system's dictionaries and in the ticket's language."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from copilot.domain import TicketId
from copilot.store import Store
from copilot.text.spelling.checker import Checker
from copilot.text.spelling.dictionaries import find_dictionaries, usual_folders
from copilot.text.spelling.words import Word, words_of
from copilot.workspace.kept import KeptSettings

_REMEMBERED = 20_000
_SUGGESTED = 6


class Spelling:
    """What the editor underlines. Nothing is loaded before the first text is checked."""

    def __init__(
        self,
        settings: KeptSettings,
        store: Store,
        folders: Callable[[], Sequence[Path]] = usual_folders,
    ) -> None:
        self._settings = settings
        self._store = store
        self._folders = folders
        self._checker = Checker()
        self._dictionaries: Mapping[str, Path] | None = None
        self._right: dict[tuple[Path, str], bool] = {}

    @property
    def is_on(self) -> bool:
        """Whether the rep wants it."""
        return self._settings.now.preferences.check_spelling

    async def mistakes(self, ticket: TicketId, text: str, *, note: bool) -> tuple[Word, ...]:
        """Words that no dictionary, name on this ticket or word of the rep's own knows; none without a dictionary."""
        words = await asyncio.to_thread(words_of, text)
        dictionary = await self._dictionary(ticket, note=note) if words and self.is_on else None
        if dictionary is None:
            return ()
        await self._look_up(dictionary, [word.text for word in words])
        known = await self._names(ticket)
        known |= {word.casefold() for word in self._settings.now.preferences.own_words}
        return tuple(
            word
            for word in words
            if not self._right.get((dictionary, word.text), True) and word.text.casefold() not in known
        )

    async def suggestions(self, ticket: TicketId, word: str, *, note: bool) -> tuple[str, ...]:
        """What may have been meant by a word of a reply or note."""
        dictionary = await self._dictionary(ticket, note=note)
        return () if dictionary is None else (await self._checker.suggestions(dictionary, word))[:_SUGGESTED]

    async def learn(self, word: str) -> None:
        """This word is right, from now on and on every ticket."""
        now = self._settings.now.preferences
        own = tuple(sorted({*now.own_words, word}))
        await self._settings.change(preferences=now.model_copy(update={"own_words": own}))

    async def aclose(self) -> None:
        """End the spelling process."""
        await self._checker.aclose()

    async def _look_up(self, dictionary: Path, words: Sequence[str]) -> None:
        unknown = sorted({word for word in words if (dictionary, word) not in self._right})
        if not unknown:
            return
        wrong = await self._checker.misspelled(dictionary, unknown)
        if len(self._right) > _REMEMBERED:
            self._right.clear()
        self._right.update({(dictionary, word): word not in wrong for word in unknown})

    async def _dictionary(self, ticket: TicketId, *, note: bool) -> Path | None:
        """A reply is in the ticket's language, a note in the rep's own."""
        if self._dictionaries is None:
            self._dictionaries = await asyncio.to_thread(lambda: find_dictionaries(self._folders()))
        if not self._dictionaries:
            return None
        brief = None if note else await self._store.books.brief(ticket)
        language = brief.language if brief is not None else ""
        return self._dictionaries.get(language or self._settings.now.preferences.language)

    async def _names(self, ticket: TicketId) -> set[str]:
        conversation = await self._store.tickets.conversation(ticket)
        people = {conversation.ticket.requester.name, *(m.author.name for m in conversation.messages)}
        return {part.strip(",.").casefold() for name in people for part in name.split()}
