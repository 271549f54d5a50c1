"""A Help Scout in memory: the Mailbox API 2.0 as its reference and its own PHP client have it, and the Docs API."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from copilot.desks.help_scout.connecting import Options, connect
from copilot.desks.help_scout.desk import HelpScout
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.calls import Call, CallStandIn
from tests.desks.standin import RefusalError, paged, stamp

APP = {"client_id": "app", "client_secret": "s3cret", "grant_type": "client_credentials"}
USERS = {101: ("Sam", "Lee"), 102: ("Priya", "Raman"), 109: ("Birdie", "Bot")}
TEAMS = {201: "Tier 2"}
MAILBOXES = {11: "Support", 12: "Billing"}
FIELDS = {1: ("Order number", "singleline"), 2: ("Serial number", "singleline"), 3: ("Plan", "dropdown")}
PLANS = {31: "Trial", 32: "Paid"}
CUSTOMER = {"id": 101, "first": "Amara", "last": "Okoye", "email": "amara@client.test"}
STATUSES = {"active", "pending", "closed", "spam"}
PAGE = 25


@dataclass
class FakeConversation:
    """A row; ids of customers and users overlap on purpose."""

    id: int
    subject: str
    created: Any
    mailbox: int = 11
    status: str = "active"
    state: str = "published"
    assignee: int | None = None
    tags: list[str] = field(default_factory=list)
    fields: dict[int, str] = field(default_factory=dict)
    threads: list[dict[str, Any]] = field(default_factory=list)
    modified: Any = None
    waiting: Any = None
    touched: Any = None
    type: str = "email"


class FakeHelpScout(CallStandIn):
    """The server. `tokens` are the access tokens it takes now; `merged` maps conversations to what they became."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, FakeConversation] = {}
        self.files: dict[int, Upload] = {}
        self.merged: dict[int, int] = {}
        self.tokens: list[str] = []
        self.embeds_at_most = 10_000
        self._numbers = 5000
        one = r"/v2/conversations/(\d+)"
        self.route("POST", "/v2/oauth2/token", self._token)
        self.route("GET", "/v2/users/me", lambda _: self._user(101))
        self.route("GET", "/v2/users", lambda call: _hal("users", [self._user(one) for one in USERS], call))
        teams = [{"id": number, "name": name} for number, name in TEAMS.items()]
        self.route("GET", "/v2/teams", lambda call: _hal("teams", teams, call))
        boxes = [{"id": number, "name": name, "slug": "x"} for number, name in MAILBOXES.items()]
        self.route("GET", "/v2/mailboxes", lambda call: _hal("mailboxes", boxes, call))
        self.route("GET", r"/v2/mailboxes/(\d+)/fields", self._fields)
        self.route("GET", r"/v2/mailboxes/(\d+)/saved-replies", self._saved)
        self.route("GET", r"/v2/mailboxes/11/saved-replies/7", self._saved_one)
        self.route("GET", "/v2/conversations", self._list)
        self.route("GET", one, self._show)
        self.route("PATCH", one, self._patch)
        self.route("GET", f"{one}/threads", self._threads)
        self.route("POST", f"{one}/reply", self._reply)
        self.route("POST", f"{one}/notes", self._note)
        self.route("PUT", f"{one}/tags", self._tag)
        self.route("PUT", f"{one}/fields", self._set_fields)
        self.route("GET", rf"{one}/attachments/(\d+)/data", self._data)
        self._docs()

    async def desk(
        self,
        *inboxes: str,
        secret: str = "s3cret",
        docs_key: str = "",
        agents: tuple[str, ...] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> HelpScout:
        sign_in = SignIn(
            desk_id=DeskId("scout"),
            name="Scout",
            values={"app_id": "app", "app_secret": secret, "docs_key": docs_key},
            queues=inboxes,
            ai_agents=agents,
        )
        return await connect(
            sign_in, Options(transport=transport or self.transport, limits=limits or Limits())
        )

    # -- what others do --------------------------------------------------------------------------------------------

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        number = 700 + len(self.rows)
        self.rows[number] = FakeConversation(number, subject, self.tick())
        self.add(number, html or text.replace("&", "&amp;").replace("<", "&lt;"), files=attachments)
        return RemoteId(str(number))

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        self.add(int(ticket), text)

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        self.add(int(ticket), text, by=102)

    def add(
        self,
        number: int,
        body: str,
        *,
        by: int | None = None,
        kind: str = "",
        files: tuple[Upload, ...] = (),
        **other: Any,
    ) -> int:
        """A thread, of the customer or of a user."""
        row, now = self.rows[number], self.tick()
        self._numbers += 1
        thread = {
            "id": self._numbers,
            "type": kind or ("message" if by else "customer"),
            "state": "published",
            "status": "active",
            "body": re.sub(r"<!--.*?-->", "", body),
            "customer": CUSTOMER,
            "createdBy": {"type": "user", **self._person(by)} if by else {"type": "customer", **CUSTOMER},
            "createdAt": stamp(now),
            "_embedded": {"attachments": [self._file(one) for one in files]},
            **other,
        }
        row.threads.append(thread)
        row.modified = now
        if by:
            row.touched = now
        else:
            row.waiting, row.status = now, "active"
        return self._numbers

    def received(self, ticket: RemoteId) -> list[str]:
        """What was mailed to the customer."""
        rows = self.rows[int(ticket)].threads
        return [re.sub(r"<[^>]*>", " ", one["body"]) for one in rows if one["type"] == "message"]

    # -- answering -------------------------------------------------------------------------------------------------

    def authorise(self, request: httpx.Request) -> None:
        said = request.headers.get("authorization", "")
        if request.url.host == "docsapi.helpscout.net":
            if said != "Basic " + base64.b64encode(b"docs-key:X").decode():
                raise RefusalError(401, {"code": 401, "error": "Invalid API key"})
        elif request.url.path != "/v2/oauth2/token" and said.removeprefix("Bearer ") not in self.tokens:
            raise RefusalError(401, {"error": "invalid_token", "error_description": "Invalid token"})

    def _token(self, call: Call) -> Any:
        if call.body != APP:
            raise RefusalError(401, {"error": "invalid_client", "error_description": "Unknown app"})
        self.tokens = [f"token-{len(self.asked)}"]
        return {"token_type": "bearer", "access_token": self.tokens[0], "expires_in": 172800}

    def _person(self, number: int) -> dict[str, Any]:
        first, last = USERS[number]
        return {"id": number, "first": first, "last": last, "email": f"{first.lower()}@shop.test"}

    def _user(self, number: int) -> dict[str, Any]:
        first, last = USERS[number]
        mail = f"{first.lower()}@shop.test"
        return {"id": number, "firstName": first, "lastName": last, "email": mail, "type": "user"}

    def _fields(self, _: Call) -> Any:
        rows = [
            {"id": n, "name": name, "type": kind, "options": self._options() if kind == "dropdown" else []}
            for n, (name, kind) in FIELDS.items()
        ]
        return {"_embedded": {"fields": rows}}

    def _options(self) -> list[dict[str, Any]]:
        return [{"id": number, "order": number, "label": label} for number, label in PLANS.items()]

    def _saved(self, call: Call) -> Any:
        return [{"id": 7, "name": "Hours", "preview": "We are"}] if call.parts[0] == "11" else []

    def _saved_one(self, _: Call) -> Any:
        return {"id": 7, "name": "Hours", "text": "<p>We are there <b>from 9</b>.</p>", "chatText": None}

    def _list(self, call: Call) -> Any:
        call.takes("status", "modifiedSince", "sortField", "sortOrder", "page", "mailbox")
        status = call.one("status", "active")
        if status not in STATUSES | {"all", "open"}:
            raise RefusalError(400, {"message": "Validation error"})
        rows = [one for one in self.rows.values() if one.state != "deleted" and status in {"all", one.status}]
        if call.one("mailbox"):
            rows = [one for one in rows if one.mailbox == int(call.one("mailbox"))]
        if call.one("modifiedSince"):
            rows = [one for one in rows if stamp(one.modified) >= call.one("modifiedSince")]
        keys = {
            "modifiedAt": lambda one: (one.modified, one.id),
            "createdAt": lambda one: (one.created, one.id),
        }
        rows.sort(
            key=keys[call.one("sortField", "createdAt")], reverse=call.one("sortOrder", "desc") == "desc"
        )
        return _hal("conversations", [self._record(one) for one in rows], call)

    def _find(self, call: Call) -> FakeConversation:
        number = int(call.parts[0])
        if number in self.merged:
            where = f"https://api.helpscout.net/v2/conversations/{self.merged[number]}"
            raise RefusalError(301, None, {"location": where})
        row = self.rows.get(number)
        if row is None or row.state == "deleted":
            raise RefusalError(404, {"message": "Not found"})
        return row

    def _record(self, row: FakeConversation) -> dict[str, Any]:
        assignee = None
        if row.assignee in TEAMS:
            assignee = {"id": row.assignee, "type": "team", "first": TEAMS[row.assignee], "last": ""}
        elif row.assignee:
            assignee = {"type": "user", **self._person(row.assignee)}
        return {
            "id": row.id,
            "number": row.id - 600,
            "threads": sum(one["type"] != "lineitem" for one in row.threads),
            "type": row.type,
            "status": row.status,
            "state": row.state,
            "subject": row.subject,
            "mailboxId": row.mailbox,
            "createdAt": stamp(row.created),
            "userUpdatedAt": stamp(row.touched) if row.touched else None,
            "customerWaitingSince": {"time": stamp(row.waiting), "friendly": "now"} if row.waiting else {},
            "source": {"type": "email", "via": "customer"},
            "tags": [{"id": len(tag), "color": "#fff", "tag": tag} for tag in sorted(row.tags)],
            "primaryCustomer": {"type": "customer", **CUSTOMER},
            "customFields": [
                {
                    "id": n,
                    "name": FIELDS[n][0],
                    "value": value,
                    "text": PLANS.get(int(value), "") if n == 3 else value,
                }
                for n, value in sorted(row.fields.items())
            ],
            **({"assignee": assignee} if assignee else {}),
        }

    def _show(self, call: Call) -> Any:
        call.takes("embed")
        row = self._find(call)
        embedded = (
            {"threads": row.threads[::-1][: self.embeds_at_most]} if call.one("embed") == "threads" else {}
        )
        return self._record(row) | ({"_embedded": embedded} if embedded else {})

    def _threads(self, call: Call) -> Any:
        return _hal("threads", self._find(call).threads[::-1], call)

    def _reply(self, call: Call) -> Any:
        call.fields("attachments", "status", "draft", "user", needs=("text", "customer"))
        row = self._find(call)
        if call.body["customer"] != {"id": CUSTOMER["id"]} or not call.body["text"]:
            raise RefusalError(400, {"message": "Validation error"})
        return self._say(row, call, "message")

    def _note(self, call: Call) -> Any:
        call.fields("attachments", "status", "user", needs=("text",))
        return self._say(self._find(call), call, "note")

    def _say(self, row: FakeConversation, call: Call, kind: str) -> httpx.Response:
        files = tuple(
            Upload(name=one["fileName"], media_type=one["mimeType"], content=base64.b64decode(one["data"]))
            for one in call.body.get("attachments", [])
        )
        number = self.add(row.id, call.body["text"], by=101, kind=kind, files=files)
        row.status = call.body.get("status") or "active"
        return httpx.Response(201, headers={"Resource-ID": str(number)})

    def _patch(self, call: Call) -> Any:
        call.fields("value", needs=("op", "path"))
        row = self._find(call)
        op, path, value = call.body["op"], call.body["path"], call.body.get("value")
        if (op, path) == ("replace", "/status") and value in STATUSES:
            row.status = value
        elif (op, path) == ("replace", "/assignTo") and (value in USERS or value in TEAMS):
            row.assignee = value
        elif (op, path) == ("remove", "/assignTo"):
            row.assignee = None
        elif (op, path) == ("move", "/mailboxId") and value in MAILBOXES:
            row.mailbox = value
        else:
            raise RefusalError(
                400, {"message": "Validation error", "_embedded": {"errors": [{"path": path}]}}
            )
        row.modified = self.tick()

    def _tag(self, call: Call) -> Any:
        call.fields(needs=("tags",))
        row = self._find(call)
        row.tags, row.modified = [tag.lower() for tag in call.body["tags"]], self.tick()

    def _set_fields(self, call: Call) -> Any:
        call.fields(needs=("fields",))
        row = self._find(call)
        row.fields, row.modified = {one["id"]: one["value"] for one in call.body["fields"]}, self.tick()

    def _file(self, upload: Upload) -> dict[str, Any]:
        self._numbers += 1
        self.files[self._numbers] = upload
        size = len(upload.content)
        return {"id": self._numbers, "filename": upload.name, "mimeType": upload.media_type, "size": size}

    def _data(self, call: Call) -> Any:
        self._find(call)
        if int(call.parts[1]) not in self.files:
            raise RefusalError(404, {"message": "Not found"})
        return {"data": base64.b64encode(self.files[int(call.parts[1])].content).decode()}

    def _docs(self) -> None:
        collections = [{"id": "c1", "name": "Guide", "visibility": "public"}]
        article = {"id": "a1", "name": "The lamp", "publicUrl": "https://docs.shop.test/a1"}
        whole = {**article, "text": "<h2>On</h2><p>Turn it on.</p>", "updatedAt": "2026-01-02T00:00:00Z"}
        page = {"page": 1, "pages": 1, "count": 1}
        self.route("GET", "/v1/collections", lambda _: {"collections": {**page, "items": collections}})
        self.route("GET", "/v1/collections/c1/articles", lambda _: {"articles": {**page, "items": [article]}})
        self.route("GET", "/v1/articles/a1", lambda _: {"article": whole})


def _hal(name: str, rows: list[Any], call: Call) -> dict[str, Any]:
    """A page of HAL; without rows it has no `_embedded`."""
    page, _ = paged(rows, {"page": call.one("page", "1")}, usual=PAGE)
    pages = -(-len(rows) // PAGE)
    info = {
        "size": PAGE,
        "totalElements": len(rows),
        "totalPages": pages,
        "number": int(call.one("page", "1")),
    }
    return {"page": info, **({"_embedded": {name: page}} if page else {})}
