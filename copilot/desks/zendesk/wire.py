"""Zendesk's records as they come over the wire (API reference: Tickets, Ticket Comments, Users, Groups, Macros …).

What a record may lack has a default: plans and roles see different fields. Words of a closed list stay text here, for
Zendesk adds new ones.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

from copilot.desks.rest import Wire

Number = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]
"""An id: 64 bits there, text here."""
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


def _object(value: object) -> object:
    return value if isinstance(value, dict) else {}


class User(Wire):
    """Somebody: role is end-user, agent or admin; Zendesk itself is user -1."""

    id: Number | None = None
    name: Text = ""
    email: Text = ""
    role: Text = ""
    suspended: bool | None = False
    active: bool | None = True


class GroupRow(Wire):
    """A group of agents."""

    id: Number
    name: Text = ""
    deleted: bool | None = False


class Via(Wire):
    """How something came."""

    channel: Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))] = ""


class Rated(Wire):
    """The satisfaction rating inside a ticket; `score` also tells that none was given yet."""

    score: Text = ""
    comment: Text = ""


class FieldValue(Wire):
    """A custom field of a ticket: text, number, tick, list of tags, or nothing."""

    id: Number
    value: Any = None


class Ticket(Wire):
    """A ticket without its comments."""

    id: Number
    subject: Text = ""
    status: Text = ""
    priority: Text = ""
    created_at: AwareDatetime
    updated_at: AwareDatetime
    requester_id: Number | None = None
    assignee_id: Number | None = None
    group_id: Number | None = None
    tags: tuple[str, ...] = ()
    custom_fields: tuple[FieldValue, ...] = ()
    due_at: AwareDatetime | None = None
    via: Via = Via()
    satisfaction_rating: Rated | None = None
    from_messaging_channel: bool | None = False
    allow_channelback: bool | None = True


class Meta(Wire):
    """Where a page of a list ends (Pagination: cursor pagination)."""

    has_more: bool = False
    after_cursor: str | None = None


class TicketPage(Wire):
    """A page of List Tickets, with the people and groups it names."""

    tickets: list[Ticket]
    users: tuple[User, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    meta: Meta = Meta()


class ExportPage(Wire):
    """A page of the cursor-based incremental ticket export."""

    tickets: list[Ticket]
    users: tuple[User, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    after_cursor: str | None = None
    end_of_stream: bool = False


class OneTicket(Wire):
    """Show Ticket, with the people and the group it names."""

    ticket: Ticket
    users: tuple[User, ...] = ()
    groups: tuple[GroupRow, ...] = ()


class File(Wire):
    """An attachment."""

    id: Number
    file_name: Text = ""
    content_type: Text = ""
    content_url: Text = ""
    size: int | None = 0


class OneFile(Wire):
    """Show Attachment."""

    attachment: File


class Metadata(Wire):
    """What the one who wrote a comment put beside it, among what Zendesk noted."""

    custom: Annotated[dict[str, Any], BeforeValidator(_object)] = Field(default_factory=dict)


class Comment(Wire):
    """A message of a ticket."""

    id: Number
    author_id: Number | None = None
    body: Text = ""
    html_body: Text = ""
    plain_body: Text = ""
    public: bool = True
    created_at: AwareDatetime
    attachments: tuple[File, ...] = ()
    metadata: Metadata | None = None


class CommentPage(Wire):
    """A page of a ticket's comments."""

    comments: list[Comment]
    users: tuple[User, ...] = ()
    meta: Meta = Meta()


class Event(Wire):
    """A part of an audit."""

    id: Number
    type: Text = ""


class Audit(Wire):
    """What one update did."""

    events: tuple[Event, ...] = ()


def _milliseconds(value: object) -> object:
    return value / 1000 if isinstance(value, int | float) else value


class Said(Wire):
    """Something that happened in a chat."""

    type: Text = ""
    actor_id: Number | None = None
    actor_name: Text = ""
    actor_type: Text = ""
    chat_index: int = 0
    timestamp: Annotated[AwareDatetime | None, BeforeValidator(_milliseconds)] = None
    message: Text = ""
    filename: Text = ""


class Chat(Wire):
    """What one event tells of a chat."""

    chat_id: Text = ""
    history: tuple[Said, ...] = ()


def _chat_or_none(value: object) -> object:
    """Other events have texts and lists in this place."""
    return value if isinstance(value, dict) and "history" in value else None


class ChatEvent(Wire):
    """A part of an audit, with a chat in it or not."""

    type: Text = ""
    value: Annotated[Chat | None, BeforeValidator(_chat_or_none)] = None


class AuditRow(Wire):
    """What one update of a ticket did, as the list of them has it."""

    events: tuple[ChatEvent, ...] = ()


class AuditPage(Wire):
    """A page of a ticket's audits."""

    audits: list[AuditRow]
    meta: Meta = Meta()


class Updated(Wire):
    """The answer to Update Ticket."""

    ticket: Ticket
    audit: Audit | None = None


class Uploaded(Wire):
    """Where an uploaded file waits for its comment."""

    token: str


class UploadAnswer(Wire):
    """Upload Files."""

    upload: Uploaded


class Me(Wire):
    """Show Self; without a good sign-in an anonymous user without id."""

    user: User


class UserPage(Wire):
    """A page of List Users."""

    users: list[User]
    meta: Meta = Meta()


class GroupPage(Wire):
    """A page of List Groups."""

    groups: list[GroupRow]
    meta: Meta = Meta()


class Option(Wire):
    """A choice of a field: shown by name, stored as a tag."""

    name: Text = ""
    value: Text = ""


class TicketField(Wire):
    """A field of tickets, system or custom."""

    id: Number
    type: Text = ""
    title: Text = ""
    active: bool | None = True
    removable: bool | None = True
    custom_field_options: list[Option] | None = None
    system_field_options: list[Option] | None = None


class FieldPage(Wire):
    """A page of List Ticket Fields."""

    ticket_fields: list[TicketField]
    meta: Meta = Meta()


class MacroAction(Wire):
    """What a macro does to a field."""

    field: Text = ""
    value: Any = None


class Macro(Wire):
    """A prepared reply or change."""

    id: Number
    title: Text = ""
    description: Text = ""
    active: bool | None = True
    actions: tuple[MacroAction, ...] = ()
    updated_at: AwareDatetime | None = None


class MacroPage(Wire):
    """A page of List Macros."""

    macros: list[Macro]
    meta: Meta = Meta()


class HelpArticle(Wire):
    """An article of the help center; `user_segment_id` names who may read it, nothing for everybody."""

    id: Number
    title: Text = ""
    body: Text = ""
    html_url: Text = ""
    draft: bool | None = False
    user_segment_id: Number | None = None
    updated_at: AwareDatetime | None = None


class ArticlePage(Wire):
    """A page of List Articles."""

    articles: list[HelpArticle]
    meta: Meta = Meta()


class Job(Wire):
    """A background job."""

    id: Text = ""
    status: Text = ""
    message: Text = ""
    results: Any = None


class JobAnswer(Wire):
    """Show Job Status."""

    job_status: Job


class Refused(Wire):
    """An error's body: the words stand in different places."""

    error: Any = None
    description: Text = ""
    details: dict[str, Any] = Field(default_factory=dict)
