"""A group's report: to read, to print, to take along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qunying.communities.access import Permission, reach_of
from qunying.communities.queries import CountedGroup, GroupInfo
from qunying.console.choices import Choice, changed
from qunying.console.group.access import GroupHead, group_page
from qunying.console.group.counting import groups_counted
from qunying.console.report.context import ReportPage
from qunying.console.show import show
from qunying.insights import words
from qunying.insights.asking import latest_span, span_asked, whole_span
from qunying.insights.benchmarks import Peers, is_of_the_last_days, read_peers
from qunying.insights.rendering.as_html import context
from qunying.insights.rendering.shapes import SHAPES, render
from qunying.insights.report import make_report
from qunying.kernel import clock
from qunying.kernel.errors import BadUse, QunyingError

TAKEN = ("png", "pdf", "xlsx", "md", "json")
MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
_Span = tuple[datetime, datetime]
TALKS = 500  # conversations told while somebody waits; the command ``report`` takes its time for more


@require_GET
@group_page("report")
def report(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """The report as a page; a date that is none says so above the default one."""
    counted, now = groups_counted(group.id, with_past=head.with_past), clock.now()
    whole = whole_span(counted, now)
    latest = latest_span(counted, now, whole)
    error, span = "", latest
    try:
        span = span_asked(request.GET.get("from", ""), request.GET.get("to", ""), counted, span)
    except BadUse as problem:
        error = problem.said(_)
    is_over = span[1] < now - DAY  # nobody waits for the latest one, which everybody opens
    peers = _peers(request, group, counted, span, latest)
    made = make_report(counted, *span, now, talks=TALKS, with_slow=is_over, peers=peers)
    first, last = _day(span[0]), _day(span[1] - MOMENT)
    page = ReportPage(
        head=head,
        title=f"{words.kind(made)} · {words.title(made)}",
        body=SafeString(
            render_to_string("insights/_report.html", {**context(made), "kept_at": "" if is_over else _kept_at(head)})
        ),
        spans=_spans(whole, now, (first, last), {"past": "1"} if head.with_past else {}),
        since=first.isoformat(),
        until=last.isoformat(),
        query=urlencode(
            {"from": first.isoformat(), "to": last.isoformat(), **({"past": "1"} if head.with_past else {})}
        ),
        dates=urlencode({"from": first.isoformat(), "to": last.isoformat()}),
        error=error,
    )
    return show(request, "console/report/page.html", page, status=422 if error else 200)


@require_GET
@group_page("report")
def download(request: HttpRequest, head: GroupHead, group: GroupInfo, shape: str) -> HttpResponse:
    """The same report as a picture, on paper, in tables, as Markdown or JSON."""
    if shape not in TAKEN:
        raise Http404
    counted, now = groups_counted(group.id, with_past=head.with_past), clock.now()
    try:
        latest = latest_span(counted, now)
        span = _span(request, counted, latest)
        made = make_report(counted, *span, now, talks=TALKS, peers=_peers(request, group, counted, span, latest))
        content = render(made, shape, get_language() or "zh-hans")
    except QunyingError as error:
        return HttpResponse(error.said(_), status=422, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=SHAPES[shape].content_type)
    name = quote(f"{head.name}.{shape}", safe="")
    response["Content-Disposition"] = f"{'inline' if shape == 'png' else 'attachment'}; filename*=UTF-8''{name}"
    return response


def _kept_at(head: GroupHead) -> str:
    return reverse("console:group-kept", args=[head.id]) + ("?past=1&hangs=1" if head.with_past else "?hangs=1")


def _span(request: HttpRequest, groups: tuple[CountedGroup, ...], latest: _Span) -> _Span:
    return span_asked(request.GET.get("from", ""), request.GET.get("to", ""), groups, latest)


def _peers(
    request: HttpRequest, group: GroupInfo, counted: tuple[CountedGroup, ...], span: _Span, latest: _Span
) -> Peers | None:
    """The group beside its peers, whose figures are of the last seven days: for reports of no other span."""
    if len(counted) > 1 or not is_of_the_last_days(span, latest, clock.now()):
        return None
    return read_peers(group.id, reach_of(request.user, Permission.READ).ids)


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _spans(
    whole: tuple[datetime, datetime], now: datetime, shown: tuple[date, date], kept: Mapping[str, str]
) -> tuple[Choice, ...]:
    """Spans people ask for, counted from now, or from the end of a record that ended long ago."""
    first, end = (_day(moment) for moment in whole)
    last = end if whole[1] == now else end - timedelta(days=1)
    monday = last - timedelta(days=last.weekday())
    month = (last.replace(day=1) - timedelta(days=1)).replace(day=1)
    named = {
        _("近 7 天"): (last - timedelta(days=6), last),
        _("上周"): (monday - timedelta(days=7), monday - timedelta(days=1)),
        _("近 30 天"): (last - timedelta(days=29), last),
        _("上月"): (month, last.replace(day=1) - timedelta(days=1)),
        _("从头到尾"): (first, last),
    }
    lit = next((label for label, span in named.items() if span == shown), "")  # a short record has equal spans
    return tuple(
        Choice(label, changed(kept, **{"from": span[0].isoformat(), "to": span[1].isoformat()}), label == lit)
        for label, span in named.items()
    )
