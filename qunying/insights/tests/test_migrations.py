"""Changes of shape keep what was counted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from qunying.insights.keeping import catch_up
from qunying.insights.models import GroupFigures
from qunying.insights.tests.rows import NOON, Home

BEFORE = ("insights", "0003_lists_and_answers")
KEPT = (
    "group_id",
    "day",
    "weeks",
    "last_week",
    "week_before",
    "speakers",
    "present",
)  # what came later is counted anew
WEEK = timedelta(days=7)


def _go_to(*migrations: tuple[str, str]) -> None:
    MigrationExecutor(connection).migrate(list(migrations))


def _go_home() -> None:
    """To the newest shape of everything, which other tests need."""
    _go_to(*MigrationExecutor(connection).loader.graph.leaf_nodes())


def _figures() -> list[dict[str, object]]:
    return list(GroupFigures.objects.order_by("group_id").values())


def _tell() -> None:
    """Eight weeks in which 茶友 spoke in four, 品鉴 in the one before the last, and 读书 never."""
    busy, quiet = Home(groups=("茶友", "品鉴")), Home(groups=("读书",))
    for ago, messages in ((0, 3), (1, 5), (2, 2), (6, 4)):
        for _ in range(messages):
            busy.say("老周", NOON - timedelta(days=1) - ago * WEEK)
    busy.say("阿茗", NOON - timedelta(days=1) - WEEK, group=1)
    quiet.sit("苏念")


@pytest.mark.django_db(transaction=True)
def test_the_two_weeks_are_those_a_fresh_count_gives_when_they_are_told_apart(lake: Path) -> None:
    with transaction.atomic():
        _tell()
    catch_up(NOON, lake)
    counted = _figures()
    assert [(row["week_before"], row["last_week"]) for row in counted] == [(5, 3), (1, 0), (0, 0)]
    try:
        _go_to(BEFORE)
        with connection.cursor() as cursor:
            cursor.execute("SELECT weeks FROM insights_groupfigures ORDER BY group_id")
            assert [row[0] for row in cursor.fetchall()] == [row["weeks"] for row in counted], "back keeps the eight"
            columns = {
                column.name
                for column in connection.introspection.get_table_description(cursor, "insights_groupfigures")
            }
        assert not {"last_week", "week_before"} & columns
    finally:
        _go_home()
    assert [{name: row[name] for name in KEPT} for row in _figures()] == [
        {name: row[name] for name in KEPT} for row in counted
    ]
    catch_up(NOON, lake)
    assert _figures() == counted
