"""A small mail server in the test's own event loop: IMAP4rev1 with STARTTLS, CONDSTORE and IDLE, and SMTP submission.

It keeps to the rules the connector relies on (UIDs never come again, literals are exact, nothing before STARTTLS), and
does what a test plans: `plan("EXAMINE", "drop")` breaks the connection at the next such command.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from functools import partial

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
PASSWORD = "correct horse"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CAPABILITIES = "IMAP4rev1 IDLE NAMESPACE ENABLE CONDSTORE UIDPLUS SPECIAL-USE LITERAL+"
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_FIELDS = re.compile(r"BODY\.PEEK\[HEADER\.FIELDS \(([^)]*)\)\]")
_PARTIAL = re.compile(r"BODY\.PEEK\[\]<0\.(\d+)>")


@dataclass
class Mail:
    raw: bytes
    arrived: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    validity: int = 7
    next_uid: int = 1
    modseq: int = 1
    mails: dict[int, Mail] = field(default_factory=dict)

    def add(self, raw: bytes, arrived: datetime, flags: str = "") -> int:
        uid = self.next_uid
        self.next_uid += 1
        self.modseq += 1
        self.mails[uid] = Mail(raw, arrived, set(flags.split()))
        return uid


class FakeMail:
    """`sent` is what SMTP took, `commands` what IMAP was asked; `faults` are planned by command."""

    def __init__(self, tls: ssl.SSLContext, capabilities: str = CAPABILITIES) -> None:
        self.folders: dict[str, Folder] = {"INBOX": Folder(), "Sent": Folder()}
        self.sent: list[tuple[str, list[str], bytes]] = []
        self.commands: list[str] = []
        self.faults: dict[str, deque[str]] = defaultdict(deque)
        self.capabilities = capabilities
        self.imap_port = self.smtp_port = 0
        self._tls = tls
        self._now = NOON
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.news = asyncio.Event()

    async def start(self) -> None:
        imap = await asyncio.start_server(partial(self._run, self._imap), "127.0.0.1", 0, limit=2**27)
        smtp = await asyncio.start_server(partial(self._run, self._smtp), "127.0.0.1", 0, limit=2**27)
        self.imap_port, self.smtp_port = (server.sockets[0].getsockname()[1] for server in (imap, smtp))
        self._servers = [imap, smtp]

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- what a test does ------------------------------------------------------------------------------------------

    def plan(self, command: str, *faults: str) -> None:
        self.faults[command].extend(faults)

    def deliver(self, mail: EmailMessage | bytes, folder: str = "INBOX") -> int:
        self._now += timedelta(seconds=1)
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        uid = self.folders[folder].add(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), self._now)
        self.news.set()
        return uid

    def expunge(self, uid: int, folder: str = "INBOX") -> None:
        self.folders[folder].modseq += 1
        del self.folders[folder].mails[uid]

    async def _run(self, talk: Talk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            pass
        finally:
            self._tasks.discard(task)
            with contextlib.suppress(Exception):
                writer.close()

    async def _smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _Submission(self, reader, writer).talk()

    # -- IMAP ------------------------------------------------------------------------------------------------------

    async def _imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(self, reader, writer)
        await session.say("* OK ready")
        while True:
            line, literals = await session.command()
            tag, _, rest = line.partition(" ")
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
            name = name.upper()
            self.commands.append(name)
            if await session.fault(tag, self.faults[name].popleft() if self.faults[name] else ""):
                continue
            await session.answer(tag, name, arguments, literals)
            if name == "LOGOUT":
                return


class _Submission:
    """One SMTP connection."""

    def __init__(self, server: FakeMail, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.secure = False
        self.sender = ""
        self.recipients: list[str] = []

    async def talk(self) -> None:
        await self.say("220 ready")
        while line := (await self.reader.readline()).decode().strip():
            name = line.partition(" ")[0].upper()
            fault = self._fault(name)
            if fault == "drop":
                return
            await self.say(*([fault] if fault else self.answer(name, line)))
            if name == "STARTTLS":
                await self.writer.start_tls(self.server._tls)
                self.secure = True
            if name == "DATA" and not fault and not await self.take():
                return

    async def say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()

    def answer(self, name: str, line: str) -> list[str]:
        match name:
            case "EHLO":
                return ["250-fake", "250-SIZE 1000000", "250 AUTH PLAIN" if self.secure else "250 STARTTLS"]
            case "MAIL":
                self.sender, self.recipients = line, []
            case "RCPT":
                self.recipients.append(line.partition("<")[2].partition(">")[0])
        return [
            {"STARTTLS": "220 go", "AUTH": "235 ok", "DATA": "354 go", "QUIT": "221 bye"}.get(name, "250 ok")
        ]

    async def take(self) -> bool:
        """Take the mail; False when the connection then breaks."""
        content = await self.reader.readuntil(b"\r\n.\r\n")
        fault = self._fault(".")
        if fault in {"", "drop"}:
            mail = content[:-3].replace(b"\r\n..", b"\r\n.")
            self.server.sent.append((self.sender, self.recipients, mail))
        if fault != "drop":
            await self.say(fault or "250 taken")
        return fault != "drop"

    def _fault(self, name: str) -> str:
        planned = self.server.faults[f"SMTP {name}"]
        return planned.popleft() if planned else ""


class _Session:
    """One IMAP connection."""

    def __init__(self, server: FakeMail, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.folder = Folder()
        self.secure = self.known = False
        self.literals: list[bytes] = []

    async def say(self, *lines: str | bytes) -> None:
        for line in lines:
            self.writer.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
        await self.writer.drain()

    async def command(self) -> tuple[str, list[bytes]]:
        text = b""
        literals: list[bytes] = []
        while True:
            line = await self.reader.readline()
            if not line:
                raise ConnectionResetError
            found = _LITERAL.search(line)
            if not found:
                return (text + line).decode("utf-8", "replace").strip(), literals
            if b"+" not in found.group():
                await self.say("+ go")
            literals.append(await self.reader.readexactly(int(found[1])))
            text += line[: found.start()] + b"{}"

    async def fault(self, tag: str, fault: str) -> bool:
        match fault.partition(" ")[0]:
            case "":
                return False
            case "drop":
                raise ConnectionResetError
            case "bye":
                await self.say("* BYE closing down")
                raise ConnectionResetError
            case "stall":
                await asyncio.Event().wait()
            case "garbage":
                await self.say("* 1 FETCH (UID BODY[ {12}", f"{tag} OK")
            case _:
                await self.say(f"{tag} {fault}")
        return True

    async def answer(self, tag: str, name: str, arguments: str, literals: list[bytes]) -> None:
        """Each command is a method; what it answers stands in the place of OK."""
        if name not in {"CAPABILITY", "STARTTLS", "LOGIN", "LOGOUT", "NOOP"} and not self.known:
            await self.say(f"{tag} BAD sign in first")
            return
        self.literals = literals
        act = getattr(self, f"do_{name.lower()}")
        await self.say(f"{tag} {await act(arguments) or 'OK done'}")
        if name == "STARTTLS":
            await self.writer.start_tls(self.server._tls)
            self.secure = True

    async def do_capability(self, _: str) -> None:
        extra = "" if self.secure else " STARTTLS LOGINDISABLED"
        await self.say(f"* CAPABILITY {self.server.capabilities}{extra}")

    async def do_starttls(self, _: str) -> None:
        pass

    async def do_noop(self, _: str) -> None:
        pass

    async def do_enable(self, _: str) -> None:
        pass

    async def do_logout(self, _: str) -> None:
        await self.say("* BYE")

    async def do_login(self, arguments: str) -> str:
        self.known = self.secure and PASSWORD in arguments
        return "" if self.known else "NO [AUTHENTICATIONFAILED] no"

    async def do_namespace(self, _: str) -> None:
        await self.say('* NAMESPACE (("" "/")) NIL NIL')

    async def do_list(self, _: str) -> None:
        for name in self.server.folders:
            flag = "\\Sent" if name == "Sent" else ""
            await self.say(f'* LIST ({flag}) "/" "{name}"')

    async def do_create(self, arguments: str) -> None:
        self.server.folders[arguments.strip('"')] = Folder()

    async def do_select(self, arguments: str) -> str:
        return await self.do_examine(arguments)

    async def do_examine(self, arguments: str) -> str:
        found = self.server.folders.get(arguments.strip('"'))
        if found is None:
            return "NO [NONEXISTENT] no such folder"
        self.folder = found
        modseq = f"[HIGHESTMODSEQ {found.modseq}] ok" if "CONDSTORE" in self.server.capabilities else "ok"
        await self.say(
            *(f"* {len(found.mails)} EXISTS", "* 0 RECENT", "* FLAGS (\\Seen)", f"* OK {modseq}"),
            *(f"* OK [UIDVALIDITY {found.validity}] ok", f"* OK [UIDNEXT {found.next_uid}] ok"),
        )
        return ""

    async def do_search(self, _: str) -> None:
        live = [uid for uid, mail in self.folder.mails.items() if "\\Deleted" not in mail.flags]
        await self.say("* SEARCH " + " ".join(map(str, live)))

    async def do_store(self, arguments: str) -> None:
        uid, _, rest = arguments.partition(" ")
        self.folder.mails[int(uid)].flags.add(rest.partition("(")[2].strip(")"))
        self.folder.modseq += 1

    async def do_append(self, arguments: str) -> None:
        folder = re.match(r'"?([^"]*?)"? \(', arguments)
        assert folder is not None
        self.server.deliver(self.literals[-1], folder[1])

    async def do_fetch(self, arguments: str) -> None:
        uids, _, items = arguments.partition(" ")
        order = {uid: number for number, uid in enumerate(self.folder.mails, start=1)}
        fields, partial_ = _FIELDS.search(items), _PARTIAL.search(items)
        for uid in (int(uid) for uid in uids.split(",")):
            mail = self.folder.mails.get(uid)
            if mail is None:
                continue
            stamp = mail.arrived.strftime("%d-%b-%Y %H:%M:%S +0000")
            begin = f'* {order[uid]} FETCH (UID {uid} INTERNALDATE "{stamp}" RFC822.SIZE {len(mail.raw)}'
            body = mail.raw[: int(partial_[1])] if partial_ else _heads(mail.raw, fields[1] if fields else "")
            what = "BODY[]<0>" if partial_ else f"BODY[HEADER.FIELDS ({fields[1] if fields else ''})]"
            self.writer.write(f"{begin} {what} {{{len(body)}}}".encode() + b"\r\n" + body + b")\r\n")
        await self.writer.drain()

    async def do_idle(self, _: str) -> None:
        await self.say("+ idling")
        done = asyncio.ensure_future(self.reader.readline())
        try:
            while not done.done():
                news = asyncio.ensure_future(self.server.news.wait())
                await asyncio.wait({done, news}, return_when=asyncio.FIRST_COMPLETED)
                if news.done():
                    self.server.news.clear()
                    await self.say(f"* {len(self.folder.mails)} EXISTS")
                news.cancel()
        finally:
            done.cancel()


def _heads(raw: bytes, wanted: str) -> bytes:
    names = set(wanted.lower().split())
    head = raw.partition(b"\r\n\r\n")[0]
    lines = re.split(rb"\r\n(?![ \t])", head)
    kept = [line for line in lines if line.partition(b":")[0].decode("latin-1").strip().lower() in names]
    return b"".join(line + b"\r\n" for line in kept) + b"\r\n"


def body_of(raw: bytes) -> str:
    """The plain words of a mail that was sent."""
    part = next(p for p in message_from_bytes(raw).walk() if p.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()
