"""Intercom's records as they come over the wire (REST API 2.15: Conversations, Admins, Teams, Tags, Articles …).

Dates are Unix seconds. Words of a closed list stay text here, for Intercom adds new ones.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from copilot.desks.rest import Wire


def _moment(value: object) -> object:
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else value


def _empty_if_null(value: object) -> object:
    return "" if value is None else value


def _id(value: object) -> object:
    return str(value) if isinstance(value, int) else value


Number = Annotated[str, BeforeValidator(_id)]
Text = Annotated[str, BeforeValidator(_empty_if_null)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class Author(Wire):
    """Who wrote: an admin, a bot, or a contact (user, lead); AI agents are bots that say so."""

    type: Text = ""
    id: Number | None = None
    name: Text = ""
    email: Text = ""
    from_ai_agent: bool | None = False


class File(Wire):
    """An attachment. It has no id, and its address runs out."""

    name: Text = ""
    url: Text = ""
    content_type: Text = ""
    filesize: int | None = 0


class Source(Wire):
    """The message a conversation began with."""

    type: Text = ""
    id: Number | None = None
    subject: Text = ""
    body: Text = ""
    author: Author = Author()
    attachments: tuple[File, ...] | None = ()
    redacted: bool | None = False


class Part(Wire):
    """Something that happened in a conversation; a message when it has a body or files."""

    id: Number
    part_type: Text = ""
    body: Text = ""
    created_at: Moment
    author: Author = Author()
    attachments: tuple[File, ...] | None = ()
    redacted: bool | None = False


class Parts(Wire):
    """The newest five hundred of them."""

    conversation_parts: tuple[Part, ...] = ()
    total_count: int | None = 0


class TagRow(Wire):
    """A tag."""

    id: Number
    name: Text = ""


class Tags(Wire):
    """The tags of a conversation."""

    tags: tuple[TagRow, ...] = ()


class Rated(Wire):
    """What a contact thought, from 1 to 5."""

    rating: int | None = None
    remark: Text = ""
    created_at: Moment | None = None


class Ref(Wire):
    """A contact's number."""

    id: Number


class Contacts(Wire):
    """The people who ask."""

    contacts: tuple[Ref, ...] = ()


class AiAgent(Wire):
    """What Intercom's own AI agent did."""

    resolution_state: Text = ""
    rating: int | None = None
    rating_remark: Text = ""


class Statistics(Wire):
    """What Intercom counts of a conversation."""

    last_contact_reply_at: Moment | None = None
    count_conversation_parts: int | None = 0


class Conversation(Wire):
    """A conversation; `conversation_parts` only when it was asked for alone."""

    id: Number
    title: Text = ""
    created_at: Moment
    updated_at: Moment
    state: Text = ""
    priority: Text = ""
    admin_assignee_id: Number | None = None
    team_assignee_id: Number | None = None
    tags: Tags | None = None
    conversation_rating: Rated | None = None
    source: Source | None = None
    contacts: Contacts | None = None
    custom_attributes: dict[str, Any] | None = Field(default_factory=dict)
    statistics: Statistics | None = None
    conversation_parts: Parts | None = None
    ai_agent_participated: bool | None = False
    ai_agent: AiAgent | None = None


class Next(Wire):
    """Where the next page begins."""

    starting_after: Text = ""


class Pages(Wire):
    """Where a page of a list stands; `next` is an address in lists that are paged by number."""

    next: Next | str | None = None
    page: int | None = None
    total_pages: int | None = None


class Found(Wire):
    """A page of a search for conversations."""

    conversations: tuple[Conversation, ...]
    pages: Pages | None = None


class App(Wire):
    """The workspace."""

    id_code: Text = ""


class Admin(Wire):
    """A teammate; with the workspace when it is the one who made the token."""

    type: Text = ""
    id: Number | None = None
    name: Text = ""
    email: Text = ""
    has_inbox_seat: bool | None = True
    app: App | None = None


class Admins(Wire):
    """All teammates."""

    admins: tuple[Admin, ...]


class TeamRow(Wire):
    """A team."""

    id: Number
    name: Text = ""


class TeamList(Wire):
    """All teams."""

    teams: tuple[TeamRow, ...]


class TagList(Wire):
    """All tags of the workspace."""

    data: tuple[TagRow, ...]


class Contact(Wire):
    """Somebody who asks."""

    id: Number
    name: Text = ""
    email: Text = ""


class Attribute(Wire):
    """A field that conversations can have."""

    name: Text = ""
    label: Text = ""
    data_type: Text = ""
    options: tuple[Any, ...] | None = ()
    api_writable: bool | None = True
    custom: bool | None = False
    archived: bool | None = False


class Attributes(Wire):
    """All of them."""

    data: tuple[Attribute, ...]


class HelpArticle(Wire):
    """An article of the help center, or one for the team."""

    id: Number
    title: Text = ""
    description: Text = ""
    body: Text = ""
    url: Text = ""
    state: Text = ""
    updated_at: Moment | None = None


class HelpArticles(Wire):
    """A page of them."""

    data: tuple[HelpArticle, ...]
    pages: Pages | None = None


class Problem(Wire):
    """One thing that is wrong with a request."""

    code: Text = ""
    message: Text = ""


class Said(Wire):
    """An error's body."""

    errors: tuple[Problem, ...] = ()
