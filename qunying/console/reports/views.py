"""A community's daily, weekly and monthly reports: to read, to print, to take along."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qunying.communities.access import access_community, visible_communities
from qunying.communities.queries import CountedHome
from qunying.console.choices import Choice
from qunying.console.reports.context import DigestPage, DigestRest, Home, ReportsPage
from qunying.console.show import show, signed_in
from qunying.insights.digest import words
from qunying.insights.digest.asking import read_dates, read_period
from qunying.insights.digest.blocks import blocks_at_end, blocks_at_once, blocks_of_rest
from qunying.insights.digest.periods import DAY as ONE_DAY
from qunying.insights.digest.periods import Dates, Period, dates_around
from qunying.insights.digest.shapes import TAKEN, render_digest
from qunying.insights.digest.telling import Digest, Record, make_digest, make_outline, read_record
from qunying.insights.rendering.laying import lay_blocks
from qunying.insights.rendering.shapes import SHAPES
from qunying.insights.scope import local_day
from qunying.kernel import clock
from qunying.kernel.errors import BadUse, QunyingError

NAMES = {"png": gettext_noop("图片"), "pdf": "PDF", "xlsx": "Excel", "md": "Markdown", "json": "JSON"}


@require_GET
@signed_in
def reports(request: HttpRequest) -> HttpResponse:
    """Every community somebody may see, with the ways to its reports."""
    homes = tuple(Home(one.pk, one.name, _periods(one.pk, None)) for one in visible_communities(request.user))
    return show(request, "console/reports/page.html", ReportsPage(homes))


@require_GET
@signed_in
def digest(request: HttpRequest, community_id: int, period: str) -> HttpResponse:
    """One report; a day that is none says so above the latest one."""
    now, kind, error = clock.now(), _period(period), ""
    record = _record(request, community_id, now)
    try:
        dates = read_dates(kind, request.GET.get("day", ""), record, now)
    except BadUse as problem:
        error, dates = problem.said(_), read_dates(kind, "", record, now)
    page = _page(make_outline(record, kind, dates, now), now, error)
    return show(request, "console/reports/digest.html", page, status=422 if error else 200)


@require_GET
@signed_in
def rest(request: HttpRequest, community_id: int, period: str) -> HttpResponse:
    """What of the report comes after its page."""
    now, kind = clock.now(), _period(period)
    record = _record(request, community_id, now)
    try:
        told = make_digest(record, kind, read_dates(kind, request.GET.get("day", ""), record, now), now)
    except BadUse as error:
        raise Http404 from error
    page = DigestRest(_title(told), _address(told, told.dates), tuple(lay_blocks(blocks_of_rest(told))))
    return show(request, "console/reports/rest.html", page, part="blocks")


@require_GET
@signed_in
def download(request: HttpRequest, community_id: int, period: str, shape: str) -> HttpResponse:
    """The same report as a file."""
    now, kind = clock.now(), _period(period)
    record = _record(request, community_id, now)
    if shape not in TAKEN:
        raise Http404
    try:
        told = make_digest(record, kind, read_dates(kind, request.GET.get("day", ""), record, now), now)
        content = render_digest(told, shape, get_language() or "zh-hans")
    except QunyingError as error:
        return HttpResponse(error.said(_), status=422, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=SHAPES[shape].content_type)
    name = quote(f"{told.community} {words.kind(kind)} {told.dates.first}.{shape}", safe="")
    response["Content-Disposition"] = f"{'inline' if shape == 'png' else 'attachment'}; filename*=UTF-8''{name}"
    return response


def _record(request: HttpRequest, community_id: int, now: datetime) -> Record:
    community = access_community(request.user, community_id)
    return read_record(CountedHome(community.pk, community.name, community.timezone), now)


def _period(text: str) -> Period:
    try:
        return read_period(text)
    except BadUse as error:
        raise Http404 from error


def _page(told: Digest, now: datetime, error: str) -> DigestPage:
    following = dates_around(told.period, told.dates.last + ONE_DAY)
    has_begun = following.first <= local_day(now, told.timezone)
    return DigestPage(
        id=told.community_id,
        title=_title(told),
        blocks=tuple(lay_blocks(blocks_at_once(told))),
        rest_at=_address(told, told.dates, "digest-rest"),
        ending=tuple(lay_blocks(blocks_at_end(told))),
        periods=_periods(told.community_id, told),
        earlier=_address(told, dates_around(told.period, told.dates.first - ONE_DAY)),
        later=_address(told, following) if has_begun else "",
        period=told.period.value,
        day=told.dates.first.isoformat(),
        shapes=tuple((shape, _(NAMES[shape])) for shape in TAKEN),
        error=error,
    )


def _title(told: Digest) -> str:
    return f"{words.kind(told.period)} · {told.community}"


def _address(told: Digest, dates: Dates, what: str = "digest") -> str:
    query = urlencode({"day": dates.first.isoformat()})
    return f"{reverse(f'console:{what}', args=[told.community_id, told.period.value])}?{query}"


def _periods(community_id: int, told: Digest | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            words.kind(one),
            reverse("console:digest", args=[community_id, one.value]),
            told is not None and told.period is one,
        )
        for one in Period
    )
