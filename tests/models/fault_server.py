"""A server on a real socket that answers as models do when things go wrong.

It plays one behaviour a request, the last one again and again, and keeps what was asked.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.models.wire_shapes import openai_stream


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: Any

    @property
    def text(self) -> str:
        """Everything it says, as it would be read by who stands at the wire."""
        return json.dumps(self.body, ensure_ascii=False)


Behaviour = Callable[["Exchange"], Awaitable[None]]


@dataclass
class Exchange:
    request: Request
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server: FaultServer

    async def head(
        self,
        status: str = "200 OK",
        kind: str = "text/event-stream",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        await self.writer.drain()

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def wait_for_hang_up(self) -> None:
        """Until the client closes the connection."""
        with suppress(ConnectionError):
            await self.reader.read()
        self.server.hung_up.set()


@dataclass
class FaultServer:
    script: list[Behaviour]
    requests: list[Request] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    stalled: asyncio.Event = field(default_factory=asyncio.Event)
    sent_bytes: int = 0
    port: int = 0
    scheme: str = "http"

    @property
    def root(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            self.requests.append(request)
            behaviour = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            await behaviour(Exchange(request, reader, writer, self))
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def fault_server(*script: Behaviour, tls: ssl.SSLContext | None = None) -> AsyncIterator[FaultServer]:
    faults = FaultServer(list(script), scheme="http" if tls is None else "https")
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            with suppress(asyncio.CancelledError):  # the test is over
                await faults._serve(reader, writer)
        finally:
            running.discard(task)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    faults.port = listening.sockets[0].getsockname()[1]
    try:
        yield faults
    finally:
        listening.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Request:
    beginning = await reader.readexactly(1)
    if beginning == b"\x16":  # somebody greets in TLS
        raise ConnectionResetError
    head = (beginning + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(first.split(" ")[1], headers, json.loads(body) if body else None)


# -- behaviours --------------------------------------------------------------------------------------------------------


def plays(events: Sequence[bytes], *, kind: str = "text/event-stream") -> Behaviour:
    """An honest answer, event by event."""

    async def behaviour(exchange: Exchange) -> None:
        await exchange.head(kind=kind)
        for event in events:
            await exchange.send(event)

    return behaviour


def says(text: str) -> Behaviour:
    """An honest answer of OpenAI's form, cut into pieces of seven characters."""
    return plays(openai_stream([text[at : at + 7] for at in range(0, len(text), 7)]))


def breaks_off(events: Sequence[bytes], *, last_bytes: int) -> Behaviour:
    """Some events, a part of the next one, and the connection is gone."""

    async def behaviour(exchange: Exchange) -> None:
        await exchange.head(headers={"Transfer-Encoding": "chunked"})
        for event in events[:-1]:
            await exchange.send(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        await exchange.send(f"{len(events[-1]):x}\r\n".encode() + events[-1][:last_bytes])

    return behaviour


def stalls(events: Sequence[bytes] = ()) -> Behaviour:
    """Some events, then silence on an open connection."""

    async def behaviour(exchange: Exchange) -> None:
        if events:
            await exchange.head()
        for event in events:
            await exchange.send(event)
        exchange.server.stalled.set()
        await exchange.wait_for_hang_up()

    return behaviour


def refuses(status: str, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> Behaviour:
    async def behaviour(exchange: Exchange) -> None:
        length = {"Content-Length": str(len(body)), **(headers or {})}
        await exchange.head(status, "application/json", length)
        await exchange.send(body)

    return behaviour


def sends_on(location: str) -> Behaviour:
    return refuses("307 Temporary Redirect", b"", {"Location": location})


def floods(megabytes: int = 100, *, declared: bool = False) -> Behaviour:
    """An answer without end, as far as a client is concerned."""

    async def behaviour(exchange: Exchange) -> None:
        length = {"Content-Length": str(megabytes * 1_000_000)} if declared else {}
        await exchange.head(headers=length)
        blob = b"x" * 1_000_000
        try:
            await exchange.send(b'data: {"choices": "')
            for _ in range(megabytes):
                await exchange.send(blob)
                exchange.server.sent_bytes += len(blob)
        except ConnectionError:
            exchange.server.hung_up.set()

    return behaviour
