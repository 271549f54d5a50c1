"""The figures made of orders, against cases worked out by hand, and that a plant is one false detail."""

from __future__ import annotations

import pytest

from tests.bench.quality.sets.planting import planted
from tests.bench.quality.sets.ranks import area, calibration_error, coverage_at, precision_at, spearman


def test_rank_correlation_shares_ties() -> None:
    assert spearman([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert spearman([1, 1, 2, 3], [1, 2, 3, 4]) == pytest.approx(0.9487, abs=1e-4)


def test_area_counts_ties_half() -> None:
    assert area([2, 3], [0, 1]) == 1
    assert area([1], [1]) == 0.5
    assert area([0, 2], [1]) == 0.5


def test_coverage_is_the_largest_share_that_is_right_often_enough() -> None:
    confidence, right = [0.9, 0.8, 0.7, 0.6], [True, False, True, False]
    assert coverage_at(0.66, confidence, right) == (0.75, 0.7)
    assert coverage_at(0.9, confidence, right) == (0.25, 0.9)
    assert coverage_at(0.9, [0.5], [False])[0] == 0
    assert precision_at(0.5, confidence, right) == 0.5


def test_calibration_error_is_the_mean_gap() -> None:
    assert calibration_error([0.95, 0.95], [True, True]) == pytest.approx(0.05)
    assert calibration_error([0.95, 0.15], [False, False]) == pytest.approx(0.55)


def test_each_plant_changes_one_kind_of_detail_and_is_always_the_same() -> None:
    sentence = "Write to www.shop.example.com before May, and Marta can refund 30 dollars."
    source = [sentence, "In Lagos a refund of 12 dollars is usual."]
    plants = planted(sentence, source, ["Ask Robert."])
    assert set(plants) == {"number", "name", "negation", "link"}
    assert plants == planted(sentence, source, ["Ask Robert."])
    assert "30" not in plants["number"]
    assert "can not refund" in plants["negation"]
    assert len({sentence, *plants.values()}) == 5


def test_nothing_is_planted_where_there_is_nothing_to_change() -> None:
    assert planted("Nothing helps.", ["Nothing helps."], []) == {}
