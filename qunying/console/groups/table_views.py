"""Reads a table of notes about groups: hand it over, see what it would change and what is left out, then do it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qunying.communities.access import Permission, access_some, visible_communities
from qunying.communities.queries import list_group_lines
from qunying.console.groups.context import LeftLine, TablePage
from qunying.console.groups.editing import Preview, tell_plan
from qunying.console.sheets_told import tell_other_sheets
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.past.registry import Registry, do_import_registry, plan_registry, read_lines
from qunying.ui.toasts import toast

PAGE = "console/groups/table.html"
MOST_BYTES = 2_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def table(request: HttpRequest) -> HttpResponse:
    """The form; with POST what the table would change, and with ``act=do`` it is done as it was shown."""
    access_some(request.user, Permission.SETTINGS)
    if request.method != "POST":
        return show(request, PAGE, TablePage())
    homes = [one.pk for one in visible_communities(request.user, Permission.SETTINGS)]
    text, registry = request.POST.get("text", ""), None
    try:
        text = _text(request)
        registry = plan_registry(text.splitlines(), homes)
        if request.POST.get("act") == "do":
            return _do(request, registry)
    except BadUse as error:
        return _show(request, text, registry, homes, error.said(_))
    return _show(request, text, registry, homes)


def _text(request: HttpRequest) -> str:
    """What was typed or sent. Raises ``BadUse`` for a file that is no table, and where there is nothing."""
    sent = request.FILES.get("file")
    if isinstance(sent, UploadedFile) and sent.size:
        tell_other_sheets(request, sent)
        return "\n".join(_lines(sent))
    text = request.POST.get("text", "")
    if not text.strip():
        raise BadUse(mark("还没有表格：选一个 Excel 或 CSV 文件，或者把表格粘进来"))
    return text


def _lines(sent: UploadedFile[bytes]) -> list[str]:
    if (sent.size or 0) > MOST_BYTES:
        raise BadUse(mark("表格太大，一次最多 2 MB"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(sent.read())
        return read_lines(path)


def _do(request: HttpRequest, registry: Registry) -> HttpResponse:
    agreed = request.POST.get("agreed", "")
    edit_id = do_import_registry(registry, agreed=agreed, at=clock.now(), user_id=request.user.pk or 0)
    if not edit_id:
        toast(request, _("没有改动，这些群已经是这样"))
        return redirect("console:groups")
    count, left = len(registry.plan.group_ids), len(registry.left)
    words = ngettext("改了 %(n)s 个群", "改了 %(n)s 个群", count) % {"n": count}
    words += (_("，%(n)s 行没有用上") % {"n": left}) if left else ""
    toast(request, words, undo_url=reverse("console:groups-undo", args=[edit_id]))
    return redirect("console:groups-edited", edit_id)


def _show(
    request: HttpRequest, text: str, registry: Registry | None, homes: list[int], error: str = ""
) -> HttpResponse:
    page = TablePage(
        text=text,
        error=error,
        preview=_preview(registry, homes) if registry else None,
        left=tuple(LeftLine(one.place, one.sample, one.why.said(_)) for one in registry.left) if registry else (),
        unused=registry.unused if registry else (),
        rows=registry.rows if registry else 0,
    )
    return show(request, PAGE, page, status=422 if error else 200)


def _preview(registry: Registry, homes: list[int]) -> Preview:
    return tell_plan(registry.plan, {line.id: line for line in list_group_lines(homes)})
