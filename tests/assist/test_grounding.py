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


@given(st.text(max_size=80), st.text(max_size=120))
def test_a_score_is_a_share(sentence: str, span: str) -> None:
    assert 0 <= support_score(sentence, [span]) <= 1
