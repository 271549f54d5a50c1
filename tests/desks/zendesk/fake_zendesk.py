"""A stateful stand-in for Zendesk that keeps its rules: what it does not know of a request, it refuses.

After the API reference (Tickets, Ticket Comments, Ticket Attachments, Incremental Exports, Users, Groups, Ticket
Fields, Macros, Pagination, Rate limits) and Creating and updating tickets. Its clock goes on by a second with every
change.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

HOST = "acme.zendesk.com"
STORAGE = "p1.zdusercontent.example"
EMAIL, TOKEN = "rita@acme.example", "sesame-1234567890"
RITA, OMAR, AIDA, SUSPENDED, CARLA, DORA = 100, 101, 102, 103, 200, 201
SUPPORT, BILLING = 300, 301
ORDER, SYSTEM_FIELD, KIND, URGENT_FIELD = 900, 901, 902, 903
PER_LIST_PAGE, PER_EXPORT_PAGE = 5, 8
ANYTIME = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TICKET_KEYS = {
    *(
        "comment",
        "status",
        "assignee_id",
        "group_id",
        "tags",
        "custom_fields",
        "safe_update",
        "updated_stamp",
    ),
    *("metadata", "priority", "subject"),
}
COMMENT_KEYS = {"html_body", "body", "public", "uploads", "author_id"}
STATUSES = {"open", "pending", "hold", "solved", "closed"}


class Refusal(Exception):  # noqa: N818 - it is what Zendesk answers
    def __init__(self, status: int, error: str, description: str = "", **headers: str) -> None:
        super().__init__(error)
        self.answer = httpx.Response(
            status, json={"error": error, "description": description}, headers=headers
        )


@dataclass
class Ticket:
    record: dict[str, Any]
    comments: list[dict[str, Any]] = field(default_factory=list)
    generated: datetime = ANYTIME
    audits: list[dict[str, Any]] = field(default_factory=list)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(body: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL))).strip()


class FakeZendesk:
    def __init__(self, *, role: str = "admin") -> None:
        self.now = ANYTIME
        self.tickets: dict[int, Ticket] = {}
        self.files: dict[int, tuple[str, str, bytes]] = {}
        self.uploads: dict[str, int] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.exports: list[datetime] = []
        self.mailed: dict[int, list[str]] = {}
        self.without_help_center = False
        self._numbers = 5000
        self.users = {
            RITA: _user(RITA, "Rita Rep", EMAIL, role),
            OMAR: _user(OMAR, "Omar Other", "omar@acme.example", "agent"),
            AIDA: _user(AIDA, "Aida", "aida@acme.example", "agent"),
            SUSPENDED: _user(SUSPENDED, "Gone Guy", "gone@acme.example", "agent", suspended=True),
            CARLA: _user(CARLA, "Carla Customer", "carla@example.org", "end-user"),
            DORA: _user(DORA, "Dora Customer", "dora@example.org", "end-user"),
        }
        self.groups = {SUPPORT: "Support", BILLING: "Billing"}

    # -- how the others act ----------------------------------------------------------------------------------------

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def new_ticket(self, subject: str, text: str, *, body: str = "", **fields: Any) -> int:
        number, now = len(self.tickets) + 1, self.tick()
        record = {
            "id": number,
            "url": f"https://{HOST}/api/v2/tickets/{number}",
            "subject": subject,
            "raw_subject": subject,
            "description": text,
            "status": "new",
            "priority": None,
            "type": None,
            "created_at": stamp(now),
            "updated_at": stamp(now),
            "requester_id": CARLA,
            "submitter_id": CARLA,
            "assignee_id": None,
            "group_id": SUPPORT,
            "tags": [],
            "custom_fields": [{"id": one, "value": None} for one in (ORDER, SYSTEM_FIELD, KIND)]
            + [{"id": URGENT_FIELD, "value": False}],
            "due_at": None,
            "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}},
            "satisfaction_rating": {"score": "unoffered"},
            "from_messaging_channel": False,
            "allow_channelback": False,
        } | fields
        self.tickets[number] = Ticket(record, generated=now)
        self.comment(
            number, fields.get("requester_id", CARLA), body or html.escape(text), attachments=(), at=now
        )
        return number

    def attach(self, ticket: int, name: str, media_type: str, content: bytes) -> None:
        self.tickets[ticket].comments[0]["attachments"].append(self._file(name, media_type, content))

    def comment(
        self,
        ticket: int,
        author: int,
        body: str,
        *,
        public: bool = True,
        attachments: Any = (),
        at: Any = None,
    ) -> int:
        found, now = self.tickets[ticket], at or self.tick()
        clean = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
        found.comments.append(
            {
                "id": self._number(),
                "type": "Comment",
                "author_id": author,
                "body": plain(body),
                "html_body": f'<div class="zd-comment" dir="auto">{clean}</div>',
                "plain_body": plain(body),
                "public": public,
                "created_at": stamp(now),
                "attachments": list(attachments),
                "audit_id": self._number(),
                "metadata": {"system": {"client": "", "ip_address": "203.0.113.9"}, "custom": {}},
                "via": {"channel": "web"},
            }
        )
        self.changed(ticket, now)
        return int(found.comments[-1]["id"])

    def chat(self, ticket: int, kind: str, *history: dict[str, Any]) -> None:
        now = self.tick()
        rows = [
            {"chat_index": index, "timestamp": int(now.timestamp() * 1000) + index, **one}
            for index, one in enumerate(history)
        ]
        value = {"visitor_id": "v", "chat_id": "c1", "history": rows}
        changed = {"id": self._number(), "type": "Change", "field_name": "status", "value": "open"}
        events = [changed, {"id": self._number(), "type": kind, "value": value}]
        self.tickets[ticket].audits.append({"id": self._number(), "created_at": stamp(now), "events": events})
        self.changed(ticket, now)

    def requester_writes(self, ticket: int, text: str) -> None:
        found = self.tickets[ticket].record
        self.comment(ticket, found["requester_id"], html.escape(text))
        if found["status"] in {"pending", "solved", "hold"}:
            found["status"] = "open"

    def changed(self, ticket: int, now: datetime | None = None) -> None:
        now = now or self.tick()
        self.tickets[ticket].record["updated_at"] = stamp(now)
        self.tickets[ticket].generated = now

    def delete(self, ticket: int) -> None:
        self.tickets[ticket].record["status"] = "deleted"
        self.changed(ticket)

    # -- the interface ---------------------------------------------------------------------------------------------

    def handle(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = self._answer(request)
        except Refusal as refusal:
            answer = refusal.answer
        answer.headers.update(
            {"date": format_datetime(self.now, usegmt=True), "x-rate-limit": "700", "ratelimit-reset": "41"}
        )
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == STORAGE:
            assert "authorization" not in request.headers, "the token left for another host"
            return httpx.Response(200, content=self.files[int(request.url.path.rpartition("/")[2])][2])
        self._sign_in(request)
        path = request.url.path
        if path.startswith("/attachments/"):
            return httpx.Response(302, headers={"location": f"https://{STORAGE}/{path.rpartition('/')[2]}"})
        for method, pattern, answer in self._routes():
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                value = answer(request, *map(int, filter(str.isdecimal, match.groups())))
                return value if isinstance(value, httpx.Response) else httpx.Response(200, json=value)
        raise Refusal(404, "InvalidEndpoint", "Not found")

    def _routes(self) -> list[tuple[str, str, Callable[..., Any]]]:
        api = "/api/v2"
        return [
            ("GET", f"{api}/users/me", self._me),
            ("GET", f"{api}/users", self._list_users),
            ("GET", f"{api}/groups", self._list_groups),
            ("GET", f"{api}/ticket_fields", self._list_fields),
            ("GET", f"{api}/macros", self._list_macros),
            ("GET", f"{api}/help_center/articles", self._list_articles),
            ("GET", f"{api}/tickets", self._list_tickets),
            ("GET", f"{api}/incremental/tickets/cursor", self._export),
            ("GET", rf"{api}/tickets/(\d+)", self._show),
            ("PUT", rf"{api}/tickets/(\d+)", self._update),
            ("GET", rf"{api}/tickets/(\d+)/comments", self._list_comments),
            ("GET", rf"{api}/tickets/(\d+)/audits", self._list_audits),
            ("POST", rf"{api}/tickets/(\d+)/merge", self._merge),
            ("GET", rf"{api}/job_statuses/[a-z0-9]+", self._job),
            ("POST", f"{api}/uploads", self._upload),
            ("GET", rf"{api}/attachments/(\d+)", self._attachment),
        ]

    def _sign_in(self, request: httpx.Request) -> None:
        given = request.headers.get("authorization", "")
        if given != "Basic " + base64.b64encode(f"{EMAIL}/token:{TOKEN}".encode()).decode():
            raise Refusal(401, "Couldn't authenticate you")

    # -- people, groups, fields, knowledge -------------------------------------------------------------------------

    def _me(self, request: httpx.Request) -> Any:
        _only(request)
        return {"user": self.users[RITA]}

    def _list_users(self, request: httpx.Request) -> Any:
        _only(request, "role[]", "page[size]", "page[after]")
        roles = request.url.params.get_list("role[]")
        return _page(request, "users", [user for user in self.users.values() if user["role"] in roles])

    def _list_groups(self, request: httpx.Request) -> Any:
        _only(request, "page[size]", "page[after]")
        return _page(request, "groups", self._group_rows())

    def _group_rows(self) -> list[dict[str, Any]]:
        return [{"id": one, "name": name, "deleted": False} for one, name in self.groups.items()]

    def _list_fields(self, request: httpx.Request) -> Any:
        _only(request, "page[size]", "page[after]")
        statuses = [{"name": one.title(), "value": one} for one in sorted(STATUSES - {"closed"})]
        kinds = [
            {"name": "Lamps::Blinking", "value": "lamps__blinking"},
            {"name": "Sockets", "value": "sockets"},
        ]
        rows = [
            _field(1, "Status", "status", removable=False, system_field_options=statuses),
            _field(ORDER, "Order number", "text"),
            _field(SYSTEM_FIELD, "System", "text"),
            _field(KIND, "Kind", "tagger", custom_field_options=kinds),
            _field(URGENT_FIELD, "Needs a call", "checkbox"),
        ]
        return _page(request, "ticket_fields", rows)

    def _list_macros(self, request: httpx.Request) -> Any:
        _only(request, "active", "page[size]", "page[after]")
        actions = [{"field": "comment_value", "value": ["channel:all", "Which version is it?"]}]
        close = [{"field": "status", "value": "solved"}]
        rows = [
            {"id": 25, "title": "Ask::Version", "description": "", "active": True, "actions": actions},
            {"id": 26, "title": "Close", "active": True, "actions": close},
        ]
        return _page(request, "macros", rows)

    def _list_articles(self, request: httpx.Request) -> Any:
        _only(request, "page[size]", "page[after]")
        if self.without_help_center:
            raise Refusal(404, "InvalidEndpoint", "Not found")
        rows = [
            _article(1, "Move a folder", "<p>Drag the <b>folder</b>.</p>"),
            _article(2, "For the team", "<p>Call them.</p>", user_segment_id=7),
            _article(3, "Not ready", "<p>Soon.</p>", draft=True),
            _article(4, "Empty", ""),
        ]
        return _page(request, "articles", rows)

    # -- tickets ---------------------------------------------------------------------------------------------------

    def _list_tickets(self, request: httpx.Request) -> Any:
        _only(request, "sort", "include", "support_type_scope", "page[size]", "page[after]")
        if request.url.params.get("sort", "-updated_at") != "-updated_at":
            raise Refusal(400, "InvalidPaginationParameter", "sort is not valid")
        rows = [one.record for one in self.tickets.values() if one.record["status"] != "deleted"]
        rows.sort(key=lambda one: (one["updated_at"], one["id"]), reverse=True)
        after = request.url.params.get("page[after]")
        if after:
            updated, number = base64.b64decode(after).decode().split("|")
            rows = [one for one in rows if (one["updated_at"], one["id"]) < (updated, int(number))]
        page = rows[: min(PER_LIST_PAGE, int(request.url.params["page[size]"]))]
        last = f"{page[-1]['updated_at']}|{page[-1]['id']}" if page else ""
        cursor = base64.b64encode(last.encode()).decode() if page else None
        meta = {"has_more": len(rows) > len(page), "after_cursor": cursor, "before_cursor": None}
        return {"tickets": page, "meta": meta, "links": {}, **self._beside(request, page)}

    def _export(self, request: httpx.Request) -> Any:
        _only(request, "start_time", "cursor", "include", "support_type_scope")
        if self.users[RITA]["role"] != "admin":
            raise Refusal(403, "Forbidden", "You do not have access to this page.")
        self.exports = [one for one in self.exports if self.now - one < timedelta(minutes=1)] + [self.now]
        if len(self.exports) > 10:
            raise Refusal(429, "APIRateLimitExceeded", **{"retry-after": "60"})
        cursor = request.url.params.get("cursor")
        if cursor is None and "start_time" not in request.url.params:
            raise Refusal(400, "StartTimeMissing")
        since = tuple(json.loads(base64.b64decode(cursor))) if cursor else ("", 0)
        rows = sorted(
            (stamp(one.generated), number, one)
            for number, one in self.tickets.items()
            if (stamp(one.generated), number) > since and self.now - one.generated >= timedelta(minutes=1)
        )
        page = rows[:PER_EXPORT_PAGE]
        after = list(page[-1][:2]) if page else list(since)
        records = [one.record | {"generated_timestamp": int(one.generated.timestamp())} for *_, one in page]
        return {
            "tickets": records,
            "after_cursor": base64.b64encode(json.dumps(after).encode()).decode(),
            "after_url": None,
            "before_cursor": None,
            "before_url": None,
            "end_of_stream": len(rows) == len(page),
            **self._beside(request, records),
        }

    def _beside(self, request: httpx.Request, tickets: list[dict[str, Any]]) -> dict[str, Any]:
        if request.url.params.get("include") != "users,groups":
            return {}
        named = {one[key] for one in tickets for key in ("requester_id", "assignee_id", "submitter_id")}
        groups = {one["group_id"] for one in tickets}
        return {
            "users": [user for number, user in self.users.items() if number in named],
            "groups": [row for row in self._group_rows() if row["id"] in groups],
        }

    def _ticket(self, number: int) -> Ticket:
        found = self.tickets.get(number)
        if found is None or found.record["status"] == "deleted":
            raise Refusal(404, "RecordNotFound", "Not found")
        return found

    def _show(self, request: httpx.Request, number: int) -> Any:
        _only(request, "include")
        record = self._ticket(number).record
        return {"ticket": record, **self._beside(request, [record])}

    def _list_comments(self, request: httpx.Request, number: int) -> Any:
        _only(request, "include", "page[size]", "page[after]")
        page = _page(request, "comments", self._ticket(number).comments)
        writers = {comment["author_id"] for comment in page["comments"]}
        return page | {"users": [user for one, user in self.users.items() if one in writers]}

    def _list_audits(self, request: httpx.Request, number: int) -> Any:
        _only(request, "page[size]", "page[after]")
        return _page(request, "audits", self._ticket(number).audits)

    def _update(self, request: httpx.Request, number: int) -> Any:
        found, change = self._ticket(number), _body(request, {"ticket"})["ticket"]
        _known(change, TICKET_KEYS)
        if found.record["status"] == "closed":
            raise Refusal(422, "RecordInvalid", "Status: closed prevents ticket update")
        if "safe_update" in change and change["updated_stamp"] != found.record["updated_at"]:
            raise Refusal(
                409, "UpdateConflict", "Safe Update prevented the update due to outdated ticket data."
            )
        self._check(found, change)
        events: list[dict[str, Any]] = []
        if "comment" in change:
            events.append({"id": self._say(number, change), "type": "Comment"})
        fields = {
            key: value for key, value in change.items() if key in {*TICKET_KEYS} and key in found.record
        }
        fields.pop("custom_fields", None)
        self._set_customs(found, change.get("custom_fields", []))
        found.record |= fields
        if "comment" in change and found.record["status"] == "new":
            found.record["status"] = "open"
        self.changed(number)
        return {
            "ticket": found.record,
            "audit": {"id": self._number(), "ticket_id": number, "events": events},
        }

    def _check(self, found: Ticket, change: Mapping[str, Any]) -> None:
        record = {**found.record, **change}
        if change.get("status", "open") not in STATUSES:
            raise Refusal(422, "RecordInvalid", "Status: is not valid")
        if record["status"] == "solved" and record["assignee_id"] is None:
            raise Refusal(422, "RecordInvalid", "Assignee: is required when solving a ticket")
        owner = self.users.get(record["assignee_id"], {})
        if record["assignee_id"] is not None and owner.get("role") not in {"agent", "admin"}:
            raise Refusal(422, "RecordInvalid", "Assignee: is not an agent")
        if record["group_id"] not in self.groups:
            raise Refusal(422, "RecordInvalid", "Group: is invalid")
        if any(" " in tag for tag in record["tags"]):
            raise Refusal(422, "RecordInvalid", "Tags: are invalid")

    def _say(self, number: int, change: Mapping[str, Any]) -> int:
        said = change["comment"]
        _known(said, COMMENT_KEYS)
        body = said.get("html_body") or html.escape(said.get("body", ""))
        files = [self.uploads.pop(token, None) for token in said.get("uploads", [])]
        if None in files:
            raise Refusal(422, "RecordInvalid", "Attachment token is not valid")
        if (not plain(body) and not files) or len(body) > 65_535:
            raise Refusal(422, "RecordInvalid", "Description: cannot be blank")
        rows = [self._row(file) for file in files if file is not None]
        comment = self.comment(number, RITA, body, public=said.get("public", True), attachments=rows)
        self.tickets[number].comments[-1]["metadata"]["custom"] = change.get("metadata", {})
        if said.get("public", True):
            self.mailed.setdefault(number, []).append(plain(body))
        return comment

    def _set_customs(self, found: Ticket, values: list[dict[str, Any]]) -> None:
        known = {one["id"]: one for one in found.record["custom_fields"]}
        for value in values:
            _known(value, {"id", "value"})
            if value["id"] not in known:
                raise Refusal(422, "RecordInvalid", "Custom field is unknown")
            known[value["id"]]["value"] = value["value"]

    def _merge(self, request: httpx.Request, target: int) -> Any:
        keys = {
            "ids",
            "source_comment",
            "source_comment_is_public",
            "target_comment",
            "target_comment_is_public",
        }
        body = _body(request, keys)
        self._ticket(target)
        job = f"job{len(self.jobs)}"
        self.jobs[job] = {"id": job, "status": "queued", "message": None, "results": None, "asked": 0}
        for source in body["ids"]:
            self._ticket(source).record |= {"status": "closed"}
            self.tickets[source].record["tags"].append("closed_by_merge")
            self.comment(source, RITA, body["source_comment"], public=False)
            self.comment(target, RITA, body["target_comment"], public=False)
        return {"job_status": self._job_row(job)}

    def _job(self, request: httpx.Request) -> Any:
        job = request.url.path.rpartition("/")[2]
        if job not in self.jobs:
            raise Refusal(404, "RecordNotFound", "Not found")
        self.jobs[job]["asked"] += 1
        if self.jobs[job]["asked"] > 1 and self.jobs[job]["status"] == "queued":
            results = [{"id": 1, "action": "update", "success": True, "status": "Updated"}]
            self.jobs[job] |= {"status": "completed", "results": results}
        return {"job_status": self._job_row(job)}

    def _job_row(self, job: str) -> dict[str, Any]:
        return {key: value for key, value in self.jobs[job].items() if key != "asked"}

    # -- files -----------------------------------------------------------------------------------------------------

    def _upload(self, request: httpx.Request) -> Any:
        _only(request, "filename", "token")
        media_type = request.headers["content-type"].partition(";")[0]
        row = self._file(request.url.params["filename"], media_type, request.content)
        token = f"upload{row['id']}"
        self.uploads[token] = row["id"]
        return httpx.Response(201, json={"upload": {"token": token, "attachment": row, "attachments": [row]}})

    def _attachment(self, request: httpx.Request, number: int) -> Any:
        _only(request)
        if number not in self.files:
            raise Refusal(404, "RecordNotFound", "Not found")
        return {"attachment": self._row(number)}

    def _file(self, name: str, media_type: str, content: bytes) -> dict[str, Any]:
        number = self._number()
        self.files[number] = (name, media_type, content)
        return self._row(number)

    def _row(self, number: int) -> dict[str, Any]:
        name, media_type, content = self.files[number]
        return {
            "id": number,
            "file_name": name,
            "content_type": media_type,
            "content_url": f"https://{HOST}/attachments/token/abc/{number}",
            "size": len(content),
            "inline": False,
        }

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers


def _user(number: int, name: str, email: str, role: str, *, suspended: bool = False) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "email": email,
        "role": role,
        "suspended": suspended,
        "active": True,
    }


def _field(number: int, title: str, kind: str, **other: Any) -> dict[str, Any]:
    return {"id": number, "title": title, "type": kind, "active": True, "removable": True, **other}


def _article(number: int, title: str, body: str, **other: Any) -> dict[str, Any]:
    url = f"https://{HOST}/hc/articles/{number}"
    return {"id": number, "title": title, "body": body, "html_url": url, "draft": False, **other}


def _page(request: httpx.Request, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    size = int(request.url.params["page[size]"])
    if not 1 <= size <= 100:
        raise Refusal(400, "InvalidPaginationParameter")
    start = int(request.url.params.get("page[after]", "0"))
    end = start + size
    meta = {"has_more": end < len(rows), "after_cursor": str(end), "before_cursor": str(start)}
    return {name: rows[start:end], "meta": meta, "links": {"next": None, "prev": None}}


def _only(request: httpx.Request, *known: str) -> None:
    unknown = set(request.url.params) - set(known)
    if unknown:
        raise Refusal(400, "InvalidParameter", f"unknown: {sorted(unknown)}")


def _body(request: httpx.Request, keys: set[str]) -> dict[str, Any]:
    if request.headers.get("content-type") != "application/json":
        raise Refusal(415, "UnsupportedMediaType")
    body: dict[str, Any] = json.loads(request.content)
    _known(body, keys)
    return body


def _known(body: Mapping[str, Any], keys: set[str]) -> None:
    unknown = set(body) - keys
    if unknown:
        raise Refusal(422, "RecordInvalid", f"unknown: {sorted(unknown)}")
