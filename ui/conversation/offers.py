"""What is offered in the editor for each mark, and what picking it puts into the text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor

from copilot.domain import Article, Audience, Conversation, DeskId, Person
from copilot.errors import UserError
from copilot.workspace import Workspace
from ui.aio import spawn
from ui.conversation.completion import Completion, Picked
from ui.conversation.composer import Composer
from ui.conversation.emoji_names import emoji_named
from ui.conversation.notices import Notices
from ui.conversation.triggers import Mark, Trigger
from ui.widgets.choices import Choice, matching

_SHOWN = 40
_KEPT_SECONDS = 60.0
"""Macros are read again after this time, while the rep goes on typing."""


@dataclass(frozen=True, slots=True)
class _Template:
    """A macro or snippet, before its variables are filled."""

    text: str


class Offers(QObject):
    """Ties the list under the cursor to the open ticket."""

    def __init__(self, workspace: Workspace, composer: Composer, notices: Notices) -> None:
        super().__init__(composer)
        self._workspace, self._composer, self._notices = workspace, composer, notices
        self._conversation: Conversation | None = None
        self._macros: tuple[Article, ...] = ()
        self._macros_read = -_KEPT_SECONDS
        self._people: dict[DeskId, tuple[Person, ...]] = {}
        self.completion = Completion(composer.editor, self._find)
        self.completion.picked.connect(self._on_picked)

    def begin(self, conversation: Conversation | None) -> None:
        """The composer writes for this ticket from now on."""
        self._conversation = conversation

    # -- finding -----------------------------------------------------------------------------------------------------

    async def _find(self, trigger: Trigger) -> Sequence[Choice]:
        if self._conversation is None:
            return ()
        match trigger.mark:
            case Mark.MACRO:
                return matching(await self._templates(), trigger.typed)[:_SHOWN]
            case Mark.ARTICLE:
                return await self._articles(trigger.typed, self._conversation)
            case Mark.PERSON:
                return await self._colleagues(trigger.typed, self._conversation.ticket.desk)
            case Mark.EMOJI:
                found = await asyncio.to_thread(emoji_named, trigger.typed)
                return [Choice(value=sign, title=f"{sign}  {name}") for name, sign in found]

    async def _templates(self) -> tuple[Choice, ...]:
        if monotonic() - self._macros_read > _KEPT_SECONDS:
            self._macros = await self._workspace.composing.macros()
            self._macros_read = monotonic()
        own = [
            Choice(value=_Template(text), title=name, detail=_first_words(text), icon="square-pen")
            for name, text in sorted(self._workspace.composing.snippets.items())
        ]
        macros = [
            Choice(
                value=_Template(macro.text), title=macro.title, detail=_first_words(macro.text), icon="zap"
            )
            for macro in self._macros
        ]
        return (*own, *macros)

    async def _articles(self, typed: str, conversation: Conversation) -> list[Choice]:
        if typed.strip():
            return [_article_choice(article) for article in await self._workspace.composing.articles(typed)]
        brief = await self._workspace.brief(conversation.ticket.id)
        hits = [hit.article for hit in brief.articles] if brief is not None else []
        near = [await self._workspace.article(article) for article in hits]
        newest = await self._workspace.composing.articles("")
        known = {article.id for article in near}
        return [_article_choice(article) for article in (*near, *(a for a in newest if a.id not in known))]

    async def _colleagues(self, typed: str, desk: DeskId) -> Sequence[Choice]:
        if not self._composer.is_note:
            return ()  # the requester would read it
        if desk not in self._people:
            try:
                self._people[desk] = await self._workspace.people(desk)
            except UserError:
                return ()  # the desk's health says why; the name can be typed
        people = [
            Choice(value=person, title=person.name, detail=person.email, person=person.name)
            for person in self._people[desk]
        ]
        return matching(people, typed)

    # -- inserting ---------------------------------------------------------------------------------------------------

    def _on_picked(self, picked: Picked) -> None:
        match picked.value:
            case _Template() as template:
                spawn(self._insert_filled(picked, template.text), "insert a macro", self)
            case Article() as article:
                self._insert(picked, _cited(article))
                if article.audience is not Audience.PUBLIC and not self._composer.is_note:
                    self._notices.warn(
                        f"“{article.title}” is internal: the requester cannot open it. Tell them what it says instead."
                    )
            case Person() as person:
                self._insert(picked, f"@{person.name} ")
            case str() as sign:
                self._insert(picked, sign)

    async def _insert_filled(self, picked: Picked, text: str) -> None:
        conversation = self._conversation
        if conversation is None:
            return
        found = await self._workspace.composing.fill(conversation.ticket.id, text)
        if conversation is not self._conversation:
            return
        self._insert(picked, found.text)
        self._composer.expect(found.blank)
        if found.blank:
            self._select(picked.start, found.blank[0])
            self._notices.warn(f"Fill in {', '.join(found.blank)}: this ticket does not say.")

    def _insert(self, picked: Picked, text: str) -> None:
        cursor = self._composer.editor.textCursor()
        cursor.setPosition(picked.start)
        cursor.setPosition(picked.end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self._composer.editor.setTextCursor(cursor)

    def _select(self, after: int, words: str) -> None:
        editor = self._composer.editor
        found = editor.document().find(words, after)
        if not found.isNull():
            editor.setTextCursor(found)


def _article_choice(article: Article) -> Choice:
    internal = article.audience is not Audience.PUBLIC
    detail = "internal" if internal else article.url.partition("://")[2]
    return Choice(value=article, title=article.title, detail=detail, icon="lock" if internal else "book-open")


def _cited(article: Article) -> str:
    title = article.title.translate({ord("["): "(", ord("]"): ")"})
    if article.url.startswith(("http://", "https://")):
        return f"[{title}]({article.url.replace(')', '%29').replace(' ', '%20')}) "
    return f"“{article.title}” "


def _first_words(text: str) -> str:
    return " ".join(text[:160].split())
