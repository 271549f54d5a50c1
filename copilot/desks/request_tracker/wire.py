"""The shapes of REST 2.0's answers that we read, and nothing of what we do with them.

RT writes ids as strings in lists and as numbers in records, an empty string for what a record has not, and a date in
1970 for one that was never set. Fields we do not use are ignored.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

ItemT = TypeVar("ItemT")


def _none_as_empty(value: object) -> object:
    return "" if value is None else value


def _list_or_empty(value: object) -> object:
    return value if isinstance(value, list) else []


def _a_date(value: object) -> object:
    if not isinstance(value, str) or not value:
        return None
    moment = datetime.fromisoformat(value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if moment.year > 1970 else None


Text = Annotated[str, BeforeValidator(_none_as_empty), BeforeValidator(lambda v: v if v is None else str(v))]
Number = Annotated[str, BeforeValidator(str), Field(pattern=r"^[0-9]+$")]
"""The number of a record, which goes into queries and addresses."""
Date = Annotated[datetime, BeforeValidator(_a_date)]
MaybeDate = Annotated[datetime | None, BeforeValidator(_a_date)]


class Wire(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Page(Wire, Generic[ItemT]):
    """A page of a collection. `total` is missing unless RT knows that the user may see every row."""

    items: list[ItemT]
    total: int | None = None


class UserRef(Wire):
    """A user (`id` is the user's name) or, among watchers, a group."""

    id: Text
    type: Text = "user"
    real_name: Text = Field(default="", alias="RealName")
    email: Text = Field(default="", alias="EmailAddress")


class QueueRef(Wire):
    """A queue a ticket is in; the name is empty where the user may not see the queue."""

    id: Number
    name: Text = Field(default="", alias="Name")


class FieldValues(Wire):
    """A custom field of a ticket or an article, with its values: texts, or for uploads objects with a file name."""

    id: Number
    name: Text
    values: list[Any] = []

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as texts."""
        return tuple(
            str(value.get("filename", "")) if isinstance(value, dict) else str(value) for value in self.values
        )


class Link(Wire):
    """A link from a record: to itself, to an action, to an attachment, or to another ticket or an address."""

    ref: Text = ""
    type: Text = ""
    id: Text = ""
    url: Text = Field(default="", alias="_url")


Links = Annotated[list[Link], BeforeValidator(_list_or_empty)]


class TicketRecord(Wire):
    """A ticket, from `/tickets` with fields, or from `/ticket/N`."""

    id: Number
    subject: Text = Field(default="", alias="Subject")
    status: Text = Field(alias="Status")
    type: Text = Field(default="ticket", alias="Type")
    queue: QueueRef = Field(alias="Queue")
    owner: UserRef = Field(alias="Owner")
    requestors: Annotated[list[UserRef], BeforeValidator(_list_or_empty)] = Field(alias="Requestor")
    created: Date = Field(alias="Created")
    updated: Date = Field(alias="LastUpdated")
    due: MaybeDate = Field(default=None, alias="Due")
    started: MaybeDate = Field(default=None, alias="Started")
    resolved: MaybeDate = Field(default=None, alias="Resolved")
    priority: Text = Field(default="", alias="Priority")
    fields: Annotated[list[FieldValues], BeforeValidator(_list_or_empty)] = Field(
        default=[], alias="CustomFields"
    )
    links: Links = Field(default=[], alias="_hyperlinks")


class ChangeRow(Wire):
    """A transaction of a ticket, as the journal lists it."""

    id: int
    ticket: Number = Field(alias="ObjectId")
    created: Date = Field(alias="Created")


class MessageRow(Wire):
    """A transaction that carries words: Create, Correspond or Comment."""

    id: int
    type: Text = Field(alias="Type")
    creator: UserRef = Field(alias="Creator")
    created: Date = Field(alias="Created")
    links: Links = Field(default=[], alias="_hyperlinks")

    @property
    def parts(self) -> tuple[str, ...]:
        """The ids of its MIME parts, in order."""
        return tuple(link.url.rpartition("/")[2] for link in self.links if link.ref == "attachment")


class PartRow(Wire):
    """A MIME part, with its content where it was asked for. `length` counts the bytes of the content."""

    id: Number
    media_type: Text = Field(default="", alias="ContentType")
    name: Text = Field(default="", alias="Filename")
    length: Annotated[int, BeforeValidator(lambda v: v or 0)] = Field(default=0, alias="ContentLength")
    headers: Text = Field(default="", alias="Headers")
    content: str | None = Field(default=None, alias="Content")


class PartText(Wire):
    """The content of a textual MIME part, decoded by RT."""

    id: Number
    content: Text = Field(default="", alias="Content")


class AttachmentRecord(Wire):
    """One attachment with its content in base64, which RT breaks into lines."""

    content: Text = Field(default="", alias="Content")


class UserRecord(Wire):
    """What RT tells of a user."""

    name: Text = Field(alias="Name")
    real_name: Text = Field(default="", alias="RealName")
    email: Text = Field(default="", alias="EmailAddress")
    privileged: bool = Field(default=False, alias="Privileged")


class UserRow(Wire):
    """A user in a list."""

    name: Text = Field(alias="Name")
    real_name: Text = Field(default="", alias="RealName")
    email: Text = Field(default="", alias="EmailAddress")


class QueueRow(Wire):
    """A queue in a list."""

    id: Number
    name: Text = Field(alias="Name")
    disabled: Text = Field(default="0", alias="Disabled")


class GroupRecord(Wire):
    """A group with its direct members, users and groups."""

    members: Annotated[list[UserRef], BeforeValidator(_list_or_empty)] = Field(default=[], alias="Members")


class FieldRecord(Wire):
    """A custom field; `most` is how many values it takes, 0 for any number."""

    most: Text = Field(default="1", alias="MaxValues")


class IdRow(Wire):
    """Any record of which only the existence matters."""

    id: Number


class OwnerRow(Wire):
    """A ticket, of which only the owner matters."""

    owner: UserRef = Field(alias="Owner")


class ArticleRow(Wire):
    """An article of RT's own."""

    id: Number
    name: Text = Field(default="", alias="Name")
    summary: Text = Field(default="", alias="Summary")
    disabled: Text = Field(default="0", alias="Disabled")
    updated: MaybeDate = Field(default=None, alias="LastUpdated")
    fields: Annotated[list[FieldValues], BeforeValidator(_list_or_empty)] = Field(
        default=[], alias="CustomFields"
    )


class VersionRecord(Wire):
    """RT itself."""

    version: Text = Field(alias="Version")


class Said(Wire):
    """An error's body."""

    message: Text = ""
