"""A Chatwoot in memory, as its application API's description and its controllers have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from copilot.desks.chatwoot.connecting import Options, connect
from copilot.desks.chatwoot.desk import Chatwoot
from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.calls import Call, CallStandIn
from tests.desks.standin import RefusalError

ADDRESS = "https://chat.example.com"
TOKEN = "token-of-sam"
AGENTS = {1: "Sam Lee", 2: "Priya Raman"}
TEAMS = {1: "first line", 2: "billing"}
BOT = {"id": 7, "name": "Birdie", "type": "agent_bot"}
ATTRIBUTES = (
    ("order_number", "Order number", "text"),
    ("serial", "Serial number", "text"),
    ("seats", "Seats", "number"),
)
PER_PAGE = 25
API = "/api/v1/accounts/3"


@dataclass
class FakeConversation:
    """A row of Chatwoot's database."""

    id: int
    subject: str
    inbox: int
    created: float
    updated: float = 0
    status: str = "open"
    assignee: int | None = None
    bot: bool = False
    team: int | None = None
    priority: str | None = None
    labels: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    can_reply: bool = True
    contact: int = 1


class FakeChatwoot(CallStandIn):
    """The server; account 3, inboxes of mail (1), chat (2) and WhatsApp (3)."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, FakeConversation] = {}
        self.blobs: dict[str, Upload] = {}
        self.is_admin = True
        self.inboxes = {
            1: ("Mail", "Channel::Email"),
            2: ("Website", "Channel::WebWidget"),
            3: ("WhatsApp", "Channel::Whatsapp"),
        }
        self._numbers = 100
        self._lists()
        one = rf"{API}/conversations/(\d+)"
        self.route("GET", one, self._show)
        self.route("GET", f"{one}/messages", self._messages)
        self.route("POST", f"{one}/messages", self._say)
        self.route("POST", f"{one}/toggle_status", self._toggle)
        self.route("POST", f"{one}/assignments", self._assign)
        self.route("POST", f"{one}/labels", self._label)
        self.route("POST", f"{one}/custom_attributes", self._attribute)
        self.route("GET", r"/blobs/(\d+)/[^/]+", self._redirect)
        self.route("GET", r"/storage/(\d+)", self._download)

    async def desk(
        self,
        *inboxes: str,
        token: str = TOKEN,
        agents: tuple[str, ...] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> Chatwoot:
        sign_in = SignIn(
            desk_id=DeskId("chat"),
            name="Chat",
            values={"url": ADDRESS, "token": token, "account": ""},
            queues=inboxes,
            ai_agents=agents,
        )
        return await connect(
            sign_in, Options(transport=transport or self.transport, limits=limits or Limits())
        )

    # -- what others do --------------------------------------------------------------------------------------------

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = (), inbox: int = 1
    ) -> RemoteId:
        number = len(self.rows) + 1
        self.rows[number] = FakeConversation(number, subject, inbox, self.tick().timestamp())
        mail = {"subject": subject, "text_content": {"full": text}, "html_content": {"full": html}}
        attributes = {"email": mail} if html else {}
        self.add(number, text, incoming=True, files=attachments, attributes=attributes)
        return RemoteId(str(number))

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        self.add(int(ticket), text, incoming=True)

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        self.add(int(ticket), text, sender=_agent(2))

    def add(
        self,
        number: int,
        text: str,
        *,
        incoming: bool = False,
        sender: dict[str, Any] | None = None,
        private: bool = False,
        files: tuple[Upload, ...] = (),
        attributes: dict[str, Any] | None = None,
        message_type: int | None = None,
    ) -> dict[str, Any]:
        row = self.rows[number]
        self._numbers += 1
        contact = {"id": row.contact, "name": "Amara Okoye", "email": "amara@client.test", "type": "contact"}
        message = {
            "id": self._numbers,
            "content": text,
            "conversation_id": number,
            "inbox_id": row.inbox,
            "message_type": message_type if message_type is not None else (0 if incoming else 1),
            "content_type": "incoming_email" if attributes else "text",
            "content_attributes": attributes or {},
            "created_at": int(self.tick().timestamp()),
            "private": private,
            "source_id": None,
            "sender": contact if incoming else sender,
        }
        if files:
            message["attachments"] = [self._attach(message, file) for file in files]
        row.messages.append(message)
        if incoming and row.status in {"resolved", "snoozed"}:
            row.status = "open"
        self.touch(number)
        return message

    def touch(self, number: int) -> None:
        self.rows[number].updated = self.tick().timestamp()

    def received(self, ticket: RemoteId) -> list[str]:
        """What went out to the contact."""
        return [
            str(m["content"])
            for m in self.rows[int(ticket)].messages
            if m["message_type"] == 1 and not m["private"]
        ]

    # -- answering -------------------------------------------------------------------------------------------------

    def authorise(self, request: httpx.Request) -> None:
        if request.url.path.startswith(("/blobs", "/storage")):
            return
        if request.headers.get("api_access_token") != TOKEN:
            raise RefusalError(401, {"error": "Invalid Access Token"})

    def _lists(self) -> None:
        sam = {"id": 1, "name": "Sam Lee", "email": "sam@shop.test", "account_id": 3, "pubsub_token": "pub"}
        account = {"id": 3, "name": "Shop", "role": "administrator"}
        self.route("GET", "/api/v1/profile", lambda _: {**sam, "accounts": [account]})
        self.route("GET", f"{API}/agents", lambda _: [_agent(one) | {"confirmed": True} for one in AGENTS])
        self.route("GET", f"{API}/teams", lambda _: [{"id": i, "name": name} for i, name in TEAMS.items()])
        self.route("GET", f"{API}/inboxes", lambda _: {"payload": [self._inbox(one) for one in self.inboxes]})
        self.route("GET", f"{API}/custom_attribute_definitions", self._definitions)
        canned = {
            "id": 4,
            "short_code": "hours",
            "content": "We are there **from 9**.",
            "updated_at": "2026-01-02",
        }
        self.route("GET", f"{API}/canned_responses", lambda _: [canned])
        self.route("GET", f"{API}/portals", self._portals)
        self.route("GET", f"{API}/portals/help/articles", self._articles)
        self.route("GET", f"{API}/conversations", self._index)

    def _inbox(self, number: int) -> dict[str, Any]:
        name, channel = self.inboxes[number]
        return {"id": number, "name": name, "channel_type": channel}

    def _definitions(self, call: Call) -> Any:
        call.takes("attribute_model")
        if call.one("attribute_model") != "0":
            raise RefusalError(422, {"error": "attribute_model"})
        return [
            {"id": n, "attribute_key": key, "attribute_display_name": name, "attribute_display_type": kind}
            for n, (key, name, kind) in enumerate(ATTRIBUTES)
        ]

    def _portals(self, _: Call) -> Any:
        if not self.is_admin:
            raise RefusalError(401, {"error": "You are not authorized to do this action"})
        return {"payload": [{"id": 1, "slug": "help", "archived": False, "custom_domain": "help.shop.test"}]}

    def _articles(self, call: Call) -> Any:
        call.takes("page")
        rows = [
            {
                "id": 1,
                "slug": "1-lamp",
                "title": "The lamp",
                "content": "Turn it **on**.",
                "status": "published",
            },
            {"id": 2, "slug": "2-draft", "title": "Draft", "content": "Not yet.", "status": "draft"},
        ]
        return {"payload": rows if call.one("page") == "1" else []}

    def _index(self, call: Call) -> Any:
        call.takes("status", "sort_by", "page", "updated_within", "inbox_id", "assignee_type")
        status, inbox = call.one("status", "open"), call.one("inbox_id")
        rows = [row for row in self.rows.values() if status in {"all", row.status}]
        rows = [row for row in rows if not inbox or row.inbox == int(inbox)]
        keys = {
            "created_at_asc": lambda row: row.created,
            "last_activity_at_desc": lambda row: -_activity(row),
        }
        rows.sort(key=keys[call.one("sort_by", "last_activity_at_desc")])
        count = len(rows)
        if call.one("updated_within"):
            begin = self.now.timestamp() - int(call.one("updated_within"))
            rows = [row for row in rows if row.updated > begin]
        else:
            start = (int(call.one("page", "1")) - 1) * PER_PAGE
            rows = rows[start : start + PER_PAGE]
        return {"data": {"meta": {"all_count": count}, "payload": [self._record(row) for row in rows]}}

    def _find(self, call: Call) -> FakeConversation:
        row = self.rows.get(int(call.parts[0]))
        if row is None:
            raise RefusalError(404, {"error": "Resource could not be found"})
        return row

    def _show(self, call: Call) -> Any:
        return self._record(self._find(call))

    def _record(self, row: FakeConversation) -> dict[str, Any]:
        spoken = [m for m in row.messages if m["message_type"] != 2]
        meta: dict[str, Any] = {
            "sender": {"id": row.contact, "name": "Amara Okoye", "email": "amara@client.test"},
            "channel": self.inboxes[row.inbox][1],
        }
        if row.bot:
            meta |= {"assignee": BOT, "assignee_type": "AgentBot"}
        elif row.assignee:
            meta |= {"assignee": _agent(row.assignee), "assignee_type": "User"}
        if row.team:
            meta["team"] = {"id": row.team, "name": TEAMS[row.team]}
        return {
            "id": row.id,
            "meta": meta,
            "inbox_id": row.inbox,
            "status": row.status,
            "priority": row.priority,
            "labels": row.labels,
            "additional_attributes": {"mail_subject": row.subject} if row.inbox == 1 else {},
            "custom_attributes": row.custom,
            "can_reply": row.can_reply,
            "created_at": int(row.created),
            "updated_at": row.updated,
            "last_activity_at": int(_activity(row)),
            "snoozed_until": None,
            "messages": spoken[-1:],
            "last_non_activity_message": spoken[-1] if spoken else None,
        }

    def _messages(self, call: Call) -> Any:
        call.takes("after", "before")
        row = self._find(call)
        after = int(call.one("after", "0"))
        page = [m for m in row.messages if m["id"] > after][:100]
        return {"meta": {"labels": row.labels}, "payload": page}

    def _say(self, call: Call) -> Any:
        call.fields("private", "message_type", "content_type", needs=("content",))
        row = self._find(call)
        files = tuple(file for _, file in call.files)
        if any(name != "attachments[]" for name, _ in call.files) or not (call.body["content"] or files):
            raise RefusalError(422, {"error": "Content can't be blank"})
        private = call.body.get("private") in {True, "true"}
        return self.add(row.id, call.body["content"], sender=_agent(1), private=private, files=files)

    def _toggle(self, call: Call) -> Any:
        call.fields("snoozed_until", needs=("status",))
        row = self._find(call)
        if call.body["status"] not in {"open", "resolved", "pending", "snoozed"}:
            raise RefusalError(422, {"error": "status"})
        row.status = call.body["status"]
        self.add(row.id, f"Conversation was marked {row.status} by Sam Lee", message_type=2)
        return {"meta": {}, "payload": {"success": True, "current_status": row.status}}

    def _assign(self, call: Call) -> Any:
        call.fields("assignee_id", "team_id")
        row = self._find(call)
        if "assignee_id" in call.body:
            wanted = call.body["assignee_id"]
            row.assignee, row.bot = (wanted if wanted in AGENTS else None), False
        else:
            row.team = call.body["team_id"] if call.body["team_id"] in TEAMS else None
        self.touch(row.id)
        return _agent(row.assignee) if row.assignee else {}

    def _label(self, call: Call) -> Any:
        call.fields(needs=("labels",))
        row = self._find(call)
        row.labels = list(call.body["labels"])
        self.touch(row.id)
        return {"payload": row.labels}

    def _attribute(self, call: Call) -> Any:
        call.fields(needs=("custom_attributes",))
        row = self._find(call)
        row.custom = dict(call.body["custom_attributes"])
        self.touch(row.id)
        return {"custom_attributes": row.custom}

    def _attach(self, message: dict[str, Any], file: Upload) -> dict[str, Any]:
        self._numbers += 1
        self.blobs[str(self._numbers)] = file
        return {
            "id": self._numbers,
            "message_id": message["id"],
            "file_type": "image" if file.media_type.startswith("image/") else "file",
            "data_url": f"{ADDRESS}/blobs/{self._numbers}/{quote(file.name)}",
            "file_size": len(file.content),
        }

    def _redirect(self, call: Call) -> httpx.Response:
        return httpx.Response(
            302, headers={"location": f"https://storage.example.net/storage/{call.parts[0]}"}
        )

    def _download(self, call: Call) -> httpx.Response:
        assert "api_access_token" not in call.request.headers, "the token is not for strangers"
        return httpx.Response(200, content=self.blobs[call.parts[0]].content)


def _agent(number: int) -> dict[str, Any]:
    name = AGENTS[number]
    return {"id": number, "name": name, "email": f"{name.split()[0].lower()}@shop.test", "type": "user"}


def _activity(row: FakeConversation) -> float:
    return float(max((m["created_at"] for m in row.messages), default=row.created))
