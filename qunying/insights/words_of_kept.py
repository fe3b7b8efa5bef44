"""Who stays, in words, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.insights.kept import SHOWN, Cohort, Kept
from qunying.insights.rendering.blocks import Column, Table, Value
from qunying.ui.dates import tell_date
from qunying.ui.figures import percent


def headline(kept: Kept) -> str:
    """«新来的人里 31% 第二周还在说话»; that nobody knows yet where no week after is over."""
    if kept.next_week is None:
        return _("新来的人留没留下，还看不出来")
    return _("新来的人里 %(share)s 下一周还在说话") % {"share": percent(kept.next_week)}


def told() -> str:
    """What the shares are of."""
    return _("按进群（没看见进群的，按第一句话）的那一周分；之后每一周里说过话的占多少，没过完的周不算。")


def table(kept: Kept) -> Table:
    """A row per week in which somebody came."""
    weeks = (_("第 %(n)d 周") % {"n": n} for n in range(1, SHOWN + 1))
    columns = (Column(_("哪一周来的")), Column(_("来了"), "count"), *(Column(name, "share") for name in weeks))
    return Table(headline(kept), told(), columns, [_row(one) for one in kept.cohorts])


def _row(cohort: Cohort) -> tuple[Value, ...]:
    return (
        _("%(day)s 起") % {"day": tell_date(cohort.monday, pgettext("date format", "n/j"))},
        cohort.came,
        *cohort.back,
    )
