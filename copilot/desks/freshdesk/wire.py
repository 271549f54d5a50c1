"""The records of Freshdesk that we read, with the names of the API reference's attribute tables."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from copilot.desks.rest import Wire
from copilot.desks.rest.shapes import Date, Rows, Table, Text


class FileRow(Wire):
    """An attachment. Its address is signed and works for a while only."""

    id: int
    name: Text = ""
    content_type: Text = "application/octet-stream"
    size: int = 0
    attachment_url: Text = ""


class ContactRow(Wire):
    """Somebody who writes to the team, or the person behind an agent."""

    id: int = 0
    name: Text = ""
    email: Text = ""
    phone: Text = ""


class TicketRecord(Wire):
    """A ticket ("View a Ticket", "List All Tickets"); `requester` with include=requester."""

    id: int
    subject: Text = ""
    description: Text = ""
    status: int
    priority: int | None = None
    source: int | None = None
    requester_id: int | None = None
    responder_id: int | None = None
    group_id: int | None = None
    tags: Rows[str] = Field(default=[])
    custom_fields: Table[Any] = Field(default={})
    created_at: Date
    updated_at: Date
    due_by: Date | None = None
    deleted: bool | None = None
    spam: bool | None = None
    attachments: Rows[FileRow] = Field(default=[])
    requester: ContactRow | None = None


class ConversationRow(Wire):
    """A reply or a note ("List All Conversations of a Ticket")."""

    id: int
    body: Text = ""
    body_text: Text = ""
    incoming: bool = False
    private: bool = False
    user_id: int | None = None
    created_at: Date
    attachments: Rows[FileRow] = Field(default=[])


class AgentRow(Wire):
    """An agent ("List All Agents")."""

    id: int
    contact: ContactRow = ContactRow()


class GroupRow(Wire):
    """A group."""

    id: int
    name: Text


class FieldRow(Wire):
    """A field of tickets ("List All Ticket Fields"). `choices` has another form for each type."""

    name: str
    label: Text = ""
    type: Text = ""
    default: bool = False
    choices: Any = None


class RatingRow(Wire):
    """A satisfaction rating: answers by question, the first of which is `default_question`."""

    ratings: Table[int] = Field(default={})
    feedback: Text = ""
    created_at: Date | None = None


class FolderRow(Wire):
    """A category or folder of solutions, or a folder of canned responses."""

    id: int
    name: Text = ""
    visibility: int | None = None


class SolutionRow(Wire):
    """An article of the knowledge base."""

    id: int
    title: Text = ""
    description: Text = ""
    status: int | None = None
    updated_at: Date | None = None


class CannedRow(Wire):
    """A canned response."""

    id: int
    title: Text = ""
    content: Text = ""
    content_html: Text = ""
    updated_at: Date | None = None


class Made(Wire):
    """What was made, of which only the number matters."""

    id: int = Field(ge=1)
