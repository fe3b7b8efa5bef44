"""The list of groups."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qunying.communities.access import Permission, reach_of, visible_communities
from qunying.console.groups.context import GroupsPage
from qunying.console.groups.listing import Row, list_rows, read_groups
from qunying.console.sheet import as_csv
from qunying.console.show import show, signed_in
from qunying.kernel import clock


@require_GET
@signed_in
def groups(request: HttpRequest) -> HttpResponse:
    """Every group this person may see, found, filtered and ordered."""
    communities = [(community.pk, community.name) for community in visible_communities(request.user)]
    can_import = not reach_of(request.user, Permission.IMPORT).is_nowhere
    can_set = not reach_of(request.user, Permission.SETTINGS).is_nowhere
    page = GroupsPage(read_groups(communities, request.GET, clock.now()), can_import, can_set)
    return show(request, "console/groups/page.html", page, part="list")


@require_GET
@signed_in
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same list whole, as a file."""
    communities = [(community.pk, community.name) for community in visible_communities(request.user)]
    columns = (
        "id",
        _("群"),
        _("平台上的名字"),
        _("社群"),
        _("城市"),
        _("行业"),
        _("公司"),
        _("日期"),
        _("标签"),
        _("重要程度"),
        _("权重"),
        _("人数上限"),
        _("群规"),
        _("成员"),
        _("7 天说话（人）"),
        _("7 天消息（条）"),
        _("比前 7 天"),
        _("健康"),
    )
    return as_csv("groups", columns, map(_cells, list_rows(communities, request.GET, clock.now())))


def _cells(row: Row) -> tuple[object, ...]:
    group, change = row.group, row.change
    return (
        group.id,
        group.name,
        group.carrier_name,
        group.community,
        group.city,
        group.industry,
        group.company,
        group.noted_on,
        group.tags,
        row.importance,
        group.weight,
        group.capacity,
        group.rule_set,
        row.numbers.present,
        row.numbers.speakers,
        row.messages,
        "" if change is None else f"{change:.0%}",
        row.finding.word,
    )
