"""The pages of lists of words: which there are, what stands in one, what it would find, and how it goes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunying.capabilities.order import lists_kept
from qunying.capabilities.order.context import GoingPage, Link, ListPage, ListsPage, SwitchPage, Typed
from qunying.capabilities.order.forms import ListForm
from qunying.capabilities.order.knowing import NAME
from qunying.capabilities.order.lists_brought import MOST_BYTES, list_wrong_lines, read_file, wrong_lines_of
from qunying.capabilities.order.lists_paged import list_words_never_found
from qunying.capabilities.order.lists_shown import (
    address,
    names_of_groups,
    say_effect,
    say_how,
    show_orders,
    show_row,
    show_samples,
    show_words,
    show_wrong,
)
from qunying.capabilities.order.lists_told import ListLine, export_list, find_list, list_lists
from qunying.capabilities.order.lists_tried import Effect, effect_of
from qunying.communities.access import Permission, access_community, reach_of, visible_communities
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.ui.figures import exact
from qunying.ui.toasts import toast

Act = Callable[[int, datetime], str]
Page = ListsPage | ListPage | SwitchPage | GoingPage
WORDS_SHOWN = 60


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """The lists of a community; with POST one more."""
    home = _home(request)
    groups = names_of_groups(home) if home else {}
    can_set = reach_of(request.user, Permission.SETTINGS).covers(home)
    form = ListForm(groups, request.POST or None) if can_set else None
    if request.method == "POST":
        if form is None:
            raise Http404
        made = _do_make(request, home, form)
        if made:
            toast(request, _("建好了，还没有开：先把词写进去，看看会中什么"))
            return redirect("order:list", made)
    rows = tuple(show_row(line, groups) for line in list_lists(home, clock.now())) if home else ()
    page = ListsPage(
        community_id=home,
        homes=_homes(request, home),
        rows=rows,
        form=form,
        settings_href=address("console:settings-capability", home, NAME) if can_set else "",
        rehearse_href=address("console:rehearse", community=home) if home else "",
    )
    return _show(request, "order/lists.html", page, 422 if form and form.is_bound else 200)


def _do_make(request: HttpRequest, home: int, form: ListForm) -> int | None:
    if not form.is_valid():
        return None
    said, user = form.cleaned_data, request.user.pk or 0
    try:
        return lists_kept.do_make_list(
            home, said["title"], said["does"], form.group_ids(), user_id=user, at=clock.now()
        )
    except BadUse as error:
        form.add_error("title", error.said(_))
        return None


@login_required
@require_safe
def one_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """One list with its words."""
    return _page(request, _access(request, list_id, Permission.READ), Typed())


@login_required
@require_POST
def change(request: HttpRequest, list_id: int) -> HttpResponse:
    """Another name, another consequence, other groups."""
    line = _access(request, list_id)
    form = ListForm(names_of_groups(line.community_id), request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            lists_kept.do_change_list(
                line.id, said["title"], said["does"], form.group_ids(), user_id=request.user.pk or 0, at=clock.now()
            )
        except BadUse as error:
            form.add_error("title", error.said(_))
        else:
            toast(request, _("改好了"))
            _tell_off(request, line)
            return redirect("order:list", line.id)
    return _page(request, line, Typed("change"), form=form, status=422)


@login_required
@require_POST
def write(request: HttpRequest, list_id: int) -> HttpResponse:
    """Words by hand, one a line; lines that cannot be looked for come back with their reason, and nothing is taken."""
    line, text = _access(request, list_id), request.POST.get("lines", "")
    lines = text.splitlines()
    wrong = show_wrong(list_wrong_lines(lines))
    if wrong or not text.strip():
        error = _("这几行没法找，改好了再写进去；别的行也还没有写进去") if wrong else _("还没有写词")
        return _page(request, line, Typed("write", text, error, wrong), status=422)

    def act(user: int, at: datetime) -> str:
        return _taken(lists_kept.do_write_words(line.id, lines, user_id=user, at=at))

    return _do(request, line, "write", act, text=text, undo=_back(line))


@login_required
@require_POST
def bring(request: HttpRequest, list_id: int) -> HttpResponse:
    """The words of a file, beside those there are or in place of them; wrong lines are shown with their reason."""
    line, file = _access(request, list_id), request.FILES.get("file")
    if file is None:
        return _page(request, line, Typed("bring", error=_("先选一个文件")), status=422)
    try:
        lines, wrong = read_file(file.read(MOST_BYTES + 1))
        replace = request.POST.get("way") == "replace"
        user, at = request.user.pk or 0, clock.now()
        taken = lists_kept.do_import_words(line.id, lines, replace=replace, user_id=user, at=at)
    except BadUse as error:
        return _page(request, line, Typed("bring", error=error.said(_)), status=422)
    wrong += wrong_lines_of(taken.mistakes, lines)
    said = _taken(taken, len(wrong))
    toast(request, said, undo_url=_back(line))
    _tell_off(request, line)
    if not wrong:
        return redirect("order:list", line.id)
    return _page(request, _access(request, line.id), Typed("bring", text=said, wrong=show_wrong(wrong)))


def _taken(taken: lists_kept.Taken, wrong: int = 0) -> str:
    if wrong:
        return _("新加 %(new)s 个，早就有的 %(known)s 个，没法找的 %(wrong)s 行") % {
            "new": exact(taken.added),
            "known": exact(taken.known),
            "wrong": exact(wrong),
        }
    return _("新加 %(new)s 个，早就有的 %(known)s 个") % {"new": exact(taken.added), "known": exact(taken.known)}


@login_required
@require_POST
def strike(request: HttpRequest, list_id: int) -> HttpResponse:
    """The words that were ticked go."""
    line, words = _access(request, list_id), request.POST.getlist("word")

    def act(user: int, at: datetime) -> str:
        gone = lists_kept.do_strike_words(line.id, words, user_id=user, at=at)
        if not gone:
            raise BadUse(mark("先勾上要划掉的词"))
        return _struck(gone)

    return _do(request, line, "strike", act, undo=_back(line))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def strike_idle(request: HttpRequest, list_id: int) -> HttpResponse:
    """The words that were never found go, after it was shown which."""
    line = _access(request, list_id)
    words = list_words_never_found(line)

    def act(user: int, at: datetime) -> str:
        return _struck(lists_kept.do_strike_words(line.id, words, user_id=user, at=at))

    if request.method == "POST":
        return _do(request, line, "strike", act, undo=_back(line))
    n = {"n": exact(len(words))}
    page = GoingPage(
        list=show_row(line, names_of_groups(line.community_id)),
        community_id=line.community_id,
        headline=ngettext("会划掉 %(n)s 个从没中过的词", "会划掉 %(n)s 个从没中过的词", len(words)) % n,
        effects=((_("以后这些词不再找"), _("立刻")), (_("后悔了，撤回上一次改动就回来"), _("下次改动以前"))),
        some=tuple(words[:WORDS_SHOWN]),
        more=max(len(words) - WORDS_SHOWN, 0),
        action=reverse("order:list-idle", args=[line.id]),
        button=ngettext("划掉这 %(n)s 个词", "划掉这 %(n)s 个词", len(words)) % n if words else "",
    )
    return _show(request, "order/going.html", page)


def _struck(gone: int) -> str:
    return ngettext("划掉了 %(n)s 个词", "划掉了 %(n)s 个词", gone) % {"n": exact(gone)}


@login_required
@require_POST
def take_back(request: HttpRequest, list_id: int) -> HttpResponse:
    """The words as they were before they were last changed."""
    line = _access(request, list_id)

    def act(user: int, at: datetime) -> str:
        lists_kept.do_take_back_words(line.id, user_id=user, at=at)
        return _("词回到了上一次改动以前")

    return _do(request, line, "back", act, undo=_back(line))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest, list_id: int) -> HttpResponse:
    """What the list would have found; with POST it is on, or with ``off`` it is off.

    Where it would touch most of those who speak, it is on only when somebody has typed how many.
    """
    line = _access(request, list_id, Permission.READ if request.method != "POST" else Permission.SETTINGS)
    if request.method != "POST":
        return _switch_page(request, line, effect_of(line, clock.now()))
    undo = reverse("order:list-switch", args=[line.id])
    if "off" in request.POST or "off" in request.GET:
        return _do(request, line, "switch", lambda user, at: _switched(line.id, user, at, is_on=False), undo=undo)
    effect = effect_of(line, clock.now())
    if effect.wants_number and request.POST.get("people", "").strip() != str(effect.people):
        return _switch_page(request, line, effect, _say_wants_number(effect))
    return _do(request, line, "switch", lambda user, at: _switched(line.id, user, at, is_on=True), undo=f"{undo}?off=1")


def _switched(list_id: int, user: int, at: datetime, *, is_on: bool) -> str:
    lists_kept.do_switch_list(list_id, is_on=is_on, user_id=user, at=at)
    return _("开了，下一条消息起照它来") if is_on else _("关了，不再照它来")


def _say_wants_number(effect: Effect) -> str:
    return _("会碰到 %(people)s 个人，比说过话的人的一半还多。真要开，把这个数写上") % {"people": exact(effect.people)}


def _switch_page(request: HttpRequest, line: ListLine, effect: Effect, error: str = "") -> HttpResponse:
    groups = names_of_groups(line.community_id)
    page = SwitchPage(
        list=show_row(line, groups),
        community_id=line.community_id,
        headline=say_effect(effect),
        told=say_how(effect),
        samples=show_samples(effect.samples, groups),
        people=effect.people,
        wants_number=effect.wants_number,
        can_set=reach_of(request.user, Permission.SETTINGS).covers(line.community_id),
        error=error,
    )
    return _show(request, "order/switch.html", page, 422 if error else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, list_id: int) -> HttpResponse:
    """The list is gone, after it was shown what that means."""
    line = _access(request, list_id)
    if request.method == "POST":
        lists_kept.do_remove_list(line.id, user_id=request.user.pk or 0, at=clock.now())
        toast(request, _("「%(title)s」删掉了") % {"title": line.title})
        return redirect(f"{reverse('order:lists')}?community={line.community_id}")
    words = ngettext("%(n)s 个词连同中过多少次的记录都没了", "%(n)s 个词连同中过多少次的记录都没了", line.size) % {
        "n": exact(line.size)
    }
    stops = _("它正开着，以后不再照它来") if line.is_on else _("它没有开着，群里不会有变化")
    page = GoingPage(
        list=show_row(line, names_of_groups(line.community_id)),
        community_id=line.community_id,
        headline=_("删掉「%(title)s」？") % {"title": line.title},
        effects=((words, _("找不回来")), (stops, _("立刻")), (_("先导出一份，以后还能读回来"), _("随时"))),
        some=(),
        more=0,
        action=reverse("order:list-remove", args=[line.id]),
        button=_("删掉这张词表"),
    )
    return _show(request, "order/going.html", page)


@login_required
@require_safe
def export(request: HttpRequest, list_id: int) -> HttpResponse:
    """The list as a table that can be brought again."""
    line = _access(request, list_id, Permission.READ)
    response = HttpResponse("\ufeff" + export_list(line.id), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="words-{line.id}.csv"'
    return response


def _home(request: HttpRequest) -> int:
    """The community asked for, else the first within reach; 0 where there is none."""
    asked = request.GET.get("community", "")
    if asked.isdigit():
        return access_community(request.user, int(asked)).pk
    return next((one.pk for one in visible_communities(request.user)), 0)


def _homes(request: HttpRequest, home: int) -> tuple[Link, ...]:
    found = visible_communities(request.user)
    return tuple(Link(one.name, f"?community={one.pk}", one.pk == home) for one in found) if len(found) > 1 else ()


def _access(request: HttpRequest, list_id: int, permission: Permission = Permission.SETTINGS) -> ListLine:
    """That list. Raises ``Http404`` where it is not there or not for this person."""
    line = find_list(list_id, clock.now())
    if line is None or not reach_of(request.user, permission).covers(line.community_id):
        raise Http404
    return line


def _back(line: ListLine) -> str:
    return reverse("order:list-back", args=[line.id])


def _do(request: HttpRequest, line: ListLine, form: str, act: Act, *, text: str = "", undo: str = "") -> HttpResponse:
    """Does something about it and says so, or shows the page again with what is wrong."""
    try:
        said = act(request.user.pk or 0, clock.now())
    except BadUse as error:
        return _page(request, line, Typed(form, text, error.said(_)), status=422)
    toast(request, said, undo_url=undo)
    _tell_off(request, line, form)
    return redirect("order:list", line.id)


def _tell_off(request: HttpRequest, line: ListLine, form: str = "") -> None:
    """That a list was switched off by itself, because it has become so wide."""
    now = find_list(line.id)
    if form != "switch" and line.is_on and now is not None and not now.is_on:
        toast(request, _("改完会碰到说过话的一半以上的人，先替你关了；看过会中什么再开"))


def _page(
    request: HttpRequest, line: ListLine, typed: Typed, *, form: ListForm | None = None, status: int = 200
) -> HttpResponse:
    groups = names_of_groups(line.community_id)
    rows, pages = show_words(line, request.GET)
    filled = {"title": line.title, "does": line.does, "groups": [str(one) for one in line.groups]}
    page = ListPage(
        list=show_row(line, groups),
        community_id=line.community_id,
        rows=rows,
        pages=pages,
        orders=show_orders(request.GET),
        order=request.GET.get("order", ""),
        find=request.GET.get("q", ""),
        changed_at=line.changed_at,
        can_set=reach_of(request.user, Permission.SETTINGS).covers(line.community_id),
        can_take_back=line.can_take_back,
        form=form or ListForm(groups, initial=filled),
        typed=typed,
    )
    return _show(request, "order/list.html", page, status)


def _show(request: HttpRequest, template: str, page: Page, status: int = 200) -> HttpResponse:
    fields = {part.name: getattr(page, part.name) for part in dataclasses.fields(page)}
    return render(request, template, fields, status=status)
