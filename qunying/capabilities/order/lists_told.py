"""Lists of words as a community has them: which there are, their words, how often each was found, and the table they are exported as."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from qunying.capabilities.order.models import WordFound, WordList
from qunying.judgement.patterns import Word

IDLE = timedelta(days=90)  # a word that was not found for so long may go
COLUMNS = ("word", "way", "kind")
ALLOW = "allow"  # as a table says of a word that allows
KEPT_LETTERS = 200  # of a word that is counted


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list as pages show it. ``size`` counts its words, ``found`` how often any of them was, ``never`` how many never were.

    ``is_idle``: it has been on for so long that those which never were may go.
    """

    id: int
    community_id: int
    title: str
    does: str
    groups: tuple[int, ...]
    size: int
    stamp: str
    is_on: bool
    on_since: datetime | None
    changed_at: datetime
    can_take_back: bool
    found: int = 0
    never: int = 0
    is_idle: bool = False


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word of a list: how it is looked for, how often it was found and when last."""

    text: str
    way: str
    allows: bool
    times: int
    last_at: datetime | None


def find_list(list_id: int, now: datetime | None = None) -> ListLine | None:
    """That list with its counts, None where there is none; as it stood when it was last changed unless ``now`` is told."""
    one = _without_words().filter(pk=list_id).first()
    return _lines([one], now or one.changed_at)[0] if one else None


def list_lists(community_id: int, now: datetime) -> list[ListLine]:
    """The lists of a community, those that are on first, by name."""
    return _lines(list(_without_words().filter(community=community_id).order_by("-is_on", "title")), now)


def _without_words() -> QuerySet[Any]:
    """Lists without their words, which may be many."""
    was_changed = ExpressionWrapper(~Q(words_before=""), output_field=BooleanField())
    return WordList.objects.defer("words", "words_before").annotate(was_changed=was_changed)


def found_of(list_id: int) -> dict[str, tuple[int, datetime]]:
    """How often words of a list were found, and when last; those that never were are absent."""
    return {word: (times, last) for word, times, last in _found(list_id)}


def list_words(list_id: int) -> list[WordLine]:
    """The words of a list in the order in which they stand there, with how often each was found."""
    one = WordList.objects.filter(pk=list_id).first()
    found = found_of(list_id)
    return [line_of(word, found) for word in (words_of(one) if one else [])]


def line_of(word: Word, found: Mapping[str, tuple[int, datetime]]) -> WordLine:
    """A word with how often it was found."""
    return WordLine(word.text, word.way, word.allows, *found.get(word.text[:KEPT_LETTERS], (0, None)))


def export_list(list_id: int) -> str:
    """The list as a table that ``do_import_words`` reads back, with how often each word was found beside it."""
    rows = [
        (one.text, one.way, _kind(one.allows), one.times, one.last_at.isoformat() if one.last_at else "")
        for one in list_words(list_id)
    ]
    return _table((*COLUMNS, "times", "last_found"), rows)


def words_of(one: WordList) -> list[Word]:
    """The words of a list, in their order."""
    return kept_words(one.words)


def kept_words(table: str, listed: str = "") -> list[Word]:
    """The words of a table that ``table_of`` wrote. They were checked when they were kept; to check seventy thousand again
    takes a second."""
    lines = islice(csv.reader(io.StringIO(table)), 1, None)  # not ``splitlines``: a word may hold one of its odder ends
    return [Word(text, listed, way, kind == ALLOW) for text, way, kind in lines]


def _found(list_id: int) -> list[tuple[str, int, datetime]]:
    return list(WordFound.objects.filter(wordlist=list_id, times__gt=0).values_list("word", "times", "last_at"))


def table_of(words: Iterable[Word]) -> str:
    """Words as they are kept."""
    return _table(COLUMNS, [(word.text, word.way, _kind(word.allows)) for word in words])


def _kind(allows: bool) -> str:  # noqa: FBT001 - as the table says it
    return ALLOW if allows else "block"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    return file.getvalue()


def _lines(lists: Sequence[Any], now: datetime) -> list[ListLine]:
    counted: dict[int, list[int]] = {}
    for place, times in WordFound.objects.filter(wordlist__in=lists, times__gt=0).values_list("wordlist", "times"):
        counted.setdefault(place, []).append(times)
    return [_line(one, counted.get(one.pk, []), now) for one in lists]


def _line(one: Any, times: Sequence[int], now: datetime) -> ListLine:
    return ListLine(
        id=one.pk,
        community_id=one.community_id,
        title=one.title,
        does=one.does,
        groups=tuple(one.groups),
        size=one.size,
        stamp=one.stamp,
        is_on=one.is_on,
        on_since=one.on_since,
        changed_at=one.changed_at,
        can_take_back=one.was_changed,
        found=sum(times),
        never=max(one.size - len(times), 0),
        is_idle=one.on_since is not None and now - one.on_since >= IDLE,
    )
