"""As much of GitHub as the connector sees, after docs.github.com.

Its lists have pull requests among the issues, ETags and Link headers; it lets assignees fall that it cannot assign;
GraphQL answers 200 with errors. Queries are told by their text: one that is not among those of `graph` is refused.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from copilot.desks.github import graph
from copilot.desks.github.connecting import connect
from copilot.desks.github.desk import GitHub
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.standin import RefusalError, StandIn, body_of, paged, query_of, stamp

REPOSITORY = "acme/lamps"
TOKEN = "github_pat_1"
ME, OTHER, ASKER = "sam", "priya", "amara"
NAMES = {ME: "Sam Lee", OTHER: "Priya Raman", ASKER: "Amara Okoye"}
TEAM = {ME: "MEMBER", OTHER: "OWNER"}
LONGEST = 65_536


class FakeGitHub(StandIn):
    """The server, with one repository."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.discussions: dict[int, dict[str, Any]] = {}
        self.answers: dict[int, list[dict[str, Any]]] = {}
        self.has_discussions = True
        self.rights = {"triage": True, "push": False}
        self.unchanged = 0
        """How often it answered 304."""
        self._numbers = itertools.count(1)
        self._ids = itertools.count(9000)
        base = f"/repos/{REPOSITORY}"
        self.routes = [
            ("GET", "/user", lambda _: self._user(ME)),
            ("GET", base, self._repository),
            ("GET", base + "/assignees", lambda r: self._rows(r, [self._user(ME), self._user(OTHER)])),
            ("GET", base + "/issues", self._list),
            ("GET", base + r"/issues/(\d+)", lambda _, number: self._issue(number)),
            ("PATCH", base + r"/issues/(\d+)", self._patch),
            ("GET", base + r"/issues/(\d+)/comments", self._comments),
            ("POST", base + r"/issues/(\d+)/comments", self._comment),
            ("PUT", base + r"/issues/(\d+)/labels", self._labels),
            ("POST", "/graphql", self._graphql),
        ]
        self._queries: dict[str, Callable[[dict[str, Any]], Any]] = {
            graph.LIST: self._list_discussions,
            graph.ONE: self._one_discussion,
            graph.MORE_REPLIES: self._more_replies,
            graph.COMMENT: self._add_comment,
            graph.CLOSE: self._close,
            graph.REOPEN: self._reopen,
            graph.SAVED_REPLIES: self._saved,
        }

    async def desk(
        self,
        *,
        token: str = TOKEN,
        ai_agents: tuple[str, ...] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> GitHub:
        """The connector over this server."""
        sign_in = SignIn(
            desk_id=DeskId("gh"),
            name="Lamps",
            values={"token": token, "repositories": REPOSITORY},
            ai_agents=ai_agents,
        )
        return await connect(sign_in, transport=transport or self.transport, limits=limits)

    # -- what happens there ------------------------------------------------------------------------------------------

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        """As the contract asks for one."""
        assert not html
        assert not attachments
        return self.open_issue(subject, text)

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        """The customer writes."""
        self.write(ticket, text, ASKER)

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        """A colleague writes, in the desk's own window."""
        self.write(ticket, text, OTHER)

    def open_issue(self, title: str, body: str, **other: Any) -> RemoteId:
        """Somebody asks something."""
        number, moment = next(self._numbers), stamp(self.tick())
        self.issues[number] = {
            "number": number,
            "title": title,
            "body": body,
            "state": "open",
            "state_reason": None,
            "user": self._user(ASKER),
            "assignees": [],
            "labels": [],
            "comments": 0,
            "created_at": moment,
            "updated_at": moment,
            "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
            "author_association": "NONE",
            "locked": False,
            **other,
        }
        self.comments[number] = []
        self.tick()
        return RemoteId(f"{REPOSITORY}#{number}")

    def write(self, ticket: str, body: str, login: str, **other: Any) -> dict[str, Any]:
        """Somebody comments on an issue."""
        number = int(ticket.rpartition("#")[2])
        row = {
            "id": next(self._ids),
            "body": body,
            "user": self._user(login),
            "author_association": TEAM.get(login, "NONE"),
            "created_at": stamp(self.tick()),
            **other,
        }
        self.comments[number].append(row)
        self.touch(number, comments=len(self.comments[number]))
        return row

    def touch(self, number: int, **changes: Any) -> None:
        """The issue changes."""
        self.issues[number] |= {"updated_at": stamp(self.now), **changes}
        self.tick()

    def open_discussion(self, title: str, body: str) -> RemoteId:
        """Somebody starts a discussion."""
        number, moment = next(self._numbers), stamp(self.tick())
        self.discussions[number] = {
            "id": f"D_{number}",
            "number": number,
            "title": title,
            "body": body,
            "url": f"https://github.com/{REPOSITORY}/discussions/{number}",
            "closed": False,
            "stateReason": None,
            "createdAt": moment,
            "updatedAt": moment,
            "author": _author(ASKER),
            "category": {"name": "Q&A"},
            "labels": {"nodes": [{"name": "lamp"}]},
            "answer": None,
        }
        self.answers[number] = []
        self.tick()
        return RemoteId(f"{REPOSITORY}/discussions#{number}")

    def discuss(self, ticket: str, body: str, login: str, *, to: str = "") -> str:
        """Somebody comments on a discussion, or replies `to` a comment."""
        number = int(ticket.rpartition("#")[2])
        node = {
            "id": f"DC_{next(self._ids)}",
            "body": body,
            "createdAt": stamp(self.tick()),
            "authorAssociation": TEAM.get(login, "NONE"),
            "author": _author(login),
            "all_replies": [],
        }
        held = self.answers[number]
        into = next((one["all_replies"] for one in held if one["id"] == to), held)
        into.append(node)
        self.discussions[number]["updatedAt"] = stamp(self.now)
        self.tick()
        return str(node["id"])

    # -- answering: REST ---------------------------------------------------------------------------------------------

    def headers(self) -> dict[str, str]:
        """With the limit, as every answer has it."""
        return super().headers() | {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4990"}

    def authorise(self, request: httpx.Request) -> None:
        """The token of the rep, and the version of the API."""
        assert request.headers["x-github-api-version"] == "2022-11-28"
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise RefusalError(401, {"message": "Bad credentials"})

    def _user(self, login: str) -> dict[str, Any]:
        return {"login": login, "id": len(login), "type": "Bot" if login.endswith("[bot]") else "User"} | (
            {"name": NAMES[login]} if login == ME else {}
        )

    def _repository(self, _: httpx.Request) -> Any:
        has = {"has_issues": True, "has_discussions": self.has_discussions}
        return {"full_name": REPOSITORY, "permissions": self.rights, **has}

    def _rows(self, request: httpx.Request, rows: list[Any], *extra: str) -> httpx.Response:
        page, more = paged(rows, query_of(request, {"page", "per_page", *extra}))
        content = json.dumps(page).encode()
        etag = f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            self.unchanged += 1
            return httpx.Response(304, headers={"ETag": etag})
        headers = {"ETag": etag, "Content-Type": "application/json; charset=utf-8"}
        if more:
            headers["Link"] = f'<{request.url}>; rel="next"'
        return httpx.Response(200, content=content, headers=headers)

    def _list(self, request: httpx.Request) -> httpx.Response:
        allowed = {"state", "since", "sort", "direction", "per_page", "page"}
        query = query_of(request, allowed)
        assert (query["state"], query["sort"], query["direction"]) == ("all", "updated", "asc")
        since = datetime.fromisoformat(query["since"])
        rows = [row for row in self.issues.values() if datetime.fromisoformat(row["updated_at"]) >= since]
        return self._rows(request, sorted(rows, key=lambda row: row["updated_at"]), *allowed)

    def _issue(self, number: str) -> dict[str, Any]:
        if int(number) not in self.issues:
            raise RefusalError(404, {"message": "Not Found"})
        return self.issues[int(number)]

    def _patch(self, request: httpx.Request, number: str) -> Any:
        row = self._issue(number)
        change = body_of(request, {"state", "state_reason", "assignees", "labels", "title", "body"})
        if change.get("state_reason") not in {None, "completed", "not_planned", "duplicate", "reopened"}:
            raise RefusalError(422, {"message": "Validation Failed", "errors": [{"message": "state_reason"}]})
        if "assignees" in change:
            change["assignees"] = [self._user(login) for login in change["assignees"] if login in TEAM]
        self.tick()
        self.touch(row["number"], **change)
        return row

    def _comments(self, request: httpx.Request, number: str) -> httpx.Response:
        self._issue(number)
        return self._rows(request, self.comments[int(number)], "since")

    def _comment(self, request: httpx.Request, number: str) -> httpx.Response:
        self._issue(number)
        body = body_of(request, {"body"})["body"]
        if not body or len(body) > LONGEST:
            raise RefusalError(
                422, {"message": "Validation Failed", "errors": [{"message": "body is too long"}]}
            )
        return httpx.Response(201, json=self.write(number, body, ME))

    def _labels(self, request: httpx.Request, number: str) -> Any:
        row = self._issue(number)
        labels = [{"name": name} for name in body_of(request, {"labels"})["labels"]]
        self.tick()
        self.touch(row["number"], labels=labels)
        return labels

    # -- answering: GraphQL ------------------------------------------------------------------------------------------

    def _graphql(self, request: httpx.Request) -> Any:
        body = body_of(request, {"query", "variables"})
        answer = self._queries.get(body["query"])
        if answer is None:
            return {"errors": [{"message": "Parse error"}]}
        return answer(body["variables"])

    def _found(self, number: int) -> dict[str, Any] | None:
        return self.discussions.get(number)

    def _list_discussions(self, variables: dict[str, Any]) -> Any:
        assert (variables["owner"], variables["name"]) == tuple(REPOSITORY.split("/"))
        rows = sorted(self.discussions.values(), key=lambda row: (row["updatedAt"], row["number"]))
        rows = rows if variables["direction"] == "ASC" else rows[::-1]
        start = int(variables.get("after", 0))
        nodes = [
            row | {"comments": {"totalCount": self._count(row["number"])}} for row in rows[start : start + 50]
        ]
        page = {"hasNextPage": start + 50 < len(rows), "endCursor": str(start + 50)}
        return {"data": {"repository": {"discussions": {"nodes": nodes, "pageInfo": page}}}}

    def _count(self, number: int) -> int:
        return sum(1 + len(one["all_replies"]) for one in self.answers[number])

    def _one_discussion(self, variables: dict[str, Any]) -> Any:
        row = self._found(variables["number"])
        if row is None:
            missing = {"type": "NOT_FOUND", "message": "Could not resolve to a Discussion"}
            return {"data": {"repository": {"discussion": None}}, "errors": [missing]}
        comments = self.answers[row["number"]]
        start = int(variables.get("after", 0))
        nodes = [_with_replies(one, 0) for one in comments[start : start + 50]]
        page = {"hasNextPage": start + 50 < len(comments), "endCursor": str(start + 50)}
        found = {"totalCount": self._count(row["number"]), "nodes": nodes, "pageInfo": page}
        return {"data": {"repository": {"discussion": row | {"comments": found}}}}

    def _more_replies(self, variables: dict[str, Any]) -> Any:
        every = (one for comments in self.answers.values() for one in comments)
        node = next(one for one in every if one["id"] == variables["comment"])
        return {"data": {"node": {"replies": _with_replies(node, int(variables["replies"]))["replies"]}}}

    def _by_id(self, node: str) -> dict[str, Any]:
        return next(row for row in self.discussions.values() if row["id"] == node)

    def _add_comment(self, variables: dict[str, Any]) -> Any:
        row = self._by_id(variables["discussion"])
        made = self.discuss(f"#{row['number']}", variables["body"], ME)
        return {"data": {"addDiscussionComment": {"comment": {"id": made}}}}

    def _close(self, variables: dict[str, Any]) -> Any:
        assert variables["reason"] in {"RESOLVED", "OUTDATED", "DUPLICATE"}
        row = self._by_id(variables["discussion"])
        row |= {"closed": True, "stateReason": variables["reason"], "updatedAt": stamp(self.tick())}
        self.tick()
        return {"data": {"closeDiscussion": {"discussion": {"id": row["id"]}}}}

    def _reopen(self, variables: dict[str, Any]) -> Any:
        row = self._by_id(variables["discussion"])
        row |= {"closed": False, "stateReason": "REOPENED", "updatedAt": stamp(self.tick())}
        self.tick()
        return {"data": {"reopenDiscussion": {"discussion": {"id": row["id"]}}}}

    def _saved(self, _: dict[str, Any]) -> Any:
        nodes = [{"databaseId": 1, "title": "Ask for version", "body": "Which **version**?"}, None]
        return {"data": {"viewer": {"savedReplies": {"nodes": nodes}}}}


def _author(login: str) -> dict[str, str]:
    return {"__typename": "Bot" if login == "birdie" else "User", "login": login}


def _with_replies(node: dict[str, Any], start: int) -> dict[str, Any]:
    replies = node["all_replies"]
    page = {"hasNextPage": start + 50 < len(replies), "endCursor": str(start + 50)}
    shown = {name: value for name, value in node.items() if name != "all_replies"}
    return shown | {"replies": {"nodes": replies[start : start + 50], "pageInfo": page}}
