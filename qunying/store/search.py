"""A full-text index beside a table: SQLite FTS5 or a PostgreSQL tsvector over the same tokens (see ``tokens``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from qunying.store.tokens import index_tokens, query_phrases


class Way(NamedTuple):
    """One way to write what is wanted; all its words must occur. ``is_whole``: a Latin word is not the beginning of one."""

    words: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """An index named ``table`` whose row ids are the ids of the rows it makes findable."""

    table: str

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """Makes these (id, text) findable. Each id at most once; ``remove`` first to change one."""
        prepared = [(row_id, tokens) for row_id, text in rows if (tokens := index_tokens(text))]
        if not prepared:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                sql = f'INSERT INTO "{self.table}" (id, tokens) VALUES (%s, %s::tsvector)'
                prepared = [(row_id, _tsvector(tokens)) for row_id, tokens in prepared]
            else:
                sql = f'INSERT INTO "{self.table}" (rowid, tokens) VALUES (%s, %s)'
            cursor.executemany(sql, prepared)

    def remove(self, rows: Iterable[tuple[int, str]]) -> None:
        """Forgets these; the text must be the one that was added (the SQLite index keeps no copy of it)."""
        prepared = [(row_id, tokens) for row_id, text in rows if (tokens := index_tokens(text))]
        if not prepared:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.executemany(f'DELETE FROM "{self.table}" WHERE id = %s', [(row_id,) for row_id, _ in prepared])
            else:
                sql = f'INSERT INTO "{self.table}" ("{self.table}", rowid, tokens) VALUES (\'delete\', %s, %s)'
                cursor.executemany(sql, prepared)

    def find(self, query: str, *, limit: int) -> list[int]:
        """Ids of rows in which every part of the query occurs, newest (highest id) first. An empty query finds nothing."""
        return self.find_any([[Way(query)]], limit=limit)

    def find_any(
        self, wanted: Sequence[Sequence[Way]], *, limit: int, within: Sequence[int] | None = None
    ) -> list[int]:
        """Ids of rows that have one of the ways of each of ``wanted``, newest (highest id) first; ``within`` some, where given.

        Ways without a word do not count; where one of ``wanted`` has no other, nothing is found.
        """
        is_postgres = connection.vendor == "postgresql"
        expression = _expression(wanted, " & " if is_postgres else " AND ", " | " if is_postgres else " OR ")
        if not expression:
            return []
        if is_postgres:
            some = "" if within is None else " AND id = ANY(%s::bigint[])"
            sql = f'SELECT id FROM "{self.table}" WHERE tokens @@ %s::tsquery{some} ORDER BY id DESC LIMIT %s'
        else:
            some = "" if within is None else " AND +rowid IN (SELECT value FROM json_each(%s))"
            sql = f'SELECT rowid FROM "{self.table}" WHERE "{self.table}" MATCH %s{some} ORDER BY rowid DESC LIMIT %s'
        ids = [] if within is None else [list(within) if is_postgres else json.dumps(list(within))]
        with connection.cursor() as cursor:
            cursor.execute(sql, [expression, *ids, limit])
            return [row[0] for row in cursor.fetchall()]

    def migration(self) -> migrations.RunPython:
        """The operation that creates the index, for the owner's migration."""
        return migrations.RunPython(self._create, self._drop)

    def _create(self, apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f'CREATE TABLE "{self.table}" (id bigint PRIMARY KEY, tokens tsvector NOT NULL)')
            editor.execute(f'CREATE INDEX "{self.table}_gin" ON "{self.table}" USING gin (tokens)')
        else:
            # tokens are folded already: not folding them again is an eighth less work per row
            options = "tokens, content='', detail='full', tokenize='ascii'"
            editor.execute(f'CREATE VIRTUAL TABLE "{self.table}" USING fts5({options})')

    def _drop(self, apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        editor.execute(f'DROP TABLE "{self.table}"')


def _tsvector(tokens: str) -> str:
    """A literal with positions: PostgreSQL's own parser would judge Chinese by the server's locale."""
    return " ".join(f"'{token}':{min(place, 16383)}" for place, token in enumerate(tokens.split(), start=1))


def _expression(wanted: Sequence[Sequence[Way]], and_: str, or_: str) -> str:
    """The query in the database's words; empty where nothing can be found."""
    phrase_of = _postgres_phrase if connection.vendor == "postgresql" else _sqlite_phrase
    parts = []
    for ways in wanted:
        phrases = [query_phrases(way.words, is_whole=way.is_whole) for way in ways]
        told = [and_.join(map(phrase_of, some)) for some in phrases if some]
        if not told:
            return ""
        parts.append(or_.join(f"({one})" for one in dict.fromkeys(told)))
    return and_.join(f"({part})" for part in parts)


def _sqlite_phrase(phrase: str) -> str:
    if phrase.endswith("*"):
        return f'"{phrase[:-1]}"*'
    return f'"{phrase}"'


def _postgres_phrase(phrase: str) -> str:
    if phrase.endswith("*"):
        return f"'{phrase[:-1]}':*"
    return " <-> ".join(f"'{token}'" for token in phrase.split())
