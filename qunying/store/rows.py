"""Bulk writes. Django's ``bulk_create`` is an order of magnitude slower, and intake, talk and import live from this."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Count, Subquery, Value
from django.db.models.expressions import RawSQL

Row = Sequence[Any]
KEYS_AT_ONCE = 5000  # SQLite takes so many parameters
TURNED_AT_ONCE = 500
ROOM_KIB = 131_072

_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # not the six letters that somebody typed after a backslash
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


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


def update(model: type[models.Model], changed: Sequence[str], where: Sequence[str], rows: Iterable[Row]) -> int:
    """Changes many rows of one table: each of ``rows`` gives the values of ``changed``, then those of ``where``.

    Answers how many rows of the table were met.
    """
    prepared = _prepared(model, [*changed, *where], rows)
    if not prepared:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(_update_sql(model, tuple(changed), tuple(where)), prepared)
        return int(cursor.rowcount)


def add(
    model: type[models.Model], sums: Sequence[str], changed: Sequence[str], where: Sequence[str], rows: Iterable[Row]
) -> None:
    """Adds to the columns ``sums`` and changes ``changed`` of many rows; each of ``rows`` gives the values of both, then those of
    ``where``. Nobody's addition is lost, whoever else adds at the same time."""
    prepared = _prepared(model, [*sums, *changed, *where], rows)
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(_update_sql(model, tuple(changed), tuple(where), tuple(sums)), prepared)


def select(
    model: type[models.Model], columns: Sequence[str], key: Sequence[str], wanted: Iterable[Row]
) -> list[tuple[Any, ...]]:
    """``columns`` of the rows whose columns ``key`` are one of ``wanted``, as ``values_list`` gives them.

    Like ``key IN (…)``, which the ORM looks at value by value, and which for two keys (``a IN (…) AND b IN (…)``) makes
    SQLite try every combination of both.
    """
    keys = list(dict.fromkeys(tuple(one) for one in wanted))
    found: list[tuple[Any, ...]] = []
    mark = f"({', '.join(['%s'] * len(key))})"
    with connection.cursor() as cursor:
        for first in range(0, len(keys), KEYS_AT_ONCE):
            some = keys[first : first + KEYS_AT_ONCE]
            sql = _select_sql(model, tuple(columns), tuple(key)).replace("…", ", ".join([mark] * len(some)))
            cursor.execute(sql, [value for one in some for value in one])
            found += cursor.fetchall()
    return _told(found, model, columns)


def counted(wanted: models.QuerySet[Any]) -> Subquery:
    """How many rows that are, as a column beside some of them: a slice and its whole in one query."""
    return Subquery(
        wanted.order_by().annotate(all_of_it=Value(1)).values("all_of_it").annotate(n=Count("pk")).values("n")
    )


