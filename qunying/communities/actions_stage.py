"""Sets what a community is meant to reach, and says in which stage of its life it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from qunying.communities.models import Community, StageChoice, StageTick, Target
from qunying.journal.actions import do_record_facts
from qunying.kernel.facts import Fact


def do_set_target(
    community_id: int, kpi: str, days: int, value: Decimal | None, *, unit: str, at: datetime, actor: str
) -> bool:
    """What that KPI shall be in so many days, None for no target; False where it is so already.

    The caller has checked the KPI's name and the value.
    """
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community_id)
        target = Target.objects.filter(community=community_id, kpi=kpi, days=days).first()
        before = target.value if target else None
        if before == value:
            return False
        values = {"value": value, "before": before, "at": at}
        Target.objects.update_or_create(community_id=community_id, kpi=kpi, days=days, defaults=values)
        words = {"kpi": kpi, "days": days, "unit": unit, "before": _plain(before), "after": _plain(value)}
        _do_note("target.set", community_id, kpi, at, actor, words)
    return True


def do_take_back_target(community_id: int, kpi: str, days: int, *, unit: str, at: datetime, actor: str) -> bool:
    """The target is what it was before its latest change; False where there is none to take back."""
    target = Target.objects.filter(community=community_id, kpi=kpi, days=days).first()
    if target is None:
        return False
    return do_set_target(community_id, kpi, days, target.before, unit=unit, at=at, actor=actor)


def do_confirm_stage(community_id: int, stage: str, *, proposed: str, user_id: int, at: datetime) -> bool:
    """Somebody says in which stage the community is; False where that is what counts already."""
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community_id)
        latest = _latest(community_id)
        if latest is not None and (latest.stage, latest.proposed) == (stage, proposed):
            return False
        StageChoice.objects.create(community_id=community_id, stage=stage, proposed=proposed, at=at, by_id=user_id)
        before = latest.stage if latest else ""
        words = {"before": before, "after": stage, "proposed": proposed}
        _do_note("stage.confirmed", community_id, stage, at, f"user:{user_id}", words)
    return True


def do_take_back_stage(community_id: int, *, user_id: int, at: datetime) -> bool:
    """What somebody said last of the stage counts no more, what was said before it does; False where nobody said any."""
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community_id)
        latest = _latest(community_id)
        if latest is None:
            return False
        StageChoice.objects.filter(pk=latest.pk).update(taken_back_at=at)
        now = _latest(community_id)
        words = {"before": latest.stage, "after": now.stage if now else ""}
        _do_note("stage.taken_back", community_id, str(latest.pk), at, f"user:{user_id}", words)
    return True


def do_tick(community_id: int, stage: str, item: str, *, is_done: bool, user_id: int, at: datetime) -> bool:
    """An item of a stage's checklist is done, or not after all; False where it is so already."""
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community_id)
        ticks = StageTick.objects.filter(community=community_id, stage=stage, item=item)
        if ticks.exists() == is_done:
            return False
        if is_done:
            StageTick.objects.create(community_id=community_id, stage=stage, item=item, at=at, by_id=user_id)
        else:
            ticks.delete()
        name = "check.ticked" if is_done else "check.unticked"
        _do_note(name, community_id, f"{stage}:{item}", at, f"user:{user_id}", {"stage": stage, "item": item})
    return True


def _latest(community_id: int) -> StageChoice | None:
    return StageChoice.objects.filter(community=community_id, taken_back_at=None).order_by("-pk").first()


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def _do_note(name: str, community_id: int, what: str, at: datetime, actor: str, words: Mapping[str, object]) -> None:
    key = f"{name}:{community_id}:{what}:{at.isoformat()}"
    do_record_facts([Fact(name=name, at=at, community_id=community_id, actor=actor, key=key, words=words)])
