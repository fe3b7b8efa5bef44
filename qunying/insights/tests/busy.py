"""A world in which everything happens at once, for whatever must count it in two ways alike."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qunying.communities.queries import CountedHome
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.insights.lake import flush
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import Done, Home
from qunying.people.models import Identity

START = datetime(2024, 2, 20, tzinfo=UTC)  # clocks change in New York on 10 March and in Berlin on 31 March
LENGTH = timedelta(days=55)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
NAMES = ("老周", "阿茗", "👩‍👩‍👧", "عمر", "陳曉", "O'Neil", "林晚", "机器人")
MINUTE = timedelta(minutes=1)


def make_homes(lake: Path) -> list[Home]:
    """Three communities in three zones; half of what happened lies in the lake, and some of that changed afterwards."""
    chance = random.Random(7)
    homes = [Home(timezone=zone, groups=("甲", "乙"), staff=("林晚",)) for zone in ZONES]
    told = list[tuple[Home, str, datetime, int]]()
    for half in range(2):
        for home in homes:
            for _ in range(45):
                _happens(home, chance, told)
            do_keep_deeds([_deed(home, n + 30 * half, chance) for n in range(30)])
        if not half:
            flush(START, lake)
    _keep_order(homes, random.Random(11))
    for home, key, at, group in chance.sample(told, 30):
        if chance.random() < 0.5:
            home.recall(key, at + MINUTE, group)
        else:
            home.edit(key, at + MINUTE, "改过", group)
    main, other = homes[0].who("阿茗"), homes[0].who("陳曉")
    Identity.objects.filter(pk=other).update(person_id=main)
    return homes


def _keep_order(homes: list[Home], chance: random.Random) -> None:
    """Steps and judgements of every kind, some of them lifted."""
    for home in homes:
        for n in range(30):
            name, group, at = chance.choice(NAMES[:6]), chance.randrange(2), _moment(chance)
            by = chance.choice(("", "甲"))
            done = (Done("DeleteMessage", by=by), Done(is_warning=n % 3 > 0, by=by, later=MINUTE))
            took = timedelta(microseconds=chance.randrange(10**9))
            cause = home.act(name, at, *done, group=group, rule=chance.choice(("no_ads", "abuse")), took=took)
            home.judge(
                name, at, chance.choice(("approved", "softened", "dismissed", "undone")), cause=cause, group=group
            )
            state = chance.choice(("lifted", "upheld", "open"))
            home.judge(name, at + MINUTE, state, kind="appeal", cause=cause, group=group)
            if state == "lifted":
                home.lift(name, cause, at + MINUTE, group)


def _moment(chance: random.Random) -> datetime:
    """Some moment, often one at which something else happens too, sometimes on a whole local day's edge."""
    return START + timedelta(
        hours=chance.randrange(int(LENGTH / timedelta(hours=1))), minutes=chance.choice((0, 0, 30))
    )


def _happens(home: Home, chance: random.Random, told: list[tuple[Home, str, datetime, int]]) -> None:
    name, at, group = chance.choice(NAMES), _moment(chance), chance.randrange(2)
    home.sit(name, group, is_bot=name == "机器人")
    what = chance.random()
    if what < 0.6:
        told.append((home, home.say(name, at, group=group), at, group))
    elif what < 0.65:
        home.say("", at, group=group, is_own=what < 0.62, kind="notice")
    elif what < 0.85:
        home.join(name, at, group, via=chance.choice(("", "qr", "invite")), inviter=chance.choice(("", "老周")))
    else:
        home.leave(name, at, group, operator=chance.choice(("", "林晚")))


def _deed(home: Home, n: int, chance: random.Random) -> NewDeed:
    kind = chance.choice(("order", "order", "order", "refund", "visit"))
    return NewDeed(
        community_id=home.id,
        identity_id=home.who(chance.choice((*NAMES[:6], f"客{n % 5}"))),
        source=chance.choice(("shop", "o'shop\\")),
        kind=kind,
        key=str(n),
        at=_moment(chance),
        amount=None if kind == "visit" else chance.randrange(1, 10**7),
        currency="" if kind == "visit" else chance.choice(("CNY", "USD")),
        quantity=chance.randrange(1, 4),
    )


def everything(homes: list[Home]) -> Scope:
    """All groups, communities whole."""
    groups = tuple(group for home in homes for group in home.counted)
    whole = tuple(CountedHome(home.id, f"社群{home.id}", home.timezone) for home in homes)
    return Scope(groups, START, START + LENGTH, whole)


def little(homes: list[Home]) -> Scope:
    """One group for some weeks, from the middle of a day."""
    return Scope(homes[0].counted[:1], START + timedelta(days=9, hours=5), START + LENGTH / 2)


def ways(homes: list[Home], bys: Iterable[str]) -> Iterator[tuple[Scope, str]]:
    """Everything in each of these breakdowns, and a little of it as a whole."""
    yield from ((everything(homes), by) for by in bys)
    yield little(homes), ""
