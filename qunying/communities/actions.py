"""Founds communities, registers groups, keeps the roster, modes, settings and pauses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from qunying.communities.facts import before_and_after, fact_of
from qunying.communities.models import Account, CapabilityChoice, Community, Grant, Group, Pause, Staff
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.kernel.texts import mark
from qunying.store import rows

QUIET_FROM = time(22, 30)
QUIET_TO = time(8, 0)
GROUP_HOLDS = 500  # where the carrier says nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """A group to register."""

    carrier: str
    ref: str
    carrier_name: str
    remark: str = ""
    city: str = ""
    industry: str = ""
    weight: int = 50
    capacity: int = GROUP_HOLDS
    opened_at: datetime | None = None
    account_id: int | None = None
    kind: str = "chat"


@dataclass(frozen=True, slots=True)
class NewStaff:
    """A line for the official roster."""

    carrier: str
    ref: str
    name: str
    duty: str
    user_id: int | None = None


def do_found_community(
    *,
    name: str,
    at: datetime,
    topic: str = "",
    promise: str = "",
    purpose: Sequence[str] = (),
    strategy: str = "community",
    started_on: date | None = None,
    timezone: str = "Asia/Shanghai",
    language: str = "zh-hans",
    is_demo: bool = False,
    actor: str = "system",
) -> int:
    """A new community; answers its id. Raises ``BadUse`` for an unknown time zone or a name that is taken."""
    check_zone(timezone)
    with transaction.atomic():
        if Community.objects.filter(name=name).exists():
            raise BadUse(mark("已经有一个叫「%(name)s」的社群"), name=name)
        community = Community.objects.create(
            name=name[:120],
            topic=topic,
            promise=promise,
            purpose=list(purpose),
            strategy=strategy,
            started_on=started_on,
            timezone=timezone,
            language=language,
            quiet_from=QUIET_FROM,
            quiet_to=QUIET_TO,
            is_demo=is_demo,
            created_at=at,
        )
        _do_note("community.created", community.pk, None, at, actor, {"demo": is_demo})
    return community.pk


def check_zone(timezone: str) -> ZoneInfo:
    """The zone of that name. Raises ``BadUse`` with an example where there is none."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadUse(mark("没有「%(zone)s」这个时区；写成 Asia/Shanghai 这样"), zone=timezone) from error


def do_register_group(community_id: int, new: NewGroup, *, at: datetime, actor: str = "system") -> int:
    """A group of a community; answers its id. Raises ``BadUse`` where its carrier reference is taken."""
    with transaction.atomic():
        taken = Group.objects.filter(carrier=new.carrier, ref=new.ref).first()
        if taken is not None:
            raise BadUse(
                mark("平台编号「%(ref)s」已经是「%(taken)s」的，换一个编号，或者去改那个群"),
                ref=new.ref,
                taken=taken.shown_name,
            )
        group = Group.objects.create(
            community_id=community_id,
            account_id=new.account_id,
            carrier=new.carrier,
            ref=new.ref,
            kind=new.kind,
            carrier_name=new.carrier_name[:200],
            remark=new.remark[:200],
            city=new.city,
            industry=new.industry,
            weight=new.weight,
            capacity=new.capacity,
            opened_at=new.opened_at,
            created_at=at,
        )
        _do_note("group.created", community_id, group.pk, at, actor, {"carrier": new.carrier})
    return group.pk


def do_discover_group(community_id: int, new: NewGroup, *, at: datetime) -> int:
    """A group that a carrier told of before anybody registered it; answers its id.

    Whatever its community lets capabilities do, in this group they only observe until somebody decides otherwise.
    """
    with transaction.atomic():
        group_id = do_register_group(community_id, new, at=at)
        chosen = CapabilityChoice.objects.filter(community=community_id, group=None).exclude(mode=Mode.OFF)
        for name in chosen.exclude(mode="").order_by("id").values_list("capability", flat=True):
            do_set_mode(name, Mode.OBSERVE, community_id=community_id, group_id=group_id, at=at, actor="system")
    return group_id


def do_know_account(
    carrier: str, ref: str, name: str, *, at: datetime, is_demo: bool = False, home_id: int | None = None
) -> int:
    """Our account on a carrier, made when it is new; answers its id. ``home_id`` is where its new groups belong."""
    account, _ = Account.objects.get_or_create(
        carrier=carrier, ref=ref, defaults={"name": name, "online_since": at, "is_demo": is_demo, "home_id": home_id}
    )
    if home_id is not None and account.home_id != home_id:
        Account.objects.filter(pk=account.pk).update(home_id=home_id)
    return account.pk


