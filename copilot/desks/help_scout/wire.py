"""What Help Scout sends, as far as we read it. Ids of customers and users are two rows of numbers."""

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


class Token(Wire):
    """An access token; it lasts two days."""

    access_token: str = Field(repr=False)


class Someone(Wire):
    """A customer, a user or a team; `type` says which, where it is told."""

    id: int | None = None
    type: str | None = None
    first: str | None = None
    last: str | None = None
    email: str | None = None


class UserRow(Wire):
    """A user, or a team, which is listed as one."""

    id: int
    first: str | None = Field(default=None, alias="firstName")
    last: str | None = Field(default=None, alias="lastName")
    name: str | None = None
    email: str | None = None
    type: str | None = None


class Tag(Wire):
    """A tag of a conversation."""

    tag: str


class FieldValue(Wire):
    """The value of a custom field; of a dropdown, `value` is the option's id and `text` what it is called."""

    id: int
    name: str = ""
    value: str | int | float | None = None
    text: str | None = None


class Waiting(Wire):
    """Since when the customer waits."""

    time: Moment | None = None


class FileRow(Wire):
    """A file of a thread."""

    id: int
    name: str = Field(default="file", alias="filename")
    media_type: str = Field(default="application/octet-stream", alias="mimeType")
    size: int = 0


class Files(Wire):
    """What comes along with a thread."""

    attachments: Rows[FileRow] = Field(default_factory=list)


class ThreadRow(Wire):
    """A message, a note, or a line that says what happened."""

    id: int
    type: str
    state: str | None = None
    body: str | None = None
    created_by: Someone | None = Field(default=None, alias="createdBy")
    customer: Someone | None = None
    created: Moment = Field(alias="createdAt")
    rating: Attributes = Field(default_factory=dict)
    files: Files = Field(default_factory=Files, alias="_embedded")


class ThreadRows(Wire):
    """The threads of a conversation."""

    threads: Rows[ThreadRow] = Field(default_factory=list)


class Source(Wire):
    """How a conversation began."""

    type: str | None = None


class Conversation(Wire):
    """A conversation; `threads` counts what was published."""

    id: int
    number: int = 0
    threads: int = 0
    type: str | None = None
    status: str
    state: str | None = None
    subject: str | None = None
    mailbox: int = Field(alias="mailboxId")
    assignee: Someone | None = None
    created: Moment = Field(alias="createdAt")
    closed: Moment | None = Field(default=None, alias="closedAt")
    touched: Moment | None = Field(default=None, alias="userUpdatedAt")
    waiting: Waiting | None = Field(default=None, alias="customerWaitingSince")
    source: Source | None = None
    tags: Rows[Tag] = Field(default_factory=list)
    customer: Someone | None = Field(default=None, alias="primaryCustomer")
    fields: Rows[FieldValue] = Field(default_factory=list, alias="customFields")
    embedded: ThreadRows = Field(default_factory=ThreadRows, alias="_embedded")


class PageInfo(Wire):
    """Which page this is, and of how many."""

    total: int = Field(default=0, alias="totalElements")
    pages: int = Field(default=1, alias="totalPages")


class Page(Wire, Generic[T]):
    """A page; without rows there is no `_embedded`."""

    embedded: T | None = Field(default=None, alias="_embedded")
    page: PageInfo


class ConversationRows(Wire):
    """The conversations of a page."""

    conversations: Rows[Conversation] = Field(default_factory=list)


class Mailbox(Wire):
    """An inbox."""

    id: int
    name: str = ""


class MailboxRows(Wire):
    """The inboxes of a page."""

    mailboxes: Rows[Mailbox] = Field(default_factory=list)


class UserRows(Wire):
    """The users of a page."""

    users: Rows[UserRow] = Field(default_factory=list)


class TeamRows(Wire):
    """The teams of a page."""

    teams: Rows[UserRow] = Field(default_factory=list)


class Option(Wire):
    """An option of a dropdown."""

    id: int
    label: str


class FieldRow(Wire):
    """A custom field of an inbox."""

    id: int
    name: str
    type: str = ""
    options: Rows[Option] = Field(default_factory=list)


class FieldRows(Wire):
    """The custom fields of an inbox."""

    fields: Rows[FieldRow] = Field(default_factory=list)


class Fields(Wire):
    """The envelope of the custom fields, which come on one page."""

    embedded: FieldRows = Field(default_factory=FieldRows, alias="_embedded")


class FileData(Wire):
    """A file's bytes in base64."""

    data: str


class SavedReplyHead(Wire):
    """A saved reply in the list."""

    id: int


class SavedReply(Wire):
    """A saved reply; `text` is HTML."""

    id: int
    name: str = ""
    text: str | None = None


class DocsItem(Wire):
    """A collection, or an article in a list."""

    id: str
    name: str = ""
    visibility: str | None = None
    text: str | None = None
    url: str | None = Field(default=None, alias="publicUrl")
    updated: Moment | None = Field(default=None, alias="updatedAt")


class DocsPage(Wire):
    """A page of the Docs API."""

    pages: int = 1
    items: Rows[DocsItem] = Field(default_factory=list)


class DocsCollections(Wire):
    """The envelope of collections."""

    collections: DocsPage


class DocsArticles(Wire):
    """The envelope of articles."""

    articles: DocsPage


class DocsArticle(Wire):
    """The envelope of an article."""

    article: DocsItem
