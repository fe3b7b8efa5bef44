"""The list of groups: found by any word of the remark, filtered, ordered, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from qunying.communities.lineage import list_superseded
from qunying.communities.noting import Importance
from qunying.communities.queries import GroupLine, list_group_lines
from qunying.console.choices import Choice, changed, choices
from qunying.console.group.notes import IMPORTANCE_WORDS
from qunying.console.groups.health import HEALTH_WORDS, Finding, Health, change_of, judge_health, tell_health
from qunying.console.groups.matching import find_fitting
from qunying.console.search.wanted import read_wanted
from qunying.insights.figures import Figures, figures_of
from qunying.ui.pages import Pages, kept_query, read_page

PAGE_SIZE = 30


class Row(NamedTuple):
    """One group of the list with its numbers. A tuple, because thousands are made to show thirty."""

    group: GroupLine
    numbers: Figures
    health: Health

    @property
    def messages(self) -> int:
        """Of the seven whole days up to yesterday."""
        return self.numbers.weeks[-1]

    @property
    def line_tone(self) -> str:
        """Amber for a line that falls."""
        return "look" if self.health in {Health.QUIET, Health.SLOWING} else ""

    @property
    def importance(self) -> str:
        """How much the group matters, in a word; '' where it matters as most do."""
        return str(IMPORTANCE_WORDS[Importance(self.group.importance)]) if self.group.importance else ""

    @property
    def change(self) -> float | None:
        """Messages against the seven days before, as a share of those; None where nothing was said then."""
        return change_of(self.numbers.weeks)

    @property
    def finding(self) -> Finding:
        """The word of its health with the numbers behind it."""
        return tell_health(self.health, self.numbers, self.group.capacity)


@dataclass(frozen=True, slots=True)
class Shown:
    """A group of the page that is shown, and the name of the group that goes on with it, where one does."""

    row: Row
    followed_by: str = ""


@dataclass(frozen=True, slots=True)
class Folded:
    """The groups that are folded away and would stand here: how many, what was said there in seven days, the way to them."""

    count: int
    messages: int
    href: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list with everything that steers it. ``is_guess``: nothing fits, these have names like it."""

    rows: tuple[Shown, ...]
    pages: Pages
    words: str
    is_guess: bool
    healths: tuple[Choice, ...]
    communities: tuple[Choice, ...]
    folds: tuple[Choice, ...]
    folded: Folded | None
    tag: Choice | None
    orders: dict[str, Choice]
    kept: tuple[tuple[str, str], ...]
    kept_query: str
    all: int
    as_of: datetime | None


