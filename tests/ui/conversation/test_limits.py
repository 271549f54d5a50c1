"""What a channel or a desk does not let through is said before anybody tries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from copilot.domain import Capabilities, Channel, ReplyLimits, Status, Upload
from tests.ui.conftest import NOW, until
from tests.ui.conversation.conftest import MAYA, Desk
from tests.ui.fake_desk import ME, PRIYA
from ui.conversation.header import company_words
from ui.conversation.limits import Way
from ui.conversation.possible import impossible

WHATSAPP = ReplyLimits(characters=20, markup=False, attachments=False)
FILE = Upload(name="a.txt", media_type="text/plain", content=b"a")


def test_what_fits_through_a_channel() -> None:
    way = Way("WhatsApp", WHATSAPP, NOW + timedelta(hours=1))
    assert way.why_not(20, (), NOW) == ""
    assert way.why_not(21, (), NOW) == "1 characters too long for WhatsApp"
    assert way.why_not(5, (FILE,), NOW) == "WhatsApp takes no files: send a link instead"
    assert "until the requester writes again" in way.why_not(5, (), NOW + timedelta(hours=1))
    words = way.words(5, NOW)
    assert words.startswith("WhatsApp, plain text, 5 of 20 characters, replies until ")
    assert Way("E-mail").words(5, NOW) == ""


async def test_a_reply_over_the_limit_cannot_go_and_a_note_can(desk: Desk) -> None:
    desk.workspace.composes.channel = WHATSAPP
    desk.workspace.change(MAYA, channel=Channel.WHATSAPP)
    await desk.open()
    desk.type("This is longer than it may be")
    composer = desk.pane.composer
    assert composer.why_not() == "9 characters too long for WhatsApp"
    assert "29 of 20 characters" in composer.way.text()
    assert not desk.actions.is_enabled("reply.send")
    assert not composer.attach.isEnabled()
    composer.set_note(note=True)
    assert composer.why_not() == ""


async def test_a_closed_window_holds_the_reply(desk: Desk) -> None:
    desk.workspace.change(
        MAYA, channel=Channel.WHATSAPP, reply_until=desk.workspace.now - timedelta(minutes=5)
    )
    await desk.open()
    desk.type("Hello")
    assert "WhatsApp takes no replies since" in desk.pane.composer.why_not()


async def test_what_the_desk_cannot_do_is_greyed_with_its_reason(desk: Desk) -> None:
    await desk.open()
    conversation = desk.pane.conversation
    assert conversation is not None
    info = replace(
        desk.workspace.desks()[0],
        capabilities=Capabilities(
            notes=False,
            assign=False,
            tags=False,
            statuses=frozenset({Status.OPEN}),
            reasons={"merge": "Not on this plan."},
        ),
    )
    found = impossible(conversation, info)
    assert found["ticket.merge"] == "Not on this plan"
    assert {"ticket.note", "ticket.assign", "ticket.take_over", "ticket.tags", "ticket.solve"} <= set(found)
    assert desk.actions.reason("ticket.merge")


async def test_colleagues_on_the_ticket_are_shown(desk: Desk) -> None:
    await desk.open()
    desk.pane.company.changed.emit((PRIYA,))
    company = desk.pane.header.company
    assert company.accessibleName() == f"{PRIYA.name.split()[0]} is here too"
    await until(company.isVisible)
    assert company_words((PRIYA, ME)) == f"{PRIYA.name.split()[0]} and 1 more are here"
    desk.pane.show_ticket(None)
    assert company.isHidden()
