"""As much of a FreeScout with its API & Webhooks module as the connector sees, after api-docs.freescout.net.

It gives threads newest first with the things that happened among them, counts users and customers apart, answers 204
without content to updates, names what was made in a header, and refuses unknown fields and parameters.
"""

from __future__ import annotations

import base64
import html as markup
import itertools
from datetime import datetime
from typing import Any

import httpx

from copilot.desks.freescout.connecting import connect
from copilot.desks.freescout.desk import FreeScout
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.standin import RefusalError, StandIn, body_of, query_of, stamp

ADDRESS = "https://freescout.example.com"
KEY = "freescout-key-1"
ME, OTHER, AI, CUSTOMER = 1, 2, 3, 1
USERS = {
    ME: ("Sam", "Lee", "Sam@acme.test"),
    OTHER: ("Priya", "Raman", "priya@acme.test"),
    AI: ("Birdie", "", "birdie@acme.test"),
}
MAILBOXES = {5: "Support", 6: "Billing"}
FIELDS = [
    {"id": 71, "name": "Order number", "type": "singleline", "options": "", "required": False},
    {"id": 72, "name": "Model", "type": "singleline", "options": "", "required": False},
    {"id": 73, "name": "Colour", "type": "dropdown", "options": {"1": "Red", "2": "Blue"}, "required": False},
]
LIST = {"state", "updatedSince", "sortField", "sortOrder", "embed", "page", "pageSize"}
THREAD = {"type", "text", "user", "status", "attachments", "imported", "to", "cc", "bcc", "state"}


