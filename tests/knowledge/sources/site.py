"""A real web server on this machine, whose pages a test writes and changes."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

FILLER = "Every parcel is opened by hand and checked before the money goes back to the one who paid. " * 4


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    drip_seconds: float = 0.0
    """Sends the body byte by byte, with such a pause after each."""


Route = Answer | Callable[[], Answer]


def page(title: str, text: str, *links: str, head: str = "") -> Answer:
    anchors = "".join(f'<li><a href="{link}">See also {link}</a></li>' for link in links)
    body = (
        f"<html><head><title>{title} | Acme</title>{head}</head><body><nav><ul>{anchors}</ul></nav><main><article>"
        f"<h1>{title}</h1><p>{text}</p><p>{FILLER}</p></article></main></body></html>"
    )
    return Answer(body.encode())


def redirect(to: str) -> Answer:
    return Answer(status=301, headers={"Location": to})


class Site:
    """`routes` by path, each with an ETag of its content; `asked` lists what came in, with the status that went out."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[tuple[str, int]] = []
        self.times: list[float] = []
        self.agents: set[str] = set()
        self.most_at_once = 0
        self._at_once = 0
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def statuses(self) -> dict[str, int]:
        """The last status of each path that was asked for since the last call."""
        found = dict(self.asked)
        self.asked.clear()
        return found

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.times.append(time.monotonic())
                site.agents.add(self.headers.get("User-Agent", ""))
                site._at_once += 1
                site.most_at_once = max(site.most_at_once, site._at_once)
                try:
                    self._answer()
                except (BrokenPipeError, ConnectionResetError):
                    pass
                finally:
                    site._at_once -= 1

            def _answer(self) -> None:
                route = site.routes.get(self.path, Answer(status=404))
                answer = route if isinstance(route, Answer) else route()
                etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
                fresh = answer.status == 200 and self.headers.get("If-None-Match") == etag
                status = 304 if fresh else answer.status
                site.asked.append((self.path, status))
                self.send_response(status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if not fresh:
                    self.send_header("Content-Type", answer.media_type)
                    self.send_header("Content-Length", str(len(answer.body)))
                if answer.status == 200:
                    self.send_header("ETag", etag)
                self.end_headers()
                if fresh:
                    return
                if not answer.drip_seconds:
                    self.wfile.write(answer.body)
                    return
                for byte in answer.body:
                    if site._stopped.wait(answer.drip_seconds):
                        return
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        return Handler
