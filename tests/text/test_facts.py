from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.text.facts import described, facts_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I use version 128.14.0esr on Win 11", ("Version: version 128.14.0esr", "System: Win 11")),
        ("Thunderbird 140 with Gmail over IMAP", ("Version: Thunderbird 140", "Provider: Gmail", "Account type: IMAP")),
        ('It says "Login to server failed." on macOS 14.6', ("System: macOS 14.6", "Error: Login to server failed.")),
        ("A pop up of 2.5 GB at 10.30 am, on 12 June 2025", ()),
        ("nothing at all", ()),
    ],
)  # fmt: skip
def test_reads_what_was_told(text: str, expected: tuple[str, ...]) -> None:
    assert described(facts_in([text])) == expected


def test_each_wording_once_and_few_of_a_kind() -> None:
    assert described(facts_in(["gmail", "Gmail, GMAIL"])) == ("Provider: gmail",)
    assert len(facts_in([" ".join(f"1.{n}.0" for n in range(30))])) == 3


@given(st.lists(st.text(max_size=80), max_size=4))
def test_never_fails(texts: list[str]) -> None:
    assert all(fact.text for fact in facts_in(texts))
