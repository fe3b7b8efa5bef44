"""Chains, KPIs and stages in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.communities.chains import COUNT_NAMES, GROUPS, KIND_NAMES, TIMES, Link
from qunying.console.settings.forms import PURPOSES
from qunying.insights.kpis.catalogue import FEW, Kpi
from qunying.insights.kpis.figures import Value
from qunying.insights.words import tell_why, way
from qunying.insights.words_of_layers import name as layer_name
from qunying.people.layers import Layer
from qunying.ui.figures import MISSING, exact, number, percent

PARTS_SHOWN = 3
PART_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "left_by_themselves": gettext_noop("自己走的"),
        "removed": gettext_noop("被移出的"),
        "promoters": gettext_noop("推荐的"),
        "detractors": gettext_noop("不推荐的"),
        "response_rate": gettext_noop("回答率"),
        "topics": gettext_noop("话题"),
        "each": gettext_noop("每个话题的成员"),
    }
)
KIND_OF_GROUP: Mapping[str, str] = MappingProxyType(
    {"chat": gettext_noop("聊天群"), "forum": gettext_noop("论坛板块"), "meetup": gettext_noop("线下聚会")}
)


def tell_purposes(purposes: tuple[str, ...]) -> tuple[str, ...]:
    """What a community is for, in the form's order."""
    return tuple(str(label) for code, label in PURPOSES if code in purposes)


def tell_link(link: Link) -> str:
    """What a link is called: as somebody named it, else as its kind is."""
    return _(link.name or KIND_NAMES[link.kind])


def tell_counting(count_by: str) -> str:
    """How a link is counted."""
    if count_by in COUNT_NAMES:
        return _(COUNT_NAMES[count_by])
    what = count_by.partition(":")[2]
    if count_by.startswith("again:"):
        return _("换一天又做「%(what)s」的人") % {"what": what}
    return _("做过「%(what)s」") % {"what": what}


def tell_count(count: int, unit: str) -> str:
    """A number with what it is a number of."""
    words = {
        TIMES: ngettext("%(n)s 次", "%(n)s 次", count),
        GROUPS: ngettext("%(n)s 个群", "%(n)s 个群", count),
    }
    return words.get(unit, ngettext("%(n)s 人", "%(n)s 人", count)) % {"n": number(count)}


def tell_ratio(share: float) -> str:
    """How much there is of one thing for each of the other, where that is no conversion: «每 100 : 3.2»."""
    return _("每 100 对 %(n)s") % {"n": exact(round(share * 100, 1))}


def tell_share(share: float) -> str:
    """A share as percent, small ones with a decimal."""
    return percent(share, 1 if 0 < share < 0.1 else 0)


def tell_number(kpi: Kpi, value: float | None) -> str:
    """A KPI's number without its unit."""
    if value is None:
        return MISSING
    if kpi.shown == "share":
        return tell_share(value)
    if kpi.shown == "count":
        return number(int(value))
    return exact(round(value, 1 if kpi.shown == "score" else 2))


def unit_of(kpi: Kpi, value: Value) -> str:
    """What stands behind the number: nothing behind a percentage, the currency behind money."""
    if kpi.shown == "share" or value.value is None:
        return ""
    return (value.currency or _("元")) if kpi.shown == "money" else _(kpi.unit)


def tell_whole(kpi: Kpi, value: Value) -> str:
    """A KPI's number with its unit."""
    return f"{tell_number(kpi, value.value)} {unit_of(kpi, value)}".strip()


def tell_part(kpi: Kpi, code: str, amount: float) -> str:
    """One of the parts told beside a KPI: its name and how many."""
    if code.startswith("via:"):
        return f"{way(code.removeprefix('via:'))} {number(int(amount))}"
    if code.startswith("why:"):
        return f"{tell_why(code.removeprefix('why:'))} {number(int(amount))}"
    if kpi.name == "layers":
        return f"{layer_name(Layer(code))} {number(int(amount))}"
    if code == "response_rate":
        return f"{_(PART_WORDS[code])} {percent(amount)}"
    if code == "each":
        return f"{_(PART_WORDS[code])} {exact(amount)}"
    if code in PART_WORDS:
        return f"{_(PART_WORDS[code])} {number(int(amount))}"
    return f"{code or _('没写货币')} {exact(amount)}"


def tell_parts(kpi: Kpi, value: Value, at_most: int = PARTS_SHOWN) -> tuple[str, ...]:
    """The parts told beside a KPI, the largest first where they are ways of coming."""
    parts = sorted(value.parts, key=lambda part: -part[1]) if kpi.name == "joins" else value.parts
    return tuple(tell_part(kpi, *part) for part in parts[:at_most])


def tell_few(kpi: Kpi, value: Value) -> str:
    """A warning beside a share or mean of few people; nothing beside others."""
    if kpi.shown not in {"share", "score"} or value.of is None or value.value is None or value.of >= FEW:
        return ""
    return ngettext("只有 %(n)s 人，别太当真", "只有 %(n)s 人，别太当真", value.of) % {"n": number(value.of)}
