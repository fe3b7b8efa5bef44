"""Training on a small sample that was made up: the same twice, and no worse when it is shipped than when it was learnt."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qunying.judgement.grams import PLACES, dress
from qunying.judgement.linear import read_heads
from training.labelled.lines import key_of
from training.texts import course, measure, sets
from training.texts.course import Made, as_shipped, make, write
from training.texts.disguise import HABITS, TRICKS
from training.texts.fit import Lesson, folds_of, quantised
from training.texts.naming import renamed
from training.texts.recipes import Recipe, recipes
from training.texts.sets import Text

_OFFERS = ("加我领取资料", "低价出售会员", "兼职日结高薪", "点链接领红包", "代开发票联系我")
_TALK = ("今天天气真好", "作业几点交", "谢谢老师", "明天早上见", "这道题我不会")


def sample(texts: int = 120) -> list[Text]:
    chance = random.Random(1)
    made = []
    for number in range(texts):
        is_ad = number % 2 == 0
        words = chance.sample(_OFFERS if is_ad else _TALK, 2)
        made.append(Text(f"{words[0]}{chance.choice('，！ ')}{words[1]}{number}", is_ad, "made", str(number % 40)))
    return made


def recipe() -> Recipe:
    return Recipe("ad_zh", asked=sample(), ordinary={"talk": [text for text in sample(20) if not text.is_true]})


@pytest.fixture(scope="module")
def made() -> Made:
    return make(recipe())


@pytest.mark.usefixtures("_no_public_sets")
def test_the_same_bytes_are_written_when_trained_again(made: Made, tmp_path: Path) -> None:
    for name, head in (("one", made), ("two", make(recipe()))):
        (tmp_path / name).mkdir()
        write({"ad_zh": head}, tmp_path, tmp_path / name)
    for file in ("texts.npz", "texts.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.fixture
def _no_public_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "PUBLIC", ())


@pytest.mark.usefixtures("_no_public_sets")
def test_a_head_says_what_it_learnt_when_it_is_read_back(made: Made, tmp_path: Path) -> None:
    write({"ad_zh": made}, tmp_path, tmp_path)
    heads = read_heads("texts", tmp_path)
    said = [heads.probabilities(dress(text.text))["ad_zh"] > made.threshold for text in sample()]
    assert said == [text.is_true for text in sample()]


def test_only_a_head_that_reads_form_weighs_it_when_it_is_made(made: Made) -> None:
    reads = make(replace(recipe(), reads_form=True))
    assert np.count_nonzero(reads.kept.weights[PLACES:]) > 0
    assert np.count_nonzero(made.kept.weights[PLACES:]) == 0


def test_decisions_stay_when_weights_become_whole_steps() -> None:
    lesson = course.lesson_of(sample())
    head = course.fit(lesson, 4.0)
    whole = quantised(head, 10**6).head
    assert np.array_equal(head.scores(lesson.runs) > 0, whole.scores(lesson.runs) > 0)
    assert np.abs(head.scores(lesson.runs) - whole.scores(lesson.runs)).max() < 0.05


def test_the_largest_weights_are_kept_when_there_are_too_many() -> None:
    head = course.fit(course.lesson_of(sample()), 4.0)
    few = quantised(head, 50)
    assert 40 <= np.count_nonzero(few.weights) <= 60
    assert np.abs(few.weights).max() == np.abs(quantised(head, 10**6).weights).max()


def test_a_group_is_in_one_fold_when_texts_are_parted() -> None:
    texts = sample()
    folds = folds_of(texts, 5)
    at = {text.group: fold for text, fold in zip(texts, folds, strict=True)}
    assert [at[text.group] for text in texts] == list(folds)
    assert set(folds) == set(range(5))


def test_false_alarms_stay_within_the_budget_when_a_threshold_is_chosen_by_it() -> None:
    chance = np.random.default_rng(1)
    sets = [chance.normal(size=size) for size in (5_000, 300, 40)]
    level = measure.budget_threshold(sets, 0.01)
    assert sum(float((one > level).mean()) for one in sets) / 3 <= 0.01


def test_the_best_threshold_parts_them_when_scores_can_be_parted() -> None:
    truth = np.array([True, True, False, False])
    assert 0.2 <= measure.best_threshold(np.array([0.9, 0.4, 0.2, -1.0]), truth) <= 0.4


def test_recall_rises_when_some_of_the_best_f1_is_given_for_it() -> None:
    scores, truth = np.array([5.0, 4.0, 3.0, 2.0, 1.0]), np.array([True, True, False, True, False])
    assert [measure.best_threshold(scores, truth, given) for given in (0.0, 0.05, 0.2)] == [1.5, 1.5, 1.0]


def test_no_set_of_other_talk_is_called_so_more_often_than_allowed_when_there_is_a_ceiling() -> None:
    rare, often = ([text for text in sample(200) if text.is_true is so] for so in (False, True))
    ordinary = {"talk": [replace(text, is_true=False) for text in often], "rare": rare}
    free, bounded = (
        make(Recipe("need_zh", asked=sample(), ordinary=ordinary, ceiling=ceiling)) for ceiling in (None, 0.01)
    )
    assert shares(free)["talk"] > 0.5
    assert all(share <= 0.01 for share in shares(bounded).values())


def shares(made: Made) -> dict[str, float]:
    told = made.figures["ordinary"]
    assert isinstance(told, dict)
    return {name: one["share"] for name, one in told.items()}


def test_talk_that_is_so_is_not_learnt_as_other_talk_when_somebody_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = [Text(text, is_true=False, source="talk", group=text) for text in ("求推荐", "早上好")]
    monkeypatch.setattr(sets, "read_talk", lambda: {key_of("求推荐"): frozenset({"need"})})
    assert [text.text for text in sets.not_so(talk, "need")] == ["早上好"]
    assert sets.not_so(talk, "abuse") == talk


def test_no_trick_is_a_habit_when_texts_are_disguised() -> None:
    text = "你这个人真是大笨蛋, 没有一点脑子"
    for seed in range(20):
        learnt = {habit(text, random.Random(seed)) for habit in HABITS.values()}
        assert learnt.isdisjoint(trick(text, random.Random(seed)) for trick in TRICKS.values())
    assert all(each(text, random.Random(1)) for each in (*HABITS.values(), *TRICKS.values()))


def test_every_verdict_has_a_head_for_both_scripts_when_recipes_are_listed(tmp_path: Path) -> None:
    from qunying.judgement.texts import VERDICTS

    assert set(recipes(tmp_path)) == {f"{verdict}_{script}" for verdict in VERDICTS for script in ("zh", "en")}


@pytest.mark.usefixtures("_no_public_sets")
def test_a_head_stays_as_it_is_when_only_others_are_trained_again(made: Made, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    write({"ad_zh": made, "need_zh": made}, tmp_path, tmp_path / "one")
    write({**as_shipped({"ad_zh"}, tmp_path / "one"), "need_zh": made}, tmp_path, tmp_path / "two")
    for file in ("texts.npz", "texts.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_source_left_out_has_a_threshold_that_was_chosen_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    home = [replace(text, source="home") for text in sample()]
    away = [replace(text, source="away", group=f"away {text.group}") for text in sample()]

    def high_if_seen(_: Recipe, asked: Lesson, *__: object) -> float:
        return 1e9 if any(text.source == "away" for text in asked.texts) else 0.0

    monkeypatch.setattr(course, "_threshold", high_if_seen)
    made = make(Recipe("question_zh", asked=[*home, *away], measured=("home",), left_out=("away",)))
    told = made.figures["left_out"]
    assert isinstance(told, dict)
    assert told["away"]["recall"] > 0.9


def test_the_form_stays_and_the_theme_goes_when_a_text_is_renamed() -> None:
    texts = [renamed("关于打印机连不上电脑的问题怎么解决", random.Random(seed)) for seed in range(20)]
    assert all("连不上" in text and "怎么" in text for text in texts)
    assert sum("打印机" in text for text in texts) < 12
    assert renamed("戚风出炉就塌", random.Random(1)) == renamed("戚风出炉就塌", random.Random(1))


def test_what_was_said_of_other_things_is_not_counted_as_ours_when_measured() -> None:
    texts = [Text("a", True, "ours_test", "a"), Text("b", True, f"ours_test{measure.RENAMED}", "b")]
    assert measure.by_source(texts, np.array([1.0, 1.0]), 0.0)["ours"]["texts"] == 1
