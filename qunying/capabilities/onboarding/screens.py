"""The welcome's page: who waits and until when, what was said, how it will read."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from types import MappingProxyType

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from qunying.capabilities.onboarding.capability import ONBOARDING
from qunying.capabilities.onboarding.consider import GREET, NAME, greeting
from qunying.capabilities.onboarding.context import GreetingLine, Place, Preview, WaitingGroup, WelcomeContext
from qunying.capabilities.onboarding.queries import WaitingLine, count_newcomers, list_waiting
from qunying.capabilities.onboarding.settings import OnboardingSettings
from qunying.communities.access import Permission, reach_of, visible_communities
from qunying.communities.queries import (
    GroupInfo,
    Layer,
    infos_of_groups,
    list_first_groups,
    list_layers_of_communities,
    staff_of,
)
from qunying.communities.queries_rules import rules_in_force
from qunying.intake.queries import list_timers
from qunying.kernel import clock
from qunying.kernel.capability import resolve_settings
from qunying.kernel.effects import EffectState
from qunying.kernel.scene import GroupScene, Mode
from qunying.kernel.texts import mark
from qunying.outbox.queries import Item, ItemWish, list_wished

DAYS = 7
WAITING_SHOWN = 500
NAMES_SHOWN = 8
GREETINGS_SHOWN = 15
EXAMPLE = (mark("陈晨"), mark("方方"), mark("Lily_在路上"))
STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        EffectState.WAITING: (gettext_noop("等着发"), ""),
        EffectState.SENDING: (gettext_noop("正在发"), ""),
        EffectState.NEEDS_APPROVAL: (gettext_noop("等人点头"), "look"),
        EffectState.SIMULATED: (gettext_noop("只看不动，没有做"), "plain"),
        EffectState.SENT: (gettext_noop("已送达"), "teal"),
        EffectState.UNKNOWN: (gettext_noop("不知道发没发成"), "look"),
        EffectState.FAILED: (gettext_noop("没有发成"), "act"),
        EffectState.EXPIRED: (gettext_noop("过了时候，没有再发"), ""),
        EffectState.CANCELLED: (gettext_noop("拦下了，没有发"), ""),
        EffectState.UNDONE: (gettext_noop("已撤销"), ""),
    }
)
MODES: Mapping[str, str] = MappingProxyType(
    {
        Mode.OFF: gettext_noop("关着"),
        Mode.OBSERVE: gettext_noop("只看不动"),
        Mode.SUGGEST: gettext_noop("先问我"),
        Mode.ACT: gettext_noop("直接做"),
    }
)


@require_GET
@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """The welcome within this person's reach; ``community`` chooses whose words are previewed."""
    reach = reach_of(request.user, Permission.READ)
    ids = reach.ids
    places, layers = _places(request)
    chosen = next((place for place in places if place.is_chosen), None)
    context = WelcomeContext(
        counts=count_newcomers(ids, clock.now() - timedelta(days=DAYS)),
        days=DAYS,
        waiting=_waiting(list_waiting(ids, WAITING_SHOWN)),
        greetings=_greetings(ids),
        outbox_href=f"{address('console:outbox')}?capability={NAME}",
        places=places,
        chosen=chosen,
        previews=_previews(chosen.id, layers.get((chosen.id, NAME), Layer())) if chosen else (),
        sandbox_href=address("console:sandbox"),
    )
    fields = {part.name: getattr(context, part.name) for part in dataclasses.fields(context)}
    return render(request, "onboarding/welcome.html", fields)


def address(name: str, *args: object) -> str:
    """The address of a page of the console; empty where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:  # the screen was taken out
        return ""


def _places(request: HttpRequest) -> tuple[tuple[Place, ...], dict[tuple[int, str], Layer]]:
    communities = visible_communities(request.user)
    layers = list_layers_of_communities([one.pk for one in communities])
    may_set = reach_of(request.user, Permission.SETTINGS)
    wanted = request.GET.get("community", "")
    known = {str(one.pk) for one in communities}
    first = wanted if wanted in known else str(communities[0].pk) if communities else ""
    places = tuple(
        Place(
            id=one.pk,
            name=one.name,
            mode=_(MODES[layers.get((one.pk, NAME), Layer()).mode or Mode.OBSERVE]),
            is_chosen=str(one.pk) == first,
            settings_href=address("console:settings-capability", one.pk, NAME) if may_set.covers(one.pk) else "",
        )
        for one in communities
    )
    return places, layers


def _waiting(lines: Sequence[WaitingLine]) -> tuple[WaitingGroup, ...]:
    ids = sorted({line.group_id for line in lines})
    groups = infos_of_groups(ids)
    clocks = {timer.lane.group_id: timer.at for timer in list_timers(NAME, ids) if timer.key == GREET}
    now = clock.now()
    found = []
    for group_id, members in groupby(lines, key=lambda line: line.group_id):
        those, group = list(members), groups[group_id]
        names = tuple(line.name for line in those[:NAMES_SHOWN])
        quiet = group.quiet.covers(now)
        until = clocks.get(group_id)
        found.append(
            WaitingGroup(group_id, group.name, names, len(those) - len(names), those[0].joined_at, until, quiet)
        )
    return tuple(sorted(found, key=lambda one: (one.until is None, one.until or one.since)))


def _greetings(community_ids: Collection[int] | None) -> tuple[GreetingLine, ...]:
    items = list_wished(ItemWish(community_ids, capability=NAME), start=0, limit=GREETINGS_SHOWN)
    groups = infos_of_groups(item.group_id for item in items if item.group_id is not None)
    return tuple(_greeting(item, groups.get(item.group_id or 0)) for item in items)


def _greeting(item: Item, group: GroupInfo | None) -> GreetingLine:
    words, tone = STATES.get(item.state, (item.state, ""))
    reason = ONBOARDING.reasons.get(item.reason_code, "")
    return GreetingLine(
        id=item.pk,
        group=group.name if group else "",
        group_id=group.id if group else None,
        text=str(item.payload.get("text", "")),
        state=_(words),
        tone=tone,
        at=item.finished_at or item.queued_at,
        reason=_(reason) % (item.reason_params or {}) if reason else "",
    )


def _previews(community_id: int, layer: Layer) -> tuple[Preview, ...]:
    """The welcome as it would read now, by the very function that writes it."""
    group = list_first_groups([community_id]).get(community_id)
    if group is None:
        return ()
    known = {part.name for part in dataclasses.fields(OnboardingSettings)}
    settings = resolve_settings(OnboardingSettings, {k: v for k, v in layer.settings.items() if k in known})
    staff = tuple(line.name for line in staff_of([community_id]).get(community_id, []))
    rules = rules_in_force([community_id]).get(community_id, ()) if group.has_rules else ()
    scene = replace(_scene(group, staff, settings), rules=rules).at(clock.now())
    languages = (("zh-hans", "中文"), ("en", "English"))
    return tuple(
        Preview(
            code,
            name,
            greeting(replace(scene, language=code), [_(name) for name in EXAMPLE]),
            is_own=code == group.language,
        )
        for code, name in languages
    )


def _scene(group: GroupInfo, staff: tuple[str, ...], settings: OnboardingSettings) -> GroupScene:
    return GroupScene(
        id=group.id,
        ref=group.ref,
        carrier=group.carrier,
        community_id=group.community_id,
        name=group.name,
        language=group.language,
        quiet=group.quiet,
        staff_names=staff,
        settings={NAME: settings},
    )
