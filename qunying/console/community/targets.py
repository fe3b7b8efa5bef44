"""One KPI of a community by itself: its course, its definition, and the target somebody sets."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext
from django.views.decorators.http import require_GET, require_POST

from qunying.communities.access import Permission
from qunying.communities.actions_stage import do_set_target, do_take_back_target
from qunying.communities.queries_chain import About
from qunying.console.community.access import community_page, days_asked
from qunying.console.community.context import Head, KpiPage
from qunying.console.community.forms import TargetForm
from qunying.console.community.kpis import lay_tile
from qunying.console.community.views import span_choices
from qunying.console.community.words import tell_number, tell_parts, tell_whole
from qunying.console.show import show
from qunying.insights.kpis.board import BoardOf, KpiLine, get_board
from qunying.insights.kpis.catalogue import BY_NAME, Kpi
from qunying.kernel import clock
from qunying.ui.dates import tell_date
from qunying.ui.plots import Plot, Series
from qunying.ui.toasts import toast

ALL_PARTS = 50
SOURCES = {
    "events": gettext_noop("进群和离开的记录"),
    "messages": gettext_noop("消息"),
    "memberships": gettext_noop("现在谁在群里"),
    "deeds": gettext_noop("导入的订单和别的事"),
    "groups": gettext_noop("群的登记"),
    "numbers": gettext_noop("导入的数字"),
    "whys": gettext_noop("写下的离开原因"),
}


@require_GET
@community_page()
def page(request: HttpRequest, head: Head, about: About, name: str) -> HttpResponse:
    """A KPI with its course and its target."""
    return _show(request, head, _known(name))


@require_POST
@community_page(Permission.SETTINGS)
def aim(request: HttpRequest, head: Head, about: About, name: str) -> HttpResponse:
    """What the KPI shall be; an empty field takes the target away."""
    kpi, days = _known(name), days_asked(request)
    form = TargetForm(kpi, request.POST)
    if not form.is_valid():
        return _show(request, head, kpi, form=form, status=422)
    actor, value = f"user:{request.user.pk}", form.cleaned_data["value"]
    is_new = do_set_target(head.id, name, days, value, unit=kpi.unit, at=clock.now(), actor=actor)
    undo = f"{reverse('console:community-kpi-back', args=[head.id, name])}?days={days}"
    toast(request, _("记下了") if is_new else _("没有改动"), undo_url=undo if is_new else "")
    return redirect(_address(head.id, name, days))


@require_POST
@community_page(Permission.SETTINGS)
def take_back(request: HttpRequest, head: Head, about: About, name: str) -> HttpResponse:
    """The target as it was before."""
    kpi, days = _known(name), days_asked(request)
    actor = f"user:{request.user.pk}"
    back = do_take_back_target(head.id, name, days, unit=kpi.unit, at=clock.now(), actor=actor)
    toast(request, _("撤回了") if back else _("没有可撤回的"))
    return redirect(_address(head.id, name, days))


def _known(name: str) -> Kpi:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def _address(community_id: int, name: str, days: int) -> str:
    return f"{reverse('console:community-kpi', args=[community_id, name])}?days={days}"


def _show(
    request: HttpRequest, head: Head, kpi: Kpi, *, form: TargetForm | None = None, status: int = 200
) -> HttpResponse:
    counted = get_board(head.id, days_asked(request), clock.now())
    line = next(one for one in counted.kpis if one.kpi is kpi)
    context = KpiPage(
        head=head,
        name=kpi.name,
        kpi_title=_(kpi.title),
        title=_title(line),
        tile=lay_tile(line),
        parts=tell_parts(kpi, line.now, ALL_PARTS),
        plot=None if kpi.lacks else _plot(line, counted),
        definition=_(kpi.definition),
        caveats=tuple(_(caveat) for caveat in kpi.caveats),
        unit=_(kpi.unit),
        sources=tuple(_(SOURCES[source]) for source in kpi.sources),
        metric_href=_metric(kpi, head.id),
        is_brought="deeds" in kpi.sources,
        is_of_leaving="whys" in kpi.sources,
        form=form or TargetForm(kpi, initial={"value": _typed(kpi, line.target)}),
        has_before=line.target is not None,
        days=counted.days,
        spans=span_choices(counted.days),
        as_of=counted.as_of,
    )
    return show(request, "console/community/kpi.html", context, part="aim" if form else "", status=status)


def _title(line: KpiLine) -> str:
    name, now = _(line.kpi.title), tell_whole(line.kpi, line.now)
    if line.kpi.lacks:
        return _("%(name)s还不数") % {"name": name}
    if line.now.value is None:
        return _("%(name)s还没有数") % {"name": name}
    if line.misses is None:
        return _("%(name)s %(now)s") % {"name": name, "now": now}
    words = _("%(name)s %(now)s，没到目标 %(aim)s") if line.misses else _("%(name)s %(now)s，到了目标 %(aim)s")
    return words % {"name": name, "now": now, "aim": tell_number(line.kpi, float(line.target or 0))}


def _plot(line: KpiLine, counted: BoardOf) -> Plot | None:
    is_share = line.kpi.shown == "share"
    values = tuple(None if one.value is None else _scaled(one.value, is_share=is_share) for one in line.values)
    if not any(value is not None for value in values):
        return None
    labels = tuple(tell_date(timezone.localtime(end), pgettext("axis date", "n/j")) for _since, end in counted.spans)
    series = [Series(_(line.kpi.title), values)]
    if line.target is not None:
        aim = _scaled(float(line.target), is_share=is_share)
        series.append(Series(_("目标"), (aim,) * len(values), "peer"))
    unit = "%" if is_share else (line.now.currency or _(line.kpi.unit))
    sub = _("每点是到那天为止的 %(n)d 天") % {"n": counted.days}
    return Plot("line", _title(line), sub, unit, labels, tuple(series))


def _scaled(value: float, *, is_share: bool) -> float:
    return round(value * 100, 1) if is_share else round(value, 4)


def _typed(kpi: Kpi, target: Decimal | None) -> str:
    if target is None:
        return ""
    return format((target * 100 if kpi.shown == "share" else target).normalize(), "f")


def _metric(kpi: Kpi, community_id: int) -> str:
    if not kpi.metric:
        return ""
    return f"{reverse('console:insights-metric', args=[kpi.metric])}?community={community_id}"