def read(wanted: models.QuerySet[Any], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """``columns`` (field attnames, ``pk``) of these rows, as ``values_list`` gives them, without its cost per value."""
    try:
        sql, params = wanted.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:  # nothing can match, as Django can tell without asking
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return _told(cursor.fetchall(), wanted.model, columns)


def read_columns(wanted: models.QuerySet[Any, tuple[Any, ...]]) -> list[list[Any]]:
    """The columns of a ``values_list``, of values as the database gives them; none where nothing can match.

    For what is counted column by column: a few hundred rows are turned at a time, which stay near the processor. All of
    a hundred thousand rows at once take nearly twice as long.
    """
    try:
        sql, params = wanted.query.sql_with_params()
    except EmptyResultSet:  # nothing can match, as Django can tell without asking
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        columns: list[list[Any]] = [[] for _ in cursor.description]
        while some := cursor.fetchmany(TURNED_AT_ONCE):
            for column, values in zip(columns, zip(*some, strict=True), strict=True):
                column.extend(values)
        return columns


def _told(found: Sequence[Row], model: type[models.Model], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Rows as the database gave them, as Django would tell them."""
    fields = [model._meta.pk if column == "pk" else _field(model, column) for column in columns]
    return [tuple(row) for row in _changed(found, [_reader(field, connection.vendor) for field in fields])]


def _changed(found: Iterable[Row], changes: Sequence[Callable[[Any], object] | None]) -> Iterator[Row]:
    """The rows with these changes to their values; None leaves a column as it is."""
    at = [(index, change) for index, change in enumerate(changes) if change is not None]
    if not at:
        yield from found
        return
    for row in found:
        values = list(row)
        for index, change in at:
            values[index] = change(values[index])
        yield values


def _reader(field: models.Field[Any, Any] | None, vendor: str) -> Callable[[Any], object] | None:
    """What Django would do to a value of this field that it has read; None where it does nothing."""
    if isinstance(field, models.JSONField):
        return _from_json
    if isinstance(field, models.DateTimeField) and vendor != "postgresql":
        return _moment
    if isinstance(field, models.DateField) and vendor != "postgresql":
        return _day
    if isinstance(field, models.BooleanField) and vendor != "postgresql":
        return _truth
    return None


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _from_json(value: str | None) -> object:
    if value == "[]":
        return []  # of what most messages have: whom they name, what they show
    return None if value is None else json.loads(value)


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def among(ids: Iterable[int]) -> RawSQL:
    """For ``filter(pk__in=among(ids))``: many ids as one parameter, which the ORM does not look at one by one."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


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


def take_room() -> None:
    """Lets this connection keep more of the database in memory, for work that writes to all of its indexes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size=-{ROOM_KIB}")


def lock_rows(model: type[models.Model], ids: Sequence[int]) -> None:
    """Holds these rows until the transaction ends, so that whoever else wants them waits. A no-op on SQLite."""
    if connection.vendor == "postgresql":
        list(model._default_manager.select_for_update().filter(pk__in=among(ids)).order_by("pk").values_list("pk"))


def lock_table(model: type[models.Model]) -> None:
    """Whoever else writes to this table waits until the transaction ends; readers do not. A no-op on SQLite, where
    transactions that write come one after the other."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def _prepared(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    converters = [_converter(_field(model, column), connection.vendor) for column in columns]
    return list(_changed(rows, converters))


def _converter(field: models.Field[Any, Any], vendor: str) -> Callable[[Any], object] | None:
    """What Django would do to a value of this field, without its overhead per value; None where it does nothing."""
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField) and vendor != "postgresql":
        return _optional_utc_text
    return None


def _json(value: object) -> str | None:
    if value == [] or value == ():
        return "[]"
    return None if value is None else storable(_ENCODER.encode(value))


def storable(words: str) -> str:
    """JSON without the two things PostgreSQL cannot keep: the character NUL and halves of surrogate pairs."""
    if "\\u0000" in words:
        words = _NUL.sub(lambda found: f"{found[1]}\ufffd", words)
    return words if words.isascii() else _LONE_SURROGATE.sub("\ufffd", words)


def moment_adapter() -> Callable[[datetime], datetime | str]:
    """Makes aware datetimes parameters of SQL written by hand, as Django would, at a third of the time."""
    return _as_it_is if connection.vendor == "postgresql" else _utc_text


def _as_it_is(value: datetime) -> datetime:
    return value


def _utc_text(value: datetime) -> str:
    return _text_of_utc(value if value.tzinfo is UTC else value.astimezone(UTC))


@lru_cache(maxsize=16_384)
def _text_of_utc(value: datetime) -> str:
    """A message's moment is written three times: with it, and as its speaker's first and last word."""
    return value.isoformat(" ")[:-6]  # without +00:00


def _optional_utc_text(value: datetime | None) -> str | None:
    return None if value is None else _utc_text(value)


def _field(model: type[models.Model], attname: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if field.attname == attname)


@lru_cache(maxsize=256)
def _insert_sql(model: type[models.Model], columns: tuple[str, ...], conflict: str) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(_field(model, column).column)) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks}){conflict}"


@lru_cache(maxsize=256)
def _update_sql(
    model: type[models.Model], changed: tuple[str, ...], where: tuple[str, ...], sums: tuple[str, ...] = ()
) -> str:
    quote = connection.ops.quote_name

    def named(columns: Sequence[str]) -> list[str]:
        return [quote(str(_field(model, column).column)) for column in columns]

    sets = ", ".join([*(f"{name} = {name} + %s" for name in named(sums)), *(f"{name} = %s" for name in named(changed))])
    conditions = " AND ".join(f"{name} = %s" for name in named(where))
    return f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {conditions}"


@lru_cache(maxsize=256)
def _select_sql(model: type[models.Model], columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(f"t.{quote(str(_field(model, column).column))}" for column in columns)
    wanted = [f"w{number}" for number in range(len(key))]
    on = " AND ".join(
        f"t.{quote(str(_field(model, column).column))} = w.{name}" for column, name in zip(key, wanted, strict=True)
    )
    table = quote(model._meta.db_table)
    return f"WITH w({', '.join(wanted)}) AS (VALUES …) SELECT {names} FROM w JOIN {table} t ON {on}"
