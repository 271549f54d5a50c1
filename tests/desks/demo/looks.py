"""Short ways to look at a demo desk and to write on it."""

from __future__ import annotations

from copilot.desks.demo import DemoDesk
from copilot.domain import RemoteId as Id
from copilot.domain import Reply, Status


async def texts(desk: DemoDesk, ticket: str) -> list[str]:
    return [message.text for message in (await desk.thread(Id(ticket))).messages]


async def status(desk: DemoDesk, ticket: str) -> Status:
    return (await desk.thread(Id(ticket))).snapshot.status


async def reply(desk: DemoDesk, ticket: str, text: str = "Press F10.") -> None:
    await desk.reply(Id(ticket), Reply(text=text), key=f"{ticket} {text}", version=None)
