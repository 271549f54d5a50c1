"""The records of FreeScout that we read ("Conversation object", "Thread object" … of the API documentation)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from copilot.desks.rest import Wire
from copilot.desks.rest.shapes import Date, Rows, Text


class PersonRow(Wire):
    """A user or a customer; their numbers are counted apart."""

    id: int
    type: Text = ""
    first_name: Text = Field(default="", alias="firstName")
    last_name: Text = Field(default="", alias="lastName")
    email: Text = ""

    @property
    def name(self) -> str:
        """What to call them."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or f"No. {self.id}"


class FileRow(Wire):
    """A file of a thread, and where it is."""

    id: int
    name: Text = Field(default="", alias="fileName")
    url: Text = Field(default="", alias="fileUrl")
    media_type: Text = Field(default="", alias="mimeType")
    size: int = 0


class Files(Wire):
    """What a thread carries."""

    attachments: Rows[FileRow] = Field(default=[])


class ThreadRow(Wire):
    """A message, a note, or (type lineitem) something that happened."""

    id: int
    type: Text
    state: Text = "published"
    body: Text = ""
    created_by: PersonRow | None = Field(default=None, alias="createdBy")
    customer: PersonRow | None = None
    created: Date = Field(alias="createdAt")
    rating: int | None = None
    rating_comment: Text = ""
    embedded: Files = Field(default=Files(), alias="_embedded")


class TagRow(Wire):
    """A tag."""

    name: Text


class FieldRow(Wire):
    """A custom field: of a conversation with its value, of a mailbox with its type and options."""

    id: int
    name: Text = ""
    value: Any = None
    text: Text = ""
    type: Text = ""
    options: Any = None


class Inside(Wire):
    """What comes along with embed=threads,tags."""

    threads: Rows[ThreadRow] = Field(default=[])
    tags: Rows[TagRow] = Field(default=[])


class ConversationRow(Wire):
    """A conversation."""

    id: int
    number: int = 0
    threads_count: int = Field(default=0, alias="threadsCount")
    type: Text = ""
    status: Text
    state: Text = "published"
    subject: Text = ""
    mailbox: int = Field(alias="mailboxId")
    assignee: PersonRow | None = None
    customer: PersonRow | None = None
    created: Date = Field(alias="createdAt")
    updated: Date | None = Field(default=None, alias="updatedAt")
    fields: Rows[FieldRow] = Field(default=[], alias="customFields")
    embedded: Inside = Field(default=Inside(), alias="_embedded")


class MailboxRow(Wire):
    """A mailbox."""

    id: int
    name: Text = ""
    email: Text = ""


class PageRow(Wire):
    """Where in a list a page stands."""

    number: int = 1
    total_pages: int = Field(default=1, alias="totalPages")


class Conversations(Wire):
    """The list's rows."""

    conversations: Rows[ConversationRow] = Field(default=[])


class Users(Wire):
    """The list's rows."""

    users: Rows[PersonRow] = Field(default=[])


class Mailboxes(Wire):
    """The list's rows."""

    mailboxes: Rows[MailboxRow] = Field(default=[])


class Fields(Wire):
    """The list's rows."""

    custom_fields: Rows[FieldRow] = Field(default=[])


class ConversationPage(Wire):
    """A page of conversations."""

    embedded: Conversations = Field(default=Conversations(), alias="_embedded")
    page: PageRow = PageRow()


class UserPage(Wire):
    """A page of users."""

    embedded: Users = Field(default=Users(), alias="_embedded")
    page: PageRow = PageRow()


class MailboxPage(Wire):
    """A page of mailboxes."""

    embedded: Mailboxes = Field(default=Mailboxes(), alias="_embedded")
    page: PageRow = PageRow()


class FieldPage(Wire):
    """A page of custom fields."""

    embedded: Fields = Field(default=Fields(), alias="_embedded")
    page: PageRow = PageRow()
