"""The queue of people who may be one: which pair, both sides, what was decided just now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.console.people.evidence import tell_evidence
from qunying.console.people.pair import Doubt, PairSide, read_sides
from qunying.kernel import clock
from qunying.people.maybe_same import (
    Joined,
    MaybeSame,
    ToldApart,
    count_maybe_same,
    list_decided_by,
    list_maybe_same,
    persons_of,
)
from qunying.people.queries import names_of
from qunying.ui.figures import exact

SHOWN = 20
COUNTED = 1000
UNDONE_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One pair that waits."""

    id: int
    names: str
    why: str
    score: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """Something said of two accounts just now, with the way back."""

    dot: str
    words: str
    at: datetime
    undo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePage:
    """Pairs of people who may be one, one of them large."""

    total: str = field(metadata={"help": "how many pairs wait, ending at a thousand"})
    lead: str = field(metadata={"help": "the answer in one sentence"})
    queue: Sequence[QueueRow] = field(metadata={"help": "the likeliest pairs"})
    pair_id: int = field(metadata={"help": "the pair shown large; 0 where none waits"})
    why: str = field(metadata={"help": "why these may be one person"})
    score: float = field(metadata={"help": "how likely, 0 to 1"})
    sides: Sequence[PairSide] = field(metadata={"help": "both of them"})
    doubt: Doubt | None = field(metadata={"help": "why joining them was refused"})
    decided: Sequence[DecidedRow] = field(metadata={"help": "what this reader said last"})


def show_same(
    community_ids: Collection[int] | None, user_id: int, chosen: MaybeSame | None, doubt: Doubt | None = None
) -> SamePage:
    """The page with that pair large, or the likeliest one. Bounded queries."""
    now = clock.now()
    waiting = list_maybe_same(community_ids, now, limit=SHOWN)
    n = count_maybe_same(community_ids, now, at_most=COUNTED)
    persons = persons_of((chosen.one_id, chosen.other_id)) if chosen else {}
    if chosen is None or len(set(persons.values())) < 2:  # decided meanwhile, or none asked for
        chosen = next(iter(waiting), None)
        persons = persons_of((chosen.one_id, chosen.other_id)) if chosen else {}
    decided = list_decided_by(user_id, limit=UNDONE_AT_MOST)
    told: list[MaybeSame | Joined | ToldApart] = [*waiting, *decided[0], *decided[1]]
    ends = {end for one in told for end in (one.one_id, one.other_id)}
    names = {pk: one.name for pk, one in names_of(ends).items()}
    return SamePage(
        total=f"{exact(n)}{'+' if n == COUNTED else ''}",
        lead=_lead(n),
        queue=[_row(one, names, chosen) for one in waiting],
        pair_id=chosen.id if chosen else 0,
        why=tell_evidence(chosen.code, chosen.shared) if chosen else "",
        score=chosen.score if chosen else 0.0,
        sides=read_sides((persons[chosen.one_id], persons[chosen.other_id]), community_ids) if chosen else [],
        doubt=doubt,
        decided=_decided(decided, names),
    )


def _lead(n: int) -> str:
    if not n:
        return _("没有要你认的人")
    return ngettext("有 %(n)s 对账号可能是同一个人", "有 %(n)s 对账号可能是同一个人", n) % {"n": exact(n)}


def _row(one: MaybeSame, names: Mapping[int, str], chosen: MaybeSame | None) -> QueueRow:
    both = _("%(one)s 和 %(other)s") % {"one": names.get(one.one_id, ""), "other": names.get(one.other_id, "")}
    return QueueRow(
        one.id, both, tell_evidence(one.code, ""), f"{one.score:.2f}", chosen is not None and one.id == chosen.id
    )


def _decided(decided: tuple[Sequence[Joined], Sequence[ToldApart]], names: Mapping[int, str]) -> list[DecidedRow]:
    rows: list[DecidedRow] = []
    parts: tuple[tuple[str, str, str, Sequence[Joined | ToldApart]], ...] = (
        ("on", _("「%(one)s」和「%(other)s」是同一个人"), "console:people-unmerge", decided[0]),
        ("hollow", _("「%(one)s」和「%(other)s」不是同一个人"), "console:people-unapart", decided[1]),
    )
    for dot, template, url_name, some in parts:
        for one in some:
            words = template % {"one": names.get(one.one_id, ""), "other": names.get(one.other_id, "")}
            rows.append(DecidedRow(dot, words, one.at, f"{reverse(url_name, args=[one.id])}?next=same"))
    return sorted(rows, key=lambda row: row.at, reverse=True)[:UNDONE_AT_MOST]
