"""What the stand-ins of hosted desks share: routes, a clock of their own, refusals, a list of what was asked.

A stand-in keeps its vendor's rules strictly: a path, a query or a field that it does not know is refused, so that a
connector cannot invent one unnoticed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

Handler = Callable[..., Any]


class RefusalError(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


class StandIn:
    """A desk in this process. Subclasses fill `routes` with (method, pattern of the path, handler)."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        self.asked: list[str] = []
        self.routes: list[tuple[str, str, Handler]] = []
        self.before: Callable[[httpx.Request], httpx.Response | None] | None = None
        """Faults of a test: an answer instead of the desk's own."""

    @property
    def transport(self) -> httpx.MockTransport:
        """The way to this desk."""
        return httpx.MockTransport(self.answer)

    def tick(self, seconds: float = 3) -> datetime:
        """Time passes; what the clock says afterwards."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def headers(self) -> dict[str, str]:
        """What goes with every answer."""
        return {"Date": format_datetime(self.now, usegmt=True)}

    def authorise(self, request: httpx.Request) -> None:
        """Refuse strangers."""
        raise NotImplementedError

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.asked.append(f"{request.method} {request.url.raw_path.decode()}")
        fault = self.before(request) if self.before else None
        if fault is not None:
            return fault
        try:
            return self._routed(request)
        except RefusalError as refusal:
            headers = self.headers() | refusal.headers
            if refusal.body is None:
                return httpx.Response(refusal.status, headers=headers)
            return httpx.Response(refusal.status, json=refusal.body, headers=headers)

    def _routed(self, request: httpx.Request) -> httpx.Response:
        self.authorise(request)
        path = request.url.path
        for method, pattern, handler in self.routes:
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                answer = handler(request, *found.groups())
                if isinstance(answer, httpx.Response):
                    answer.headers.update(self.headers())
                    return answer
                return httpx.Response(200, json=answer, headers=self.headers())
        raise RefusalError(404)


def query_of(request: httpx.Request, allowed: Collection[str]) -> dict[str, str]:
    """The query; what the desk does not know is refused."""
    query = dict(request.url.params)
    unknown = set(query) - set(allowed)
    if unknown:
        raise RefusalError(
            400, {"message": f"unknown parameters {sorted(unknown)}", "description": "unknown"}
        )
    return query


def body_of(request: httpx.Request, allowed: Collection[str]) -> dict[str, Any]:
    """The JSON body; fields the desk does not know are refused."""
    body: dict[str, Any] = json.loads(request.content)
    unknown = set(body) - set(allowed)
    if unknown:
        raise RefusalError(400, {"message": f"unknown fields {sorted(unknown)}", "description": "unknown"})
    return body


def form_of(request: httpx.Request) -> tuple[dict[str, str], list[tuple[str, str, str, bytes]]]:
    """A multipart form (RFC 7578): its fields, and its files as (field, name, media type, bytes)."""
    boundary = re.search(r"boundary=([^;]+)", request.headers["content-type"])
    assert boundary is not None
    fields: dict[str, str] = {}
    files: list[tuple[str, str, str, bytes]] = []
    for part in request.content.split(b"--" + boundary[1].strip('"').encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        said = head.decode()
        name = re.search(r'\bname="([^"]*)"', said)
        file = re.search(r'filename="([^"]*)"', said)
        kind = re.search(r"Content-Type: (\S+)", said, re.IGNORECASE)
        assert name is not None
        if file is None:
            fields[name[1]] = content.decode()
        else:
            files.append((name[1], file[1], kind[1] if kind else "application/octet-stream", content))
    return fields, files


def paged(
    rows: list[Any], query: Mapping[str, str], *, size: str = "per_page", usual: int = 30, most: int = 100
) -> tuple[list[Any], bool]:
    """A page of rows by number and size, and whether another follows."""
    per_page, number = int(query.get(size, usual)), int(query.get("page", 1))
    if not 1 <= per_page <= most or number < 1:
        raise RefusalError(400, {"message": "page", "description": "It should be a Positive Integer"})
    start = (number - 1) * per_page
    return rows[start : start + per_page], start + per_page < len(rows)


def stamp(moment: datetime) -> str:
    """A date as most desks write it: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
