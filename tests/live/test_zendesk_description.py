"""Zendesk's connector and its stand-in against Zendesk's own description, by Prism."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from copilot.desks.zendesk import merging
from copilot.desks.zendesk.connecting import connect
from copilot.domain import RemoteId, Reply, Status
from copilot.errors import RefusedError
from tests.desks.contract import pages_since, said, tickets_in
from tests.desks.zendesk.conftest import sign_in
from tests.desks.zendesk.fake_zendesk import CARLA, HOST, OMAR, FakeZendesk
from tests.live import prism

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]


def amend(described: dict[str, Any]) -> None:
    """What the description of 2024 has otherwise than the pages and the product."""
    schemas = described["components"]["schemas"]
    groups = described["paths"]["/api/v2/groups"]["get"]
    groups["parameters"] = [
        one for one in groups["parameters"] if "UserId" not in one["$ref"]
    ]  # not in that path
    start = described["components"]["parameters"]["IncrementalUnixTime"]
    start["required"] = False  # "not required on subsequent requests" (Using the Incremental Exports API)
    ticket = schemas["TicketObject"]["properties"]
    ticket["custom_fields"]["items"]["properties"]["value"].pop(
        "type"
    )  # null when empty, true or false for a tick
    for empty in ("priority", "type", "assignee_id", "group_id"):  # null in the pages' own examples
        ticket[empty] |= {"nullable": True}
        if "enum" in ticket[empty]:
            ticket[empty]["enum"].append(None)
    for empty in ("assignee_id", "group_id"):  # null is how one takes it away
        schemas["TicketUpdateInput"]["properties"][empty]["nullable"] = True
    values = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "value": {}}}
    schemas["TicketUpdateInput"]["properties"]["custom_fields"]["items"] = (
        values  # Setting custom field values
    )
    schemas["ActionObject"]["properties"]["value"] = {}  # a list for comment_value (Actions reference)
    schemas["TicketUpdateInput"]["properties"]["metadata"] = {"type": "object"}  # Setting metadata


DESCRIPTION = prism.Description("zendesk.yaml", HOST, amend, beside=("/api/v2/help_center/",))


@pytest.fixture
def server() -> FakeZendesk:
    return FakeZendesk()


@pytest.fixture
def through(server: FakeZendesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[prism.ThroughPrism]:
    reason = prism.why_not(DESCRIPTION.file)
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("prism")
    with prism.before(server.handle, DESCRIPTION, folder) as way:
        yield way


async def test_a_days_work(server: FakeZendesk, through: prism.ThroughPrism) -> None:
    desk = await connect(sign_in(), transport=through)
    numbers = [server.new_ticket(f"Question {n}", "Words.") for n in range(7)]
    one, other = (RemoteId(str(number)) for number in numbers[:2])
    assert (await desk.check()).missing == ()
    pages = await pages_since(desk, None)
    assert len(tickets_in(pages)) == len(numbers)
    server.requester_writes(numbers[0], "And another thing.")
    assert set(tickets_in(await pages_since(desk, pages[-1].cursor))) == {one}
    seen = (await desk.thread(one)).snapshot.version
    reply = Reply(text="Please **unplug** it.", status=Status.PENDING)
    receipt = await desk.reply(one, reply, key="k", version=seen)
    await desk.note(one, "The serial number is 4711.", key="n", version=receipt.version)
    await desk.assign(one, await desk.whoami(), "Billing")
    await desk.assign(one, None, None)
    await desk.set_status(one, Status.SOLVED)
    await desk.set_tags(one, ("lamp", "heiß"))
    await desk.set_fields(one, {"Order number": "4711"})
    await merging.merge(desk._rest, desk._threads, other, one)
    thread = await desk.thread(one)
    assert [message.remote_id for message in said(thread, "Please unplug it")] == [receipt.message]
    assert thread.snapshot.fields == {"Order number": "4711"}
    assert {person.remote_id for person in await desk.people()} >= {str(OMAR)}
    assert await desk.articles()
    assert thread.snapshot.requester.remote_id == str(CARLA)
    assert through.violations == []
    with pytest.raises(RefusedError):  # strict: a misspelt field does not pass
        await desk._rest.send("PUT", f"/api/v2/tickets/{one}", {"ticket": {"coment": {}}}, object)
    await desk.aclose()
