"""Reading the past in: hand over files, say where they belong, watch, pause, give up."""

from __future__ import annotations

import csv
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.communities.access import Permission, Reach, reach_of, visible_communities
from qunying.communities.actions import check_zone
from qunying.console.imports.forms import Answers, Home
from qunying.console.imports.looking import AT_ONCE_BYTES, find_look
from qunying.console.imports.receiving import IntoFolder, do_expect, do_receive
from qunying.console.imports.recognised import make_form, show_look, show_looking, tell_error
from qunying.console.imports.shown import show_drop, show_imports, show_run, title_of
from qunying.console.imports.words import ORDER_WORDS, tell_sample, tell_skip
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.pipeline.past.deeds import is_deeds
from qunying.pipeline.past.look import Look, look_at
from qunying.pipeline.past.plan import do_start_run
from qunying.pipeline.past.queries import Import, find_import, iterate_skipped
from qunying.pipeline.past.run import do_drop_run, do_pause_run, do_resume_run
from qunying.pipeline.past.tables import MOST_BYTES as TABLE_BYTES
from qunying.pipeline.past.uploads import Draft, do_remove_folder, find_draft
from qunying.ui.toasts import toast

PAGES = "console/imports"
PARTS = ("progress", "seen", "months", "skipped")
REFUSED = 400
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@csrf_exempt  # the files are on their way to disk before Django would read the form; ``_receive`` checks the token
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Where an import begins; with POST, files arrive."""
    reach = access_importing(request)
    if request.method != "POST":
        return show(request, f"{PAGES}/page.html", show_imports(request.GET, reach.ids, _user(request)), part="runs")
    handler = do_expect(request)
    response = _receive(request, handler, reach)
    if response.status_code >= REFUSED:  # a request without our token has left its files too
        do_remove_folder(handler.token)
    return response


@csrf_protect
def _receive(request: HttpRequest, handler: IntoFolder, reach: Reach) -> HttpResponse:
    """The script asks for JSON: a page to go to, or a sentence saying why not."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        draft = do_receive(request, handler, _user(request))
        is_of_deeds = _is_of_deeds(draft)
        if not is_of_deeds:
            _refuse_unreadable(draft)
    except BadUse as error:
        if wants_json:
            return JsonResponse({"reason": error.said(_)}, status=422)
        context = show_imports(request.GET, reach.ids, _user(request), reason=error.said(_))
        return show(request, f"{PAGES}/page.html", context, status=422)
    url = reverse("console:deeds-look" if is_of_deeds else "console:import-look", args=[draft.token])
    return JsonResponse({"url": url}) if wants_json else HttpResponseRedirect(url)


def _is_of_deeds(draft: Draft) -> bool:
    """Whether it is one table of orders or other deeds, of a size that the page reads. Raises ``BadUse`` for a workbook that
    cannot be read."""
    return len(draft.files) == 1 and draft.size <= TABLE_BYTES and is_deeds(draft.files[0])


def _refuse_unreadable(draft: Draft) -> None:
    """Files nobody can read are not kept; very large ones are looked at later. Raises ``BadUse`` naming file and reason."""
    found = find_look(draft) if draft.size <= AT_ONCE_BYTES else None
    if found is not None and found.error:
        do_remove_folder(draft.token)
        raise BadUse(tell_error(found))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, token: str) -> HttpResponse:
    """What was recognised; with POST, the import starts (or, with ``act=look``, is looked at again as the form says)."""
    reach, draft = access_importing(request), access_draft(request, token)
    if request.method != "POST" and _is_of_deeds(draft):
        return redirect("console:deeds-look", draft.token)
    found = find_look(draft)
    if found is None:
        return show(request, f"{PAGES}/look.html", show_looking(draft), part="found")
    communities = visible_communities(request.user, Permission.IMPORT)
    homes = [Home(one.pk, one.name, one.timezone) for one in communities if not one.is_demo]
    if request.method != "POST":
        form = make_form(draft, found, homes, may_found=reach.is_everywhere)
        status = 422 if found.error else 200
        return show(request, f"{PAGES}/look.html", show_look(draft, found, form), part="found", status=status)
    form = make_form(draft, found, homes, may_found=reach.is_everywhere, data=request.POST)
    if request.POST.get("act") == "look":
        again = show_look(draft, _look_again(draft, found, request), form)
        return show(request, f"{PAGES}/look.html", again, status=200 if form.is_valid() else 422)
    if form.is_valid() and not found.error:
        try:
            return redirect("console:import-run", _do_start(request, draft, found, form.answers()))
        except BadUse as error:
            form.add_error("group", error.said(_))
    return show(request, f"{PAGES}/look.html", show_look(draft, found, form), status=422)


