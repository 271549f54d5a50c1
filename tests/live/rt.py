"""A real Request Tracker for tests, and the people around it. Nothing here goes through the connector under test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import mailbox
import os
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import httpx

from copilot.desks.request_tracker.connecting import Limits, Options, RequestTracker, connect
from copilot.domain import DeskId, RemoteId, Upload

ROOT = Path(__file__).parents[2]
SERVERS = ROOT.parent / "shared" / "servers"
ADMIN = Path(__file__).with_name("rt_admin.pl")
RT_LIBRARY = "/usr/share/request-tracker5/lib"
REQUESTER = "amara@client.test"
START_SECONDS = 300
RESOLVED = "According to our records, your request has been resolved."
"""How RT's own mail begins that goes out when a ticket is resolved."""


LIFECYCLES = """
Set(%Lifecycles,
    care => {
        initial => ['arrived'], active => ['in progress', 'waiting for customer'], inactive => ['done'],
        defaults => { on_create => 'arrived' },
        transitions => {
            '' => ['arrived'], arrived => ['in progress', 'done'], 'in progress' => ['waiting for customer', 'done'],
            'waiting for customer' => ['in progress', 'done'], done => ['in progress'],
        },
    },
);
1;
"""
"""A team's own names of statuses, in the lifecycle "care" (RT_Config, Lifecycles)."""


def why_not() -> str:
    """Why no RT can be started here; empty when one can."""
    if not (SERVERS / "rt5-up").exists():
        return "the script that starts a Request Tracker is not there (../shared/servers)"
    if os.name != "posix" or os.geteuid() != 0:
        return "installing and starting a Request Tracker needs root"
    if not Path("/usr/bin/apt-get").exists():
        return "the script that starts a Request Tracker needs Debian"
    return ""


