"""Who carries a community, as last counted: signals, the score, the rung everybody stands on; and how that is set up.

``insights/seeds`` computes it; here it is kept and read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.models import Ladder, Membership, MemberSignals, Standing
from qunying.people.standings import SIZES, StandingRow
from qunying.people.whoever import accounts_of, whoever
from qunying.store import rows

_SIGNALS = (
    "person_id",
    "days",
    "openings",
    "answerers",
    "helped",
    "thanked",
    "messages",
    "said",
    "platform",
    "score",
    "rung",
    "toward",
    "notes",
)


class SignalsRow(NamedTuple):
    """A member's signals as kept. A tuple, because a community has tens of thousands."""

    person_id: int
    days: int
    openings: int
    answerers: int
    helped: int
    thanked: int
    messages: int
    said: int
    platform: Sequence[Sequence[int]] | None
    score: float
    rung: str = ""
    toward: float = 0.0
    notes: int = 0


@dataclass(frozen=True, slots=True)
class LadderRow:
    """How a community's ranking and ladder are set up, and how far counting has come; see the model."""

    community_id: int
    weights: Mapping[str, int] = field(default_factory=dict)
    rungs: Sequence[Mapping[str, Any]] = ()
    founded_on: date | None = None
    seed_group_id: int | None = None
    asked_at: datetime | None = None
    counted_at: datetime | None = None
    counted_from: date | None = None
    counted_until: date | None = None
    counted_founding: date | None = None
    platform_people: int = 0
    platform_strangers: int = 0
    noted_people: int = 0
    hanging: Mapping[str, Any] | None = None
    decided_on: date | None = None
    begun_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A span of whole local days that was counted: ``until`` does not belong to it; what is known of the platform, how many members
    have notes of private talks, and what hangs on a few (see the model)."""

    at: datetime
    since: date
    until: date
    founded_on: date | None
    platform_people: int = 0
    platform_strangers: int = 0
    noted_people: int = 0
    hanging: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody gained or lost a rung, or only their days of grace changed (``before`` equals the new rung).

    ``after`` None: they are ordinary again.
    """

    person_id: int
    before: str
    after: StandingRow | None
    is_gain: bool = False


_LADDER = tuple(LadderRow.__dataclass_fields__)


def list_ladders(community_ids: Collection[int] | None = None) -> dict[int, LadderRow]:
    """How these communities (None: all) are set up; those where nothing was counted or changed yet are absent."""
    found = Ladder.objects.all() if community_ids is None else Ladder.objects.filter(pk__in=community_ids)
    return {row[0]: LadderRow(*row) for row in found.values_list(*_LADDER)}


def find_ladder(community_id: int) -> LadderRow:
    """How this community is set up; the built-in way where nobody changed anything."""
    return list_ladders([community_id]).get(community_id) or LadderRow(community_id)


def do_ask_to_count(community_id: int, at: datetime) -> None:
    """The ranking shall be counted anew as soon as the keeper has time."""
    Ladder.objects.update_or_create(pk=community_id, defaults={"asked_at": at})


def do_keep_signals(community_id: int, signals: Sequence[SignalsRow], counted: Counted) -> None:
    """These are the community's signals now, in place of what was counted before. Within the caller's transaction."""
    MemberSignals.objects.filter(community=community_id).delete()
    rows.insert(MemberSignals, ["community_id", *_SIGNALS], [(community_id, *one) for one in signals])
    Ladder.objects.update_or_create(
        pk=community_id,
        defaults={
            "asked_at": None,
            "counted_at": counted.at,
            "counted_from": counted.since,
            "counted_until": counted.until,
            "counted_founding": counted.founded_on,
            "platform_people": counted.platform_people,
            "platform_strangers": counted.platform_strangers,
            "noted_people": counted.noted_people,
            "hanging": counted.hanging,
        },
    )


def do_ask_where_counted(community_ids: Collection[int], at: datetime) -> None:
    """As ``do_ask_to_count``, of those communities in which something was counted at all."""
    Ladder.objects.filter(pk__in=community_ids).exclude(counted_at=None).update(asked_at=at)


def do_begin_anew(community_id: int) -> None:
    """Nobody stands anywhere any more: the first day is counted once more. Within the caller's transaction."""
    Standing.objects.filter(community=community_id).delete()


def do_move_on_ladder(community_id: int, moves: Sequence[Move], today: date, at: datetime) -> None:
    """Writes who stands where now, and a fact for everybody who gained or lost a rung. Within the caller's transaction.

    On the first day there is nothing to compare with: that is where everybody begins, and no fact. Whatever was noted of an
    account that belongs to one of these people by now goes: what is written here is of the whole person.
    """
    theirs = accounts_of([move.person_id for move in moves])
    Standing.objects.filter(community=community_id, person__in=rows.among(theirs)).delete()
    stand = [move.after for move in moves if move.after]
    Standing.objects.bulk_create([_standing(community_id, one) for one in stand], batch_size=SIZES)
    is_first = not Ladder.objects.filter(pk=community_id, begun_on__lt=today).exists()
    if not is_first:
        turned = [move for move in moves if move.before != (move.after.rung if move.after else "")]
        do_record_facts([_turned(community_id, move, today, at) for move in turned])
    Ladder.objects.update_or_create(
        pk=community_id, defaults={"decided_on": today, **({"begun_on": today} if is_first else {})}
    )


