"""What Front sends, as far as we read it (the schemas of its Core API)."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BeforeValidator, Field

from copilot.desks.rest import Wire
from copilot.desks.rest.moments import Moment

T = TypeVar("T")

Rows = Annotated[list[T], BeforeValidator(lambda value: value or [])]
Attributes = Annotated[
    dict[str, Any], BeforeValidator(lambda value: value if isinstance(value, dict) else {})
]


class Pagination(Wire):
    """The whole address of the next page, None on the last."""

    next: str | None = None


class Results(Wire, Generic[T]):
    """A list, or a page of one."""

    pagination: Annotated[Pagination, BeforeValidator(lambda value: value or {})] = Field(
        default_factory=Pagination, alias="_pagination"
    )
    results: list[T] = Field(alias="_results")


class Identity(Wire):
    """The company a token belongs to."""

    id: str
    name: str = ""


class Teammate(Wire):
    """A user, or one of Front's bots: `type` says which."""

    id: str
    email: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    is_blocked: bool | None = False
    type: str | None = "user"


class Recipient(Wire):
    """Somebody a message is from or to; `role` is from, to, cc, bcc or reply-to."""

    name: str | None = None
    handle: str = ""
    role: str | None = None


class Tag(Wire):
    """A tag."""

    id: str
    name: str


class Conversation(Wire):
    """A conversation without its messages."""

    id: str
    type: str | None = None
    subject: str | None = None
    status: str
    status_category: str | None = None
    assignee: Teammate | None = None
    recipient: Recipient | None = None
    tags: Rows[Tag] = Field(default_factory=list)
    custom_fields: Attributes = Field(default_factory=dict)
    created_at: Moment | None = None
    updated_at: Moment | None = None
    waiting_since: Moment | None = None
    scheduled_reminders: Rows[Any] = Field(default_factory=list)


class FileRow(Wire):
    """A file of a message."""

    id: str
    filename: str = "file"
    content_type: str = "application/octet-stream"
    size: int = 0


class MessageRow(Wire):
    """A message, or a draft of one."""

    id: str
    message_uid: str | None = None
    type: str | None = None
    is_inbound: bool = False
    draft_mode: str | None = None
    created_at: Moment
    author: Teammate | None = None
    recipients: Rows[Recipient] = Field(default_factory=list)
    body: str | None = None
    text: str | None = None
    attachments: Rows[FileRow] = Field(default_factory=list)


class Comment(Wire):
    """An internal comment; `body` is Markdown."""

    id: str
    author: Teammate | None = None
    body: str | None = None
    posted_at: Moment
    attachments: Rows[FileRow] = Field(default_factory=list)


class Kind(Wire):
    """Of what kind a source or target is."""

    type: str | None = None


class Point(Wire):
    """The source or target of an event."""

    meta: Annotated[Kind, BeforeValidator(lambda value: value or {})] = Field(
        default_factory=Kind, alias="_meta"
    )
    data: Any = None


class Event(Wire):
    """Something that happened to a conversation."""

    id: str
    type: str | None = None
    emitted_at: Moment
    conversation: Conversation | None = None
    target: Point | None = None


class Inbox(Wire):
    """Where conversations are."""

    id: str
    name: str = ""


class Related(Wire):
    """What a resource belongs to, as addresses."""

    inbox: str | None = None


class Links(Wire):
    """The links of a channel."""

    related: Annotated[Related, BeforeValidator(lambda value: value or {})] = Field(default_factory=Related)


class ChannelRow(Wire):
    """A channel of an inbox."""

    id: str
    type: str | None = None
    links: Annotated[Links, BeforeValidator(lambda value: value or {})] = Field(
        default_factory=Links, alias="_links"
    )


class CustomField(Wire):
    """A custom field of conversations."""

    name: str
    type: str = "string"
    values: Rows[Any] = Field(default_factory=list)


class Accepted(Wire):
    """Front has taken a message, and sends it in a moment."""

    message_uid: str | None = None


class Template(Wire):
    """A message template; `body` is HTML."""

    id: str
    name: str = ""
    body: str | None = None


class KnowledgeBase(Wire):
    """A knowledge base, internal or external."""

    id: str
    type: str | None = None


class ArticleHead(Wire):
    """An article without its text."""

    id: str
    updated_at: Moment | None = None


class ArticleRow(Wire):
    """An article; `content` is HTML."""

    id: str
    name: str | None = None
    status: str | None = None
    content: str | None = None
    updated_at: Moment | None = None
