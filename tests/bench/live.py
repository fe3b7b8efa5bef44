"""How fast live events are told on SQLite: accept → judge → settle → keep → enqueue.

    python -m tests.bench.live

Prints one JSON object per line: events per second spread over 1, 300 and 3,000 groups, and the 99th percentile from accepting to
queueing at 200 events a second; the last is measured once more with order acting, a list of 70,000 words on, and a tenth of the
talk advertising, quarrelling, flooding or holding a listed word. ``peer`` is the budget of the design, ``ratio`` above 1 is better than it.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SPREADS = (1, 300, 3000)
RUNS = 3
EVENTS = 4000
AT_ONCE = 500  # what a worker takes in, and then tells, where so much waits
PEOPLE = 1500
SEATS = 6  # known members per group
EVENTS_PER_SECOND = 2000.0
PACED_PER_SECOND = 200
PACED_SECONDS = 4
P99_SECONDS = 0.3
SAYINGS = [
    "早上好",
    "今天泡的是一八年的白茶，汤色很好",
    "几点开始？",
    "@安安 我也要去，帮我留个位置🫖",
    "链接 https://example.org/t/12 打不开",
    "哈哈哈",
]
AGAINST_RULES = [
    "兼职日结三百，加V hu_{n} 详聊",
    "拼多多帮我砍一刀 https://pin.example.com/{n}",
    "你说谁呢，脑残一个",
    "专业代购包邮",
    "砍一刀砍一刀砍一刀",
]
WORDS = 70_000
UNRULY = 0.1


@contextmanager
def home_of_its_own() -> Iterator[None]:
    """A fresh installation with the settings that people run: SQLite as a file, nothing relaxed."""
    with tempfile.TemporaryDirectory(prefix="qunying-bench-") as folder:
        os.environ.update(QUNYING_HOME=folder, DJANGO_SETTINGS_MODULE="qunying.project.settings")
        os.environ.pop("DATABASE_URL", None)
        from qunying.runners.home import freeze, prepare_home

        prepare_home()
        freeze()
        yield


def build(spread: int, prefix: str = "s") -> list[str]:
    """A community with that many groups, each with some of the same people; answers the groups' references."""
    from django.db import transaction

    from qunying.communities.actions import NewStaff, do_found_community, do_name_staff, do_set_mode
    from qunying.communities.models import Group
    from qunying.kernel.scene import Mode
    from qunying.people.actions import Account, Seat, SeatNews, do_know, do_seat
    from qunying.store import rows

    now = datetime.now(UTC)
    refs = [f"{prefix}{spread}-{number}" for number in range(spread)]
    with transaction.atomic():
        community = do_found_community(name=f"茶友会 {prefix}{spread}", at=now)
        do_name_staff(community, [NewStaff("sandbox", "li", "小李", "operator")])
        do_set_mode("onboarding", Mode.ACT, community_id=community, at=now, actor="system")
        columns = [
            "community_id",
            "kind",
            "carrier",
            "ref",
            "carrier_name",
            "remark",
            "city",
            "industry",
            "weight",
            "capacity",
        ]
        made = [(community, "chat", "sandbox", ref, f"茶友会{ref}群", "", "", "", 50, 500) for ref in refs]
        rows.insert(Group, [*columns, "is_folded", "created_at"], [(*row, False, now) for row in made])
        groups = list(Group.objects.filter(community=community).order_by("id").values_list("pk", flat=True))
        known = do_know({Account("sandbox", f"u{number}"): f"茶友{number}" for number in range(PEOPLE)}, now)
        people = [known[Account("sandbox", f"u{number}")] for number in range(PEOPLE)]
        for first in range(0, len(groups), 500):
            seats = {
                Seat(group, people[(place * SEATS + seat) % PEOPLE].id): SeatNews(
                    community, "茶友", "", "", is_present=True
                )
                for place, group in enumerate(groups[first : first + 500], first)
                for seat in range(SEATS if spread > 1 else 300)
            }
            do_seat(seats)
    return refs


def let_order_act(prefix: str) -> None:
    """With a long list of words that is on."""
    from qunying.capabilities.order.lists_kept import do_import_words, do_make_list, do_switch_list, do_write_words
    from qunying.communities.actions import do_set_mode
    from qunying.communities.models import Community
    from qunying.kernel.scene import Mode
    from tests.bench.rehearsal import write_words

    now, folder = datetime.now(UTC), Path(os.environ["QUNYING_HOME"])
    community = Community.objects.get(name__startswith=f"茶友会 {prefix}").pk
    user = _somebody()
    write_words(folder / "words.csv", WORDS)
    made = do_make_list(community, "禁词", "delete", user_id=user, at=now)
    do_import_words(made, (folder / "words.csv").read_text("utf-8").splitlines(), replace=True, user_id=user, at=now)
    do_write_words(made, ["代购"], user_id=user, at=now)
    do_switch_list(made, is_on=True, user_id=user, at=now)
    do_set_mode("order", Mode.ACT, community_id=community, at=now, actor="system")


def _somebody() -> int:
    from django.contrib.auth.models import User

    return User.objects.create_user("bench").pk


