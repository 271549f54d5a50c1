r"""The folders as the server has them, kept while we are connected: heads of mails, no bodies.

Each look is one EXAMINE a folder. Where the server has CONDSTORE (RFC 7162), an unchanged HIGHESTMODSEQ ends it; else,
and when something changed, one SEARCH tells which mails are there, so that new, vanished and \\Deleted ones show alike.
QRESYNC's VANISHED would tell no more. UIDs hold as long as UIDVALIDITY does (RFC 3501, section 2.3.1.1).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from imapclient import IMAPClient
from imapclient.imapclient import SENT

from copilot.desks.mailbox.account import Limits
from copilot.desks.mailbox.heads import FIELDS, Head, Place, head_of, ids_in
from copilot.desks.mailbox.journal import FOLDER

CHUNK = 500
_SENT_NAMES = ("Sent", "Sent Items", "Sent Messages", "INBOX.Sent", "Gesendet", "Gesendete Elemente")
_WANTED = ["INTERNALDATE", "RFC822.SIZE", f"BODY.PEEK[HEADER.FIELDS ({FIELDS})]"]
REPORT_BYTES = 200_000
_FOLD = re.compile(r"\r\n[ \t]+")


@dataclass(slots=True)
class Box:
    """One folder. `next_uid` is above every UID that has been there; `modseq` is 0 without CONDSTORE."""

    place: Place
    name: str
    validity: int = 0
    next_uid: int = 1
    modseq: int = 0
    heads: dict[int, Head] = field(default_factory=dict)

    def sum_below(self, uid: int) -> int:
        """A checksum of the UIDs below one: another means that mails have gone, or come back."""
        below = sorted(known for known in self.heads if known < uid)
        return zlib.crc32(",".join(map(str, below)).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """What the folders are called on this server."""

    inboxes: tuple[str, ...]
    sent: str
    notes: str


class Boxes:
    """All folders that tickets are made from. Blocks."""

    def __init__(self, inboxes: Iterable[str], limits: Limits) -> None:
        self._inboxes = tuple(inboxes)
        self._limits = limits
        self._boxes: list[Box] = []
        self.folders: Folders | None = None

    def __iter__(self) -> Iterator[Box]:
        return iter(self._boxes)

    def heads(self) -> Iterator[Head]:
        """The heads of all mails, in no order."""
        for box in self._boxes:
            yield from box.heads.values()

    def look(self, client: IMAPClient) -> bool:
        """See what is there now; answers whether anything has changed."""
        if self.folders is None:
            self.folders = find_folders(client, self._inboxes)
            self._boxes = [
                Box(Place.SENT, self.folders.sent),
                *(Box(Place.INBOX, name) for name in self.folders.inboxes),
                Box(Place.NOTES, self.folders.notes),
            ]
        changed = [
            self._look_into(client, box) for box in self._boxes
        ]  # each of them, whatever the first said
        return any(changed)

    def _look_into(self, client: IMAPClient, box: Box) -> bool:
        said = client.select_folder(box.name, readonly=True)
        validity, modseq = int(said.get(b"UIDVALIDITY", 0)), int(said.get(b"HIGHESTMODSEQ", 0))
        if validity != box.validity:
            box.validity, box.next_uid, box.modseq, box.heads = validity, 1, 0, {}
        elif modseq and modseq == box.modseq:
            return False
        live = sorted(client.search(["UNDELETED"]) if said.get(b"EXISTS") else [])
        live = live[-self._limits.mails_a_folder :]
        new = [uid for uid in live if uid not in box.heads]
        there = set(live)
        gone = [uid for uid in box.heads if uid not in there]
        for start in range(0, len(new), CHUNK):
            self._fetch(client, box, new[start : start + CHUNK])
        for uid in gone:
            del box.heads[uid]
        box.next_uid = max([box.next_uid, int(said.get(b"UIDNEXT", 0)), *(uid + 1 for uid in live[-1:])])
        box.modseq = modseq
        return bool(new or gone)

    def _fetch(self, client: IMAPClient, box: Box, uids: list[int]) -> None:
        for uid, fetched in client.fetch(uids, _WANTED).items():
            head = head_of(box.place, box.name, uid, fetched)
            box.heads[uid] = _threaded_report(client, head) if head.is_report else head


def find_folders(client: IMAPClient, inboxes: tuple[str, ...]) -> Folders:
    """The folders' names on this server; those for sent mails and notes are made where they are missing."""
    names = [name for _, _, name in client.list_folders()]
    sent = client.find_special_folder(SENT) or next((name for name in _SENT_NAMES if name in names), None)
    prefix = _prefix(client)
    notes = f"{prefix}{FOLDER}"
    for name in (sent or f"{prefix}Sent", notes):
        if name not in names:
            client.create_folder(name)
    return Folders(inboxes=inboxes, sent=sent or f"{prefix}Sent", notes=notes)


def _prefix(client: IMAPClient) -> str:
    """What the names of a user's own folders begin with (RFC 2342)."""
    if not client.has_capability("NAMESPACE"):
        return ""
    personal = client.namespace().personal
    return str(personal[0][0]) if personal else ""


def _threaded_report(client: IMAPClient, head: Head) -> Head:
    """A delivery report names the mail it is about inside (RFC 3464, section 2), and belongs to its thread."""
    fetched = client.fetch([head.uid], [f"BODY.PEEK[]<0.{REPORT_BYTES}>"]).get(head.uid, {})
    raw = next((value for key, value in fetched.items() if key.startswith(b"BODY[")), b"")
    inside = _FOLD.sub(" ", raw.decode("latin-1").partition("\r\n\r\n")[2])
    found = [line for line in inside.splitlines() if line.lower().startswith(("message-id:", "references:"))]
    about = tuple(id_ for line in found for id_ in ids_in(line) if id_ != head.id)
    return replace(head, references=tuple(dict.fromkeys((*head.references, *about))))
