from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.assist.grounding import check_sentence, support_score
from copilot.domain import Support

SPAN = (
    "In Thunderbird 128, click Tools > Message Filters and choose New. You cannot undo this. "
    "See https://help.example/kb/filters for more. Ask Marta if it takes more than 30 days."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Click Tools > Message Filters and choose New.",
        "You cannot undo this.",
        "Choose New after you click Message Filters in Tools.",
        "See https://help.example/kb/filters.",
        "It takes more than 30 days.",
    ],
)
def test_said_by_the_source(sentence: str) -> None:
    assert check_sentence(sentence, [SPAN]) is Support.SUPPORTED


@pytest.mark.parametrize(
    "sentence",
    [
        "In Thunderbird 115, click Tools > Message Filters and choose New.",  # another number
        "You can undo this.",  # no negation
        "See https://evil.example/kb/filters for more.",  # another link
        "You can ask Robert if it takes more than 30 days.",  # another name
        "Reinstall the operating system and buy a new printer.",  # other words
        "Your refund was sent on Monday.",
    ],
)
def test_not_said_by_the_source(sentence: str) -> None:
    assert check_sentence(sentence, [SPAN]) is Support.UNSUPPORTED


def test_courtesy_needs_no_source_but_may_claim_nothing() -> None:
    assert check_sentence("Thank you for writing to us.", []) is Support.COURTESY
    assert check_sentence("Thank you, 30 days is right.", []) is Support.UNSUPPORTED
    assert check_sentence("Click Tools.", []) is Support.UNSUPPORTED


FEES = (
    "The basic plan costs 12 dollars a month and holds 20 folders. "
    "The business plan costs 45 dollars a month and holds 300 folders. "
    "Refunds in Ghana take 7 days, refunds in Portugal take 14 days and are never sent by cheque. "
    "Write to help@shop.example or read https://shop.example/plans/business."
)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (
            "With the basic plan you pay 12 dollars a month.",
            "With the basic plan you pay 45 dollars a month.",
        ),
        ("The business plan has 300 folders.", "The business plan has 12 folders."),
        ("A refund takes 7 days in Ghana.", "A refund takes 7 hours in Ghana."),
        ("A refund takes seven days in Ghana.", "A refund takes nine days in Ghana."),
        ("A refund in Portugal takes 14 days.", "A refund in Accra takes 14 days."),
        ("Refunds in Portugal are never sent by cheque.", "Refunds in Portugal are sent by cheque."),
        ("The basic plan holds 20 folders.", "The basic plan does not hold 20 folders."),
        ("Please write to help@shop.example.", "Please write to help@shop.invalid."),
        ("Read https://shop.example/plans/business", "Read https://shop.example/plans/bus"),
    ],
)
def test_a_detail_of_the_source_said_of_another_thing_is_noticed(true: str, false: str) -> None:
    assert check_sentence(true, [FEES]) is Support.SUPPORTED
    assert check_sentence(false, [FEES]) is Support.UNSUPPORTED


def test_a_sentence_pieced_together_from_all_over_is_worth_less_than_one_place_that_says_it() -> None:
    told = [
        "The export writes a file of addresses. It is safe.",
        "Cards are billed by the bank. The bank is closed.",
    ]
    assert support_score("The export writes a file", told) == 1
    assert support_score("The bank writes a file of cards.", told) < support_score(
        "A file of addresses is what the export writes.", told
    )


def test_of_many_sources_the_one_that_says_it_is_found() -> None:
    others = [f"Passage {n} tells of printers, paper and number {n}." for n in range(30)]
    assert check_sentence("A refund takes 7 days in Ghana.", [*others, FEES, *others]) is Support.SUPPORTED


@given(st.text(max_size=80), st.text(max_size=120))
def test_a_score_is_a_share(sentence: str, span: str) -> None:
    assert 0 <= support_score(sentence, [span]) <= 1
