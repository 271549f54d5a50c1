"""Chatwoot's connector and its stand-in against Chatwoot's own description, by Prism."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from copilot.domain import Reply, Status, Upload
from copilot.errors import DeskError
from tests.desks.chatwoot.fake_chatwoot import API, FakeChatwoot
from tests.desks.contract import pages_since, said, tickets_in
from tests.live import prism

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]


def amend(described: dict[str, Any]) -> None:
    """What the description of 1.1.0 has otherwise than Chatwoot's code."""


DESCRIPTION = prism.Description(
    "chatwoot.yaml", "chat.example.com", amend, beside=("/blobs", f"{API}/portals/help")
)


@pytest.fixture
def server() -> FakeChatwoot:
    return FakeChatwoot()


@pytest.fixture
def through(server: FakeChatwoot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[prism.ThroughPrism]:
    reason = prism.why_not(DESCRIPTION.file)
    if reason:
        pytest.skip(reason)
    with prism.before(server.answer, DESCRIPTION, tmp_path_factory.mktemp("prism")) as way:
        yield way


async def test_a_days_work(server: FakeChatwoot, through: prism.ThroughPrism) -> None:
    desk = await server.desk(transport=through)
    file = Upload(name="a.txt", media_type="text/plain", content=b"a")
    one = await server.make_ticket("By mail", "It blinks.", html="<p>It blinks.</p>", attachments=(file,))
    await server.make_ticket("", "Hello", inbox=2)
    assert (await desk.check()).missing == ()
    pages = await pages_since(desk, None)
    assert len(tickets_in(pages)) == 2
    await server.act_as_requester(one, "And another thing.")
    assert set(tickets_in(await pages_since(desk, pages[-1].cursor))) == {one}
    seen = (await desk.thread(one)).snapshot.version
    reply = Reply(text="Please **unplug** it.", status=Status.PENDING)
    receipt = await desk.reply(one, reply, key="k", version=seen)
    await desk.reply(one, Reply(text="The manual.", attachments=(file,)), key="f", version=None)
    await desk.note(one, "The serial number is 4711.", key="n", version=None)
    await desk.assign(one, await desk.whoami(), "billing")
    await desk.assign(one, None, None)
    await desk.set_status(one, Status.SOLVED)
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
        await desk._rest.send("POST", f"accounts/3/conversations/{one}/messages", {"contnt": "x"}, object)
    await desk.aclose()
