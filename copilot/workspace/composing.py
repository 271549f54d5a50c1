"""What the editor offers while a reply is written, and what of it the requester will see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from copilot.desks.words import limits_of, to_plain
from copilot.domain import Article, Conversation, DeskInfo, ReplyLimits, SavedReply, SourceKind, TicketId
from copilot.errors import UserError
from copilot.store import Store
from copilot.text.html import markdown_to_html
from copilot.workspace.kept import KeptSettings
from copilot.workspace.outgoing import now_utc

SNIPPET_LENGTH = 20_000
NAME_LENGTH = 80
_VARIABLE = re.compile(r"\{\{?\s*([a-z_]+(?:\.[a-z_]+)*)\s*\}?\}")
_ALSO_CALLED = {
    "ticket.requester.name": "requester.name",
    "ticket.requester.first_name": "requester.first_name",
    "ticket.requester.email": "requester.email",
    "ticket.title": "ticket.subject",
    "current_user.name": "rep.name",
    "agent.name": "rep.name",
}
"""Names that the macros of desks use for the same, with or without double braces."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A macro or snippet for one ticket; `blank` are the variables, as written, that nothing is known for."""

    text: str
    blank: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AsSent:
    """A reply as the requester gets it: safe `html` where the channel shows markup, else only `text`."""

    text: str
    html: str
    limits: ReplyLimits


class Composing:
    """Macros, snippets, articles, earlier versions and the preview."""

    def __init__(
        self, settings: KeptSettings, store: Store, desk: Callable[[Conversation], DeskInfo | None]
    ) -> None:
        self._settings = settings
        self._store = store
        self._desk = desk

    async def macros(self) -> tuple[Article, ...]:
        """The desks' macros, by title, the first two thousand."""
        return await self._store.knowledge.of_kind(SourceKind.MACRO)

    async def articles(self, words: str) -> tuple[Article, ...]:
        """Articles with these parts of words in their title; with none, the newest."""
        return await self._store.knowledge.titled(words)

    @property
    def snippets(self) -> Mapping[str, str]:
        """The rep's own texts, by name."""
        return self._settings.now.preferences.snippets

    async def keep_snippet(self, name: str, text: str) -> None:
        """Keep a text under a name, in place of the one that had it. Raises `UserError`."""
        name = " ".join(name.split())[:NAME_LENGTH]
        if not name or not text.strip():
            raise UserError("A snippet needs a name and a text.", "Write the text, then name it.")
        if len(text) > SNIPPET_LENGTH:
            raise UserError(
                "This text is too long for a snippet.", f"Keep it under {SNIPPET_LENGTH} characters."
            )
        await self._keep({**self.snippets, name: text})

    async def forget_snippet(self, name: str) -> None:
        """Keep it no longer."""
        await self._keep({known: text for known, text in self.snippets.items() if known != name})

    async def fill(self, ticket: TicketId, text: str) -> Filled:
        """Put what this ticket says in the place of variables. What is not known stays as it is. Raises `KeyError`."""
        conversation = await self._store.tickets.conversation(ticket)
        return filled(text, values_of(conversation, self._desk(conversation), now_utc()))

    async def as_sent(self, ticket: TicketId, text: str) -> AsSent:
        """The reply as its channel carries it. Raises `KeyError`."""
        limits = self.limits(await self._store.tickets.conversation(ticket))
        html, _ = await asyncio.to_thread(markdown_to_html, text)
        plain = text if limits.markup else await asyncio.to_thread(to_plain, text)
        return AsSent(plain, html if limits.markup else "", limits)

    def limits(self, conversation: Conversation) -> ReplyLimits:
        """What a reply on this ticket's channel may be."""
        desk = self._desk(conversation)
        return limits_of(desk.capabilities, conversation.ticket.channel) if desk else ReplyLimits()

    async def versions(self, ticket: TicketId, *, note: bool) -> tuple[SavedReply, ...]:
        """What the rep had written here before, newest first, the last fifty."""
        return await self._store.books.reply_versions(ticket, note=note)

    async def _keep(self, snippets: Mapping[str, str]) -> None:
        preferences = self._settings.now.preferences.model_copy(update={"snippets": dict(snippets)})
        await self._settings.change(preferences=preferences)


def filled(text: str, values: Mapping[str, str]) -> Filled:
    """Fill `{requester.name}` or `{{ticket.requester.name}}`; an empty value counts as not known."""
    blank: list[str] = []

    def value(found: re.Match[str]) -> str:
        name = _ALSO_CALLED.get(found[1], found[1])
        if values.get(name):
            return values[name]
        if found[0] not in blank:
            blank.append(found[0])
        return found[0]

    return Filled(_VARIABLE.sub(value, text), tuple(blank))


def values_of(conversation: Conversation, desk: DeskInfo | None, now: datetime) -> dict[str, str]:
    """What variables stand for on a ticket: facts of the desk alone, never a guess."""
    ticket = conversation.ticket
    name = ticket.requester.name if "@" not in ticket.requester.name else ""
    rep = desk.me.name if desk is not None and desk.me is not None else ""
    today = now.astimezone()
    return {
        "requester.name": name,
        "requester.first_name": name.split()[0] if name.split() else "",
        "requester.email": ticket.requester.email,
        "rep.name": rep,
        "rep.first_name": rep.split()[0] if rep.split() else "",
        "ticket.id": str(ticket.remote_id),
        "ticket.subject": ticket.subject,
        "ticket.url": ticket.url,
        "date": f"{today.day} {today:%B %Y}",
    }