def an_event(number: int, place: int, ref: str, spread: int, rng: random.Random, unruly: float = 0.0) -> dict[str, Any]:
    """Mostly talk of people we know, some comings and goings."""
    member = (place * SEATS + rng.randrange(SEATS if spread > 1 else 300)) % PEOPLE
    user = {"ref": f"u{member}", "name": f"茶友{member}", "card": "", "role": ""}
    key, draw = f"{ref}-{number}-{rng.random()}", rng.random()
    base = {"ref": key, "at": datetime.now(UTC).isoformat(), "group": ref}
    if draw < 0.03:
        comer = {"ref": f"new{rng.randrange(10**9)}", "name": f"新人{number}", "card": "", "role": ""}
        return {**base, "type": "join", "user": comer, "via": "qr-3"}
    if draw < 0.04:
        return {**base, "type": "leave", "user": user}
    text = rng.choice(AGAINST_RULES).format(n=number) if draw > 1 - unruly else f"{rng.choice(SAYINGS)} {number}"
    return {**base, "type": "message", "from": user, "text": text, "kind": "text"}


def events(refs: list[str], count: int, seed: int, unruly: float = 0.0) -> list[Any]:
    """Arrivals spread over the groups at random, as the gateway fetches them; ``unruly`` is the part that breaks rules."""
    from qunying.carriers.base import Arrival

    rng, now = random.Random(seed), datetime.now(UTC)
    made = []
    for number in range(count):
        place = rng.randrange(len(refs))
        payload = an_event(number, place, refs[place], len(refs), rng, unruly)
        made.append(Arrival(key=payload["ref"], at=now, payload=payload, group_ref=refs[place]))
    return made


def work_off() -> None:
    """Tells whatever is due now."""
    from qunying.pipeline import worker

    while worker.step(datetime.now(UTC)):
        pass


def throughput(refs: list[str], seed: int) -> float:
    """Events per second from the first acceptance to the last commit."""
    from qunying.intake.gateway import do_accept_arrivals

    arrivals = events(refs, EVENTS, seed)
    begin = time.perf_counter()
    for first in range(0, EVENTS, AT_ONCE):
        do_accept_arrivals("sandbox", arrivals[first : first + AT_ONCE], datetime.now(UTC))
        work_off()
    return EVENTS / (time.perf_counter() - begin)


def p99(refs: list[str], seed: int, unruly: float = 0.0) -> float:
    """Seconds within which 99 of 100 events were told and their effects queued, at a steady pace."""
    from qunying.intake.gateway import do_accept_arrivals

    arrivals = events(refs, PACED_PER_SECOND * PACED_SECONDS, seed, unruly)
    begin, waited = time.perf_counter(), list[float]()
    while len(waited) < len(arrivals):
        due = min(int((time.perf_counter() - begin) * PACED_PER_SECOND), len(arrivals))
        fresh = arrivals[len(waited) : due]
        if not fresh:
            time.sleep(0.002)  # nothing has happened yet
            continue
        do_accept_arrivals("sandbox", fresh, datetime.now(UTC))
        work_off()
        done = time.perf_counter() - begin
        waited += [done - number / PACED_PER_SECOND for number in range(len(waited), due)]
    return statistics.quantiles(waited, n=100)[98]


def measured(
    name: str, unit: str, runs: list[float], budget: float, ratio: Callable[[float], float]
) -> Mapping[str, Any]:
    """The line of one bench."""
    low, middle, high = min(runs), statistics.median(runs), max(runs)
    spread = [round(low, 4), round(middle, 4), round(high, 4)]
    return {
        "name": name,
        "unit": unit,
        "ours": round(middle, 4),
        "peer": budget,
        "ratio": round(ratio(middle), 2),
        "runs": spread,
    }


def lines() -> Iterator[Mapping[str, Any]]:
    """Every bench of this file, as it is done."""
    for spread in SPREADS:
        refs = build(spread)
        throughput(refs, seed=0)  # lanes are made, caches filled
        runs = [throughput(refs, seed) for seed in range(1, RUNS + 1)]
        yield measured(
            f"live_events_over_{spread}_groups",
            "events/s",
            runs,
            EVENTS_PER_SECOND,
            lambda ours: ours / EVENTS_PER_SECOND,
        )
        if spread == 300:
            runs = [p99(refs, 100 + seed) for seed in range(RUNS)]
            yield measured("accept_to_queued_p99", "s", runs, P99_SECONDS, lambda ours: P99_SECONDS / ours)
    refs = build(300, "order")
    let_order_act("order")
    p99(refs, 99, UNRULY)  # the list is made ready
    runs = [p99(refs, 200 + seed, UNRULY) for seed in range(RUNS)]
    yield measured("accept_to_queued_p99_with_order", "s", runs, P99_SECONDS, lambda ours: P99_SECONDS / ours)


def run() -> Iterator[dict[str, Any]]:
    """Every line, measured in a process of its own: an installation is chosen once per process."""
    told = subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, capture_output=True, text=True, check=True)
    yield from map(json.loads, told.stdout.splitlines())


def main() -> None:
    """Prints a line per bench."""
    with home_of_its_own():
        for line in lines():
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
