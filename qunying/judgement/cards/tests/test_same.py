from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.cards.same import is_listed, same_job, usual_place


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("CTO", "首席技术官"),
        ("首席技術官", "cto"),
        ("ｐｍ", "产品经理"),
        ("Product Manager", "产品经理"),
        ("副总", "vp"),
    ],
)
def test_a_job_is_found_under_its_other_names(typed: str, other: str) -> None:
    assert other in same_job(typed)


@pytest.mark.parametrize("typed", ["", "胡先生", "ct", "cto上海", "安安"])
def test_what_is_no_job_has_no_other_names(typed: str) -> None:
    assert same_job(typed) == ()


@pytest.mark.parametrize(("typed", "place"), [("SH", "上海"), ("沪", "上海"), ("浦东", "上海"), ("上海", "上海")])
def test_a_place_has_its_usual_name(typed: str, place: str) -> None:
    assert usual_place(typed) == place


def test_what_is_no_place_has_none() -> None:
    assert usual_place("胡先生") is None


def test_no_name_stands_for_two_jobs() -> None:
    text = (files("qunying.judgement.cards") / "words" / "same.txt").read_text(encoding="utf-8")
    names = Counter(name for line in text.splitlines() if not line.startswith("#") for name in line.split())
    assert [name for name, times in names.items() if times > 1] == []


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    assert isinstance(is_listed(text), bool)
