"""Where a mailbox is and who signs in: what a person filled in, made definite."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from copilot.desks.kinds import SignIn
from copilot.domain import DeskId, Person, RemoteId, Role
from copilot.errors import AuthError, BadDataError

IMAPS_PORT = 993
"""TLS from the first byte (RFC 8314, section 3.2)."""
SMTPS_PORT = 465
"""TLS from the first byte (RFC 8314, section 3.3)."""
_ADDRESS = re.compile(r"^[^\s@<>\"]+@[^\s@<>\"]+$")
_HOST = re.compile(r"^[A-Za-z0-9.\-:\[\]]+$")
_KNOWN = {
    "gmail.com": ("imap.gmail.com", "smtp.gmail.com"),
    "googlemail.com": ("imap.gmail.com", "smtp.gmail.com"),
    "outlook.com": ("outlook.office365.com", "smtp.office365.com:587"),
    "office365.com": ("outlook.office365.com", "smtp.office365.com:587"),
}
"""Servers not called after the domain: Gmail's "IMAP, POP, and SMTP", Outlook's "POP, IMAP, and SMTP settings"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A host and its port; `tls_first` is TLS from the first byte, else STARTTLS."""

    host: str
    port: int
    tls_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A mailbox with its servers, the rep who works in it, and the folders whose mails are tickets."""

    id: DeskId
    name: str
    address: str
    user: str
    rep: Person
    imap: Server
    smtp: Server
    folders: tuple[str, ...]
    ai_agents: frozenset[str]

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much, so that no server can hold us up or fill the memory. Times are seconds."""

    connect_seconds: float = 15.0
    quiet_seconds: float = 60.0
    idle_seconds: float = 540.0
    page: int = 100
    mails_a_folder: int = 20_000
    mail_bytes: int = 50_000_000


def account_of(sign_in: SignIn) -> Account:
    """The account that was filled in. Raises `BadDataError` when it cannot be one."""
    values = sign_in.values
    address = values.get("address", "").strip().lower()
    if not _ADDRESS.match(address):
        raise BadDataError("This is not a mail address.", "It looks like support@example.org.")
    domain = address.rpartition("@")[2]
    imap, smtp = _KNOWN.get(domain, (f"imap.{domain}", f"smtp.{domain}"))
    return Account(
        id=sign_in.desk_id,
        name=sign_in.name,
        address=address,
        user=values.get("user", "").strip() or address,
        rep=rep_of(values.get("rep", ""), address),
        imap=_server(values.get("imap", "") or imap, IMAPS_PORT, tls_first=IMAPS_PORT),
        smtp=_server(values.get("smtp", "") or smtp, SMTPS_PORT, tls_first=SMTPS_PORT),
        folders=sign_in.queues or ("INBOX",),
        ai_agents=frozenset(agent.strip().casefold() for agent in sign_in.ai_agents if agent.strip()),
    )


def rep_of(text: str, address: str) -> Person:
    """The rep as filled in: a name, an address, both, or nothing (then the mailbox itself)."""
    name, own = parseaddr(text)
    if not _ADDRESS.match(own):
        name, own = text.strip(), address
    own = own.lower()
    return Person(remote_id=RemoteId(own), name=name.strip() or own, email=own, role=Role.REP)


def secret_of(values: Mapping[str, str]) -> str:
    """The password. Raises `AuthError` when there is none."""
    password = values.get("password", "")
    if not password:
        raise AuthError("A password is missing.", "Fill in the password, or an OAuth refresh token.")
    return password


def _server(text: str, default_port: int, *, tls_first: int) -> Server:
    text = text.strip().rpartition("://")[2].rstrip("/")
    host, _, port = text.rpartition(":") if re.search(r":\d+$", text) else (text, "", str(default_port))
    if not host or not _HOST.match(host) or not 0 < int(port) < 65536:
        raise BadDataError(f"{text} is not the name of a server.", "It looks like mail.example.org:993.")
    return Server(host=host.strip("[]"), port=int(port), tls_first=int(port) == tls_first)
