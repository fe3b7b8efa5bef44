"""What is known of each community, read for all of them at once from numbers that are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.queries import CountedHome
from qunying.communities.queries_chain import About, list_stages_of
from qunying.console.communities.context import Card, HealthPart, Want
from qunying.console.communities.words import tell_active, tell_aims
from qunying.console.community.words import tell_purposes
from qunying.console.groups.health import HEALTH_WORDS, Health
from qunying.console.groups.listing import list_counted
from qunying.desk.queries import count_open_by_community
from qunying.insights.kpis.glances import Glance, list_glances
from qunying.insights.seats import count_people_by_community
from qunying.insights.stage import STAGE_NAMES, Stage
from qunying.intake.queries import failed_by_community
from qunying.ui.figures import number

DAYS = 7
TROUBLED = (Health.CAPTURED, Health.QUIET, Health.SLOWING)
RIBBON = (Health.ACTIVE, Health.WARMER, Health.CROWDED, Health.SLOWING, Health.QUIET, Health.CAPTURED, Health.DEAD)


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything read, by community."""

    stages: Mapping[int, str]
    people: Mapping[int, int]
    glances: Mapping[int, Glance]
    work: Mapping[int, int]
    failed: Mapping[int, int]
    health: Mapping[int, Counter[Health]]


def read_cards(homes: Sequence[About], now: datetime) -> tuple[Card, ...]:
    """A card of each community, whoever needs a person first; a few queries, however many there are."""
    known = _read([home.id for home in homes], homes, now)
    ranked = sorted(homes, key=lambda home: (*_urgency(home.id, known), home.name))
    return tuple(_card(home, known) for home in ranked)


def _read(ids: Sequence[int], homes: Sequence[About], now: datetime) -> _Known:
    health: dict[int, Counter[Health]] = {pk: Counter() for pk in ids}
    for row in list_counted(ids, now) if ids else ():
        health[row.group.community_id][row.health] += 1
    return _Known(
        stages=list_stages_of(ids),
        people=count_people_by_community(ids),
        glances=list_glances([CountedHome(one.id, one.name, one.timezone) for one in homes], DAYS, now),
        work=count_open_by_community(ids),
        failed={one.community_id: one.count for one in failed_by_community(ids)},
        health=health,
    )


def _urgency(pk: int, known: _Known) -> tuple[int, ...]:
    """What orders the cards, the least first: what failed, what waits, missed targets, questions, groups in trouble."""
    glance = known.glances.get(pk)
    missed = sum(bool(line.misses) for line in glance.kpis) if glance else 0
    return (
        -known.failed.get(pk, 0),
        -known.work.get(pk, 0),
        -missed,
        -(glance.waiting or 0 if glance else 0),
        -sum(known.health[pk][one] for one in TROUBLED),
    )


def _card(home: About, known: _Known) -> Card:
    glance, stage = known.glances.get(home.id), known.stages.get(home.id, "")
    wants = tuple(_wants(home.id, known))
    aims = tell_aims(glance) if glance else ""
    is_behind = any(line.misses for line in glance.kpis) if glance else False
    return Card(
        id=home.id,
        name=home.name,
        promise=home.promise or home.topic,
        purposes=_("、").join(tell_purposes(home.purposes)),
        stage=_(STAGE_NAMES[Stage(stage)]) if stage in list(Stage) else _("阶段还没定"),
        has_stage=stage in list(Stage),
        tone=next((one.tone for one in wants if one.tone == "act"), "look" if wants or is_behind else ""),
        members=known.people.get(home.id, 0),
        groups=known.health[home.id].total(),
        health=tuple(_ribbon(home.id, known.health[home.id])),
        wants=wants,
        active=tell_active(glance) if glance else None,
        aims=aims,
        is_behind=is_behind,
        is_counted=glance is not None,
        as_of=glance.as_of if glance else None,
    )


def _wants(pk: int, known: _Known) -> list[Want]:
    """What waits for a person, the worst first."""
    failed, work, glance = known.failed.get(pk, 0), known.work.get(pk, 0), known.glances.get(pk)
    asked = (glance.waiting or 0) if glance else 0
    troubled = [(one, known.health[pk][one]) for one in TROUBLED if known.health[pk][one]]
    today, groups = reverse("console:today"), reverse("console:groups")
    found = []
    if failed:
        words = ngettext("%(n)s 条没处理成", "%(n)s 条没处理成", failed)
        found.append(Want(words % {"n": number(failed)}, today, "act"))
    if work:
        words = ngettext("%(n)s 件等人处理", "%(n)s 件等人处理", work)
        found.append(Want(words % {"n": number(work)}, today, "look"))
    if asked:
        words = ngettext("%(n)s 个问题没人答", "%(n)s 个问题没人答", asked)
        found.append(Want(words % {"n": number(asked)}, reverse("console:community", args=[pk]), "look"))
    for health, count in troubled:
        words = ngettext("%(n)s 个群%(how)s", "%(n)s 个群%(how)s", count)
        href = f"{groups}?{urlencode({'community': pk, 'health': health, 'folded': 'all'})}"
        found.append(Want(words % {"n": number(count), "how": _(HEALTH_WORDS[health])}, href, "look"))
    return found


def _ribbon(pk: int, counts: Counter[Health]) -> list[HealthPart]:
    """The groups as one ribbon, from those that do well to the dead."""
    found, x, total = [], 0.0, counts.total()
    for health in RIBBON:
        if counts[health]:
            width = 100 * counts[health] / total
            href = f"{reverse('console:groups')}?{urlencode({'community': pk, 'health': health, 'folded': 'all'})}"
            name = _(HEALTH_WORDS[health])
            found.append(HealthPart(name, counts[health], health, f"{x:.2f}", f"{width:.2f}", href))
            x += width
    return found
