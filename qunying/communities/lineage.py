"""Groups that go on with the history of others: replaced after a ban, refilled, merged, split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from qunying.communities.facts import fact_of
from qunying.communities.models import Group, GroupLink
from qunying.communities.queries import CountedGroup, list_counted_groups
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.store import rows


class LinkKind(StrEnum):
    """Why a group goes on with another's history."""

    REPLACED = "replaced"  # the old one was banned or lost
    REFILLED = "refilled"  # the old one was given up and its people asked into a new one
    MERGED = "merged"  # several became one
    SPLIT = "split"  # one became several


ONE_AFTER = frozenset({LinkKind.REPLACED, LinkKind.REFILLED, LinkKind.MERGED})  # the old group goes into one only
ONE_BEFORE = frozenset({LinkKind.REPLACED, LinkKind.REFILLED, LinkKind.SPLIT})  # the new group comes from one only


@dataclass(frozen=True, slots=True)
class Link:
    """``after`` goes on with ``before`` from ``since`` on."""

    id: int
    before_id: int
    after_id: int
    kind: LinkKind
    since: datetime


def list_links_of(group_id: int) -> list[Link]:
    """The links from and to a group, oldest first."""
    found = GroupLink.objects.filter(Q(before=group_id) | Q(after=group_id)).order_by("since", "id")
    return [_link(row) for row in found]


def _link(row: GroupLink) -> Link:
    return Link(row.pk, row.before_id, row.after_id, LinkKind(row.kind), row.since)


def find_forebears(group_id: int) -> dict[int, datetime]:
    """Every group whose history this one goes on with, directly or through others, and up to when it belongs to it."""
    community = Group.objects.filter(pk=group_id).values("community")
    return _forebears(group_id, list(map(_link, GroupLink.objects.filter(after__community__in=community))))


def _forebears(group_id: int, links: Sequence[Link]) -> dict[int, datetime]:
    """Where several ways lead to the same group, the longest history counts."""
    before: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        before[link.after_id].append(link)
    found: dict[int, datetime] = {}
    waiting = [(link, link.since) for link in before[group_id]]
    while waiting:
        link, until = waiting.pop()
        if link.before_id in found and found[link.before_id] >= until:
            continue
        found[link.before_id] = until
        waiting += [(older, min(until, older.since)) for older in before[link.before_id]]
    return found


def list_with_forebears(group_id: int) -> list[CountedGroup]:
    """The group, and the groups it goes on with as far as their history belongs to it; the group itself comes first."""
    forebears = find_forebears(group_id)
    counted = {one.id: one for one in list_counted_groups(group_ids=[group_id, *forebears])}
    past = [replace(counted[pk], until=until) for pk, until in sorted(forebears.items()) if pk in counted]
    return [*([counted[group_id]] if group_id in counted else []), *past]


def list_superseded(group_ids: Collection[int]) -> Mapping[int, int]:
    """Of these groups, those that were replaced, refilled or merged: the group that goes on with each."""
    kinds = [kind.value for kind in ONE_AFTER]
    found = GroupLink.objects.filter(before__in=rows.among(group_ids), kind__in=kinds)
    return dict(found.values_list("before_id", "after_id"))


def do_link_groups(before_id: int, after_id: int, kind: LinkKind, *, since: datetime, at: datetime, actor: str) -> int:
    """From ``since`` on ``after`` goes on with the history of ``before``; answers the link's id.

    Raises ``BadUse`` for a group and itself, for groups of two communities, for a circle, for a day to come, and for what
    contradicts another link.
    """
    with transaction.atomic():
        rows.lock_rows(Group, sorted({before_id, after_id}))
        groups = {group.pk: group for group in Group.objects.filter(pk__in={before_id, after_id})}
        if before_id == after_id:
            raise BadUse(mark("一个群不能是自己的前身"))
        if len(groups) < len({before_id, after_id}):
            raise BadUse(mark("没有这个群"))
        before, after = groups[before_id], groups[after_id]
        if since > at:
            raise BadUse(mark("日期在将来，写已经发生的那天"))
        _check_fits(before, after, kind)
        row = GroupLink.objects.create(before=before, after=after, kind=kind.value, since=since, linked_at=at)
        words = {"what": f"link{row.pk}", "link": row.pk, "before": before_id, "kind": kind.value}
        do_record_facts([fact_of("group.linked", after.community_id, after_id, at, actor, words)])
    return row.pk


def do_unlink_groups(link_id: int, *, group_id: int, at: datetime, actor: str) -> bool:
    """Takes a link from or to that group back; False where it is gone already."""
    with transaction.atomic():
        row = (
            GroupLink.objects.filter(Q(before=group_id) | Q(after=group_id), pk=link_id).select_related("after").first()
        )
        if row is None:
            return False
        words = {"what": f"link{row.pk}", "link": row.pk, "before": row.before_id, "kind": row.kind}
        do_record_facts([fact_of("group.unlinked", row.after.community_id, row.after_id, at, actor, words)])
        row.delete()
    return True


def _check_fits(before: Group, after: Group, kind: LinkKind) -> None:
    old, new = before.shown_name, after.shown_name
    if before.community_id != after.community_id:
        raise BadUse(mark("「%(before)s」和「%(after)s」不在同一个社群，历史接不上"), before=old, after=new)
    links = [_link(row) for row in GroupLink.objects.filter(after__community=after.community_id)]
    if any((link.before_id, link.after_id) == (before.pk, after.pk) for link in links):
        raise BadUse(mark("「%(before)s」已经是「%(after)s」的前身了"), before=old, after=new)
    if after.pk in _forebears(before.pk, links):
        raise BadUse(mark("「%(after)s」是「%(before)s」的前身，反过来接会绕成一圈"), before=old, after=new)
    _check_onward(before, kind, links)
    _check_backward(after, kind, links)


def _check_onward(before: Group, kind: LinkKind, links: Sequence[Link]) -> None:
    """A group is replaced, refilled or merged once; split as often as wanted, and never both."""
    others = [link for link in links if link.before_id == before.pk]
    if others and (kind in ONE_AFTER or any(link.kind in ONE_AFTER for link in others)):
        other = _name_of(others[0].after_id)
        raise BadUse(
            mark("「%(before)s」已经由「%(other)s」接着了，先撤掉那一条"), before=before.shown_name, other=other
        )


def _check_backward(after: Group, kind: LinkKind, links: Sequence[Link]) -> None:
    """A group comes from one other, or from several that were merged into it."""
    others = [link for link in links if link.after_id == after.pk]
    if others and (kind in ONE_BEFORE or any(link.kind in ONE_BEFORE for link in others)):
        other = _name_of(others[0].before_id)
        raise BadUse(
            mark("「%(after)s」已经有前身「%(other)s」了；几个群并成一个，每一条都要选「并入」"),
            after=after.shown_name,
            other=other,
        )


def _name_of(group_id: int) -> str:
    return Group.objects.get(pk=group_id).shown_name
