"""The rules of a community: who has seen which, how they read before, and how they reach those who are left."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.capabilities.rules.addresses import address
from qunying.capabilities.rules.context import Place, PlanPage, RulePage, RulesPage
from qunying.capabilities.rules.forms import RewordForm, RuleForm
from qunying.capabilities.rules.knowing import NAME
from qunying.capabilities.rules.reaching import Plan, do_carry_out, plan_saying, plan_telling
from qunying.capabilities.rules.reading import list_cells, read_plan, read_rule, read_rules
from qunying.communities.access import Permission, access_community, reach_of, visible_communities
from qunying.communities.actions_rules import (
    do_change_rule,
    do_drop_rule,
    do_order_rules,
    do_restore_rule,
    do_reword_rule,
    do_write_rule,
)
from qunying.communities.queries import Layer, list_community_names, list_layers_of_communities
from qunying.communities.queries_rules import RuleLine, find_rule, list_rules, rules_in_force
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode, RuleInForce
from qunying.ui.figures import exact
from qunying.ui.sheets import csv_rows
from qunying.ui.toasts import toast

MODES = {
    Mode.OFF: gettext_noop("关着：谁看到了不记，也不说"),
    Mode.OBSERVE: gettext_noop("只看不动：记谁看到了，不往群里说"),
    Mode.SUGGEST: gettext_noop("先问我：要说的拟好，在发件箱等人点头"),
    Mode.ACT: gettext_noop("直接做：没看到的到时候就说"),
}
NEW = 0
Planner = Callable[[int, RuleInForce, datetime], Plan]


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The rules of a community as its members read them, with how many have seen each; ``community`` chooses whose."""
    return _desk(request, request.GET.get("community", ""), {})


def _desk(request: HttpRequest, wanted: str, tried: dict[int, RuleForm], status: int = 200) -> HttpResponse:
    communities = visible_communities(request.user)
    chosen = next((one for one in communities if str(one.pk) == wanted), communities[0] if communities else None)
    home, now = chosen.pk if chosen else 0, clock.now()
    can_write = chosen is not None and reach_of(request.user, Permission.SETTINGS).covers(home)
    layer = list_layers_of_communities([home]).get((home, NAME), Layer())
    page = RulesPage(
        places=tuple(Place(one.pk, one.name, one.pk == home) for one in communities),
        chosen=Place(chosen.pk, chosen.name, is_chosen=True) if chosen else None,
        rules=read_rules(home, now, can_write=can_write, tried=tried),
        dropped=read_rules(home, now, can_write=False, tried={}, is_dropped=True),
        mode=_(MODES[Mode(layer.mode or Mode.OBSERVE)]),
        settings_href=address("console:settings-capability", home, NAME) if can_write else "",
        new=tried.get(NEW, RuleForm(initial={"is_important": True}, prefix="new")) if can_write else None,
        sandbox_href=address("console:sandbox"),
    )
    return _show(request, "rules/desk.html", page, status)


@require_GET
@login_required
def rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """One rule: who has not seen it and where they sit, who has and by what, how it read before."""
    line = _access(request, rule_id, Permission.READ)
    can_speak = reach_of(request.user, Permission.SPEAK).covers(line.community_id)
    page = read_rule(line, _place(line), request.GET.dict(), clock.now(), can_speak=can_speak)
    return _show(request, "rules/rule.html", page)


@require_GET
@login_required
def export(request: HttpRequest, rule_id: int) -> StreamingHttpResponse:
    """Who has and who has not seen a rule, as a file."""
    line = _access(request, rule_id, Permission.READ)
    columns = (_("成员"), _("账号"), _("群"), _("看到没有"), _("怎么看到的"), _("什么时候"))
    rows = csv_rows(columns, list_cells(line), timezone.get_current_timezone())
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rule-{line.id}.csv"'
    return response


@require_POST
@login_required
def write(request: HttpRequest, community_id: int) -> HttpResponse:
    """Another rule of a community."""
    community = access_community(request.user, community_id, Permission.SETTINGS)
    form = RuleForm(request.POST, prefix="new")

    def act(user: int, at: datetime) -> str:
        do_write_rule(community.pk, form.notes, form.cleaned_data["text"], at=at, user_id=user)
        return _("写好了；人人都要知道的，过一会儿在群里说") if form.notes.is_important else _("写好了")

    return _do(request, community.pk, form, NEW, act)