def do_note_account(carrier: str, ref: str, *, is_online: bool, why: str = "", at: datetime) -> None:
    """Our account is there, or is not; a fact where that is news. An account nobody knows stays unknown."""
    with transaction.atomic():
        changed = Account.objects.filter(carrier=carrier, ref=ref).exclude(is_online=is_online)
        account = changed.select_for_update().first()
        if account is None:
            return
        account.is_online, account.online_since = is_online, at if is_online else account.online_since
        account.save(update_fields=["is_online", "online_since"])
        name = "account.online" if is_online else "account.offline"
        words = {"account": account.pk, "carrier": carrier, **({"why": why} if why else {})}
        groups = Group.objects.filter(account=account.pk).order_by("community_id")
        homes: list[int | None] = list(groups.values_list("community_id", flat=True).distinct())
        for community_id in homes or [None]:
            _do_note(name, community_id, None, at, "system", words)


def do_release_groups(carrier: str, account_ref: str, heirs: Mapping[str, str]) -> None:
    """That account of ours is not connected any more. ``heirs`` are, by group, other accounts that are there; a group without
    one belongs to whichever account hears it next."""
    accounts = dict(Account.objects.filter(carrier=carrier, ref__in=set(heirs.values())).values_list("ref", "pk"))
    groups = Group.objects.filter(account__carrier=carrier, account__ref=account_ref)
    passes_to: defaultdict[int | None, list[int]] = defaultdict(list)
    for group_id, ref in groups.values_list("pk", "ref"):
        passes_to[accounts.get(heirs.get(ref, ""))].append(group_id)
    for heir, ids in passes_to.items():
        Group.objects.filter(pk__in=rows.among(ids)).update(account=heir)


def do_listen(carrier: str, heard_by: Mapping[str, str]) -> None:
    """Groups without an account of ours, as from a file or after their account was taken down, are heard by these from now on."""
    deaf = list(Group.objects.filter(carrier=carrier, ref__in=set(heard_by), account=None).order_by("id"))
    if not deaf:
        return
    # what was heard before an account was taken down does not bring it back
    there = Account.objects.filter(carrier=carrier, ref__in=set(heard_by.values()), is_online=True)
    accounts = dict(there.values_list("ref", "pk"))
    for group in deaf:
        if heard_by[group.ref] in accounts:
            Group.objects.filter(pk=group.pk).update(account=accounts[heard_by[group.ref]])


def do_see_group(group_id: int, carrier_name: str, *, is_listed: bool, at: datetime) -> bool:
    """The platform shows a group, and (``is_listed``) who sits in it; answers whether it never showed that before."""
    group = Group.objects.filter(pk=group_id)
    was_listed = group.filter(listed_at__isnull=False).exists()
    if carrier_name:
        group.exclude(carrier_name=carrier_name[:200]).update(carrier_name=carrier_name[:200])
    if is_listed:
        group.update(listed_at=at)
    return not was_listed


def do_name_staff(community_id: int, staff: Sequence[NewStaff]) -> None:
    """Puts people on the official roster; who is on it already is left as they are."""
    for line in staff:
        Staff.objects.get_or_create(
            community_id=community_id,
            carrier=line.carrier,
            ref=line.ref,
            defaults={"name": line.name, "duty": line.duty, "user_id": line.user_id},
        )


def do_set_mode(
    capability: str, mode: Mode, *, community_id: int, group_id: int | None = None, at: datetime, actor: str
) -> None:
    """How far a capability may go in a community, or in one group of it."""
    with transaction.atomic():
        choice = _choice(capability, community_id, group_id)
        before, choice.mode = choice.mode, mode.value
        choice.save(update_fields=["mode"])
        words = {"capability": capability, "before": before, "after": mode.value}
        _do_note("mode.changed", community_id, group_id, at, actor, words)


def do_set_settings(
    capability: str,
    settings: Mapping[str, Any],
    *,
    community_id: int,
    group_id: int | None = None,
    at: datetime,
    actor: str,
) -> None:
    """A layer of settings for one capability. The caller has checked the values against the capability's own."""
    with transaction.atomic():
        choice = _choice(capability, community_id, group_id)
        before, choice.settings = choice.settings, dict(settings)
        choice.save(update_fields=["settings"])
        changed = sorted(name for name in {*before, *settings} if before.get(name) != settings.get(name))
        words = {"capability": capability, "fields": changed}
        values = before_and_after(changed, before, settings)
        _do_note("settings.changed", community_id, group_id, at, actor, words, values)


def _choice(capability: str, community_id: int, group_id: int | None) -> CapabilityChoice:
    found = CapabilityChoice.objects.filter(community=community_id, group=group_id, capability=capability).first()
    return found or CapabilityChoice.objects.create(community_id=community_id, group_id=group_id, capability=capability)


def do_pause(community_id: int | None, *, user_id: int, at: datetime) -> None:
    """Stops everything that would go out, for one community or (None) for all. Reading and judging go on."""
    with transaction.atomic():
        if not Pause.objects.filter(community=community_id).exists():
            Pause.objects.create(community_id=community_id, since=at, by_id=user_id)
            _do_note("pause.started", community_id, None, at, f"user:{user_id}", {})


