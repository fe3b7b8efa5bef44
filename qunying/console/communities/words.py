"""Communities in sentences: which needs somebody, how it does on its targets, how many of its people are active."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.console.communities.context import Active, Card
from qunying.console.community.words import tell_whole
from qunying.insights.kpis.glances import Glance
from qunying.ui.figures import exact, number, percent

FALLS = 0.02  # two points of a hundred: less is the usual up and down
NAMED = 2


def tell_title(cards: Sequence[Card]) -> str:
    """How many communities there are, and how many of them need somebody."""
    if not cards:
        return _("社群")
    needy = sum(bool(card.tone) for card in cards)
    of_all = ngettext("%(n)s 个社群", "%(n)s 个社群", len(cards)) % {"n": number(len(cards))}
    if not needy:
        return _("%(all)s，都不用人管") % {"all": of_all}
    return ngettext("%(all)s，%(n)s 个要人看", "%(all)s，%(n)s 个要人看", needy) % {"all": of_all, "n": number(needy)}


def tell_lead(cards: Sequence[Card]) -> str:
    """Whom to look at first and why; nothing where nobody needs it."""
    first = next((card for card in cards if card.tone), None)
    if first is None:
        return ""
    why = [*(want.what for want in first.wants[:NAMED]), *([first.aims] if first.is_behind else [])]
    return _("先看「%(name)s」：%(why)s。") % {"name": first.name, "why": _("，").join(why)}


def tell_aims(glance: Glance) -> str:
    """How the community does on what it was aimed at."""
    missed = [line for line in glance.kpis if line.misses]
    aimed = [line for line in glance.kpis if line.misses is not None]
    if missed:
        names = [f"{_(line.kpi.title)} {tell_whole(line.kpi, line.now)}" for line in missed[:NAMED]]
        words = _("%(aimed)s 项目标，%(missed)s 项没到：%(names)s")
        return words % {"aimed": len(aimed), "missed": len(missed), "names": _("、").join(names)}
    if aimed:
        words = ngettext("%(n)s 项目标到了", "%(n)s 项目标都到了", len(aimed))
        return words % {"n": len(aimed)}
    return _("还没定目标")


def tell_active(glance: Glance) -> Active | None:
    """How many spoke in seven days, against those before; nothing where nobody was there."""
    now, before = glance.active.value, glance.active_before.value
    if now is None:
        return None
    told = _("%(whole)s 人里 %(part)s 人在 7 天里说过话") % {
        "whole": number(glance.active.whole),
        "part": number(glance.active.part),
    }
    if before is None:
        return Active(percent(now), told, "", "")
    points = now - before
    change = _("持平")
    if round(abs(points) * 100, 1):
        words = _("升 %(n)s 个百分点") if points > 0 else _("降 %(n)s 个百分点")
        change = words % {"n": exact(round(abs(points) * 100, 1))}
    return Active(percent(now), told, change, "look" if points <= -FALLS else "")
