"""The quality bench itself, on made data: where it looks for what was held back, and that nothing is on both sides."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.quality.__main__ import main
from tests.bench.quality.frame import Figure
from tests.bench.quality.parts import Parts, heldout_beside
from tests.bench.quality.registry import all_sets
from tests.bench.quality.table import as_json, as_rows


def test_a_held_out_file_is_found_by_what_it_is_about(tmp_path: Path) -> None:
    for name in ("retrieval.dev", "retrieval.heldout", "threads.dev", "threads.heldout"):
        (tmp_path / f"{name}.jsonl").touch()
    assert heldout_beside(tmp_path / "threads.dev.jsonl") == tmp_path / "threads.heldout.jsonl"
    assert heldout_beside(tmp_path / "retrieval.dev.jsonl") == tmp_path / "retrieval.heldout.jsonl"


def test_the_only_held_out_file_belongs_to_the_only_development_file(tmp_path: Path) -> None:
    (tmp_path / "dev.jsonl").touch()
    assert heldout_beside(tmp_path / "dev.jsonl") is None
    (tmp_path / "heldout-2.jsonl").touch()
    assert heldout_beside(tmp_path / "dev.jsonl") == tmp_path / "heldout-2.jsonl"


def test_folds_cover_everything_once_and_part_no_group() -> None:
    records = [{"id": number, "of": number // 3} for number in range(60)]
    reported = []
    for learn, report in Parts(records, None).folds(4, group=lambda record: record["of"]):
        assert not {record["of"] for record in learn} & {record["of"] for record in report}
        reported += [record["id"] for record in report]
    assert sorted(reported) == list(range(60))


def test_with_a_held_out_part_there_is_one_fold() -> None:
    assert list(Parts([{"id": 1}], [{"id": 2}]).folds(5)) == [([{"id": 1}], [{"id": 2}])]


def test_absent_folders_are_left_out_and_an_unknown_set_is_named(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    assert main(["--data", str(tmp_path), "--json", str(target)]) == 0
    assert json.loads(target.read_text()) == {}
    assert main(["--data", str(tmp_path), "--only", "no-such-set"]) == 2


def test_the_table_says_whether_a_goal_is_reached() -> None:
    figures = [
        Figure("good", 93.0, 92.0, {"words": 80.0}),
        Figure("late ms", 12.0, 10.0, lower_is_better=True),
    ]
    rows = as_rows("made", figures)
    assert "| yes |" in rows[0]
    assert "words 80.0" in rows[0]
    assert "**no**" in rows[1]
    assert json.loads(as_json({"made": figures})) == {"made": {"good": 93.0, "late ms": 12.0}}


def test_every_set_has_its_own_name() -> None:
    assert {"banking77", "clinc150", "stackfaq", "sumo-thunderbird"} <= {one.name for one in all_sets()}
