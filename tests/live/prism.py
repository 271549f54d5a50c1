"""Prism before a stand-in: every request and every answer is compared with the vendor's own description.

The description is made strict first: a field of a request that it does not name is refused (Prism alone lets it pass).
The stand-in runs on a real port; Prism passes on to it what is right and answers 4xx or 5xx itself for what is not.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import yaml  # type: ignore[import-untyped]  # a test reads one file with it; its types are a package more

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
START_SECONDS = 240
METHODS = ("get", "put", "post", "delete", "patch")

Handle = Callable[[httpx.Request], httpx.Response]


def why_not(description: str) -> str:
    """Why there can be no Prism before this description here; empty when there can."""
    if not (SHARED / "servers" / "prism-up").exists() or not (SHARED / "specs" / description).exists():
        return "the vendors' descriptions are not there (../shared)"
    if shutil.which("npm") is None:
        return "Prism needs npm"
    if os.name != "posix":
        return "the script that starts Prism needs a shell"
    return ""


@dataclass(frozen=True)
class Description:
    """A vendor's description in `../shared/specs`, and the host it describes.

    `amend` sets right what it has wrong, with the reasons; paths that begin with one of `beside` are not in it.
    """

    file: str
    host: str
    amend: Callable[[dict[str, Any]], None]
    beside: tuple[str, ...] = ()


@contextmanager
def before(handle: Handle, description: Description, folder: Path) -> Iterator[ThroughPrism]:
    """A way to a stand-in through Prism."""
    host = description.host
    spec = _strict(SHARED / "specs" / description.file, folder / "strict.json", description.amend)
    server = _serve(handle, host)
    port = _free_port()
    upstream = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        subprocess.run(
            [SHARED / "servers" / "prism-up", str(port), spec, folder],
            env={**os.environ, "PRISM_UPSTREAM": upstream},
            check=True,
            capture_output=True,
            timeout=START_SECONDS,
        )
        yield ThroughPrism(handle, description, port)
    finally:
        subprocess.run(
            [SHARED / "servers" / "prism-down", str(port), folder], check=False, capture_output=True
        )
        server.shutdown()
        server.server_close()


class ThroughPrism(httpx.AsyncBaseTransport):
    """Sends what is described through Prism, and asks the stand-in itself for the rest: files on other hosts.

    `violations` has what Prism found wrong with the stand-in's answers, by path.
    """

    def __init__(self, handle: Handle, description: Description, port: int) -> None:
        self._handle = handle
        self._description = description
        self._port = port
        self._wire = httpx.AsyncHTTPTransport()
        self.violations: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        known = self._description
        if request.url.host != known.host or request.url.path.startswith(known.beside):
            return self._handle(request)
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        answer = await self._wire.handle_async_request(
            httpx.Request(request.method, url, headers=headers, content=content)
        )
        said = (await answer.aread()).decode("utf-8", "replace")
        if "stoplight.io" in said or answer.status_code == 500:
            self.violations.append(f"{request.method} {request.url.path}: {said[:1500]}")
        return answer

    async def aclose(self) -> None:
        await self._wire.aclose()


def _strict(source: Path, into: Path, amend: Callable[[dict[str, Any]], None]) -> Path:
    loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
    loader.add_constructor("tag:yaml.org,2002:value", lambda made, node: made.construct_scalar(node))
    loader.yaml_implicit_resolvers = {
        letter: [(tag, expression) for tag, expression in rules if tag != "tag:yaml.org,2002:timestamp"]
        for letter, rules in loader.yaml_implicit_resolvers.items()
    }
    described: dict[str, Any] = yaml.load(source.read_text(encoding="utf-8"), Loader=loader)
    amend(described)
    closed: set[str] = set()
    for operations in described["paths"].values():
        for method in METHODS:
            for media in operations.get(method, {}).get("requestBody", {}).get("content", {}).values():
                _close(media.get("schema", {}), described, closed)
    into.write_text(json.dumps(described), encoding="utf-8")
    return into


def _close(schema: dict[str, Any], described: dict[str, Any], closed: set[str]) -> None:
    """Let an object of a request have no fields but those named. Where forms are mixed (allOf), it stays open."""
    reference = schema.get("$ref")
    if reference is not None:
        if reference in closed:
            return
        closed.add(reference)
        schema = described["components"]["schemas"][reference.rpartition("/")[2]]
    for several in ("oneOf", "anyOf"):
        for one in schema.get(several, []):
            _close(one, described, closed)
    if "allOf" in schema:
        return
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
    for inner in schema.get("properties", {}).values():
        _close(inner, described, closed)
    if isinstance(schema.get("items"), dict):
        _close(schema["items"], described, closed)


def _serve(handle: Handle, host: str) -> ThreadingHTTPServer:
    lock = threading.Lock()

    class Standing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = [(name, value) for name, value in self.headers.items() if name.lower() != "host"]
            request = httpx.Request(self.command, f"https://{host}{self.path}", headers=headers, content=body)
            with lock:
                answer = handle(request)
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in {"content-length", "transfer-encoding"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = do_any

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Standing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
