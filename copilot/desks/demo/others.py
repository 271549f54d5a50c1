"""Acting as the other people around the demo desk: for tests, and for showing it to somebody."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.desks.demo.fill import stamp
from copilot.desks.demo.records import Post, Records
from copilot.desks.demo.script import Script
from copilot.desks.demo.transactions import Transactions
from copilot.domain import Channel, Message, MessageKind, RemoteId, Role, Status, Upload
from copilot.errors import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A question that reaches the desk; the requester is known by e-mail address."""

    subject: str
    text: str
    html: str = ""
    attachments: tuple[Upload, ...] = ()
    channel: Channel = Channel.EMAIL
    requester: str = "Noa Vermeer"
    email: str = "noa.vermeer@example.com"


class Others:
    """What requesters, colleagues and the AI agent do; nothing here is slow or fails on purpose."""

    def __init__(self, transactions: Transactions) -> None:
        self._reading = transactions.reading
        self._writing = transactions.writing
        self._behaviour = transactions.behaviour

    def new_ticket(self, new: NewTicket) -> RemoteId:
        """A question arrives."""
        with self._writing() as records:
            requester = self._requester(records, new)
            ticket = f"demo-{int(records.meta('seq')) + 1}"
            records.connection.execute(
                "INSERT INTO tickets (id, seq, subject, status, channel, created, updated, requester, team, tags,"
                " fields, url) VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, '[]', '{}', '')",
                (
                    ticket,
                    new.subject,
                    Status.NEW,
                    new.channel,
                    stamp(records.now),
                    stamp(records.now),
                    requester,
                    records.groups()[0],
                ),
            )
            records.hear_requester(
                Post(
                    ticket=ticket,
                    author=requester,
                    text=new.text,
                    html=new.html,
                    attachments=new.attachments,
                )
            )
            return RemoteId(ticket)

    def requester_writes(
        self, ticket: RemoteId, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        """The requester adds to the ticket, which reopens it."""
        with self._writing() as records:
            row = records.ticket(ticket)
            post = Post(ticket=ticket, author=row["requester"], text=text, html=html, attachments=attachments)
            message = records.hear_requester(post)
            Script(records, self._behaviour).after_requester(row)
            return message

    def rep_writes(self, ticket: RemoteId, text: str, *, rep: str = "", note: bool = False) -> RemoteId:
        """A colleague (a rep's id; else the first who is not signed in) replies or adds a note."""
        with self._writing() as records:
            row = records.ticket(ticket)
            author = records.person(rep or self._colleague(records), Role.REP)
            kind = MessageKind.NOTE if note else MessageKind.PUBLIC
            message = records.add(Post(ticket=ticket, author=author.remote_id, text=text, kind=kind))
            answered = row["status"] == Status.NEW and not note
            records.touch(ticket, status=Status.OPEN if answered else row["status"])
            return message

    def agent_writes(self, ticket: RemoteId, text: str) -> RemoteId:
        """The AI agent answers at once. Raises `RefusedError` when a person has the ticket."""
        with self._writing() as records:
            self._check_untaken(records, ticket)
            post = Post(ticket=ticket, author=records.meta("ai_agent"), text=text, scripted=True)
            message = records.add(post)
            records.touch(ticket)
            return message

    def agent_begins(self, ticket: RemoteId, text: str, seconds: float) -> None:
        """The AI agent begins an answer that is posted in some seconds, if nobody takes the ticket before."""
        with self._writing() as records:
            self._check_untaken(records, ticket)
            Script(records, self._behaviour).plan(ticket, records.meta("ai_agent"), text, seconds=seconds)

    def agent_escalates(self, ticket: RemoteId, reason: str, confidence: float) -> None:
        """The AI agent gives the ticket up, with an internal note. Raises `RefusedError` when a person has it."""
        with self._writing() as records:
            self._check_untaken(records, ticket)
            note = f"Escalated by the AI agent.\n\nReason: {reason}\nConfidence: {confidence:.2f}"
            agent = records.meta("ai_agent")
            records.add(Post(ticket=ticket, author=agent, text=note, kind=MessageKind.NOTE, scripted=True))
            Script(records, self._behaviour).stop_agent(ticket)
            records.touch(
                ticket,
                escalation_reason=reason,
                escalation_confidence=confidence,
                escalated_at=stamp(records.now),
            )

    def delete(self, ticket: RemoteId) -> None:
        """An administrator deletes the ticket."""
        with self._writing() as records:
            records.ticket(ticket)
            records.touch(ticket, deleted=True)

    def received_by_requester(self, ticket: RemoteId) -> list[Message]:
        """Every message that reached the requester, oldest first."""
        with self._reading() as records:
            requester = records.ticket(ticket)["requester"]
            return [
                message
                for message in records.messages(ticket)
                if message.kind is MessageKind.PUBLIC and message.author.remote_id != requester
            ]

    def scripted(self, ticket: RemoteId) -> frozenset[RemoteId]:
        """The messages of a ticket that no person wrote."""
        with self._reading() as records:
            rows = records.connection.execute(
                "SELECT id FROM messages WHERE ticket = ? AND scripted", (ticket,)
            )
            return frozenset(RemoteId(row["id"]) for row in rows)

    def _colleague(self, records: Records) -> str:
        me = records.meta("signed_in")
        return next(person.remote_id for person in records.reps() if person.remote_id != me)

    def _check_untaken(self, records: Records, ticket: RemoteId) -> None:
        if records.ticket(ticket)["assignee"]:
            raise RefusedError("A person has taken this ticket.", "The AI agent stays silent on it.")

    def _requester(self, records: Records, new: NewTicket) -> str:
        found = records.connection.execute(
            "SELECT id FROM people WHERE email = ? AND role = ?", (new.email, Role.REQUESTER)
        ).fetchone()
        if found:
            return str(found["id"])
        count = records.connection.execute("SELECT count(*) AS n FROM people").fetchone()["n"]
        records.connection.execute(
            "INSERT INTO people (id, name, email, role, position) VALUES (?, ?, ?, ?, ?)",
            (f"cust-new-{count}", new.requester, new.email, Role.REQUESTER, count),
        )
        return f"cust-new-{count}"
