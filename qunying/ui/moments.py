"""Moments in words: how long ago, which day, exact when asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.ui.dates import tell_date

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as shown: ``text`` now, ``later`` once an hour has passed, ``exact`` on asking."""

    text: str
    later: str
    exact: str
    machine: str


def tell_moment(at: datetime, now: datetime) -> Moment:
    """«刚刚», «14 分钟前», «今天 19:51», «昨天 21:08», «11 月 14 日», in the active time zone.

    Both must be aware; ``ValueError`` otherwise, because a guess would be wrong by hours.
    """
    if timezone.is_naive(at) or timezone.is_naive(now):
        raise ValueError("a moment needs its time zone")
    local, here = timezone.localtime(at), timezone.localtime(now)
    later = _by_day(local, here)
    text = _by_minutes(at - now) if abs(at - now) < HOUR else later
    return Moment(text, later, tell_exactly(local), at.astimezone(UTC).isoformat(timespec="seconds"))


def tell_exactly(local: datetime) -> str:
    """Year, day, hour and minute as that moment's own zone has them."""
    day = tell_date(local, pgettext("date format", "Y 年 n 月 j 日"))
    return pgettext("moment", "%(day)s %(clock)s") % {"day": day, "clock": f"{local:%H:%M}"}


def show_moment(at: datetime | None, now: datetime) -> SafeString:
    """The moment as ``<time>``; the page's script keeps its minutes going. ``None`` is shown as «–»."""
    if at is None:
        return format_html("{}", "–")
    told = tell_moment(at, now)
    return format_html(
        '<time datetime="{}" title="{}" data-when="{}">{}</time>',
        told.machine,
        told.exact,
        told.later,
        told.text,
    )


def show_clock(at: datetime) -> SafeString:
    """The hour and minute as ``<time>`` in the active time zone, the exact moment as title: for lines below a day's heading."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), f"{local:%Y-%m-%d %H:%M:%S}", f"{local:%H:%M}"
    )


def tell_zone(name: str) -> str:
    """A time zone as a reader knows it: «北京时间», else its name."""
    return _("北京时间") if name in {"Asia/Shanghai", "Asia/Chongqing", "PRC"} else name


def _by_minutes(distance: timedelta) -> str:
    minutes = int(abs(distance) / timedelta(minutes=1))
    if not minutes:
        return _("刚刚") if distance <= timedelta(0) else _("马上")
    words = _("%(n)d 分钟前") if distance < timedelta(0) else _("%(n)d 分钟后")
    return words % {"n": minutes}


def _by_day(at: datetime, now: datetime) -> str:
    days = (at.date() - now.date()).days
    named = {
        -2: _("前天"),
        -1: _("昨天"),
        0: _("今天"),
        1: _("明天"),
        2: _("后天"),
    }.get(days)
    if named:
        return f"{named} {at:%H:%M}"
    if at.year == now.year:
        return tell_date(at, pgettext("date format", "n 月 j 日"))
    return tell_date(at, pgettext("date format", "Y 年 n 月 j 日"))
