"""Somebody's queue: what waits in which order, where they stand in it, what comes before and next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from qunying.communities.queries import get_group_names
from qunying.communities.sign_ins import names_of_users
from qunying.console.review.context import Queue, QueueLine
from qunying.console.review.recent import Decided
from qunying.console.review.words import tell_proposal
from qunying.console.today.analytics import begin_of_today
from qunying.desk.queries import QueueWish, count_decided_by, count_queue, list_queue
from qunying.desk.reviewing import TakenCase
from qunying.outbox.queries import Item, list_items_in_cases
from qunying.people.queries import Names, names_of
from qunying.pipeline.review.appeals import DEADLINE

SHOWN = 9
SHOWN_AT_MOST = 200
DECIDED_SHOWN = 2
OLDEST = "old"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose queue is asked for, and how: in which order, all of it or what stands around the case."""

    reach: Collection[int] | None
    user_id: int
    now: datetime
    order: str = ""
    is_all: bool = False

    @property
    def wish(self) -> QueueWish:
        """What the desk is asked for."""
        return QueueWish(self.reach, self.user_id, self.now - DEADLINE, is_oldest_first=self.order == OLDEST)


@dataclass(frozen=True, slots=True)
class _Around:
    """What lines need, read once for all of them."""

    names: Mapping[int, Names]
    groups: Mapping[int, str]
    items: Mapping[str, Sequence[Item]]
    holders: Mapping[int, str]
    asked: Asked
    here: int


def address(case_id: int | None, order: str = "", *, is_all: bool = False) -> str:
    """Where a case of the queue is looked at; without one, the first that nobody else looks at."""
    path = reverse("console:review-case", args=[case_id]) if case_id else reverse("console:review")
    query = "&".join(filter(None, (f"order={order}" if order else "", "all=1" if is_all else "")))
    return f"{path}?{query}" if query else path


def list_waiting(asked: Asked) -> list[TakenCase]:
    """The cases that wait, as many as anybody will look through."""
    return list_queue(asked.wish, SHOWN_AT_MOST)


def is_free(case: TakenCase, asked: Asked) -> bool:
    """Whether nobody else looks at it."""
    is_held = case.claimed_until is not None and case.claimed_until > asked.now
    return not is_held or case.claimed_by_id in (None, asked.user_id)


def find_next(cases: Sequence[TakenCase], case_id: int, asked: Asked) -> int | None:
    """Which case to show after that one: the next that nobody else looks at, from the top again after the last."""
    ids = [case.pk for case in cases]
    place = ids.index(case_id) if case_id in ids else -1
    after = [*cases[place + 1 :], *cases[: max(place, 0)]]
    return next((case.pk for case in after if case.pk != case_id and is_free(case, asked)), None)


def read_queue(asked: Asked, cases: Sequence[TakenCase], shown: TakenCase | None, recent: Sequence[Decided]) -> Queue:
    """The queue around the case that is shown; five queries."""
    left = count_queue(asked.wish) if len(cases) == SHOWN_AT_MOST else len(cases)
    done = count_decided_by(asked.user_id, begin_of_today(asked.now))
    ids = [case.pk for case in cases]
    place = ids.index(shown.pk) if shown and shown.pk in ids else 0
    window = cases if asked.is_all else _window(cases, place)
    return Queue(
        lines=_tell(asked, window, shown.pk if shown else 0),
        decided=tuple(recent[:DECIDED_SHOWN]),
        left=left,
        hidden=left - len(window),
        place=min(done + place + 1, done + left),
        done=done,
        total=done + left,
        is_oldest_first=asked.order == OLDEST,
        sort_href=address(None, "" if asked.order == OLDEST else OLDEST),
        all_href=address(shown.pk if shown else None, asked.order, is_all=True),
        previous_href=address(ids[place - 1], asked.order) if 0 < place < len(ids) else "",
        next_href=address(ids[place + 1], asked.order) if place + 1 < len(ids) else "",
    )


def _window(cases: Sequence[TakenCase], place: int) -> Sequence[TakenCase]:
    start = max(0, min(place - 2, len(cases) - SHOWN))
    return cases[start : start + SHOWN]


def _tell(asked: Asked, cases: Sequence[TakenCase], here: int) -> tuple[QueueLine, ...]:
    held = {case.claimed_by_id for case in cases if case.claimed_by_id and not is_free(case, asked)}
    around = _Around(
        names=names_of({case.identity_id for case in cases if case.identity_id}),
        groups=get_group_names(case.group_id for case in cases if case.group_id),
        items=list_items_in_cases([case.key for case in cases]),
        holders=names_of_users(held) if held else {},
        asked=asked,
        here=here,
    )
    return tuple(_line(case, around) for case in cases)


def _line(case: TakenCase, around: _Around) -> QueueLine:
    known = around.names.get(case.identity_id or 0)
    group = around.groups.get(case.group_id or 0, "")
    what = tell_proposal(around.items.get(case.key, []), case.kind)
    return QueueLine(
        href=address(case.pk, around.asked.order),
        name=known.name if known else group or what,
        face_key=str(case.identity_id or case.group_id or ""),
        where=_(" · ").join(filter(None, (what, group))),
        score=case.score,
        note=_note(case, around),
        is_here=case.pk == around.here,
    )


def _note(case: TakenCase, around: _Around) -> str:
    if not is_free(case, around.asked):
        return _("%(name)s 在看") % {"name": around.holders.get(case.claimed_by_id or 0, "?")}
    if case.assigned_id == around.asked.user_id:
        return _("交给你的")
    if case.first_by_id == around.asked.user_id:
        return _("等另一位")
    if case.kind == "appeal" and case.opened_at < around.asked.wish.overdue:
        return _("过期了")
    return ""
