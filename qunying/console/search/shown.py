"""From words to the page of what fits them: a few of each kind, or page by page of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from qunying.console.search.context import SearchPage, Section, Tab
from qunying.console.search.deeds import Possible
from qunying.console.search.finding import (
    find_groups,
    find_messages,
    find_people,
    show_groups,
    show_messages,
    show_people,
)
from qunying.console.search.wanted import Wanted
from qunying.ui.pages import Pages, read_page

T = TypeVar("T")

FEW = 4
AT_ONCE = 25
MOST = 200
DEEDS_AT_ONCE = 4
KINDS: Mapping[str, str] = MappingProxyType(
    {"groups": gettext_noop("群"), "people": gettext_noop("成员"), "messages": gettext_noop("消息")}
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Within which communities is searched. ``is_everywhere``: these are all, so that nothing has to be left out."""

    community_ids: Sequence[int]
    is_everywhere: bool

    @property
    def limits(self) -> Collection[int] | None:
        """The communities as a bound, None where there is none."""
        return None if self.is_everywhere else self.community_ids


def show_everything(wanted: Wanted, scope: Scope, deeds: Sequence[Possible]) -> SearchPage:
    """A few of each kind, as ⌘K shows them."""
    if wanted.is_nothing:
        return SearchPage(query=wanted.text, deeds=deeds)
    groups = find_groups(wanted, scope.community_ids)
    people = find_people(wanted, scope.limits, FEW + 1)
    said = find_messages(wanted, scope.limits, FEW + 1)
    return SearchPage(
        query=wanted.text,
        tabs=_tabs(wanted, ""),
        groups=show_groups(groups[:FEW], wanted),
        group_section=_section(wanted, "groups", len(groups), is_more=False),
        people=show_people(people[:FEW], wanted),
        people_section=_section(wanted, "people", min(FEW, len(people)), is_more=len(people) > FEW),
        said=show_messages(said[:FEW], wanted),
        said_section=_section(wanted, "messages", min(FEW, len(said)), is_more=len(said) > FEW),
        deeds=deeds[:DEEDS_AT_ONCE],
        is_empty=not (groups or people or said or deeds),
    )


def show_one_kind(wanted: Wanted, kind: str, scope: Scope, page: str | None) -> SearchPage:
    """One kind page by page, ``MOST`` of them at most."""
    match kind:
        case "groups":
            groups = find_groups(wanted, scope.community_ids)
            pages, rows = _paged(wanted, kind, groups, page)
            section = _section(wanted, kind, len(groups), is_more=False)
            return SearchPage(groups=show_groups(rows, wanted), group_section=section, **_around(wanted, kind, pages))
        case "people":
            people = find_people(wanted, scope.limits, MOST)
            pages, members = _paged(wanted, kind, people, page)
            section = _section(wanted, kind, len(people), is_more=len(people) >= MOST)
            return SearchPage(
                people=show_people(members, wanted),
                people_section=section,
                **_around(wanted, kind, pages),
            )
        case _:
            said = find_messages(wanted, scope.limits, MOST)
            pages, lines = _paged(wanted, kind, said, page)
            section = _section(wanted, kind, len(said), is_more=len(said) >= MOST)
            return SearchPage(said=show_messages(lines, wanted), said_section=section, **_around(wanted, kind, pages))


def _paged(wanted: Wanted, kind: str, found: Sequence[T], page: str | None) -> tuple[Pages, Sequence[T]]:
    number = read_page(page, -(-len(found) // AT_ONCE))
    start = (number - 1) * AT_ONCE
    pages = Pages(number, AT_ONCE, len(found), pgettext("found", "个"), urlencode({"q": wanted.text, "in": kind}))
    return pages, found[start : start + AT_ONCE]


def _around(wanted: Wanted, kind: str, pages: Pages) -> dict[str, Any]:
    return {
        "query": wanted.text,
        "within": kind,
        "tabs": _tabs(wanted, kind),
        "is_empty": not pages.total,
        "pages": pages,
    }


def _section(wanted: Wanted, kind: str, count: int, *, is_more: bool) -> Section | None:
    return Section(count, is_more, f"?{urlencode({'q': wanted.text, 'in': kind})}") if count else None


def _tabs(wanted: Wanted, chosen: str) -> list[Tab]:
    query = {"q": wanted.text}
    tabs = [Tab(_("全部"), f"?{urlencode(query)}", not chosen)]
    return [
        *tabs,
        *(Tab(_(label), f"?{urlencode({**query, 'in': kind})}", kind == chosen) for kind, label in KINDS.items()),
    ]
