"""The tea friends after three weeks of talk: names as people really choose them, welcomes, recalls, a record read in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from qunying.capabilities.incidents.actions import do_close_incident
from qunying.capabilities.order.lists_kept import do_make_list, do_switch_list, do_write_words
from qunying.communities.actions_rules import RuleNotes, do_reword_rule, do_write_rule
from qunying.insights.keeping import catch_up
from qunying.insights.parts import lake_folder
from qunying.kernel import clock
from qunying.pipeline.rehearsal import asked as rehearsals
from qunying.pipeline.rehearsal.asked import do_ask_rehearsal
from tests import cast
from tests.incidents.found import found

LONG = "名字特别特别长的那位朋友" * 5
PEOPLE = {
    "an": "安安",
    "bo": "阿博",
    "long": LONG,
    "noor": "نور الهدى",
    "family": "👨‍👩‍👧‍👦一家人",
    "fan": "繁體字也要看得見",
    "latin": "Ｆｕｌｌ　ｗｉｄｔｈ Zoë",
}
SAYINGS = (
    "今晚七点茶桌，谁来？",
    "押金什么时候退",
    "收到收到",
    "https://example.com/" + "a" * 160,
    "مرحبا بالجميع",
    "１２３ 全角ＡＢＣ",
    "零\u200b宽\u200b字",
    "🍵" * 30,
)
DAYS = 21


def do_live_three_weeks(tea: cast.Tea) -> None:
    """Everybody says something every day; today three people join and are welcomed, and one message is recalled."""
    now = clock.now().astimezone(cast.SHANGHAI)
    said = [_said(number, now - timedelta(days=DAYS - number // 8)) for number in range(8 * DAYS)]
    for at, payload in said:
        cast.arrive([payload], at=at)
    cast.told()
    joined = now - timedelta(minutes=30)
    with clock.at(joined):
        cast.arrive(
            [cast.join(f"j{ref}", ref, name) for ref, name in (("chen", "陈晨"), ("noor2", "نور"), ("x", LONG))]
        )
        cast.arrive([cast.message("m-now", "an", "发错了，撤一下")])
        cast.told()
    cast.passed(joined, now - timedelta(minutes=1))
    cast.arrive([cast.recall("r1", "m-now")], at=now - timedelta(minutes=1))
    cast.told()
    _do_find(tea, now)
    _do_rules(tea, now)
    _do_lists(tea, now)
    catch_up(now, lake_folder())


def _do_find(tea: cast.Tea, now: datetime) -> None:
    """A quarrel that goes on, competitors whom nobody has looked after yet, something that is over."""
    last = 8 * DAYS - 1
    with clock.at(now - timedelta(minutes=40)):
        refs, messages = ("long", "noor", "an"), (f"m{last}", f"m{last - 3}")
        found(tea.community_id, "quarrel", group_id=tea.first, refs=refs, messages=messages)
        found(tea.community_id, "competitor_wave", group_id=tea.first, refs=("bo",))
        over = found(tea.community_id, "silent_group", group_id=tea.first)
    user = User.objects.values_list("pk", flat=True)[0]
    do_close_incident(over, SAYINGS[3] + LONG, user_id=user, at=now - timedelta(minutes=5))


def _do_rules(tea: cast.Tea, now: datetime) -> None:
    """A long rule that was changed, with a deadline; one with odd letters; who read them."""
    home, notes = tea.community_id, RuleNotes(name=LONG[:40], is_important=True, deadline="填退款表截止")
    dated = replace(notes, deadline_on=(now + timedelta(days=2)).date())
    with clock.at(now - timedelta(minutes=20)):
        rule = do_write_rule(home, dated, SAYINGS[3] + LONG * 3, at=clock.now(), user_id=None)
        do_write_rule(
            home, replace(notes, name="نور", deadline=""), "零\u200b宽 🍵 مرحبا", at=clock.now(), user_id=None
        )
    do_reword_rule(rule, SAYINGS[3] + LONG, is_same_meaning=False, why="写短一点", at=now, user_id=None)
    cast.arrive([cast.message("rule", "li", SAYINGS[3] + LONG)], at=now)
    cast.told()


def _do_lists(tea: cast.Tea, now: datetime) -> None:
    """A list that is on, one that would touch everybody, and rehearsals: done, as it is now, and one that waits."""
    user = User.objects.values_list("pk", flat=True)[0]
    for title, lines in (
        ("禁词", ["押金", "拼音：代购", "正则：日结\\d+", "允许：" + LONG]),
        (LONG[:80], ["正则：.", "a" * 160]),
    ):
        made = do_make_list(tea.community_id, title, "delete", user_id=user, at=now)
        do_write_words(made, lines, user_id=user, at=now)
        do_switch_list(made, is_on=title == "禁词", user_id=user, at=now - timedelta(days=91))
    tried: tuple[dict[str, Any], ...] = ({}, {"words": ["押金", SAYINGS[3]], "words_do": "delete", "act_from": 60}, {})
    for rule in tried:
        about = {"capability": "order", "title": "", "settings": rule, "user_id": user, "at": now}
        do_ask_rehearsal(tea.community_id, [tea.first], 30, **about)
    for _ in tried[1:]:
        assert rehearsals.step(now)


def _said(number: int, day: datetime) -> tuple[datetime, dict[str, Any]]:
    """The ``number``-th message: eight a day, half an hour apart from ten in the morning on."""
    ref, name = list(PEOPLE.items())[number % len(PEOPLE)]
    at = day.replace(hour=10, minute=0) + timedelta(minutes=30 * (number % 8))
    return at, cast.message(f"m{number}", ref, SAYINGS[number % len(SAYINGS)], user=cast.who(ref, name))
