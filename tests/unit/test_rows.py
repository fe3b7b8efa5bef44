"""Bulk reads and writes: the same as Django's own, quicker."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from qunying.intake.models import Envelope, Lane, Timer
from qunying.journal.models import Fact
from qunying.people.models import Membership
from qunying.store import rows
from qunying.talk.models import Message
from tests import cast

NOW = cast.TUESDAY


def columns_of(wanted: QuerySet[object]) -> list[str]:
    """Every column of the table."""
    return [field.attname for field in wanted.model._meta.concrete_fields]


@pytest.mark.parametrize("model", [Envelope, Lane, Timer, Fact, Membership, Message])
def test_rows_are_read_as_django_reads_them_when_every_column_is_asked(tea: cast.Tea, model: type[Envelope]) -> None:
    cast.arrive(
        [cast.message("m1", "an", "早"), cast.join("j1", "new"), cast.message("m2", "bo", "\u0000晚 😀\\u0000")]
    )
    cast.worked()
    cast.arrive([cast.message("m3", "an", "还没处理")])
    wanted: QuerySet[object] = model._default_manager.order_by("id")
    columns = columns_of(wanted)
    assert wanted.exists()
    assert rows.read(wanted, columns) == list(wanted.values_list(*columns))
    assert rows.read(wanted[:1], ["pk"]) == list(wanted.values_list("pk")[:1])
    assert rows.read(wanted.filter(pk__in=rows.among([])), columns) == []
