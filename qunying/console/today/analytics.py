"""What Today shows of yesterday and of the weeks before, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from qunying.insights.catalogue import JOINS, MESSAGES, SPEAKERS
from qunying.insights.queries import Weeks, Yesterday, quiet_groups, since_yesterday
from qunying.outbox.queries import count_done_by
from qunying.ui.charts import Hours, day_name, hour_name
from qunying.ui.dates import tell_date
from qunying.ui.figures import exact, number, percent

QUIET_SHOWN = 5
QUIET_LOOKED = 200
LOOKED_FOR = 60  # seconds


@dataclass(frozen=True, slots=True)
class Numbers:
    """What insights counted: yesterday and the usual, the groups gone quiet, the worst first."""

    yesterday: Yesterday
    quiet: tuple[Weeks, ...]


@dataclass(frozen=True, slots=True)
class TodayTile:
    """One figure with how it is counted, the days before, and a note that compares."""

    name: str
    how: str
    figure: str
    unit: str
    note: str
    days: tuple[float, ...] = ()
    href: str = ""


def read_numbers(community_ids: Sequence[int], now: datetime) -> Numbers:
    """Numbers of these communities, as insights last counted them."""
    return Numbers(since_yesterday(now, community_ids), read_quiet(community_ids, now))


def read_quiet(community_ids: Sequence[int], now: datetime) -> tuple[Weeks, ...]:
    """Groups of these communities that went quiet, the quietest first; looked for once a minute, Today asks often."""
    reach = blake2s("-".join(map(str, sorted(community_ids))).encode(), digest_size=8).hexdigest()
    key = f"console.today.quiet.{reach}.{now:%Y%m%d}"
    known: tuple[Weeks, ...] | None = cache.get(key)
    if known is None:
        known = tuple(quiet_groups(now, community_ids, QUIET_LOOKED))
        cache.set(key, known, LOOKED_FOR)
    return known


def tell_tiles(numbers: Numbers, community_ids: Sequence[int], now: datetime) -> tuple[TodayTile, ...]:
    """Newcomers, speakers, messages and what the system did, since the beginning of yesterday."""
    seen = numbers.yesterday
    deeds, undone = count_done_by(community_ids, begin_of_yesterday(now))
    joined, left = seen.joined + seen.joined_today, seen.left + seen.left_today
    return (
        TodayTile(
            _("新成员"),
            _("昨天 0 点到现在。") + _(JOINS.definition),
            number(joined),
            npgettext("unit", "人", "人", joined),
            _("走了 %(left)s，净增 %(net)s") % {"left": exact(left), "net": exact(joined - left)},
            tuple(map(float, seen.joined_days)),
            _metric(JOINS.name),
        ),
        TodayTile(
            _("昨天说过话的"),
            _(SPEAKERS.definition),
            number(seen.speakers),
            npgettext("unit", "人", "人", seen.speakers),
            _speakers_note(seen),
            tuple(map(float, seen.speakers_days)),
            _metric(SPEAKERS.name),
        ),
        TodayTile(
            _("昨天的消息"),
            _(MESSAGES.definition),
            number(seen.messages),
            npgettext("unit", "条", "条", seen.messages),
            _("今天到现在 %(n)s 条") % {"n": number(seen.messages_today)},
            tuple(map(float, seen.messages_days)),
            _metric(MESSAGES.name),
        ),
        TodayTile(
            _("小助手做了"),
            _("昨天 0 点到现在真的发到群里、群里生效的动作：说话、撤回、禁言、移出这些。只看不动的不算。"),
            number(deeds),
            npgettext("deeds", "次", "次", deeds),
            _("撤销 %(n)s 次") % {"n": exact(undone)},
        ),
    )


def _speakers_note(seen: Yesterday) -> str:
    if not seen.members:
        return ""
    rate, usual = 100 * seen.speakers / seen.members, 100 * seen.usual_speakers / seen.members
    return _("每百人 %(rate)s 人，平时 %(usual)s") % {"rate": exact(round(rate)), "usual": exact(round(usual))}


def tell_hours(numbers: Numbers, now: datetime) -> Hours | None:
    """Yesterday's hours against the same weekday of four weeks; None where yesterday was silent."""
    seen = numbers.yesterday
    if not seen.messages:
        return None
    start = max(range(23), key=lambda hour: seen.hours[hour] + seen.hours[hour + 1])
    busiest = seen.hours[start] + seen.hours[start + 1]
    yesterday = timezone.localtime(now) - timedelta(days=1)
    return Hours(
        title=_("%(from)s到 %(until)s最热闹，占全天 %(share)s")
        % {
            "from": hour_name(start),
            "until": hour_name(start + 2),
            "share": percent(busiest / max(1, sum(seen.hours))),
        },
        sub=_("昨天每小时消息数，共 %(n)s 条，%(groups)s 个群")
        % {"n": number(seen.messages), "groups": number(seen.groups)},
        unit=_("条"),
        values=tuple(map(float, seen.hours)),
        name=_("昨天"),
        past=seen.usual_hours if any(seen.usual_hours) else (),
        past_name=_("前四个%(day)s平均") % {"day": day_name(yesterday.weekday())},
        highlighted=(start, start + 1),
    )


def tell_now(now: datetime) -> str:
    """«11 月 21 日 周六 20:14», in the active time zone."""
    here = timezone.localtime(now)
    day = tell_date(here, pgettext("date format", "n 月 j 日"))
    return f"{day} {day_name(here.weekday())} {here:%H:%M}"


def begin_of_yesterday(now: datetime) -> datetime:
    """Midnight before last, in the active time zone."""
    here = timezone.localtime(now)
    return (here - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def begin_of_today(now: datetime) -> datetime:
    """Last midnight, in the active time zone."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _metric(name: str) -> str:
    return reverse("console:insights-metric", args=[name])
