"""How a group is doing, in a sentence, four tiles, three plots and a list: numbers of insights put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from qunying.communities.queries import GroupInfo
from qunying.console.group.counting import COUNTED_FOR, WEEK, Numbers, read_numbers
from qunying.insights.benchmarks import Measure
from qunying.insights.catalogue import JOINS, LEAVES, MESSAGES, SPEAKERS, TOP_SHARE
from qunying.insights.looking import Day, Portrait, Said, Speaker
from qunying.insights.words import way, who_unknown
from qunying.ui.charts import Range, Week, day_name, hour_name
from qunying.ui.dates import tell_date
from qunying.ui.figures import exact, number, percent
from qunying.ui.moments import tell_zone
from qunying.ui.plots import Plot, Series

DAYS_SHOWN = 14
TOP = 3
FALLS_FROM = -0.2
EVEN_WITHIN = 0.05


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with how it is counted, what it was for eight weeks, and a note that compares.

    ``measure`` is what groups of the same kind are compared by; ``among`` draws the figure among theirs.
    """

    name: str
    how: str
    figure: str
    unit: str
    note: str
    weeks: tuple[float | None, ...] = ()
    tone: str = ""
    href: str = ""
    measure: Measure | None = None
    among: Range | None = None


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """Somebody's share of the talk; ``bar`` is it against the one who says most."""

    id: int
    name: str
    href: str
    messages: int
    share: float
    bar: float


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A way people came in, and which share of the newcomers it brought."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the overview shows, ready for the template. ``lead_change`` is 0 where it is hardly a change.

    ``ended_on`` is the last day of a record that ended long ago; all weeks are counted back from it.
    """

    ended_on: date | None
    lead_change: float | None
    lead_size: float
    lead_how: str
    top_share: float | None
    top_count: int
    tiles: tuple[Tile, ...]
    has_talk: bool
    days: Plot
    week: Week
    speakers: tuple[SpeakerRow, ...]
    speakers_title: str
    speakers_note: str
    sources: tuple[SourceRow, ...]
    moves_title: str
    moves_how: str


def read_overview(group: GroupInfo, capacity: int, now: datetime, *, with_past: bool = False) -> Overview:
    """The last seven days of a group, today included, against the same hours a week before; in the group's time zone.

    ``with_past``: together with the groups whose history it goes on with.
    """
    numbers = read_numbers(group, now, with_past=with_past)
    seen, days, speakers = numbers.seen, numbers.days, numbers.speakers
    joined, left = (sum(getattr(day, name) for day in days[-28:]) for name in ("joined", "left"))
    return Overview(
        ended_on=None if numbers.until == now or _is_fresh(numbers.until, now) else days[-1].day,
        lead_change=_change(seen),
        lead_size=abs(seen.change or 0.0),
        lead_how=_("近 7 天（算上今天到现在）和一周前同样的时段比消息数。") + _(TOP_SHARE.definition),
        top_share=seen.now.top_share if seen.now.speakers > TOP else None,
        top_count=min(TOP, seen.now.speakers),
        tiles=_tiles(group, capacity, numbers),
        has_talk=any(day.messages for day in days),
        days=_days_plot(days, is_over=numbers.until < now - WEEK),
        week=_week(numbers.grid, days, group),
        speakers=_speakers(speakers),
        speakers_title=who_unknown() if seen.now.is_by_nobody else _speakers_title(speakers),
        speakers_note=_speakers_note(seen.now),
        sources=_sources(numbers.came_by),
        moves_title=_("进 %(joined)s 人，走 %(left)s 人") % {"joined": exact(joined), "left": exact(left)},
        moves_how=_(JOINS.definition) + _(LEAVES.definition),
    )


def _is_fresh(until: datetime, now: datetime) -> bool:
    """Numbers that are a minute old are of now all the same."""
    return now - until < timedelta(seconds=COUNTED_FOR * 2)


def _change(seen: Portrait) -> float | None:
    change = seen.change
    return 0.0 if change is not None and abs(change) < EVEN_WITHIN else change


def _tiles(group: GroupInfo, capacity: int, numbers: Numbers) -> tuple[Tile, ...]:
    seen, days = numbers.seen, numbers.days
    falls = "look" if seen.change is not None and seen.change <= FALLS_FROM else ""
    share = seen.now.speakers / seen.members if seen.members else None
    return (
        Tile(
            name=_("成员"),
            how=_("此刻在群里的人，和平台显示的一样，同事和机器人也在内。"),
            figure=number(seen.members),
            unit=_("/ %(n)s") % {"n": number(capacity)},
            note=_("本周 +%(joined)s −%(left)s") % {"joined": exact(seen.joined), "left": exact(seen.left)},
            weeks=_members_by_week(seen.members, days),
            href=_address("console:group-members", group.id),
        ),
        Tile(
            name=_("本周发言"),
            how=_(SPEAKERS.definition),
            figure=number(seen.now.heard),
            unit="" if seen.now.is_by_nobody else _("人 · %(share)s") % {"share": percent(share)},
            note=who_unknown() if seen.now.is_by_nobody else _("上周 %(n)s 人") % {"n": number(seen.before.heard)},
            weeks=tuple(sum(day.speakers for day in part) / 7 for part in _by_week(days)),
            tone=falls,
            href=_metric(SPEAKERS.name),
            measure=Measure.SPEAKERS,
        ),
        _stayed(*numbers.newcomers),
        Tile(
            name=_("消息"),
            how=_(MESSAGES.definition),
            figure=number(seen.now.messages),
            unit=npgettext("unit", "条", "条", seen.now.messages),
            note=_messages_note(seen),
            weeks=tuple(float(sum(day.messages for day in part)) for part in _by_week(days)),
            tone=falls,
            href=_metric(MESSAGES.name),
            measure=Measure.MESSAGES,
        ),
    )


def _speakers_note(said: Said) -> str:
    if said.is_by_nobody:
        words = ngettext("近 7 天 %(n)s 条", "近 7 天 %(n)s 条", said.messages)
        return words % {"n": number(said.messages)}
    numbers = {"people": number(said.speakers), "messages": number(said.messages)}
    return _("近 7 天，%(people)s 人说了 %(messages)s 条") % numbers


def _messages_note(seen: Portrait) -> str:
    note = _("上周 %(n)s") % {"n": number(seen.before.messages)}
    return note + _("，撤回 %(n)s") % {"n": exact(seen.now.recalled)} if seen.now.recalled else note


def _stayed(came: int, stayed: int) -> Tile:
    note = (
        _("%(came)s 位里 %(stayed)s 位仍在说话") % {"came": exact(came), "stayed": exact(stayed)}
        if came
        else _("那四周没有人进群")
    )
    return Tile(
        name=_("新人留下"),
        how=_("7 到 35 天前进群的人里，近 7 天还说过话的占多少。同事和机器人不算。"),
        figure=percent(stayed / came).removesuffix("%") if came else "–",
        unit="%" if came else "",
        note=note,
    )


def _members_by_week(members: int, days: Sequence[Day]) -> tuple[float, ...]:
    """How many there were at the end of each week: what came later is taken off the present number again."""
    counts = [float(members)]
    for part in reversed(_by_week(days)[1:]):
        counts.append(counts[-1] - sum(day.joined - day.left for day in part))
    return tuple(reversed(counts))


def _by_week(days: Sequence[Day]) -> list[Sequence[Day]]:
    """The days in sevens, the last seven ending today."""
    return [days[max(0, end - 7) : end] for end in range(len(days), 0, -7)][::-1]


def _days_plot(days: Sequence[Day], *, is_over: bool) -> Plot:
    shown, before = days[-DAYS_SHOWN:], days[-DAYS_SHOWN - 7 : -7]
    top = max(shown, key=lambda day: day.messages)
    title = _("这两周没人说话")
    if top.messages:
        title = _("%(day)s说得最多，%(n)s 条") % {"day": _full_day(top), "n": number(top.messages)}
    return Plot(
        "bar",
        title,
        _("每天消息数") if is_over else _("每天消息数，今天还没过完"),
        _("条"),
        tuple(tell_date(day.day, pgettext("axis date", "n/j")) for day in shown),
        (
            Series(_("每天"), tuple(float(day.messages) for day in shown)),
            Series(_("一周前的同一天"), tuple(float(day.messages) for day in before), "peer"),
        ),
        (shown.index(top),) if top.messages else (),
    )


def _full_day(day: Day) -> str:
    date = tell_date(day.day, pgettext("date format", "n 月 j 日"))
    return _("%(weekday)s（%(date)s）") % {"weekday": day_name(day.day.weekday()), "date": date}


def _week(grid: Sequence[Sequence[int]], days: Sequence[Day], group: GroupInfo) -> Week:
    weeks = _weeks_of_talk(days)
    mean = tuple(tuple(round(value / weeks, 1) for value in row) for row in grid)
    top, weekday, hour = max((value, -d, -h) for d, row in enumerate(mean) for h, value in enumerate(row))
    title = _("近 4 周没人说话")
    if top:
        title = _("%(day)s %(hour)s最活跃，平均 %(n)s 条") % {
            "day": day_name(-weekday),
            "hour": hour_name(-hour),
            "n": exact(top),
        }
    sub = ngettext("每小时消息数，近 %(n)d 周平均，%(zone)s", "每小时消息数，近 %(n)d 周平均，%(zone)s", weeks)
    return Week(title, sub % {"n": weeks, "zone": tell_zone(group.zone.key)}, _("条"), mean)


def _weeks_of_talk(days: Sequence[Day]) -> int:
    """1 … 4: a group that is younger than four weeks must not look quieter for it."""
    since = next((place for place, day in enumerate(days) if day.messages), len(days))
    return min(4, max(1, -(-(len(days) - since) // 7)))


def _speakers(speakers: Sequence[Speaker]) -> tuple[SpeakerRow, ...]:
    most = speakers[0].messages if speakers else 1
    return tuple(
        SpeakerRow(
            one.person_id,
            one.name,
            _address("console:person", one.person_id),
            one.messages,
            one.share,
            one.messages / most,
        )
        for one in speakers
    )


def _speakers_title(speakers: Sequence[Speaker]) -> str:
    top = speakers[:TOP]
    if not top:
        return _("这周没人说话")
    names = _("、").join(one.name for one in top)
    share = percent(sum(one.share for one in top))
    return _("%(names)s 说了 %(share)s") % {"names": names, "share": share}


def _sources(came_by: dict[str, int]) -> tuple[SourceRow, ...]:
    total = sum(came_by.values())
    ways = sorted(came_by.items(), key=lambda each: (-each[1], each[0]))
    return tuple(SourceRow(way(via), count, count / total) for via, count in ways)


def _metric(name: str) -> str:
    return _address("console:insights-metric", name)


def _address(url_name: str, *args: object) -> str:
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:  # that screen was taken out
        return ""