@require_POST
@login_required
def edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Other words for a rule, or something else noted about it."""
    line = _access(request, rule_id, Permission.SETTINGS)
    form = RewordForm(request.POST, prefix=f"rule-{line.id}")

    def act(user: int, at: datetime) -> str:
        said, is_same = form.cleaned_data, form.cleaned_data["is_same_meaning"]
        with transaction.atomic():
            changed = do_change_rule(line.id, form.notes, at=at, user_id=user)
            reworded = do_reword_rule(
                line.id, said["text"], is_same_meaning=is_same, why=said["why"], at=at, user_id=user
            )
        if reworded:
            return _("改好了，意思没变，看到过的仍然算看到") if is_same else _("改好了，人人重新算没看到，从头再说")
        return _("改好了") if changed else _("没有要改的")

    return _do(request, line.community_id, form, line.id, act)


@require_POST
@login_required
def drop(request: HttpRequest, rule_id: int) -> HttpResponse:
    """A rule no longer holds."""
    line = _access(request, rule_id, Permission.SETTINGS)
    undo = reverse("rules:restore", args=[line.id])
    return _act(request, line, lambda user, at: _dropped(line.id, user, at), undo=undo)


@require_POST
@login_required
def restore(request: HttpRequest, rule_id: int) -> HttpResponse:
    """A rule that was put away holds again."""
    line = _access(request, rule_id, Permission.SETTINGS)
    return _act(request, line, lambda user, at: _restored(line.id, user, at))


@require_POST
@login_required
def raise_up(request: HttpRequest, rule_id: int) -> HttpResponse:
    """A rule stands one place further up."""
    line = _access(request, rule_id, Permission.SETTINGS)
    ids = [one.id for one in list_rules(line.community_id)]
    if line.id in ids[1:]:
        place = ids.index(line.id)
        ids[place - 1], ids[place] = ids[place], ids[place - 1]
    return _act(request, line, lambda user, at: _ordered(line.community_id, ids, user, at))


def _dropped(rule_id: int, user: int, at: datetime) -> str:
    do_drop_rule(rule_id, at=at, user_id=user)
    return _("收起来了")


def _restored(rule_id: int, user: int, at: datetime) -> str:
    do_restore_rule(rule_id, at=at, user_id=user)
    return _("恢复了")


def _ordered(community_id: int, ids: list[int], user: int, at: datetime) -> str:
    do_order_rules(community_id, ids, at=at, user_id=user)
    return _("排好了")


@require_http_methods(["GET", "POST"])
@login_required
def say(request: HttpRequest, rule_id: int) -> HttpResponse:
    """What would be said in which groups so that a rule reaches those who are left; posted, it is queued."""
    return _plan(request, rule_id, plan_saying, is_telling=False)


@require_http_methods(["GET", "POST"])
@login_required
def tell(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Who would be told of a rule in private; posted, they are."""
    return _plan(request, rule_id, plan_telling, is_telling=True)


def _plan(request: HttpRequest, rule_id: int, planner: Planner, *, is_telling: bool) -> HttpResponse:
    line, now = _access(request, rule_id, Permission.SPEAK), clock.now()
    standing = rules_in_force([line.community_id]).get(line.community_id, ())
    found = next((one for one in standing if one.id == line.id), None)
    is_over = found is None or (found.ends_at is not None and found.ends_at <= now)
    plan = Plan() if found is None or is_over else planner(line.community_id, found, now)
    if request.method == "POST" and found is not None and plan.orders:
        count = do_carry_out(plan, found, user_id=request.user.pk or 0, at=now)
        words = ngettext("排进发件箱 %(n)s 条", "排进发件箱 %(n)s 条", count)
        toast(request, words % {"n": exact(count)})
        return redirect("rules:rule", line.id)
    page = read_plan(line, _place(line), plan, now, is_telling=is_telling)
    return _show(request, "rules/plan.html", page, 422 if request.method == "POST" else 200)


def _access(request: HttpRequest, rule_id: int, permission: Permission) -> RuleLine:
    """That rule. Raises ``Http404`` where it is not there or not for this person."""
    line = find_rule(rule_id)
    if line is None or not reach_of(request.user, permission).covers(line.community_id):
        raise Http404
    return line


def _place(line: RuleLine) -> Place:
    return Place(line.community_id, list_community_names([line.community_id])[line.community_id], is_chosen=True)


def _do(
    request: HttpRequest, community_id: int, form: RuleForm, which: int, act: Callable[[int, datetime], str]
) -> HttpResponse:
    """Writes down what was typed and says so, or shows the page again with what is wrong."""
    if form.is_valid():
        try:
            toast(request, act(request.user.pk or 0, clock.now()))
            return redirect(f"{reverse('rules:desk')}?community={community_id}")
        except BadUse as error:
            form.add_error(None, error.said(_))
    return _desk(request, str(community_id), {which: form}, status=422)


def _act(request: HttpRequest, line: RuleLine, act: Callable[[int, datetime], str], *, undo: str = "") -> HttpResponse:
    try:
        toast(request, act(request.user.pk or 0, clock.now()), undo_url=undo)
    except BadUse as error:
        toast(request, error.said(_))
    return redirect(f"{reverse('rules:desk')}?community={line.community_id}")


def _show(
    request: HttpRequest, template: str, page: RulesPage | RulePage | PlanPage, status: int = 200
) -> HttpResponse:
    fields = {part.name: getattr(page, part.name) for part in dataclasses.fields(page)}
    return render(request, template, fields, status=status)
