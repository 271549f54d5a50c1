"""As much of a Freshdesk as the connector sees, strict as the API reference describes it.

It keeps dates to the second, leaves deleted and spam tickets out of lists but for their filters, gives conversations
without the ticket's own description, signs the addresses of files for the storage host, and refuses unknown fields.
"""

from __future__ import annotations

import base64
import html as markup
import itertools
from datetime import datetime
from typing import Any

import httpx

from copilot.desks.freshdesk.connecting import connect
from copilot.desks.freshdesk.desk import Freshdesk
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.domain import DeskId, RemoteId, Upload
from copilot.text.plain import html_to_text
from tests.desks.standin import RefusalError, StandIn, body_of, form_of, paged, query_of, stamp

ADDRESS = "https://acme.freshdesk.com"
STORAGE = "https://s3.example.com"
KEY = "freshkey123"
ME, OTHER, AI = 11, 12, 13
AGENTS = {
    ME: ("Sam Lee", "sam@acme.test"),
    OTHER: ("Priya Raman", "priya@acme.test"),
    AI: ("Freddy", "freddy@acme.test"),
}
GROUPS = {31: "Support", 32: "Billing"}
UPDATABLE = {"status", "priority", "responder_id", "group_id", "tags", "custom_fields", "subject", "type"}
FIELDS = [
    {"id": 1, "name": "subject", "label": "Subject", "type": "default_subject", "default": True},
    {
        "id": 2,
        "name": "status",
        "label": "Status",
        "type": "default_status",
        "default": True,
        "choices": {
            "2": ["Open", "Being processed"],
            "3": ["Pending", "Awaiting your reply"],
            "4": ["Resolved", "Resolved"],
            "5": ["Closed", "Closed"],
            "6": ["Waiting on Customer", "Awaiting your reply"],
            "7": ["Waiting on Third Party", "Being processed"],
        },
    },
    {"id": 3, "name": "cf_order_number", "label": "Order number", "type": "custom_text", "default": False},
    {
        "id": 4,
        "name": "cf_escalation_reason",
        "label": "Escalation reason",
        "type": "custom_text",
        "default": False,
    },
    {"id": 5, "name": "cf_seats", "label": "Seats", "type": "custom_number", "default": False},
    {"id": 6, "name": "cf_vip", "label": "VIP", "type": "custom_checkbox", "default": False},
]
CUSTOM = {str(field["name"]) for field in FIELDS if not field["default"]}


