"""Real mail servers for tests (Dovecot and Postfix), and the people around a mailbox, who use no connector."""

from __future__ import annotations

import asyncio
import imaplib
import json
import os
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import make_msgid
from pathlib import Path
from typing import Any

from copilot.desks.kinds import SignIn
from copilot.desks.mailbox.account import Limits
from copilot.desks.mailbox.connecting import connect
from copilot.desks.mailbox.desk import Mailbox
from copilot.desks.mailbox.journal import ticket_of
from copilot.domain import DeskId, RemoteId, Upload

ROOT = Path(__file__).parents[2]
SERVERS = ROOT.parent / "shared" / "servers"
SUPPORT, CUSTOMER = "support@shop.test", "customer@client.test"
START_SECONDS = 300


def why_not() -> str:
    """Why no mail servers can be started here; empty when they can."""
    if not (SERVERS / "mail-up").exists():
        return "the script that starts mail servers is not there (../shared/servers)"
    if os.name != "posix" or os.geteuid() != 0:
        return "installing and starting mail servers needs root"
    if not Path("/usr/bin/apt-get").exists():
        return "the script that starts mail servers needs Debian"
    return ""


def start() -> Mail:
    """Running servers; their data lie where their own users can enter."""
    folder = tempfile.mkdtemp(prefix="sidedesk-mail-")
    Path(folder).chmod(0o755)
    said = Path(folder, "said.txt")
    with said.open("w") as file:  # not a pipe: the servers keep it open for as long as they run
        done = subprocess.run(
            [SERVERS / "mail-up", str(_free_ports()), folder],
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=START_SECONDS,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"The mail servers did not start: {said.read_text()[-2000:]}")
    return Mail(json.loads(Path(folder, "info.json").read_text(encoding="utf-8")))


def _free_ports() -> int:
    """The first of seven ports that are free now."""
    for base in range(24_200, 32_000, 10):
        try:
            for port in range(base, base + 7):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    raise RuntimeError("no free ports")


class Mail:
    """The servers, and who writes to whom."""

    def __init__(self, info: dict[str, Any]) -> None:
        self.info = info
        self.password: str = info["users"][0]["password"]
        self.tls = ssl.create_default_context(cafile=info["ca"])
        self._threads: dict[RemoteId, list[str]] = {}

    def stop(self) -> None:
        folder = self.info["data"]
        subprocess.run(
            [SERVERS / "mail-down", folder, "--wipe"],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def desk(self, rep: str = "Agnes Agent <agnes@shop.test>", **values: str) -> Mailbox:
        """The connector under test, signed in to the support mailbox."""
        filled = {
            "address": SUPPORT,
            "rep": rep,
            "password": self.password,
            "imap": f"localhost:{self.info['imap_port']}",
            "smtp": f"localhost:{self.info['submission_port']}",
        } | values
        sign_in = SignIn(desk_id=DeskId("mail"), name="Support", values=filled)
        return await connect(sign_in, tls=self.tls, limits=Limits(page=10))

    async def make_ticket(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        mail = a_letter(subject, text, CUSTOMER, SUPPORT)
        if html:
            mail.add_alternative(html, subtype="html")
        for upload in attachments:
            main, _, sub = upload.media_type.partition("/")
            mail.add_attachment(upload.content, maintype=main, subtype=sub, filename=upload.name)
        return await asyncio.to_thread(self.open_ticket, mail)

    def open_ticket(self, mail: EmailMessage) -> RemoteId:
        """Send a mail that begins a thread, and wait until it is there."""
        ticket = RemoteId(ticket_of(mail["Message-ID"].strip("<>")))
        self._threads[ticket] = [mail["Message-ID"]]
        self.deliver(mail)
        return ticket

    async def reply_as_requester(self, ticket: RemoteId, text: str) -> None:
        mail = a_letter("Re: it", text, CUSTOMER, SUPPORT)
        self._thread_to(ticket, mail)
        await asyncio.to_thread(self.deliver, mail)

    async def reply_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        """A colleague with an ordinary mail program: it sends, and files a copy under Sent."""
        mail = a_letter("Re: it", text, f"Bo <{SUPPORT}>", CUSTOMER)
        self._thread_to(ticket, mail)
        await asyncio.to_thread(self._file, SUPPORT, "Sent", mail)

    async def received(self, ticket: RemoteId) -> list[str]:
        """The texts that reached the customer in this thread."""
        return await asyncio.to_thread(self._received, self._threads[ticket][0])

    def send(self, mail: EmailMessage) -> None:
        """Hand over by SMTP."""
        with smtplib.SMTP("127.0.0.1", self.info["smtp_port"]) as client:
            client.send_message(mail)

    def deliver(self, mail: EmailMessage, to: str = SUPPORT) -> None:
        """Send by SMTP and wait until it lies in the mailbox."""
        self.send(mail)
        ends = time.monotonic() + 30
        with self.imap(to) as box:
            while time.monotonic() < ends:
                box.select("INBOX", readonly=True)
                if box.search(None, "HEADER", "Message-ID", f'"{mail["Message-ID"]}"')[1][0]:
                    return
                time.sleep(0.02)  # another process delivers it; there is nothing to wait for but the mailbox
        raise TimeoutError("the mail was not delivered")

    def imap(self, user: str) -> imaplib.IMAP4_SSL:
        box = imaplib.IMAP4_SSL("localhost", self.info["imaps_port"], ssl_context=self.tls)
        box.login(user, self.password)
        return box

    def _file(self, user: str, folder: str, mail: EmailMessage) -> None:
        with self.imap(user) as box:
            assert box.append(folder, "", "", mail.as_bytes())[0] == "OK"

    def _thread_to(self, ticket: RemoteId, mail: EmailMessage) -> None:
        ids = self._threads[ticket]
        mail["In-Reply-To"] = ids[-1]
        mail["References"] = " ".join(ids)
        ids.append(mail["Message-ID"])

    def _received(self, first: str) -> list[str]:
        texts: list[str] = []
        with self.imap(CUSTOMER) as box:
            box.select("INBOX", readonly=True)
            for number in box.search(None, "HEADER", "References", f'"{first}"')[1][0].split():
                raw = box.fetch(number, "(BODY.PEEK[])")[1][0]
                assert isinstance(raw, tuple)
                body = message_from_bytes(raw[1], policy=default).get_body(("plain",))
                assert body is not None
                texts.append(body.get_content())
        return texts


def a_letter(subject: str, text: str, sender: str, to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender if "<" in sender else f"Casey Customer <{sender}>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = make_msgid(domain="client.test")
    mail.set_content(text)
    return mail
