"""A table of orders or other deeds: handed over, looked at as it would be read, read, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.carriers.files.deeds import header_of_deeds
from qunying.carriers.files.sources import open_file
from qunying.communities.access import Permission, access_community, reach_of, visible_communities
from qunying.communities.actions import check_zone
from qunying.console.colleagues import names_of_colleagues
from qunying.console.deeds.forms import DeedsForm, Home
from qunying.console.deeds.shown import show_brought, show_deeds, show_look
from qunying.console.deeds.words import COLUMN_WORDS
from qunying.console.imports.receiving import IntoFolder, do_expect, do_receive
from qunying.console.imports.views import access_draft, access_importing
from qunying.console.show import show, signed_in
from qunying.deeds.actions import do_take_back_import
from qunying.deeds.queries import ImportLine, count_deeds_brought, find_deed_import
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.ladder import do_ask_to_count
from qunying.pipeline.past.deeds import Wish, count_deeds, do_import_deeds
from qunying.pipeline.past.deeds_tally import DeedTally
from qunying.pipeline.past.tables import Table, do_open_table
from qunying.pipeline.past.uploads import Draft, do_remove_folder
from qunying.ui.figures import exact
from qunying.ui.toasts import toast

PAGES = "console/deeds"
REFUSED = 400


@csrf_exempt  # the file is on its way to disk before Django would read the form; ``_receive`` checks the token
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Where a table is handed over; with POST, it arrives."""
    access_importing(request)
    if request.method != "POST":
        return _page(request)
    handler = do_expect(request)
    response = _receive(request, handler)
    if response.status_code >= REFUSED:  # a request without our token has left its file too
        do_remove_folder(handler.token)
    return response


@csrf_protect
def _receive(request: HttpRequest, handler: IntoFolder) -> HttpResponse:
    try:
        draft = do_receive(request, handler, int(request.user.pk or 0))
        do_open_table(draft)
    except BadUse as error:
        return _page(request, reason=error.said(_), status=422)
    asked = {"community": request.POST["community"]} if request.POST.get("community", "0") != "0" else {}
    url = reverse("console:deeds-look", args=[draft.token])
    return HttpResponseRedirect(f"{url}?{urlencode(asked)}" if asked else url)


def _page(request: HttpRequest, *, reason: str = "", status: int = 200) -> HttpResponse:
    reach, homes = access_importing(request), _homes(request)
    asked = request.GET.get("community") or request.POST.get("community") or ""
    home = next((one for one in homes if str(one.id) == asked), None)
    context = show_deeds(request, homes, reach.ids, home, reason)
    return show(request, f"{PAGES}/page.html", context, status=status)


def _homes(request: HttpRequest) -> list[Home]:
    communities = visible_communities(request.user, Permission.IMPORT)
    return [Home(one.pk, one.name) for one in communities if not one.is_demo]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, token: str) -> HttpResponse:
    """The table as it would be read; with POST read so far as the form says, and with ``act=do`` for good."""
    access_importing(request)
    draft = access_draft(request, token)
    data = request.POST if request.method == "POST" else None
    try:
        table = do_open_table(draft, (data or request.GET).get("sheet", ""))
    except BadUse as error:
        form = DeedsForm(data, homes=_homes(request), table=None)
        context = show_look(token, None, draft.files[0].name, form, None, error.said(_))
        return show(request, f"{PAGES}/look.html", context, status=422)
    form = _form(request, table, data)
    is_as_seen = data is not None and data.get("act") == "do" and data.get("seen") == form.stamp
    if is_as_seen and form.is_valid():
        return _do_read(request, draft, table, form)
    return _look(request, token, table, form, is_changed=data is not None and data.get("act") == "do")


def _columns(data: QueryDict) -> dict[str, str]:
    return {name: str(value) for name, value in data.items() if name.startswith("col_")}


