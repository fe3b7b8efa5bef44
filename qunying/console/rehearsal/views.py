"""A rule tried over the past: asked for, watched, compared with what is in force, and put in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunying.communities.access import Permission, access_community, reach_of, visible_communities
from qunying.communities.actions import do_set_settings
from qunying.communities.queries import Layer, list_layers_of_communities
from qunying.console.choices import Choice
from qunying.console.reasons import tell_mode
from qunying.console.rehearsal.context import RehearsePage, RunPage
from qunying.console.rehearsal.forms import WhereForm, changed_of, rule_form, with_trial
from qunying.console.rehearsal.shown import ALIVE, names_of_groups, show_found, show_runs, trials_of, wants_number
from qunying.console.settings.forms import SettingsForm
from qunying.console.settings.laying import LaidSection, lay_out
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.capability import Capability, Trial, asked_fields
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.pipeline.rehearsal.asked import (
    Run,
    do_ask_rehearsal,
    do_drop_rehearsal,
    do_open_rehearsals,
    find_rehearsal,
    list_rehearsals,
)
from qunying.pipeline.rehearsal.rule import DEFAULT
from qunying.pipeline.roster import find_capability
from qunying.ui.figures import exact
from qunying.ui.toasts import toast

PAGES = "console/rehearsal"
BEFORE = "rehearsal-before"  # in the session: what was in force before a rehearsed rule was


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form of a rule, with what was tried before; with POST it is rehearsed."""
    home = _home(request)
    if request.method == "POST":
        access_community(request.user, home, Permission.SETTINGS)
        return _ask(request, home)
    return _page(request, home)


def _ask(request: HttpRequest, home: int) -> HttpResponse:
    capability, layer = _capability(DEFAULT), _layer(home, DEFAULT)
    trials, groups = _trials(capability, home), names_of_groups(home)
    where = WhereForm(trials, groups, request.POST)
    rule = rule_form(capability, layer.settings, request.POST)
    if not (where.is_valid() and rule.is_valid()):
        return _page(request, home, where, rule)
    trial = next((one for one in trials if one.name == where.cleaned_data["trial"]), None)
    tried = with_trial(changed_of(rule, capability, layer.settings), trial, layer.settings)
    days = int(where.cleaned_data["days"])
    try:
        made = _do_ask(request, home, where.group_ids() or list(groups), days, tried)
    except BadUse as error:
        return _page(request, home, where, rule, error.said(_))
    return redirect("console:rehearse-run", made)


def _do_ask(request: HttpRequest, home: int, groups: list[int], days: int, rule: dict[str, Any]) -> int:
    return do_ask_rehearsal(
        home,
        groups,
        days,
        capability=DEFAULT,
        title="",
        settings=rule,
        user_id=request.user.pk or 0,
        at=clock.now(),
    )


def _page(
    request: HttpRequest,
    home: int,
    where: WhereForm | None = None,
    rule: SettingsForm | None = None,
    error: str = "",
) -> HttpResponse:
    capability = _capability(DEFAULT)
    trials, groups = (_trials(capability, home), names_of_groups(home)) if home else ([], {})
    can_set = reach_of(request.user, Permission.SETTINGS).covers(home)
    found = visible_communities(request.user)
    shown = (rule or rule_form(capability, _layer(home, DEFAULT).settings)) if can_set else None
    context = RehearsePage(
        community_id=home,
        homes=tuple(Choice(one.name, f"?community={one.pk}", one.pk == home) for one in found)
        if len(found) > 1
        else (),
        form=(where or WhereForm(trials, groups)) if can_set else None,
        rule=shown,
        sections=_sections(capability, shown, home) if shown else (),
        runs=show_runs(list_rehearsals(home), groups, trials) if home else (),
        error=error,
    )
    return show(request, f"{PAGES}/page.html", context, status=422 if where else 200)


def _sections(capability: Capability, rule: SettingsForm, home: int) -> tuple[LaidSection, ...]:
    """Where something can be tried, as if it acted."""
    return tuple(one for one in lay_out(capability, rule, Mode.ACT, home) if one.rows or one.more)


