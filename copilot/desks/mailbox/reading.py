"""From raw mails to messages. Mails never change (RFC 3501, section 2.3.1.1), so what was read once is kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from imapclient import IMAPClient

from copilot.desks.mailbox.account import Limits
from copilot.desks.mailbox.heads import Head
from copilot.desks.mailbox.journal import Entry, Step
from copilot.desks.mailbox.tickets import Desk, Dossier, Sorter
from copilot.domain import Attachment, Message, MessageKind, RemoteId
from copilot.errors import NotFoundError
from copilot.text.mime import MailFile, ParsedMail, parse_mail

KEPT_CHARS = 20_000_000
BATCH_BYTES = 8_000_000
"""Mails are fetched together up to this size, so that a thread of 2,000 takes a few commands and little memory."""


class Reader:
    """Reads bodies. Blocks."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._kept: OrderedDict[str, ParsedMail] = OrderedDict()
        self._room = KEPT_CHARS

    def messages(self, client: IMAPClient, dossier: Dossier, desk: Desk, sorter: Sorter) -> list[Message]:
        """All messages of a ticket, oldest first; a mail that went meanwhile is left out."""
        notes = [entry for entry in dossier.entries if entry.step is Step.NOTE]
        bodies = self._bodies(client, [*dossier.mails, *(note.head for note in notes)])
        said = [
            (head, _message(head, bodies[head.id], sorter, desk))
            for head in dossier.mails
            if head.id in bodies
        ]
        said += [(note.head, _note(note, bodies[note.head.id])) for note in notes if note.head.id in bodies]
        said.sort(key=lambda pair: pair[0].arrived)  # stable: mails of one second stay in their order
        return [message for _, message in said]

    def prefetch(self, client: IMAPClient, dossiers: Iterable[Dossier]) -> None:
        """Read the bodies of many tickets at once, so that `messages` finds them."""
        notes = [entry.head for one in dossiers for entry in one.entries if entry.step is Step.NOTE]
        self._bodies(client, [*(mail for one in dossiers for mail in one.mails), *notes])

    def file(self, client: IMAPClient, dossier: Dossier, name: str) -> bytes:
        """One file of a ticket. Raises `NotFoundError`."""
        number, _, id_ = name.partition(":")
        head = next((mail for mail in dossier.mails if mail.id == id_), None)
        if head is None or not number.isdecimal():
            raise NotFoundError("This file is not on the ticket.")
        raw = next(iter(self._fetch(client, [head]).values()), b"")
        files = parse_mail(raw).files
        if int(number) >= len(files):
            raise NotFoundError("This file is not on the ticket.")
        return files[int(number)].content

    def _bodies(self, client: IMAPClient, heads: Sequence[Head]) -> dict[str, ParsedMail]:
        found = {head.id: self._kept[head.id] for head in heads if head.id in self._kept}
        for batch in _batches([head for head in heads if head.id not in found], self._limits.mail_bytes):
            for id_, raw in self._fetch(client, batch).items():
                found[id_] = _without_bytes(parse_mail(raw))
                self._keep(id_, found[id_])
        return found

    def _fetch(self, client: IMAPClient, heads: Sequence[Head]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for folder in {head.folder for head in heads}:
            here = {head.uid: head for head in heads if head.folder == folder}
            client.select_folder(folder, readonly=True)
            item = f"BODY.PEEK[]<0.{self._limits.mail_bytes}>"
            for uid, fetched in client.fetch(list(here), [item]).items():
                raw = next((value for key, value in fetched.items() if key.startswith(b"BODY[")), None)
                if isinstance(raw, bytes):
                    found[here[uid].id] = raw
        return found

    def _keep(self, id_: str, mail: ParsedMail) -> None:
        self._kept[id_] = mail
        self._room -= len(mail.text) + len(mail.html)
        while self._room < 0 and self._kept:
            _, oldest = self._kept.popitem(last=False)
            self._room += len(oldest.text) + len(oldest.html)


def _batches(heads: Sequence[Head], most: int) -> Iterable[list[Head]]:
    batch: list[Head] = []
    size = 0
    for head in heads:
        if batch and size + min(head.size, most) > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(head)
        size += min(head.size, most)
    if batch:
        yield batch


def _without_bytes(mail: ParsedMail) -> ParsedMail:
    """The mail with the sizes of its files in the place of their bytes."""
    from dataclasses import replace

    files = tuple(replace(file, content=str(len(file.content)).encode()) for file in mail.files)
    return replace(mail, files=files)


def _message(head: Head, mail: ParsedMail, sorter: Sorter, desk: Desk) -> Message:
    return Message(
        remote_id=RemoteId(head.id),
        author=sorter.author(head, desk),
        created=head.arrived,
        text=mail.text,
        html=mail.html,
        attachments=tuple(_attachment(head, number, file) for number, file in enumerate(mail.files)),
    )


def _note(entry: Entry, mail: ParsedMail) -> Message:
    return Message(
        remote_id=RemoteId(entry.head.id),
        author=entry.author,
        created=entry.head.arrived,
        kind=MessageKind.NOTE,
        text=mail.text.strip("\n"),
    )


def _attachment(head: Head, number: int, file: MailFile) -> Attachment:
    return Attachment(
        remote_id=RemoteId(f"{number}:{head.id}"),
        name=file.name or f"file {number + 1}",
        media_type=file.media_type,
        size_bytes=int(file.content),
    )
