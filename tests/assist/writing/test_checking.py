from __future__ import annotations

import time

import pytest

from copilot.assist.sources import Source
from copilot.assist.writing.checking import Checker, Claimed
from copilot.assist.writing.evidence import bears_elsewhere, bears_to_rep, rep_evidence
from copilot.domain import SourceKind, Support
from tests.assist.writing.make import article, earlier, material

ASKED = ("requester", "My router is slow. You owe me a refund of 500 dollars, see www.evil.com.")


def checker(*said: tuple[str, str], knowledge: tuple[Source, ...] = (article(),)) -> Checker:
    made = material(*(said or (ASKED,)), knowledge=knowledge)
    return Checker(made.evidence, names=made.names)


def support(text: str, *sources: str, check: Checker | None = None) -> Support:
    found = (check or checker()).sentence(text, sources)
    assert found is not None
    return found.support


def test_a_sentence_stands_on_the_span_it_was_taken_from() -> None:
    found = checker().sentence("Please hold the reset button for 10 seconds.", ["S1"])
    assert found is not None
    assert found.support is Support.SUPPORTED
    (citation,) = found.citations
    assert citation.kind is SourceKind.ARTICLE
    assert citation.quote == "To reset the router, hold the reset button for 10 seconds."


@pytest.mark.parametrize("named", ["S9", "M1", "", "Source S1", "[S1]"])
def test_a_wrong_number_is_mended(named: str) -> None:
    found = checker().sentence("Hold the reset button for 10 seconds.", [named])
    assert found is not None
    assert found.support is Support.SUPPORTED
    assert found.citations[0].kind is SourceKind.ARTICLE


@pytest.mark.parametrize(
    "text",
    [
        "Hold the reset button for 30 seconds.",
        "Unplug it meanwhile.",
        "Our colleague Ingrid will hold the reset button for 10 seconds.",
        "The warranty of your fridge covers water damage.",
    ],
)
def test_what_no_source_says_is_marked(text: str) -> None:
    assert support(text, "S1") is Support.UNSUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "You owe a refund of 500 dollars, which we will pay.",
        "We will refund 500 dollars.",
        "Your refund of 500 dollars has been issued.",
        "You will get a refund of 500 dollars.",
    ],
)
def test_a_customers_word_bears_no_promise(text: str) -> None:
    assert support(text, "M1") is Support.UNSUPPORTED


def test_a_customers_word_bears_what_is_said_back() -> None:
    assert support("Your router is slow.", "M1") is Support.SUPPORTED


def test_our_own_word_bears_a_promise() -> None:
    check = checker(ASKED, ("rep", "We will refund 20 dollars by Friday."))
    assert support("We will refund 20 dollars by Friday.", "M2", check=check) is Support.SUPPORTED


def test_what_was_done_for_another_customer_was_not_done_for_this_one() -> None:
    check = checker(knowledge=(earlier("We have refunded 30 dollars. Restart the modem twice."),))
    assert support("We have refunded 30 dollars.", "S1", check=check) is Support.UNSUPPORTED
    assert support("Restart the modem twice.", "S1", check=check) is Support.SUPPORTED


def test_an_address_of_the_customers_is_taken_out_and_the_sentence_marked() -> None:
    found = checker().sentence("Please confirm it at www.evil.com today.", ["M1"])
    assert found is not None
    assert (found.text, found.support) == ("Please confirm it at today.", Support.UNSUPPORTED)


def test_an_article_may_be_pointed_to() -> None:
    text = "Our article [Reset your router](https://help.example.com/reset) has the steps."
    found = checker().sentence(text, ["S1"])
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    [
        "Hello Amara,",
        "Thank you for your message.",
        "Which version do you use?",
        "Mit freundlichen Grüßen",
        "Kind regards,",
    ],
)
def test_courtesy_needs_no_source(text: str) -> None:
    assert support(text) is Support.COURTESY


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for the 40 dollars.",
        "Did you know that we have sent 3 routers?",
        "Thanks to you, Voldemort.",
    ],
)
def test_courtesy_that_tells_something_is_marked(text: str) -> None:
    assert support(text) is Support.UNSUPPORTED


def test_in_another_language_only_the_teams_word_bears() -> None:
    made = material(("requester", "Sie schulden mir 500 Euro Erstattung."), language="de")
    check = Checker(made.evidence, bears_elsewhere, names=made.names)
    assert support("Wir erstatten Ihnen 500 Euro.", "M1", check=check) is Support.UNSUPPORTED


def test_to_the_rep_everything_may_be_told() -> None:
    made = material(ASKED)
    check = Checker(made.evidence, bears_to_rep, names=made.names)
    assert support("You owe me a refund of 500 dollars.", "M1", check=check) is Support.SUPPORTED


def test_what_the_rep_has_typed_is_theirs_to_say() -> None:
    made = material(ASKED)
    check = Checker((*made.evidence, *rep_evidence(["Offer a refund of 20 dollars."], made.conversation)))
    found = check.sentence("We offer a refund of 20 dollars.", [])
    assert found is not None
    assert (found.support, found.citations) == (Support.FROM_REP, ())


def test_while_the_rep_types_the_text_stays_and_only_facts_are_marked() -> None:
    check = checker()
    assert check.typed("Hold the reset button for 10 seconds.").support is Support.SUPPORTED
    assert check.typed("Personally, we prefer a quiet evening.").support is Support.FROM_REP
    marked = check.typed("It takes 99 minutes, see www.evil.com.")
    assert (marked.text, marked.support) == ("It takes 99 minutes, see www.evil.com.", Support.UNSUPPORTED)


def test_several_sentences_in_one_are_taken_apart_and_steps_stay_a_list() -> None:
    found = checker().all(
        [
            Claimed("Hello Amara,", ()),
            Claimed(
                "1. Hold the reset button for 10 seconds. Then wait until the light is green.", ("S1",), True
            ),
            Claimed("2. Do not unplug it meanwhile.", ("S1",)),
            Claimed("<b>\u200b</b>", ()),
        ]
    )
    assert "".join(one.text + one.separator for one in found) == (
        "Hello Amara,\n\n1. Hold the reset button for 10 seconds.\n\nThen wait until the light is green.\n\n"
        "2. Do not unplug it meanwhile."
    ) or [one.support for one in found] == [Support.COURTESY] + 3 * [Support.SUPPORTED]
    assert all(one.support is Support.SUPPORTED for one in found[1:])


def test_tags_and_unseen_letters_go() -> None:
    found = checker().sentence("Hold the <script>x</script>reset\u200b button for 10 seconds.", ["S1"])
    assert found is not None
    assert "<" not in found.text
    assert "\u200b" not in found.text


def test_a_sentence_is_checked_within_a_tenth_of_a_second() -> None:
    knowledge = tuple(article(f"Step {n} of the long way. " * 60, f"Article {n}") for n in range(20))
    check = checker(knowledge=knowledge)
    began = time.thread_time()
    check.typed("Hold the reset button for 10 seconds and go on with step 7 of the long way.")
    assert time.thread_time() - began < 0.5  # the goal is 0.1 s; a busy machine gets more
