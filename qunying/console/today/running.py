"""What runs by itself in the next hours: effects that wait for their moment, timers of capabilities. All can be held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from qunying.communities.access import Reach
from qunying.communities.queries import get_group_names, paused_communities
from qunying.console.reasons import tell_kind, tell_reason, tell_timer
from qunying.console.today.analytics import begin_of_today
from qunying.intake.actions import Due, do_drop_timer, do_set_timer_again
from qunying.intake.queries import Timer, find_lane, find_timer, list_timers_until
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_hold, do_unhold
from qunying.outbox.queries import Item, find_item, get_items_by_id, list_waiting_until

AHEAD = timedelta(hours=12)
LOOKED_AT = 200
WORDS_SHOWN = 50
SALT = "qunying.console.today.timer"


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing that will happen by itself. ``day`` is empty today; ``hold`` is where «先别发» posts to."""

    key: str
    at: datetime
    day: str
    what: str
    where: tuple[str, ...]
    hold: str
    is_paused: bool
    icon: str


@dataclass(frozen=True, slots=True)
class Planned:
    """Something that will happen by itself, before it is put into words: an effect that waits, or a timer."""

    at: datetime
    key: str
    community_id: int
    group_id: int | None
    item_id: int = 0
    timer: Timer | None = None


def list_planned(community_ids: Sequence[int], now: datetime) -> list[Planned]:
    """The next twelve hours of these communities, soonest first."""
    until = now + AHEAD
    items = [
        Planned(item.at, f"item{item.id}", item.community_id, item.group_id, item_id=item.id)
        for item in list_waiting_until(community_ids, until, LOOKED_AT)
    ]
    timers = [
        Planned(timer.at, f"timer{timer.pk}", timer.lane.community_id, timer.lane.group_id, timer=timer)
        for timer in list_timers_until(community_ids, until, LOOKED_AT)
    ]
    return sorted([*items, *timers], key=lambda one: (one.at, one.key))


def tell_coming(shown: Sequence[Planned], communities: Mapping[int, str], now: datetime) -> tuple[Coming, ...]:
    """These in words."""
    places = {one.group_id for one in shown if one.group_id}
    groups = get_group_names(places)
    items: Mapping[int, Item] = get_items_by_id([one.item_id for one in shown if one.item_id])
    paused = paused_communities()
    return tuple(
        _coming(
            one,
            items.get(one.item_id),
            groups.get(one.group_id or 0),
            communities,
            now,
            is_paused=bool(paused & {None, one.community_id}),
        )
        for one in shown
        if one.timer or one.item_id in items
    )


def _coming(
    one: Planned,
    item: Item | None,
    group: str | None,
    communities: Mapping[int, str],
    now: datetime,
    *,
    is_paused: bool,
) -> Coming:
    if item is not None:
        what = _item_words(item.kind, str(item.payload.get("text", "")))
        where = _shown(group, tell_reason(item.reason_code, item.reason_params or {}))
        hold, icon = reverse("console:today-hold-item", args=[item.pk]), "send"
    else:
        assert one.timer is not None
        what = tell_timer(one.timer.capability, one.timer.key)
        where = _shown(group, communities.get(one.community_id))
        hold, icon = reverse("console:today-hold-timer", args=[one.timer.pk]), "clock"
    return Coming(one.key, one.at, _day(one.at, now), what, where, hold, is_paused, icon)


def _day(at: datetime, now: datetime) -> str:
    """Empty for what comes before midnight."""
    return _("明天") if begin_of_today(at) > begin_of_today(now) else ""


def _item_words(kind: str, text: str) -> str:
    words = text if len(text) <= WORDS_SHOWN else text[:WORDS_SHOWN] + "…"
    return _("%(what)s「%(words)s」") % {"what": tell_kind(kind), "words": words} if words else tell_kind(kind)


def _shown(*parts: str | None) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def do_hold_item(item_id: int, reach: Reach, *, user_id: int, at: datetime) -> None:
    """Holds an effect within somebody's reach. Raises ``BadUse`` where there is none or it has gone out."""
    _check(find_item(item_id), reach)
    do_hold(item_id, user_id=user_id, at=at)


def do_release_item(item_id: int, reach: Reach, *, user_id: int, at: datetime) -> None:
    """Lets a held effect go. Raises ``BadUse`` where it was not held or its hour is over."""
    _check(find_item(item_id), reach)
    do_unhold(item_id, user_id=user_id, at=at)


def do_hold_timer(timer_id: int, reach: Reach, *, user_id: int, at: datetime) -> str:
    """Forgets a timer within somebody's reach; answers a signed note with which it can be set again.

    Raises ``BadUse`` where it is no longer there.
    """
    timer = find_timer(timer_id)
    if timer is None or not reach.covers(timer.lane.community_id):
        raise BadUse(mark("这一件已经开始了，拦不住"))
    due = do_drop_timer(timer_id, user_id=user_id, at=at)
    if due is None:
        raise BadUse(mark("这一件已经开始了，拦不住"))
    return signing.dumps({"lane": due.lane_id, **due.words()}, salt=SALT, compress=True)


def do_release_timer(note: str, reach: Reach, *, user_id: int, at: datetime) -> None:
    """Sets a timer again that was held. Raises ``BadUse`` where the note is not ours or the capability set it anew."""
    due = _read(note)
    lane = find_lane(due.lane_id)
    if lane is None or not reach.covers(lane.community_id) or not do_set_timer_again(due, user_id=user_id, at=at):
        raise BadUse(mark("恢复不了：它已经重新排上了"))


def _read(note: str) -> Due:
    try:
        words: dict[str, Any] = signing.loads(note, salt=SALT)
    except signing.BadSignature as error:
        raise BadUse(mark("恢复不了：这个链接不对")) from error
    return Due.of_words(words["lane"], words)


def _check(item: Any, reach: Reach) -> None:
    if item is None or not reach.covers(item.community_id):
        raise BadUse(mark("没有这一条"))
