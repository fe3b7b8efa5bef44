"""A table that says why people left: who, in which group, for which reason; every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qunying.communities.queries import list_counted_groups
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import Sentence, mark
from qunying.people.leaving import OTHER, REASONS, do_note_leaving
from qunying.people.listed import Wrong, match_people, read_rows
from qunying.people.models import Membership
from qunying.store import rows

SAMPLE = 80
MOST_LINES = 2000
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "group": ("群", "群名", "group"),
    "reason": ("原因", "为什么走", "为什么", "reason", "why"),
    "words": ("说明", "备注", "words", "note"),
}
_CODE_OF: Mapping[str, str] = {
    **{code: code for code in REASONS},
    **dict(zip(REASONS.values(), REASONS, strict=True)),
    **dict.fromkeys(("太吵", "消息太多", "too noisy", "too many messages"), "noise"),
    **dict.fromkeys(("广告多", "广告", "too many ads"), "ads"),
    **dict.fromkeys(("用不上", "没收获", "没用", "not useful", "of no use to them"), "useless"),
    **dict.fromkeys(("买好了", "课上完了", "毕业", "got what they came for"), "done"),
    **dict.fromkeys(
        ("不满意", "对服务不满意", "对产品不满意", "dissatisfied", "unhappy with the product or service"), "service"
    ),
    **dict.fromkeys(("吵架", "冲突", "conflict", "a quarrel with somebody"), "quarrel"),
    **dict.fromkeys(("换群", "换号", "another group", "moved to another group or account"), "moved"),
    **dict.fromkeys(("其他", "其它", "others"), OTHER),
}


@dataclass(frozen=True, slots=True)
class ReadWhys:
    """What became of a table: how many reasons are new, how many were said before, and the rows left out."""

    new: int
    known: int
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class _Seat:
    id: int
    group_id: int
    left_at: datetime | None


@transaction.atomic
def do_read_whys(content: bytes, community_id: int, *, source: str, user_id: int | None, at: datetime) -> ReadWhys:
    """Keeps the reasons of a table about one community; what cannot be used is told with its line.

    Without a column for the group, it is the group that somebody left last. Raises ``BadUse`` for what is no such table.
    """
    told = read_rows(content, _COLUMNS)
    if len(told) > MOST_LINES:
        raise BadUse(mark("有 %(n)d 行，最多 %(most)d 行，分几个文件来"), n=len(told), most=MOST_LINES)
    if told and "reason" not in told[0][1]:
        raise BadUse(mark("第 1 行要有「原因」这一列，再有编号、账号、名字里的一列"))
    people = match_people([said for _, said in told], [community_id])
    seats = _seats(community_id, {one for one in people if isinstance(one, int)})
    groups = {group.name: group.id for group in list_counted_groups(community_ids=[community_id])}
    new, known, wrong = 0, 0, list[Wrong]()
    for (line, said), person in zip(told, people, strict=True):
        try:
            seat = _seat(said, person, seats, groups)
            made = do_note_leaving(
                seat.id, _reason(said["reason"]), said.get("words", ""), user_id=user_id, at=at, source=source
            )
        except BadUse as error:
            wrong.append(Wrong(line, " ".join(filter(None, said.values()))[:SAMPLE], error.sentence))
        else:
            new, known = new + (made is not None), known + (made is None)
    return ReadWhys(new, known, tuple(wrong))


def _seats(community_id: int, person_ids: set[int]) -> dict[int, list[_Seat]]:
    """The seats in the community that these people left, the latest first."""
    left = Membership.objects.filter(
        community=community_id, is_present=False, identity__person__in=rows.among(person_ids)
    )
    found: dict[int, list[_Seat]] = {}
    lines = left.order_by("-left_at", "-pk").values_list("identity__person_id", "pk", "group_id", "left_at")
    for person, seat_id, group_id, left_at in sorted(lines, key=lambda line: line[3] is None):
        found.setdefault(person or 0, []).append(_Seat(seat_id, group_id, left_at))
    return found


def _seat(
    said: Mapping[str, str], person: int | Sentence, seats: Mapping[int, Sequence[_Seat]], groups: Mapping[str, int]
) -> _Seat:
    if isinstance(person, Sentence):
        raise BadUse(person.template, **person.values)
    name = said.get("group", "")
    if name and name not in groups:
        raise BadUse(mark("没有叫「%(name)s」的群"), name=name)
    left = [seat for seat in seats.get(person, ()) if not name or seat.group_id == groups[name]]
    if not left:
        raise BadUse(mark("这个人没有离开过这个群") if name else mark("这个人还在，没有离开过哪个群"))
    return left[0]


def _reason(text: str) -> str:
    if not text:
        raise BadUse(mark("没写原因"))
    code = _CODE_OF.get(text.lower())
    if code is None:
        raise BadUse(
            mark("不认得「%(what)s」这个原因；写成：%(known)s，别的话写在「说明」里"),
            what=text[:SAMPLE],
            known=[Sentence(one) for one in REASONS.values()],
        )
    return code
