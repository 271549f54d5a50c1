"""A stateful stand-in for Intercom that keeps its rules: what it does not know of a request, it refuses.

After Intercom's OpenAPI description 2.15 and its pages on Pagination, Sorting and Search, and Rate Limiting. Its clock
goes on by a second with every change.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

HOST, FILES = "api.intercom.io", "downloads.intercomcdn.example"
TOKEN = "dG9rOsesame"
RITA, OMAR, AIDA = "100", "101", "102"
SUPPORT, BILLING = "300", "301"
CARLA, DORA = "5ba682d23d7cf92bef87bfd4", "5ba682d23d7cf92bef87bfd5"
PER_PAGE, MOST_PARTS = 5, 500
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REPLY = {"message_type", "type", "admin_id", "body", "attachment_files", "attachment_urls", "created_at"}
REPLY |= {"skip_notifications"}
ACTIONS = {
    "assignment": {"message_type", "type", "admin_id", "assignee_id", "body"},
    "close": {"message_type", "type", "admin_id", "body"},
    "open": {"message_type", "admin_id"},
    "snoozed": {"message_type", "admin_id", "snoozed_until"},
}


class Refusal(Exception):  # noqa: N818 - it is what Intercom answers
    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.answer = refusal(status, code, message)


def refusal(status: int, code: str = "nope", message: str = "Intercom says no.") -> httpx.Response:
    errors = [{"code": code, "message": message}]
    return httpx.Response(status, json={"type": "error.list", "request_id": None, "errors": errors})


class FakeIntercom:
    def __init__(self) -> None:
        self.now = START
        self.conversations: dict[str, dict[str, Any]] = {}
        self.parts: dict[str, list[dict[str, Any]]] = {}
        self.files: dict[str, bytes] = {}
        self.received: dict[str, list[str]] = {}
        self.tags = {"1": "router"}
        self.forbidden: set[str] = set()
        self._numbers = 5000
        self.admins = {
            number: {
                "type": "admin",
                "id": number,
                "name": name,
                "email": email,
                "away_mode_enabled": False,
                "away_mode_reassign": False,
                "has_inbox_seat": True,
                "team_ids": [],
            }
            for number, name, email in (
                (RITA, "Rita Rep", "rita@acme.example"),
                (OMAR, "Omar Other", "omar@acme.example"),
                (AIDA, "Aida", "aida@acme.example"),
            )
        }
        self.teams = {SUPPORT: "Support", BILLING: "Billing"}
        self.contacts = {
            CARLA: {"type": "contact", "id": CARLA, "name": "Carla Customer", "email": "carla@example.org"},
            DORA: {"type": "contact", "id": DORA, "name": "Dora Customer", "email": "dora@example.org"},
        }

    # -- how the others act ----------------------------------------------------------------------------------------

    def tick(self) -> int:
        self.now += timedelta(seconds=1)
        return int(self.now.timestamp())

    def new_conversation(self, subject: str, body: str, **fields: Any) -> str:
        number, now = str(len(self.conversations) + 1), self.tick()
        self.parts[number] = []
        self.conversations[number] = {
            "type": "conversation",
            "id": number,
            "title": None,
            "created_at": now,
            "updated_at": now,
            "waiting_since": now,
            "snoozed_until": None,
            "open": True,
            "state": "open",
            "read": False,
            "priority": "not_priority",
            "admin_assignee_id": None,
            "team_assignee_id": int(SUPPORT),
            "tags": {"type": "tag.list", "tags": []},
            "conversation_rating": None,
            "source": {
                "type": "email",
                "id": self._number(),
                "delivered_as": "customer_initiated",
                "subject": subject,
                "body": body,
                "author": self._contact_author(CARLA),
                "attachments": [],
                "url": None,
                "redacted": False,
            },
            "contacts": {
                "type": "contact.list",
                "contacts": [{"type": "contact", "id": CARLA, "external_id": None}],
            },
            "teammates": {"type": "admin.list", "teammates": []},
            "custom_attributes": {},
            "statistics": {"type": "conversation_statistics", "last_contact_reply_at": now},
            "ai_agent_participated": False,
            "ai_agent": None,
        } | fields
        return number

    def _contact_author(self, number: str) -> dict[str, Any]:
        contact = self.contacts[number]
        return {"type": "user", "id": number, "name": contact["name"], "email": contact["email"]}

    def _admin_author(self, number: str) -> dict[str, Any]:
        admin = self.admins[number]
        return {"type": "admin", "id": number, "name": admin["name"], "email": admin["email"]}

    def attach(self, conversation: str, name: str, media_type: str, content: bytes) -> None:
        self.conversations[conversation]["source"]["attachments"].append(
            self._file(name, media_type, content)
        )

    def write(
        self, conversation: str, author: Mapping[str, Any], body: str, kind: str = "comment", files: Any = ()
    ) -> str:
        number, now = self._number(), self.tick()
        self.parts[conversation].append(
            {
                "type": "conversation_part",
                "id": number,
                "part_type": kind,
                "body": re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL) or None,
                "created_at": now,
                "updated_at": now,
                "notified_at": now,
                "assigned_to": None,
                "author": dict(author),
                "attachments": list(files),
                "external_id": None,
                "redacted": False,
            }
        )
        self.conversations[conversation]["updated_at"] = now
        if author["type"] == "user":
            self.conversations[conversation]["statistics"]["last_contact_reply_at"] = now
        return number

    def contact_writes(self, conversation: str, text: str) -> None:
        self.write(conversation, self._contact_author(CARLA), f"<p>{html.escape(text)}</p>")
        self.conversations[conversation] |= {"state": "open", "open": True}

    def other_admin_writes(self, conversation: str, text: str) -> None:
        self.write(conversation, self._admin_author(OMAR), f"<p>{html.escape(text)}</p>")

    # -- the interface ---------------------------------------------------------------------------------------------

    def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == FILES:
            assert "authorization" not in request.headers, "the token left for another host"
            content = self.files.get(request.url.path.removeprefix("/"))
            return httpx.Response(404) if content is None else httpx.Response(200, content=content)
        try:
            answer = self._answer(request)
        except Refusal as refused:
            answer = refused.answer
        reset = str(int(self.now.timestamp()) + 10)
        answer.headers.update({"date": format_datetime(self.now, usegmt=True), "x-ratelimit-reset": reset})
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refusal(401, "unauthorized", "Access Token Invalid")
        if request.headers.get("intercom-version") != "2.15":
            raise Refusal(400, "intercom_version_invalid")
        if request.url.path in self.forbidden:
            raise Refusal(403, "api_plan_restricted")
        for method, pattern, answer in self._routes():
            match = re.fullmatch(pattern, request.url.path)
            if match and method == request.method:
                return httpx.Response(200, json=answer(request, *match.groups()))
        raise Refusal(404, "not_found")

    def _routes(self) -> list[tuple[str, str, Callable[..., Any]]]:
        one = r"/conversations/(\d+)"
        return [
            ("GET", "/me", self._me),
            ("GET", "/admins", self._list_admins),
            ("GET", "/teams", self._list_teams),
            ("GET", "/tags", self._list_tags),
            ("POST", "/tags", self._make_tag),
            ("GET", "/data_attributes", self._list_attributes),
            ("GET", "/contacts/([0-9a-f]+)", self._contact),
            ("GET", "/articles", self._list_articles),
            ("GET", "/internal_articles", self._list_internal),
            ("POST", "/conversations/search", self._search),
            ("GET", one, self._show),
            ("PUT", one, self._update),
            ("POST", f"{one}/reply", self._reply),
            ("POST", f"{one}/parts", self._manage),
            ("POST", f"{one}/tags", self._tag),
            ("DELETE", rf"{one}/tags/(\d+)", self._untag),
        ]

    # -- people, tags, attributes, articles ------------------------------------------------------------------------

    def _me(self, request: httpx.Request) -> Any:
        _only(request)
        return self.admins[RITA] | {"app": {"type": "app", "id_code": "acme1", "name": "Acme"}}

    def _list_admins(self, request: httpx.Request) -> Any:
        _only(request)
        return {"type": "admin.list", "admins": list(self.admins.values())}

    def _list_teams(self, request: httpx.Request) -> Any:
        _only(request)
        teams = [
            {"type": "team", "id": number, "name": name, "admin_ids": []}
            for number, name in self.teams.items()
        ]
        return {"type": "team.list", "teams": teams}

    def _list_tags(self, request: httpx.Request) -> Any:
        _only(request)
        return {"type": "list", "data": [self._tag_row(number) for number in self.tags]}

    def _tag_row(self, number: str) -> dict[str, Any]:
        return {"type": "tag", "id": number, "name": self.tags[number]}

    def _make_tag(self, request: httpx.Request) -> Any:
        name = _body(request, {"name"}, needs={"name"})["name"]
        known = next((number for number, one in self.tags.items() if one == name), None)
        number = known or self._number()
        self.tags[number] = name
        return self._tag_row(number)

    def _list_attributes(self, request: httpx.Request) -> Any:
        _only(request, "model")
        assert request.url.params.get("model") == "conversation"
        rows = [
            _attribute("Order number", "string"),
            _attribute("System", "string"),
            _attribute("Paid", "boolean"),
            _attribute("Seats", "integer"),
            _attribute("Kind", "string", options=["Lamp", "Socket"]),
            _attribute("CX Score rating", "integer", api_writable=False),
        ]
        return {"type": "list", "data": rows}

    def _contact(self, request: httpx.Request, number: str) -> Any:
        _only(request)
        if number not in self.contacts:
            raise Refusal(404, "not_found", "User Not Found")
        return self.contacts[number]

    def _list_articles(self, request: httpx.Request) -> Any:
        _only(request, "page")
        rows = [
            _article("1", "Move a folder", "<p>Drag the <b>folder</b>.</p>", "published"),
            _article("2", "Not ready", "<p>Soon.</p>", "draft"),
            _article("3", "Print", "<p>Press <i>Print</i>.</p>", "published"),
        ]
        page = int(request.url.params.get("page", "1"))
        pages = {"type": "pages", "page": page, "per_page": 2, "total_pages": 2}
        return {"type": "list", "pages": pages, "total_count": 3, "data": rows[2 * page - 2 : 2 * page]}

    def _list_internal(self, request: httpx.Request) -> Any:
        _only(request, "page")
        rows = [{"type": "internal_article", "id": "1", "title": "For the team", "body": "<p>Call them.</p>"}]
        return {"type": "list", "pages": None, "total_count": 1, "data": rows}

    # -- conversations ---------------------------------------------------------------------------------------------

    def _search(self, request: httpx.Request) -> Any:
        body = _body(request, {"query", "sort", "pagination"}, needs={"query"})
        query, sort = body["query"], body.get("sort", {"field": "updated_at", "order": "descending"})
        assert (query["field"], query["operator"]) == ("updated_at", ">")
        assert sort == {"field": "updated_at", "order": "descending"}
        paging = body.get("pagination", {})
        _known(paging, {"per_page", "starting_after"})
        if not 1 <= paging.get("per_page", 20) <= 150:
            raise Refusal(400, "parameter_invalid")
        rows = [one for one in self.conversations.values() if one["updated_at"] > query["value"]]
        rows.sort(key=lambda one: (one["updated_at"], int(one["id"])), reverse=True)
        number = 1
        if "starting_after" in paging:
            updated, last, number = json.loads(base64.b64decode(paging["starting_after"]))
            rows = [one for one in rows if (one["updated_at"], int(one["id"])) < (updated, last)]
        page = rows[: min(PER_PAGE, paging.get("per_page", 20))]
        pages: dict[str, Any] = {"type": "pages", "page": number, "per_page": PER_PAGE, "total_pages": 99}
        if len(page) < len(rows):
            key = [page[-1]["updated_at"], int(page[-1]["id"]), number + 1]
            after = base64.b64encode(json.dumps(key).encode()).decode()
            pages["next"] = {"per_page": PER_PAGE, "starting_after": after}
        found = [self._counted(one) for one in page]
        return {"type": "conversation.list", "pages": pages, "total_count": len(rows), "conversations": found}

    def _counted(self, one: dict[str, Any]) -> dict[str, Any]:
        counted = one["statistics"] | {"count_conversation_parts": len(self.parts[one["id"]])}
        return one | {"statistics": counted}

    def _whole(self, number: str) -> dict[str, Any]:
        if number not in self.conversations:
            raise Refusal(404, "not_found", "Resource Not Found")
        parts = self.parts[number]
        shown = {
            "type": "conversation_part.list",
            "conversation_parts": parts[-MOST_PARTS:],
            "total_count": len(parts),
        }
        return self._counted(self.conversations[number]) | {"conversation_parts": shown}

    def _show(self, request: httpx.Request, number: str) -> Any:
        _only(request)
        return self._whole(number)

    def _update(self, request: httpx.Request, number: str) -> Any:
        self._whole(number)
        values = _body(request, {"custom_attributes", "title", "read"})["custom_attributes"]
        attributes = self.conversations[number]["custom_attributes"]
        attributes |= values
        for name in [name for name, value in attributes.items() if value is None]:
            del attributes[name]
        self.conversations[number]["updated_at"] = self.tick()
        return self._whole(number)

    def _reply(self, request: httpx.Request, number: str) -> Any:
        self._whole(number)
        body = _body(request, REPLY, needs={"message_type", "type", "admin_id"})
        if body["type"] != "admin" or body["message_type"] not in {"comment", "note"}:
            raise Refusal(400, "parameter_invalid")
        files = body.get("attachment_files", [])
        if not body.get("body", "").strip() and not files:
            raise Refusal(400, "parameter_invalid", "body is required")
        rows = [
            self._file(file["name"], file["content_type"], base64.b64decode(file["data"])) for file in files
        ]
        self.write(number, self._admin(body["admin_id"]), body.get("body", ""), body["message_type"], rows)
        if body["message_type"] == "comment":
            text = html.unescape(re.sub(r"<[^>]*>", " ", body.get("body", "")))
            self.received.setdefault(number, []).append(text)
        return self._whole(number)

    def _manage(self, request: httpx.Request, number: str) -> Any:
        one, kind = self._whole(number), json.loads(request.content).get("message_type")
        if kind not in ACTIONS:
            raise Refusal(400, "parameter_invalid")
        body = _body(request, ACTIONS[kind], needs=ACTIONS[kind] - {"body"})
        author, one = self._admin(body["admin_id"]), self.conversations[number]
        if kind == "assignment":
            self._assign(one, body)
        else:
            state = {"close": "closed", "open": "open", "snoozed": "snoozed"}[kind]
            one |= {"state": state, "open": state == "open"}
        self.write(number, author, body.get("body", ""), kind)
        return self._whole(number)

    def _assign(self, one: dict[str, Any], body: Mapping[str, Any]) -> None:
        known: Mapping[str, Any] = self.teams if body["type"] == "team" else self.admins
        if body["assignee_id"] != "0" and body["assignee_id"] not in known:
            raise Refusal(404, "assignee_not_found", "Assignee not found")
        value = None if body["assignee_id"] == "0" else int(body["assignee_id"])
        one["team_assignee_id" if body["type"] == "team" else "admin_assignee_id"] = value

    def _tag(self, request: httpx.Request, number: str) -> Any:
        self._whole(number)
        body = _body(request, {"id", "admin_id"}, needs={"id", "admin_id"})
        self._admin(body["admin_id"])
        if body["id"] not in self.tags:
            raise Refusal(404, "tag_not_found")
        self.conversations[number]["tags"]["tags"].append(self._tag_row(body["id"]))
        self.conversations[number]["updated_at"] = self.tick()
        return self._tag_row(body["id"])

    def _untag(self, request: httpx.Request, number: str, tag: str) -> Any:
        self._whole(number)
        self._admin(_body(request, {"admin_id"}, needs={"admin_id"})["admin_id"])
        tags = self.conversations[number]["tags"]["tags"]
        kept = [row for row in tags if row["id"] != tag]
        if len(kept) == len(tags):
            raise Refusal(404, "tag_not_found")
        self.conversations[number]["tags"]["tags"] = kept
        self.conversations[number]["updated_at"] = self.tick()
        return self._tag_row(tag)

    def _admin(self, number: str) -> dict[str, Any]:
        if number not in self.admins:
            raise Refusal(404, "admin_not_found", "Admin not found")
        return self._admin_author(number)

    def _file(self, name: str, media_type: str, content: bytes) -> dict[str, Any]:
        number = self._number()
        self.files[number] = content
        return {
            "type": "upload",
            "name": name,
            "url": f"https://{FILES}/{number}?expires=1&signature=x",
            "content_type": media_type,
            "filesize": len(content),
        }

    def _number(self) -> str:
        self._numbers += 1
        return str(self._numbers)


def _attribute(name: str, kind: str, **other: Any) -> dict[str, Any]:
    return {
        "type": "data_attribute",
        "name": name,
        "label": name,
        "data_type": kind,
        "api_writable": True,
        "custom": True,
        "archived": False,
        **other,
    }


def _article(number: str, title: str, body: str, state: str) -> dict[str, Any]:
    url = f"https://help.acme.example/articles/{number}" if state == "published" else None
    return {"type": "article", "id": number, "title": title, "body": body, "state": state, "url": url}


def _only(request: httpx.Request, *known: str) -> None:
    unknown = set(request.url.params) - set(known)
    if unknown:
        raise Refusal(400, "parameter_invalid", f"unknown: {sorted(unknown)}")


def _body(request: httpx.Request, keys: set[str], *, needs: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]  # an empty set is a set
    if request.headers.get("content-type") != "application/json":
        raise Refusal(415, "media_type_not_acceptable")
    body: dict[str, Any] = json.loads(request.content)
    _known(body, keys)
    if needs - set(body):
        raise Refusal(400, "parameter_not_found", f"missing: {sorted(needs - set(body))}")
    return body


def _known(body: Mapping[str, Any], keys: set[str]) -> None:
    unknown = set(body) - keys
    if unknown:
        raise Refusal(400, "parameter_invalid", f"unknown: {sorted(unknown)}")
