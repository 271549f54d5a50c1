"""The records of Zammad that we read. Most come as assets: by the model's name, then by number."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field

from copilot.desks.rest import Wire
from copilot.desks.rest.shapes import Date, Rows, Table, Text

V = TypeVar("V")


def _numbered(value: Any) -> Any:
    return (
        {k: v for k, v in value.items() if str(k).isdecimal()} if isinstance(value, dict) else (value or {})
    )


Records = Annotated[dict[str, V], BeforeValidator(_numbered)]
"""Records by number; what has no number is something of a later version."""


class UserRow(Wire):
    """A customer or an agent; number 1 stands for nobody."""

    id: int
    login: Text = ""
    firstname: Text = ""
    lastname: Text = ""
    email: Text = ""
    active: bool = True

    @property
    def name(self) -> str:
        """What to call them."""
        return f"{self.firstname} {self.lastname}".strip() or self.email or self.login or f"User {self.id}"


class TicketRow(Wire):
    """A ticket. What a team has added to tickets comes beside Zammad's own attributes, so all is kept."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: int
    number: Text
    title: Text = ""
    group_id: int
    state_id: int
    priority_id: int | None = None
    owner_id: int | None = None
    customer_id: int | None = None
    create_article_type_id: int | None = None
    created_at: Date
    updated_at: Date
    escalation_at: Date | None = None
    preferences: Table[Any] = Field(default={})


class Assets(Wire):
    """Records by number."""

    tickets: Records[TicketRow] = Field(default={}, alias="Ticket")
    users: Records[UserRow] = Field(default={}, alias="User")


class Found(Wire):
    """What a search found: numbers in order, under one of two names, and the records."""

    tickets: Rows[int] = Field(default=[])
    record_ids: Rows[int] = Field(default=[])
    assets: Assets = Assets()


class Whole(Wire):
    """A ticket with all that belongs to it (tickets/N?all=true)."""

    tags: Rows[str] = Field(default=[])
    assets: Assets


class FileRow(Wire):
    """A file of an article; `preferences` has its media type under one of two names."""

    id: int
    filename: Text = ""
    size: int = 0
    preferences: Table[Any] = Field(default={})


class ArticleRow(Wire):
    """A message of a ticket, with names instead of numbers (expand=true)."""

    id: int
    body: Text = ""
    content_type: Text = "text/plain"
    type: Text = ""
    sender: Text = ""
    internal: bool = False
    message_id: Text = ""
    from_: Text = Field(default="", alias="from")
    created_by_id: int | None = None
    origin_by_id: int | None = None
    created_at: Date
    preferences: Table[Any] = Field(default={})
    attachments: Rows[FileRow] = Field(default=[])


class NamedRow(Wire):
    """A group or a priority."""

    id: int
    name: Text
    active: bool = True


class StateRow(NamedRow):
    """A state, and the type that says what it means (expand=true)."""

    state_type: Text = ""


class ModuleRow(NamedRow):
    """A text module."""

    content: Text = ""
    updated_at: Date | None = None


class AnswerRow(Wire):
    """An answer of the knowledge base: who may see it follows from the dates."""

    id: int
    published_at: Date | None = None
    internal_at: Date | None = None
    archived_at: Date | None = None
    updated_at: Date | None = None


class TranslationRow(Wire):
    """An answer in one language."""

    id: int
    title: Text = ""
    answer_id: int
    content_id: int | None = None


class ContentRow(Wire):
    """The words of an answer in one language, as HTML."""

    id: int
    body: Text = ""


class Knowledge(Wire):
    """The knowledge base (knowledge_bases/init)."""

    answers: Records[AnswerRow] = Field(default={}, alias="KnowledgeBaseAnswer")
    translations: Records[TranslationRow] = Field(default={}, alias="KnowledgeBaseAnswerTranslation")
    contents: Records[ContentRow] = Field(default={}, alias="KnowledgeBaseAnswerTranslationContent")


class Merged(Wire):
    """The answer to a merge: 200 also when it failed."""

    result: Text = ""
    message: Text = ""


class Made(Wire):
    """What was made, of which only the number matters."""

    id: int
