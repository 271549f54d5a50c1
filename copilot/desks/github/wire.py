"""The records of GitHub that we read: of issues (REST), and of discussions (GraphQL)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from copilot.desks.rest import Wire
from copilot.desks.rest.shapes import Date, Rows, Table, Text


class UserRow(Wire):
    """An account. In GraphQL its kind stands in `__typename`, and one that was deleted is null."""

    login: Text
    name: Text = ""
    type: Text = "User"
    typename: Text = Field(default="", alias="__typename")

    @property
    def is_bot(self) -> bool:
        """Whether no person is behind it."""
        return "Bot" in {self.type, self.typename}


class LabelRow(Wire):
    """A label."""

    name: Text


class IssueRow(Wire):
    """An issue; with `pull_request` it is a pull request."""

    number: int
    title: Text = ""
    body: Text = ""
    state: Text
    state_reason: Text = ""
    user: UserRow | None = None
    assignees: Rows[UserRow] = Field(default=[])
    labels: Rows[LabelRow] = Field(default=[])
    comments: int = 0
    created_at: Date
    updated_at: Date
    html_url: Text = ""
    author_association: Text = ""
    pull_request: Any = None


class CommentRow(Wire):
    """A comment of an issue."""

    id: int
    body: Text = ""
    user: UserRow | None = None
    author_association: Text = ""
    created_at: Date


class Rights(Wire):
    """What the token's owner may do in a repository."""

    triage: bool = False
    push: bool = False


class RepositoryRow(Wire):
    """A repository."""

    full_name: Text
    has_issues: bool = False
    has_discussions: bool = False
    permissions: Rights = Rights()


class PageInfo(Wire):
    """Whether another page follows, and where."""

    more: bool = Field(default=False, alias="hasNextPage")
    end: Text = Field(default="", alias="endCursor")


class ReplyNode(Wire):
    """A comment of a discussion, or a reply to one."""

    id: Text
    body: Text = ""
    author: UserRow | None = None
    association: Text = Field(default="", alias="authorAssociation")
    created: Date = Field(alias="createdAt")


class Replies(Wire):
    """Replies to one comment."""

    nodes: Rows[ReplyNode] = Field(default=[])
    page: PageInfo = Field(default=PageInfo(), alias="pageInfo")


class CommentNode(ReplyNode):
    """A comment with the replies to it."""

    replies: Replies = Replies()


class Comments(Wire):
    """Comments of a discussion."""

    total: int = Field(default=0, alias="totalCount")
    nodes: Rows[CommentNode] = Field(default=[])
    page: PageInfo = Field(default=PageInfo(), alias="pageInfo")


class Named(Wire):
    """Something of which only the name matters."""

    name: Text = ""


class Labels(Wire):
    """The labels of a discussion."""

    nodes: Rows[LabelRow] = Field(default=[])


class IdNode(Wire):
    """Something of which only the id matters."""

    id: Text


class DiscussionNode(Wire):
    """A discussion."""

    id: Text
    number: int
    title: Text = ""
    body: Text = ""
    url: Text = ""
    closed: bool = False
    state_reason: Text = Field(default="", alias="stateReason")
    author: UserRow | None = None
    created: Date = Field(alias="createdAt")
    updated: Date = Field(alias="updatedAt")
    category: Named = Named()
    labels: Labels | None = None
    answer: IdNode | None = None
    comments: Comments = Comments()


class Discussions(Wire):
    """A page of discussions."""

    nodes: Rows[DiscussionNode] = Field(default=[])
    page: PageInfo = Field(default=PageInfo(), alias="pageInfo")


class GraphError(Wire):
    """One of the errors that GraphQL answers with status 200."""

    type: Text = ""
    message: Text = ""


class GraphAnswer(Wire):
    """An answer of GraphQL."""

    data: Table[Any] = Field(default={})
    errors: Rows[GraphError] = Field(default=[])