def _standing(community_id: int, one: StandingRow) -> Standing:
    return Standing(
        community_id=community_id,
        person_id=one.person_id,
        rung=one.rung,
        since=one.since,
        below=dict(one.below),
        falls_on=one.falls_on,
    )


def _turned(community_id: int, move: Move, today: date, at: datetime) -> Fact:
    name = "rung.gained" if move.is_gain else "rung.lost"
    after = move.after.rung if move.after else ""
    return Fact(
        name=name,
        at=at,
        community_id=community_id,
        identity_id=move.person_id,
        key=f"{name}:{community_id}:{move.person_id}:{today}:{after}",
        words={"from": move.before, "to": after, "since": today.isoformat()},
    )


@dataclass(frozen=True, slots=True)
class LadderChange:
    """What somebody changes of a community's set-up; None leaves a part as it is."""

    weights: Mapping[str, int] | None = None
    rungs: Sequence[Mapping[str, Any]] | None = None
    founding: tuple[date | None] | None = None
    seed_group: tuple[int | None] | None = None


@transaction.atomic
def do_change_ladder(community_id: int, change: LadderChange, *, user_id: int, at: datetime) -> bool:
    """Keeps a change that was checked before, and asks for a new count; False where it changes nothing.

    Who stands where is decided once more that day, by the new rungs.
    """
    ladder, _ = Ladder.objects.get_or_create(pk=community_id)
    new = {
        "weights": change.weights,
        "rungs": None if change.rungs is None else list(change.rungs),
        "founded_on": change.founding,
        "seed_group_id": change.seed_group,
    }
    changed = [name for name, value in new.items() if value is not None and _bare(value) != getattr(ladder, name)]
    for name in changed:
        setattr(ladder, name, _bare(new[name]))
    if not changed:
        return False
    if changed != ["seed_group_id"]:
        ladder.asked_at = at
    if "rungs" in changed:
        ladder.decided_on = None
    ladder.save()
    key = f"ladder.changed:{community_id}:{at.isoformat()}"
    words = {"changed": changed}
    do_record_facts(
        [Fact(name="ladder.changed", at=at, community_id=community_id, key=key, actor=f"user:{user_id}", words=words)]
    )
    return True


def _bare(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def list_ranked(community_id: int, *, start: int, limit: int, group_id: int | None = None) -> list[SignalsRow]:
    """A slice of the ranking, best first; of equal scores who came on more days, then whom we know longer.

    People are as they are now; of two rows that have become one person since they were counted, the better one. Only those
    who sit in that group now, where one is given.
    """
    found = MemberSignals.objects.filter(community=community_id).order_by("-score", "-days", "person")
    if group_id is not None:
        seats = Membership.objects.filter(group=group_id, is_present=True)
        found = found.filter(person__in=seats.values("identity__person"))
    return _each_once(found, start, limit)


def _each_once(found: QuerySet[MemberSignals], start: int, limit: int) -> list[SignalsRow]:
    """A slice of these rows about the people they are now; of two that are one by now, the first."""
    told = found.annotate(who=whoever("person_id")).values_list("who", *_SIGNALS[1:])[start : start + limit]
    best: dict[int, SignalsRow] = {}
    for row in told:
        best.setdefault(row[0], SignalsRow(*row))
    return list(best.values())


def list_signals_of(community_id: int, person_ids: Collection[int]) -> dict[int, SignalsRow]:
    """The signals of these people as last counted, of two that have become one since the better; who did nothing is absent."""
    now = accounts_of(person_ids)
    found = MemberSignals.objects.filter(community=community_id, person__in=rows.among(now)).order_by("score")
    return {now[row[0]]: SignalsRow(now[row[0]], *row[1:]) for row in found.values_list(*_SIGNALS)}


def count_ranked(community_id: int) -> int:
    """How many members have signals."""
    return MemberSignals.objects.filter(community=community_id).count()


def list_rising(community_id: int, limit: int) -> list[SignalsRow]:
    """Who is nearest to a rung they do not stand on yet, nearest first; people as they are now."""
    near = MemberSignals.objects.filter(community=community_id, toward__lt=1).order_by("-toward", "person")
    return _each_once(near, 0, limit)


def check_founding(day: date | None, today: date) -> None:
    """Raises ``BadUse`` for a founding in the future."""
    if day is not None and day > today:
        raise BadUse(mark("成立的日子还没到：%(day)s"), day=day.isoformat())
