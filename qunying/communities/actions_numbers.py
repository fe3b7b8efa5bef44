"""Keeps numbers from outside: out of a file, or told by another program that knows the community's token."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qunying.communities.models import Community, HookToken, Tally
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.store import rows

MOST = 10**15


@dataclass(frozen=True, slots=True)
class NewTally:
    """So many (of money: parts, ``kernel.money``) on that day in that series."""

    series: str
    day: date
    value: int

    @property
    def place(self) -> tuple[str, date]:
        """Where it is kept."""
        return self.series, self.day


@dataclass(frozen=True, slots=True)
class Changed:
    """A number that a file tells otherwise than the one before."""

    tally: NewTally
    before: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a file's numbers: new ones, those kept before as they are, and those that changed."""

    new: int
    known: int
    changed: tuple[Changed, ...]


def do_keep_numbers(community_id: int, numbers: Sequence[NewTally], *, at: datetime, actor: str) -> Kept:
    """Keeps a file's numbers, all or none: one a day and series, where the latest file has the last word.

    Each place stands in ``numbers`` once.
    """
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community_id)
        before = {(row.series, row.day): row for row in Tally.objects.filter(community=community_id, key="")}
        new = [one for one in numbers if one.place not in before]
        changed = [
            Changed(one, before[one.place].value)
            for one in numbers
            if one.place in before and before[one.place].value != one.value
        ]
        told = [(community_id, one.series, one.day, "", one.value) for one in new]
        rows.insert(Tally, ["community_id", "series", "day", "key", "value"], told)
        for one in changed:
            Tally.objects.filter(pk=before[one.tally.place].pk).update(value=one.tally.value)
        if new or changed:
            values = {f"{one.tally.series} {one.tally.day}": [one.before, one.tally.value] for one in changed}
            words = {"new": len(new), "changed": len(changed), "values": values}
            _do_note("numbers.imported", community_id, at.isoformat(), at, actor, words)
    return Kept(len(new), len(numbers) - len(new) - len(changed), tuple(changed))


def do_keep_told(community_id: int, tally: NewTally, key: str, *, at: datetime) -> bool:
    """Keeps a number that another program told under that key; False where it told the very same before.

    Raises ``BadUse`` where it told something else under the same key.
    """
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community_id)
        before = Tally.objects.filter(community=community_id, key=key).first()
        if before is not None:
            if (before.series, before.day, before.value) != (*tally.place, tally.value):
                raise BadUse(mark("「%(key)s」这个编号已经报过另一个数，换一个编号再报"), key=key)
            return False
        Tally.objects.create(community_id=community_id, series=tally.series, day=tally.day, key=key, value=tally.value)
        words = {"series": tally.series, "day": tally.day.isoformat(), "value": tally.value}
        _do_note("numbers.told", community_id, key, at, "system", words)
    return True


def do_make_token(community_id: int, *, at: datetime, actor: str) -> str:
    """A new token for telling numbers, which from now on is the only one; it is answered once and never again."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        HookToken.objects.update_or_create(
            community_id=community_id, defaults={"digest": digest_of_token(token), "made_at": at}
        )
        _do_note("hook.opened", community_id, at.isoformat(), at, actor, {})
    return token


def do_drop_token(community_id: int, *, at: datetime, actor: str) -> bool:
    """From now on no program may tell numbers of that community; False where none might."""
    with transaction.atomic():
        deleted, _ = HookToken.objects.filter(community=community_id).delete()
        if deleted:
            _do_note("hook.closed", community_id, at.isoformat(), at, actor, {})
    return bool(deleted)


def digest_of_token(token: str) -> str:
    """What is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _do_note(name: str, community_id: int, what: str, at: datetime, actor: str, words: Mapping[str, object]) -> None:
    key = f"{name}:{community_id}:{what}"
    do_record_facts([Fact(name=name, at=at, community_id=community_id, actor=actor, key=key, words=words)])
