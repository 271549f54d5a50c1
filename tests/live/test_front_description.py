"""Front's connector and its stand-in against Front's own description, by Prism."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from copilot.domain import Reply, Status, Upload
from copilot.errors import DeskError
from tests.desks.contract import pages_since, said, tickets_in
from tests.desks.front.fake_front import FakeFront
from tests.live import prism

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]


def amend(described: dict[str, Any]) -> None:
    """What the description has otherwise than its own words."""
    schemas = described["components"]["schemas"]
    schemas["UpdateConversationAssignee"]["properties"]["assignee_id"]["nullable"] = True  # "Set it to null"
    reply = described["paths"]["/conversations/{conversation_id}/messages"]["post"]["requestBody"]["content"]
    reply["multipart/form-data"] = {"schema": {"type": "object"}}  # attachments "must use" it


DESCRIPTION = prism.Description("front.json", "api2.frontapp.com", amend, beside=("/download/",))


@pytest.fixture
def server() -> FakeFront:
    return FakeFront()


@pytest.fixture
def through(server: FakeFront, tmp_path_factory: pytest.TempPathFactory) -> Iterator[prism.ThroughPrism]:
    reason = prism.why_not(DESCRIPTION.file)
    if reason:
        pytest.skip(reason)
    with prism.before(server.answer, DESCRIPTION, tmp_path_factory.mktemp("prism")) as way:
        yield way


async def test_a_days_work(server: FakeFront, through: prism.ThroughPrism) -> None:
    desk = await server.desk(transport=through)
    file = Upload(name="a.txt", media_type="text/plain", content=b"a")
    tickets = [await server.make_ticket(f"Question {n}", "It blinks.", attachments=(file,)) for n in range(2)]
    one = tickets[0]
    assert (await desk.check()).missing == ()
    pages = await pages_since(desk, None)
    assert set(tickets_in(pages)) == set(tickets)
    server.tick(3600)
    await server.act_as_requester(one, "And another thing.")
    assert set(tickets_in(await pages_since(desk, pages[-1].cursor))) == {one}
    seen = (await desk.thread(one)).snapshot.version
    reply = Reply(text="Please **unplug** it.", status=Status.SOLVED)
    receipt = await desk.reply(one, reply, key="k", version=seen)
    await desk.reply(one, Reply(text="The manual.", attachments=(file,)), key="f", version=None)
    await desk.note(one, "The serial number is **4711**.", key="n", version=None)
    await desk.assign(one, await desk.whoami(), "Billing")
    await desk.assign(one, None, None)
    await desk.set_status(one, Status.OPEN)
    await desk.set_tags(one, ("lamp", "heiß"))
    await desk.set_fields(one, {"Order number": "4711"})
    thread = await desk.thread(one)
    assert [message.remote_id for message in said(thread, "Please unplug it")] == [receipt.message]
    assert thread.snapshot.fields == {"Order number": "4711"}
    (attached,) = thread.messages[0].attachments
    assert await desk.attachment(one, attached.remote_id) == b"a"
    assert len(await desk.people()) == 2
    assert len(await desk.articles()) == 2
    assert through.violations == []
    with pytest.raises(DeskError):  # strict: a misspelt field does not pass
        await desk._rest.send("POST", f"conversations/{one}/comments", {"boddy": "x"}, object)
    await desk.aclose()