@signed_in
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One rehearsal; asked for by htmx, the part that changes while it runs. For whoever asked for it it is no news then."""
    return _run(request, _access(request, run_id, Permission.READ))


def _do_open(request: HttpRequest, shown: Sequence[Run | None]) -> None:
    user = request.user.pk or 0
    news = [one.pk for one in shown if one and one.user_id == user and one.finished_at and not one.opened_at]
    if news:
        do_open_rehearsals(news, user, clock.now())


@signed_in
@require_POST
def drop(request: HttpRequest, run_id: int) -> HttpResponse:
    """It is not wanted any more."""
    one = _access(request, run_id)
    if do_drop_rehearsal(one.pk, clock.now()):
        toast(request, _("不跑了，什么都没有变"))
    return redirect("console:rehearse-run", one.pk)


@signed_in
@require_POST
def compare(request: HttpRequest, run_id: int) -> HttpResponse:
    """What is in force is rehearsed on the same past."""
    one = _access(request, run_id)
    try:
        _do_ask(request, one.community_id, one.groups, one.days, {})
    except BadUse as error:
        return _run(request, one, error.said(_))
    toast(request, _("现在的也在跑了，跑完两边的数并排写在这里"))
    return redirect("console:rehearse-run", one.pk)


@signed_in
@require_POST
def keep(request: HttpRequest, run_id: int) -> HttpResponse:
    """What was tried is in force in the community from now on."""
    one = _access(request, run_id)
    if one.state != "done":
        raise Http404
    people = one.result["people_touched"]
    if wants_number(one) and request.POST.get("people", "").strip() != str(people):
        words = _("会碰到 %(people)s 个人，比说过话的人的一半还多。真要这么定，把这个数写上")
        return _run(request, one, words % {"people": exact(people)})
    kept = _do_keep(request, one)
    request.session[BEFORE] = {**request.session.get(BEFORE, {}), str(one.pk): kept}
    toast(request, _("定了，下一条消息起照它来"), undo_url=reverse("console:rehearse-back", args=[one.pk]))
    return redirect("console:rehearse-run", one.pk)


def _do_keep(request: HttpRequest, one: Run) -> dict[str, Any]:
    """Puts it in force; answers what was there before, so that it can be undone."""
    capability, at, user = _capability(one.capability), clock.now(), request.user.pk or 0
    before = dict(_layer(one.community_id, one.capability).settings)
    said = _said(one, capability)
    default = capability.settings()
    built_in = {name for name, value in said.items() if value == _plain(getattr(default, name))}
    after = {name: value for name, value in {**before, **said}.items() if name not in built_in}
    if after != before:
        do_set_settings(one.capability, after, community_id=one.community_id, at=at, actor=f"user:{user}")
    begun = [trial for trial in trials_of(one, _trials(capability, one.community_id)) if not trial.is_on]
    for trial in begun:
        trial.do_switch(True, user, at)  # noqa: FBT003 - as the kernel has it
    return {"settings": {name: before.get(name) for name in said}, "begun": [trial.name for trial in begun]}


def _said(one: Run, capability: Capability) -> dict[str, Any]:
    """The settings that were tried, without what another page keeps."""
    asked = {part.name for part in asked_fields(capability.settings)}
    return {name: value for name, value in one.rule.items() if name in asked}


@signed_in
@require_POST
def take_back(request: HttpRequest, run_id: int) -> HttpResponse:
    """The settings that a rehearsed rule changed are as they were before it was put in force."""
    one = _access(request, run_id)
    kept: dict[str, Any] | None = request.session.get(BEFORE, {}).get(str(one.pk))
    if kept is None:
        raise Http404
    _do_take_back(one, kept["settings"], kept["begun"], request.user.pk or 0)
    toast(request, _("撤回了，照原来的来"))
    return redirect("console:rehearse-run", one.pk)


def _do_take_back(one: Run, before: dict[str, Any], begun: list[str], user: int) -> None:
    at, layer = clock.now(), dict(_layer(one.community_id, one.capability).settings)
    rest = {name: value for name, value in layer.items() if name not in before}
    after = {**rest, **{name: value for name, value in before.items() if value is not None}}
    if after != layer:
        do_set_settings(one.capability, after, community_id=one.community_id, at=at, actor=f"user:{user}")
    for trial in _trials(_capability(one.capability), one.community_id):
        if trial.name in begun:
            trial.do_switch(False, user, at)  # noqa: FBT003 - as the kernel has it


def _run(request: HttpRequest, one: Run, error: str = "") -> HttpResponse:
    home, capability = one.community_id, _capability(one.capability)
    groups, trials = names_of_groups(home), _trials(capability, home)
    now = _as_now(one)
    _do_open(request, (one, now))
    layer = _layer(home, one.capability)
    context = RunPage(
        run=show_runs([one], groups, trials)[0],
        community_id=home,
        is_alive=one.state in ALIVE,
        done=one.done,
        total=one.total,
        found=show_found(one, now if now and now.state == "done" else None, groups) if one.state == "done" else None,
        is_as_now=not one.rule,
        can_set=reach_of(request.user, Permission.SETTINGS).covers(home),
        can_compare=bool(one.rule) and now is None,
        mode=tell_mode(layer.mode or Mode.OBSERVE.value),
        error=error,
    )
    return show(request, f"{PAGES}/run.html", context, part="run", status=422 if error else 200)


def _as_now(one: Run) -> Run | None:
    """The latest rehearsal of what is in force on the same past, one that is done before one on its way; None where there is none."""
    if not one.rule:
        return None
    known = list_rehearsals(one.community_id)
    same = [each for each in known if not each.rule and each.groups == one.groups and each.days == one.days]
    done = [each.pk for each in same if each.state == "done"]
    found = done or [each.pk for each in same if each.state in ALIVE]
    return find_rehearsal(found[0]) if found else None


def _home(request: HttpRequest) -> int:
    """The community asked for, else the first within reach; 0 where there is none."""
    asked = request.POST.get("community") or request.GET.get("community", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        return access_community(request.user, int(asked)).pk
    return next((one.pk for one in visible_communities(request.user)), 0)


def _access(request: HttpRequest, run_id: int, permission: Permission = Permission.SETTINGS) -> Run:
    """That rehearsal. Raises ``Http404`` where it is not there or not for this person."""
    one = find_rehearsal(run_id)
    if one is None or not reach_of(request.user, permission).covers(one.community_id):
        raise Http404
    return one


def _capability(name: str) -> Capability:
    found = find_capability(name)
    if found is None:
        raise Http404
    return found


def _trials(capability: Capability, home: int) -> list[Trial]:
    return list(capability.trials(home)) if capability.trials else []


def _layer(home: int, name: str) -> Layer:
    return list_layers_of_communities([home]).get((home, name), Layer())


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
