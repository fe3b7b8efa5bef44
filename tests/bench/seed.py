"""Fills a database with a large installation, in bulk: ``python -m tests.bench.seed`` into ``QUNYING_HOME``.

3,000 groups in 20 communities, 500,000 memberships, 5,000,000 messages over a year unless told otherwise. The same seed
gives the same rows.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

AT_ONCE = 50_000
HOURS = (1, 1, 1, 1, 1, 2, 6, 20, 30, 25, 22, 24, 40, 30, 20, 20, 22, 25, 35, 60, 90, 80, 45, 10)


@dataclass(frozen=True, slots=True)
class Size:
    """How large an installation to make."""

    communities: int = 20
    groups: int = 3_000
    memberships: int = 500_000
    messages: int = 5_000_000
    days: int = 365


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
    """Writes communities, groups, people, memberships, their comings and goings, and talk that ends at ``now``."""
    from django.db import transaction

    rng = random.Random(number)
    with transaction.atomic():
        homes = _seed_groups(size, now)
    seats = [home for home in homes for _ in range(size.memberships // size.groups)]
    with transaction.atomic():
        _seed_people(seats, size, now, rng)
    for first in range(0, size.messages, AT_ONCE):
        with transaction.atomic():
            _seed_talk(first, min(AT_ONCE, size.messages - first), seats, size, now, rng)


def _seed_groups(size: Size, now: datetime) -> list[tuple[int, int]]:
    """(community, group) of every group made."""
    from datetime import time

    from qunying.communities.models import Community, Group
    from qunying.store import rows

    rows.insert(
        Community,
        [
            "id",
            "name",
            "topic",
            "promise",
            "purpose",
            "timezone",
            "language",
            "quiet_from",
            "quiet_to",
            "is_demo",
            "created_at",
        ],
        [
            (pk, f"社群 {pk}", "", "", [], "Asia/Shanghai", "zh-hans", str(time(22, 30)), str(time(8)), False, now)
            for pk in range(1, size.communities + 1)
        ],
    )
    homes = [(1 + pk % size.communities, pk) for pk in range(1, size.groups + 1)]
    rows.insert(
        Group,
        [
            "id",
            "community_id",
            "carrier",
            "ref",
            "carrier_name",
            "remark",
            "city",
            "industry",
            "weight",
            "capacity",
            "is_folded",
            "created_at",
        ],
        [(pk, home, "sandbox", f"g{pk}", f"群 {pk}", "", "", "", 50, 500, False, now) for home, pk in homes],
    )
    return homes


def _seed_people(seats: list[tuple[int, int]], size: Size, now: datetime, rng: random.Random) -> None:
    from qunying.journal.models import Fact
    from qunying.people.models import Identity, Membership, Person
    from qunying.store import rows

    joined = [now - timedelta(seconds=rng.randrange(size.days * 86_400)) for _ in seats]
    everybody = range(1, len(seats) + 1)
    rows.insert(Person, ["id", "name", "created_at"], ((pk, f"成员{pk}", now) for pk in everybody))
    rows.insert(
        Identity,
        ["id", "person_id", "carrier", "ref", "name", "is_bot", "created_at"],
        ((pk, pk, "sandbox", f"m{pk}", f"成员{pk}", pk % 5_000 == 0, now) for pk in everybody),
    )
    rows.insert(
        Membership,
        ["id", "community_id", "group_id", "identity_id", "card", "role", "is_present", "joined_at", "via", "messages"],
        (
            (pk, home, group, pk, "", "admin" if pk % 170 == 0 else "member", pk % 11 != 0, at, "qr", 0)
            for pk, (home, group), at in zip(everybody, seats, joined, strict=True)
        ),
    )
    rows.insert(
        Fact,
        [
            "key",
            "name",
            "at",
            "recorded_at",
            "community_id",
            "group_id",
            "identity_id",
            "message_key",
            "actor",
            "words",
            "salt",
            "personal_digest",
            "digest",
        ],
        (
            (f"j{pk}", "member.joined", at, now, home, group, pk, "", "system", {"via": "qr"}, "", "", "")
            for pk, (home, group), at in zip(everybody, seats, joined, strict=True)
        ),
    )


def _seed_talk(
    first: int, count: int, seats: list[tuple[int, int]], size: Size, now: datetime, rng: random.Random
) -> None:
    from qunying.store import rows
    from qunying.talk.models import Message

    start = now - timedelta(days=size.days)
    step = size.days * 86_400 / size.messages
    rows.insert(
        Message,
        [
            "community_id",
            "group_id",
            "sender_id",
            "source_key",
            "at",
            "kind",
            "text",
            "reply_to",
            "quote",
            "mentions",
            "media",
            "is_own",
            "is_imported",
        ],
        _talk_rows(range(first, first + count), seats, start, step, rng),
    )


def _talk_rows(
    numbers: range, seats: list[tuple[int, int]], start: datetime, step: float, rng: random.Random
) -> Iterator[tuple[object, ...]]:
    """A few members say most: the place among the seats is drawn with a steep curve."""
    for n in numbers:
        place = int(len(seats) * rng.random())
        place -= int((place % 160) * rng.random() ** 0.5)
        home, group = seats[place]
        at = (start + timedelta(seconds=n * step)).replace(hour=rng.choices(range(24), HOURS)[0])
        yield (
            home,
            group,
            place + 1,
            f"k{n}",
            min(at, start + timedelta(seconds=n * step)),
            "text",
            "早上好呀，今天喝什么茶",
            "",
            "",
            [],
            [],
            False,
            False,
        )


if __name__ == "__main__":
    main()