class FakeFreeScout(StandIn):
    """The server."""

    def __init__(self) -> None:
        super().__init__()
        self.conversations: dict[int, dict[str, Any]] = {}
        self.threads: dict[int, list[dict[str, Any]]] = {}
        self.tags: dict[int, list[str]] = {}
        self.files: dict[int, bytes] = {}
        self.no_custom_fields = False
        self._ids = itertools.count(500)
        self._numbers = itertools.count(1)
        api = "/api/"
        self.routes = [
            ("GET", api + "users", self._users),
            ("GET", api + "mailboxes", self._mailboxes),
            ("GET", api + r"mailboxes/(\d+)/custom_fields", self._fields),
            ("GET", api + "conversations", self._list),
            ("GET", api + r"conversations/(\d+)", self._get),
            ("PUT", api + r"conversations/(\d+)", self._update),
            ("POST", api + r"conversations/(\d+)/threads", self._create),
            ("PUT", api + r"conversations/(\d+)/tags", self._put_tags),
            ("PUT", api + r"conversations/(\d+)/custom_fields", self._put_fields),
            ("GET", r"/storage/attachment/(\d+)", self._file),
        ]

    async def desk(
        self,
        *mailboxes: str,
        key: str = KEY,
        email: str = "sam@acme.test",
        ai_agents: tuple[str, ...] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> FreeScout:
        """The connector over this desk."""
        sign_in = SignIn(
            desk_id=DeskId("fs"),
            name="Acme",
            values={"url": ADDRESS, "token": key, "email": email},
            queues=mailboxes,
            ai_agents=ai_agents,
        )
        return await connect(sign_in, transport=transport or self.transport, limits=limits)

    # -- what happens there ------------------------------------------------------------------------------------------

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        """As the contract asks for one."""
        return self.open_conversation(subject, html or f"<div>{markup.escape(text)}</div>", attachments)

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        """The customer writes."""
        self.write(ticket, f"<p>{text}</p>", "customer", CUSTOMER)

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        """A colleague writes, in the desk's own window."""
        self.write(ticket, f"<p>{text}</p>", "message", OTHER)

    def open_conversation(
        self, subject: str, html: str, uploads: tuple[Upload, ...] = (), **other: Any
    ) -> RemoteId:
        """A customer asks something."""
        number = next(self._numbers)
        moment = stamp(self.tick())
        self.conversations[number] = {
            "id": number,
            "number": 100 + number,
            "threadsCount": 0,
            "type": "email",
            "folderId": 11,
            "status": "active",
            "state": "published",
            "subject": subject,
            "preview": "",
            "mailboxId": 5,
            "assignee": None,
            "createdBy": _customer(),
            "createdAt": moment,
            "updatedAt": moment,
            "closedBy": None,
            "source": {"type": "email", "via": "customer"},
            "customer": _customer(),
            "customFields": [],
            **other,
        }
        self.threads[number], self.tags[number] = [], []
        self.write(number, html, "customer", CUSTOMER, uploads)
        return RemoteId(str(number))

    def write(
        self,
        ticket: int | str,
        html: str,
        kind: str,
        user: int,
        uploads: tuple[Upload, ...] = (),
        **other: Any,
    ) -> int:
        """Somebody writes."""
        number, thread = int(ticket), next(self._ids)
        self.tick()
        row = {
            "id": thread,
            "type": kind,
            "status": "active",
            "state": "published",
            "action": {"type": "", "text": "", "associatedEntities": []},
            "body": html,
            "source": {"type": "email", "via": "customer"},
            "customer": _customer(),
            "createdBy": _customer() if kind == "customer" else _user(user),
            "assignedTo": None,
            "to": [],
            "createdAt": stamp(self.now),
            "openedAt": None,
            "_embedded": {"attachments": [self._keep(upload) for upload in uploads]},
            **other,
        }
        self.threads[number].insert(0, row)
        counted = kind in {"customer", "message"}
        self.touch(number, threadsCount=self.conversations[number]["threadsCount"] + counted)
        return thread

    def touch(self, number: int, **changes: Any) -> None:
        """The conversation changes."""
        self.conversations[number] |= {"updatedAt": stamp(self.now), **changes}
        self.tick()

    def _keep(self, upload: Upload) -> dict[str, Any]:
        number = next(self._ids)
        self.files[number] = upload.content
        named = {"fileName": upload.name, "mimeType": upload.media_type, "size": len(upload.content)}
        return {"id": number, "fileUrl": f"{ADDRESS}/storage/attachment/{number}?token=ab", **named}

    # -- answering -----------------------------------------------------------------------------------------------------

    def authorise(self, request: httpx.Request) -> None:
        """The key of the installation."""
        if request.headers.get("x-freescout-api-key") != KEY and not request.url.path.startswith("/storage/"):
            raise RefusalError(401, {"message": "Invalid API Key"})

    def _page(self, request: httpx.Request, name: str, rows: list[Any], usual: set[str]) -> Any:
        query = query_of(request, {"page", "pageSize", *usual})
        size, number = min(int(query.get("pageSize", 50)), 100), int(query.get("page", 1))
        total = max(1, -(-len(rows) // size))
        page = {"size": size, "totalElements": len(rows), "totalPages": total, "number": number}
        return {"_embedded": {name: rows[(number - 1) * size : number * size]}, "page": page}

    def _users(self, request: httpx.Request) -> Any:
        return self._page(request, "users", [_user(number) for number in USERS], {"email"})

    def _mailboxes(self, request: httpx.Request) -> Any:
        rows = [{"id": n, "name": name, "email": f"{n}@acme.test"} for n, name in MAILBOXES.items()]
        return self._page(request, "mailboxes", rows, set())

    def _fields(self, request: httpx.Request, _: str) -> Any:
        if self.no_custom_fields:
            raise RefusalError(404, {"message": "Not Found"})
        return self._page(request, "custom_fields", list(FIELDS), set())

    def _list(self, request: httpx.Request) -> Any:
        query = query_of(request, LIST)
        assert (query["sortField"], query["sortOrder"]) == ("updatedAt", "asc")
        since = datetime.fromisoformat(query["updatedSince"])
        rows = [
            self._shown(row, query.get("embed", ""))
            for row in self.conversations.values()
            if row["state"] == query["state"] and datetime.fromisoformat(row["updatedAt"]) >= since
        ]
        rows.sort(key=lambda row: row["updatedAt"])
        return self._page(request, "conversations", rows, LIST)

    def _shown(self, row: dict[str, Any], embed: str) -> dict[str, Any]:
        inside: dict[str, Any] = {}
        if "threads" in embed.split(","):
            inside["threads"] = self.threads[row["id"]]
        if "tags" in embed.split(","):
            inside["tags"] = [{"id": n, "name": tag} for n, tag in enumerate(self.tags[row["id"]], 1)]
        return row | {"_embedded": inside}

    def _conversation(self, number: str) -> dict[str, Any]:
        if int(number) not in self.conversations:
            raise RefusalError(404, {"message": "Not Found"})
        return self.conversations[int(number)]

    def _get(self, request: httpx.Request, number: str) -> Any:
        return self._shown(self._conversation(number), query_of(request, {"embed"}).get("embed", ""))

    def _update(self, request: httpx.Request, number: str) -> httpx.Response:
        row = self._conversation(number)
        body = body_of(request, {"byUser", "status", "assignTo", "mailboxId", "customerId", "subject"})
        errors = []
        if body.get("status", "active") not in {"active", "pending", "closed", "spam"}:
            errors.append({"path": "status", "message": "Invalid status"})
        if body.get("mailboxId", 5) not in MAILBOXES or body.get("byUser") not in USERS:
            errors.append({"path": "mailboxId", "message": "No such mailbox or user"})
        if errors:
            raise RefusalError(400, {"message": "Bad request", "_embedded": {"errors": errors}})
        changes: dict[str, Any] = {
            name: body[name] for name in ("status", "mailboxId", "subject") if name in body
        }
        if "assignTo" in body and body["assignTo"] in {-1, *USERS}:
            changes["assignee"] = None if body["assignTo"] == -1 else _user(body["assignTo"])
        self.tick()
        self.touch(row["id"], **changes)
        return httpx.Response(204)

    def _create(self, request: httpx.Request, number: str) -> httpx.Response:
        row = self._conversation(number)
        body = body_of(request, THREAD)
        if body["type"] not in {"message", "note"} or body.get("user") not in USERS or not body.get("text"):
            raise RefusalError(400, {"message": "Bad request", "_embedded": {"errors": []}})
        uploads = tuple(
            Upload(
                name=file["fileName"],
                media_type=file["mimeType"],
                content=base64.b64decode(file["data"], validate=True),
            )
            for file in body.get("attachments", [])
        )
        made = self.write(number, body["text"], body["type"], body["user"], uploads)
        if "status" in body:
            row["status"] = body["status"]
        return httpx.Response(201, headers={"Resource-ID": str(made)})

    def _put_tags(self, request: httpx.Request, number: str) -> httpx.Response:
        row = self._conversation(number)
        self.tags[row["id"]] = body_of(request, {"tags"})["tags"]
        self.tick()
        self.touch(row["id"])
        return httpx.Response(204)

    def _put_fields(self, request: httpx.Request, number: str) -> httpx.Response:
        row = self._conversation(number)
        held = {field["id"]: field for field in row["customFields"]}
        for change in body_of(request, {"customFields"})["customFields"]:
            field = next(field for field in FIELDS if field["id"] == change["id"])
            options = field["options"]
            text = options.get(change["value"], "") if isinstance(options, dict) else ""
            held[change["id"]] = {
                "id": field["id"],
                "name": field["name"],
                "value": change["value"],
                "text": text,
            }
        self.tick()
        self.touch(row["id"], customFields=list(held.values()))
        return httpx.Response(204)

    def _file(self, request: httpx.Request, number: str) -> httpx.Response:
        assert query_of(request, {"token"}) == {"token": "ab"}
        return httpx.Response(200, content=self.files[int(number)])


def _customer() -> dict[str, Any]:
    named = {"firstName": "Amara", "lastName": "Okoye", "email": "amara@client.test", "photoUrl": ""}
    return {"id": CUSTOMER, "type": "customer", **named}


def _user(number: int) -> dict[str, Any]:
    first, last, email = USERS[number]
    return {"id": number, "type": "user", "firstName": first, "lastName": last, "email": email}
