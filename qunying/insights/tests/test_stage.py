"""Stages proposed from numbers, and checklists ticked by them."""

from __future__ import annotations

import pytest

from qunying.insights.stage import CHECKLISTS, STAGE_NAMES, Signals, Stage, propose_stage

GROWN = Signals(age_days=200, members=300, messages=900, messages_before=900, silent_days=1)


@pytest.mark.parametrize(
    ("signals", "stage", "reason"),
    [
        (Signals(), Stage.FOUNDING, "到今天 0 天"),
        (Signals(age_days=89, members=300, silent_days=1), Stage.FOUNDING, "到今天 89 天"),
        (Signals(age_days=900, members=49, silent_days=1), Stage.FOUNDING, "49 位成员"),
        (GROWN, Stage.GROWING, "近 28 天 900 条消息，前 28 天 900 条"),
        (
            Signals(age_days=540, members=500, joined=40, left=15, silent_days=0),
            Stage.LATE,
            "近 28 天进 40 人、走 15 人",
        ),
        (Signals(age_days=540, members=500, joined=41, left=15, silent_days=0), Stage.GROWING, "500 位成员"),
        (Signals(age_days=539, members=500, silent_days=0), Stage.GROWING, "到今天 539 天"),
        (Signals(age_days=30, members=300, silent_days=14), Stage.QUIET, "已经 14 天没人说话"),
        (Signals(age_days=30, members=300, silent_days=13), Stage.FOUNDING, "300 位成员"),
        (Signals(age_days=200, members=300, messages=20, messages_before=50, silent_days=1), Stage.QUIET, "20 条消息"),
        (
            Signals(age_days=200, members=300, messages=21, messages_before=50, silent_days=1),
            Stage.GROWING,
            "21 条消息",
        ),
        (Signals(age_days=200, members=300, messages=10, messages_before=49, silent_days=1), Stage.GROWING, "49 条"),
    ],
)
def test_a_stage_is_proposed_with_its_numbers(signals: Signals, stage: Stage, reason: str) -> None:
    proposal = propose_stage(signals)
    assert proposal.stage == stage
    assert any(reason in str(one) for one in proposal.reasons)


def test_every_stage_has_a_name_and_a_checklist() -> None:
    assert set(STAGE_NAMES) == set(CHECKLISTS) == set(Stage)
    for items in CHECKLISTS.values():
        assert len({item.code for item in items}) == len(items) >= 5


def done(signals: Signals, stage: Stage) -> dict[str, bool | None]:
    return {item.code: item.test(signals) for item in CHECKLISTS[stage] if item.test}


def test_items_are_ticked_by_the_numbers_when_they_can_tell() -> None:
    assert set(done(Signals(), Stage.FOUNDING).values()) == {False, None}
    ready = Signals(members=20, purposes=1, has_promise=True, links=4, duties={"watcher": 1, "teacher": 1}, waiting=0)
    assert set(done(ready, Stage.FOUNDING).values()) == {True}
    assert done(Signals(waiting=3), Stage.FOUNDING)["questions"] is False
    assert done(Signals(full=1), Stage.GROWING)["splitting"] is False
    assert done(Signals(meetups=1), Stage.LATE)["offline"] is True
    assert done(Signals(silent_days=8), Stage.QUIET)["spoken"] is False


def test_who_keeps_order_and_who_knows_the_field_is_read_from_any_duty() -> None:
    signals = Signals(duties={"秩序": 1, "运营": 1, "领读": 2})
    assert (signals.keepers, signals.experts) == (2, 2)


def test_numbers_behind_items_are_sentences() -> None:
    for items in CHECKLISTS.values():
        for item in items:
            assert item.number is None or str(item.number(GROWN))
