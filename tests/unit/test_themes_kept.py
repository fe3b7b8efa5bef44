"""Themes of talk are kept by day for groups and communities, keep their row and title, and hold no words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from qunying.insights.tests.rows import NOON, Home, hours
from qunying.judgement.themes import Trend
from qunying.kernel.readings import UNREAD, Verdict
from qunying.people.models import Identity
from qunying.talk import theming
from qunying.talk.actions import NewMessage, do_forget_talk, do_keep_messages
from qunying.talk.models import Message, Theme, ThemeDay, ThemeScope
from qunying.talk.placing import do_place_new
from qunying.talk.themes import Themes, get_themes_of_community, get_themes_of_group

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SMALL_TALK = (
    "盖碗烫手怎么办", "龙井今年涨价了", "谁去龙坞看茶山", "冷泡用凉白开行吗", "紫砂壶开裂了", "岩茶焙火太重", "普洱饼怎么撬",
    "茶针断了一根", "白茶存三年了", "茉莉花茶太香", "单丛喝着发涩", "滇红甜得很", "老茶头耐泡", "公道杯磕了口", "茶席布洗坏了",
)  # fmt: skip
MOVED = (
    "快递停在杭州三天了",
    "我的快递也停在杭州",
    "快递停在杭州没动",
    "谁的快递停在杭州了",
    "快递停在杭州好几天",
    "又是快递停在杭州",
)


def chat(home: Home, days: int, *, group: int = 0) -> None:
    """Small talk on that many days up to the day before ``NOON``, a few people a day, each about something else."""
    members = [home.sit(f"茶友{n}", group) for n in range(7)]
    said = [
        NewMessage(
            community_id=home.id,
            group_id=home.group_ids[group],
            sender_id=members[(day + n) % 7],
            source_key=f"small{day}-{n}",
            at=NOON - (days - day) * DAY + hours(2 * n),
            text=SMALL_TALK[(day * 5 + n) % len(SMALL_TALK)],
            kind="text",
            reading=UNREAD,
        )
        for day in range(days)
        for n in range(5)
    ]
    do_keep_messages(said)


def rise(home: Home, texts: Sequence[str] = MOVED, *, group: int = 0, begin: int = 0, day: int = 0) -> list[str]:
    """Each says one of these, hours apart; answers the keys."""
    return [
        home.say(f"会员{begin + n}", NOON + day * DAY + hours(1.5 * n), text, group, holds=())
        for n, text in enumerate(texts)
    ]


def looked(home: Home, days: float) -> Themes:
    """What the first group talks about, so many days after ``NOON``."""
    now = NOON + days * DAY
    do_place_new()
    theming.do_look_at_all(home.group_ids, now)
    return get_themes_of_group(home.group_ids[0])


def test_what_several_speak_of_rises_with_quotes_of_theirs_and_a_title_that_they_wrote() -> None:
    home = Home()
    chat(home, 30)
    rise(home)
    themes = looked(home, 0.5)
    first = themes.themes[0]
    assert (first.trend, first.people, first.voices, first.before) == (Trend.RISING, 6, 6, 0)
    assert "快递停在杭州" in first.title
    assert first.title in {text[: len(first.title)] for quote in first.quotes for text in [quote.text]} or any(
        first.title in text for text in MOVED
    )
    assert len({quote.identity_id for quote in first.quotes}) == len(first.quotes) >= 2
    assert (themes.until, themes.one_in, themes.unread) == (NOON + hours(12), 1, 0)


def test_nothing_rises_when_people_only_talk() -> None:
    home = Home()
    chat(home, 30)
    assert [one for one in looked(home, 0).themes if one.trend is Trend.RISING] == []


def test_row_and_title_stay_from_day_to_day_and_a_theme_that_ended_is_recognised() -> None:
    home = Home()
    chat(home, 30)
    rise(home)
    first = looked(home, 0.5).themes[0]
    rise(home, MOVED[::-1], begin=10, day=1)
    second = looked(home, 1.5).themes[0]
    assert (second.id, second.title, second.first_on) == (first.id, first.title, first.first_on)
    assert second.voices == 12
    rise(home, SMALL_TALK[:6], begin=20, day=12)
    assert first.id not in [one.id for one in looked(home, 12.5).themes]
    assert not Theme.objects.get(pk=first.id).is_open
    rise(home, MOVED, begin=30, day=13)
    assert looked(home, 13.5).themes[0].id == first.id


def test_looking_twice_changes_nothing() -> None:
    home = Home()
    chat(home, 30)
    rise(home)
    before = looked(home, 0.5)
    ThemeScope.objects.update(is_due=True)
    assert looked(home, 0.5) == before
    assert ThemeDay.objects.filter(theme=before.themes[0].id).count() == 1


def test_a_community_talks_about_what_is_said_in_several_of_its_groups() -> None:
    home = Home(groups=("茶友", "品鉴"))
    for group in (0, 1):
        chat(home, 30, group=group)
        rise(home, MOVED[:3], group=group, begin=10 * group)
    rise(
        home,
        ["茶会改到周日了吗", "茶会改到周日几点", "听说茶会改到周日", "茶会改到周日真的吗", "茶会改到周日好"],
        group=1,
        begin=30,
    )
    looked(home, 0.5)
    titles = [one.title for one in get_themes_of_community(home.id).themes if one.trend is Trend.RISING]
    assert any("快递" in title for title in titles)
    assert not any("茶会" in title for title in titles)
    assert any("茶会" in one.title for one in get_themes_of_group(home.group_ids[1]).themes)


def test_programs_colleagues_adverts_and_our_account_make_no_theme() -> None:
    home = Home(staff=["小李"])
    chat(home, 30)
    home.who("机器人", is_bot=True)
    for n, name in enumerate(["小李", "机器人", "", "卖货", "卖货二", "卖货三"]):
        holds = (Verdict.AD,) if name.startswith("卖货") else ()
        home.say(name, NOON + hours(n), MOVED[n], holds=holds, is_own=not name)
    assert [one for one in looked(home, 0.5).themes if "快递" in one.title] == []


def test_no_title_names_a_member_when_everybody_speaks_of_them() -> None:
    home = Home()
    chat(home, 30)
    home.sit("陈晓明")
    home.say("陈晓明", NOON, "早", holds=())
    rise(
        home,
        [
            "陈晓明请客喝茶",
            "陈晓明真请客喝茶",
            "晓明请客喝茶",
            "陈晓明今天请客喝茶",
            "又是陈晓明请客喝茶",
            "陈晓明请客喝茶啊",
        ],
    )
    themes = looked(home, 0.5).themes
    assert any("请客" in one.title for one in themes)
    assert not any("晓明" in one.title for one in themes)


def test_what_is_withdrawn_is_quoted_no_more_and_goes_out_of_the_figures_at_the_next_look() -> None:
    home = Home()
    chat(home, 30)
    keys = rise(home)
    looked(home, 0.5)
    for key in keys[:2]:
        home.recall(key, NOON + hours(11))
    assert {quote.text for quote in get_themes_of_group(home.group_ids[0]).themes[0].quotes} <= set(MOVED[2:])
    assert looked(home, 0.6).themes[0].voices == 4
    Message.objects.filter(text__contains="快递").delete()
    assert [one for one in get_themes_of_group(home.group_ids[0]).themes if "快递" in one.title] == []


def test_no_words_are_kept_with_themes() -> None:
    home = Home()
    chat(home, 30)
    rise(home)
    looked(home, 0.5)
    kept = [*Theme.objects.values(), *ThemeDay.objects.values()]
    assert not any(letter >= "\u3400" for row in kept for value in row.values() for letter in str(value))


def test_open_questions_on_a_theme_are_told_until_somebody_answers() -> None:
    home = Home()
    chat(home, 30)
    keys = rise(home)
    asked = home.say("会员8", NOON + hours(10), "快递停在杭州还能到吗", holds=(Verdict.QUESTION,))
    theme = looked(home, 0.5).themes[0]
    assert ([one.text for one in theme.waiting], theme.open) == (["快递停在杭州还能到吗"], 1)
    home.say("小李", NOON + hours(12), "明天到", to=asked, holds=())
    assert looked(home, 0.6).themes[0].waiting == ()
    assert keys


def test_an_old_record_is_told_day_by_day_up_to_its_end() -> None:
    home = Home()
    chat(home, 30)
    rise(home)
    do_place_new()
    now = NOON + 400 * DAY
    pk = ThemeScope.objects.get(group=home.group_ids[0]).pk
    turns = 0
    while ThemeScope.objects.get(pk=pk).is_due:
        assert theming.do_look(pk, now)
        turns += 1
    assert turns == theming.DAYS_BACK
    themes = get_themes_of_group(home.group_ids[0])
    assert (themes.themes[0].day, themes.is_behind) == (NOON.date(), False)
    while theming.step(now):
        pass
    assert theming.step(now + DAY) == 0


def test_only_groups_in_which_something_new_was_said_are_looked_at_and_not_before_the_pause_is_over() -> None:
    home = Home(groups=("茶友", "品鉴"))
    rise(home)
    rise(home, group=1)
    do_place_new()
    now = NOON + DAY
    while theming.step(now):
        pass
    home.say("会员1", now, "早", holds=())
    do_place_new()
    assert theming.step(now) == 0
    assert theming.step(now + theming.PAUSE) == 2  # the group and the community
    assert theming.step(now + 2 * theming.PAUSE) == 0


def test_it_is_looked_again_when_not_everything_had_been_judged() -> None:
    home = Home()
    home.say("会员1", NOON, "快递呢")
    do_place_new()
    while theming.step(NOON + hours(1)):
        pass
    assert get_themes_of_group(home.group_ids[0]).unread == 1
    for n in range(1, 2 * theming.MOST_WAITS):
        theming.step(NOON + hours(1) + n * theming.UNREAD_PAUSE)
    assert not ThemeScope.objects.filter(is_due=True).exists()


def test_two_accounts_of_one_person_are_one_voice() -> None:
    home = Home()
    chat(home, 30)
    rise(home, MOVED[:4])
    one = Identity.objects.get(pk=home.who("会员0"))
    Identity.objects.filter(pk__in=[home.who(f"会员{n}") for n in (1, 2)]).update(person_id=one.person_id)
    assert [theme for theme in looked(home, 0.5).themes if "快递" in theme.title] == []


def test_of_very_much_talk_whole_conversations_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    from qunying.talk import listening

    home = Home()
    chat(home, 30)
    monkeypatch.setattr(listening, "MOST_LINES", 60)
    themes = looked(home, 0)
    assert themes.one_in == 3
    assert themes.lines <= 25


def test_themes_go_when_their_community_goes() -> None:
    home = Home()
    rise(home)
    looked(home, 0.5)
    assert Theme.objects.exists()
    do_forget_talk([home.id], 10_000)
    assert [model.objects.count() for model in (Theme, ThemeDay, ThemeScope)] == [0, 0, 0]


def test_talk_that_had_its_threads_before_there_were_themes_is_looked_at_too() -> None:
    home = Home(groups=("茶友", "品鉴"))
    rise(home, MOVED[:2])
    do_place_new()
    ThemeScope.objects.all().delete()
    found = MigrationLoader(connection).disk_migrations
    (name,) = (name for app, name in found if app == "talk" and name.endswith("_themes"))
    migration = import_module(f"qunying.talk.migrations.{name}")
    with connection.cursor() as cursor:
        migration.note_talk(None, SimpleNamespace(connection=connection, execute=cursor.execute))
    noted = ThemeScope.objects.values_list("community_id", "group_id", "is_due")
    assert set(noted) == {(home.id, home.group_ids[0], True), (home.id, None, True)}
