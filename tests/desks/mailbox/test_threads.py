"""Which mails belong together, who wrote them, and where a ticket stands."""

from __future__ import annotations

import base64

import pytest

from copilot.desks.mailbox.desk import Mailbox
from copilot.domain import MessageKind, RemoteId, Reply, Role, Status
from copilot.errors import NotFoundError, RefusedError
from tests.desks.mailbox.fake_mail import FakeMail, body_of
from tests.desks.mailbox.write import a_mail, pages, ticket, tickets

ONE = "one@client.test"


async def test_answers_are_threaded_by_references_or_by_in_reply_to_alone(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    server.deliver(a_mail("two@x", References=f"<{ONE}>"))
    server.deliver(a_mail("three@x", In_Reply_To="<two@x>"))
    server.deliver(a_mail("other@x", Subject="The lamp blinks"))
    assert set(await tickets(desk)) == {ticket(ONE), ticket("other@x")}
    assert len((await desk.thread(ticket(ONE))).messages) == 3


async def test_many_threads_are_read_with_few_commands_and_are_the_same(
    desk: Mailbox, server: FakeMail
) -> None:
    for n in range(20):
        server.deliver(a_mail(f"{n}@x", f"Words {n}"))
    found = list(await tickets(desk))
    server.commands.clear()
    threads = await desk.threads([*found, RemoteId("nowhere")])
    assert len(server.commands) <= 6
    assert {thread.snapshot.remote_id for thread in threads} == set(found)
    assert [await desk.thread(thread.snapshot.remote_id) for thread in threads] == list(threads)


async def test_the_subjects_tag_and_a_plus_address_name_the_ticket(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE))
    server.deliver(a_mail("two@x", Subject=f"AW: lamp [#{ticket(ONE)}]"))
    server.deliver(a_mail("three@x", Cc=f"support+{ticket(ONE)}@shop.test"))
    assert len((await desk.thread(ticket(ONE))).messages) == 3


async def test_a_mail_that_joins_two_tickets_leaves_the_older_and_the_younger_is_found_in_it(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    server.deliver(a_mail("two@x"))
    cursor = (await pages(desk))[-1].cursor
    server.deliver(a_mail("both@x", References=f"<{ONE}> <two@x>"))
    changed = {t.remote_id: t.deleted for page in await pages(desk, cursor) for t in page.tickets}
    assert changed == {ticket(ONE): False, ticket("two@x"): True}
    assert (await desk.thread(ticket("two@x"))).snapshot.remote_id == ticket(ONE)


async def test_a_delivery_report_belongs_to_the_mail_it_is_about_and_is_never_answered(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    report = (
        b"From: Mail Delivery System <MAILER-DAEMON@shop.test>\r\nReturn-Path: <>\r\nSubject: Undelivered\r\n"
        b"Message-ID: <dsn@shop.test>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n'
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID:\r\n <ours@shop.test>\r\n"
        b"References: <" + ONE.encode() + b">\r\n\r\n--b--\r\n"
    )
    server.deliver(report)
    await desk.set_status(ticket(ONE), Status.SOLVED)
    server.deliver(report.replace(b"dsn@", b"dsn2@"))
    thread = await desk.thread(ticket(ONE))
    assert [message.author.role for message in thread.messages] == [Role.REQUESTER, Role.SYSTEM, Role.SYSTEM]
    assert thread.snapshot.status is Status.SOLVED
    await desk.reply(ticket(ONE), Reply(text="Hello"), key="k", version=None)
    assert server.sent[0][1] == ["casey@client.test"]


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"sender": "No Reply <no-reply@client.test>"},
    ],
)
async def test_machines_are_not_answered(desk: Mailbox, server: FakeMail, heads: dict[str, str]) -> None:
    server.deliver(a_mail(ONE, **heads))
    with pytest.raises(RefusedError, match="machine"):
        await desk.reply(ticket(ONE), Reply(text="Hello"), key="k", version=None)
    assert server.sent == []


async def test_a_reply_goes_to_reply_to_with_those_in_copy_and_never_to_ourselves(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(
        a_mail(
            ONE,
            Reply_To="desk@client.test",
            Cc="Lee <lee@client.test>, support+old@shop.test, support@shop.test",
        )
    )
    await desk.reply(ticket(ONE), Reply(text="Try **again**."), key="k", version=None)
    ((sender, recipients, raw),) = server.sent
    assert recipients == ["desk@client.test", "lee@client.test"]
    assert "<support@shop.test>" in sender
    assert b"In-Reply-To: <one@client.test>" in raw
    assert b"Subject: Re: The lamp blinks" in raw
    assert b"agnes@shop.test" not in raw
    assert body_of(raw).strip() == "Try again."


async def test_a_mailing_lists_author_is_answered_not_the_list(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(
        a_mail(ONE, List_ID="<lamps.client.test>", Reply_To="lamps@client.test", Cc="all@client.test")
    )
    await desk.reply(ticket(ONE), Reply(text="Hello"), key="k", version=None)
    assert server.sent[0][1] == ["casey@client.test"]


async def test_words_of_the_requester_open_a_solved_ticket_again(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE))
    await desk.set_status(ticket(ONE), Status.SOLVED)
    assert (await tickets(desk))[ticket(ONE)].status is Status.SOLVED
    server.deliver(a_mail("two@x", References=f"<{ONE}>"))
    assert (await tickets(desk))[ticket(ONE)].status is Status.OPEN


async def test_a_mail_in_our_own_name_from_outside_is_not_a_reps(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE, sender="Support <support@shop.test>"))
    assert (await desk.thread(ticket(ONE))).messages[0].author.role is Role.REQUESTER


