"""Numbers from outside: a file somebody uploads, and the token with which a program tells them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from qunying.communities.access import Permission
from qunying.communities.actions_numbers import Kept, do_drop_token, do_keep_numbers, do_make_token
from qunying.communities.queries_chain import About, list_links
from qunying.console.community.access import community_page
from qunying.console.community.chain import show_chain
from qunying.console.community.context import Head, ImportedNumbers, WrongLine
from qunying.console.community.forms import NumbersForm
from qunying.console.sheets_told import tell_other_sheets
from qunying.insights.kpis.reading import MOST_BYTES, ReadNumbers, read_numbers
from qunying.insights.scope import local_day
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.ui.figures import number
from qunying.ui.toasts import toast

WRONG_SHOWN = 50


@require_POST
@community_page(Permission.IMPORT)
def take(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """The numbers of a file: what can be taken is kept, the rest is told with its line and reason."""
    form = NumbersForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_chain(request, head, about, upload_form=form, status=422)
    now, file = clock.now(), form.cleaned_data["file"]
    tell_other_sheets(request, file)
    try:
        read = read_numbers(file.read(MOST_BYTES + 1), list_links(head.id), local_day(now, about.timezone))
    except BadUse as error:
        form.add_error("file", error.said(_))
        return show_chain(request, head, about, upload_form=form, status=422)
    kept = do_keep_numbers(head.id, read.numbers, at=now, actor=f"user:{request.user.pk}")
    return show_chain(request, head, about, imported=tell_import(read, kept))


def tell_import(read: ReadNumbers, kept: Kept) -> ImportedNumbers:
    """What became of a file, in words."""
    title = ngettext("新读进 %(n)s 个数", "新读进 %(n)s 个数", kept.new) % {"n": number(kept.new)}
    known = kept.known + read.repeated
    notes = [
        ngettext("%(n)s 个早就有了，没有算第二遍", "%(n)s 个早就有了，没有算第二遍", known) % {"n": number(known)}
        if known
        else "",
        *(
            _("%(day)s 的一个数从 %(before)s 改成了 %(after)s")
            % {"day": one.tally.day, "before": number(one.before), "after": number(one.tally.value)}
            for one in kept.changed[:WRONG_SHOWN]
        ),
    ]
    wrong = tuple(WrongLine(one.line, one.sample, one.why.said(_)) for one in read.wrong[:WRONG_SHOWN])
    return ImportedNumbers(title, tuple(filter(None, notes)), wrong, max(0, len(read.wrong) - WRONG_SHOWN))


@require_POST
@community_page(Permission.SETTINGS)
def make_token(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """A new token, shown this once; the one before is worth nothing any more."""
    token = do_make_token(head.id, at=clock.now(), actor=f"user:{request.user.pk}")
    response = show_chain(request, head, about, token=token)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@community_page(Permission.SETTINGS)
def drop_token(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """No program may tell numbers any more."""
    if do_drop_token(head.id, at=clock.now(), actor=f"user:{request.user.pk}"):
        toast(request, _("停用了，拿着旧口令的报不进来了"))
    return redirect("console:community-chain", head.id)
