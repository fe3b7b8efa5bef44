"""Many groups edited at once: planned, done as planned, and taken back as one."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from qunying.communities.facts import before_and_after, fact_of, plain
from qunying.communities.models import BulkEdit, CapabilityChoice, Group
from qunying.communities.noting import LETTERS, BadNote, GroupNotes, Importance, check_tags, notes_of
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.scene import Mode
from qunying.kernel.texts import Sentence, mark
from qunying.store import rows

MODE_OF = "mode:"  # before the name of a capability, where a field is meant
GROUPS_AT_MOST = 5000
FIELDS = ("tags", "is_folded", "weight", "importance", "rule_set")  # that one edit gives all groups alike
_GONE = mark("这个群已经不在了")
_SINCE = mark("后来又有人改过，现在不是当时改成的样子")


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """What shall become of every group; None leaves a field as it is. ``modes``: capability → mode, '' follows the community."""

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    is_folded: bool | None = None
    weight: int | None = None
    importance: int | None = None
    rule_set: str | None = None
    modes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was asked for."""
        return self == BulkChange()


class Change(NamedTuple):
    """One field of one group, or (``mode:`` before its name) the mode of one capability there; '' follows the community."""

    group_id: int
    field: str
    before: Any
    after: Any


class Left(NamedTuple):
    """A group that stays as it is, and why."""

    group_id: int
    field: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edit would change now. ``same`` are groups that are so already, ``left`` those it cannot change."""

    changes: tuple[Change, ...]
    same: tuple[int, ...]
    left: tuple[Left, ...]

    @property
    def group_ids(self) -> tuple[int, ...]:
        """The groups that change, in order."""
        return tuple(dict.fromkeys(one.group_id for one in self.changes))

    @property
    def digest(self) -> str:
        """The same for plans that do the same: what somebody agreed to must be what is done."""
        said = json.dumps([self.changes, [one[:2] for one in self.left]], ensure_ascii=False, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of taking an edit back: how many groups are as they were, and what was left alone."""

    restored: int
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of many groups that was done."""

    id: int
    at: datetime
    undone_at: datetime | None
    groups: int
    changes: tuple[Change, ...]


def find_bulk_edit(edit_id: int) -> tuple[Edit, frozenset[int]] | None:
    """That edit, and the communities whose groups it changed; None where there is none."""
    row = BulkEdit.objects.filter(pk=edit_id).first()
    if row is None:
        return None
    changes = tuple(Change(*one) for one in row.changes)
    homes = Group.objects.filter(pk__in=rows.among({one.group_id for one in changes})).values_list(
        "community", flat=True
    )
    return Edit(row.pk, row.at, row.undone_at, row.groups, changes), frozenset(homes)


def plan_bulk(group_ids: Collection[int], change: BulkChange) -> Plan:
    """What the edit would change in these groups as they are now. Raises ``BadUse`` for what no group can become."""
    _check(change, group_ids)
    groups = list(Group.objects.filter(pk__in=rows.among(group_ids)).order_by("pk"))
    modes = _modes_of([group.pk for group in groups], change.modes)
    changes: list[Change] = []
    same, left = [], []
    for group in groups:
        try:
            found = [one for one in _changes(group, change, modes) if one.before != one.after]
        except BadNote as error:
            left.append(Left(group.pk, error.field, error.sentence))
            continue
        changes += found
        same += [] if found else [group.pk]
    return Plan(tuple(changes), tuple(same), tuple(left))


def do_change_groups(
    group_ids: Collection[int], change: BulkChange, *, agreed: str, at: datetime, user_id: int
) -> tuple[int, Plan]:
    """Does what ``plan_bulk`` answers, all of it or nothing; answers the edit's id (0: nothing changed) and what was done.

    Raises ``BadUse`` where the groups are no longer as they were when somebody agreed to the plan of that digest.
    """
    with transaction.atomic():
        rows.lock_rows(Group, sorted(group_ids))
        plan = plan_bulk(group_ids, change)
        return _do_planned(plan, agreed, at, user_id), plan


def plan_notes(wanted: Mapping[int, GroupNotes]) -> Plan:
    """What would change in groups that shall have these notes; the caller has checked them (``check_notes``)."""
    changes, same = [], []
    for group in Group.objects.filter(pk__in=rows.among(wanted)).order_by("pk"):
        before, after = notes_of(group), wanted[group.pk]
        found = [
            Change(group.pk, name, plain(getattr(before, name)), plain(getattr(after, name)))
            for name in GroupNotes.__dataclass_fields__
            if getattr(before, name) != getattr(after, name)
        ]
        changes += found
        same += [] if found else [group.pk]
    return Plan(tuple(changes), tuple(same), ())


def do_note_groups(
    wanted: Mapping[int, GroupNotes], *, agreed: str, at: datetime, user_id: int | None
) -> tuple[int, Plan]:
    """Does what ``plan_notes`` answers, as ``do_change_groups`` does."""
    with transaction.atomic():
        rows.lock_rows(Group, sorted(wanted))
        plan = plan_notes(wanted)
        return _do_planned(plan, agreed, at, user_id), plan


def _do_planned(plan: Plan, agreed: str, at: datetime, user_id: int | None) -> int:
    if plan.digest != agreed:
        raise BadUse(mark("你看的时候有群被别人改了，没有动任何群。下面是现在的样子，看过再点一次"))
    if not plan.changes:
        return 0
    edit = BulkEdit.objects.create(
        by_id=user_id, at=at, changes=[list(one) for one in plan.changes], groups=len(plan.group_ids)
    )
    actor = "system" if user_id is None else f"user:{user_id}"
    _do_apply(plan.changes, {"bulk": edit.pk}, at, actor)
    return edit.pk


def do_undo_bulk(edit_id: int, *, at: datetime, user_id: int) -> Undone:
    """Gives every group back what it had; what was changed since is left alone and listed.

    Raises ``BadUse`` where it was taken back already.
    """
    with transaction.atomic():
        edit = BulkEdit.objects.select_for_update().get(pk=edit_id)
        if edit.undone_at is not None:
            raise BadUse(mark("这次修改早已撤回了"))
        done = [Change(*one) for one in edit.changes]
        rows.lock_rows(Group, sorted({one.group_id for one in done}))
        back, left = _back(done)
        _do_apply(back, {"bulk": edit.pk, "undo": True}, at, f"user:{user_id}")
        edit.undone_at = at
        edit.save(update_fields=["undone_at"])
    return Undone(len({one.group_id for one in back}), tuple(left))


def _check(change: BulkChange, group_ids: Collection[int]) -> None:
    if len(group_ids) > GROUPS_AT_MOST:
        raise BadUse(mark("一次最多改 %(n)s 个群，先筛得窄一点"), n=GROUPS_AT_MOST)
    check_tags(change.add_tags)
    twice = next((tag for tag in change.add_tags if tag in change.remove_tags), "")
    if twice:
        raise BadNote("add_tags", mark("标签「%(tag)s」又要加又要去，只能选一样"), tag=twice)
    if change.weight is not None and not 0 <= change.weight <= 100:
        raise BadNote("weight", mark("权重写 0 到 100 之间的数"))
    if change.importance is not None and change.importance not in set(Importance):
        raise BadNote("importance", mark("重要程度只有平常、重点、核心三种"))
    if change.rule_set is not None and len(change.rule_set) > LETTERS["rule_set"]:
        raise BadNote("rule_set", mark("最多写 %(n)s 个字"), n=LETTERS["rule_set"])
    if not set(change.modes.values()) <= {"", *Mode}:
        raise BadUse(mark("没有这种模式"))


def _changes(group: Group, change: BulkChange, modes: Mapping[tuple[int, str], str]) -> Iterable[Change]:
    before = notes_of(group).tags
    after = tuple(dict.fromkeys([*(tag for tag in before if tag not in change.remove_tags), *change.add_tags]))
    check_tags(after)
    yield Change(group.pk, "tags", list(before), list(after))
    for name in FIELDS[1:]:
        wanted = getattr(change, name)
        if wanted is not None:
            yield Change(group.pk, name, getattr(group, name), wanted)
    for capability, mode in change.modes.items():
        yield Change(group.pk, f"{MODE_OF}{capability}", modes.get((group.pk, capability), ""), mode)


def _modes_of(group_ids: Collection[int], capabilities: Collection[str]) -> dict[tuple[int, str], str]:
    """(group, capability) → the mode the group chose itself."""
    if not capabilities:
        return {}
    found = CapabilityChoice.objects.filter(group__in=rows.among(group_ids), capability__in=list(capabilities))
    return {(group, name): mode for group, name, mode in found.values_list("group_id", "capability", "mode")}


def _back(done: Sequence[Change]) -> tuple[list[Change], list[Left]]:
    """The changes that give back what was, and what has to be left alone."""
    groups = {one.pk: one for one in Group.objects.filter(pk__in=rows.among({one.group_id for one in done}))}
    capabilities = {one.field.removeprefix(MODE_OF) for one in done if one.field.startswith(MODE_OF)}
    modes = _modes_of(list(groups), capabilities)
    back, left = [], []
    for one in done:
        group = groups.get(one.group_id)
        if group is None:
            left.append(Left(one.group_id, one.field, Sentence(_GONE)))
        elif _now(group, one.field, modes) != one.after:
            left.append(Left(one.group_id, one.field, Sentence(_SINCE)))
        else:
            back.append(Change(one.group_id, one.field, one.after, one.before))
    return back, left


def _now(group: Group, name: str, modes: Mapping[tuple[int, str], str]) -> Any:
    if name.startswith(MODE_OF):
        return modes.get((group.pk, name.removeprefix(MODE_OF)), "")
    return plain(getattr(notes_of(group), name))


def _do_apply(changes: Sequence[Change], words: Mapping[str, object], at: datetime, actor: str) -> None:
    of_groups: dict[int, list[Change]] = defaultdict(list)
    for one in changes:
        of_groups[one.group_id].append(one)
    homes = dict(Group.objects.filter(pk__in=rows.among(of_groups)).values_list("pk", "community_id"))
    _do_write_fields(changes)
    _do_write_modes(changes, homes)
    do_record_facts([fact for pk, some in of_groups.items() for fact in _facts(homes[pk], pk, some, words, at, actor)])


def _do_write_fields(changes: Sequence[Change]) -> None:
    of_fields: dict[str, list[tuple[Any, int]]] = defaultdict(list)
    for one in changes:
        if not one.field.startswith(MODE_OF):
            of_fields[one.field].append((" ".join(one.after) if one.field == "tags" else one.after, one.group_id))
    for name, new in of_fields.items():
        rows.update(Group, [name], ["id"], new)


def _do_write_modes(changes: Sequence[Change], homes: Mapping[int, int]) -> None:
    for one in changes:
        if one.field.startswith(MODE_OF):
            CapabilityChoice.objects.update_or_create(
                community_id=homes[one.group_id],
                group_id=one.group_id,
                capability=one.field.removeprefix(MODE_OF),
                defaults={"mode": one.after},
            )


def _facts(
    home: int, group_id: int, changes: Sequence[Change], words: Mapping[str, object], at: datetime, actor: str
) -> Iterable[Fact]:
    noted = [one for one in changes if not one.field.startswith(MODE_OF)]
    if noted:
        names = sorted(one.field for one in noted)
        values = before_and_after(
            names, {one.field: one.before for one in noted}, {one.field: one.after for one in noted}
        )
        yield fact_of("group.changed", home, group_id, at, actor, {"fields": names, **words}, values)
    for one in changes:
        if one.field.startswith(MODE_OF):
            mode = {"capability": one.field.removeprefix(MODE_OF), "before": one.before, "after": one.after}
            yield fact_of("mode.changed", home, group_id, at, actor, {**mode, **words})
