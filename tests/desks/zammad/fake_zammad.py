"""As much of a Zammad as the connector sees, after its controllers and its API documentation.

It keeps dates to a thousandth of a second, answers searches by condition from its database, leaves tags out of lists,
passes over unknown attributes in silence, answers 200 to a merge that failed, and forbids files that are not there.
"""

from __future__ import annotations

import base64
import itertools
import json
from datetime import datetime
from typing import Any

import httpx

from copilot.desks.kinds import SignIn
from copilot.desks.rest import Limits
from copilot.desks.zammad.connecting import connect
from copilot.desks.zammad.desk import Zammad
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.standin import RefusalError, StandIn, body_of, query_of

TOKEN = "zammad-token-1"
ME, OTHER, AI, CUSTOMER = 3, 4, 5, 10
GROUPS = {1: "Users", 2: "Billing"}
STATES = {
    1: ("new", "new"),
    2: ("open", "open"),
    3: ("pending reminder", "pending reminder"),
    4: ("closed", "closed"),
    5: ("merged", "merged"),
    6: ("pending close", "pending action"),
    7: ("spam", "closed"),
}
TYPES = {1: "email", 2: "sms", 5: "phone", 10: "note", 11: "web", 14: "whatsapp message"}
ARTICLE = {"ticket_id", "type", "to", "cc", "subject", "body", "content_type", "internal", "attachments"}
ARTICLE |= {"preferences", "in_reply_to", "time_unit", "origin_by_id"}
UPDATABLE = {
    "owner_id",
    "group_id",
    "state_id",
    "pending_time",
    "priority_id",
    "title",
    "order_number",
    "model",
}


def _user(number: int, first: str, last: str, email: str) -> dict[str, Any]:
    named = {"firstname": first, "lastname": last, "email": email, "login": email or "-"}
    return {"id": number, "active": True, **named}


