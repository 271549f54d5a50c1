"""Who is who, who tickets can be given to, and what RT's own articles say."""

from __future__ import annotations

import json

import httpx
import pytest

from copilot.desks.request_tracker.wire import TicketRecord
from copilot.domain import Audience, RemoteId, Role, SourceKind
from copilot.errors import PermissionDeniedError
from tests.desks.request_tracker.canned import RECORDED, desk_of, ok, recorded, rows

ME = {"Name": "agent1", "RealName": "Agnes Agent", "EmailAddress": "agent1@rt.test", "Privileged": 1}
FORBIDDEN = httpx.Response(403, json={"message": "Forbidden"})


def user(name: str, real_name: str = "") -> dict[str, str]:
    return {
        "id": name,
        "type": "user",
        "Name": name,
        "RealName": real_name,
        "EmailAddress": f"{name}@rt.test",
    }


async def test_tickets_can_be_given_to_privileged_users_that_are_not_disabled() -> None:
    members = [user(f"rep{n}") for n in range(60)] + [user("RT_System"), user("aria"), user("disabled")]
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        match request.url.path.removeprefix("/REST/2.0/"):
            case "user/32":
                return ok(ME)
            case "groups":
                return rows({"id": "4"})
            case "group/4":
                return ok({"Members": [*members, {"id": "77", "type": "group"}]})
        names = [condition["value"] for condition in json.loads(request.url.params["query"])]
        asked.append(len(names))
        return rows(*(user(name) for name in names if name != "disabled"))

    people = await (await desk_of(answer, ai_agents=("aria",))).people()
    assert {person.remote_id for person in people} == {f"rep{n}" for n in range(60)} | {"agent1"}
    assert {person.role for person in people} == {Role.REP}
    assert [person.name for person in people][:2] == ["Agnes Agent", "rep0@rt.test"]
    assert asked == [40, 23]


async def test_without_a_look_at_the_groups_they_are_the_owners_of_tickets() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        match request.url.path.removeprefix("/REST/2.0/"):
            case "user/32":
                return ok(ME)
            case "groups":
                return rows({"id": "4"})
            case "group/4":
                return FORBIDDEN
        return rows(*({"Owner": user(name)} for name in ("agent2", "Nobody", "agent2", "agent1")))

    people = await (await desk_of(answer)).people()
    assert [person.name for person in people] == ["agent2@rt.test", "Agnes Agent"]


async def test_somebody_rt_tells_nothing_of_is_on_the_requesters_side() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        return FORBIDDEN if path.endswith("/user/agent1") else recorded(request)

    thread = await (await desk_of(answer)).thread(RemoteId("1"))
    assert {message.author.role for message in thread.messages} == {Role.REQUESTER}


async def test_a_user_whose_name_is_a_number_is_not_taken_for_another_one() -> None:
    history = {**RECORDED["history"]["items"][0], "Creator": user("14", "Fourteen"), "_hyperlinks": []}

    def answer(request: httpx.Request) -> httpx.Response:
        assert "/user/" not in request.url.path
        if request.url.path.endswith("/history"):
            return rows(history, {**RECORDED["history"]["items"][0], "_hyperlinks": []})
        return recorded(request)

    thread = await (await desk_of(answer)).thread(RemoteId("1"))
    assert (thread.messages[0].author.remote_id, thread.messages[0].author.name) == ("14", "Fourteen")


async def test_a_requestor_who_has_not_written_is_looked_up_once() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path.endswith("/history"):
            return rows()
        if request.url.path.endswith("/user/amara@client.test"):
            return ok({"Name": "amara@client.test", "RealName": "Amara Okoye", "Privileged": 0})
        return recorded(request)

    desk = await desk_of(answer)
    for _ in range(2):
        assert (await desk.thread(RemoteId("1"))).snapshot.requester.name == "Amara Okoye"
    assert asked.count("/REST/2.0/user/amara@client.test") == 1


async def test_queues_come_by_name_without_the_disabled() -> None:
    pages = [
        [{"id": "1", "Name": "Support"}, {"id": "2", "Name": "Old", "Disabled": "1"}],
        [],
        [{"id": "300", "Name": "billing"}],
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        return rows(*pages[page - 1]) if page <= len(pages) else rows()

    groups = await (await desk_of(answer)).groups()
    assert [(group.remote_id, group.name) for group in groups] == [("300", "billing"), ("1", "Support")]


async def test_articles_are_made_of_their_fields() -> None:
    def field(name: str, *values: str) -> dict[str, object]:
        return {"id": "9", "name": name, "values": list(values)}

    def answer(_: httpx.Request) -> httpx.Response:
        return rows(
            {"id": "1", "Name": "One", "Summary": "s", "CustomFields": [field("Content", "Plain *text*.")]},
            {
                "id": "2",
                "Name": "",
                "Summary": "Two",
                "LastUpdated": "2026-11-23T12:00:00Z",
                "CustomFields": [field("Question", "<p>How?</p>"), field("Answer", "So."), field("Empty")],
            },
            {"id": "3", "Name": "Nothing in it", "CustomFields": ""},
            {"id": "4", "Name": "Off", "Disabled": "1", "CustomFields": [field("Content", "x")]},
            total=4,
        )

    one, two = await (await desk_of(answer)).articles()
    assert (one.id, one.title, one.text) == ("rt:article:1", "One", "Plain *text*.")
    assert (one.kind, one.audience) == (SourceKind.ARTICLE, Audience.INTERNAL)
    assert one.url == "https://rt.example.com/Articles/Article/Display.html?id=1"
    assert (two.title, two.text) == ("Two", "## Question\n\nHow?\n\n## Answer\n\nSo.")
    assert two.updated is not None


async def test_no_articles_for_who_may_not_see_them() -> None:
    with pytest.raises(PermissionDeniedError):
        await (await desk_of(lambda _: FORBIDDEN)).articles()


def test_a_number_that_is_none_is_not_let_into_a_query() -> None:
    with pytest.raises(ValueError, match="pattern"):
        TicketRecord.model_validate(RECORDED["ticket"] | {"id": "1 OR id > 0"})
