from __future__ import annotations

from dataclasses import replace

import pytest

from copilot.domain import (
    Channel,
    Conversation,
    DeskId,
    Message,
    Person,
    RemoteId,
    Role,
    Sentiment,
    Status,
    ThreadVersion,
    Ticket,
    TicketId,
    Urgency,
)
from copilot.models.facts import read_facts
from copilot.models.tokens import count_tokens
from tests.models.conftest import NOON

AMARA = Person(remote_id=RemoteId("c1"), name="Amara Okoye", email="amara@nestbox.example")
INES = Person(remote_id=RemoteId("r1"), name="Ines Okafor", email="ines@desk.example", role=Role.REP)


def conversation(*texts: str, **fields: str) -> Conversation:
    ticket = Ticket(
        id=TicketId(7),
        desk=DeskId("demo"),
        remote_id=RemoteId("T7"),
        subject="Help",
        status=Status.OPEN,
        channel=Channel.EMAIL,
        created=NOON,
        updated=NOON,
        requester=AMARA,
        version="1",
        thread_version=ThreadVersion("1"),
        fields=fields,
    )
    messages = tuple(
        Message(
            remote_id=RemoteId(f"m{place}"), author=AMARA, created=NOON, text=text, clean=text, language="en"
        )
        for place, text in enumerate(texts)
    )
    return Conversation(ticket=ticket, messages=messages)


@pytest.mark.parametrize(
    "text",
    ["I want a refund.", "You charged me twice", "The invoice is wrong", "I gave 20 EUR", "It cost $30", "Rechnung!"],
)  # fmt: skip
def test_money_is_seen(text: str) -> None:
    assert read_facts(conversation(text)).money


@pytest.mark.parametrize(
    "text",
    ["My lawyer writes", "under the GDPR", "it caught fire", "This is fraud", "a stolen card", "delete my data"],
)  # fmt: skip
def test_regulated_topics_are_seen(text: str) -> None:
    assert read_facts(conversation(text)).regulated


@pytest.mark.parametrize("text", ["The router has no light.", "How do I move a folder?", "Thanks, it works"])
def test_a_plain_question_is_neither(text: str) -> None:
    facts = read_facts(conversation(text))
    assert not facts.money
    assert not facts.regulated


def test_what_the_rep_writes_does_not_make_it_about_money() -> None:
    asked = conversation("The router has no light.")
    reply = Message(remote_id=RemoteId("m9"), author=INES, created=NOON, text="We refund nothing.")
    assert not read_facts(replace(asked, messages=(*asked.messages, reply))).money


def test_people_fields_and_moods_are_read() -> None:
    known = conversation("Hello", Phone="020 7946 0958", Plan="Gold", **{"Order number": "NB-4471"})
    facts = read_facts(
        known,
        intent="reset",
        sentiment=Sentiment(score=-0.5, confidence=1),
        urgency=Urgency(level=2, confidence=1),
    )
    assert (facts.ticket, facts.desk, facts.intent, facts.language) == (7, "demo", "reset", "en")
    assert (facts.sentiment, facts.urgency, facts.tier) == (-0.5, 2, "gold")
    assert facts.personal.names == ("Amara Okoye",)
    assert facts.personal.mails == ("amara@nestbox.example",)
    assert facts.personal.phones == ("020 7946 0958",)
    assert facts.personal.numbers == ("NB-4471",)


def test_a_tag_keeps_a_ticket_in_the_building() -> None:
    plain = conversation("Hello")
    assert not read_facts(plain).never_leaves
    tagged = replace(plain, ticket=replace(plain.ticket, tags=("vip", "Never-Leaves")))
    assert read_facts(tagged).never_leaves


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("Please restart the router and wait for a minute.", 9, 14),
        ("https://nestbox.example/a?id=7", 9, 20),
        ("请重启路由器", 5, 8),
    ],
)
def test_tokens_are_counted_about_right(text: str, least: int, most: int) -> None:
    assert least <= count_tokens(text) <= most
