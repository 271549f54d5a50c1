"""A dictionary that lacks two words."""

from __future__ import annotations

from copilot.domain import TicketId
from copilot.text.spelling.words import Word, words_of
from copilot.workspace.spelling import Spelling


class FakeSpelling(Spelling):
    def __init__(self) -> None:
        self.wrong = {"refnd": ("refund", "refined"), "recieve": ("receive",)}

    async def mistakes(self, ticket: TicketId, text: str, *, note: bool) -> tuple[Word, ...]:
        return tuple(word for word in words_of(text) if word.text in self.wrong)

    async def suggestions(self, ticket: TicketId, word: str, *, note: bool) -> tuple[str, ...]:
        return self.wrong.get(word, ())

    async def learn(self, word: str) -> None:
        del self.wrong[word]
