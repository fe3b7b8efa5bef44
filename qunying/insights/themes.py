"""Themes of talk with the people who are quoted: what groups or a community talk about, and whether that rises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qunying.communities.queries import CountedGroup, count_groups_of
from qunying.insights.scope import local_day
from qunying.insights.talks import Saying
from qunying.judgement.themes import Trend
from qunying.people.queries import names_of
from qunying.talk.themes import QuoteOfTheme, ThemeOfTalk, Themes, get_themes_of_community, get_themes_of_group

MOMENT = timedelta(microseconds=1)
NOT_LOOKED = Themes()


@dataclass(frozen=True, slots=True)
class Story:
    """A theme, who said what on it, and the first of the questions on it that nobody has answered."""

    theme: ThemeOfTalk
    quotes: tuple[Saying, ...]
    waiting: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Stories:
    """The themes of a week: rising ones first. ``told`` says what was looked at; ``timezone`` is that of the days."""

    stories: tuple[Story, ...] = ()
    told: Themes = NOT_LOOKED
    timezone: str = "UTC"

    @property
    def rising(self) -> tuple[Story, ...]:
        """Those that rise."""
        return tuple(one for one in self.stories if one.theme.trend is Trend.RISING)

    @property
    def is_known(self) -> bool:
        """Whether anybody has looked."""
        return self.told.until is not None


def read_themes(groups: Sequence[CountedGroup], until: datetime | None = None) -> Stories:
    """The themes of one group, or of the community whose groups these all are, as last looked at or as of the end of a span.

    Nothing where these are some groups of a community, or groups of several: nobody looks at those together.
    """
    if not groups:
        return Stories()
    zone = groups[0].timezone
    told = _told(groups, None if until is None else local_day(until - MOMENT, zone))
    names = _names(told)
    called = {group.id: group.name for group in groups}
    return Stories(tuple(_story(one, called, names) for one in told.themes), told, zone)


def read_themes_of_home(community_id: int, groups: Sequence[CountedGroup], until: datetime) -> Stories:
    """The same of a community whose groups these all are, as the caller knows."""
    zone = groups[0].timezone if groups else "UTC"
    told = get_themes_of_community(community_id, local_day(until - MOMENT, zone))
    names, called = _names(told), {group.id: group.name for group in groups}
    return Stories(tuple(_story(one, called, names) for one in told.themes), told, zone)


def _told(groups: Sequence[CountedGroup], day: date | None) -> Themes:
    if len(groups) == 1:
        return get_themes_of_group(groups[0].id, day)
    homes = {group.community_id for group in groups}
    if len(homes) > 1 or count_groups_of(homes) != len(groups):
        return Themes()
    return get_themes_of_community(homes.pop(), day)


def _names(told: Themes) -> dict[int, str]:
    met = {quote.identity_id for one in told.themes for quote in (*one.quotes, *one.waiting) if quote.identity_id}
    return {pk: one.name for pk, one in names_of(met).items()} if met else {}


def _story(theme: ThemeOfTalk, called: Mapping[int, str], names: Mapping[int, str]) -> Story:
    quotes, waiting = (tuple(_saying(one, called, names) for one in some) for some in (theme.quotes, theme.waiting))
    return Story(theme, quotes, waiting)


def _saying(quote: QuoteOfTheme, called: Mapping[int, str], names: Mapping[int, str]) -> Saying:
    who = quote.identity_id or 0
    name = names.get(who) or (f"#{who}" if who else "")
    group = called.get(quote.group_id, "")
    return Saying(quote.group_id, group, quote.message_id, who, name, quote.at, " ".join(quote.text.split()))