async def test_a_head_of_ours_in_a_customers_mail_means_nothing(desk: Mailbox, server: FakeMail) -> None:
    value = base64.urlsafe_b64encode(b'{"status":"solved"}').decode()
    server.deliver(
        a_mail(ONE, X_Sidedesk="status", X_Sidedesk_Ticket=str(ticket(ONE)), X_Sidedesk_Value=value)
    )
    assert (await tickets(desk))[ticket(ONE)].status is Status.NEW


async def test_merging_is_seen_by_colleagues_and_moves_later_answers_too(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    server.deliver(a_mail("two@x", Subject="Same lamp"))
    cursor = (await pages(desk))[-1].cursor
    await desk.merge(ticket("two@x"), ticket(ONE))
    changed = {t.remote_id: t.deleted for page in await pages(desk, cursor) for t in page.tickets}
    assert changed == {ticket(ONE): False, ticket("two@x"): True}
    server.deliver(a_mail("three@x", References="<two@x>"))
    thread = await desk.thread(ticket("two@x"))
    assert thread.snapshot.remote_id == ticket(ONE)
    assert len(thread.messages) == 3
    await desk.merge(ticket(ONE), ticket("two@x"))
    assert set(await tickets(desk)) == {ticket(ONE)}


async def test_a_mail_that_was_deleted_is_gone_with_its_ticket(desk: Mailbox, server: FakeMail) -> None:
    first = server.deliver(a_mail(ONE))
    server.deliver(a_mail("two@x"))
    cursor = (await pages(desk))[-1].cursor
    server.expunge(first)
    (page,) = await pages(desk, cursor)
    assert {t.remote_id: t.deleted for t in page.tickets}[ticket(ONE)]
    with pytest.raises(NotFoundError):
        await desk.thread(ticket(ONE))
    assert await pages(desk, page.cursor) == []


async def test_a_folder_made_anew_is_read_anew(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE))
    cursor = (await pages(desk))[-1].cursor
    server.folders["INBOX"].validity += 1
    (page,) = await pages(desk, cursor)
    assert [t.remote_id for t in page.tickets] == [ticket(ONE)]


async def test_a_poll_without_change_is_one_look_at_each_folder(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE))
    cursor = (await pages(desk))[-1].cursor
    await pages(desk, cursor)
    server.commands.clear()
    assert await pages(desk, cursor) == [] or server.commands
    server.commands.clear()
    await pages(desk, cursor)
    assert server.commands == ["EXAMINE"] * 3


async def test_a_note_stays_in_the_mailbox(desk: Mailbox, server: FakeMail) -> None:
    server.deliver(a_mail(ONE))
    await desk.note(ticket(ONE), "Grüße, **fett** & <b>", key="k", version=None)
    note = (await desk.thread(ticket(ONE))).messages[-1]
    assert (note.kind, note.text, note.author.email) == (
        MessageKind.NOTE,
        "Grüße, **fett** & <b>",
        "agnes@shop.test",
    )
    assert server.sent == []


async def test_two_mails_without_ids_are_two_tickets(desk: Mailbox, server: FakeMail) -> None:
    for n in range(2):
        server.deliver(f"From: casey@client.test\r\nSubject: {n}\r\n\r\nWords {n}".encode())
    found = await tickets(desk)
    assert len(found) == 2
    for remote in found:
        assert isinstance((await desk.thread(RemoteId(remote))).messages[0].text, str)


async def test_a_reply_that_was_filed_after_its_answer_came_stands_before_it(
    desk: Mailbox, server: FakeMail
) -> None:
    server.deliver(a_mail(ONE))
    server.deliver(a_mail("answer@x", References=f"<{ONE}> <reply@shop.test>"))
    server.deliver(a_mail("reply@shop.test", sender="support@shop.test", References=f"<{ONE}>"), "Sent")
    messages = (await desk.thread(ticket(ONE))).messages
    assert [message.remote_id for message in messages] == [ONE, "reply@shop.test", "answer@x"]
    assert [message.created for message in messages] == sorted(message.created for message in messages)
