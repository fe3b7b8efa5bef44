import json
import os
from pathlib import Path

import pytest

from qunying.judgement.threads.scorer import MODEL
from training.threads.course import hash_of

DATA = Path(os.environ.get("QUNYING_DATA", "../shared/data"))
RECORD = json.loads(MODEL.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", sorted(RECORD["data"]))
def test_the_record_names_the_data_when_it_is_at_hand(folder: str) -> None:
    if not (DATA / folder).is_dir():
        pytest.skip(f"{folder} is not here: set QUNYING_DATA")
    assert hash_of(DATA / folder) == RECORD["data"][folder], "the data changed: run python -m training.threads"


def test_the_model_is_small_when_it_is_shipped() -> None:
    assert MODEL.stat().st_size == RECORD["sizes"]["bytes"] <= 300_000
