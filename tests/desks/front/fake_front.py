"""A Front in memory, as its Core API's description has it."""

from __future__ import annotations

import html as html_of
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from copilot.desks.front.connecting import API, Options, connect
from copilot.desks.front.desk import Front
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.calls import Call, CallStandIn
from tests.desks.standin import RefusalError

TOKEN = "front-token"
TEAMMATES = {
    "tea_1": ("Sam", "Lee", "user"),
    "tea_2": ("Priya", "Raman", "user"),
    "tea_9": ("Birdie", "", "ai"),
}
INBOXES = {"inb_1": "Support", "inb_2": "Billing"}
CHANNELS = {"cha_1": ("inb_1", "smtp"), "cha_2": ("inb_2", "gmail")}
FIELDS = {"Order number": "string", "Serial number": "string", "Seats": "number"}
CUSTOMER = "amara@client.test"
SORTS = ("sort_by", "sort_order", "limit", "page_token")


@dataclass
class FakeConversation:
    """A conversation."""

    id: str
    subject: str
    created: float
    updated: float = 0
    inbox: str = "inb_1"
    status: str = "unassigned"
    assignee: str | None = None
    tags: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    reminders: list[dict[str, Any]] = field(default_factory=list)
    handle: str = CUSTOMER


class FakeFront(CallStandIn):
    """The server. `denied` are paths that the token has no scope for; `merged` maps conversations to others."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, FakeConversation] = {}
        self.files: dict[str, Upload] = {}
        self.tags: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []
        self.merged: dict[str, str] = {}
        self.denied: set[str] = set()
        self.holds_back = False
        self.held_back: list[tuple[str, dict[str, Any]]] = []
        self._numbers = 0
        self._lists()
        one = r"/conversations/(\w+)"
        self.route("GET", one, lambda call: self._record(self._find(call)))
        self.route("PATCH", one, self._patch)
        self.route("GET", f"{one}/inboxes", self._where)
        self.route("GET", f"{one}/messages", self._messages)
        self.route("POST", f"{one}/messages", self._reply)
        self.route("GET", f"{one}/comments", lambda call: {"_results": self._find(call).comments[::-1]})
        self.route("POST", f"{one}/comments", self._comment)
        self.route("PUT", f"{one}/assignee", self._assign)
        self.route("GET", r"/download/(\w+)", self._download)

    async def desk(
        self,
        *inboxes: str,
        token: str = TOKEN,
        email: str = "sam@shop.test",
        agents: tuple[str, ...] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
        base: str = API,
    ) -> Front:
        sign_in = SignIn(
            desk_id=DeskId("front"),
            name="Front",
            values={"email": email, "token": token},
            queues=inboxes,
            ai_agents=agents,
        )
        options = Options(transport=transport or self.transport, limits=limits or Limits(), base=base)
        return await connect(sign_in, options)

    # -- what others do --------------------------------------------------------------------------------------------

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        number = f"cnv_{len(self.rows) + 1}"
        self.rows[number] = FakeConversation(number, subject, self.tick().timestamp())
        self.add(number, html or f"<p>{html_of.escape(text)}</p>", files=attachments)
        return RemoteId(number)

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        self.add(ticket, f"<p>{html_of.escape(text)}</p>")

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        self.add(ticket, f"<p>{html_of.escape(text)}</p>", by="tea_2")

    def add(
        self, ticket: str, body: str, *, by: str | None = None, files: tuple[Upload, ...] = (), **other: Any
    ) -> dict[str, Any]:
        """A message, of the customer or of a teammate."""
        row, now = self.rows[ticket], self.tick()
        self._numbers += 1
        roles = ("to", "from") if by else ("from", "to")
        message = {
            "id": f"msg_{self._numbers}",
            "message_uid": f"uid{self._numbers}",
            "type": "email",
            "is_inbound": by is None,
            "draft_mode": None,
            "created_at": round(now.timestamp(), 3),
            "subject": row.subject,
            "blurb": "",
            **({"author": self.teammate(by)} if by else {}),
            "recipients": [_recipient(row.handle, roles[0]), _recipient("support@shop.test", roles[1])],
            "body": body,
            "text": html_of.unescape(re.sub(r"<[^>]*>", " ", body)),
            "attachments": [self._file(one) for one in files],
            "metadata": {},
            **other,
        }
        if by and self.holds_back:
            self.held_back.append((ticket, message))
            return message
        row.messages.append(message)
        if by is None and row.status == "archived":
            row.status = "assigned" if row.assignee else "unassigned"
        self.touch(ticket, "out_reply" if by else "inbound")
        return message

    def send_what_was_held_back(self) -> None:
        """Front sends a message a moment after it has taken it."""
        for ticket, message in self.held_back:
            self.rows[ticket].messages.append(message)
            self.touch(ticket, "out_reply")
        self.held_back.clear()

    def note(self, ticket: str, body: str, by: str) -> dict[str, Any]:
        self._numbers += 1
        comment = {
            "_links": {"self": "", "related": {}},
            "id": f"com_{self._numbers}",
            "author": self.teammate(by),
            "body": body,
            "posted_at": round(self.tick().timestamp(), 3),
            "attachments": [],
            "is_pinned": False,
        }
        self.rows[ticket].comments.append(comment)
        self.touch(ticket, "comment")
        return comment

    def touch(self, ticket: str, kind: str, target: dict[str, Any] | None = None) -> None:
        """Something happened, and is an event."""
        now = round(self.tick().timestamp(), 3)
        self.rows[ticket].updated = now
        self._numbers += 1
        event = {"id": f"evt_{self._numbers}", "type": kind, "emitted_at": now, "ticket": ticket}
        self.events.append(event | ({"target": target} if target else {}))

    def merge(self, ticket: str, into: str) -> None:
        """A conversation becomes a part of another one."""
        self.merged[ticket] = into
        del self.rows[ticket]
        self.events = [one for one in self.events if one["ticket"] != ticket]
        gone = {"_meta": {"type": "deleted_conversation_ids"}, "data": [ticket]}
        self.touch(into, "conversations_merged", gone)

    def received(self, ticket: RemoteId) -> list[str]:
        """What went out to the customer."""
        return [str(one["text"]) for one in self.rows[ticket].messages if not one["is_inbound"]]

    def teammate(self, number: str) -> dict[str, Any]:
        first, last, kind = TEAMMATES[number]
        return {
            "_links": {"self": "", "related": {}},
            "id": number,
            "email": f"{first.lower()}@shop.test",
            "username": first.lower(),
            "first_name": first,
            "last_name": last,
            "is_admin": False,
            "is_available": True,
            "is_blocked": False,
            "type": kind,
            "license_type": "full",
            "custom_fields": {},
        }

    # -- answering -------------------------------------------------------------------------------------------------

    def authorise(self, request: httpx.Request) -> None:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise RefusalError(401, _error(401, "Unauthenticated"))
        if request.url.path in self.denied:
            raise RefusalError(403, _error(403, "Forbidden"))

    def _lists(self) -> None:
        links = {"_links": {"self": "https://api2.frontapp.com/x"}}
        self.route("GET", "/me", lambda _: {**links, "id": "cmp_1", "name": "Shop"})
        self.route(
            "GET", "/teammates", lambda _: {**links, "_results": [self.teammate(one) for one in TEAMMATES]}
        )
        self.route("GET", "/inboxes", lambda _: {**links, "_results": [_inbox(one) for one in INBOXES]})
        self.route("GET", "/channels", lambda _: {**links, "_results": [_channel(one) for one in CHANNELS]})
        self.route("GET", r"/inboxes/(\w+)/conversations", self._index)
        self.route("GET", "/events", self._events)
        self.route("GET", "/tags", lambda call: _page([_tag(*one) for one in self.tags.items()], call, 50))
        self.route("POST", "/company/tags", self._make_tag)
        self.route("GET", "/conversations/custom_fields", self._fields)
        template: dict[str, Any] = {
            "_links": {"self": "x", "related": {}},
            "id": "rsp_1",
            "name": "Hours",
            "subject": None,
            "body": "<p>We are there <b>from 9</b>.</p>",
            "attachments": [],
            "is_available_for_all_inboxes": True,
            "inbox_ids": [],
        }
        self.route("GET", "/message_templates", lambda _: {**links, "_results": [template]})
        base = {
            "_links": {"self": "x"},
            "id": "kb_1",
            "type": "external",
            "status": "published",
            "locales": ["en"],
        }
        self.route("GET", "/knowledge_bases", lambda _: {**links, "_results": [base]})
        heads = [
            {**links, "id": one, "slug": "s", "locales": ["en"], "updated_at": 1767000000.0}
            for one in ("kba_1", "kba_2")
        ]
        self.route("GET", "/knowledge_bases/kb_1/articles", lambda call: _page(heads, call, 50))
        self.route("GET", r"/knowledge_base_articles/(\w+)/content", self._article)

    def _article(self, call: Call) -> Any:
        return {
            "_links": {"self": "x"},
            "id": call.parts[0],
            "slug": "s",
            "name": "The lamp",
            "status": "published" if call.parts[0] == "kba_1" else "draft",
            "keywords": [],
            "content": "<p>Turn it on.</p>",
            "locale": "en",
            "attachments": [],
        }

    def _fields(self, _: Call) -> Any:
        rest = {"_links": {"self": "x"}, "description": ""}
        return {
            "_results": [{**rest, "id": name, "name": name, "type": kind} for name, kind in FIELDS.items()]
        }

    def _index(self, call: Call) -> Any:
        call.takes("q[statuses]", "limit", "page_token")
        rows = [one for one in self.rows.values() if one.inbox == call.parts[0]]
        rows = [one for one in rows if one.status in call.query["q[statuses]"]]
        rows.sort(key=lambda one: -one.updated)
        return _page([self._record(one) for one in rows], call, 100)

    def _events(self, call: Call) -> Any:
        call.takes("q[after]", "q[inboxes]", *SORTS)
        after = float(call.one("q[after]", "0"))
        rows = [
            {
                "_links": {"self": "x"},
                "id": one["id"],
                "type": one["type"],
                "emitted_at": one["emitted_at"],
                "conversation": self._record(self.rows[one["ticket"]]),
                **({"target": one["target"]} if "target" in one else {}),
            }
            for one in self.events
            if one["emitted_at"] > after
            and self.rows[one["ticket"]].inbox in call.query.get("q[inboxes]", list(INBOXES))
        ]
        if call.one("sort_order", "desc") == "desc":
            rows.reverse()
        return _page(rows, call, 15)

    def _find(self, call: Call) -> FakeConversation:
        number = call.parts[0]
        if number in self.merged:
            where = f"https://api2.frontapp.com/conversations/{self.merged[number]}"
            raise RefusalError(301, None, {"location": where})
        if number not in self.rows:
            raise RefusalError(404, _error(404, "Not found"))
        return self.rows[number]

    def _record(self, row: FakeConversation) -> dict[str, Any]:
        return {
            "_links": {"self": "x", "related": {}},
            "id": row.id,
            "type": "conversation",
            "subject": row.subject,
            "status": row.status,
            "ticket_ids": [],
            "assignee": self.teammate(row.assignee) if row.assignee else None,
            "recipient": _recipient(row.handle, "from"),
            "tags": [_tag(name, self.tags[name]) for name in row.tags],
            "links": [],
            "custom_fields": row.fields,
            "created_at": round(row.created, 3),
            "updated_at": row.updated,
            "is_private": False,
            "scheduled_reminders": row.reminders,
            "metadata": {},
        }

    def _where(self, call: Call) -> Any:
        return {"_results": [_inbox(self._find(call).inbox)]}

    def _messages(self, call: Call) -> Any:
        call.takes("limit", "page_token")
        return _page(self._find(call).messages[::-1], call, 100)

    def _reply(self, call: Call) -> Any:
        if call.files:
            call.fields("options[archive]", needs=("body", "author_id"))
            archive = call.body.get("options[archive]", "true") == "true"
        else:
            call.fields("options", "text", needs=("body", "author_id"))
            archive = call.body.get("options", {}).get("archive", True)
        row = self._find(call)
        if call.body["author_id"] not in TEAMMATES or not call.body["body"]:
            raise RefusalError(400, _error(400, "Bad request"))
        names = [name for name, _ in call.files]
        if names != [f"attachments[{n}]" for n in range(len(names))]:
            raise RefusalError(400, _error(400, "Bad request"))
        files = tuple(file for _, file in call.files)
        made = self.add(row.id, call.body["body"], by=call.body["author_id"], files=files)
        if archive:
            row.status = "archived"
            self.touch(row.id, "archive")
        return httpx.Response(202, json={"status": "accepted", "message_uid": made["message_uid"]})

    def _comment(self, call: Call) -> Any:
        call.fields("author_id", "is_pinned", needs=("body",))
        made = self.note(self._find(call).id, call.body["body"], call.body["author_id"])
        return httpx.Response(201, json=made)

    def _patch(self, call: Call) -> None:
        call.fields("assignee_id", "inbox_id", "status", "tag_ids", "custom_fields")
        row, body = self._find(call), call.body
        names = {number: name for name, number in self.tags.items()}
        unknown = set(body.get("tag_ids", [])) - set(names) or set(body.get("custom_fields", {})) - set(
            FIELDS
        )
        if unknown or body.get("inbox_id", "inb_1") not in INBOXES:
            raise RefusalError(400, _error(400, "Bad request"))
        if "status" in body:
            if body["status"] not in {"archived", "open", "deleted", "spam"}:
                raise RefusalError(400, _error(400, "Bad request"))
            is_open = "assigned" if row.assignee else "unassigned"
            row.status = is_open if body["status"] == "open" else body["status"]
        if "tag_ids" in body:
            row.tags = [names[one] for one in body["tag_ids"]]
        if "custom_fields" in body:
            row.fields = {name: value for name, value in body["custom_fields"].items() if value is not None}
        row.inbox = body.get("inbox_id", row.inbox)
        self.touch(row.id, "move" if "inbox_id" in body else "custom_field_updated")

    def _assign(self, call: Call) -> None:
        call.fields(needs=("assignee_id",))
        row = self._find(call)
        if call.body["assignee_id"] not in {None, *TEAMMATES}:
            raise RefusalError(404, _error(404, "Not found"))
        row.assignee = call.body["assignee_id"]
        if row.status != "archived":
            row.status = "assigned" if row.assignee else "unassigned"
        self.touch(row.id, "assign")

    def _make_tag(self, call: Call) -> Any:
        call.fields("description", "highlight", needs=("name",))
        self.tags[call.body["name"]] = f"tag_{len(self.tags) + 1}"
        return httpx.Response(201, json=_tag(call.body["name"], self.tags[call.body["name"]]))

    def _file(self, upload: Upload) -> dict[str, Any]:
        self._numbers += 1
        number = f"fil_{self._numbers}"
        self.files[number] = upload
        return {
            "id": number,
            "filename": upload.name,
            "url": f"https://api2.frontapp.com/download/{number}",
            "content_type": upload.media_type,
            "size": len(upload.content),
            "metadata": {"is_inline": False},
        }

    def _download(self, call: Call) -> Any:
        if call.parts[0] not in self.files:
            raise RefusalError(404, _error(404, "Not found"))
        return httpx.Response(200, content=self.files[call.parts[0]].content)


def _page(rows: list[Any], call: Call, most: int) -> dict[str, Any]:
    size = min(int(call.one("limit", "50")), most)
    start = int(call.one("page_token", "0"))
    more = start + size < len(rows)
    path = call.request.url.path
    next_page = f"https://api2.frontapp.com{path}?limit={size}&page_token={start + size}" if more else None
    return {
        "_pagination": {"next": next_page},
        "_links": {"self": "x"},
        "_results": rows[start : start + size],
    }


def _recipient(handle: str, role: str) -> dict[str, Any]:
    name = "Amara Okoye" if handle == CUSTOMER else None
    return {"_links": {"related": {"contact": None}}, "name": name, "handle": handle, "role": role}


def _inbox(number: str) -> dict[str, Any]:
    return {
        "_links": {"self": "x"},
        "id": number,
        "name": INBOXES[number],
        "is_private": False,
        "is_public": True,
    }


def _channel(number: str) -> dict[str, Any]:
    inbox, kind = CHANNELS[number]
    related = {"inbox": f"https://api2.frontapp.com/inboxes/{inbox}"}
    return {
        "_links": {"self": "x", "related": related},
        "id": number,
        "type": kind,
        "settings": {"undo_send_time": 0},
        "is_private": False,
        "is_valid": True,
    }


def _tag(name: str, number: str) -> dict[str, Any]:
    return {
        "_links": {"self": "x", "related": {}},
        "id": number,
        "name": name,
        "description": None,
        "highlight": None,
        "is_private": False,
        "is_visible_in_conversation_lists": True,
    }


def _error(status: int, title: str) -> dict[str, Any]:
    return {"_error": {"status": status, "title": title, "message": title}}
