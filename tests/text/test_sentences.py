from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.text.sentences import SentenceKind, split_sentences


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It broke. I need help!", ["It broke.", "I need help!"]),
        ("I run 128.3 on Windows 11. It fails.", ["I run 128.3 on Windows 11.", "It fails."]),
        ("Use a filter, e.g. by sender. Then save.", ["Use a filter, e.g. by sender.", "Then save."]),
        ("See https://example.com/a.b?c=d. Then go on.", ["See https://example.com/a.b?c=d.", "Then go on."]),
        ("Really?? Yes... It is so.", ["Really??", "Yes...", "It is so."]),
        ('He said "stop." Then it stopped.', ['He said "stop."', "Then it stopped."]),
        ("Hi Sam,\nIt broke\nPlease help", ["Hi Sam,\nIt broke", "Please help"]),
        ("今日は動きません。助けてください。", ["今日は動きません。", "助けてください。"]),
        ("no full stop at all", ["no full stop at all"]),
        ("It is thunderbird.exe that fails. ok", ["It is thunderbird.exe that fails.", "ok"]),
        ("", []),
    ],
)
def test_splits(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_wrapped_lines_of_a_mail_belong_together() -> None:
    text = "I have been using the program for ten years and now the\nfolders are gone after the update."
    assert texts(text) == [text]


def test_knows_lists_headings_quotes_and_code() -> None:
    found = split_sentences(
        "# Steps\n\n1. Open the menu. Wait.\n2. Close it\n- or not\n\n> quoted\n\n```\ncode. more\n```\nEnd."
    )
    assert [(s.text, s.kind, s.marker) for s in found] == [
        ("Steps", SentenceKind.HEADING, ""),
        ("Open the menu.", SentenceKind.ITEM, "1."),
        ("Wait.", SentenceKind.ITEM, ""),
        ("Close it", SentenceKind.ITEM, "2."),
        ("or not", SentenceKind.ITEM, "-"),
        ("> quoted", SentenceKind.QUOTE, ""),
        ("```\ncode. more\n```", SentenceKind.CODE, ""),
        ("End.", SentenceKind.TEXT, ""),
    ]


PIECES = st.sampled_from(
    ["e.g. ", "128.3 ", ". ", "\n", "\n\n", "- ", "1. ", "> ", "```\n", "# ", "! ", "https://x.y/z "]
)


@given(st.lists(PIECES | st.text(max_size=12), max_size=30).map("".join))
def test_places_are_exact_and_no_letter_of_prose_is_lost(text: str) -> None:
    at = 0
    for sentence in split_sentences(text):
        assert sentence.start >= at
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text.strip() == sentence.text != ""
        assert not any(c.isalpha() for c in text[at : sentence.start])
        at = sentence.end
    assert not any(c.isalpha() for c in text[at:])


@pytest.mark.parametrize("piece", [". ", "a", "a. ", "\n", "- a\n", "> a\n", "```\n", "e.g. ", "...", "1. "])
def test_time_grows_with_the_length(piece: str) -> None:
    small, large = (min(timed(piece * (size // len(piece))) for _ in range(2)) for size in (30_000, 120_000))
    assert max(large, 0.02) / max(small, 0.02) < 12  # four times the text


def timed(text: str) -> float:
    start = time.process_time()
    split_sentences(text)
    return time.process_time() - start
