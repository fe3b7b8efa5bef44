"""The engine that the installation chose (``QUNYING_ENGINE``)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager

from django.conf import settings

from qunying.insights.engines import duck
from qunying.insights.engines.base import Session
from qunying.insights.world import World
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

# each comes with the extra of its name: packages that few need
TITLES: Mapping[str, str] = {"clickhouse": "ClickHouse", "postgres": "PostgreSQL", "spark": "Spark"}
ENGINES = ("duckdb", *TITLES)


def open(world: World) -> AbstractContextManager[Session]:
    """A session over that world. Raises ``BadUse`` for an engine that is not known or not installed."""
    if settings.ENGINE == "duckdb":
        return duck.open(world)
    if settings.ENGINE not in TITLES:
        raise BadUse(
            mark("QUNYING_ENGINE 只能是 %(known)s，不是 %(name)s"),
            known=" / ".join(ENGINES),
            name=repr(settings.ENGINE),
        )
    return _open(settings.ENGINE, world)


def _open(name: str, world: World) -> AbstractContextManager[Session]:
    try:
        if name == "clickhouse":
            from qunying.insights.engines import clickhouse

            return clickhouse.open(world)
        if name == "postgres":
            from qunying.insights.engines import postgres

            return postgres.open(world, settings.ENGINE_URL)
        from qunying.insights.engines import spark

        return spark.open(world, settings.ENGINE_URL)
    except ImportError as error:
        raise BadUse(
            mark("没有安装 %(title)s 引擎；请运行 pip install 'qunying[%(name)s]'"), title=TITLES[name], name=name
        ) from error
