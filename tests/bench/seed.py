"""Fills a database with a large installation, in bulk: ``python -m tests.bench.seed`` into ``QUNYING_HOME``.

3,000 groups in 20 communities, 500,000 memberships, 5,000,000 messages over a year unless told otherwise, with the journal,
the outbox and the work that such a year leaves behind, search indexes, lake and daily counts. The same seed gives the same
rows. On two cores and SQLite the whole takes about a quarter of an hour and 5 GB.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

AT_ONCE = 50_000
HOURS = (1, 1, 1, 1, 1, 2, 6, 20, 30, 25, 22, 24, 40, 30, 20, 20, 22, 25, 35, 60, 90, 80, 45, 10)
FAMILY = "陈李王张刘杨黄赵吴周徐孙马朱胡林郭何高罗歐陽مZ"
GIVEN = "安晨芳博满雨文静伟敏丽强磊洋勇艳杰娟涛明超秀英华玉兰平刚桂梅🫖"
PLACES = ("上海", "广州", "成都", "北京", "杭州", "福州", "香港", "武汉")
OPENINGS = ("早上好呀，", "大家好，", "请问一下，", "", "", "哈哈哈", "@安安 ", "昨天说的")
THINGS = ("白茶", "岩茶", "普洱", "茶会", "报名", "退款", "快递", "盖碗", "茶席", "周末活动", "课程", "链接", "優惠券")
ENDINGS = (
    "几点开始？",
    "汤色很好🫖",
    "还有名额吗",
    "怎么收费",
    "我也要去",
    "收到了，谢谢",
    "打不开",
    "可以寄到外地吗？",
    "不錯",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How large an installation to make."""

    communities: int = 20
    groups: int = 3_000
    memberships: int = 500_000
    messages: int = 5_000_000
    days: int = 365


@dataclass(frozen=True, slots=True)
class Seats:
    """Who sits where, one entry per membership in the order of ids. Every seventh seat is held by somebody seen before."""

    homes: list[tuple[int, int]]
    holders: list[int]
    joined: list[datetime]
    left: list[datetime | None]
    messages: array[int]
    first: array[float]
    last: array[float]

    def __len__(self) -> int:
        return len(self.homes)


