"""What is missing in a history that should have it."""

from __future__ import annotations

from typing import Any

import pytest

from qunying.carriers.onebot.recalls import AS_LONG, MOST, Lately, Told, find_missing

AT = 1709618400


def said(*numbers: int, **fields: Any) -> list[dict[str, Any]]:
    return [
        {"real_seq": str(each), "message_id": each, "message": "好", "raw_message": "好", **fields} for each in numbers
    ]


def told(*numbers: int) -> list[Told]:
    return [Told(each, str(each), "30001", AT) for each in numbers]


@pytest.mark.parametrize(
    ("ours", "theirs", "missing"),
    [
        ((1, 2, 3), said(1, 2, 3), []),
        ((1, 2, 3), said(1, 3), [2]),
        ((1, 2, 3, 4), said(1, 3, 5), [2, 4]),
        ((1, 2, 3), said(2, 3), []),  # nothing before it is there
        ((1, 2, 3), said(1, 2), []),  # nothing after it is there
        ((1, 2, 3), [], []),
        ((1, 2, 3), said(1, 3, real_seq=None), []),  # a history without QQ's numbers says nothing
        ((1, 2, 3), [*said(1, 3), *said(2, message="", raw_message="")], [2]),
        ((1, 2, 3), [*said(1, 2), *said(3, message=[], raw_message="")], [3]),
    ],
)
def test_a_message_is_missing_when_those_around_it_are_there(
    ours: tuple[int, ...], theirs: list[dict[str, Any]], missing: list[int]
) -> None:
    assert [one.number for one in find_missing(told(*ours), theirs) or ()] == missing


def test_a_history_with_a_hole_is_not_believed() -> None:
    assert find_missing(told(1, 2, 3, 4), said(1, 5)) is None
    assert find_missing(told(*range(1, 101)), said(*range(1, 41), *range(95, 101))) is None


def test_only_what_was_told_lately_is_remembered() -> None:
    lately = Lately()
    for number in range(1, MOST + 3):
        fields = {"post_type": "message", "message_type": "group", "group_id": 2, "user_id": 3, "time": AT + number}
        lately.note({**said(number)[0], **fields})
        lately.note({**said(number, message=[], raw_message="")[0], **fields})
    assert [one.number for one in lately.list_told("2", AT)][:: MOST - 1] == [3, MOST + 2]
    assert len(lately.list_told("2", AT + 10 + AS_LONG)) == MOST - 7
    lately.forget("2", lately.list_told("2", AT)[:-1])
    assert [one.name for one in lately.list_told("2", AT)] == [f"s{MOST + 2}"]
