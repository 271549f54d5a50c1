from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copilot.assist.own_answer import as_asked, start_answer
from copilot.domain import RemoteId, Role, Status
from copilot.text.personal import PersonalKind
from tests.threads import conversation

REPLY = """Hello Amara,

Open the settings, choose Proxy and import the certificate. Then restart the program. Or write to sam.lee@example.com.

> The proxy blocks my mail.

Thanks, Amara!

Kind regards"""
HOW = "Open the settings, choose Proxy and import the certificate. Then restart the program."


def test_the_accepted_reply_is_taken_without_courtesy_and_personal_data() -> None:
    talk = conversation(
        ("requester", "The proxy blocks my mail."),
        ("rep", "Could you tell me which version of the program you have there, please?"),
        (
            "rep",
            REPLY,
        ),
        ("rep", "Anything else that I could look at for you today in the settings?"),
        status=Status.SOLVED,
        accepted_solution=RemoteId("m2"),
        subject="Proxy of Amara Okoye",
    )
    started = start_answer([talk])
    assert started is not None
    assert started.message == "m2"
    assert HOW in started.text
    assert "Amara" not in started.text + started.title
    assert "regards" not in started.text
    assert "> The proxy" not in started.text
    assert "[mail 1]" in started.text
    assert started.removed[PersonalKind.MAIL] == 1
    assert started.removed[PersonalKind.NAME] >= 1


def test_a_reply_that_explains_goes_before_one_that_asks_back() -> None:
    asking = conversation(
        ("requester", "Help"), ("rep", "Which version do you have? And which system is it, please?")
    )
    telling = conversation(("requester", "Help"), ("rep", HOW), status=Status.SOLVED)
    started = start_answer([asking, telling])
    assert started is not None
    assert started.text == HOW


def test_addresses_of_plain_pages_stay_and_others_go() -> None:
    reply = (
        f"{HOW} See https://help.example.com/kb/proxy and https://files.example.com/get?token=4711 for more."
    )
    started = start_answer([conversation(("requester", "Help"), ("rep", reply))])
    assert started is not None
    assert "https://help.example.com/kb/proxy" in started.text
    assert "4711" not in started.text


def test_what_a_machine_said_notes_and_short_words_are_no_answers() -> None:
    talk = conversation(("requester", "Help"), ("ai", HOW), ("note", HOW), ("rep", "We look into it."))
    assert start_answer([talk]) is None
    assert start_answer([]) is None


def test_a_ticket_as_it_came_in_ends_before_the_first_answer() -> None:
    talk = conversation(
        ("requester", "It fails."),
        ("requester", "With an error."),
        ("ai", "Restart."),
        ("requester", "No."),
        status=Status.SOLVED,
    )
    asked = as_asked(talk)
    assert [message.clean for message in asked.messages] == ["It fails.", "With an error."]
    assert asked.ticket.status is Status.OPEN


@given(
    st.lists(
        st.tuples(st.sampled_from(("requester", "rep", "ai", "note")), st.text(max_size=120)), max_size=5
    )
)
def test_any_thread_can_be_read(said: list[tuple[str, str]]) -> None:
    talk = conversation(*said)
    started = start_answer([talk])
    assert started is None or started.text.strip()
    assert all(message.author.role is Role.REQUESTER for message in as_asked(talk).messages)
