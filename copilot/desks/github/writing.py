"""Writes to issues and discussions.

"Create an issue comment", "Update an issue" (state and state_reason, assignees), "Set labels for an issue";
addDiscussionComment, closeDiscussion and reopenDiscussion. The words go as the Markdown they are, with what would be
HTML there escaped; the last thing in them is a comment with our mark, which GitHub keeps and does not show.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import structlog

from copilot.desks import words
from copilot.desks.ai_agents import AiAgents
from copilot.desks.base import Receipt
from copilot.desks.github import translate
from copilot.desks.github.discussions import DiscussionReader
from copilot.desks.github.graph import CLOSE, COMMENT, REOPEN, Graph
from copilot.desks.github.issues import Issues
from copilot.desks.github.places import Place, place_of
from copilot.desks.github.translate import Customs
from copilot.desks.github.wire import CommentRow, IdNode, IssueRow, UserRow
from copilot.desks.rest import Rest
from copilot.desks.rest.recent import clock_of
from copilot.domain import Capabilities, Channel, Person, RemoteId, Reply, Status
from copilot.errors import DeskError, RefusedError, UnavailableError, UnreachableError, UnsupportedError

log = structlog.get_logger()
_CODE = re.compile(r"(```.*?```|~~~.*?~~~|``.*?``|`[^`\n]*`)", re.DOTALL)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^<>\s]+>")
MOST_CHARS = 65_536
MARK_CHARS = 64
CLOSING = {Status.SOLVED: ("completed", "RESOLVED"), Status.CLOSED: ("not_planned", "OUTDATED")}
CAPABILITIES = Capabilities(
    notes=False,
    statuses=frozenset({Status.OPEN, Status.SOLVED, Status.CLOSED}),
    fields=False,
    attachments=False,
    html=False,
    reply_limit=MOST_CHARS - MARK_CHARS,
    reasons={
        "notes": "Everybody can read what is written on GitHub: there are no internal notes.",
        "fields": "Issues and discussions have labels, but no fields.",
        "attachments": "GitHub takes files on its own pages only.",
        "safe_update": "GitHub does not say whether an issue has changed before it takes a comment.",
        "idempotency": "GitHub knows no idempotency keys.",
        "live": "GitHub tells of changes only when asked.",
        "viewers": "GitHub does not tell who is looking.",
        "merge": "GitHub does not merge issues; close one as a duplicate on its page.",
    },
)


class Writing:
    """Comments, assignees, labels and states."""

    def __init__(self, rest: Rest, graph: Graph, issues: Issues, discussions: DiscussionReader) -> None:
        self._rest = rest
        self._graph = graph
        self._issues = issues
        self._discussions = discussions

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A comment. The state follows; whoever reads again sees whether it took."""
        del version  # GitHub compares no version
        words.refuse_nothing(reply.text, reply.attachments)
        limits = words.limits_of(CAPABILITIES, Channel.FORUM)
        body = escaped(reply.text)
        words.refuse_too_much(body, reply.attachments, limits, Channel.FORUM)
        if reply.status is not None:
            _refuse_status(reply.status)
        place = place_of(ticket)
        marked = f"{body}\n\n<!-- sidedesk {words.hash_of(key)} -->"
        made = await (self._discuss(place, marked) if place.is_discussion else self._comment(place, marked))
        if reply.status is not None:
            await self._set_quietly(place, reply.status)
        return await self._receipt(place, made)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """Never: everybody would read it."""
        del ticket, text, key, version
        raise UnsupportedError(CAPABILITIES.reasons["notes"], "Keep notes elsewhere.")

    async def _comment(self, place: Place, body: str) -> RemoteId:
        made = await self._rest.send("POST", f"{place.path}/comments", {"body": body}, CommentRow)
        return RemoteId(str(made.value.id))

    async def _discuss(self, place: Place, body: str) -> RemoteId:
        try:
            node, _ = await self._discussions.node(place)
        except UnavailableError as error:  # nothing is written yet
            raise UnreachableError(error.message, error.advice) from error
        data, _ = await self._graph.ask(COMMENT, {"discussion": node.id, "body": body})
        return RemoteId(self._graph.read(data, "addDiscussionComment.comment", IdNode).id)

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Make somebody the only assignee of an issue, or nobody. GitHub lets people it cannot assign fall."""
        place = _issue(ticket, "assignees")
        if group is not None and group.casefold() != place.repository.casefold():
            raise RefusedError(
                "Issues are not given to another repository.", "Transfer it on its page in GitHub."
            )
        if group is not None and person is None:
            return await self._receipt(place, None)
        wanted = [] if person is None else [str(person.remote_id)]
        answer = await self._rest.send("PATCH", place.path, {"assignees": wanted}, IssueRow)
        if [user.login for user in answer.value.assignees] != wanted:
            raise RefusedError(
                "GitHub did not take this assignee.",
                "They need access to the repository, and you the right to triage.",
            )
        return await self._receipt(place, None)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Open it, or close it as completed or as not planned."""
        _refuse_status(status)
        place = place_of(ticket)
        await self._set(place, status)
        return await self._receipt(place, None)

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the labels of an issue; new ones are made."""
        place = _issue(ticket, "labels that can be set here")
        labels = {"labels": list(dict.fromkeys(tags))}
        await self._rest.send("PUT", f"{place.path}/labels", labels, object)
        return await self._receipt(place, None)

    async def people(self, repositories: tuple[str, ...]) -> list[UserRow]:
        """Who can be assigned in any of these repositories ("List assignees")."""
        found: dict[str, UserRow] = {}
        for repository in repositories:
            for number in range(1, 11):
                query = {"per_page": 100, "page": number}
                answer = await self._rest.get(f"repos/{repository}/assignees", list[UserRow], query)
                found |= {user.login: user for user in answer.value}
                if 'rel="next"' not in answer.headers.get("link", ""):
                    break
        return list(found.values())

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Never: there are none."""
        del ticket, fields
        raise UnsupportedError(CAPABILITIES.reasons["fields"], "Use labels.")

    async def _set(self, place: Place, status: Status) -> None:
        if not place.is_discussion:
            closed = {"state": "closed", "state_reason": CLOSING[status][0]} if status in CLOSING else {}
            await self._rest.send("PATCH", place.path, closed or {"state": "open"}, IssueRow)
            return
        node, _ = await self._discussions.node(place)
        if status in CLOSING:
            await self._graph.ask(CLOSE, {"discussion": node.id, "reason": CLOSING[status][1]})
        elif node.closed:
            await self._graph.ask(REOPEN, {"discussion": node.id})

    async def _set_quietly(self, place: Place, status: Status) -> None:
        """The comment is out: nothing may fail any more, or it would be sent again."""
        try:
            await self._set(place, status)
        except DeskError as error:
            log.info("github.status_not_set", ticket=place.remote_id, error=type(error).__name__)

    async def _receipt(self, place: Place, message: RemoteId | None) -> Receipt:
        try:
            return Receipt(message=message, version=await self._version(place))
        except DeskError as error:
            log.info("github.not_read_back", ticket=place.remote_id, error=type(error).__name__)
            return Receipt(message=message, version="")

    async def _version(self, place: Place) -> str:
        nobody = Customs("", AiAgents())
        if place.is_discussion:
            node, now = await self._discussions.node(place)
            return translate.discussion(node, place.repository, nobody, now).version
        answer = await self._issues.row(place)
        return translate.issue(answer.value, place.repository, nobody, clock_of(answer.headers)).version


def escaped(text: str) -> str:
    """Markdown in which nothing is HTML: the rep's words are shown as they were typed. Code is left as it is."""
    parts = _CODE.split(text)
    return "".join(part if number % 2 else _without_tags(part) for number, part in enumerate(parts))


def _without_tags(text: str) -> str:
    kept = {match.start() for match in _AUTOLINK.finditer(text)}
    return _TAG.sub(lambda tag: "<" if tag.start() in kept else "\\<", text)


def _refuse_status(status: Status) -> None:
    if status not in CAPABILITIES.statuses:
        raise UnsupportedError(f"GitHub has no status {status.value}.", "It has open, solved and closed.")


def _issue(ticket: RemoteId, what: str) -> Place:
    place = place_of(ticket)
    if place.is_discussion:
        raise UnsupportedError(f"Discussions have no {what}.", "Do it on the discussion's page in GitHub.")
    return place