def _form(request: HttpRequest, table: Table, sent: QueryDict | None) -> DeedsForm:
    header, proposed = header_of_deeds(open_file(table.path))
    data: Mapping[str, Any] | None = sent
    if sent is not None and any(column and column not in header for column in _columns(sent).values()):
        # another sheet has other columns, and is looked at afresh
        data = {**sent.dict(), **{f"col_{field}": proposed.get(field, "") for field in COLUMN_WORDS}}
    homes = _homes(request)
    asked = request.GET.get("community", "")
    chosen = asked if asked in {str(home.id) for home in homes} else str(homes[0].id) if homes else ""
    initial = {"community": chosen, **{name: request.GET[name] for name in ("source", "sheet") if name in request.GET}}
    return DeedsForm(data, homes=homes, table=table, header=header, proposed=proposed, initial=initial)


def _look(request: HttpRequest, token: str, table: Table, form: DeedsForm, *, is_changed: bool) -> HttpResponse:
    is_right = not form.is_bound or form.is_valid()
    tally, error = _foreseen(table, form) if is_right and form.home else (None, "")
    with timezone.override(_zone(request, form)):
        context = show_look(token, table, table.title, form, tally, error)
        status = 422 if error or not is_right or is_changed else 200
        return show(request, f"{PAGES}/look.html", context, status=status)


def _foreseen(table: Table, form: DeedsForm) -> tuple[DeedTally | None, str]:
    try:
        return count_deeds(_wish(table, form)), ""
    except BadUse as error:
        return None, error.said(_)


def _wish(table: Table, form: DeedsForm) -> Wish:
    assert form.home is not None
    return Wish(
        path=table.path,
        community=form.home.name,
        source=form.said("source"),
        kind=form.what,
        columns=form.columns,
        title=table.title,
    )


def _zone(request: HttpRequest, form: DeedsForm) -> ZoneInfo:
    if form.home is None:
        return ZoneInfo("UTC")
    return check_zone(access_community(request.user, form.home.id, Permission.IMPORT).timezone)


def _do_read(request: HttpRequest, draft: Draft, table: Table, form: DeedsForm) -> HttpResponse:
    try:
        tally, import_id = do_import_deeds(_wish(table, form), clock.now(), user_id=int(request.user.pk or 0))
    except BadUse as error:
        context = show_look(draft.token, table, table.title, form, None, error.said(_))
        return show(request, f"{PAGES}/look.html", context, status=422)
    do_remove_folder(draft.token)
    if import_id:
        return redirect("console:deeds-import", import_id)
    toast(request, _("没有新的，什么都没有变：早就有的 %(n)s 条") % {"n": exact(tally.duplicates)})
    return redirect("console:deeds")


@signed_in
@require_GET
def brought(request: HttpRequest, import_id: int) -> HttpResponse:
    """What one table brought."""
    one = access_deed_import(request, import_id)
    home = access_community(request.user, one.community_id, Permission.IMPORT)
    with timezone.override(check_zone(home.timezone)):
        by = names_of_colleagues([one.by_id]).get(one.by_id, "") if one.by_id else ""
        return show(request, f"{PAGES}/brought.html", show_brought(one, home.name, by, count_deeds_brought(one.id)))


@signed_in
@require_POST
def take_back(request: HttpRequest, import_id: int) -> HttpResponse:
    """What that table had brought counts no more."""
    one = access_deed_import(request, import_id)
    gone = do_take_back_import(one.id, at=clock.now(), user_id=int(request.user.pk or 0))
    do_ask_to_count(one.community_id, clock.now())
    words = ngettext("撤回了 %(n)s 条，都不算了", "撤回了 %(n)s 条，都不算了", gone) % {"n": exact(gone)}
    toast(request, words if gone else _("这次导入早就撤回了"))
    return redirect("console:deeds-import", import_id)


def access_deed_import(request: HttpRequest, import_id: int) -> ImportLine:
    """That import. Raises ``Http404`` where it is not there or not for this person."""
    found = find_deed_import(import_id)
    if found is None or not reach_of(request.user, Permission.IMPORT).covers(found.community_id):
        raise Http404
    return found
