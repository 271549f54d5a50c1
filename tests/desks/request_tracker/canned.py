"""Answers recorded from a real RT 5.0.3, and a server that gives them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from copilot.desks.request_tracker.connecting import Limits, Options, RequestTracker, connect
from copilot.domain import DeskId

RECORDED: Mapping[str, Any] = json.loads(
    Path(__file__).with_name("recorded.json").read_text(encoding="utf-8")
)
ADDRESS = "https://rt.example.com"
TOKEN = f"1-32-{'a' * 32}"
VERSION = "491"

Answering = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


async def desk_of(
    answer: Answering, *queues: str, limits: Limits | None = None, ai_agents: tuple[str, ...] = ()
) -> RequestTracker:
    """The connector over a server that answers like this."""
    transport = httpx.MockTransport(answer)  # type: ignore[arg-type]  # httpx takes both kinds
    options = Options(transport=transport, limits=limits or Limits(), ai_agents=ai_agents)
    return await connect(ADDRESS, TOKEN, queues, desk_id=DeskId("rt"), name="RT", options=options)


def ok(value: object, **headers: str) -> httpx.Response:
    """A good answer."""
    return httpx.Response(200, json=value, headers=headers)


def rows(*items: object, total: int | None = None) -> httpx.Response:
    """A page of a collection."""
    return ok({"items": list(items), "count": len(items), "total": total, "page": 1, "per_page": 100})


def recorded(request: httpx.Request) -> httpx.Response:
    """What RT answered when it was asked for ticket 1."""
    path = request.url.path.removeprefix("/REST/2.0/")
    if path == "ticket/1/attachments":
        wants_texts = "TransactionId" in request.url.params["query"]
        return ok(RECORDED["texts" if wants_texts else "files"])
    known = {
        "ticket/1": ok(RECORDED["ticket"], ETag=f'"{VERSION}"'),
        "ticket/1/history": ok(RECORDED["history"]),
        "user/agent1": ok({"Name": "agent1", "RealName": "Agnes Agent", "Privileged": 1}),
    }
    return known.get(path, httpx.Response(404, json={"message": "Not Found"}))
