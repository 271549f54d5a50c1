"""A way to a desk that can be broken in every manner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx

When = Callable[[httpx.Request], bool]
Meddle = Callable[[httpx.Request], Awaitable[httpx.Response]]
Spoil = Callable[[httpx.Response], httpx.Response]


def always(_: httpx.Request) -> bool:
    return True


class FaultyWire(httpx.AsyncBaseTransport):
    """Passes requests on to `inner` and remembers them, until it is told to meddle; `heal` ends that."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._rules: list[tuple[When, Meddle]] = []
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked.append(request)
        for when, meddle in self._rules:
            if when(request):
                return await meddle(request)
        return await self.server(request)

    async def server(self, request: httpx.Request) -> httpx.Response:
        """What the stand-in itself answers."""
        answer = await self._inner.handle_async_request(request)
        await answer.aread()
        return answer

    def heal(self) -> None:
        """Pass everything on again, and forget what was asked."""
        self._rules.clear()
        self.asked.clear()

    def answer(self, make: Callable[[], httpx.Response], when: When = always) -> None:
        """Answer instead of the stand-in, which hears nothing."""

        async def meddle(_: httpx.Request) -> httpx.Response:
            return make()

        self._rules.append((when, meddle))

    def spoil(self, change: Spoil, when: When = always) -> None:
        """Let the stand-in carry out the request and change what it says."""

        async def meddle(request: httpx.Request) -> httpx.Response:
            return change(await self.server(request))

        self._rules.append((when, meddle))

    def fail(self, error: Callable[[str], httpx.TransportError], when: When = always) -> None:
        """Break before the stand-in hears anything."""

        async def meddle(_: httpx.Request) -> httpx.Response:
            raise error("broken")

        self._rules.append((when, meddle))

    def lose(self, when: When = always) -> None:
        """Let the stand-in carry out the request, and break the connection before it answers."""

        async def meddle(request: httpx.Request) -> httpx.Response:
            await self.server(request)
            raise httpx.ReadError("broken")

        self._rules.append((when, meddle))

    def stall(self, when: When = always) -> None:
        """Never answer."""

        async def meddle(_: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError

        self._rules.append((when, meddle))

    def repeat(self, when: When) -> None:
        """Answer every request that fits with what the stand-in said to the first of them."""
        first: list[httpx.Response] = []

        async def meddle(request: httpx.Request) -> httpx.Response:
            if not first:
                first.append(await self.server(request))
            return copy_of(first[0], first[0].content)

        self._rules.append((when, meddle))


def copy_of(answer: httpx.Response, content: bytes) -> httpx.Response:
    """The same answer with another body."""
    kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return httpx.Response(answer.status_code, content=content, headers=kept)


class Endless(httpx.AsyncByteStream):
    """A body that goes on for ever; `taken` says how much of it was."""

    def __init__(self) -> None:
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken += 65_536
            yield b" " * 65_536
