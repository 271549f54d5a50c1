"""From heads and journal to tickets: which mails belong together, who said what, and where each ticket stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from copilot.desks.mailbox.account import Account
from copilot.desks.mailbox.heads import NO_ID, Head, Place
from copilot.desks.mailbox.journal import Entry, Step, entry_of, initial_of, parts_of, ticket_of
from copilot.domain import Channel, Person, RemoteId, Role, Status, TicketSnapshot
from copilot.text.mime import MailAddress

_TAG = re.compile(r"\[#([a-z2-7]{12})\]")
_PLUS = re.compile(r"\+([a-z2-7]{12})@")
NO_SUBJECT = "(no subject)"
SAME_MAIL = timedelta(hours=1)
"""Copies of one mail (to an alias, over a list) arrive together."""


@dataclass(slots=True, kw_only=True)
class Dossier:
    """A ticket's mails and journal, each oldest first."""

    id: str
    mails: list[Head]
    entries: list[Entry] = field(default_factory=list)

    @property
    def references(self) -> tuple[str, ...]:
        """The ids of its mails, for threading the next one."""
        return tuple(mail.id for mail in self.mails)

    def last(self, step: Step) -> Entry | None:
        """The newest entry of a kind."""
        return next((entry for entry in reversed(self.entries) if entry.step is step), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All tickets by id, those that were merged away by their old ids, and the reps who have introduced themselves."""

    dossiers: Mapping[str, Dossier]
    merged: Mapping[str, str]
    people: Mapping[str, Person]

    def find(self, ticket: str) -> Dossier | None:
        """A ticket, also by the id it had before it was merged."""
        for _ in range(len(self.merged) + 1):
            if ticket not in self.merged:
                break
            ticket = self.merged[ticket]
        return self.dossiers.get(ticket)


class Sorter:
    """Sorts the heads of an account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def sort(self, heads: Iterable[Head]) -> Desk:
        """All tickets. Pure, and the same for the same mails in whatever order."""
        mails: dict[str, Head] = {}
        entries: list[Entry] = []
        for head in sorted(heads, key=lambda head: (head.place, head.folder, head.uid)):
            if head.place is not Place.NOTES:
                _put(mails, head)
            elif entry := entry_of(head):
                entries.append(entry)
        dossiers, merged = _threads(mails, entries)
        for entry in entries:
            dossier = dossiers.get(_final(entry.ticket, merged))
            if dossier is not None and entry.step is not Step.REP:
                dossier.entries.append(entry)
        return Desk(dossiers=dossiers, merged=merged, people=self._people(entries))

    def snapshot(self, dossier: Dossier, desk: Desk) -> TicketSnapshot:
        """What a ticket's mails and journal say of it."""
        requester = self.requester(dossier, desk)
        last = [*dossier.mails[-1:], *(entry.head for entry in dossier.entries[-1:])]
        return TicketSnapshot(
            remote_id=RemoteId(dossier.id),
            subject=dossier.mails[0].bare_subject or NO_SUBJECT,
            status=self._status(dossier, desk),
            channel=Channel.EMAIL,
            created=dossier.mails[0].arrived,
            updated=max(head.arrived for head in last),
            requester=requester,
            version=_version(dossier),
            assignee=_assignee(dossier, desk),
            tags=_tags(dossier),
        )

    def requester(self, dossier: Dossier, desk: Desk) -> Person:
        """Who asked first; of mails by machines only, the machine."""
        inbound = [mail for mail in dossier.mails if mail.place is Place.INBOX]
        authors = [self.author(mail, desk) for mail in inbound]
        asking = next((author for author in authors if author.role is Role.REQUESTER), None)
        if asking is not None:
            return asking
        sender = inbound[0].sender if inbound else dossier.mails[0].sender
        return _person(sender, Role.REQUESTER)

    def author(self, mail: Head, desk: Desk) -> Person:
        """Who wrote a mail."""
        sender = mail.sender
        if {sender.address, sender.name.casefold()} & self._account.ai_agents - {""}:
            return _person(sender, Role.AI_AGENT)
        ours = parts_of(mail.id)
        if mail.place is Place.SENT:
            known = desk.people.get(ours[2]) if ours else None
            return known or _person(sender, Role.REP)
        if mail.by_machine:
            return _person(sender, Role.SYSTEM)
        known = desk.people.get(initial_of(sender.address))
        if known is not None and sender.address != self._account.address:
            return known
        return _person(sender, Role.REQUESTER)

    def _people(self, entries: Iterable[Entry]) -> dict[str, Person]:
        me = self._account.rep
        people = {initial_of(e.author.email): e.author for e in entries if e.step is Step.REP}
        return people | {initial_of(me.email): me}

    def _status(self, dossier: Dossier, desk: Desk) -> Status:
        """The status that was set last; words of the requester since then open a ticket again."""
        entry = dossier.last(Step.STATUS)
        roles = [(mail, self.author(mail, desk).role) for mail in dossier.mails]
        if entry is None:
            answered = any(role in {Role.REP, Role.AI_AGENT} for _, role in roles)
            return Status.OPEN if answered or dossier.entries else Status.NEW
        try:
            status = Status(str(entry.value.get("status")))
        except ValueError:
            return Status.OPEN
        seen = str(entry.value.get("seen", ""))
        ids = [mail.id for mail in dossier.mails]
        since = roles[ids.index(seen) + 1 :] if seen in ids else []
        again = any(role is Role.REQUESTER for _, role in since)
        return Status.OPEN if again and status is not Status.NEW else status


def _put(mails: dict[str, Head], head: Head) -> None:
    """Add a mail once, however many copies there are; ids that senders use again and again hide no mail."""
    other = mails.setdefault(head.id, head)
    same_place = other is not head and (other.place, other.folder) == (head.place, head.folder)
    if same_place and (head.id.startswith(NO_ID) or abs(head.arrived - other.arrived) > SAME_MAIL):
        own = replace(head, id=f"{head.id}#{head.uid}", references=(head.id, *head.references))
        mails[own.id] = own


def _threads(
    mails: Mapping[str, Head], entries: Sequence[Entry]
) -> tuple[dict[str, Dossier], dict[str, str]]:
    """Mails that belong together; a ticket needs at least one that came in."""
    groups = _Groups()
    for mail in mails.values():
        groups.join(mail.id, *mail.references, *_named_tickets(mail))
        ours = parts_of(mail.id)
        if ours:
            groups.join(mail.id, f"ticket {ours[0]}")
    for mail in mails.values():
        groups.join(mail.id, f"ticket {ticket_of(_root(mail))}")
    together: dict[str, list[Head]] = defaultdict(list)
    for mail in mails.values():
        together[groups.find(mail.id)].append(mail)
    dossiers: dict[str, Dossier] = {}
    for group in together.values():
        if any(mail.place is Place.INBOX for mail in group):
            ordered = _in_order(group)
            id_ = ticket_of(_root(ordered[0]))
            dossiers[id_] = Dossier(id=id_, mails=ordered)
    return dossiers, _merge(dossiers, entries)


def _other_names(dossiers: Mapping[str, Dossier]) -> dict[str, str]:
    """Ids that tickets had before a later mail joined two of them, or before their first mail was deleted."""
    return {
        name: dossier.id
        for dossier in dossiers.values()
        for name in (ticket_of(_root(mail)) for mail in dossier.mails)
        if name not in dossiers
    }


def _merge(dossiers: dict[str, Dossier], entries: Sequence[Entry]) -> dict[str, str]:
    """Carry out the journal's merges; answers where the tickets went. What would lead in a circle is passed over."""
    merged = _other_names(dossiers)
    for entry in entries:
        into = _final(str(entry.value.get("into", "")), merged)
        source = _final(entry.ticket, merged)
        if entry.step is Step.MERGE and source != into and source in dossiers and into in dossiers:
            moving = dossiers.pop(source)
            dossiers[into].mails = _in_order([*dossiers[into].mails, *moving.mails])
            merged[source] = into
    return merged


def _final(ticket: str, merged: Mapping[str, str]) -> str:
    while ticket in merged:
        ticket = merged[ticket]
    return ticket


def _root(mail: Head) -> str:
    return mail.references[0] if mail.references else mail.id


def _named_tickets(mail: Head) -> list[str]:
    """Tickets that are named in the subject, in the address written to, or in the id of a mail of ours it answers."""
    named = _TAG.findall(mail.subject)
    named += [found for person in (*mail.to, *mail.copies) for found in _PLUS.findall(person.address)]
    named += [ours[0] for reference in mail.references if (ours := parts_of(reference))]
    return [f"ticket {ticket}" for ticket in named]


def _in_order(mails: Iterable[Head]) -> list[Head]:
    """Oldest first by the server's time, but an answer never before what it answers.

    A reply is filed under Sent a moment after it was sent, and a bounce or a quick answer can be there before.
    """
    times: dict[str, datetime] = {}
    ordered: list[Head] = []
    for mail in sorted(mails, key=lambda mail: (len(mail.references), mail.arrived)):
        before = [times[known] for known in mail.references if known in times]
        times[mail.id] = max([mail.arrived, *before])
        ordered.append(replace(mail, arrived=times[mail.id]))
    return sorted(ordered, key=lambda mail: (mail.arrived, len(mail.references), -mail.place, mail.uid))


def _version(dossier: Dossier) -> str:
    ids = [*(mail.id for mail in dossier.mails), *(entry.head.id for entry in dossier.entries)]
    return sha256("\n".join(ids).encode()).hexdigest()[:16]


def _assignee(dossier: Dossier, desk: Desk) -> Person | None:
    entry = dossier.last(Step.ASSIGN)
    address = str(entry.value.get("to", "")) if entry else ""
    if not address:
        return None
    name = str(entry.value.get("name", "")) if entry else ""
    known = desk.people.get(initial_of(address))
    return known or _person(MailAddress(name, address), Role.REP)


def _tags(dossier: Dossier) -> tuple[str, ...]:
    entry = dossier.last(Step.TAGS)
    tags = entry.value.get("tags") if entry else None
    return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()


def _person(sender: MailAddress, role: Role) -> Person:
    address = sender.address or "unknown"
    return Person(remote_id=RemoteId(address), name=sender.name or address, email=sender.address, role=role)


class _Groups:
    """Disjoint sets of names."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def find(self, name: str) -> str:
        """The name that stands for the set."""
        top = name
        while (above := self._above.setdefault(top, top)) != top:
            top = above
        while name != top:
            self._above[name], name = top, self._above[name]
        return top

    def join(self, first: str, *others: str) -> None:
        """Make one set of them all."""
        top = self.find(first)
        for other in others:
            self._above[self.find(other)] = top
