"""The talk of the demo world: patterns that can be read, words that vary, nothing that should not be said."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from qunying.carriers.sandbox.demo.days import day_of
from qunying.carriers.sandbox.demo.folk import World
from qunying.carriers.sandbox.demo.patterns import TOLD_SLOTS, load_phrasebook, parse_parts, read_patterns, render
from qunying.carriers.sandbox.demo.voices import say

SLOTS = {"茶": ("龙井", "白茶"), "秒": ("5", "8")}


@pytest.fixture(scope="module")
def month(world: World) -> dict[str, Counter[str]]:
    """How often each text of more than six characters is said in a group during thirty days."""
    texts: dict[str, Counter[str]] = {}
    for group in world.groups:
        texts[group.ref] = Counter()
        for back in range(1, 31):
            for payload in day_of(world, group, world.anchor - timedelta(days=back)):
                if payload["type"] == "message" and len(str(payload["text"])) > 6:
                    texts[group.ref][str(payload["text"])] += 1
    return texts


def test_texts_hardly_repeat_when_a_group_month_is_read(month: dict[str, Counter[str]]) -> None:
    for ref, texts in month.items():
        assert _repeated(texts) < 0.03, ref


def test_texts_seldom_repeat_when_a_month_of_the_whole_world_is_read(month: dict[str, Counter[str]]) -> None:
    everything = sum(month.values(), Counter[str]())
    assert everything.total() > 50_000
    assert _repeated(everything) < 0.12


def test_no_phone_numbers_or_foreign_addresses_are_said_when_a_month_is_read(month: dict[str, Counter[str]]) -> None:
    for texts in month.values():
        for text in texts:
            assert not re.search(r"\d{8,}", text), text
            assert all(address.endswith(".example") for address in re.findall(r"\w+\.[a-z]{2,}\b", text)), text


def test_adverts_questions_greetings_and_complaints_are_said_when_a_month_is_read(
    month: dict[str, Counter[str]],
) -> None:
    everything = "\n".join(text for texts in month.values() for text in texts)
    for words in ("欢迎", "打卡", "早", "怎么处理", "便宜", "押金", "体检报告", "晚安", "茶桌"):
        assert words in everything
    assert re.search(r"加|➕|\+|＋", everything)


def test_the_phrasebook_holds_250_patterns_when_it_is_loaded() -> None:
    book = load_phrasebook()
    assert sum(len(patterns) for patterns in book.patterns.values()) >= 250
    kinds = {pattern.kind for patterns in book.patterns.values() for pattern in patterns}
    assert kinds <= set(book.reactions)


def test_every_line_can_be_said_when_rendered_many_times() -> None:
    book, draw = load_phrasebook(), Random(1).random
    patterns = [pattern for topic in book.patterns.values() for pattern in topic]
    lines = [line for pattern in patterns for line in (*pattern.openers, *pattern.lines)]
    for line in [line for singles in book.singles.values() for line in singles] + lines * 4:
        text = render(line.parts, draw, book.slots, dict.fromkeys(TOLD_SLOTS, "某"))
        assert text or line.kind != "text"
        assert not re.search(r"[{}\[\]|<>]", text), text


def test_every_hour_of_the_day_has_patterns_when_people_are_awake() -> None:
    book = load_phrasebook()
    for topics in (("tea", "daily"), ("read", "daily"), ("light", "daily"), ("trial", "daily")):
        for hour in range(6, 24):
            fitting = [pattern for topic in topics for pattern in book.patterns[topic] if pattern.fits(hour, 1)]
            assert len(fitting) > 1, (topics, hour)


def test_a_slot_keeps_its_filling_when_it_is_not_fresh() -> None:
    parts = parse_parts("{茶}和{茶}", SLOTS, "here")
    texts = {render(parts, Random(seed).random, SLOTS, {}) for seed in range(20)}
    assert texts == {"龙井和龙井", "白茶和白茶"}


def test_choices_may_hold_slots_and_nothing_when_rendered() -> None:
    parts = parse_parts("泡[{秒}秒|久一点|]", SLOTS, "here")
    assert {render(parts, Random(seed).random, SLOTS, {}) for seed in range(60)} == {"泡5秒", "泡8秒", "泡久一点", "泡"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# tea question\n? {咖啡}好喝吗\n", "t.txt:2: no slot is called «咖啡»"),
        ("# tea question\n? [好|不好\n", "t.txt:2: a choice is not closed"),
        ("# tea question\n% 好\n", "t.txt:2: a line begins with one of"),
        ("# tea\n? 好\n", "t.txt:1: a pattern needs"),
        ("\n# tea question\n- 好\n", "t.txt:2: a pattern needs"),
    ],
)
def test_a_pattern_is_refused_with_its_place_when_it_is_malformed(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        list(read_patterns(text, SLOTS, "t.txt"))


def test_hours_and_weekdays_are_kept_when_the_header_names_them() -> None:
    (pattern,) = read_patterns("# tea host 19-22 三六\n! 茶桌开了\n- 来\n", SLOTS, "t.txt")
    assert pattern.is_staffs
    assert pattern.fits(20, 2)
    assert not pattern.fits(20, 3)
    assert not pattern.fits(12, 2)


def test_one_person_keeps_their_habits_when_typing() -> None:
    said = {say("今天特别想喝茶，什么茶都行", 1, "story", Random(seed).random) for seed in range(40)}
    assert all("啥茶" in text for text in said)
    assert len(said) > 3
    assert say("同问", 1, "question", Random(1).random) == "同问"


def _repeated(texts: Counter[str]) -> float:
    return 1 - len(texts) / texts.total()
