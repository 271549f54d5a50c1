"""What changed since a cursor.

The cursor holds, for each folder, UIDVALIDITY, the UID that comes next, and a checksum of the UIDs there. A mail with
a higher UID is new; another checksum says that mails have gone, and then all tickets are listed (from memory: sync
reads only those whose version differs). Tickets that went whole while nobody looked are noticed when somebody acts on
them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.mailbox.boxes import Boxes
from copilot.desks.mailbox.office import Office
from copilot.domain import RemoteId, TicketSnapshot
from copilot.errors import BadDataError

State = Mapping[str, tuple[int, int, int]]
"""By folder: UIDVALIDITY, next UID, checksum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A cursor taken apart. `below` is where a first reading goes on: time and id of the last ticket listed."""

    state: State
    session: str = ""
    departed: int = 0
    below: tuple[str, str] | None = None

    def packed(self) -> Cursor:
        """The cursor itself."""
        return Cursor(json.dumps([self.state, self.session, self.departed, self.below]))


def mark_of(cursor: Cursor) -> Mark:
    """Raises `BadDataError` for a cursor that is not ours."""
    try:
        state, session, departed, below = json.loads(cursor)
        return Mark(
            state={str(name): (int(a), int(b), int(c)) for name, (a, b, c) in state.items()},
            session=str(session),
            departed=int(departed),
            below=(str(below[0]), str(below[1])) if below else None,
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise BadDataError("The place where reading stopped is not known any more.") from error


class Changes:
    """Lists changes of one connection. Blocks."""

    def __init__(self, office: Office, session: str, page: int) -> None:
        self._office = office
        self._session = session
        self._page = page

    def since(self, cursor: Cursor | None) -> list[ChangePage]:
        """All pages; none when nothing has changed."""
        boxes, tickets = self._office.look()
        now = Mark(state=_state(boxes), session=self._session, departed=len(self._office.departed))
        if cursor is None:
            return list(self._first(tickets.values(), replace(now, departed=now.departed), None))
        mark = mark_of(cursor)
        if mark.below is not None:
            return list(self._first(tickets.values(), replace(mark, below=None), mark.below))
        changed = [tickets[id_] for id_ in self._changed(boxes, mark) if id_ in tickets]
        gone = self._office.departed[mark.departed :] if mark.session == self._session else []
        changed += [replace(ticket, deleted=True) for ticket in gone if str(ticket.remote_id) not in tickets]
        changed.sort(key=lambda ticket: (ticket.updated, ticket.remote_id))
        if not changed and mark.state == now.state:
            return []
        return [ChangePage(tickets=tuple(changed), cursor=now.packed(), remaining=0)]

    def _first(
        self, tickets: Iterable[TicketSnapshot], start: Mark, below: tuple[str, str] | None
    ) -> Iterator[ChangePage]:
        """The first reading, newest ticket first; what changes meanwhile is found from where it started."""
        ordered = sorted(tickets, key=_place, reverse=True)
        left = [ticket for ticket in ordered if below is None or _place(ticket) < below]
        for first in range(0, max(1, len(left)), self._page):
            page = tuple(left[first : first + self._page])
            last = first + self._page >= len(left)
            mark = start if last else replace(start, below=_place(page[-1]))
            yield ChangePage(
                tickets=page, cursor=mark.packed(), remaining=max(0, len(left) - first - len(page))
            )

    def _changed(self, boxes: Boxes, mark: Mark) -> set[str]:
        """The ids of tickets with new mails or entries; of all where it cannot be told which."""
        desk = self._office.desk()
        new: set[RemoteId] = set()
        for box in boxes:
            validity, next_uid, checksum = mark.state.get(box.name, (0, 0, 0))
            if (box.validity, box.sum_below(next_uid)) != (validity, checksum):
                return set(desk.dossiers)
            new |= {RemoteId(head.id) for uid, head in box.heads.items() if uid >= next_uid}
        return {
            dossier.id
            for dossier in desk.dossiers.values()
            if any(RemoteId(mail.id) in new for mail in dossier.mails)
            or any(RemoteId(entry.head.id) in new for entry in dossier.entries)
        }


def _state(boxes: Boxes) -> State:
    return {box.name: (box.validity, box.next_uid, box.sum_below(box.next_uid)) for box in boxes}


def _place(ticket: TicketSnapshot) -> tuple[str, str]:
    return ticket.updated.isoformat(), str(ticket.remote_id)
