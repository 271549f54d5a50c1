"""From GitHub's records to our nouns. Pure: no network, no clock but the one GitHub told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.desks.ai_agents import AiAgents
from copilot.desks.github.places import Place
from copilot.desks.github.wire import CommentRow, DiscussionNode, IssueRow, ReplyNode, UserRow
from copilot.desks.rest.recent import version_of
from copilot.desks.words import mark_in
from copilot.domain import Channel, Message, Person, RemoteId, Role, Status, TicketSnapshot

TEAM = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""Who answers for a repository ("CommentAuthorAssociation"); everybody else asks."""
GHOST = UserRow(login="ghost")
"""Whose words those of deleted accounts are."""
FIRST = "question"
"""The remote id of the first message, which GitHub keeps in the issue or discussion itself."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Customs:
    """What is known of this desk besides its repositories; `me` is the rep's login once it is known."""

    base: str
    ai_agents: AiAgents
    me: str = ""


def issue(row: IssueRow, repository: str, customs: Customs, now: datetime | None) -> TicketSnapshot:
    """An issue's header. The first assignee is whose it is."""
    owner, _, name = repository.partition("/")
    tags = tuple(sorted(label.name for label in row.labels))
    assignee = person(row.assignees[0], Role.REP, customs) if row.assignees else None
    by = assignee.name if assignee and assignee.role is Role.AI_AGENT else ""
    return TicketSnapshot(
        remote_id=Place(owner, name, row.number).remote_id,
        subject=row.title or "(no subject)",
        status=issue_status(row),
        channel=Channel.FORUM,
        created=row.created_at,
        updated=row.updated_at,
        requester=person(row.user, Role.REQUESTER, customs),
        version=version_of(row.updated_at, now, also=str(row.comments)),
        assignee=assignee,
        group=repository,
        tags=tags,
        escalation=customs.ai_agents.escalation(tags, {}, by),
        url=row.html_url,
    )


def issue_status(row: IssueRow) -> Status:
    """Closed as completed is solved; closed as not planned or as a duplicate is merely closed."""
    if row.state == "closed":
        return Status.SOLVED if row.state_reason in {"", "completed"} else Status.CLOSED
    return Status.OPEN


def discussion(
    node: DiscussionNode, repository: str, customs: Customs, now: datetime | None
) -> TicketSnapshot:
    """A discussion's header. One with an accepted answer is solved, closed or not."""
    owner, _, name = repository.partition("/")
    tags = tuple(sorted(label.name for label in (node.labels.nodes if node.labels else ())))
    category = {"Category": node.category.name} if node.category.name else {}
    return TicketSnapshot(
        remote_id=Place(owner, name, node.number, is_discussion=True).remote_id,
        subject=node.title or "(no subject)",
        status=discussion_status(node),
        channel=Channel.FORUM,
        created=node.created,
        updated=node.updated,
        requester=person(node.author, Role.REQUESTER, customs),
        version=version_of(node.updated, now, also=f"{node.comments.total}{'a' if node.answer else ''}"),
        group=repository,
        tags=tags,
        fields=category,
        escalation=customs.ai_agents.escalation(tags, category),
        url=node.url,
        accepted_solution=RemoteId(node.answer.id) if node.answer else None,
    )


def discussion_status(node: DiscussionNode) -> Status:
    """By answer, then by the reason of closing ("DiscussionStateReason")."""
    if node.answer is not None:
        return Status.SOLVED
    if node.closed:
        return Status.SOLVED if node.state_reason in {"", "RESOLVED"} else Status.CLOSED
    return Status.OPEN


def person(user: UserRow | None, role: Role, customs: Customs) -> Person:
    """Somebody, by the login that GitHub wants in requests. A bot is an AI agent if the team says so, else a system."""
    user = user or GHOST
    if role is not Role.REQUESTER or user.is_bot:
        if customs.ai_agents.include(user.login, user.login.removesuffix("[bot]")):
            role = Role.AI_AGENT
        elif user.is_bot:
            role = Role.SYSTEM
    return Person(remote_id=RemoteId(user.login), name=user.name or user.login, role=role)


def author(user: UserRow | None, association: str, header: TicketSnapshot, customs: Customs) -> Person:
    """Whose words a comment has: whoever asked is the requester, also when they belong to the team."""
    login = (user or GHOST).login
    if login == header.requester.remote_id:
        return header.requester
    is_team = association in TEAM or (customs.me and login == customs.me)
    is_agent = customs.ai_agents.include(login, login.removesuffix("[bot]"))
    return person(user, Role.REP if is_team or is_agent else Role.REQUESTER, customs)


def first_message(body: str, header: TicketSnapshot) -> Message:
    """What the ticket began with."""
    return _message(FIRST, body, header.requester, header.created)


def comment(row: CommentRow, header: TicketSnapshot, customs: Customs) -> Message:
    """A comment of an issue."""
    writer = author(row.user, row.author_association, header, customs)
    return _message(str(row.id), row.body, writer, row.created_at)


def comments(nodes: Sequence[ReplyNode], header: TicketSnapshot, customs: Customs) -> list[Message]:
    """Comments of a discussion and replies to them, by their dates."""
    found = [
        _message(node.id, node.body, author(node.author, node.association, header, customs), node.created)
        for node in nodes
    ]
    return sorted(found, key=lambda message: message.created)


def _message(remote_id: str, body: str, writer: Person, created: datetime) -> Message:
    """The Markdown without what GitHub does not show; our mark is put where marks are looked for."""
    mark = mark_in(body)
    return Message(
        remote_id=RemoteId(remote_id),
        author=writer,
        created=created,
        text=_COMMENT.sub("", body).replace("\r\n", "\n").strip(),
        html=f"<!-- sidedesk {mark} -->" if mark else "",
    )
