import json

from qunying.judgement.threads.scorer import MODEL

RECORD = json.loads(MODEL.with_suffix(".json").read_text(encoding="utf-8"))


def test_the_model_is_small_when_it_is_shipped() -> None:
    assert MODEL.stat().st_size == RECORD["sizes"]["bytes"] <= 300_000
