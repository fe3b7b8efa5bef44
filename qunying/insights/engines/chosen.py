"""The engine that the installation chose (``QUNYING_ENGINE``)."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings

from qunying.insights.engines import duck
from qunying.insights.engines.base import Session
from qunying.insights.world import World
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

ENGINES = ("duckdb", "clickhouse")


def open(world: World) -> AbstractContextManager[Session]:
    """A session over that world. Raises ``BadUse`` for an engine that is not known or not installed."""
    if settings.ENGINE == "duckdb":
        return duck.open(world)
    if settings.ENGINE != "clickhouse":
        raise BadUse(
            mark("QUNYING_ENGINE 只能是 %(known)s，不是 %(name)s"),
            known=" / ".join(ENGINES),
            name=repr(settings.ENGINE),
        )
    try:
        from qunying.insights.engines import clickhouse  # an extra: a large package that few need
    except ImportError as error:
        raise BadUse(mark("没有安装 ClickHouse 引擎；请运行 pip install 'qunying[clickhouse]'")) from error
    return clickhouse.open(world)
