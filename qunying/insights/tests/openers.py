"""Opens sessions of every engine that this machine has; leaves the test out, with the reason, where it has one not."""

from __future__ import annotations

import atexit
import os
import shutil
from contextlib import ExitStack
from functools import cache, partial

import pytest

from qunying.insights.measure import Open
from tools.with_postgres import postgres as start_server

# a test asks hundreds of tiny questions: to compile each of them takes longer than to answer it
QUICK_TO_START = (
    "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto' --conf spark.sql.codegen.wholeStage=false"
    " --conf spark.sql.codegen.factoryMode=NO_CODEGEN --conf spark.sql.adaptive.enabled=false pyspark-shell"
)
MISSING = "the engine is not installed"
OTHERS = (
    "clickhouse",
    pytest.param("postgres", marks=pytest.mark.nightly),
    pytest.param("spark", marks=[pytest.mark.nightly, pytest.mark.server]),
)


def opener(name: str) -> Open:
    """What opens a session of that engine, goes_together the installation chose."""
    if name == "clickhouse":
        pytest.importorskip("chdb", reason=MISSING)
        from qunying.insights.engines import clickhouse

        return clickhouse.open
    if name == "postgres":
        pytest.importorskip("psycopg", reason=MISSING)
        from qunying.insights.engines import postgres

        return partial(postgres.open, url=_server() or pytest.skip("no PostgreSQL server starts here"))
    pytest.importorskip("pyspark", reason=MISSING)
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java, which is not installed")
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", QUICK_TO_START)
    from qunying.insights.engines import spark

    return partial(spark.open, master="local[2]")


@cache
def _server() -> str:
    """A PostgreSQL server for as long as the tests run, or the one that they run on."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        return given
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(start_server())
