"""Intercom's connector and its stand-in against Intercom's own description, by Prism."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from copilot.desks.intercom.connecting import connect
from copilot.domain import RemoteId, Reply, Status, Upload
from copilot.errors import RefusedError
from tests.desks.contract import pages_since, said, tickets_in
from tests.desks.intercom.conftest import sign_in
from tests.desks.intercom.fake_intercom import HOST, FakeIntercom
from tests.live import prism

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]


def amend(described: dict[str, Any]) -> None:
    """What the description leaves out of what the pages and the product have."""
    schemas = described["components"]["schemas"]
    schemas["search_request"]["properties"][
        "sort"
    ] = {  # Intercom-OpenAPI, issue 114; Pagination, Sorting and Search
        "type": "object",
        "additionalProperties": False,
        "properties": {"field": {"type": "string"}, "order": {"enum": ["ascending", "descending"]}},
    }


DESCRIPTION = prism.Description("intercom.yaml", HOST, amend)


@pytest.fixture
def server() -> FakeIntercom:
    return FakeIntercom()


@pytest.fixture
def through(server: FakeIntercom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[prism.ThroughPrism]:
    reason = prism.why_not(DESCRIPTION.file)
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("prism")
    with prism.before(server.handle, DESCRIPTION, folder) as way:
        yield way


async def test_a_days_work(server: FakeIntercom, through: prism.ThroughPrism) -> None:
    desk = await connect(sign_in(), transport=through)
    numbers = [server.new_conversation(f"Question {n}", "<p>Words.</p>") for n in range(7)]
    one = RemoteId(numbers[0])
    assert (await desk.check()).missing == ()
    pages = await pages_since(desk, None)
    assert len(tickets_in(pages)) == len(numbers)
    server.contact_writes(one, "And another thing.")
    assert set(tickets_in(await pages_since(desk, pages[-1].cursor))) == {one}
    file = Upload(name="log.txt", media_type="text/plain", content=b"line 1")
    reply = Reply(text="Please **unplug** it.", status=Status.SOLVED, attachments=(file,))
    receipt = await desk.reply(one, reply, key="k", version=None)
    await desk.note(one, "The serial number is 4711.", key="n", version=None)
    await desk.set_status(one, Status.OPEN)
    await desk.assign(one, await desk.whoami(), "Billing")
    await desk.assign(one, None, None)
    await desk.set_tags(one, ("lamp", "two words"))
    await desk.set_tags(one, ("lamp",))
    await desk.set_fields(one, {"Order number": "4711"})
    thread = await desk.thread(one)
    assert [message.remote_id for message in said(thread, "Please unplug it")] == [receipt.message]
    (sent,) = said(thread, "Please unplug it")[0].attachments
    assert await desk.attachment(one, sent.remote_id) == b"line 1"
    assert (thread.snapshot.tags, thread.snapshot.fields) == (("lamp",), {"Order number": "4711"})
    assert await desk.people()
    assert await desk.articles()
    assert through.violations == []
    misspelt = {"message_type": "close", "type": "admin", "admin_id": "100", "bdoy": "x"}
    with pytest.raises(RefusedError):  # strict: a misspelt field does not pass
        await desk._rest.send("POST", f"/conversations/{one}/parts", misspelt, object)
    await desk.aclose()
