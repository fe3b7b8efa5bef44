"""A group beside its peers in words, in the active language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.insights.benchmarks import LEAST, Kind, Measure, Peers, Standing
from qunying.ui.charts import Range
from qunying.ui.figures import change, exact, number, percent

KINDS: Mapping[Kind, str] = {
    Kind.INDUSTRY: gettext_noop("同行业、差不多大的 %(n)s 个群"),
    Kind.CITY: gettext_noop("同城、差不多大的 %(n)s 个群"),
    Kind.HOME_AND_SIZE: gettext_noop("同社群、差不多大的 %(n)s 个群"),
    Kind.HOME: gettext_noop("同社群的 %(n)s 个群"),
    Kind.SIZE: gettext_noop("差不多大的 %(n)s 个群"),
}


def who(peers: Peers) -> str:
    """What the peers are; that there are too few where there are."""
    if peers.kind is None:
        return _("同类的群只有 %(n)s 个，不到 %(least)s 个不比。") % {"n": number(peers.count), "least": number(LEAST)}
    return _(KINDS[peers.kind]) % {"n": number(peers.count)}


def told(peers: Peers, measure: Measure) -> str:
    """«同社群的 12 个群：一半在 20%–40%，中间是 30%；这里 25%，排第 7»."""
    found = peers.standings[measure]
    words = _("%(who)s：一半在 %(low)s 到 %(high)s，中间是 %(middle)s；这里 %(value)s，排第 %(place)s。近 7 个整天。")
    return words % {
        "who": who(peers),
        "low": figure(measure, found.low),
        "high": figure(measure, found.high),
        "middle": figure(measure, found.middle),
        "value": figure(measure, found.value),
        "place": number(found.place),
    }


MEASURED: Mapping[Measure, str] = {
    Measure.SPEAKERS: gettext_noop("说话的人占成员"),
    Measure.MESSAGES: gettext_noop("每个成员的消息"),
    Measure.CHANGE: gettext_noop("消息比前一周"),
}


def measured(measure: Measure) -> str:
    """What is compared."""
    return _(MEASURED[measure])


def headline(peers: Peers) -> str:
    """The answer: in what a group stands above or below half of its kind."""
    above = [one for one, found in peers.standings.items() if found.value > found.high]
    below = [one for one, found in peers.standings.items() if found.value < found.low]
    told = [
        words % {"what": _("、").join(map(measured, some))}
        for words, some in ((_("%(what)s比同类高"), above), (_("%(what)s比同类低"), below))
        if some
    ]
    return _("，").join(told) or _("和同类的群差不多")


def looked_at(peers: Peers) -> str:
    """Beside whom, and of which days."""
    return _("%(who)s，近 7 个整天") % {"who": who(peers)}


def line(peers: Peers, measure: Measure) -> str:
    """«说话的人占成员：这里 25%，排第 7 / 13；同类一半在 20% 到 40%，中间 30%»."""
    found = peers.standings[measure]
    words = _("%(what)s：这里 %(value)s，排第 %(place)s / %(of)s；同类一半在 %(low)s 到 %(high)s，中间 %(middle)s")
    return words % {
        "what": measured(measure),
        "value": figure(measure, found.value),
        "place": number(found.place),
        "of": number(found.of),
        "low": figure(measure, found.low),
        "high": figure(measure, found.high),
        "middle": figure(measure, found.middle),
    }


def short(peers: Peers, measure: Measure) -> str:
    """The median of the peers: «同类中间 30%»."""
    return _("同类中间 %(middle)s") % {"middle": figure(measure, peers.standings[measure].middle)}


def drawn(peers: Peers, measure: Measure) -> Range:
    """As a line with a band, a tick and a dot."""
    found: Standing = peers.standings[measure]
    return Range(found.value, found.smallest, found.low, found.middle, found.high, found.largest, told(peers, measure))


def figure(measure: Measure, value: float) -> str:
    """A figure as it is written."""
    if measure is Measure.SPEAKERS:
        return percent(value)
    if measure is Measure.CHANGE:
        return change(value)
    return _("每人 %(n)s 条") % {"n": exact(round(value, 1))}


def beside_report(peers: Peers | None) -> dict[str, object]:
    """What ``insights/_report.html`` shows of the group beside its peers; nothing where there are too few of them."""
    if peers is None:
        return {}
    found: dict[str, object] = {}
    for measure in (Measure.SPEAKERS, Measure.MESSAGES):
        if measure in peers.standings:
            found[f"{measure}_peers"], found[f"{measure}_among"] = short(peers, measure), drawn(peers, measure)
    return found
