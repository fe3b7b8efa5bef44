"""Bulk writes. Django's ``bulk_create`` is an order of magnitude slower, and intake, talk and import live from this."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

Row = Sequence[Any]


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], *, ignore: bool = False) -> None:
    """Inserts rows of ``columns`` (field attnames, in the order of each row).

    With ``ignore``, rows that meet an existing unique key are left out silently; otherwise they raise
    ``IntegrityError``. Aware datetimes and JSON values are converted as Django would.
    """
    prepared = _prepared(model, columns, rows)
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(
                _insert_sql(model, tuple(columns), " ON CONFLICT DO NOTHING" if ignore else ""), prepared
            )


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """``count`` fresh primary keys for rows about to be inserted with explicit ids in this transaction.

    On SQLite the transaction must already hold the write lock (it does: transactions begin IMMEDIATE).
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + count))


def lock_rows(model: type[models.Model], ids: Sequence[int]) -> None:
    """Holds these rows until the transaction ends, so that whoever else wants them waits. A no-op on SQLite."""
    if connection.vendor == "postgresql":
        list(model._default_manager.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def _prepared(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    fields = [_field(model, column) for column in columns]
    odd = [(i, f) for i, f in enumerate(fields) if isinstance(f, models.DateTimeField | models.JSONField)]
    if not odd:
        return list(rows)
    prepared: list[Row] = []
    for row in rows:
        values = list(row)
        for index, field in odd:
            values[index] = _database_value(field, values[index])
        prepared.append(values)
    return prepared


def _database_value(field: models.Field[Any, Any], value: object) -> object:
    if value is None:
        return None
    if isinstance(field, models.DateTimeField):
        assert isinstance(value, datetime), field.name
        return value if connection.vendor == "postgresql" else str(value.astimezone(UTC).replace(tzinfo=None))
    return field.get_db_prep_save(value, connection)


def _field(model: type[models.Model], attname: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if field.attname == attname)


@lru_cache(maxsize=256)
def _insert_sql(model: type[models.Model], columns: tuple[str, ...], conflict: str) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(_field(model, column).column)) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks}){conflict}"
