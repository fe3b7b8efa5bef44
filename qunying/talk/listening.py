"""The talk of some groups as themes are found in it: who speaks in which conversation, without colleagues and programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet, Sum

from qunying.communities.queries import CountedGroup, staff_of
from qunying.judgement.themes import Line, Names
from qunying.kernel.readings import Verdict, mask_of
from qunying.people.queries import ids_of_accounts, list_odd_identities, names_of
from qunying.store import rows
from qunying.talk.models import MessageReading, Thread
from qunying.talk.threads import US, SaidInThread, list_said_in

MOST_LINES = 6000  # of five weeks; of more talk whole conversations are drawn by their number
LEAST_ASKED = 4  # letters: «真的吗» and «是吗» are said by the way
_QUIET = sum(mask_of(verdict) for verdict in (Verdict.AD, Verdict.CHECKIN, Verdict.INTRODUCTION))
_NO_QUESTION = mask_of(Verdict.AD) | mask_of(Verdict.ABUSE)


@dataclass(frozen=True, slots=True)
class Heard:
    """Lines, oldest first, of every ``one_in``-th conversation; ``unread`` of the newest have not been judged yet."""

    lines: tuple[Line, ...]
    names: Names
    one_in: int
    unread: int


def listen(groups: Sequence[CountedGroup], since: datetime, until: datetime, fresh: datetime) -> Heard:
    """What was said in conversations that began in that time and before ``until``; ``unread`` is counted from ``fresh`` on."""
    begun = _begun(groups).filter(begun_at__gte=since, begun_at__lt=until)
    one_in = max(1, -(-(begun.aggregate(lines=Sum("messages"))["lines"] or 0) // MOST_LINES))
    drawn = begun.annotate(part=F("pk") % one_in).filter(part=0) if one_in > 1 else begun
    said = list_said_in(list(drawn.values_list("pk", flat=True)), until)
    apart, persons = _people(groups)
    lines = sorted(
        (_line(one, persons, apart) for some in said.values() for one in some), key=lambda line: (line.at, line.id)
    )
    met = {one.identity_id for some in said.values() for one in some} - {US}
    names = Names.of(one.name for one in names_of(met).values())
    return Heard(tuple(lines), names, one_in, _unread([line for line in lines if line.at >= fresh.timestamp()]))


def last_word(groups: Sequence[CountedGroup]) -> datetime | None:
    """When the newest conversations of these groups went on last; None where there are none."""
    newest = _begun(groups).order_by("-begun_at").values_list("last_at", flat=True)[:_NEWEST]
    return max(newest, default=None)


_NEWEST = 50


def _begun(groups: Sequence[CountedGroup]) -> QuerySet[Thread]:
    """Of one group, or of all groups of a community: each has an index."""
    if len(groups) == 1:
        return Thread.objects.filter(group=groups[0].id)
    return Thread.objects.filter(community=groups[0].community_id)


def _people(groups: Sequence[CountedGroup]) -> tuple[set[int], dict[int, int]]:
    """Identities of colleagues and programs, and the person of those that are merged into another's."""
    odd = list_odd_identities([group.id for group in groups])
    lines = [(line.carrier, line.ref) for some in staff_of({groups[0].community_id}).values() for line in some]
    staff = set(ids_of_accounts(set(lines)).values())
    persons = {one: person for one, person, _ in odd if one != person}
    apart = staff | {persons.get(one, one) for one in staff} | {one for one, _, is_bot in odd if is_bot}
    return apart, persons


def _line(said: SaidInThread, persons: dict[int, int], apart: Collection[int]) -> Line:
    who = persons.get(said.identity_id, said.identity_id)
    is_mute = who == US or who in apart or said.identity_id in apart
    return Line(
        id=said.id,
        at=said.at.timestamp(),
        who=who,
        thread=said.thread_id,
        text=said.text,
        place=said.group_id,
        asks=not is_mute and _asks(said),
        replies=said.replies,
        is_mute=is_mute or bool(said.holds & _QUIET),
    )


def _asks(said: SaidInThread) -> bool:
    if not said.holds & mask_of(Verdict.QUESTION) or said.holds & _NO_QUESTION:
        return False
    return sum(letter.isalnum() for letter in said.text) >= LEAST_ASKED


def _unread(lines: Sequence[Line]) -> int:
    """How many of members' lines with words nobody has judged."""
    worded = [line.id for line in lines if line.text and line.who != US]
    return len(worded) - MessageReading.objects.filter(pk__in=rows.among(worded)).count()
