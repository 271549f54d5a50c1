"""The knowledge base and the text modules, whole: three requests.

knowledge_bases/init gives all that the rep may see, and with the numbers of contents their words too
(app/controllers/knowledge_bases_controller.rb). It does not say which page an answer has, so articles have no link.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from copilot.desks.rest import Rest
from copilot.desks.zammad.wire import AnswerRow, Knowledge, ModuleRow
from copilot.domain import Article, ArticleId, Audience, DeskId, SourceKind
from copilot.errors import BadDataError, NotFoundError, PermissionDeniedError
from copilot.text.plain import html_to_text

log = structlog.get_logger()


async def articles(rest: Rest, desk: DeskId) -> tuple[Article, ...]:
    """Answers that are published or internal, and text modules; what the token may not read is left out."""
    return (*await _answers(rest, desk), *await _modules(rest, desk))


async def _answers(rest: Rest, desk: DeskId) -> list[Article]:
    try:
        known = (await rest.send("POST", "knowledge_bases/init", {}, Knowledge)).value
        shown = {row.content_id for row in known.translations.values() if row.content_id}
        if not shown:
            return []
        wanted = {"answer_translation_content_ids": sorted(shown)}
        known = (await rest.send("POST", "knowledge_bases/init", wanted, Knowledge)).value
    except (
        PermissionDeniedError,
        NotFoundError,
        BadDataError,
    ) as error:  # without a knowledge base it answers []
        log.info("zammad.no_knowledge_base", error=type(error).__name__)
        return []
    return await asyncio.to_thread(_translate, known, desk)


def _translate(known: Knowledge, desk: DeskId) -> list[Article]:
    found = []
    for row in known.translations.values():
        answer = known.answers.get(str(row.answer_id))
        content = known.contents.get(str(row.content_id))
        if answer is None or content is None or not _is_shown(answer):
            continue
        text = html_to_text(content.body).text
        if text:
            found.append(
                Article(
                    id=ArticleId(f"{desk}:article:{row.id}"),
                    title=row.title or f"Answer {answer.id}",
                    text=text,
                    audience=Audience.PUBLIC if answer.published_at else Audience.INTERNAL,
                    kind=SourceKind.ARTICLE,
                    updated=answer.updated_at,
                )
            )
    return found


def _is_shown(answer: AnswerRow) -> bool:
    return answer.archived_at is None and (answer.published_at or answer.internal_at) is not None


async def _modules(rest: Rest, desk: DeskId) -> list[Article]:
    try:
        rows = (await rest.get("text_modules", list[ModuleRow], {"per_page": 500, "page": 1})).value
    except (PermissionDeniedError, NotFoundError) as error:
        log.info("zammad.no_text_modules", error=type(error).__name__)
        return []
    return await asyncio.to_thread(_macros, rows, desk)


def _macros(rows: Sequence[ModuleRow], desk: DeskId) -> list[Article]:
    return [
        Article(
            id=ArticleId(f"{desk}:macro:{row.id}"),
            title=row.name,
            text=text,
            audience=Audience.INTERNAL,
            kind=SourceKind.MACRO,
            updated=row.updated_at,
        )
        for row in rows
        if row.active and row.name and (text := html_to_text(row.content).text)
    ]
