from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import Article, ArticleId, SourceKind
from copilot.knowledge.passages import PASSAGE_WORDS, cut_passages


def article(text: str) -> Article:
    return Article(id=ArticleId("a"), title="T", text=text, kind=SourceKind.ARTICLE)


def test_a_passage_knows_the_headings_above_it() -> None:
    passages = cut_passages(
        article("Before.\n\n# Set up\n\n## On Linux\n\nRun it.\n\n## On Windows\n\nClick it.\n")
    )
    assert [(p.heading, p.text) for p in passages] == [
        ("", "Before."),
        ("Set up > On Linux", "Run it."),
        ("Set up > On Windows", "Click it."),
    ]


def test_short_paragraphs_are_joined_and_long_ones_cut() -> None:
    assert len(cut_passages(article("One.\n\nTwo.\n\nThree."))) == 1
    long = cut_passages(article("word " * 1000))
    assert all(len(p.text.split()) <= 2 * PASSAGE_WORDS for p in long)
    assert sum(len(p.text.split()) for p in long) == 1000


@given(st.text(alphabet=st.sampled_from("ab #\n\t.é"), max_size=400))
def test_passages_are_spans_of_the_text_in_order(text: str) -> None:
    at = 0
    for passage in cut_passages(article(text)):
        assert at <= passage.start < passage.end
        assert passage.text == text[passage.start : passage.end]
        at = passage.end


@given(st.text(alphabet=st.sampled_from("ab \n\t.é"), max_size=3000))
def test_no_word_is_lost_where_there_are_no_headings(text: str) -> None:
    assert " ".join(passage.text for passage in cut_passages(article(text))).split() == text.split()
