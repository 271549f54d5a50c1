from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import ArticleId
from copilot.knowledge.conflicts import ArticlePair, Conflict, Piece, difference_between, pairs_in
from tests.knowledge.fake_embedder import WordEmbedder

RETURN = "Goods can be sent back within 30 days after delivery. The parcel label comes by mail."
RETURN_OTHER = "Goods can be sent back within 14 days after delivery. The parcel label comes by mail."
COLOURS = "Colours of the folder pane are chosen under appearance, and each account may have its own."


def pairs(*articles: tuple[str, str, str]) -> tuple[ArticlePair, ...]:
    pieces = [Piece(ArticleId(name), title, text) for name, title, text in articles]
    return pairs_in(pieces, WordEmbedder(dimension=512).encode([piece.text for piece in pieces]))


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        (
            "Goods can be sent back within 30 days.",
            "Goods can be sent back within 14 days.",
            "days: 30 or 14",
        ),
        ("The premium plan costs $20 each month.", "The premium plan costs $25 each month.", "$: 20 or 25"),
        ("Use port 993 for the incoming mail server.", "Use port 995 for the incoming mail server.", "port"),
        ("Deleted folders can be restored later.", "Deleted folders cannot be restored later.", "not so"),
        ("Goods can be sent back within 30 days.", "Goods can be sent back within 30 days, unopened.", ""),
        ("Goods can be sent back within 30 days.", "The parcel weighs up to 20 kilograms here.", ""),
        ("Wait 5 minutes and restart the program.", "Wait 5 minutes and restart the program twice.", ""),
        ("In 30 days.", "In 14 days.", ""),
    ],
)
def test_what_differs_between_two_sentences(one: str, other: str, difference: str) -> None:
    assert (
        (difference in difference_between(one, other)) if difference else not difference_between(one, other)
    )
    assert bool(difference_between(one, other)) == bool(difference_between(other, one))


def test_two_articles_with_another_number_contradict_each_other() -> None:
    (first, second) = pairs(
        ("a", "Returns", RETURN), ("b", "Sending back", RETURN_OTHER), ("c", "Colours", COLOURS)
    )
    assert (first.kind, first.one, first.other) == (Conflict.CONTRADICTION, "a", "b")
    (evidence,) = first.evidence
    assert evidence.one == "Goods can be sent back within 30 days after delivery."
    assert evidence.other == "Goods can be sent back within 14 days after delivery."
    assert evidence.difference == "days: 30 or 14"
    assert second.kind is Conflict.DUPLICATE


def test_two_articles_that_say_the_same_are_duplicates() -> None:
    (pair,) = pairs(("a", "Returns", RETURN), ("b", "Sending back", RETURN), ("c", "Colours", COLOURS))
    assert pair.kind is Conflict.DUPLICATE
    assert pair.likeness == pytest.approx(1, abs=0.01)
    assert pair.evidence[0].one == RETURN


def test_a_number_of_the_titles_is_what_the_articles_are_about() -> None:
    one = "This page tells what is new in version 115 of the program for everybody."
    other = "This page tells what is new in version 128 of the program for everybody."
    found = pairs(("a", "What is new in 115", one), ("b", "What is new in 128", other))
    assert [pair.kind for pair in found] == [Conflict.DUPLICATE]
    assert pairs(("a", "News", one), ("b", "New things", other))[0].kind is Conflict.CONTRADICTION


def test_passages_of_one_article_are_not_compared() -> None:
    assert pairs(("a", "Returns", RETURN), ("a", "Returns", RETURN_OTHER)) == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    assert isinstance(difference_between(one, other), str)
    assert difference_between(one, one) == ""
