"""Communities: the list, one community with its roster and capabilities, one capability of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.communities.access import (
    Permission,
    access_community,
    access_everything,
    reach_of,
    visible_communities,
)
from qunying.communities.actions import (
    QUIET_FROM,
    QUIET_TO,
    NewStaff,
    do_change_community,
    do_enter_staff,
    do_found_community,
    do_set_mode,
    do_set_settings,
    do_strike_staff,
)
from qunying.communities.queries import (
    Layer,
    count_groups_by_community,
    demo_communities,
    list_layers_of_communities,
    list_roster,
    paused_communities,
)
from qunying.console.group.settings import MODE_HELP
from qunying.console.platforms import tell_platform
from qunying.console.reasons import tell_mode
from qunying.console.settings.context import (
    CapabilityContext,
    CapabilityLine,
    CommunityContext,
    CommunityLine,
    FoundContext,
    ModeLine,
    OverviewContext,
    Tabs,
)
from qunying.console.settings.forms import CommunityForm, SettingsForm, StaffForm, layer_of, settings_form, zones
from qunying.console.settings.laying import gone_back, is_looking, lay_out, say_gone_back
from qunying.console.settings.rules_file import FILE, bring
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.capability import Capability, tried_fields
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.people.ladder import do_ask_where_counted
from qunying.pipeline.roster import ROSTER, find_capability
from qunying.ui.toasts import toast

PARTS = (
    "name",
    "topic",
    "promise",
    "purpose",
    "strategy",
    "started_on",
    "timezone",
    "language",
    "quiet_from",
    "quiet_to",
)


def tabs_of(request: HttpRequest, current: str) -> Tabs:
    """The pages of the settings for whoever asks."""
    return Tabs(current, has_sign_ins=reach_of(request.user, Permission.OWN).is_everywhere)


@require_GET
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Communities within reach with their capabilities."""
    found = visible_communities(request.user)
    ids = [one.pk for one in found]
    layers, groups, paused = list_layers_of_communities(ids), count_groups_by_community(ids), paused_communities()
    may_set = reach_of(request.user, Permission.SETTINGS)
    lines = tuple(
        CommunityLine(
            id=one.pk,
            name=one.name,
            promise=one.promise,
            groups=groups.get(one.pk, 0),
            is_demo=one.is_demo,
            is_paused=None in paused or one.pk in paused,
            can_set=may_set.covers(one.pk),
            capabilities=tuple(_line(cap, layers.get((one.pk, cap.name), Layer())) for cap in ROSTER),
        )
        for one in found
    )
    context = OverviewContext(
        tabs=tabs_of(request, "settings"),
        communities=lines,
        can_found=may_set.is_everywhere,
        demo_communities=len(demo_communities()),
        is_demo_leaving=bool(may_set.leaving),
        can_remove_demo=reach_of(request.user, Permission.OWN).is_everywhere,
    )
    return show(request, "console/settings/page.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def found(request: HttpRequest) -> HttpResponse:
    """A new community."""
    access_everything(request.user, Permission.SETTINGS)
    initial = {"timezone": timezone.get_default_timezone_name(), "quiet_from": QUIET_FROM, "quiet_to": QUIET_TO}
    form = CommunityForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            community_id = _do_found(form.cleaned_data, f"user:{request.user.pk}")
        except BadUse as error:
            _blame(form, error)
        else:
            toast(request, _("建好了。接下来写官方名册，再看能力的模式"))
            return redirect("console:settings-community", community_id)
    context = FoundContext(tabs_of(request, "settings"), form, zones())
    return show(request, "console/settings/found.html", context, part="form", status=422 if form.is_bound else 200)


def _do_found(said: dict[str, Any], actor: str) -> int:
    at = clock.now()
    hours = {name: said[name] for name in ("quiet_from", "quiet_to")}
    rest = {name: said[name] for name in PARTS if name not in hours}
    community_id = do_found_community(**rest, at=at, actor=actor)
    do_change_community(community_id, hours, at=at, actor=actor)
    return community_id


@require_http_methods(["GET", "POST"])
@signed_in
def community(request: HttpRequest, community_id: int) -> HttpResponse:
    """One community; its form comes back with what is wrong."""
    row = access_community(request.user, community_id, Permission.SETTINGS)
    form = CommunityForm(request.POST or None, initial={name: getattr(row, name) for name in PARTS})
    if request.method == "POST" and form.is_valid():
        try:
            actor = f"user:{request.user.pk}"
            is_new = do_change_community(community_id, form.cleaned_data, at=clock.now(), actor=actor)
        except BadUse as error:
            _blame(form, error)
        else:
            if row.started_on != form.cleaned_data["started_on"]:  # seed users are counted around it
                do_ask_where_counted([community_id], clock.now())
            toast(request, _("存好了") if is_new else _("没有改动"))
            return redirect("console:settings-community", community_id)
    return _community(request, community_id, row.name, form=form, status=422 if form.is_bound else 200)


def _community(
    request: HttpRequest,
    community_id: int,
    name: str,
    *,
    form: Form | None = None,
    staff_form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    row = access_community(request.user, community_id, Permission.SETTINGS)
    layers = list_layers_of_communities([community_id])
    context = CommunityContext(
        tabs=tabs_of(request, "settings"),
        id=community_id,
        name=name,
        form=form or CommunityForm(initial={part: getattr(row, part) for part in PARTS}),
        zones=zones(),
        roster=tuple(replace(line, carrier=tell_platform(line.carrier)) for line in list_roster(community_id)),
        staff_form=staff_form or StaffForm(),
        capabilities=tuple(_line(one, layers.get((community_id, one.name), Layer())) for one in ROSTER),
    )
    part = "roster" if staff_form else "form"
    return show(request, "console/settings/community.html", context, part=part, status=status)


@require_POST
@signed_in
def enter(request: HttpRequest, community_id: int) -> HttpResponse:
    """One more person on the official roster."""
    row = access_community(request.user, community_id, Permission.SETTINGS)
    form = StaffForm(request.POST)
    if form.is_valid():
        try:
            said = form.cleaned_data
            line = NewStaff(said["carrier"], said["ref"], said["name"], said["duty"])
            do_enter_staff(community_id, line, at=clock.now(), actor=f"user:{request.user.pk}")
        except BadUse as error:
            form.add_error("ref", error.said(_))
        else:
            toast(request, _("「%(name)s」进了官方名册") % {"name": said["name"]})
            return redirect("console:settings-community", community_id)
    return _community(request, community_id, row.name, staff_form=form, status=422)


@require_POST
@signed_in
def strike(request: HttpRequest, community_id: int, staff_id: int) -> HttpResponse:
    """One person less on the official roster."""
    access_community(request.user, community_id, Permission.SETTINGS)
    if do_strike_staff(community_id, staff_id, at=clock.now(), actor=f"user:{request.user.pk}"):
        toast(request, _("从名册里去掉了"))
    return redirect("console:settings-community", community_id)


@require_http_methods(["GET", "POST"])
@signed_in
def capability(request: HttpRequest, community_id: int, name: str) -> HttpResponse:
    """How far a capability may go in a community, and with which settings."""
    row = access_community(request.user, community_id, Permission.SETTINGS)
    chosen = find_capability(name)
    if chosen is None:
        raise Http404
    layer = list_layers_of_communities([community_id]).get((community_id, name), Layer())
    form, is_tried = _form(chosen, layer, request), is_looking(request.POST) or FILE in request.FILES
    mode = request.POST.get("mode") or layer.mode or Mode.OBSERVE.value
    if request.method == "POST" and form.is_valid() and mode in list(Mode) and not is_tried:
        is_new = _do_choose(chosen, community_id, Mode(mode), form, layer, f"user:{request.user.pk}")
        toast(request, _("存好了，下一件事就照新的来") if is_new else _("没有改动"))
        return redirect("console:settings-capability", community_id, name)
    context = CapabilityContext(
        tabs=tabs_of(request, "settings"),
        community_id=community_id,
        community=row.name,
        name=name,
        title=_(chosen.title),
        modes=tuple(ModeLine(one.value, tell_mode(one), str(MODE_HELP[one]), one.value == mode) for one in Mode),
        form=form,
        sections=lay_out(chosen, form, Mode(mode) if mode in list(Mode) else Mode.OBSERVE, community_id),
        is_tried=is_tried and form.is_valid(),
        can_rehearse=bool(tried_fields(chosen.settings)),
    )
    say_gone_back(request)
    status = 422 if form.is_bound and not context.is_tried else 200
    return show(request, "console/settings/capability.html", context, part="form", status=status)


def _form(chosen: Capability, layer: Layer, request: HttpRequest) -> SettingsForm:
    """The capability's form with what was sent, what was to go back gone back."""

    def make(sent: Mapping[str, Any] | None) -> SettingsForm:
        form = settings_form(chosen.name, chosen.settings, layer.settings, sent, chosen.check)
        form.check_change = chosen.check_change
        return form

    if request.method != "POST":
        return make(None)
    brought = bring(request, chosen, make(None)) if FILE in request.FILES else None
    form = make(gone_back(brought.sent if brought else request.POST, make(None)))
    if brought and brought.error:
        form.add_error(None, brought.error)
    return form


def _do_choose(chosen: Capability, community_id: int, mode: Mode, form: Form, layer: Layer, actor: str) -> bool:
    at, settings = clock.now(), layer_of(form, chosen, layer.settings)
    if mode.value != layer.mode:
        do_set_mode(chosen.name, mode, community_id=community_id, at=at, actor=actor)
    if settings != dict(layer.settings):
        do_set_settings(chosen.name, settings, community_id=community_id, at=at, actor=actor)
    return mode.value != layer.mode or settings != dict(layer.settings)


def _line(one: Capability, layer: Layer) -> CapabilityLine:
    mode = layer.mode or Mode.OBSERVE.value
    return CapabilityLine(one.name, _(one.title), mode, tell_mode(mode), len(layer.settings))


def _blame(form: Form, error: BadUse) -> None:
    """Puts an error beside the field it speaks of."""
    form.add_error("timezone" if "zone" in error.sentence.values else "name", error.said(_))
