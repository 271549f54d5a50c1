"""What is particular to GitHub: ETags, pull requests, answers, replies to comments, bots, what is HTML in Markdown."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.desks.base import CheckedDesk
from copilot.desks.github.connecting import connect, delay_of, repositories_of
from copilot.desks.github.places import place_of
from copilot.desks.github.writing import escaped
from copilot.desks.kinds import SignIn
from copilot.domain import Channel, DeskId, RemoteId, Reply, Role, SourceKind, Status
from copilot.errors import (
    AuthError,
    BadDataError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnsupportedError,
)
from tests.desks.contract import pages_since, tickets_in
from tests.desks.github.fake_github import ASKER, ME, OTHER, REPOSITORY, FakeGitHub


async def test_a_poll_without_change_is_a_304_that_costs_nothing_and_one_query() -> None:
    server = FakeGitHub()
    server.open_issue("Blinks", "Words")
    server.open_discussion("How", "Words")
    desk = await server.desk()
    cursor = (await pages_since(desk, None))[-1].cursor
    server.tick(600)
    await pages_since(desk, cursor)
    server.asked.clear()
    for _ in range(3):
        server.tick(30)
        assert await pages_since(desk, cursor) == []
    assert len(server.asked) == 2 * 3
    assert server.unchanged >= 3


async def test_what_came_under_an_etag_is_told_again_when_it_was_not_kept() -> None:
    """Sync may fail to store a page: the same cursor then tells the same, though GitHub answers 304."""
    server = FakeGitHub()
    desk = await server.desk()
    server.open_issue("Old", "Words")
    cursor = (await pages_since(desk, None))[-1].cursor
    server.tick(600)
    new = server.open_issue("New", "Words")
    assert new in tickets_in(await pages_since(desk, cursor))
    before = server.unchanged
    assert new in tickets_in(await pages_since(desk, cursor))
    assert server.unchanged == before + 1


async def test_pull_requests_are_no_tickets() -> None:
    server = FakeGitHub()
    issue = server.open_issue("Blinks", "Words")
    pull = server.open_issue("Fix", "Words", pull_request={"url": "https://api.github.com/x"})
    desk = await server.desk()
    assert set(tickets_in(await pages_since(desk, None))) == {issue}
    with pytest.raises(NotFoundError, match="pull request"):
        await desk.thread(pull)


async def test_a_transferred_issue_is_gone_and_one_of_a_renamed_repository_is_not() -> None:
    server = FakeGitHub()
    ticket = server.open_issue("Blinks", "Words")
    desk = await server.desk()
    await desk.whoami()
    moved = {"location": "https://api.github.com/repositories/7/issues/1"}

    def transferred(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(301, headers=moved) if request.url.path.endswith("/issues/1") else None

    server.before = transferred
    with pytest.raises(NotFoundError, match="transferred"):
        await desk.thread(ticket)
    server.before = lambda _: httpx.Response(301, headers=moved)
    with pytest.raises(BadDataError, match="somewhere else"):
        await desk.thread(ticket)


@pytest.mark.parametrize(
    ("state", "reason", "status"),
    [
        ("open", None, Status.OPEN),
        ("open", "reopened", Status.OPEN),
        ("closed", "completed", Status.SOLVED),
        ("closed", None, Status.SOLVED),
        ("closed", "not_planned", Status.CLOSED),
        ("closed", "duplicate", Status.CLOSED),
    ],
)
async def test_states_of_issues(state: str, reason: str | None, status: Status) -> None:
    server = FakeGitHub()
    ticket = server.open_issue("Blinks", "Words", state=state, state_reason=reason)
    assert (await (await server.desk()).thread(ticket)).snapshot.status is status


async def test_a_discussion_with_replies_and_its_accepted_answer() -> None:
    server = FakeGitHub()
    ticket = server.open_discussion("How", "It blinks")
    answer = server.discuss(ticket, "Unplug it.", OTHER)
    for n in range(120):
        server.discuss(ticket, f"Thanks {n}", ASKER, to=answer)
    server.discuss(ticket, "Me too", "stranger")
    server.discussions[1] |= {"answer": {"id": answer}}
    desk = await server.desk()
    thread = await desk.thread(ticket)
    assert len(thread.messages) == 123
    assert len({message.remote_id for message in thread.messages}) == 123
    header = thread.snapshot
    assert (header.accepted_solution, header.status, header.channel) == (answer, Status.SOLVED, Channel.FORUM)
    assert (header.fields, header.tags, header.group) == ({"Category": "Q&A"}, ("lamp",), REPOSITORY)
    assert thread.messages[1].author.role is Role.REP
    assert thread.messages[-1].author.role is Role.REQUESTER


async def test_a_discussion_is_closed_and_opened_but_neither_assigned_nor_labelled() -> None:
    server = FakeGitHub()
    ticket = server.open_discussion("How", "It blinks")
    desk = await server.desk()
    for status, reason in (
        (Status.SOLVED, "RESOLVED"),
        (Status.CLOSED, "OUTDATED"),
        (Status.OPEN, "REOPENED"),
    ):
        receipt = await desk.set_status(ticket, status)
        snapshot = (await desk.thread(ticket)).snapshot
        assert (snapshot.status, snapshot.version) == (status, receipt.version)
        assert server.discussions[1]["stateReason"] == reason
    for write in (desk.assign(ticket, await desk.whoami(), None), desk.set_tags(ticket, ("a",))):
        with pytest.raises(UnsupportedError, match="Discussions have no"):
            await write


async def test_bots_and_ai_agents() -> None:
    server = FakeGitHub()
    ticket = server.open_issue("Blinks", "Words", labels=[{"name": "ai-escalated"}])
    server.write(ticket, "I am Birdie.", "birdie[bot]")
    server.write(ticket, "This issue is stale.", "stale[bot]")
    server.write(ticket, "From a deleted account", ASKER, user=None)
    thread = await (await server.desk(ai_agents=("birdie",))).thread(ticket)
    roles = [message.author.role for message in thread.messages]
    assert roles == [Role.REQUESTER, Role.AI_AGENT, Role.SYSTEM, Role.REQUESTER]
    assert thread.messages[3].author.name == "ghost"
    assert thread.snapshot.escalation is not None


async def test_my_own_question_is_a_requesters_and_my_answer_elsewhere_a_reps() -> None:
    server = FakeGitHub()
    mine = server.open_issue("Mine", "Words", user={"login": ME, "type": "User"})
    server.write(mine, "More", ME)
    theirs = server.open_issue("Theirs", "Words")
    server.write(theirs, "Answer", ME, author_association="NONE")
    desk = await server.desk()
    assert {m.author.role for m in (await desk.thread(mine)).messages} == {Role.REQUESTER}
    assert (await desk.thread(theirs)).messages[1].author.role is Role.REP


async def test_hidden_comments_of_templates_are_not_shown_and_the_mark_is_not_either() -> None:
    server = FakeGitHub()
    ticket = server.open_issue("Blinks", "<!-- Tell us\nall -->\r\nIt blinks")
    desk = await server.desk()
    await desk.reply(ticket, Reply(text="Unplug it."), key="k", version=None)
    first, sent = (await desk.thread(ticket)).messages
    assert (first.text, sent.text) == ("It blinks", "Unplug it.")
    assert "<!-- sidedesk " in server.comments[1][0]["body"]
    assert desk.is_ours(sent, "Unplug it.", key="k", me=await desk.whoami())
    assert not desk.is_ours(sent, "Unplug it.", key="other", me=await desk.whoami())


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a <b>c</b>", "a \\<b>c\\</b>"),
        ("1 < 2 and <3", "1 < 2 and <3"),
        ("`<b>` stays", "`<b>` stays"),
        ("```\n<b>\n``` <b>", "```\n<b>\n``` \\<b>"),
        ("<https://example.org> and <script>", "<https://example.org> and \\<script>"),
        ("<!-- hidden -->", "\\<!-- hidden -->"),
    ],
)
def test_what_would_be_html_is_shown_as_typed(typed: str, sent: str) -> None:
    assert escaped(typed) == sent


@given(st.text(max_size=200))
def test_escaping_only_adds_backslashes(text: str) -> None:
    assert escaped(text).replace("\\<", "<") == text.replace("\\<", "<")


async def test_a_reply_too_long_for_a_comment_is_refused_before_it_leaves() -> None:
    server = FakeGitHub()
    ticket = server.open_issue("Blinks", "Words")
    with pytest.raises(RefusedError, match="65472"):
        await (await server.desk()).reply(ticket, Reply(text="x" * 65_500), key="k", version=None)
    assert server.comments[1] == []


async def test_notes_fields_and_files_are_refused_with_their_reasons() -> None:
    server = FakeGitHub()
    ticket = server.open_issue("Blinks", "Words")
    desk = await server.desk()
    with pytest.raises(UnsupportedError, match="Everybody can read"):
        await desk.note(ticket, "Secret", key="k", version=None)
    with pytest.raises(UnsupportedError, match="no fields"):
        await desk.set_fields(ticket, {"a": "b"})
    assert {"notes", "fields", "attachments", "merge"} <= set(desk.capabilities.reasons)


async def test_the_check_says_what_the_token_lacks() -> None:
    server = FakeGitHub()
    desk = await server.desk()
    assert isinstance(desk, CheckedDesk)
    fine = await desk.check()
    assert (fine.missing, [group.name for group in fine.queues]) == ((), [REPOSITORY])
    server.rights = {}
    assert "Triage" in (await desk.check()).missing[0]
    values = {"token": "github_pat_1", "repositories": "acme/lamps acme/secret"}
    two = await connect(SignIn(desk_id=DeskId("d"), name="D", values=values), transport=server.transport)
    assert "does not reach acme/secret" in (await two.check()).missing[-1]


async def test_saved_replies_are_macros() -> None:
    (reply,) = await (await FakeGitHub().desk()).articles()
    assert (reply.title, reply.text, reply.kind) == (
        "Ask for version",
        "Which **version**?",
        SourceKind.MACRO,
    )


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("NOT_FOUND", NotFoundError),
        ("FORBIDDEN", PermissionDeniedError),
        ("INSUFFICIENT_SCOPES", PermissionDeniedError),
        ("RATE_LIMITED", RateLimitedError),
        ("UNPROCESSABLE", RefusedError),
    ],
)
async def test_errors_of_graphql_come_with_status_200(kind: str, error: type[Exception]) -> None:
    server = FakeGitHub()
    ticket = server.open_discussion("How", "It blinks")
    desk = await server.desk()
    await desk.whoami()
    said = {"data": None, "errors": [{"type": kind, "message": "No."}]}
    server.before = lambda _: httpx.Response(200, json=said)
    with pytest.raises(error):
        await desk.thread(ticket)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "60"}, 60.0),
        (
            {
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "1795435260",
                "date": "Mon, 23 Nov 2026 12:00:00 GMT",
            },
            60.0,
        ),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "1795435260"}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert delay_of(httpx.Headers(headers)) == seconds


@pytest.mark.parametrize(
    "ticket", ["", "12", "acme/lamps", "acme/lamps#0", "acme/../x#1", "../..#1", "a/b#1/c", "a/b?x#1"]
)
def test_what_is_no_ticket_is_not_asked_for(ticket: str) -> None:
    with pytest.raises(NotFoundError):
        place_of(RemoteId(ticket))


def test_names_of_repositories() -> None:
    typed = "acme/lamps, https://github.com/acme/docs.git\nacme/lamps"
    assert repositories_of(typed) == ("acme/lamps", "acme/docs")
    for wrong in ("", "lamps", "acme/lamps/issues", "acme lamps"):
        with pytest.raises(BadDataError):
            repositories_of(wrong)


async def test_a_server_of_ones_own_has_other_addresses() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"login": ME, "data": {}})

    values = {"token": "t", "repositories": REPOSITORY, "url": "github.example.com"}
    sign_in = SignIn(desk_id=DeskId("d"), name="D", values=values)
    desk = await connect(sign_in, transport=httpx.MockTransport(answer))
    await desk.whoami()
    await desk.articles()
    assert asked == ["https://github.example.com/api/v3/user", "https://github.example.com/api/graphql"]
    with pytest.raises(AuthError):
        await connect(SignIn(desk_id=DeskId("d"), name="D", values=values | {"token": "two words"}))
