"""The mailbox at work: looks, reads, notes and sends, one thing after the other on one thread. Blocks."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping, Sequence

from imapclient import IMAPClient
from imapclient.imapclient import ANSWERED, SEEN

from copilot.desks.base import Receipt
from copilot.desks.mailbox.account import Account, Limits
from copilot.desks.mailbox.boxes import Boxes
from copilot.desks.mailbox.composing import compose, recipients_of
from copilot.desks.mailbox.heads import Place
from copilot.desks.mailbox.journal import About, Step, entry_of, initial_of, message_id, write_entry
from copilot.desks.mailbox.line import Line
from copilot.desks.mailbox.reading import Reader
from copilot.desks.mailbox.submission import Submission
from copilot.desks.mailbox.tickets import Desk, Dossier, Sorter
from copilot.domain import Person, RemoteId, Reply, Status, Thread, TicketSnapshot
from copilot.errors import (
    ConflictError,
    DeskError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)

SAVES_SENT_MAIL_ITSELF = "X-GM-EXT-1"
"""Gmail files what its SMTP server takes under Sent; a second copy would be one too many."""


class Office:
    """Everything but IDLE. Each method raises `DeskError`."""

    def __init__(self, account: Account, line: Line, submission: Submission, limits: Limits) -> None:
        self._account = account
        self._line = line
        self._submission = submission
        self._boxes = Boxes(account.folders, limits)
        self._sorter = Sorter(account)
        self._reader = Reader(limits)
        self._desk = Desk(dossiers={}, merged={}, people={})
        self._snapshots: Mapping[str, TicketSnapshot] | None = None
        self._unfiled: list[bytes] = []
        self.departed: list[TicketSnapshot] = []

    # -- reading ---------------------------------------------------------------------------------------------------

    def look(self) -> tuple[Boxes, Mapping[str, TicketSnapshot]]:
        """The folders and all tickets as they are now."""
        self._refresh()
        if self._snapshots is None:
            desk = self._desk
            self._snapshots = {id_: self._sorter.snapshot(one, desk) for id_, one in desk.dossiers.items()}
        return self._boxes, self._snapshots

    def desk(self) -> Desk:
        """The tickets as they were at the last look."""
        return self._desk

    def thread(self, ticket: RemoteId) -> Thread:
        """A ticket with its messages."""
        return self._thread_of(self._find(ticket))

    def threads(self, tickets: Sequence[RemoteId]) -> tuple[Thread, ...]:
        """Many tickets with their messages, by one look and a few commands; unknown ones are left out."""
        self._refresh()
        desk = self._desk
        dossiers = [found for ticket in tickets if (found := desk.find(str(ticket))) is not None]
        self._line.read(lambda client: self._reader.prefetch(client, dossiers))
        return tuple(self._thread_of(dossier) for dossier in dossiers)

    def attachment(self, ticket: RemoteId, name: str) -> bytes:
        """The bytes of one file."""
        dossier = self._find(ticket)
        return self._line.read(lambda client: self._reader.file(client, dossier, name))

    def people(self) -> tuple[Person, ...]:
        """The reps who have introduced themselves, this one among them."""
        self._refresh()
        return tuple(sorted(self._desk.people.values(), key=lambda person: person.name.casefold()))

    def sign_in(self) -> None:
        """See that the server takes us."""
        self._line.read(lambda client: client.noop())

    def folders(self) -> tuple[tuple[str, ...], bool]:
        """The names of all folders, and whether the server tells of new mail at once."""
        return self._line.read(
            lambda client: (
                tuple(name for flags, _, name in client.list_folders() if b"\\Noselect" not in flags),
                client.has_capability("IDLE"),
            )
        )

    def introduce(self) -> None:
        """Leave a card in the journal, once, so that colleagues can give us tickets."""
        entries = (entry_of(head) for head in self._boxes.heads() if head.place is Place.NOTES)
        cards = {entry.author for entry in entries if entry is not None and entry.step is Step.REP}
        if self._account.rep not in cards:
            self._write(
                Step.REP, About(ticket="", subject=self._account.rep.name), {}, "Works with Sidedesk here."
            )
            self._refresh()

    # -- writing ---------------------------------------------------------------------------------------------------

    def reply(self, ticket: RemoteId, reply: Reply, key: str, version: str | None) -> Receipt:
        """Send a mail, file it under Sent, and note the status."""
        dossier = self._unchanged(ticket, version)
        to = recipients_of(dossier, self._desk, self._sorter, self._account)
        id_ = message_id(dossier.id, key, self._account.rep, self._account.domain)
        mail = compose(reply, dossier, to, self._account, id_=id_)
        answered = dossier.mails[-1]
        self._submission.send(mail)
        self._unfiled.append(mail.content)
        with contextlib.suppress(DeskError):  # the mail has left: whatever fails now must not send it again
            self._file()
            if answered.place is Place.INBOX:
                self._line.write(lambda client: _flag(client, answered.folder, answered.uid))
            if reply.status is not None:
                self._note_status(dossier, reply.status, seen=id_)
        return Receipt(message=RemoteId(id_), version=self._version_after(dossier))

    def note(self, ticket: RemoteId, text: str, key: str, version: str | None) -> Receipt:
        """Put a note into the journal."""
        dossier = self._unchanged(ticket, version)
        id_ = message_id(dossier.id, key, self._account.rep, self._account.domain)
        self._write(Step.NOTE, self._about(dossier), {}, text, id_=id_)
        return Receipt(message=RemoteId(id_), version=self._version_after(dossier))

    def assign(self, ticket: RemoteId, person: Person | None) -> Receipt:
        """Give the ticket to a rep, or to nobody."""
        dossier = self._find(ticket)
        known = self._desk.people.get(initial_of(person.email or str(person.remote_id))) if person else None
        if person is not None and known is None:
            raise RefusedError(
                f"{person.name} does not work in this mailbox.",
                "Colleagues appear once they have connected it.",
            )
        value = {"to": known.email, "name": known.name} if known else {"to": ""}
        words = f"Given to {known.name}." if known else "Given to nobody."
        return self._step(dossier, Step.ASSIGN, value, words)

    def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Note a status."""
        dossier = self._find(ticket)
        if self._sorter.snapshot(dossier, self._desk).status is not status:
            self._note_status(dossier, status, seen=dossier.mails[-1].id)
        return Receipt(message=None, version=self._version_after(dossier))

    def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Note tags."""
        words = f"Tags: {', '.join(tags)}." if tags else "No tags."
        return self._step(self._find(ticket), Step.TAGS, {"tags": list(dict.fromkeys(tags))}, words)

    def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Make one ticket of two."""
        dossier, target = self._find(ticket), self._find(into)
        if dossier.id == target.id:
            return Receipt(message=None, version=self._version_after(target))
        words = f"Merged into “{target.mails[0].bare_subject}”."
        self._write(Step.MERGE, self._about(dossier), {"into": target.id}, words)
        return Receipt(message=None, version=self._version_after(target))

    # -- inside ----------------------------------------------------------------------------------------------------

    def _thread_of(self, dossier: Dossier) -> Thread:
        snapshot = self._sorter.snapshot(dossier, self._desk)
        messages = self._line.read(
            lambda client: self._reader.messages(client, dossier, self._desk, self._sorter)
        )
        return Thread(snapshot=snapshot, messages=tuple(messages))

    def _refresh(self) -> None:
        """Look, and remember which tickets have gone."""
        if self._unfiled:
            self._file()
        if not self._line.read(self._boxes.look):
            return
        before = self._desk
        self._desk = self._sorter.sort(self._boxes.heads())
        self._snapshots = None
        for id_, dossier in before.dossiers.items():
            if id_ not in self._desk.dossiers:
                self.departed.append(self._sorter.snapshot(dossier, before))

    def _find(self, ticket: RemoteId) -> Dossier:
        self._refresh()
        dossier = self._desk.find(str(ticket))
        if dossier is None:
            raise NotFoundError("This ticket is no longer in the mailbox.")
        return dossier

    def _unchanged(self, ticket: RemoteId, version: str | None) -> Dossier:
        """The ticket, if it is what the writer saw. Nothing is written yet, whatever fails here."""
        try:
            dossier = self._find(ticket)
        except UnavailableError as error:
            raise UnreachableError(error.message, error.advice) from error
        if version is not None and self._sorter.snapshot(dossier, self._desk).version != version:
            raise ConflictError("The ticket has changed meanwhile.", "Read it again before writing.")
        return dossier

    def _file(self) -> None:
        """Put what was sent into the Sent folder, also what could not be put there earlier."""
        folders = self._boxes.folders
        while self._unfiled and folders is not None:
            content = self._unfiled[0]
            self._line.write(lambda client: _file_once(client, folders.sent, content))  # noqa: B023 - called at once
            self._unfiled.pop(0)

    def _note_status(self, dossier: Dossier, status: Status, *, seen: str) -> None:
        value = {"status": status.value, "seen": seen}
        self._write(Step.STATUS, self._about(dossier), value, f"Status: {status.value}.")

    def _step(self, dossier: Dossier, step: Step, value: Mapping[str, object], words: str) -> Receipt:
        self._write(step, self._about(dossier), value, words)
        return Receipt(message=None, version=self._version_after(dossier))

    def _write(
        self, step: Step, about: About, value: Mapping[str, object], words: str, *, id_: str = ""
    ) -> None:
        account = self._account
        name = id_ or message_id(about.ticket or "card", uuid.uuid4().hex, account.rep, account.domain)
        content = write_entry(step, about, value, words, rep=account.rep, id_=name)
        if self._boxes.folders is None:
            self._refresh()
        folders = self._boxes.folders
        if folders is not None:
            self._line.write(lambda client: client.append(folders.notes, content, [SEEN]))

    def _about(self, dossier: Dossier) -> About:
        return About(
            ticket=dossier.id, subject=dossier.mails[0].bare_subject, references=dossier.references[-10:]
        )

    def _version_after(self, dossier: Dossier) -> str:
        """The ticket's version with what was just written; empty when the server cannot be asked."""
        try:
            now = self._find(RemoteId(dossier.id))
        except DeskError:
            return ""
        return self._sorter.snapshot(now, self._desk).version


def _flag(client: IMAPClient, folder: str, uid: int) -> None:
    client.select_folder(folder)
    client.add_flags([uid], [ANSWERED])


def _file_once(client: IMAPClient, folder: str, content: bytes) -> None:
    if not client.has_capability(SAVES_SENT_MAIL_ITSELF):
        client.append(folder, content, [SEEN])