def read_groups(communities: Sequence[tuple[int, str]], query: QueryDict, now: datetime) -> Listing:
    """The part of the list that an address asks for; what it asks wrongly is taken as not asked."""
    asked = _asked(query, communities)
    rows = _counted([pk for pk, _name in communities], now)
    found = _found(rows, asked)
    shown = _shown(found.rows, asked)
    page = read_page(asked.get("page"), -(-len(shown) // PAGE_SIZE))
    return Listing(
        rows=_with_followers(shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], rows),
        pages=Pages(page, PAGE_SIZE, len(shown), npgettext("unit", "个群", "个群", len(shown)), kept_query(asked)),
        words=asked.get("q", ""),
        is_guess=found.is_guess,
        healths=_healths(asked, found.rows),
        communities=_communities(asked, communities),
        folds=choices(asked, "folded", [("", _("平时看的")), ("yes", _("收起来的")), ("all", _("都看"))]),
        folded=_folded(asked, found.folded),
        tag=_tag(asked),
        orders=_orders(asked),
        kept=tuple((key, value) for key, value in asked.items() if key not in {"q", "page"}),
        kept_query=kept_query(asked),
        all=len(rows),
        as_of=min((row.numbers.counted_at for row in rows if row.numbers.counted_at), default=None),
    )


def list_rows(communities: Sequence[tuple[int, str]], query: QueryDict, now: datetime) -> list[Row]:
    """Every group that an address asks for, goes_together page it names."""
    asked = _asked(query, communities)
    rows = _counted([pk for pk, _name in communities], now)
    return _shown(_found(rows, asked).rows, asked)


class _Found(NamedTuple):
    """What fits the words and the filters; ``folded`` would fit too and is folded away. ``is_guess``: only names like it fit."""

    rows: list[Row]
    folded: list[Row]
    is_guess: bool


def _found(rows: Sequence[Row], asked: Mapping[str, str]) -> _Found:
    is_narrow = bool(asked.get("community") or asked.get("tag"))
    here = [row for row in rows if _is_of(row.group, asked)] if is_narrow else list(rows)
    wanted, is_guess = read_wanted(asked.get("q", "")), False
    if not wanted.is_nothing:
        lines, is_guess = find_fitting([row.group for row in here], wanted)
        ids = {line.id for line in lines}
        here = [row for row in here if row.group.id in ids]
    folded = asked.get("folded", "")
    if folded == "all":
        return _Found(here, [], is_guess)
    away = [row for row in here if row.group.is_folded]
    if folded == "yes":
        return _Found(away, [], is_guess)
    return _Found([row for row in here if not row.group.is_folded], away, is_guess)


def _with_followers(shown: Sequence[Row], rows: Sequence[Row]) -> tuple[Shown, ...]:
    followed = list_superseded([row.group.id for row in shown])
    names = {row.group.id: row.group.name for row in rows} if followed else {}
    return tuple(Shown(row, names.get(followed.get(row.group.id, 0), "")) for row in shown)


def _folded(asked: Mapping[str, str], away: Sequence[Row]) -> Folded | None:
    if not away:
        return None
    return Folded(len(away), sum(row.messages for row in away), changed(asked, folded="yes"))


def _tag(asked: Mapping[str, str]) -> Choice | None:
    """The tag that is asked for, with the way back to all."""
    tag = asked.get("tag", "")
    return Choice(tag, changed(asked, tag=""), is_on=True) if tag else None


def _shown(found: Sequence[Row], asked: Mapping[str, str]) -> list[Row]:
    health, order = asked.get("health", ""), _order(asked.get("order", ""))
    shown = [row for row in found if row.health == health] if health else list(found)
    return sorted(shown, key=order) if order else shown


def _asked(query: QueryDict, communities: Sequence[tuple[int, str]]) -> dict[str, str]:
    """What the address asks, without what no list can answer."""
    known: dict[str, set[str]] = {
        "health": {health.value for health in Health},
        "folded": {"yes", "all"},
        "community": {str(pk) for pk, _name in communities},
    }
    asked = {key: value for key, value in query.dict().items() if isinstance(value, str) and value}
    return {key: value for key, value in asked.items() if key not in known or value in known[key]}


def _counted(community_ids: Sequence[int], now: datetime) -> list[Row]:
    """Every group with its figures; what was not counted yet counts as nothing."""
    lines, none = list_group_lines(community_ids), Figures()
    figures = figures_of(community_ids, now, [line.id for line in lines])
    return [
        Row(line, numbers, judge_health(numbers, line.capacity))
        for line in lines
        for numbers in (figures.get(line.id, none),)
    ]


def _is_of(group: GroupLine, asked: Mapping[str, str]) -> bool:
    community, tag = asked.get("community", ""), asked.get("tag", "")
    if community and community != str(group.community_id):
        return False
    return not tag or tag in group.tag_list


def _order(name: str) -> Callable[[Row], Any] | None:
    """What rows are ordered by; None: as they come, the most important first."""
    orders: dict[str, Callable[[Row], Any]] = {
        "name": lambda row: (row.group.name, row.group.id),
        "members": lambda row: (-row.numbers.present, row.group.id),
        "speakers": lambda row: (-row.numbers.speakers, row.group.id),
        "messages": lambda row: (-row.messages, row.group.id),
        "change": lambda row: (row.change if row.change is not None else 9e9, row.group.id),
    }
    return orders.get(name)


def _orders(asked: Mapping[str, str]) -> dict[str, Choice]:
    labels = {
        "": _("群"),
        "members": _("成员"),
        "speakers": _("7 天说话（人）"),
        "messages": _("7 天消息（条）"),
        "change": _("比前 7 天"),
    }
    here = asked.get("order", "")
    return {name or "weight": Choice(label, changed(asked, order=name), name == here) for name, label in labels.items()}


def _healths(asked: Mapping[str, str], found: Sequence[Row]) -> tuple[Choice, ...]:
    counts: dict[str, int] = {"": len(found)}
    for row in found:
        counts[row.health] = counts.get(row.health, 0) + 1
    labels = [("", _("全部")), *((health.value, _(HEALTH_WORDS[health])) for health in Health if health in counts)]
    return choices(asked, "health", labels, counts)


def _communities(asked: Mapping[str, str], communities: Sequence[tuple[int, str]]) -> tuple[Choice, ...]:
    if len(communities) < 2:
        return ()
    return choices(asked, "community", [("", _("所有社群")), *((str(pk), name) for pk, name in communities)])
