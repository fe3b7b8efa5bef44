"""The live count of a segment over everybody, beside the same asked by hand-written SQL of the same files; ``qunying bench segments``.

By itself it seeds 300 groups, 50,000 memberships and 500,000 messages, with ``--full`` 3,000 groups, 500,000 and 5,000,000;
``QUNYING_BENCH_HOME`` names an installation that is there instead. Ours includes the database's part (who sits where since,
layers, cards), the rules' reading and five examples; the peer knows of no staff, programs, merged accounts or communities.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

RUNS = 3
RULES: Mapping[str, Any] = {
    "talking in 30 days": {"did": "messages", "at_least": 3, "last_days": 30},
    "ten messages ever": {"did": "messages", "at_least": 10},
    "silent for 14 days": {"silent_days": 14},
    "came in 90 days and wrote since": {
        "all": [{"joined": {"last_days": 90}}, {"did": "messages", "at_least": 1, "last_days": 90}]
    },
    "lurkers": {"about": "layer", "any_of": ["lurker"]},
    "in two cities": {"about": "city", "any_of": ["上海", "北京"]},
}
SEATED = "SELECT DISTINCT identity_id FROM read_parquet($seats) WHERE is_present"
SPOKE = "SELECT identity_id FROM read_parquet($messages) WHERE NOT is_own AND said_at >= $since GROUP BY identity_id"
BY_HAND: Mapping[str, tuple[str, int | None]] = {
    "talking in 30 days": (
        f"SELECT count(*) FROM ({SEATED}) SEMI JOIN ({SPOKE} HAVING count(*) >= 3) USING (identity_id)",
        30,
    ),
    "ten messages ever": (
        f"SELECT count(*) FROM ({SEATED}) SEMI JOIN ({SPOKE} HAVING count(*) >= 10) USING (identity_id)",
        None,
    ),
    "silent for 14 days": (
        f"SELECT count(*) FROM ({SEATED} AND coalesce(joined_at < $since, true)) ANTI JOIN ({SPOKE}) USING (identity_id)",
        14,
    ),
    "came in 90 days and wrote since": (
        f"SELECT count(*) FROM ({SEATED} AND joined_at >= $since) SEMI JOIN ({SPOKE}) USING (identity_id)",
        90,
    ),
}


def run() -> Iterator[dict[str, Any]]:
    """Seconds, ours beside the peer's where there is one, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="qunying-segments-") as home:
        given = {**os.environ, "QUNYING_HOME": os.environ.get("QUNYING_BENCH_HOME", home)}
        given["DJANGO_SETTINGS_MODULE"] = "qunying.project.settings"
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.segments"], env=given, capture_output=True, text=True, check=True
        )
        yield from map(json.loads, done.stdout.splitlines())


def main() -> None:
    """Fills the installation that the environment names, unless it is there, and measures."""
    from qunying.runners.home import prepare_home

    prepare_home()
    from qunying.communities.queries import list_community_zones, list_counted_groups
    from qunying.insights.asking import whole_span
    from qunying.insights.segments.asking import count_people
    from qunying.insights.segments.reading import read_rule

    _fill()
    homes = list(list_community_zones())
    end = whole_span(list_counted_groups(), datetime.now().astimezone())[1]
    for name, words in RULES.items():
        rule = read_rule(words)
        ours, cpu = _measured(lambda rule=rule: count_people(rule, homes, end, examples=5))
        found = count_people(rule, homes, end)
        line = {"name": f"segments: {name}, {found.people:,} of {found.of:,} people", "unit": "s"}
        line |= {"ours": round(ours, 3), "ours_cpu": round(cpu, 3)}
        if name in BY_HAND:
            peer, _cpu = _measured(lambda name=name: _by_hand(name, end))
            line |= {"peer": round(peer, 3), "ratio": round(peer / ours, 2), "peer_found": _by_hand(name, end)}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _fill() -> None:
    from django.utils import timezone

    from qunying.communities.queries import count_communities
    from qunying.insights.standing import do_keep_layers
    from qunying.people.cards import do_read_new
    from tests.bench.pages import FULL, SMALL
    from tests.bench.seed import Size, seed

    if count_communities():
        return
    seed(Size(*(FULL if os.environ.get("QUNYING_BENCH_FULL") == "1" else SMALL)), timezone.now())
    do_read_new()
    do_keep_layers(timezone.now())


def _measured(ask: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of processor time, the median of some runs; the first one is left out."""
    ask()
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def _by_hand(name: str, end: datetime) -> int:
    import duckdb

    from qunying.insights.models import Part
    from qunying.insights.parts import lake_folder

    sql, days = BY_HAND[name]
    since = datetime(1970, 1, 1, tzinfo=end.tzinfo) if days is None else end - timedelta(days=days)
    live = Part.objects.filter(retired_at=None)
    paths = {
        "seats": [str(lake_folder() / path) for path in live.filter(table="seats").values_list("path", flat=True)],
        "messages": [str(lake_folder() / part.path) for part in live.filter(table="messages") if part.last_at >= since],
    }
    with duckdb.connect(":memory:") as peer:
        peer.execute("SET TimeZone = 'UTC'")
        given = {name: value for name, value in {**paths, "since": since}.items() if f"${name}" in sql}
        row = peer.execute(sql, given).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
