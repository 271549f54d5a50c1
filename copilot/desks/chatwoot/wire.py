"""What Chatwoot sends, as far as we read it. Ids of contacts, users and bots are three rows of numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from copilot.desks.rest import Wire
from copilot.desks.rest.moments import Moment


def _never(value: object) -> object:
    """Chatwoot writes a moment that has not come as 0 (`nil.to_i`)."""
    return None if value in {0, "0", ""} else value


MaybeMoment = Annotated[Moment | None, BeforeValidator(_never)]
Texts = Annotated[list[str], BeforeValidator(lambda value: value or [])]
Attributes = Annotated[
    dict[str, Any], BeforeValidator(lambda value: value if isinstance(value, dict) else {})
]


class Someone(Wire):
    """A contact, a user, or a bot; `type` says which, where it is told."""

    id: int | None = None
    name: str | None = None
    available_name: str | None = None
    email: str | None = None
    phone_number: str | None = None
    type: str | None = None


class FileRow(Wire):
    """A file of a message. It has no name but the end of its address."""

    id: int
    file_type: str | None = None
    data_url: str | None = None
    file_size: int | None = None


class MessageRow(Wire):
    """A message: `message_type` is 0 incoming, 1 outgoing, 2 an activity, 3 a template of Chatwoot's own."""

    id: int
    content: str | None = None
    message_type: int
    content_type: str | None = None
    content_attributes: Attributes = Field(default_factory=dict)
    created_at: Moment
    private: bool | None = False
    sender: Someone | None = None
    attachments: Annotated[list[FileRow], BeforeValidator(lambda value: value or [])] = Field(
        default_factory=list
    )


class Team(Wire):
    """A team."""

    id: int
    name: str


class Meta(Wire):
    """Who takes part in a conversation."""

    sender: Someone
    channel: str | None = None
    assignee: Someone | None = None
    assignee_type: str | None = None
    team: Team | None = None


class Conversation(Wire):
    """A conversation without its messages; `id` is its display id. `updated_at` came with 4.0.2."""

    id: int
    meta: Meta
    inbox_id: int
    status: str
    priority: str | None = None
    labels: Texts = Field(default_factory=list)
    additional_attributes: Attributes = Field(default_factory=dict)
    custom_attributes: Attributes = Field(default_factory=dict)
    can_reply: bool | None = None
    created_at: Moment
    updated_at: MaybeMoment = None
    last_activity_at: MaybeMoment = None
    snoozed_until: Annotated[datetime | None, BeforeValidator(_never)] = None
    last_non_activity_message: MessageRow | None = None


class Counts(Wire):
    """How many there are on all pages."""

    all_count: int = 0


class ConversationList(Wire):
    """A page of conversations."""

    meta: Counts = Counts()
    payload: list[Conversation]


class Conversations(Wire):
    """The envelope of a page."""

    data: ConversationList


class Messages(Wire):
    """Messages of a conversation, oldest first."""

    payload: list[MessageRow]


class Membership(Wire):
    """An account the rep belongs to."""

    id: int
    name: str = ""
    role: str | None = None


class Profile(Someone):
    """The user behind the token; `pubsub_token` opens the stream."""

    id: int
    accounts: list[Membership] = Field(default_factory=list)
    account_id: int | None = None
    pubsub_token: str = Field(default="", repr=False)


class Agent(Wire):
    """A user of the account."""

    id: int
    name: str | None = None
    available_name: str | None = None
    email: str | None = None
    confirmed: bool | None = True


class Inbox(Wire):
    """Where conversations come in; `medium` tells Twilio's WhatsApp from its SMS."""

    id: int
    name: str = ""
    channel_type: str | None = None
    medium: str | None = None


class Inboxes(Wire):
    """All inboxes the token may see."""

    payload: list[Inbox]


class Attribute(Wire):
    """A custom attribute of conversations."""

    attribute_key: str
    attribute_display_name: str = ""
    attribute_display_type: str = "text"
    attribute_values: Annotated[
        list[Any], BeforeValidator(lambda value: value if isinstance(value, list) else [])
    ] = Field(default_factory=list)


class Canned(Wire):
    """A canned response."""

    id: int
    short_code: str = ""
    content: str | None = None
    updated_at: MaybeMoment = None


class Portal(Wire):
    """A help centre."""

    slug: str
    archived: bool | None = False
    custom_domain: str | None = None


class Portals(Wire):
    """All help centres."""

    payload: list[Portal]


class ArticleRow(Wire):
    """An article of a help centre; `content` is Markdown."""

    id: int
    title: str = ""
    slug: str = ""
    content: str | None = None
    description: str | None = None
    status: str | int | None = None
    updated_at: MaybeMoment = None


class ArticlePage(Wire):
    """A page of articles."""

    payload: list[ArticleRow]
