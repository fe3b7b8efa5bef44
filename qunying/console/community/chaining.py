"""A chain laid out to be shown: as one line, and as the answer in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from qunying.communities.chains import FROM_OUTSIDE, UNIT_NAMES
from qunying.console.community.context import ChainPanel, LinkBox
from qunying.console.community.words import tell_count, tell_counting, tell_link, tell_ratio, tell_share
from qunying.insights.chain import LinkCount
from qunying.ui.figures import MISSING, number


def lay_panel(chain: Sequence[LinkCount]) -> ChainPanel:
    """The chain as one line with its answer."""
    return ChainPanel(tell_chain(chain), tuple(map(lay_link, chain)))


def tell_chain(chain: Sequence[LinkCount]) -> str:
    """The answer: how many came how far, or what is missing to say so."""
    if not chain:
        return _("还没有画运营链")
    told = [one for one in chain if one.count is not None]
    if not told:
        return _("运营链上还没有一个环节有数")
    weakest = min((one for one in told if one.is_conversion), key=lambda one: one.share or 0.0, default=None)
    if weakest is not None and weakest.before is not None and weakest.share is not None and weakest.share < 1:
        return _("最窄的一环：%(before)s到%(after)s，%(share)s") % {
            "before": tell_link(weakest.before),
            "after": tell_link(weakest.link),
            "share": tell_share(weakest.share),
        }
    return _("、").join(f"{tell_link(one.link)} {tell_count(one.count or 0, one.link.unit)}" for one in told[:3])


def lay_link(one: LinkCount) -> LinkBox:
    """One link with its number, how it is counted, and how it stands to the counted one before."""
    link, count = one.link, one.count
    return LinkBox(
        name=tell_link(link),
        count=MISSING if count is None else number(count),
        unit="" if count is None else _(UNIT_NAMES[link.unit]),
        how=_tell_how(one),
        step=_tell_step(one),
        step_how=_tell_step_how(one),
        is_ours=link.is_ours,
        is_missing=count is None,
    )


def _tell_how(one: LinkCount) -> str:
    counting = tell_counting(one.link.count_by)
    if one.count is not None:
        return _("这段时间里：%(counting)s。") % {"counting": counting}
    if one.link.count_by in FROM_OUTSIDE:
        return _("%(counting)s；这段时间还没有。") % {"counting": counting}
    return _("还没定怎么数。")


def _tell_step(one: LinkCount) -> str:
    if one.share is None:
        return ""
    if not one.is_conversion:
        return tell_ratio(one.share)
    return tell_share(one.share)


def _tell_step_how(one: LinkCount) -> str:
    if one.before is None:
        return ""
    if not one.is_conversion:
        return _("和「%(before)s」的单位不一样，只是两个数的比，不是转化率。") % {"before": tell_link(one.before)}
    return _("占「%(before)s」的多少。两个数各数各的，不一定是同一批人。") % {"before": tell_link(one.before)}