class FakeFreshdesk(StandIn):
    """The server."""

    def __init__(self) -> None:
        super().__init__()
        self.tickets: dict[int, dict[str, Any]] = {}
        self.conversations: dict[int, list[dict[str, Any]]] = {}
        self.files: dict[int, bytes] = {}
        self.ratings: dict[int, list[dict[str, Any]]] = {}
        self.contacts = {101: {"id": 101, "name": "Amara Okoye", "email": "amara@client.test", "phone": None}}
        self.forbidden: set[str] = set()
        self.page_limit = 100
        self._ids = itertools.count(1000)
        self._numbers = itertools.count(1)
        v2 = "/api/v2/"
        self.routes = [
            ("GET", v2 + "agents/me", lambda _: self._agent(ME)),
            ("GET", v2 + "agents", self._agents),
            ("GET", v2 + "groups", self._groups),
            ("GET", v2 + "ticket_fields", self._fields),
            ("GET", v2 + r"contacts/(\d+)", self._contact),
            ("GET", v2 + "tickets", self._list),
            ("GET", v2 + r"tickets/(\d+)", self._view),
            ("PUT", v2 + r"tickets/(\d+)", self._update),
            ("PUT", v2 + "tickets/merge", self._merge),
            ("GET", v2 + r"tickets/(\d+)/conversations", self._conversations),
            ("POST", v2 + r"tickets/(\d+)/reply", self._reply),
            ("POST", v2 + r"tickets/(\d+)/notes", self._note),
            ("GET", v2 + r"tickets/(\d+)/satisfaction_ratings", self._ratings),
            ("GET", v2 + "solutions/categories", lambda r: self._rows(r, [{"id": 1, "name": "General"}])),
            ("GET", v2 + "solutions/categories/1/folders", self._folders),
            ("GET", v2 + r"solutions/folders/(\d+)/articles", self._articles),
            ("GET", v2 + "canned_response_folders", lambda r: self._rows(r, [{"id": 8, "name": "Usual"}])),
            ("GET", v2 + "canned_response_folders/8/responses", self._canned),
            ("GET", r"/files/(\d+)", lambda _, number: httpx.Response(200, content=self.files[int(number)])),
        ]

    async def desk(
        self,
        *groups: str,
        key: str = KEY,
        ai_agents: tuple[str, ...] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> Freshdesk:
        """The connector over this desk."""
        sign_in = SignIn(
            desk_id=DeskId("fd"),
            name="Acme",
            values={"url": "acme.freshdesk.com", "token": key},
            queues=groups,
            ai_agents=ai_agents,
        )
        return await connect(sign_in, transport=transport or self.transport, limits=limits)

    # -- what happens there ------------------------------------------------------------------------------------------

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        """As the contract asks for one."""
        return self.open_ticket(subject, html or f"<div>{markup.escape(text)}</div>", attachments)

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        """The customer writes."""
        self.write(ticket, text, 101)

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        """A colleague writes, in the desk's own window."""
        self.write(ticket, text, OTHER)

    def open_ticket(
        self, subject: str, html: str, uploads: tuple[Upload, ...] = (), **other: Any
    ) -> RemoteId:
        """A requester asks something."""
        number = next(self._numbers)
        moment = self.tick()
        self.tickets[number] = {
            "id": number,
            "subject": subject,
            "description": html,
            "description_text": html_to_text(html).text,
            "status": 2,
            "priority": 1,
            "source": 1,
            "requester_id": 101,
            "responder_id": None,
            "group_id": 31,
            "tags": [],
            "custom_fields": dict.fromkeys(sorted(CUSTOM)),
            "created_at": stamp(moment),
            "updated_at": stamp(moment),
            "due_by": stamp(moment),
            "spam": False,
            "is_escalated": False,
            "attachments": self._keep(uploads),
            **other,
        }
        self.conversations[number] = []
        self.tick()
        return RemoteId(str(number))

    def write(self, ticket: str, text: str, user: int, **other: Any) -> dict[str, Any]:
        """Somebody writes."""
        number = int(ticket)
        moment = self.tick()
        row = {
            "id": next(self._ids),
            "body": text if text.startswith("<") else f"<div>{text}</div>",
            "body_text": html_to_text(text).text,
            "incoming": user in self.contacts,
            "private": False,
            "user_id": user,
            "created_at": stamp(moment),
            "updated_at": stamp(moment),
            "ticket_id": number,
            "attachments": [],
            **other,
        }
        self.conversations[number].append(row)
        self.touch(number)
        return row

    def touch(self, number: int, **changes: Any) -> None:
        """The ticket changes."""
        self.tickets[number] |= {"updated_at": stamp(self.now), **changes}
        self.tick()

    def _keep(self, uploads: tuple[Upload, ...]) -> list[dict[str, Any]]:
        kept = []
        for upload in uploads:
            number = next(self._ids)
            self.files[number] = upload.content
            kept.append(
                {
                    "id": number,
                    "name": upload.name,
                    "content_type": upload.media_type,
                    "size": len(upload.content),
                    "attachment_url": f"{STORAGE}/files/{number}?Signature=abc",
                }
            )
        return kept

    # -- answering -----------------------------------------------------------------------------------------------------

    def authorise(self, request: httpx.Request) -> None:
        """The key goes to Freshdesk and nowhere else."""
        given = request.headers.get("authorization", "")
        if request.url.host == "s3.example.com":
            assert not given, "the key must not leave Freshdesk"
            return
        if given != "Basic " + base64.b64encode(f"{KEY}:X".encode()).decode():
            raise RefusalError(401, {"code": "invalid_credentials", "message": "You have to be logged in."})
        if any(request.url.path.endswith(path) for path in self.forbidden):
            raise RefusalError(403, {"code": "access_denied", "message": "You are not authorized."})

    def _rows(self, request: httpx.Request, rows: list[Any], *extra: str) -> httpx.Response:
        query = query_of(request, {"page", "per_page", *extra})
        page, more = paged(rows, query, most=self.page_limit)
        headers = {"Link": f'<{request.url}>; rel="next"'} if more else {}
        return httpx.Response(200, json=page, headers=headers)

    def _agent(self, number: int) -> dict[str, Any]:
        name, email = AGENTS[number]
        return {"id": number, "available": True, "contact": {"name": name, "email": email, "active": True}}

    def _agents(self, request: httpx.Request) -> httpx.Response:
        return self._rows(request, [self._agent(number) for number in AGENTS])

    def _groups(self, request: httpx.Request) -> httpx.Response:
        return self._rows(request, [{"id": number, "name": name} for number, name in GROUPS.items()])

    def _fields(self, request: httpx.Request) -> httpx.Response:
        return self._rows(request, FIELDS)

    def _contact(self, _: httpx.Request, number: str) -> dict[str, Any]:
        if int(number) not in self.contacts:
            raise RefusalError(404)
        return self.contacts[int(number)]

    def _list(self, request: httpx.Request) -> httpx.Response:
        allowed = {"updated_since", "order_by", "order_type", "include", "per_page", "page", "filter"}
        query = query_of(request, allowed)
        bin_name = query.get("filter", "")
        if bin_name not in {"", "deleted", "spam"} or int(query["page"]) > 300:
            raise RefusalError(400, {"description": "Validation failed", "errors": []})
        since = datetime.fromisoformat(query["updated_since"])
        rows = [
            self._shown(ticket, query)
            for ticket in self.tickets.values()
            if datetime.fromisoformat(ticket["updated_at"]) >= since and self._bin(ticket) == bin_name
        ]
        rows.sort(key=lambda row: row[query["order_by"]], reverse=query["order_type"] == "desc")
        for row in rows:
            row.pop("description", None)
        return self._rows(request, rows, *allowed)

    def _bin(self, ticket: dict[str, Any]) -> str:
        return "deleted" if ticket.get("deleted") else "spam" if ticket["spam"] else ""

    def _shown(self, ticket: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        row = dict(ticket)
        if "requester" in query.get("include", "").split(","):
            row["requester"] = self.contacts[row["requester_id"]]
        return row

    def _ticket(self, number: str) -> dict[str, Any]:
        if int(number) not in self.tickets:
            raise RefusalError(404)
        return self.tickets[int(number)]

    def _view(self, request: httpx.Request, number: str) -> dict[str, Any]:
        return self._shown(self._ticket(number), query_of(request, {"include"}))

    def _update(self, request: httpx.Request, number: str) -> dict[str, Any]:
        ticket = self._ticket(number)
        change = body_of(request, UPDATABLE)
        fields = change.pop("custom_fields", {})
        wrong = (
            change.get("status", 2) not in range(2, 8)
            or change.get("group_id") not in {None, *GROUPS}
            or change.get("responder_id") not in {None, *AGENTS}
            or not set(fields) <= CUSTOM
        )
        if wrong:
            errors = [{"field": "responder_id", "message": "There is no such one", "code": "invalid_value"}]
            raise RefusalError(400, {"description": "Validation failed", "errors": errors})
        self.tick()
        self.touch(int(number), **change, custom_fields=ticket["custom_fields"] | fields)
        return self.tickets[int(number)]

    def _merge(self, request: httpx.Request) -> httpx.Response:
        body = body_of(request, {"primary_id", "ticket_ids", "note_in_primary", "note_in_secondary"})
        for number in body["ticket_ids"]:
            self._ticket(str(number))
            self.touch(number, status=5)
        self.touch(body["primary_id"])
        return httpx.Response(204)

    def _conversations(self, request: httpx.Request, number: str) -> httpx.Response:
        self._ticket(number)
        return self._rows(request, self.conversations[int(number)])

    def _reply(self, request: httpx.Request, number: str) -> httpx.Response:
        self._ticket(number)
        uploads: tuple[Upload, ...] = ()
        if request.headers["content-type"].startswith("multipart/"):
            body, files = form_of(request)
            assert {field for field, *_ in files} == {"attachments[]"}
            uploads = tuple(Upload(name=n, media_type=kind, content=c) for _, n, kind, c in files)
        else:
            body = body_of(request, {"body", "cc_emails", "bcc_emails", "from_email", "user_id"})
        if not body["body"]:
            raise RefusalError(400, {"description": "Validation failed", "errors": []})
        row = self.write(number, body["body"], ME, attachments=self._keep(uploads))
        return httpx.Response(201, json=row)

    def _note(self, request: httpx.Request, number: str) -> httpx.Response:
        self._ticket(number)
        body = body_of(request, {"body", "private", "incoming", "notify_emails", "user_id"})
        row = self.write(number, body["body"], ME, private=body.get("private", True))
        return httpx.Response(201, json=row)

    def _ratings(self, request: httpx.Request, number: str) -> httpx.Response:
        self._ticket(number)
        return self._rows(request, self.ratings.get(int(number), []))

    def _folders(self, request: httpx.Request) -> httpx.Response:
        folders = [{"id": 5, "name": "Lamps", "visibility": 1}, {"id": 6, "name": "Inside", "visibility": 3}]
        return self._rows(request, folders)

    def _articles(self, request: httpx.Request, folder: str) -> httpx.Response:
        row = {"id": int(folder) * 10, "title": "Lamps that blink", "description": "<p>Unplug <b>it</b>.</p>"}
        draft = {"id": int(folder) * 10 + 1, "title": "Draft", "description": "<p>Not yet.</p>", "status": 1}
        return self._rows(request, [row | {"status": 2, "updated_at": stamp(self.now)}, draft])

    def _canned(self, request: httpx.Request) -> httpx.Response:
        return self._rows(request, [{"id": 9, "title": "Ask for version", "content": "Which version?"}])
