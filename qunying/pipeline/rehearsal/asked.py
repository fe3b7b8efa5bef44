"""Rehearsals that people asked for on a page: queued, played by the keeper, watched, dropped."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.db.models import Q

from qunying.communities.queries import infos_of_groups
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.models import Rehearsal
from qunying.pipeline.rehearsal.play import Rehearsed, rehearse
from qunying.pipeline.rehearsal.rule import Rule
from qunying.pipeline.roster import ROSTER
from qunying.talk.queries import span_of_talk

LEASE = timedelta(minutes=5)
KEPT = 30  # of a community
MOST_WAITING = 5
TELL_EVERY = 0.5  # seconds
MOST_DAYS = 3_660
NEWS_SHOWN = 3
ENDED = ("done", "failed")

log = structlog.get_logger()
Run = Rehearsal


class News(NamedTuple):
    """A rehearsal that has ended; ``people`` is how many it would touch, None where it failed."""

    id: int
    community_id: int
    finished_at: datetime
    state: str
    people: int | None


class _Dropped(Exception):
    """Whoever asked for it does not want it any more."""


def do_ask_rehearsal(
    community_id: int,
    group_ids: Collection[int],
    days: int,
    *,
    capability: str,
    title: str,
    settings: Mapping[str, Any],
    user_id: int,
    at: datetime,
) -> int:
    """Queues it and answers its number. Raises ``BadUse`` where many are waiting already, or there is no group."""
    if not group_ids:
        raise BadUse(mark("选至少一个群来演练"))
    if not 1 <= days <= MOST_DAYS:
        raise BadUse(mark("天数是 1 到 3660 的整数"))
    with transaction.atomic():
        of_home = Rehearsal.objects.filter(community=community_id)
        if of_home.filter(state__in=("waiting", "running")).count() >= MOST_WAITING:
            raise BadUse(mark("已经有 %(n)s 个演练在排队，等它们跑完再加"), n=MOST_WAITING)
        made = Rehearsal.objects.create(
            community_id=community_id,
            user_id=user_id,
            capability=capability,
            title=title[:120],
            rule=dict(settings),
            groups=sorted(group_ids),
            days=days,
            asked_at=at,
        )
        old = list(of_home.order_by("-pk").values_list("pk", flat=True)[KEPT:])
        Rehearsal.objects.filter(pk__in=old, state__in=("done", "failed", "dropped")).delete()
    return made.pk


def do_drop_rehearsal(rehearsal_id: int, at: datetime) -> bool:
    """Ends it before it is done; False where it had ended."""
    waiting = Rehearsal.objects.filter(pk=rehearsal_id, state__in=("waiting", "running"))
    return bool(waiting.update(state="dropped", finished_at=at))


def do_open_rehearsals(rehearsal_ids: Collection[int], user_id: int, at: datetime) -> int:
    """Whoever asked for these has seen what came of them; answers how many were news."""
    ended = Rehearsal.objects.filter(pk__in=rehearsal_ids, user=user_id, opened_at=None, finished_at__isnull=False)
    return ended.update(opened_at=at)


def list_news(user_id: int, community_ids: Collection[int], limit: int = NEWS_SHOWN) -> list[News]:
    """The rehearsals this person asked for that ended and were not opened since, the latest first."""
    theirs = Rehearsal.objects.filter(user=user_id, community__in=community_ids, state__in=ENDED, opened_at=None)
    columns = ("pk", "community_id", "finished_at", "state", "result__people_touched")
    return [News(*row) for row in theirs.order_by("-pk").values_list(*columns)[:limit]]


def find_rehearsal(rehearsal_id: int) -> Rehearsal | None:
    """That rehearsal, None where there is none."""
    return Rehearsal.objects.filter(pk=rehearsal_id).first()


def list_rehearsals(community_id: int, limit: int = KEPT) -> list[Rehearsal]:
    """The rehearsals of a community, the latest first, without what came of them."""
    return list(Rehearsal.objects.filter(community=community_id).defer("result").order_by("-pk")[:limit])


def step(now: datetime) -> int:
    """Plays what was asked for first; 0 where nothing was. What somebody began and did not end is begun anew: it changes nothing."""
    waits = Q(state="waiting") | Q(state="running", leased_until__lt=now)
    with transaction.atomic():
        one = Rehearsal.objects.select_for_update().filter(waits).order_by("pk").first()
        if one is None:
            return 0
        one.state, one.leased_until, one.done = "running", now + LEASE, 0
        one.save(update_fields=["state", "leased_until", "done"])
    began = time.monotonic()
    try:
        found = _play(one)
    except _Dropped:
        return 1
    except Exception:
        log.exception("rehearsal failed", rehearsal=one.pk)
        _do_end(one, "failed", began, {})
        return 1
    _do_end(one, "done", began, found.to_kept())
    return 1


def _play(one: Rehearsal) -> Rehearsed:
    capability = next(each for each in ROSTER if each.name == one.capability)
    groups = list(infos_of_groups(one.groups).values())
    span = span_of_talk([group.id for group in groups])
    until = (span[1] if span else clock.now()) + timedelta(microseconds=1)
    rule = Rule(capability, one.title, one.rule)
    return rehearse(rule, groups, until - timedelta(days=one.days), until, _watch(one.pk))


def _watch(rehearsal_id: int) -> Any:
    told = 0.0

    def watch(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told < TELL_EVERY and done != total:
            return
        told = time.monotonic()
        running = Rehearsal.objects.filter(pk=rehearsal_id, state="running")
        if not running.update(done=done, total=total, leased_until=clock.now() + LEASE):
            raise _Dropped

    return watch


def _do_end(one: Rehearsal, state: str, began: float, result: Mapping[str, Any]) -> None:
    Rehearsal.objects.filter(pk=one.pk, state="running").update(
        state=state, result=dict(result), finished_at=clock.now(), seconds=round(time.monotonic() - began, 3)
    )