def main() -> None:
    """Fills the installation that the environment names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, default in (("communities", 20), ("groups", 3_000), ("memberships", 500_000), ("messages", 5_000_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.project.settings")
    from qunying.runners.home import prepare_home

    prepare_home()
    seed(Size(options.communities, options.groups, options.memberships, options.messages), datetime.now(UTC))


def seed(size: Size, now: datetime, number: int = 7) -> None:
    """Writes communities, groups, people, their comings and goings, talk that ends at ``now``, and what it left behind."""
    from django.db import connection, transaction

    from qunying.insights import keeping
    from qunying.insights.parts import lake_folder
    from tests.bench.seed_threads import seed_threads
    from tests.bench.seed_work import seed_journal, seed_work

    rng = random.Random(number)
    with transaction.atomic():
        homes = _seed_groups(size, now)
    seats = _seats(homes, size, now, rng)
    with transaction.atomic():
        names = _seed_people(seats, now, rng)
    for first in range(0, size.messages, AT_ONCE):
        with transaction.atomic():
            _seed_talk(first, min(AT_ONCE, size.messages - first), seats, size, now, rng)
        _say(f"{first:,} messages")
    with transaction.atomic():
        _seed_memberships(seats, names)
    with transaction.atomic():
        seed_journal(seats, now, rng)
        seed_work(size, seats, now, rng)
    _say("people and work")
    seed_threads(rng)
    _say("threads of talk")
    keeping.catch_up(now, Path(lake_folder()))
    keeping.nightly(now, Path(lake_folder()))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _seed_groups(size: Size, now: datetime) -> list[tuple[int, int]]:
    """(community, group) of every group made."""
    from datetime import time

    from qunying.communities.models import Account, Community, Group
    from qunying.store import rows

    homes = ["id", "name", "topic", "promise", "purpose", "strategy", "timezone", "language", "quiet_from", "quiet_to"]
    quiet, purposes = (str(time(22, 30)), str(time(8))), ["acquire", "activate", "retain", "convert"]
    rows.insert(
        Community,
        [*homes, "is_demo", "created_at"],
        [
            (pk, f"社群 {pk}", "", "", purposes, "community", "Asia/Shanghai", "zh-hans", *quiet, False, now)
            for pk in range(1, size.communities + 1)
        ],
    )
    rows.insert(
        Account, ["id", "carrier", "ref", "name", "is_online", "is_demo"], [(1, "sandbox", "us", "群营", True, False)]
    )
    places = [(1 + pk % size.communities, pk) for pk in range(1, size.groups + 1)]
    columns = [
        "id",
        "community_id",
        "account_id",
        "kind",
        "carrier",
        "ref",
        "carrier_name",
        "remark",
        "city",
        "industry",
    ]
    rows.insert(
        Group,
        [*columns, "weight", "capacity", "is_folded", "created_at"],
        [
            (pk, home, 1, "chat", "sandbox", f"g{pk}", *_named(pk), "", pk % 100, 500, pk % 97 == 0, now)
            for home, pk in places
        ],
    )
    return places


def _named(group: int) -> tuple[str, str, str]:
    """Name, remark and city of a group."""
    place = PLACES[group % len(PLACES)]
    return f"{place}茶友群 {group}", "", place


def _seats(homes: list[tuple[int, int]], size: Size, now: datetime, rng: random.Random) -> Seats:
    each = size.memberships // size.groups
    places = [home for home in homes for _ in range(each)]
    again = size.communities * each  # the same seat in the community's group before
    holders: list[int] = []
    for place in range(len(places)):
        is_again = place % 7 == 0 and place >= again
        holders.append(holders[place - again] if is_again else place + 1)
    joined = [now - timedelta(seconds=rng.randrange(size.days * 86_400)) for _ in places]
    left = [at + (now - at) * rng.random() if place % 11 == 0 else None for place, at in enumerate(joined)]
    zeros = [0.0] * len(places)
    return Seats(places, holders, joined, left, array("q", [0] * len(places)), array("d", zeros), array("d", zeros))


def _seed_people(seats: Seats, now: datetime, rng: random.Random) -> dict[int, str]:
    """What everybody is called."""
    from qunying.people.models import Identity, Person
    from qunying.store import rows

    everybody = sorted(set(seats.holders))
    names = {pk: f"{rng.choice(FAMILY)}{rng.choice(GIVEN)}{rng.choice(GIVEN)}" for pk in everybody}
    rows.insert(Person, ["id", "name", "created_at"], ((pk, names[pk], now) for pk in everybody))
    rows.insert(
        Identity,
        ["id", "person_id", "carrier", "ref", "name", "is_bot", "created_at"],
        ((pk, _person(pk, names), "sandbox", f"m{pk}", names[pk], pk % 5_000 == 0, now) for pk in everybody),
    )
    return names


def _person(identity: int, names: dict[int, str]) -> int:
    """Their own, but for a few who turned out to be somebody known."""
    return identity - 1 if identity % 2_003 == 0 and identity - 1 in names else identity


def _seed_memberships(seats: Seats, names: dict[int, str]) -> None:
    """After the talk, because a membership knows how much was said."""
    from qunying.people.models import Membership
    from qunying.people.search import PEOPLE_INDEX, findable
    from qunying.store import rows

    place = ["id", "community_id", "group_id", "identity_id", "card", "role", "is_present", "joined_at", "left_at"]
    rows.insert(
        Membership,
        [*place, "via", "messages", "first_spoke_at", "last_spoke_at"],
        _membership_rows(seats, names),
    )
    cards = (_card(place, names[holder]) for place, holder in enumerate(seats.holders))
    PEOPLE_INDEX.add(
        (place + 1, findable(names[holder], card))
        for place, (holder, card) in enumerate(zip(seats.holders, cards, strict=True))
    )


def _membership_rows(seats: Seats, names: dict[int, str]) -> Iterator[tuple[object, ...]]:
    for place, ((home, group), holder) in enumerate(zip(seats.homes, seats.holders, strict=True)):
        role = "admin" if place % 170 == 0 else "member"
        spoke = (_moment(seats.first[place]), _moment(seats.last[place]))
        came = (seats.left[place] is None, seats.joined[place], seats.left[place], ("qr", "invite", "")[place % 3])
        card = _card(place, names[holder])
        yield (place + 1, home, group, holder, card, role, *came, seats.messages[place], *spoke)


def _card(place: int, name: str) -> str:
    return f"{PLACES[place % 8]}-{name}" if place % 3 == 0 else ""


def _moment(stamp: float) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if stamp else None


def _seed_talk(first: int, count: int, seats: Seats, size: Size, now: datetime, rng: random.Random) -> None:
    from qunying.store import rows
    from qunying.talk.models import Message
    from qunying.talk.search import TALK_INDEX

    start = now - timedelta(days=size.days)
    step = size.days * 86_400 / size.messages
    said = list(_talk_rows(range(first, first + count), seats, start, step, rng))
    head = ["id", "community_id", "group_id", "sender_id", "source_key", "at", "kind", "text", "reply_to", "quote"]
    rows.insert(Message, [*head, "mentions", "media", "is_own", "is_imported"], said)
    TALK_INDEX.add((int(str(row[0])), str(row[7])) for row in said)


def _talk_rows(
    numbers: range, seats: Seats, start: datetime, step: float, rng: random.Random
) -> Iterator[tuple[object, ...]]:
    """A few members say most: the place among the seats is drawn with a steep curve."""
    for n in numbers:
        place = int(len(seats) * rng.random())
        place -= int((place % 160) * rng.random() ** 0.5)
        home, group = seats.homes[place]
        latest = start + timedelta(seconds=n * step)
        at = min(latest.replace(hour=rng.choices(range(24), HOURS)[0]), latest)
        seats.messages[place] += 1
        seats.first[place] = min(seats.first[place] or at.timestamp(), at.timestamp())
        seats.last[place] = max(seats.last[place], at.timestamp())
        text = rng.choice(OPENINGS) + rng.choice(THINGS) + rng.choice(ENDINGS)
        if n % 9_973 == 0:
            text += f"，暗号凤凰单丛{n}"
        yield (n + 1, home, group, seats.holders[place], f"k{n}", at, "text", text, "", "", [], [], n % 400 == 0, False)


if __name__ == "__main__":
    main()
