"""A reply as a mail: to whom, in which thread, in HTML and plain text.

Threading heads as in RFC 5322, section 3.6.4; nothing is answered that RFC 3834 calls an automatic message, so that two
machines never write to each other through us.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from copilot.desks.mailbox.account import Account
from copilot.desks.mailbox.heads import Head
from copilot.desks.mailbox.tickets import Desk, Dossier, Sorter
from copilot.desks.words import to_html, to_plain
from copilot.domain import Person, Reply, Role, Upload
from copilot.errors import RefusedError
from copilot.text.mime import MailAddress

KEPT_REFERENCES = 30
"""The first mail of a thread and its newest ones: enough for every reader, and far below a line's limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A mail ready to leave."""

    id: str
    recipients: tuple[str, ...]
    first: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Whom a reply goes to: the requester, and those who were in copy of their last mail."""

    to: MailAddress
    copies: tuple[MailAddress, ...]


def recipients_of(dossier: Dossier, desk: Desk, sorter: Sorter, account: Account) -> Recipients:
    """Whom to answer. Raises `RefusedError` where only machines have written."""
    asked = [mail for mail in dossier.mails if sorter.author(mail, desk).role is Role.REQUESTER]
    if not asked:
        raise RefusedError(
            "This was written by a machine: an answer would reach nobody, or start a loop.",
            "Write to the person in a new mail, if there is one.",
        )
    last = asked[-1]
    to = last.answer_to[0] if last.answer_to and not last.from_list else last.sender
    if not to.address:
        raise RefusedError("The mail does not say who sent it.", "It cannot be answered.")
    own = {account.address, to.address, account.rep.email}
    copies = () if last.from_list else tuple(c for c in _others(last) if not _is_own(c.address, own))
    return Recipients(to=to, copies=tuple({copy.address: copy for copy in copies}.values()))


def compose(reply: Reply, dossier: Dossier, to: Recipients, account: Account, *, id_: str) -> Outgoing:
    """The mail, ready to be sent. Takes a while for long texts and large files."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(MailAddress(_shown_name(account.rep), account.address))
    mail["To"] = _address(to.to)
    if to.copies:
        mail["Cc"] = tuple(_address(copy) for copy in to.copies)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{id_}>"
    mail["Subject"] = f"Re: {' '.join(dossier.mails[0].bare_subject.split())}"
    mail["In-Reply-To"] = f"<{dossier.mails[-1].id}>"
    mail["References"] = " ".join(f"<{known}>" for known in _references(dossier))
    mail.set_content(to_plain(reply.text) or " ", charset="utf-8", cte="quoted-printable")
    mail.add_alternative(
        f"<html><body>{to_html(reply.text)}</body></html>", subtype="html", cte="quoted-printable"
    )
    for upload in reply.attachments:
        _attach(mail, upload)
    recipients = (to.to.address, *(copy.address for copy in to.copies))
    return Outgoing(id=id_, recipients=recipients, first=to.to.address, content=mail.as_bytes())


def _others(mail: Head) -> tuple[MailAddress, ...]:
    return (*mail.to, *mail.copies)


def _is_own(address: str, own: set[str]) -> bool:
    """Also the plus addresses of our own (RFC 5233)."""
    local, _, domain = address.partition("@")
    return address in own or f"{local.partition('+')[0]}@{domain}" in own


def _references(dossier: Dossier) -> list[str]:
    known = list(dict.fromkeys([*dossier.mails[-1].references, *dossier.references]))
    return known if len(known) <= KEPT_REFERENCES else [known[0], *known[-KEPT_REFERENCES + 1 :]]


def _shown_name(rep: Person) -> str:
    return "" if "@" in rep.name else rep.name


def _address(person: MailAddress) -> Address:
    """For the head; what is no address to the library is refused."""
    local, _, domain = person.address.rpartition("@")
    name = "".join(c for c in person.name if c.isprintable())
    try:
        return Address(display_name=name, username=local, domain=domain)
    except (ValueError, IndexError) as error:
        raise RefusedError(f"{person.address} is no address to write to.") from error


def _attach(mail: EmailMessage, upload: Upload) -> None:
    main, _, sub = upload.media_type.lower().partition("/")
    if not sub or main in {"multipart", "message"}:
        main, sub = "application", "octet-stream"
    name = "".join(c if c.isprintable() and c not in '/\\"' else "_" for c in upload.name) or "file"
    mail.add_attachment(upload.content, maintype=main, subtype=sub.partition(";")[0].strip(), filename=name)
