"""Themes are what several people speak of; they keep key and title, and the same talk gives the same themes."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.judgement.themes import Known, Limits, Line, Span, Theme, Title, Trend, find_themes
from qunying.judgement.themes.words import term_of

DAY = 86_400.0
SPAN = Span(0.0, 28 * DAY, 35 * DAY)
SMALL_TALK = (
    "盖碗烫手", "龙井涨价", "茶山风景", "冷泡凉白开", "紫砂壶开裂", "岩茶焙火", "普洱饼难撬", "茶针断了", "白茶存三年", "茉莉花茶香",
    "单丛发涩", "滇红很甜", "老茶头耐泡", "公道杯磕口", "茶席布洗坏",
)  # fmt: skip
PARCELS = (
    "快递停在杭州三天了",
    "我的快递也停在杭州",
    "快递停在杭州没动",
    "谁的快递停在杭州了",
    "快递停在杭州好几天",
    "又是快递停在杭州",
)
CARDS = (
    "my new card has not arrived", "when will the new card arrive", "still waiting, my new card hasn't arrived",
    "has anybody's new card arrived?", "new card arrived late again", "the new card never arrived",
)  # fmt: skip


def chat(days: int = 35) -> list[Line]:
    """Four people a day, each about something else."""
    return [
        Line(day * 10 + n, (day + 0.2 * n) * DAY, 100 + (day + n) % 9, day * 10 + n, SMALL_TALK[(day * 4 + n) % 15])
        for day in range(days)
        for n in range(4)
    ]


def said(texts: tuple[str, ...], day: float, first: int = 1000, who: int = 1) -> list[Line]:
    """Each by somebody else, an hour apart, each a conversation of its own."""
    return [Line(first + n, (day + n / 24) * DAY, who + n, first + n, text) for n, text in enumerate(texts)]


def titles(themes: list[Theme], lines: list[Line]) -> list[str]:
    """What they are called."""
    texts = {line.id: line.text for line in lines}
    return [texts[one.title.line][one.title.start : one.title.end] for one in themes]


def known(theme: Theme, key: int = 7) -> Known:
    """As it is known the day after."""
    return Known(key, theme.terms, theme.title)


def test_what_comes_up_rises_with_its_title_in_both_languages() -> None:
    lines = [*chat(), *said(PARCELS, 34.1), *said(CARDS, 34.5, 2000, 50)]
    themes = find_themes(lines, SPAN)
    rising = [one for one in themes if one.moved.trend is Trend.RISING]
    parcels, cards = sorted(titles(rising, lines), key=str.isascii)
    assert parcels == "快递停在杭州"
    assert "card" in cards
    assert any(cards in text for text in CARDS)
    assert {one.people for one in rising} == {6}
    assert {one.moved.before for one in rising} == {0}


def test_chat_alone_makes_nothing_rise() -> None:
    assert [one for one in find_themes(chat(), SPAN) if one.moved.trend is Trend.RISING] == []


def test_one_person_is_no_theme_however_often_they_say_it() -> None:
    alone = [replace(line, who=1) for line in said(PARCELS, 34.1)]
    assert find_themes([*chat(), *alone], SPAN) == find_themes(chat(), SPAN)


def test_a_chant_is_no_theme() -> None:
    chant = said(("支持国产好茶",) * 12, 34.1)
    assert not any("国产" in title for title in titles(find_themes([*chat(), *chant], SPAN), [*chat(), *chant]))


def test_what_was_always_spoken_of_is_steady_and_what_ends_fades() -> None:
    always = [
        line for day in range(35) for line in said(PARCELS[day % 6 : day % 6 + 1], day + 0.5, 5000 + day, day % 5)
    ]
    (steady,) = [one for one in find_themes([*chat(), *always], SPAN) if "快递" in titles([one], always)[0]]
    assert steady.moved.trend is Trend.STEADY
    ended = [line for line in always if line.at < 28 * DAY or line.who < 2]
    more = [*ended, *said(PARCELS, 3.1, 6000, 20), *said(PARCELS, 9.1, 6100, 20), *said(PARCELS, 15.1, 6200, 20)]
    more += [line for day in range(4, 27, 4) for line in said(PARCELS, day + 0.3, 7000 + 10 * day, 40)]
    (fading,) = find_themes([*chat(), *more], SPAN, [known(steady)])[-1:]
    assert (fading.key, fading.moved.trend) == (7, Trend.FADING)


def test_a_known_theme_keeps_key_and_title_when_other_words_come_to_the_fore() -> None:
    lines = [*chat(36), *said(PARCELS, 34.1)]
    first = next(one for one in find_themes(lines, SPAN) if one.moved.trend is Trend.RISING)
    others = ("快递终于到家了", "谁的快递还在路上", "我的快递破了个洞", "快递柜满了", "取快递要排队")
    more = [*lines, *said(others, 35.2, 3000, 30)]
    later = Span(SPAN.before + DAY, SPAN.since + DAY, SPAN.until + DAY)
    again = next(one for one in find_themes(more, later, [known(first)]) if one.key == 7)
    assert again.title == first.title
    assert again.people > first.people


def test_what_comes_up_within_what_is_always_spoken_of_stands_apart_and_rises() -> None:
    texts = ("杭州今天下雨", "杭州天气好闷", "周末去杭州玩", "杭州堵车", "杭州降温了", "杭州起雾了")
    always = [line for day in range(36) for line in said(texts[day % 6 : day % 6 + 1], day + 0.4, 5000 + day, day % 7)]
    city = [
        one
        for one in find_themes([*chat(), *always], SPAN, limits=Limits(voices=3))
        if "杭州" in titles([one], always)[0]
    ]
    general = known(city[0]) if city else Known(7, (term_of("杭州"),), Title(term_of("杭州"), 5000, 0, 2))
    lines = [*chat(), *always, *said(PARCELS, 34.1, 1000, 30)]
    for before in ([], [general]):
        rising = [one for one in find_themes(lines, SPAN, before) if one.moved.trend is Trend.RISING]
        assert titles(rising, lines) == ["快递停在杭州"]
        assert (rising[0].key, rising[0].moved.voices) == (None, 6)


def test_the_first_quote_says_the_title() -> None:
    lines = [*chat(), *said(PARCELS, 34.1)]
    (theme,) = (one for one in find_themes(lines, SPAN) if one.moved.trend is Trend.RISING)
    texts = {line.id: line.text for line in lines}
    assert titles([theme], lines)[0] in texts[theme.quotes[0]]


def test_the_title_moves_to_another_line_when_its_own_is_gone() -> None:
    lines = [*chat(), *said(PARCELS, 34.1)]
    first = next(one for one in find_themes(lines, SPAN) if one.moved.trend is Trend.RISING)
    without = [line for line in lines if line.id != first.title.line]
    again = next(one for one in find_themes(without, SPAN, [known(first)]) if one.key == 7)
    assert again.title.line != first.title.line
    assert titles([again], lines) == titles([first], lines)


def test_quotes_are_of_different_people_and_no_two_alike() -> None:
    lines = [*chat(), *said((*PARCELS, PARCELS[0] + "！"), 34.1)]
    theme = next(one for one in find_themes(lines, SPAN) if one.moved.trend is Trend.RISING)
    by_id = {line.id: line for line in lines}
    quoted = [by_id[pk] for pk in theme.quotes]
    assert len({line.who for line in quoted}) == len(quoted) == 3
    assert not {PARCELS[0], PARCELS[0] + "！"} <= {line.text for line in quoted}


def test_open_questions_on_it_wait_until_somebody_answers() -> None:
    asked = [replace(line, asks=line.id == 1002) for line in said(PARCELS, 34.1)]
    theme = next(one for one in find_themes([*chat(), *asked], SPAN) if one.moved.trend is Trend.RISING)
    assert theme.waiting == (1002,)
    answer = Line(4000, 34.5 * DAY, 99, 1002, "明天到", is_mute=True)
    theme = next(one for one in find_themes([*chat(), *asked, answer], SPAN) if one.moved.trend is Trend.RISING)
    assert theme.waiting == ()


def test_of_a_community_only_what_is_said_in_several_groups() -> None:
    here = [*chat(), *said(PARCELS, 34.1)]
    there = [replace(line, place=line.id % 2) for line in here]
    limits = Limits(places=2)
    assert [one for one in find_themes(here, SPAN, limits=limits) if one.moved.trend is Trend.RISING] == []
    assert [one.places for one in find_themes(there, SPAN, limits=limits) if one.moved.trend is Trend.RISING] == [2]


def test_nothing_is_found_in_nothing() -> None:
    assert find_themes([], SPAN) == []
    assert find_themes([Line(1, 0.0, 1, 1, "")], SPAN, [known(_any_theme())]) == []


def _any_theme() -> Theme:
    return find_themes([*chat(), *said(PARCELS, 34.1)], SPAN)[0]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_same_lines_give_the_same_themes_whatever_their_order(seed: int) -> None:
    lines = [*chat(), *said(PARCELS, 34.1), *said(CARDS, 33.5, 2000, 50)]
    mixed = list(lines)
    random.Random(seed).shuffle(mixed)
    assert find_themes(mixed, SPAN) == find_themes(lines, SPAN)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=40))
def test_any_text_is_read_and_titles_and_quotes_are_lines_of_the_talk(texts: list[str]) -> None:
    lines = [*chat(), *said(PARCELS, 34.1), *said(tuple(texts), 33.1, 7000, 200)]
    by_id = {line.id: line for line in lines}
    for theme in find_themes(lines, SPAN):
        assert 0 <= theme.title.start < theme.title.end <= len(by_id[theme.title.line].text)
        assert set(theme.quotes) <= set(theme.lines) <= set(by_id)
