"""Which communities and groups the demo world has, and how big and how talkative each group is."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from qunying.carriers.sandbox.demo.dice import dice
from qunying.carriers.sandbox.demo.folk import Community, Group, Temper

WORLD_NAME = "青禾学堂"
TIMEZONE = "Asia/Shanghai"
PEOPLE_OF_FORTY = 6214
MESSAGES_A_DAY_OF_FORTY = 3400
SEATS_PER_PERSON = 1.11
FULLEST_SHARE = 0.8

COMMUNITIES: tuple[Community, ...] = (
    Community(
        "tea",
        "慢茶会",
        "喝茶、茶具、同城共品",
        "每周三晚有茶桌，每周一次共品，提问十分钟内有人答",
        ("activate", "retain"),
        TIMEZONE,
    ),
    Community(
        "read",
        "早读营",
        "早起、读书、21 天打卡",
        "每天七点有人一起读，打满 21 天押金原路退回",
        ("activate", "retain"),
        TIMEZONE,
    ),
    Community(
        "light", "轻食", "轻食、备餐、团购", "每天一份照着做得出来的菜单，收货有问题当天回", ("convert",), TIMEZONE
    ),
    Community("trial", "体验课", "七天体验课", "七天听明白自己适不适合，不适合不劝", ("acquire", "convert"), TIMEZONE),
)


class Plot(NamedTuple):
    """One planned group before its numbers are worked out; `size` 0 means: share what is left."""

    ref: str
    community: str
    name: str
    carrier_name: str
    city: str
    temper: Temper
    size: int = 0
    capacity: int = 500
    weight: int = 50
    drop: float = 0.0


PLOTS: tuple[Plot, ...] = (
    Plot("hz-tea-03", "tea", "杭州-茶友-03", "慢茶会·杭州三群（下班来喝茶）", "杭州", "carried", 186, 500, 80, 0.38),
    Plot("hz-read-07", "read", "杭州-早读-07", "早读营 7 期 2 群", "杭州", "lively", 214, 500, 90),
    Plot("sh-light-01", "light", "上海-轻食-01", "轻食·上海一群（认真吃饭）", "上海", "crowded", 194, 200, 75),
    Plot("trial-3", "trial", "体验课3群", "七天体验课 3 群🌱", "杭州", "lively", 163, 200, 85),
    Plot("read-alumni", "read", "早读营校友", "早读营校友会（打满 21 天才进得来）", "全国", "crowded", 471, 500, 70),
    Plot("sh-tea-05", "tea", "上海-茶友-05", "慢茶会·上海五群", "上海", "quieting", 152, 500, 40, 0.52),
    Plot("cd-light-02", "light", "成都-轻食-02", "轻食·成都二群（少油少盐）", "成都", "quieting", 0, 200, 40, 0.35),
    Plot("bj-read-04", "read", "北京-早读-04", "早读营·北京四群", "北京", "quieting", 0, 500, 50, 0.33),
    Plot("sz-tea-01", "tea", "苏州-茶友-01", "慢茶会·苏州一群", "苏州", "quieting", 0, 500, 40, 0.31),
    Plot("hz-tea-01", "tea", "杭州-茶友-01", "慢茶会·杭州一群（周三茶桌）", "杭州", "steady", weight=70),
    Plot("hz-tea-02", "tea", "杭州-茶友-02", "慢茶会·杭州二群🍵", "杭州", "lively", weight=65),
    Plot("sh-tea-01", "tea", "上海-茶友-01", "慢茶会·上海一群（满了请等二群）", "上海", "crowded", 487, 500, 80),
    Plot("sh-tea-02", "tea", "上海-茶友-02", "慢茶会·上海二群", "上海", "steady"),
    Plot("sh-tea-03", "tea", "上海-茶友-03", "慢茶会·上海三群（静安）", "上海", "lively"),
    Plot("sh-tea-04", "tea", "上海-茶友-04", "慢茶会·上海四群", "上海", "steady"),
    Plot("cd-tea-01", "tea", "成都-茶友-01", "慢茶会·成都一群（巴适得板）", "成都", "lively", weight=60),
    Plot("bj-tea-01", "tea", "北京-茶友-01", "慢茶会·北京一群", "北京", "steady"),
    Plot("gz-tea-01", "tea", "广州-茶友-01", "慢茶会·廣州一群（得閒飲茶）", "广州", "steady"),
    Plot("hz-read-05", "read", "杭州-早读-05", "早读营 5 期 1 群", "杭州", "steady"),
    Plot("hz-read-06", "read", "杭州-早读-06", "早读营 7 期 1 群", "杭州", "lively", weight=85),
    Plot("bj-read-01", "read", "北京-早读-01", "早读营·北京一群", "北京", "steady"),
    Plot("bj-read-02", "read", "北京-早读-02", "早读营·北京二群", "北京", "steady"),
    Plot("bj-read-03", "read", "北京-早读-03", "早读营·北京三群（六点档）", "北京", "lively"),
    Plot("sh-read-01", "read", "上海-早读-01", "早读营·上海一群", "上海", "lively", weight=60),
    Plot("sh-read-02", "read", "上海-早读-02", "早读营·上海二群（妈妈场）", "上海", "steady"),
    Plot("sh-read-03", "read", "上海-早读-03", "早读营·上海三群", "上海", "steady"),
    Plot("cd-read-01", "read", "成都-早读-01", "早读营·成都一群", "成都", "steady"),
    Plot("gz-read-01", "read", "广州-早读-01", "早读营·广州一群", "广州", "steady"),
    Plot("wh-read-01", "read", "武汉-早读-01", "早读营·武汉一群（过早之前）", "武汉", "lively"),
    Plot("sh-light-02", "light", "上海-轻食-02", "轻食·上海二群", "上海", "steady", 0, 200),
    Plot("cd-light-01", "light", "成都-轻食-01", "轻食·成都一群", "成都", "steady", 0, 200),
    Plot("hz-light-01", "light", "杭州-轻食-01", "轻食·杭州一群（带饭互助）", "杭州", "lively", 0, 500, 60),
    Plot("hz-light-02", "light", "杭州-轻食-02", "轻食·杭州二群", "杭州", "steady", 0, 200),
    Plot("bj-light-01", "light", "北京-轻食-01", "轻食·北京一群", "北京", "steady", 0, 200),
    Plot("gz-light-01", "light", "广州-轻食-01", "轻食·广州一群", "广州", "steady", 0, 500),
    Plot("sz-light-01", "light", "苏州-轻食-01", "轻食·苏州一群（刚开张）", "苏州", "new", 72, 200, 55),
    Plot("trial-1", "trial", "体验课1群", "七天体验课 1 群", "上海", "steady", 0, 200),
    Plot("trial-2", "trial", "体验课2群", "七天体验课 2 群", "北京", "lively", 0, 200),
    Plot("trial-4", "trial", "体验课4群", "七天体验课 4 群", "成都", "steady", 0, 200),
    Plot("trial-5", "trial", "体验课5群", "七天体验课 5 群🌱新", "杭州", "new", 88, 200, 60),
)

_MORE_PLACES = (("南京", "nj"), ("长沙", "cs"), ("西安", "xa"), ("厦门", "xm"), ("重庆", "cq"), ("青岛", "qd"))
_MORE_WORDS = (("tea", "茶友", "慢茶会"), ("read", "早读", "早读营"), ("light", "轻食", "轻食"))
_MORE_TEMPERS: tuple[Temper, ...] = ("steady", "lively", "steady", "quieting", "steady", "lively", "crowded", "steady")
_INDUSTRY = {"tea": "茶", "read": "教育", "light": "餐饮", "trial": "教育"}
_PACE_OF_TEMPER = {"lively": 1.7, "steady": 0.9, "quieting": 0.95, "new": 0.9, "crowded": 1.35, "carried": 1.0}


def plan_groups(seed: int, count: int, anchor: date, history_days: int) -> tuple[Group, ...]:
    """`count` groups with sizes and paces that add up to the world's members and messages a day."""
    rng = dice(seed, "groups")
    plots = [*PLOTS[:count], *(_further_plot(number) for number in range(len(PLOTS), count))]
    sizes = _sizes(rng, plots)
    paces = _paces(rng, plots, sizes)
    return tuple(
        _group(rng, plot, size, pace, anchor, history_days)
        for plot, size, pace in zip(plots, sizes, paces, strict=True)
    )


