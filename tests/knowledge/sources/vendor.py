"""A hosted API in a test's hands: routes over `httpx.MockTransport`, a clock that is set, waits that are noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from copilot.knowledge.sources.hosted import Edges

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Handler = Callable[[httpx.Request], httpx.Response]


class Vendor:
    """Answers by (method, path); what is not there answers 404. `asked` lists the paths in order.

    `holds` is for what the answers are made of.
    """

    def __init__(self) -> None:
        self.routes: dict[tuple[str, str], Handler] = {}
        self.asked: list[str] = []
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []
        self.now = NOW
        self.holds: dict[str, list[dict[str, Any]]] = {}

    @property
    def edges(self) -> Edges:
        return Edges(transport=httpx.MockTransport(self._answer), sleep=self._sleep, now=lambda: self.now)

    def on(self, method: str, path: str, *answers: Any) -> None:
        """Answer with these in turn, the last for ever: a Response, bytes, or something to write as JSON."""
        waiting = list(answers)

        def handle(request: httpx.Request) -> httpx.Response:
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if callable(answer):
                answer = answer(request)
            if isinstance(answer, httpx.Response):
                return answer
            if isinstance(answer, bytes):
                return httpx.Response(200, content=answer)
            return httpx.Response(200, json=answer)

        self.routes[method, path] = handle

    def remove(self, method: str, path: str) -> None:
        del self.routes[method, path]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        self.requests.append(request)
        handler = self.routes.get((request.method, request.url.path))
        return handler(request) if handler else httpx.Response(404, json={"message": "Not found"})

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def body(request: httpx.Request) -> Any:
    return json.loads(request.content)


def busy(seconds: int) -> httpx.Response:
    return httpx.Response(429, headers={"Retry-After": str(seconds)})
