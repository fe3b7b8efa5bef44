"""Funnels, retention and tiles over ten million deeds, beside the same asked of the bare engines; ``qunying bench journeys``.

Peers are DuckDB with SQL written by hand over the very same files, and – where it is installed – chdb with its own
``windowFunnel`` and ``retention``. ``QUNYING_BENCH_EVENTS`` (default 10,000,000) says how many.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

EVENTS = int(os.environ.get("QUNYING_BENCH_EVENTS", "10000000"))
PEOPLE = 400_000
DAYS = 90
RUNS = 3
WEEK_US = 7 * 86_400 * 1_000_000


def run() -> Iterator[dict[str, Any]]:
    """Seconds, ours beside each peer's, in a process and an installation of its own."""
    with tempfile.TemporaryDirectory() as home:
        given = {**os.environ, "QUNYING_HOME": home, "DJANGO_SETTINGS_MODULE": "qunying.project.settings"}
        command = [sys.executable, "-m", "tests.bench.journeys"]
        done = subprocess.run(command, env=given, capture_output=True, text=True, check=True)
        yield from map(json.loads, done.stdout.splitlines())


def main() -> None:
    """Fills the installation that the environment names, and measures."""
    from qunying.runners.home import prepare_home

    prepare_home()
    from django.utils import timezone

    from qunying.communities.actions import do_found_community
    from qunying.insights.parts import lake_folder

    do_found_community(name="茶铺", at=timezone.now())
    files = _fill(lake_folder())
    ours = _ours()
    for name, peer, theirs in [*_by_hand(files), *_chdb(files)]:
        _tell(f"journeys: {name}, {EVENTS:,} deeds, peer {peer}", _measured(ours[name]), _measured(theirs))


def _tell(name: str, ours: list[float], peer: list[float]) -> None:
    mine, other = statistics.median(ours), statistics.median(peer)
    runs = [round(figure, 3) for figure in (min(ours), mine, max(ours))]
    line = {"name": name, "unit": "s", "ours": round(mine, 3), "peer": round(other, 3), "ratio": round(other / mine, 2)}
    sys.stdout.write(json.dumps({**line, "runs": runs}) + "\n")
    sys.stdout.flush()


def _measured(ask: Callable[[], object]) -> list[float]:
    ask()
    found = []
    for _ in range(RUNS):
        began = time.perf_counter()
        ask()
        found.append(time.perf_counter() - began)
    return found


def _fill(folder: Path) -> list[str]:
    """Deeds of three months as the lake keeps them, a file a month; people do much or little, views more than orders."""
    import duckdb
    import pyarrow as pa
    from django.utils import timezone

    from qunying.insights.models import LakeCursor, Part
    from qunying.insights.parts import write_parts
    from qunying.insights.tables import DEEDS, DONE

    rows = duckdb.sql(
        f"""
        SELECT
            i + 1 AS deed_id, 1::BIGINT AS community_id,
            (1 + {PEOPLE} * power((hash(i) % 1000003) / 1000003.0, 2))::BIGINT AS identity_id,
            make_timestamptz(((1704067200 + (i * 7919) % ({DAYS} * 86400)) * 1000000)::BIGINT) AS done_at,
            ['view', 'view', 'view', 'view', 'cart', 'cart', 'order'][1 + (hash(i * 3) % 7)::INTEGER] AS kind,
            '' AS source, NULL::BIGINT AS amount, '' AS currency, 1::BIGINT AS quantity
        FROM range({EVENTS}) AS t(i)
        """
    ).to_arrow_table()
    parts = write_parts(pa.table(rows).cast(DEEDS), DONE, folder, timezone.now())
    Part.objects.bulk_create(parts)
    LakeCursor.objects.create(source="deeds", position=EVENTS, flushed_at=timezone.now())
    return [str(folder / part.path) for part in parts]