class FakeZammad(StandIn):
    """The server."""

    def __init__(self) -> None:
        super().__init__()
        self.users = {
            1: _user(1, "-", "", "") | {"active": False},
            ME: _user(ME, "Sam", "Lee", "sam@acme.test"),
            OTHER: _user(OTHER, "Priya", "Raman", "priya@acme.test"),
            AI: _user(AI, "Birdie", "", "birdie@acme.test"),
            CUSTOMER: _user(CUSTOMER, "Amara", "Okoye", "amara@client.test"),
        }
        self.tickets: dict[int, dict[str, Any]] = {}
        self.articles: dict[int, list[dict[str, Any]]] = {}
        self.tags: dict[int, list[str]] = {}
        self.files: dict[int, bytes] = {}
        self.no_preferences = False
        self._ids = itertools.count(100)
        self._numbers = itertools.count(1)
        v1 = "/api/v1/"
        self.routes = [
            ("GET", v1 + "users/me", lambda _: self.users[ME]),
            ("GET", v1 + "users/search", self._agents),
            ("GET", v1 + r"users/(\d+)", self._user),
            ("GET", v1 + "groups", lambda r: self._named(r, GROUPS)),
            (
                "GET",
                v1 + "ticket_priorities",
                lambda r: self._named(r, {1: "1 low", 2: "2 normal", 3: "3 high"}),
            ),
            ("GET", v1 + "ticket_states", self._states),
            ("POST", v1 + "tickets/search", self._search),
            ("GET", v1 + r"tickets/(\d+)", self._show),
            ("PUT", v1 + r"tickets/(\d+)", self._update),
            ("GET", v1 + r"ticket_articles/by_ticket/(\d+)", self._by_ticket),
            ("POST", v1 + "ticket_articles", self._create),
            ("GET", v1 + r"ticket_attachment/(\d+)/(\d+)/(\d+)", self._file),
            ("POST", v1 + "tags/add", self._tag),
            ("DELETE", v1 + "tags/remove", self._untag),
            ("PUT", v1 + r"ticket_merge/(\d+)/(\d+)", self._merge),
            ("POST", v1 + "knowledge_bases/init", self._knowledge),
            ("GET", v1 + "text_modules", self._modules),
        ]

    async def desk(
        self,
        *groups: str,
        token: str = TOKEN,
        ai_agents: tuple[str, ...] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> Zammad:
        """The connector over this desk."""
        sign_in = SignIn(
            desk_id=DeskId("za"),
            name="Acme",
            values={"url": "https://zammad.example.com", "token": token},
            queues=groups,
            ai_agents=ai_agents,
        )
        return await connect(sign_in, transport=transport or self.transport, limits=limits)

    # -- what happens there ------------------------------------------------------------------------------------------

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        """As the contract asks for one."""
        return self.open_ticket(subject, text, html=html, uploads=attachments)

    async def act_as_requester(self, ticket: RemoteId, text: str) -> None:
        """The customer writes."""
        self.write(ticket, text, CUSTOMER)

    async def act_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        """A colleague writes, in the desk's own window."""
        self.write(ticket, text, OTHER)

    def open_ticket(
        self, subject: str, text: str, *, html: str = "", uploads: tuple[Upload, ...] = (), **other: Any
    ) -> RemoteId:
        """A requester asks something."""
        number = next(self._numbers)
        moment = _stamp(self.tick())
        self.tickets[number] = {
            "id": number,
            "number": str(22000 + number),
            "title": subject,
            "group_id": 1,
            "state_id": 1,
            "priority_id": 2,
            "owner_id": 1,
            "customer_id": CUSTOMER,
            "organization_id": None,
            "note": None,
            "create_article_type_id": 1,
            "create_article_sender_id": 2,
            "article_count": 1,
            "escalation_at": None,
            "pending_time": None,
            "preferences": {},
            "order_number": None,
            "model": "",
            "created_at": moment,
            "updated_at": moment,
            "article_ids": [],
            **other,
        }
        self.articles[number], self.tags[number] = [], []
        self.write(
            number,
            html or text,
            CUSTOMER,
            content_type="text/html" if html else "text/plain",
            uploads=uploads,
        )
        return RemoteId(str(number))

    def write(self, ticket: int | str, text: str, user: int, **other: Any) -> dict[str, Any]:
        """Somebody writes."""
        number = int(ticket)
        uploads = other.pop("uploads", ())
        moment = self.tick()
        article = {
            "id": next(self._ids),
            "ticket_id": number,
            "type": "email",
            "sender": "Customer" if user == CUSTOMER else "Agent",
            "from": self.users[user]["email"],
            "to": "",
            "cc": None,
            "subject": self.tickets[number]["title"],
            "body": text,
            "content_type": "text/plain",
            "internal": False,
            "message_id": f"<{moment.timestamp()}@mail.test>",
            "preferences": {},
            "created_by_id": user,
            "origin_by_id": None,
            "created_by": self.users[user]["login"],
            "created_at": _stamp(moment),
            "updated_at": _stamp(moment),
            "attachments": [self._keep(upload) for upload in uploads],
            **other,
        }
        self.articles[number].append(article)
        self.touch(number)
        return article

    def touch(self, number: int, **changes: Any) -> None:
        """The ticket changes."""
        self.tickets[number] |= {"updated_at": _stamp(self.tick(0.004)), **changes}

    def _keep(self, upload: Upload) -> dict[str, Any]:
        number = next(self._ids)
        self.files[number] = upload.content
        preferences = {"Mime-Type": upload.media_type}
        return {
            "id": number,
            "filename": upload.name,
            "size": str(len(upload.content)),
            "preferences": preferences,
        }

    # -- answering -----------------------------------------------------------------------------------------------------

    def authorise(self, request: httpx.Request) -> None:
        """The token of the rep."""
        if request.headers.get("authorization") != f"Token token={TOKEN}":
            raise RefusalError(401, {"error": "Invalid BasicAuth credentials"})

    def _agents(self, request: httpx.Request) -> list[Any]:
        query = query_of(request, {"query", "permissions", "limit", "expand"})
        assert query["permissions"] == "ticket.agent"
        return [self.users[number] for number in (ME, OTHER, AI)]

    def _user(self, _: httpx.Request, number: str) -> Any:
        if int(number) not in self.users:
            raise RefusalError(404, {"error": "Couldn't find User"})
        return self.users[int(number)]

    def _named(self, request: httpx.Request, names: dict[int, str]) -> list[Any]:
        query_of(request, {"page", "per_page", "expand"})
        return [{"id": number, "name": name, "active": True} for number, name in names.items()]

    def _states(self, request: httpx.Request) -> list[Any]:
        query_of(request, {"page", "per_page", "expand"})
        return [
            {"id": number, "name": name, "state_type": kind, "active": True}
            for number, (name, kind) in STATES.items()
        ]

    def _search(self, request: httpx.Request) -> Any:
        body = body_of(request, {"condition", "sort_by", "order_by", "per_page", "page", "full"})
        condition = body["condition"]["ticket.updated_at"]
        assert condition["operator"] == "after (absolute)"
        assert (body["sort_by"], body["order_by"]) == ("updated_at", "asc")
        since = datetime.fromisoformat(condition["value"])
        found = [t for t in self.tickets.values() if datetime.fromisoformat(t["updated_at"]) > since]
        found.sort(key=lambda ticket: ticket["updated_at"])
        start = (body["page"] - 1) * min(body["per_page"], 200)
        page = found[start : start + min(body["per_page"], 200)]
        return {
            "tickets": [ticket["id"] for ticket in page],
            "tickets_count": len(page),
            "assets": self._assets(page) if page else {},
        }

    def _assets(self, tickets: list[dict[str, Any]]) -> dict[str, Any]:
        users = {str(t[name]) for t in tickets for name in ("customer_id", "owner_id")}
        return {
            "Ticket": {str(ticket["id"]): ticket for ticket in tickets},
            "User": {number: self.users[int(number)] for number in users},
        }

    def _ticket(self, number: str | int) -> dict[str, Any]:
        if int(number) not in self.tickets:
            raise RefusalError(404, {"error": "Couldn't find Ticket", "error_human": "Couldn't find Ticket"})
        return self.tickets[int(number)]

    def _show(self, request: httpx.Request, number: str) -> Any:
        assert query_of(request, {"all"}) == {"all": "true"}
        ticket = self._ticket(number)
        return {
            "ticket_id": ticket["id"],
            "ticket_article_ids": [article["id"] for article in self.articles[ticket["id"]]],
            "assets": self._assets([ticket]),
            "tags": self.tags[ticket["id"]],
            "links": [],
            "form_meta": {},
        }

    def _update(self, request: httpx.Request, number: str) -> Any:
        ticket = self._ticket(number)
        change = {name: value for name, value in json.loads(request.content).items() if name in UPDATABLE}
        if change.get("group_id", 1) not in GROUPS or change.get("state_id", 1) not in STATES:
            raise RefusalError(422, {"error": "Invalid value", "error_human": "Invalid value"})
        if STATES[change.get("state_id", 1)][1].startswith("pending") and not change.get("pending_time"):
            raise RefusalError(422, {"error": "Missing required value for field 'pending_time'!"})
        if change.get("owner_id", 1) not in {1, ME, OTHER, AI}:
            change["owner_id"] = 1
        self.touch(ticket["id"], **change)
        return self.tickets[ticket["id"]]

    def _by_ticket(self, request: httpx.Request, number: str) -> Any:
        assert query_of(request, {"expand"}) == {"expand": "true"}
        return self.articles[self._ticket(number)["id"]]

    def _create(self, request: httpx.Request) -> httpx.Response:
        body = body_of(request, ARTICLE)
        self._ticket(body["ticket_id"])
        if body.get("body") is None:  # in Ruby an empty text is something
            raise RefusalError(422, {"error": 'Need at least article: { body: "some text" }'})
        if body["type"] not in TYPES.values():
            raise RefusalError(422, {"error": "No lookup value found for 'type'"})
        if body["type"] == "email" and not body.get("to"):
            raise RefusalError(422, {"error": 'Need recipient in "To", "Cc" or "Bcc".'})
        uploads = tuple(
            Upload(
                name=f["filename"],
                media_type=f["mime-type"],
                content=base64.b64decode(f["data"], validate=True),
            )
            for f in body.pop("attachments", [])
        )
        if self.no_preferences:
            body["preferences"] = {}
        kept = {name: value for name, value in body.items() if name not in {"ticket_id", "body"}}
        article = self.write(body["ticket_id"], body["body"], ME, uploads=uploads, **kept)
        return httpx.Response(201, json=article)

    def _file(self, _: httpx.Request, ticket: str, article: str, number: str) -> httpx.Response:
        rows = [row for row in self.articles[int(ticket)] if row["id"] == int(article)]
        if not rows or int(number) not in {file["id"] for file in rows[0]["attachments"]}:
            raise RefusalError(403, {"error": "The file does not belong to the specified article."})
        return httpx.Response(200, content=self.files[int(number)])

    def _tag(self, request: httpx.Request) -> httpx.Response:
        body = body_of(request, {"item", "object", "o_id"})
        self.tags[self._ticket(body["o_id"])["id"]].append(body["item"])
        self.touch(body["o_id"])
        return httpx.Response(201, json=True)

    def _untag(self, request: httpx.Request) -> httpx.Response:
        body = body_of(request, {"item", "object", "o_id"})
        self.tags[self._ticket(body["o_id"])["id"]].remove(body["item"])
        self.touch(body["o_id"])
        return httpx.Response(201, json=True)

    def _merge(self, _: httpx.Request, source: str, target: str) -> Any:
        into = next((t for t in self.tickets.values() if t["number"] == target), None)
        if into is None or int(source) not in self.tickets:
            return {"result": "failed", "message": "The target ticket number could not be found."}
        self.articles[into["id"]] += self.articles[int(source)]
        self.articles[int(source)] = []
        self.touch(int(source), state_id=5)
        self.touch(into["id"])
        return {"result": "success", "target_ticket": into, "source_ticket": self.tickets[int(source)]}

    def _knowledge(self, request: httpx.Request) -> Any:
        wanted = body_of(request, {"answer_translation_content_ids"}).get(
            "answer_translation_content_ids", []
        )
        dates = {
            "published_at": None,
            "internal_at": None,
            "archived_at": None,
            "updated_at": _stamp(self.now),
        }
        answers = {"1": {"id": 1, **dates, "published_at": _stamp(self.now)}}
        answers["2"] = {"id": 2, **dates, "internal_at": _stamp(self.now)}
        answers["3"] = {"id": 3, **dates}
        translations = {
            n: {"id": int(n), "title": f"Answer {n}", "answer_id": int(n), "content_id": int(n)}
            for n in answers
        }
        contents = {str(n): {"id": n, "body": f"<p>Unplug lamp {n}.</p>"} for n in wanted}
        found = {"KnowledgeBaseAnswer": answers, "KnowledgeBaseAnswerTranslation": translations}
        return found | ({"KnowledgeBaseAnswerTranslationContent": contents} if contents else {})

    def _modules(self, request: httpx.Request) -> Any:
        query_of(request, {"page", "per_page"})
        return [{"id": 1, "name": "Ask for version", "content": "<b>Which</b> version?", "active": True}]


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