def people_count(groups: int) -> int:
    """How many different people a world of this many groups is meant to hold."""
    return round(PEOPLE_OF_FORTY * groups / len(PLOTS))


def _further_plot(number: int) -> Plot:
    city, short = _MORE_PLACES[number % len(_MORE_PLACES)]
    key, word, brand = _MORE_WORDS[number // len(_MORE_PLACES) % len(_MORE_WORDS)]
    nth = number // (len(_MORE_PLACES) * len(_MORE_WORDS)) + 1
    temper = _MORE_TEMPERS[number % len(_MORE_TEMPERS)]
    drop = 0.3 if temper == "quieting" else 0.0
    name = f"{city}-{word}-{nth:02}"
    return Plot(f"{short}-{key}-{nth:02}", key, name, f"{brand}·{city}{nth}群", city, temper, drop=drop)


def _sizes(rng: Random, plots: list[Plot]) -> list[int]:
    """Seats per group: the told sizes stay, the others share what is left in believable proportions."""
    wanted = round(people_count(len(plots)) * SEATS_PER_PERSON)
    told = sum(plot.size for plot in plots)
    shares = [0.0 if plot.size else rng.uniform(0.6, 1.5) * (0.8 if plot.capacity == 200 else 1.0) for plot in plots]
    left = max(wanted - told, 60 * sum(share > 0 for share in shares))
    total = sum(shares) or 1.0
    return [
        plot.size or min(round(left * share / total), round(plot.capacity * FULLEST_SHARE))
        for plot, share in zip(plots, shares, strict=True)
    ]


def _paces(rng: Random, plots: list[Plot], sizes: list[int]) -> list[float]:
    raw = [
        _PACE_OF_TEMPER[plot.temper] * (size / 170) ** 0.6 * rng.uniform(0.85, 1.15)
        for plot, size in zip(plots, sizes, strict=True)
    ]
    # The groups that have gone quiet talk less from the anchor on; the paces make up for it, so that a day has its sum.
    now = [pace * (1 - plot.drop) for pace, plot in zip(raw, plots, strict=True)]
    factor = MESSAGES_A_DAY_OF_FORTY * len(plots) / len(PLOTS) / sum(now)
    return [pace * factor for pace in raw]


def _group(rng: Random, plot: Plot, size: int, pace: float, anchor: date, history_days: int) -> Group:
    age = rng.randint(16, 24) if plot.temper == "new" else rng.randint(history_days + 60, history_days + 540)
    return Group(
        ref=plot.ref,
        community=plot.community,
        name=plot.name,
        carrier_name=plot.carrier_name,
        city=plot.city,
        industry=_INDUSTRY[plot.community],
        opened=anchor - timedelta(days=age),
        capacity=plot.capacity,
        weight=plot.weight,
        temper=plot.temper,
        size=size,
        pace=pace,
        drop=plot.drop,
    )
