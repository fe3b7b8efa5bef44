"""A model whose data was changed must be made again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from training.records import changed, hash_of, is_here, recorded, records

PAIRS = [(record, name) for record in records() for name in sorted(recorded(record))]


@pytest.mark.parametrize(("record", "name"), PAIRS, ids=[f"{record.stem}: {name}" for record, name in PAIRS])
def test_a_model_is_of_the_data_that_is_here_when_it_is_shipped(record: Path, name: str) -> None:
    if not is_here(name):
        pytest.skip(f"{name} is not here: set QUNYING_DATA")
    assert name not in changed(record), f"{name} changed: run make train"


def test_every_model_names_its_data_when_it_is_shipped() -> None:
    assert {record.stem for record in records()} >= {"answers", "cards", "contacts", "texts", "threads"}
    assert all(recorded(record) for record in records())


def test_a_change_is_found_when_a_letter_of_the_data_is_another(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.txt").write_text("早上好", encoding="utf-8")
    (tmp_path / "rows.tsv").write_text("早上好", encoding="utf-8")
    record = tmp_path / "some.json"
    told = {name: hash_of(tmp_path / name) for name in ("set", "rows.tsv")}
    record.write_text(json.dumps({"data": told}), encoding="utf-8")
    assert changed(record, tmp_path) == []
    (tmp_path / "set" / "a.txt").write_text("早上号", encoding="utf-8")
    assert changed(record, tmp_path) == ["set"]
    shutil.rmtree(tmp_path / "set")
    assert changed(record, tmp_path) == []


def test_the_models_are_small_when_they_are_shipped_together() -> None:
    assert sum(path.stat().st_size for path in records()[0].parent.iterdir()) <= 10_000_000