def _look_again(draft: Draft, found: Look, request: HttpRequest) -> Look:
    columns = {name.removeprefix("col_"): str(value) for name, value in request.POST.items() if name.startswith("col_")}
    order = request.POST.get("date_order", "")
    order = order if order in ORDER_WORDS else ""
    again = look_at(draft.files, format_name=found.format_name, columns=columns, date_order=order)
    return found if again.error else again


def _do_start(request: HttpRequest, draft: Draft, found: Look, answers: Answers) -> int:
    """Answers the import's id. Raises ``BadUse`` where the group or the community was taken in this moment."""
    run = do_start_run(
        draft.files,
        group_name=answers.group_name,
        community=answers.community,
        timezone=answers.timezone,
        format_name=found.format_name or None,
        columns=answers.columns,
        date_order=answers.date_order,
        user_id=_user(request),
        is_upload=True,
        title=title_of(draft),
        at=clock.now(),
    )
    if str(draft.files[0].resolve()) not in run.paths:
        do_remove_folder(draft.token)
        toast(request, _("这些文件已经在导了，接着上次的继续"))
    return run.pk


@signed_in
@require_POST
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Removes files that were handed over and not started."""
    access_importing(request)
    draft = access_draft(request, token)
    do_remove_folder(draft.token)
    toast(request, _("「%(title)s」已经从这台机器上删掉") % {"title": title_of(draft)})
    return redirect("console:import")


@signed_in
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One import as it stands; asked again every two seconds while it runs."""
    found = access_import(request, run_id)
    with timezone.override(check_zone(found.timezone)):
        part = request.GET.get("part", "progress")
        part = part if part in PARTS else "progress"
        response = show(request, f"{PAGES}/run.html", show_run(found, request.GET), part=part)
    if request.headers.get("HX-Request") == "true" and request.GET.get("was", found.state) != found.state:
        response.headers["HX-Refresh"] = "true"
    return response


@signed_in
@require_POST
def pause(request: HttpRequest, run_id: int) -> HttpResponse:
    """Lets an import rest after the lines it is at."""
    found = access_import(request, run_id)
    return _done(request, lambda: do_pause_run(found.id), _("歇下了。读进来的都在，随时接着导"), found.id)


@signed_in
@require_POST
def resume(request: HttpRequest, run_id: int) -> HttpResponse:
    """Lets it go on."""
    found = access_import(request, run_id)
    return _done(request, lambda: do_resume_run(found.id), _("接着导"), found.id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, run_id: int) -> HttpResponse:
    """What giving up means; with POST, it is given up."""
    found = access_import(request, run_id)
    if request.method == "POST":
        return _done(request, lambda: do_drop_run(found.id), _("停下了。已经读进来的留着"), found.id)
    return show(request, f"{PAGES}/drop.html", show_drop(found))


@signed_in
@require_GET
def skipped(request: HttpRequest, run_id: int) -> HttpResponse:
    """Everything that was left out and kept, as a table for Excel."""
    found = access_import(request, run_id)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{found.id}-skipped.csv"'
    writer = csv.writer(response)
    writer.writerow([_("文件"), _("第几行"), _("为什么"), _("原文")])
    for one in iterate_skipped(found.id):
        writer.writerow([_plain(one.file), one.place, tell_skip(one.reason), _plain(tell_sample(one.sample))])
    return response


def access_importing(request: HttpRequest) -> Reach:
    """Where this person may import. Raises ``Http404`` where that is nowhere."""
    reach = reach_of(request.user, Permission.IMPORT)
    if reach.is_nowhere:
        raise Http404
    return reach


def access_draft(request: HttpRequest, token: str) -> Draft:
    """That upload of this person. Raises ``Http404``."""
    draft = find_draft(token, _user(request))
    if draft is None or not draft.files:
        raise Http404
    return draft


def access_import(request: HttpRequest, run_id: int) -> Import:
    """That import. Raises ``Http404`` where it is not there or not for this person."""
    found = find_import(run_id)
    if found is None or not reach_of(request.user, Permission.IMPORT).covers(found.community_id):
        raise Http404
    return found


def _done(request: HttpRequest, act: Callable[[], None], words: str, run_id: int) -> HttpResponse:
    """Does it and says so; what came too late is said too."""
    try:
        act()
        toast(request, words)
    except BadUse as error:
        toast(request, error.said(_))
    return redirect("console:import-run", run_id)


def _user(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _plain(cell: str) -> str:
    """A cell that a spreadsheet will not take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