def start(folder: Path) -> Rt:
    """A running RT with its data in `folder`, on a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "conf.d").mkdir(parents=True)
    (folder / "conf.d" / "lifecycles.pm").write_text(LIFECYCLES, encoding="utf-8")
    done = subprocess.run(
        [SERVERS / "rt5-up", str(port), str(folder)],
        env=os.environ | {"RT5_BCRYPT_COST": "4"},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Request Tracker did not start: {done.stderr[-2000:]}")
    return Rt(json.loads(done.stdout.splitlines()[-1]))


@dataclass(frozen=True)
class Rt:
    """The server, its administrator, its reps, and its customers."""

    facts: Mapping[str, Any]

    @property
    def url(self) -> str:
        return str(self.facts["url"])

    @property
    def data(self) -> Path:
        return Path(self.facts["data"])

    def token(self, who: str = "agent1") -> str:
        """The token of agent1, agent2 or root."""
        return str(self.facts["token"] if who == "root" else self.facts["seed"]["agents"][who])

    def stop(self) -> None:
        subprocess.run([SERVERS / "rt5-down", str(self.data), "--wipe"], check=True, capture_output=True)

    async def desk(
        self,
        *queues: str,
        token: str = "",
        ai_agents: tuple[str, ...] = (),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> RequestTracker:
        """The connector, signed in as agent1 unless told otherwise."""
        options = Options(ai_agents=ai_agents, transport=transport, limits=Limits(quiet_seconds=30))
        return await connect(
            self.url, token or self.token(), queues, desk_id=DeskId("rt"), name="RT", options=options
        )

    # -- the administrator -----------------------------------------------------------------------------------------

    async def admin(self, command: str, *arguments: str) -> dict[str, Any]:
        """Have something prepared that REST cannot; see rt_admin.pl."""
        return await asyncio.to_thread(self.admin_now, command, *arguments)

    def admin_now(self, command: str, *arguments: str) -> dict[str, Any]:
        """The same, for fixtures of a wider scope."""
        site = {
            "RT_SITE_CONFIG": f"{self.data}/RT_SiteConfig.pm",
            "RT_SITE_CONFIG_DIR": f"{self.data}/conf.d",
        }
        done = subprocess.run(
            ["perl", f"-I{RT_LIBRARY}", str(ADMIN), command, *arguments],
            env=os.environ | site,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    async def rest(self, method: str, path: str, body: object = None, *, who: str = "root") -> Any:
        """A request by somebody else; the answer's JSON."""
        headers = {"Authorization": f"token {self.token(who)}"}
        async with httpx.AsyncClient(base_url=f"{self.url}/REST/2.0/", verify=False, timeout=60) as client:
            answer = await client.request(method, path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    # -- the customers ---------------------------------------------------------------------------------------------

    async def make_ticket(
        self,
        subject: str,
        text: str,
        *,
        html: str = "",
        attachments: tuple[Upload, ...] = (),
        queue: str = "Support",
        sender: str = REQUESTER,
        cc: str = "",
    ) -> RemoteId:
        """A customer writes a mail about something new."""
        mail = _mail(sender, subject, text)
        if cc:
            mail["Cc"] = cc
        if html:
            mail.add_alternative(html, subtype="html")
        for upload in attachments:
            kind, _, subtype = upload.media_type.partition("/")
            mail.add_attachment(upload.content, maintype=kind, subtype=subtype, filename=upload.name)
        await self._deliver(mail, queue)
        query = f"query=Queue='{queue}' AND Creator='{sender}'&orderby=id&order=DESC&per_page=1"
        found = await self.rest("GET", f"tickets?{query}")
        return RemoteId(found["items"][0]["id"])

    async def reply_as_requester(self, ticket: RemoteId, text: str, *, sender: str = REQUESTER) -> None:
        """The customer, or somebody they have put in Cc, answers by mail."""
        await self._deliver(_mail(sender, f"Re: [rt.test #{ticket}] question", text), "Support")

    async def _deliver(self, mail: EmailMessage, queue: str) -> None:
        """As rt-mailgate does it."""
        form = {"queue": queue, "action": "correspond"}
        files = {"message": (None, mail.as_bytes(), "application/octet-stream")}
        async with httpx.AsyncClient(verify=False, timeout=60) as client:
            url = f"{self.url}/REST/1.0/NoAuth/mail-gateway"
            answer = await client.post(url, data=form, files=files)
        if not answer.text.startswith("ok"):
            raise RuntimeError(f"RT did not take the mail: {answer.text[:300]}")

    async def received_by(self, address: str, ticket: RemoteId) -> list[str]:
        """The plain texts people sent to a customer about a ticket, oldest first; not what RT writes by itself."""
        return await asyncio.to_thread(self._received_by, address, ticket)

    def _received_by(self, address: str, ticket: RemoteId) -> list[str]:
        texts: list[str] = []
        for path in sorted((self.data / "var").glob("*.mbox")):
            with contextlib.closing(mailbox.mbox(path, create=False)) as box:
                for mail in box:
                    about = str(mail.get("X-RT-Ticket", "")).strip() == f"rt.test #{ticket}"
                    if about and address in str(mail.get("To", "")) and "Auto-Submitted" not in mail:
                        plain = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
                        content = plain[0].get_payload(decode=True)
                        texts.append(content.decode() if isinstance(content, bytes) else "")
        return [text for text in texts if not text.startswith(RESOLVED)]

    # -- the other reps --------------------------------------------------------------------------------------------

    async def reply_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        """agent2 answers the customer."""
        await self._write(ticket, "correspond", text)

    async def note_as_other_rep(self, ticket: RemoteId, text: str) -> None:
        """agent2 leaves an internal note."""
        await self._write(ticket, "comment", text)

    async def _write(self, ticket: RemoteId, how: str, text: str) -> None:
        body = {"Content": text, "ContentType": "text/plain"}
        await self.rest("POST", f"ticket/{ticket}/{how}", body, who="agent2")

    async def change(self, ticket: RemoteId, **fields: object) -> list[str]:
        """The administrator changes a ticket."""
        said: list[str] = await self.rest("PUT", f"ticket/{ticket}", fields)
        return said

    # -- what is there ---------------------------------------------------------------------------------------------

    async def version(self, ticket: RemoteId) -> str:
        """The number of the ticket's newest transaction that agent1 may see."""
        headers = {"Authorization": f"token {self.token()}"}
        async with httpx.AsyncClient(verify=False, timeout=60) as client:
            answer = await client.get(f"{self.url}/REST/2.0/ticket/{ticket}", headers=headers)
        return answer.headers["etag"].strip('"')

    async def correspondence(self, ticket: RemoteId) -> list[tuple[str, str]]:
        """Who wrote what kind of message (Create, Correspond, Comment), oldest first."""
        query = "per_page=100&orderby=id&fields=Type,Creator"
        history = await self.rest("GET", f"ticket/{ticket}/history?{query}")
        return [
            (item["Creator"]["id"], item["Type"])
            for item in history["items"]
            if item["Type"] in {"Create", "Correspond", "Comment"}
        ]


class Counting(httpx.AsyncHTTPTransport):
    """The network, with a list of what was asked for."""

    def __init__(self) -> None:
        super().__init__(verify=False)
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path.partition('/REST/2.0/')[2]}")
        return await super().handle_async_request(request)


def _mail(sender: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Amara Okoye <{sender}>" if sender == REQUESTER else sender
    mail["To"] = "support@rt.test"
    mail["Subject"] = subject
    mail["Message-ID"] = make_msgid(domain="client.test")
    mail.set_content(text)
    return mail