def _ours() -> dict[str, Callable[[], object]]:
    from datetime import UTC, datetime, timedelta

    from qunying.communities.queries import list_counted_homes
    from qunying.insights.journeys.funnel import Funnel, count_funnel
    from qunying.insights.journeys.retention import Retention, count_retention
    from qunying.insights.measure import get_metric, measure
    from qunying.insights.scope import Scope

    since = datetime(2024, 1, 1, tzinfo=UTC)
    scope = Scope((), since, since + timedelta(days=DAYS), tuple(list_counted_homes()))
    funnel = Funnel(("view", "cart", "order"), timedelta(days=7))
    return {
        "funnel of three steps in seven days": lambda: count_funnel(funnel, scope),
        "retention by week": lambda: count_retention(Retention("view", "order", "week"), scope, since, "week"),
        "tile: people a day": lambda: measure(get_metric("doers"), scope, "day"),
        "tile: orders a day": lambda: measure(get_metric("orders"), scope, "day"),
    }


def _by_hand(files: list[str]) -> Iterator[tuple[str, str, Callable[[], object]]]:
    import duckdb

    database = duckdb.connect()
    database.execute("SET threads = 2; SET TimeZone = 'UTC'")
    source = f"read_parquet({files})"
    chain = "\n".join(
        f""", c{n} AS MATERIALIZED (
            SELECT d.identity_id, d.done_at, c.begun FROM (SELECT * FROM {source} WHERE kind = '{kind}') AS d
            ASOF JOIN c{n - 1} AS c ON c.identity_id = d.identity_id AND d.done_at >= c.done_at
            WHERE d.done_at - c.begun <= INTERVAL 7 DAY
        )"""
        for n, kind in ((2, "cart"), (3, "order"))
    )
    funnel = f"""
        WITH c1 AS MATERIALIZED (SELECT identity_id, done_at, done_at AS begun FROM {source} WHERE kind = 'view') {chain}
        SELECT count(DISTINCT identity_id) FROM c1 UNION ALL SELECT count(DISTINCT identity_id) FROM c2
        UNION ALL SELECT count(DISTINCT identity_id) FROM c3"""
    retention = f"""
        WITH f AS (SELECT identity_id, date_trunc('week', min(done_at) + INTERVAL 8 HOUR) AS w FROM {source}
            WHERE kind = 'view' GROUP BY ALL)
        SELECT CAST(w AS DATE), n, count(*) FROM (
            SELECT DISTINCT f.w, identity_id, date_diff('week', f.w, date_trunc('week', done_at + INTERVAL 8 HOUR)) AS n
            FROM {source} JOIN f USING (identity_id) WHERE kind = 'order')
        GROUP BY ALL"""
    day = "CAST(done_at + INTERVAL 8 HOUR AS DATE)"
    people = f"SELECT {day} AS day, count(DISTINCT identity_id), count(*) FROM {source} GROUP BY ALL"
    orders = (
        f"SELECT {day} AS day, count(*), sum(quantity) FROM {source} WHERE kind IN ('order', 'refund') GROUP BY ALL"
    )
    for name, sql in (
        ("funnel of three steps in seven days", funnel),
        ("retention by week", retention),
        ("tile: people a day", people),
        ("tile: orders a day", orders),
    ):
        yield name, "DuckDB by hand", lambda sql=sql: database.execute(sql).fetchall()


def _chdb(files: list[str]) -> Iterator[tuple[str, str, Callable[[], object]]]:
    try:
        import chdb
    except ImportError:
        return
    source = f"file('{Path(files[0]).parents[1]}/*/*.parquet', Parquet)"
    level = "windowFunnel(604800000000)(toUInt64(toUnixTimestamp64Micro(done_at)), kind = 'view', kind = 'cart', kind = 'order')"
    funnel = f"SELECT level, count() FROM (SELECT {level} AS level FROM {source} GROUP BY identity_id) GROUP BY level"
    week = "toMonday(done_at, 'Asia/Shanghai')"
    flags = ", ".join(f"kind = 'order' AND {week} = toMonday(toDate('2024-01-01') + {7 * n})" for n in range(1, 13))
    first = f"kind = 'view' AND {week} = toDate('2024-01-01')"
    retention = (
        f"SELECT sumForEach(r) FROM (SELECT retention({first}, {flags}) AS r FROM {source} GROUP BY identity_id)"
    )
    for name, sql in (("funnel of three steps in seven days", funnel), ("retention by week", retention)):
        yield name, "chdb", lambda sql=sql: chdb.query(f"{sql} SETTINGS max_threads = 2", "CSV").bytes()


if __name__ == "__main__":
    main()
