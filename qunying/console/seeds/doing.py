"""What is made of a shortlist: private talks and an invitation, each shown before it is done; and how ladder and ranking are
set up."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qunying.communities.access import Permission
from qunying.communities.queries import infos_of_groups, list_group_lines, list_roster
from qunying.communities.queries_chain import find_start
from qunying.console.seeds.context import DayLine, InvitePage, LadderPage, PlanPage, WeightLine, WeightsPage
from qunying.console.seeds.forms import InviteForm, PlanForm, WeightsForm, rungs_form, rungs_said
from qunying.console.seeds.head import SeedsHead, access_shortlist, seeds_page
from qunying.console.seeds.ladder import read_ladder_panel
from qunying.console.seeds.lists import candidates_of
from qunying.console.seeds.strangers import list_strangers
from qunying.console.show import show
from qunying.insights import words_of_seeds as words
from qunying.insights.scope import local_day
from qunying.insights.seeds.ladder import rungs_of
from qunying.insights.seeds.scoring import DAYS, Weights
from qunying.insights.seeds.winning import (
    Candidate,
    TalkPlan,
    check_plan,
    do_invite,
    do_plan_talks,
    plan_invitation,
    plan_talks,
)
from qunying.kernel import clock
from qunying.kernel.effects import OpenTask
from qunying.kernel.errors import BadUse
from qunying.people.ladder import LadderChange, check_founding, do_change_ladder, find_ladder
from qunying.people.shortlists import ShortlistRow, list_shortlisted
from qunying.ui.toasts import toast

FOLDER = "console/seeds"
GROUPS = 300
both = require_http_methods(["GET", "HEAD", "POST"])


@both
@seeds_page("lists", Permission.DECIDE)
def plan(request: HttpRequest, head: SeedsHead, list_id: int) -> HttpResponse:
    """Private talks with everybody on a list: shown with GET, made with POST."""
    shortlist, now = access_shortlist(head, list_id), clock.now()
    people = candidates_of(head, list_shortlisted(list_id))
    colleagues = [line.name for line in list_roster(head.id)]
    today = local_day(now, head.timezone)
    initial = {"assigned": colleagues[:1], "first_day": today + timedelta(days=1), "a_day": 5}
    data = request.POST if request.method == "POST" else request.GET or None
    form = PlanForm(colleagues, data, initial)
    wanted = _plan_of(form) if form.is_valid() else None
    if wanted is not None:
        try:
            check_plan(wanted, today)
        except BadUse as error:
            form.add_error(None, error.said(_))
    if request.method == "POST" and form.is_valid() and wanted is not None:
        place = (head.id, head.name, head.timezone)
        new = do_plan_talks(list_id, people, wanted, community=place, now=now)
        toast(
            request,
            ngettext("开了 %(n)s 件待办", "开了 %(n)s 件待办", new) % {"n": new} if new else _("早已都安排过了"),
        )
        return redirect("console:seeds-list", head.id, list_id)
    shown = wanted if form.is_bound else TalkPlan(tuple(colleagues[:1]), today + timedelta(days=1))
    page = _plan_page(head, shortlist, form, people, shown if not form.errors else None)
    return show(request, f"{FOLDER}/plan.html", page, part="plan", status=422 if form.errors else 200)


def _plan_of(form: PlanForm) -> TalkPlan:
    said = form.cleaned_data
    return TalkPlan(tuple(said["assigned"]), said["first_day"], said["a_day"])


def _plan_page(
    head: SeedsHead, shortlist: ShortlistRow, form: forms.Form, people: list[Candidate], wanted: TalkPlan | None
) -> PlanPage:
    """What the plan comes to, by the same code that makes it."""
    tasks = plan_talks(shortlist.id, people, wanted, head.name, head.timezone) if wanted and wanted.assigned else []
    return PlanPage(
        head=head,
        id=shortlist.id,
        name=shortlist.name,
        form=form,
        new=len(tasks),
        known=len(people) - len(tasks) if tasks else 0,
        days=_days(tasks, head.timezone),
        opening=tasks[0].details if tasks else "",
    )


def _days(tasks: list[OpenTask], zone: str) -> tuple[DayLine, ...]:
    by_day: dict[date, Counter[str]] = {}
    for task in tasks:
        if task.due_at is not None:
            by_day.setdefault(local_day(task.due_at, zone), Counter())[task.assigned] += 1
    return tuple(DayLine(day, tuple(counts.items())) for day, counts in by_day.items())


@both
@seeds_page("lists", Permission.DECIDE)
def invite(request: HttpRequest, head: SeedsHead, list_id: int) -> HttpResponse:
    """An invitation to the seed group for everybody on a list: shown with GET, asked for with POST."""
    shortlist, now = access_shortlist(head, list_id), clock.now()
    people = candidates_of(head, list_shortlisted(list_id))
    lines = [(line.id, line.name) for line in list_group_lines([head.id])[:GROUPS]]
    data = request.POST if request.method == "POST" else request.GET or None
    form = InviteForm(lines, data, find_ladder(head.id).seed_group_id)
    chosen = form.cleaned_data.get("group") if form.is_valid() else form.initial["group"] if not form.is_bound else None
    group = infos_of_groups([chosen]).get(chosen) if chosen else None
    if request.method == "POST" and group is not None:
        done = do_invite(list_id, people, group, now)
        change = LadderChange(seed_group=(group.id,))
        do_change_ladder(head.id, change, user_id=request.user.pk or 0, at=now)
        toast(
            request,
            _("%(effects)s 条等你点头，%(tasks)s 件交给同事")
            % {"effects": len(done.effects), "tasks": len(done.tasks)},
        )
        return redirect("console:seeds-list", head.id, list_id)
    asked = plan_invitation(list_id, people, group, now) if group else None
    page = InvitePage(
        head=head,
        id=list_id,
        name=shortlist.name,
        form=form,
        group=group.name if group else "",
        effects=len(asked.effects) if asked else 0,
        tasks=len(asked.tasks) if asked else 0,
        there=asked.there if asked else 0,
        asked=asked.asked if asked else 0,
    )
    return show(request, f"{FOLDER}/invite.html", page, part="invite", status=422 if form.errors else 200)


@both
@seeds_page("ladder")
def ladder(request: HttpRequest, head: SeedsHead) -> HttpResponse:
    """Who stands where, who is about to move; what a rung takes can be changed by who may change settings."""
    rungs, error = rungs_of(find_ladder(head.id).rungs), ""
    data = request.POST if request.method == "POST" and head.can_set else None
    form = rungs_form(rungs, data) if head.can_set else None
    if form is not None and form.is_bound and form.is_valid():
        chosen = rungs_said(rungs, form.cleaned_data)
        try:
            rungs_of(chosen)
        except BadUse as bad:
            error = bad.said(_)
        else:
            change = LadderChange(rungs=chosen)
            is_new = do_change_ladder(head.id, change, user_id=request.user.pk or 0, at=clock.now())
            toast(request, _("存好了，数好就按新的门槛定级") if is_new else _("没有改动"))
            return redirect("console:seeds-ladder", head.id)
    groups = (
        tuple((words.rung_name(rung), tuple(n for n in form.fields if n.startswith(rung.code))) for rung in rungs)
        if form
        else ()
    )
    page = LadderPage(head, read_ladder_panel(head.id, head.timezone, clock.now()), form, groups, error)
    is_wrong = error or (form is not None and form.errors)
    return show(request, f"{FOLDER}/ladder.html", page, part="form", status=422 if is_wrong else 200)


@both
@seeds_page("weights")
def weights(request: HttpRequest, head: SeedsHead) -> HttpResponse:
    """How the score is counted; weights and the founding can be changed by who may change settings."""
    kept, today = find_ladder(head.id), local_day(clock.now(), head.timezone)
    data = request.POST if request.method == "POST" and head.can_set else None
    form = WeightsForm(Weights.of(kept.weights), kept.founded_on, data)
    if form.is_bound and form.is_valid():
        try:
            check_founding(form.cleaned_data["founded_on"], today)
            Weights.of(form.weights())
        except BadUse as error:
            form.add_error(None, error.said(_))
        else:
            change = LadderChange(weights=form.weights(), founding=(form.cleaned_data["founded_on"],))
            is_new = do_change_ladder(head.id, change, user_id=request.user.pk or 0, at=clock.now())
            toast(request, _("存好了，数好就换上新的") if is_new else _("没有改动"))
            return redirect("console:seeds-weights", head.id)
    page = WeightsPage(
        head=head,
        form=form,
        lines=_weight_lines(form, Weights.of(kept.weights)),
        how=words.how(DAYS),
        how_platform=words.how_platform(),
        how_notes=words.how_notes(),
        founded_on=kept.counted_founding,
        founded_by=words.founded_by(kept.founded_on, find_start(head.id)),
        strangers=list_strangers(head, kept),
        strangers_count=kept.platform_strangers,
        members=kept.platform_people,
    )
    return show(request, f"{FOLDER}/weights.html", page, part="form", status=422 if form.errors else 200)


def _weight_lines(form: WeightsForm, weights: Weights) -> tuple[WeightLine, ...]:
    given = asdict(weights)
    total = sum(given.values())
    return tuple(WeightLine(form[name], words.full(name, DAYS), given[name] / total) for name in given)