def do_resume(community_id: int | None, *, user_id: int, at: datetime) -> None:
    """Lets things go out again."""
    with transaction.atomic():
        deleted, _ = Pause.objects.filter(community=community_id).delete()
        if deleted:
            _do_note("pause.ended", community_id, None, at, f"user:{user_id}", {})


def do_grant(user_id: int, role: str, *, community_id: int | None = None) -> None:
    """Gives a sign-in a role, everywhere or in one community."""
    if not Grant.objects.filter(user=user_id, role=role, community=community_id).exists():
        Grant.objects.create(user_id=user_id, role=role, community_id=community_id)


def _do_note(
    name: str,
    community_id: int | None,
    group_id: int | None,
    at: datetime,
    actor: str,
    words: Mapping[str, object],
    values: Mapping[str, object] = MappingProxyType({}),
) -> None:
    do_record_facts([fact_of(name, community_id, group_id, at, actor, words, values)])


def do_rename_group(group_id: int, carrier_name: str) -> None:
    """The carrier's name of a group is now this; our remark stays."""
    Group.objects.filter(pk=group_id).update(carrier_name=carrier_name[:200])


def do_hold_group(group_id: int) -> None:
    """Nobody else writes a group's past until this transaction ends."""
    rows.lock_rows(Group, [group_id])


def do_let_demo_go(at: datetime) -> list[int]:
    """From now on nobody sees the demo's communities, and its account is gone; answers which they were.

    What they consist of is forgotten piece by piece (``pipeline/demo/remove.py``).
    """
    going = Community.objects.filter(is_demo=True, leaving_since=None)
    ids = list(going.order_by("id").values_list("pk", flat=True))
    going.update(leaving_since=at)
    Pause.objects.filter(community__in=ids).delete()
    Account.objects.filter(is_demo=True).delete()
    return ids


def do_forget_communities(ids: Sequence[int]) -> int:
    """Removes communities with their groups, roster, choices and grants; answers how many. Others have forgotten theirs before."""
    Group.objects.filter(community__in=ids).delete()
    _count, kinds = Community.objects.filter(pk__in=ids).delete()
    return kinds.get("communities.Community", 0)


def do_follow_community(capability: str, *, community_id: int, group_id: int, at: datetime, actor: str) -> None:
    """A group no longer has a mode of its own for a capability: its community's counts."""
    with transaction.atomic():
        choice = CapabilityChoice.objects.filter(group=group_id, capability=capability).exclude(mode="").first()
        if choice is None:
            return
        before, choice.mode = choice.mode, ""
        choice.save(update_fields=["mode"])
        words = {"capability": capability, "before": before, "after": ""}
        _do_note("mode.changed", community_id, group_id, at, actor, words)


CHANGEABLE = frozenset(
    {
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
    }
)


def do_change_community(community_id: int, changes: Mapping[str, Any], *, at: datetime, actor: str) -> bool:
    """Writes down what is new about a community (fields of ``CHANGEABLE``); False where nothing is.

    Raises ``BadUse`` for an empty or taken name and for an unknown time zone.
    """
    if "timezone" in changes:
        check_zone(changes["timezone"])
    with transaction.atomic():
        community = Community.objects.select_for_update().get(pk=community_id)
        _check_name(changes.get("name", community.name), community_id)
        changed = sorted(name for name in CHANGEABLE & set(changes) if getattr(community, name) != changes[name])
        values = before_and_after(changed, {name: getattr(community, name) for name in changed}, changes)
        for name in changed:
            setattr(community, name, changes[name])
        if changed:
            community.save(update_fields=changed)
            words = {"what": "community", "fields": changed}
            _do_note("settings.changed", community_id, None, at, actor, words, values)
    return bool(changed)


def _check_name(name: str, community_id: int) -> None:
    if not name.strip():
        raise BadUse(mark("社群要有一个名字"))
    if Community.objects.filter(name=name).exclude(pk=community_id).exists():
        raise BadUse(mark("已经有一个叫「%(name)s」的社群"), name=name)


def do_strike_staff(community_id: int, staff_id: int, *, at: datetime, actor: str) -> bool:
    """Takes somebody off the official roster; False when they are not on it."""
    with transaction.atomic():
        deleted, _ = Staff.objects.filter(pk=staff_id, community=community_id).delete()
        if deleted:
            words = {"what": "roster", "removed": staff_id}
            _do_note("settings.changed", community_id, None, at, actor, words)
    return bool(deleted)


def do_enter_staff(community_id: int, line: NewStaff, *, at: datetime, actor: str) -> int:
    """Puts one person on the official roster; answers the line's id. Raises ``BadUse`` where they are on it already."""
    with transaction.atomic():
        if Staff.objects.filter(community=community_id, carrier=line.carrier, ref=line.ref).exists():
            raise BadUse(mark("「%(name)s」已经在名册里了"), name=line.ref)
        row = Staff.objects.create(
            community_id=community_id, carrier=line.carrier, ref=line.ref, name=line.name, duty=line.duty
        )
        _do_note("settings.changed", community_id, None, at, actor, {"what": "roster", "added": row.pk})
    return row.pk
