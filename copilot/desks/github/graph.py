"""Asks GitHub's GraphQL API. It answers 200 also to what failed ("Forming calls with GraphQL"): see `errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from copilot.desks.github.wire import GraphAnswer, GraphError
from copilot.desks.rest import Rest
from copilot.desks.rest.failures import unreadable
from copilot.errors import DeskError, NotFoundError, PermissionDeniedError, RateLimitedError, RefusedError

M = TypeVar("M", bound=BaseModel)
MAX_QUOTE_CHARS = 300

_WORDS = "id body createdAt authorAssociation author { __typename login }"
_REPLIES = (
    f"replies(first: 50, after: $replies) {{ nodes {{ {_WORDS} }} pageInfo {{ hasNextPage endCursor }} }}"
)
_HEADER = (
    "id number title body url closed stateReason createdAt updatedAt author { __typename login } "
    "category { name } labels(first: 50) { nodes { name } } answer { id }"
)
LIST = f"""query($owner: String!, $name: String!, $after: String, $direction: OrderDirection!) {{
  repository(owner: $owner, name: $name) {{
    discussions(first: 50, after: $after, orderBy: {{field: UPDATED_AT, direction: $direction}}) {{
      nodes {{ {_HEADER} comments {{ totalCount }} }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}"""
ONE = f"""query($owner: String!, $name: String!, $number: Int!, $after: String, $replies: String) {{
  repository(owner: $owner, name: $name) {{
    discussion(number: $number) {{
      {_HEADER}
      comments(first: 50, after: $after) {{
        totalCount
        nodes {{ {_WORDS} {_REPLIES} }}
        pageInfo {{ hasNextPage endCursor }}
      }}
    }}
  }}
}}"""
MORE_REPLIES = f"""query($comment: ID!, $replies: String) {{
  node(id: $comment) {{ ... on DiscussionComment {{ {_REPLIES} }} }}
}}"""
COMMENT = """mutation($discussion: ID!, $body: String!) {
  addDiscussionComment(input: {discussionId: $discussion, body: $body}) { comment { id } }
}"""
CLOSE = """mutation($discussion: ID!, $reason: DiscussionCloseReason!) {
  closeDiscussion(input: {discussionId: $discussion, reason: $reason}) { discussion { id } }
}"""
REOPEN = """mutation($discussion: ID!) {
  reopenDiscussion(input: {discussionId: $discussion}) { discussion { id } }
}"""
SAVED_REPLIES = "query { viewer { savedReplies(first: 100) { nodes { databaseId title body } } } }"


class Graph:
    """GraphQL, signed in."""

    def __init__(self, rest: Rest, address: str) -> None:
        self._rest = rest
        self._address = address

    async def ask(self, query: str, variables: Mapping[str, Any]) -> tuple[dict[str, Any], httpx.Headers]:
        """The data, and the answer's headers. Raises `DeskError`."""
        body = {
            "query": query,
            "variables": {name: value for name, value in variables.items() if value != ""},
        }
        answer = await self._rest.send("POST", self._address, body, GraphAnswer)
        if answer.value.errors:
            raise _failure(answer.value.errors[0], self._rest.vendor.delay(answer.headers))
        return answer.value.data, answer.headers

    def read(self, data: Mapping[str, Any], path: str, shape: type[M]) -> M:
        """What lies at "a.b.c" in the data. Raises `NotFoundError` when there is null instead."""
        value: Any = data
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if value is None:
            raise NotFoundError("It is not in GitHub, or not any more.")
        try:
            return shape.model_validate(value)
        except ValidationError as error:
            raise unreadable(self._rest.vendor, error) from error


def _failure(error: GraphError, delay: float | None) -> DeskError:
    said = " ".join(error.message.split())[:MAX_QUOTE_CHARS]
    match error.type:
        case "NOT_FOUND":
            return NotFoundError("It is not in GitHub, or not any more.")
        case "FORBIDDEN" | "INSUFFICIENT_SCOPES":
            return PermissionDeniedError(
                "GitHub does not allow that.", "The token needs the permission Discussions to read and write."
            )
        case "RATE_LIMITED":
            return RateLimitedError(
                "GitHub asks us to slow down.", "It goes on by itself.", retry_after_seconds=delay
            )
        case _:
            return RefusedError(f"GitHub refused: {said or 'it gave no reason'}")
