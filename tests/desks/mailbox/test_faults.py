"""Mail servers that refuse, break off, stall, or talk nonsense: no crash, no loss, no second mail, a clear word."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path

import pytest

from copilot.desks.mailbox.desk import Mailbox
from copilot.domain import RemoteId, Reply, Status, Upload
from copilot.errors import (
    AuthError,
    BadDataError,
    DeskError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)
from tests.desks.mailbox.conftest import a_desk
from tests.desks.mailbox.fake_mail import CAPABILITIES, FakeMail
from tests.desks.mailbox.write import a_mail, pages, ticket, tickets

ONE = "one@client.test"
MIME = Path(__file__).parents[4] / "shared" / "data" / "mime-robustness" / "dev.jsonl"
HELLO = Reply(text="Hello")


async def test_a_connection_that_broke_meanwhile_is_made_anew_and_nothing_is_told(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    await pages(desk)
    server.plan("EXAMINE", "bye")
    assert (await desk.thread(ticket(ONE))).messages


@pytest.mark.parametrize(
    ("command", "faults", "error"),
    [
        ("EXAMINE", ["drop", "drop"], UnavailableError),
        ("EXAMINE", ["stall", "stall"], UnavailableError),
        ("EXAMINE", ["NO [SERVERBUG] oops"], UnavailableError),
        ("EXAMINE", ["NO [LIMIT] slowly"], RateLimitedError),
        ("EXAMINE", ["NO [NONEXISTENT] gone"], NotFoundError),
        ("EXAMINE", ["BAD what"], RefusedError),
        ("FETCH", ["garbage", "garbage"], (BadDataError, UnavailableError)),
        ("LOGIN", ["NO [AUTHENTICATIONFAILED] no"], AuthError),
        ("LOGIN", ["NO [UNAVAILABLE] later"], UnavailableError),
        ("LOGIN", ["NO something"], AuthError),
        ("LOGIN", ["drop"], UnreachableError),
        ("CAPABILITY", ["drop"], UnreachableError),
    ],
)
async def test_reading_fails_with_what_it_means(
    desk: Mailbox, server: FakeMail, command: str, faults: list[str], error: type[DeskError]
) -> None:
    server.deliver(a_mail(ONE))
    server.plan(command, *faults)
    with pytest.raises(error):
        await pages(desk)
    server.faults.clear()
    assert set(await tickets(desk)) == {ticket(ONE)}


async def test_a_sign_in_that_ends_in_the_middle_is_told_and_works_again(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    await pages(desk)
    server.plan("EXAMINE", "drop")
    server.plan("LOGIN", "NO [EXPIRED] password too old")
    with pytest.raises(AuthError):
        await pages(desk)
    assert (await desk.thread(ticket(ONE))).messages


async def test_a_server_whose_certificate_is_not_known_gets_no_password(
    server: FakeMail, certificate: Path
) -> None:
    from copilot.desks.kinds import SignIn
    from copilot.desks.mailbox.connecting import connect
    from copilot.domain import DeskId

    values = {
        "address": "support@shop.test",
        "password": "secret",
        "imap": f"localhost:{server.imap_port}",
        "smtp": f"localhost:{server.smtp_port}",
    }
    desk = await connect(SignIn(desk_id=DeskId("m"), name="M", values=values))
    with pytest.raises(UnreachableError, match="certificate"):
        await desk.whoami()
    assert "LOGIN" not in server.commands
    await desk.aclose()


@pytest.mark.parametrize(
    ("at", "fault", "error", "sent"),
    [
        ("AUTH", "535 5.7.8 no", AuthError, 0),
        ("AUTH", "454 4.7.0 later", UnreachableError, 0),
        ("MAIL", "553 5.7.1 not yours", DeskError, 0),
        ("MAIL", "452 4.2.2 full", UnreachableError, 0),
        ("RCPT", "550 5.1.1 unknown", RefusedError, 0),
        ("RCPT", "450 4.2.0 later", UnreachableError, 0),
        ("DATA", "drop", UnreachableError, 0),
        ("EHLO", "drop", UnreachableError, 0),
        (".", "554 5.7.1 spam", RefusedError, 0),
        (".", "451 4.3.0 later", UnreachableError, 0),
        (".", "drop", UnavailableError, 1),
    ],
)
async def test_sending_fails_with_whether_it_may_have_left(
    desk: Mailbox, server: FakeMail, at: str, fault: str, error: type[DeskError], sent: int
) -> None:
    server.deliver(a_mail(ONE))
    server.plan(f"SMTP {at}", fault)
    with pytest.raises(error) as failure:
        await desk.reply(ticket(ONE), HELLO, key="k", version=None)
    in_doubt = isinstance(failure.value, UnavailableError) and not isinstance(failure.value, UnreachableError)
    assert in_doubt is bool(sent)
    assert len(server.sent) == sent
    assert len((await desk.thread(ticket(ONE))).messages) == 1


async def test_a_mail_that_left_is_never_sent_again_because_its_copy_could_not_be_filed(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    await pages(desk)
    server.plan("APPEND", "NO [OVERQUOTA] full")
    receipt = await desk.reply(ticket(ONE), HELLO, key="k", version=None)
    assert len(server.sent) == 1
    thread = await desk.thread(ticket(ONE))
    assert [message.remote_id for message in thread.messages][-1] == receipt.message


async def test_a_status_that_could_not_be_noted_does_not_undo_the_mail(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    await pages(desk)
    server.plan("STORE", "drop")
    reply = Reply(text="Hello", status=Status.SOLVED)
    assert (await desk.reply(ticket(ONE), reply, key="k", version=None)).message
    assert len(server.sent) == 1


async def test_a_file_too_large_for_the_server_is_refused_in_words(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE))
    huge = Upload(name="a.bin", media_type="application/zip", content=b"x" * 1_500_000)
    with pytest.raises(RefusedError, match="MB"):
        await desk.reply(ticket(ONE), Reply(text="Here", attachments=(huge,)), key="k", version=None)
    assert server.sent == []


async def test_a_thread_of_two_thousand_mails_is_whole(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE))
    for n in range(1_999):
        server.deliver(a_mail(f"m{n}@x", f"Words {n}", References=f"<{ONE}>").as_bytes())
    messages = (await desk.thread(ticket(ONE))).messages
    assert len(messages) == 2_000
    assert messages[1_000].text.strip() == "Words 999"


async def test_a_file_of_25_mb_arrives_when_it_is_asked_for(desk: Mailbox, server: FakeMail) -> None:
    large = a_mail(ONE)
    large.add_attachment(bytes(25_000_000), maintype="application", subtype="zip", filename="a.zip")
    server.deliver(large)
    (file,) = (await desk.thread(ticket(ONE))).messages[0].attachments
    assert (file.name, file.size_bytes) == ("a.zip", 25_000_000)
    assert len(await desk.attachment(ticket(ONE), file.remote_id)) == 25_000_000


async def test_a_server_without_condstore_and_idle_works_by_asking(
    server: FakeMail, certificate: Path
) -> None:
    server.capabilities = CAPABILITIES.replace(" CONDSTORE", "").replace(" IDLE", "")
    desk = await a_desk(server, certificate)
    first = server.deliver(a_mail(ONE))
    cursor = (await pages(desk))[-1].cursor
    cursor = (await pages(desk, cursor))[-1].cursor if await pages(desk, cursor) else cursor
    server.expunge(first)
    server.deliver(a_mail("two@x"))
    changed = {t.remote_id: t.deleted for page in await pages(desk, cursor) for t in page.tickets}
    assert changed == {ticket(ONE): True, ticket("two@x"): False}
    assert any("at once" in word for word in (await desk.check()).missing)
    await desk.aclose()


async def test_new_mail_is_told_at_once_and_a_lost_connection_is_an_error_of_the_desk(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    await pages(desk)
    news = desk.watch()
    await anext(news)
    server.deliver(a_mail("two@x"))
    async with asyncio.timeout(5):
        await anext(news)
    waiting = asyncio.ensure_future(anext(news))
    await server.stop()
    with pytest.raises(UnavailableError):
        async with asyncio.timeout(5):
            await waiting


async def test_a_watch_that_is_given_up_ends_at_once(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE))
    await pages(desk)
    news = desk.watch()
    await anext(news)
    waiting = asyncio.ensure_future(anext(news))
    await asyncio.sleep(0)
    waiting.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait({waiting})


@pytest.mark.skipif(not MIME.exists(), reason="the set of broken mails is not there (../shared/data)")
async def test_every_broken_mail_becomes_a_message(desk: Mailbox, server: FakeMail) -> None:
    with MIME.open(encoding="utf-8") as lines:
        raws = [base64.b64decode(json.loads(line)["eml_base64"]) for line in lines]
    for raw in raws:
        server.deliver(raw)
    found = await tickets(desk)
    messages = [message for id_ in found for message in (await desk.thread(RemoteId(id_))).messages]
    assert len(messages) == len(raws)
