"""Themes of talk as they stand: what groups and communities talk about, with figures, quotes and open questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from qunying.judgement.themes import Trend
from qunying.store import rows
from qunying.talk.models import Message, Theme, ThemeDay, ThemeScope

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class QuoteOfTheme:
    """Words of somebody on a theme; ``identity_id`` is None where the record does not say who it was."""

    message_id: int
    group_id: int
    identity_id: int | None
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ThemeOfTalk:
    """A theme as of a day: its title is a phrase of a member; figures are of the week up to then.

    ``voices`` counts somebody on a day, however much they say; ``expected`` how many there would be had the
    theme kept its share of the four weeks before, ``ratio`` now against that with its 95 % interval (None without a past). ``lately`` are the voices of the last two days, likewise.
    """

    id: int
    title: str
    trend: Trend
    first_on: date
    day: date
    lines: int
    threads: int
    people: int
    groups: int
    voices: int
    before: int
    expected: float | None
    ratio: float | None
    low: float | None
    high: float | None
    lately: int
    lately_expected: float | None
    quotes: tuple[QuoteOfTheme, ...]
    waiting: tuple[QuoteOfTheme, ...]
    open: int


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of a group or community as of a day, first what rises. ``until`` is where the week looked at ends.

    ``until`` is None where nobody has looked yet. Of the conversations every ``one_in``-th was looked at, ``lines`` messages of
    the week, of which ``unread`` are not judged yet; ``is_behind``: newer talk is still to be looked at.
    """

    themes: tuple[ThemeOfTalk, ...] = ()
    until: datetime | None = None
    lines: int = 0
    unread: int = 0
    one_in: int = 1
    is_behind: bool = False


def get_themes_of_group(group_id: int, day: date | None = None) -> Themes:
    """What a group talks about, as last looked at, or as of that local day. Without rows where nobody has looked."""
    return _themes(ThemeScope.objects.filter(group=group_id), Theme.objects.filter(group=group_id), day)


def get_themes_of_community(community_id: int, day: date | None = None) -> Themes:
    """What a community talks about in several of its groups, as last looked at, or as of that local day."""
    scope = ThemeScope.objects.filter(community=community_id, group=None)
    return _themes(scope, Theme.objects.filter(community=community_id, group=None), day)


def do_forget_themes(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many themes of communities that are being removed, and how far they were told; answers how many."""
    ids = list(Theme.objects.filter(community__in=community_ids).values_list("pk", flat=True)[:at_most])
    ThemeDay.objects.filter(theme__in=rows.among(ids)).delete()
    Theme.objects.filter(pk__in=rows.among(ids)).delete()
    scopes, _kinds = ThemeScope.objects.filter(community__in=community_ids).delete()
    return len(ids) + scopes


_DAY = (
    "theme_id", "trend", "theme__first_on", "day", "lines", "threads", "people", "groups", "voices", "before", "expected",
    "ratio", "low", "high", "lately", "lately_expected", "quotes", "waiting", "open", "theme__title_message", "theme__title_start", "theme__title_end",
)  # fmt: skip


def _themes(scopes: QuerySet[ThemeScope], themes: QuerySet[Theme], day: date | None) -> Themes:
    told = scopes.values_list("told_on", "told_until", "lines", "unread", "one_in", "is_behind").first()
    if told is None or told[0] is None:
        return Themes()
    days = ThemeDay.objects.filter(theme__in=themes)
    last = told[0] if day is None else _last_looked_at(days, min(day, told[0]))
    found = list(days.filter(day=last).order_by("place").values(*_DAY)) if last else []
    return Themes(tuple(_told(found)), *told[1:])


def _last_looked_at(days: QuerySet[ThemeDay], day: date) -> date | None:
    """That day, or the last one before it whose week is not over by then."""
    recent = days.filter(day__lte=day, day__gt=day - WEEK).aggregate(last=Max("day"))
    return recent["last"]  # type: ignore[no-any-return]


def _told(found: Sequence[Mapping[str, Any]]) -> list[ThemeOfTalk]:
    wanted = {pk for row in found for pk in (*row["quotes"], *row["waiting"], row["theme__title_message"])}
    said = _said(wanted)
    return [theme for row in found if (theme := _theme(row, said)) is not None]


def _said(ids: Collection[int]) -> dict[int, QuoteOfTheme]:
    """These messages, but for those that are gone or withdrawn."""
    standing = Message.objects.filter(pk__in=rows.among(ids), recalled_at=None)
    found = standing.values_list("pk", "group_id", "sender_id", "at", "text")
    return {row[0]: QuoteOfTheme(*row) for row in found}


def _theme(row: Mapping[str, Any], said: Mapping[int, QuoteOfTheme]) -> ThemeOfTalk | None:
    """None where nothing that was said on it stands any more."""
    quotes, waiting = (tuple(said[pk] for pk in row[name] if pk in said) for name in ("quotes", "waiting"))
    titled = said.get(row["theme__title_message"])
    title = titled.text[row["theme__title_start"] : row["theme__title_end"]] if titled else ""
    if not quotes:
        return None
    return ThemeOfTalk(
        id=row["theme_id"],
        title=" ".join(title.split()) or " ".join(quotes[0].text.split()),
        trend=Trend(row["trend"]),
        first_on=row["theme__first_on"],
        quotes=quotes,
        waiting=waiting,
        **{name: row[name] for name in _DAY[3:16]},
        open=row["open"],
    )
