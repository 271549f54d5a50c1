from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.domain import ArticleId
from copilot.knowledge.history import History, SolvedTicket
from copilot.knowledge.question import question_of
from copilot.knowledge.ranking import FEATURES, Example, Ranker, candidates_of, fitted
from copilot.knowledge.shelf import QuestionVectors, Shelf, WordHit
from copilot.store.passage import Passage

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RANDOM = np.random.default_rng(5)


def near(axis: int, noise: float = 0.3) -> NDArray[np.float32]:
    row = RANDOM.normal(scale=noise / 4, size=16).astype(np.float32)
    row[axis] += 1
    unit: NDArray[np.float32] = row / np.linalg.norm(row)
    return unit


def passage(article: str, start: int) -> Passage:
    return Passage(article=ArticleId(article), start=start, end=start + 5, heading="", text="words")


def shelf_of(*articles: str) -> Shelf:
    shelf = Shelf(16)
    for axis, article in enumerate(articles):
        shelf.put(
            ArticleId(article),
            [passage(article, 0), passage(article, 10)],
            np.stack([near(axis), near(15)]),
            near(axis),
        )
    return shelf


def asked(axis: int) -> QuestionVectors:
    return QuestionVectors(near(axis), near(axis), near(axis)[None])


def evidence(shelf: Shelf, history: History, axis: int) -> dict[str, NDArray[np.float64]]:
    question = asked(axis)
    return {**shelf.evidence(question, []), **history.evidence(question.whole, at=NOW)}


def test_without_any_history_the_nearest_article_comes_first() -> None:
    shelf = shelf_of("a", "b", "c")
    history = History([], shelf.articles)
    found = Ranker().order(candidates_of(evidence(shelf, history, 1)))
    assert shelf.articles[found[0].place] == "b"
    assert sum(one.probability for one in found) == pytest.approx(1.0)
    assert any(reason.startswith(("near", "part")) for reason in found[0].reasons)


def test_every_feature_is_told_by_shelf_or_history() -> None:
    shelf = shelf_of("a", "b")
    assert set(evidence(shelf, History([], shelf.articles), 0)) == set(FEATURES)


def test_an_article_put_again_takes_its_own_place_and_removed_it_is_gone() -> None:
    shelf = shelf_of("a", "b", "c")
    shelf.put(ArticleId("b"), [passage("b", 0)], near(9)[None], near(9))
    assert len(shelf) == 3
    assert shelf.best_passage(ArticleId("b"), asked(9))[1] > 0.8
    shelf.remove(ArticleId("b"))
    assert "b" not in shelf.articles
    assert len(shelf.evidence(asked(1), [])["near_best"]) == 2


def test_a_word_hit_on_a_passage_that_is_gone_is_left_out() -> None:
    shelf = shelf_of("a", "b")
    words = [
        WordHit(ArticleId("b"), 10, 1.0),
        WordHit(ArticleId("z"), 0, 1.0),
        WordHit(ArticleId("a"), 99, 1.0),
    ]
    assert shelf.evidence(asked(0), words)["words_best"].tolist() == [0.0, 1.0]


def solved(axis: int, article: str, days: int = 3) -> SolvedTicket:
    return SolvedTicket(vector=near(axis), articles={ArticleId(article): 1.0}, at=NOW - timedelta(days=days))


def test_history_names_what_solved_tickets_like_this_one() -> None:
    history = History([solved(5, "c"), solved(5, "c"), solved(6, "a")], [ArticleId(name) for name in "abc"])
    told = history.evidence(near(5), at=NOW)
    assert all(told[name].argmax() == 2 for name in ("history", "nearest", "centroid", "usual", "recent"))
    assert [history.tickets[one.place].articles for one in history.similar(near(5), ArticleId("c"))] == [
        {"c": 1.0},
        {"c": 1.0},
    ]


def test_leaving_a_ticket_out_is_as_if_it_had_never_been() -> None:
    tickets = [solved(axis % 4, "abcd"[axis % 4], days=axis + 1) for axis in range(12)]
    names = [ArticleId(name) for name in "abcd"]
    whole = History(tickets, names)
    for place, ticket in enumerate(whole.tickets):
        others = [one for other, one in enumerate(whole.tickets) if other != place]
        without = History(others, names).evidence(ticket.vector, at=NOW)
        left_out = whole.evidence(ticket.vector, at=NOW, leave_out=place)
        for name, column in without.items():
            assert left_out[name] == pytest.approx(column, abs=1e-4), name


def test_weights_learn_from_what_reps_accept() -> None:
    """Here only words tell the right article; the ranker starts by trusting meaning more."""
    examples, right = [], []
    for _ in range(60):
        place = int(RANDOM.integers(0, 8))
        columns = {name: RANDOM.normal(size=8) for name in FEATURES}
        columns["words_best"] = np.eye(8)[place] + RANDOM.normal(scale=0.2, size=8)
        examples.append(Example(candidates_of(columns), frozenset({place})))
        right.append(place)

    def hits(ranker: Ranker) -> int:
        return sum(
            ranker.order(example.candidates)[0].place == place
            for example, place in zip(examples, right, strict=True)
        )

    assert hits(fitted(examples)) > hits(Ranker())
    assert hits(fitted(examples)) > 45


def test_nothing_to_learn_from_leaves_the_weights_as_they_were() -> None:
    assert fitted([]).weights == pytest.approx(Ranker().weights)


def test_of_many_articles_only_the_promising_are_candidates() -> None:
    columns = {name: np.zeros(5000) for name in FEATURES}
    columns["history"][4999] = 1.0
    candidates = candidates_of(columns)
    assert 4999 in candidates.places
    assert len(candidates.places) < 400


def test_a_question_keeps_what_was_asked_and_drops_the_noise() -> None:
    question = question_of(
        "No mail",
        "Hi all,\n\nSince Monday no mail arrives.\n\n```\nlog line\n```\n\nSee [this](http://x.y/z).\n\nThanks!",
    )
    assert question.whole == "No mail. Since Monday no mail arrives. See this."
    assert question.subject == "No mail"
    assert question_of("", "").parts == ("",)
