"""What others do on the demo desk by themselves: colleagues, requesters and the AI agent.

Everything they say is from the data or written here, and kept with `scripted` set. Nothing runs in the background:
what is due by the desk's clock is played when the desk is next asked for something, dated when it was due.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from hashlib import blake2b

from copilot.desks.demo.behaviour import DemoBehaviour
from copilot.desks.demo.fill import BROKEN, stamp
from copilot.desks.demo.records import Post, Records
from copilot.domain import MessageKind, RemoteId, Role, Status

MOST_AT_ONCE = 3
"""How many colleagues may have written since the desk was last asked, however long ago that is."""
SHORTEST_TURN_SECONDS = 1.0

AGENT_ANSWER = (
    "Thank you, I have added this to your request. I am {agent}, and I have no further step that I am sure of, so a "
    "colleague will read it and answer you here."
)


class Script:
    """The others' parts, inside the caller's transaction."""

    def __init__(self, records: Records, behaviour: DemoBehaviour) -> None:
        self._records = records
        self._connection = records.connection
        self._behaviour = behaviour

    # -- cues ------------------------------------------------------------------------------------------------------

    def after_reply(self, ticket: sqlite3.Row, rep: str) -> None:
        """The signed-in rep has answered: colleagues leave the ticket alone, the requester will answer."""
        self.stop_agent(ticket["id"])
        own_answer = self._take_own_answer(ticket["id"], rep)
        self.colleagues_leave(ticket["id"])
        seconds = self._behaviour.requester_answers_after_seconds
        answered = self._records.meta(f"answered {ticket['id']}")
        if seconds is None or answered == "satisfied" or self._has_plan(ticket["id"], ticket["requester"]):
            return
        if own_answer:
            satisfied, text = not BROKEN.search(own_answer), own_answer
        else:
            satisfied, text = self._general_answer(ticket["id"], first=not answered)
        if text:
            self._records.set_meta(f"answered {ticket['id']}", "satisfied" if satisfied else "unsatisfied")
            self.plan(ticket["id"], ticket["requester"], text, seconds=seconds, solved=satisfied)

    def after_requester(self, ticket: sqlite3.Row) -> None:
        """A requester has written: the AI agent begins to answer if nobody has taken the ticket."""
        seconds = self._behaviour.ai_agent_answers_after_seconds
        agent = self._records.person(self._records.meta("ai_agent"), Role.AI_AGENT)
        if seconds is None or ticket["assignee"] or self._has_plan(ticket["id"], agent.remote_id):
            return
        self.plan(ticket["id"], agent.remote_id, AGENT_ANSWER.format(agent=agent.name), seconds=seconds)

    def stop_agent(self, ticket: str) -> None:
        """A person has the ticket: an answer the AI agent was making is never posted."""
        self._connection.execute(
            "DELETE FROM planned WHERE ticket = ? AND author = ?", (ticket, self._records.meta("ai_agent"))
        )

    def colleagues_leave(self, ticket: str) -> None:
        """Somebody works on the ticket through this desk: what the data had planned no longer fits."""
        self._connection.execute("DELETE FROM script WHERE ticket = ?", (ticket,))

    def plan(self, ticket: str, author: str, text: str, *, seconds: float, solved: bool = False) -> None:
        """Let `author` post `text` some seconds from now; with `solved` the requester marks the ticket so."""
        due = stamp(self._records.now + timedelta(seconds=seconds))
        self._connection.execute(
            "INSERT INTO planned (ticket, author, due, text, solved) VALUES (?, ?, ?, ?, ?)",
            (ticket, author, due, text, solved),
        )

    # -- playing ---------------------------------------------------------------------------------------------------

    def is_due(self) -> bool:
        """Whether `play` would do anything; cheap, asked with every request."""
        due = self._connection.execute("SELECT min(due) AS first FROM planned").fetchone()["first"]
        if due is not None and due <= stamp(self._records.now):
            return True
        if self._behaviour.others_reply_every_seconds is None:
            return False
        return self._records.meta("colleagues_at") <= stamp(self._records.now)

    def play(self) -> None:
        """Post whatever is due, in the order in which it was."""
        lines_left = MOST_AT_ONCE
        while True:
            plan, turn = self._due_plan(), self._colleagues_turn()
            if turn is not None and (plan is None or stamp(turn) < plan["due"]):
                spoken = lines_left > 0 and self._play_next_line(Records(self._connection, turn))
                lines_left -= 1
                # When nobody has anything to say, or enough was said, the waiting begins anew.
                self._set_colleagues_turn(turn if spoken else self._records.now)
            elif plan is not None:
                self._connection.execute("DELETE FROM planned WHERE id = ?", (plan["id"],))
                self._post_planned(Records(self._connection, datetime.fromisoformat(plan["due"])), plan)
            else:
                return

    def _due_plan(self) -> sqlite3.Row | None:
        plan: sqlite3.Row | None = self._connection.execute(
            "SELECT * FROM planned WHERE due <= ? ORDER BY due, id LIMIT 1", (stamp(self._records.now),)
        ).fetchone()
        return plan

    def _colleagues_turn(self) -> datetime | None:
        """When a colleague should have written, if that is over; the first time, the waiting only begins."""
        if self._behaviour.others_reply_every_seconds is None:
            return None
        turn = self._records.meta("colleagues_at")
        if not turn:
            self._set_colleagues_turn(self._records.now)
            return None
        return datetime.fromisoformat(turn) if turn <= stamp(self._records.now) else None

    def _set_colleagues_turn(self, last: datetime) -> None:
        seconds = max(self._behaviour.others_reply_every_seconds or 0.0, SHORTEST_TURN_SECONDS)
        self._records.set_meta("colleagues_at", stamp(last + timedelta(seconds=seconds)))

    def _play_next_line(self, records: Records) -> bool:
        """Post the first line of the script whose turn has come; false when there is none."""
        line = self._connection.execute(
            "SELECT s.*, t.assignee, t.status, t.requester FROM script s JOIN tickets t ON t.id = s.ticket"
            " WHERE s.position = (SELECT min(position) FROM script WHERE ticket = s.ticket)"
            " AND s.author <> ? AND NOT t.deleted AND t.status NOT IN (?, ?) ORDER BY s.position LIMIT 1",
            (records.meta("signed_in"), Status.SOLVED, Status.CLOSED),
        ).fetchone()
        if line is None:
            return False
        self._connection.execute("DELETE FROM script WHERE position = ?", (line["position"],))
        post = Post(
            ticket=line["ticket"],
            author=line["author"],
            text=line["text"],
            html=line["html"],
            kind=MessageKind(line["kind"]),
            scripted=True,
        )
        if line["author"] == line["requester"]:
            records.hear_requester(post)
            return True
        records.add(post)
        status = Status.OPEN if line["status"] == Status.NEW else line["status"]
        records.touch(line["ticket"], status=status, assignee=line["assignee"] or line["author"])
        self.stop_agent(line["ticket"])
        return True

    def _post_planned(self, records: Records, plan: sqlite3.Row) -> None:
        ticket = self._connection.execute(
            "SELECT * FROM tickets WHERE id = ? AND NOT deleted", (plan["ticket"],)
        ).fetchone()
        if ticket is None:
            return
        post = Post(ticket=plan["ticket"], author=plan["author"], text=plan["text"], scripted=True)
        if plan["author"] != ticket["requester"]:
            records.add(post)
            records.touch(plan["ticket"])
            return
        records.hear_requester(post)
        if plan["solved"]:
            records.touch(
                plan["ticket"], status=Status.SOLVED, accepted_solution=self._newest_reply(plan["ticket"])
            )
        else:
            Script(records, self._behaviour).after_requester(ticket)

    # -- choosing --------------------------------------------------------------------------------------------------

    def _take_own_answer(self, ticket: str, rep: str) -> str:
        """What the requester really said after this rep's own answer, when that comes next in the script."""
        lines = self._connection.execute(
            "SELECT * FROM script WHERE ticket = ? ORDER BY position LIMIT 2", (ticket,)
        ).fetchall()
        if len(lines) < 2 or lines[0]["author"] != rep or lines[1]["author"] == rep:
            return ""
        return str(lines[1]["text"])

    def _general_answer(self, ticket: str, *, first: bool) -> tuple[bool, str]:
        """Mostly thanks; every fourth requester first says that it does not work."""
        number = int.from_bytes(blake2b(ticket.encode(), digest_size=4).digest())
        satisfied = not first or number % 4 != 0
        rows = self._connection.execute(
            "SELECT text FROM answers WHERE satisfied = ? ORDER BY position", (satisfied,)
        ).fetchall()
        return satisfied, str(rows[number // 4 % len(rows)]["text"]) if rows else ""

    def _newest_reply(self, ticket: str) -> RemoteId | None:
        found = self._connection.execute(
            "SELECT m.id FROM messages m JOIN people p ON p.id = m.author"
            " WHERE m.ticket = ? AND m.kind = ? AND p.role = ? ORDER BY m.position DESC LIMIT 1",
            (ticket, MessageKind.PUBLIC, Role.REP),
        ).fetchone()
        return RemoteId(found["id"]) if found else None

    def _has_plan(self, ticket: str, author: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM planned WHERE ticket = ? AND author = ?", (ticket, author)
        ).fetchone()
        return found is not None
