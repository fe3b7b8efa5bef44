"""The metric catalogue, and each metric by itself."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from qunying.communities.access import Permission, reach_of
from qunying.console.insights import journeys
from qunying.console.insights.cells import read_cell
from qunying.console.insights.context import CataloguePage
from qunying.console.insights.measuring import describe, read_metric
from qunying.console.insights.narrowing import within
from qunying.console.show import show, signed_in
from qunying.insights.catalogue import CATALOGUE
from qunying.insights.journeys.catalogue import JOURNEYS, Journey
from qunying.insights.metric import Metric
from qunying.kernel import clock


@require_GET
@signed_in
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every metric with its definition."""
    told: tuple[Metric | Journey, ...] = (*JOURNEYS, *CATALOGUE)
    page = CataloguePage(tuple(describe(metric) for metric in told))
    return show(request, "console/insights/page.html", page)


@require_GET
@signed_in
def metric(request: HttpRequest, name: str) -> HttpResponse:
    """One metric for the groups this person may see, over time or in parts; a journey with what is asked of it."""
    here = within(request.user)
    journey = next((one for one in JOURNEYS if one.name == name), None)
    if journey is not None:
        return show(request, "console/insights/journey.html", journeys.read_page(journey, here, request.GET))
    return _metric(request, name, is_waiting=request.headers.get("HX-Request") != "true")


def _metric(request: HttpRequest, name: str, *, is_waiting: bool) -> HttpResponse:
    found = next((one for one in CATALOGUE if one.name == name), None)
    if found is None:
        raise Http404
    page = read_metric(found, within(request.user), request.GET, clock.now(), may_wait=is_waiting)
    may_bring = page.is_brought and not reach_of(request.user, Permission.IMPORT).is_nowhere
    page = replace(page, is_brought=may_bring)
    return show(request, "console/insights/metric.html", page, part="answer", status=422 if page.error else 200)


@require_GET
@signed_in
def answer(request: HttpRequest, name: str) -> HttpResponse:
    """The answer to a journey, or to a metric of some people only, as a part of its page."""
    found = next((one for one in JOURNEYS if one.name == name), None)
    if found is None:
        return _metric(request, name, is_waiting=False)
    told = journeys.read_answer(found, within(request.user), request.GET, clock.now())
    return show(request, "console/insights/journey_answer.html", told, part="answer")


@require_GET
@signed_in
def people(request: HttpRequest, name: str) -> HttpResponse:
    """The people behind one number of a funnel or of retention: those who did it, and those who did not."""
    found = next((one for one in JOURNEYS if one.name == name), None)
    if found is None:
        raise Http404
    page = read_cell(found, within(request.user), request.GET, clock.now())
    return show(request, "console/insights/cell.html", page, status=422 if page.error else 200)
