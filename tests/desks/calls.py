"""Stand-ins whose handlers get a request taken apart: a `Call` has its query, body and files, checked strictly."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from copilot.domain import Upload
from tests.desks.standin import RefusalError, StandIn, form_of


@dataclass
class Call:
    """One request."""

    request: httpx.Request
    parts: tuple[str, ...]
    query: dict[str, list[str]] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, Upload]] = field(default_factory=list)

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def fields(self, *allowed: str, needs: tuple[str, ...] = ()) -> None:
        """Refuse any other field, and a missing one."""
        unknown = sorted(set(self.body) - set(allowed) - set(needs))
        missing = sorted(set(needs) - set(self.body))
        if unknown or missing:
            raise RefusalError(422, {"message": f"unknown {unknown}, missing {missing}"})

    def takes(self, *allowed: str) -> None:
        """Refuse any other query parameter."""
        unknown = sorted(set(self.query) - set(allowed))
        if unknown:
            raise RefusalError(422, {"message": f"unknown parameters {unknown}"})


class CallStandIn(StandIn):
    """A stand-in in memory; `tick` moves its clock a little with whatever happens."""

    def route(self, method: str, pattern: str, handler: Callable[[Call], Any]) -> None:
        def handle(request: httpx.Request, *parts: str) -> Any:
            made = handler(call_of(request, parts))
            return httpx.Response(204) if made is None else made

        self.routes.append((method, pattern, handle))

    def tick(self, seconds: float = 0.01) -> datetime:
        return super().tick(seconds)


def call_of(request: httpx.Request, parts: tuple[str, ...]) -> Call:
    """A request taken apart."""
    call = Call(request, parts)
    for key, value in request.url.params.multi_items():
        call.query.setdefault(key, []).append(value)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        call.body = json.loads(request.content)
    elif kind.startswith("multipart/form-data"):
        fields, files = form_of(request)
        call.body = dict(fields)
        call.files = [
            (name, Upload(name=file, media_type=of, content=data)) for name, file, of, data in files
        ]
    elif kind.startswith("application/x-www-form-urlencoded"):
        call.body = dict(httpx.QueryParams(request.content.decode()))
    elif request.content:
        raise RefusalError(415, {"message": "Unsupported media type"})
    return call
