"""What we note about a group: the remark in its parts, tags, how much it matters, who of us looks after it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from django.db import transaction

from qunying.communities.facts import before_and_after, fact_of
from qunying.communities.models import Group, GroupKeeper, Staff
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.store.rows import among

TAGS_AT_MOST = 12
TAG_LETTERS = 20
DEPUTIES_AT_MOST = 10
HEAVIEST = 100
CAPACITY_AT_MOST = 1_000_000
_BETWEEN_TAGS = re.compile(r"[\s,，、;；#＃|]+")
LETTERS: Mapping[str, int] = MappingProxyType(
    {"remark": 200, "city": 40, "industry": 40, "company": 80, "note": 1000, "rule_set": 60}
)


class Importance(IntEnum):
    """How much a group matters, for everybody to see; the weight says it more finely."""

    PLAIN = 0
    KEY = 1
    CORE = 2


class BadNote(BadUse):
    """A note that cannot be right; ``field`` names it as ``GroupNotes`` does."""

    def __init__(self, field: str, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNotes:
    """What we note about a group; its carrier's name is not ours to change. ``noted_on`` is the date of the remark."""

    remark: str
    city: str
    industry: str
    weight: int
    capacity: int
    is_folded: bool
    company: str = ""
    noted_on: date | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    importance: int = Importance.PLAIN
    rule_set: str = ""


@dataclass(frozen=True, slots=True)
class Keepers:
    """Lines of the community's roster that look after a group: the owner, who is no deputy, and the deputies."""

    owner: int | None = None
    deputies: tuple[int, ...] = ()


def notes_of(group: Group) -> GroupNotes:
    """What we noted about that group."""
    values = {name: getattr(group, name) for name in GroupNotes.__dataclass_fields__}
    return GroupNotes(**{**values, "tags": tuple(group.tags.split())})


def find_keepers(group_id: int) -> Keepers:
    """Who looks after that group."""
    rows = GroupKeeper.objects.filter(group=group_id).order_by("id").values_list("staff_id", "is_owner")
    owner = next((pk for pk, is_owner in rows if is_owner), None)
    return Keepers(owner, tuple(pk for pk, is_owner in rows if not is_owner))


def names_of_owners(group_ids: Collection[int]) -> dict[int, str]:
    """Per group the name of its owner; groups without one are absent."""
    kept = GroupKeeper.objects.filter(group__in=among(group_ids), is_owner=True)
    return dict(kept.values_list("group_id", "staff__name"))


def read_tags(text: str) -> tuple[str, ...]:
    """The tags of what somebody typed, each once: between spaces, commas or ``#``. Raises ``BadNote`` as ``check_tags`` does."""
    tags = tuple(dict.fromkeys(part for part in _BETWEEN_TAGS.split(text) if part))
    check_tags(tags)
    return tags


def check_tags(tags: tuple[str, ...]) -> None:
    """Raises ``BadNote`` where there are too many, or one is too long."""
    long = next((tag for tag in tags if len(tag) > TAG_LETTERS), "")
    if long:
        raise BadNote(
            "tags", mark("标签「%(tag)s」太长，一个最多 %(n)s 个字"), tag=long[: TAG_LETTERS * 2], n=TAG_LETTERS
        )
    if len(tags) > TAGS_AT_MOST:
        raise BadNote("tags", mark("一个群最多 %(most)s 个标签，这里有 %(n)s 个"), most=TAGS_AT_MOST, n=len(tags))


def check_notes(notes: GroupNotes, present: int) -> None:
    """Raises ``BadNote`` for what cannot be right, such as a capacity below the ``present`` members."""
    for name, most in LETTERS.items():
        if len(getattr(notes, name)) > most:
            raise BadNote(name, mark("最多写 %(n)s 个字"), n=most)
    if not 1 <= notes.capacity <= CAPACITY_AT_MOST:
        raise BadNote("capacity", mark("人数上限写 1 到 %(n)s 之间的数"), n=CAPACITY_AT_MOST)
    if notes.capacity < present:
        raise BadNote("capacity", mark("群里已经有 %(n)s 人，上限不能写得比这少"), n=present)
    if not 0 <= notes.weight <= HEAVIEST:
        raise BadNote("weight", mark("权重写 0 到 100 之间的数"))
    if notes.importance not in set(Importance):
        raise BadNote("importance", mark("重要程度只有平常、重点、核心三种"))
    check_tags(notes.tags)


def do_note_group(
    group_id: int,
    notes: GroupNotes,
    *,
    present: int,
    at: datetime,
    actor: str,
    keepers: Keepers | None = None,
) -> bool:
    """Writes down what we note about a group, and who looks after it where that is given; False where nothing is new.

    Raises ``BadNote`` and changes nothing where something cannot be right (``check_notes``), or where a keeper does not
    stand on the community's roster.
    """
    check_notes(notes, present)
    with transaction.atomic():
        group = Group.objects.select_for_update().get(pk=group_id)
        before, after = asdict(notes_of(group)), asdict(notes)
        changed = [name for name, value in before.items() if value != after[name]]
        _do_write(group, {name: after[name] for name in changed})
        if keepers is not None:
            before["owner"], after["owner"] = _do_keepers(group, keepers)
            changed += ["owner"] if before["owner"] != after["owner"] else []
        if changed:
            words = {"fields": sorted(changed)}
            values = before_and_after(sorted(changed), before, after)
            do_record_facts([fact_of("group.changed", group.community_id, group_id, at, actor, words, values)])
    return bool(changed)


def _do_write(group: Group, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(group, name, " ".join(value) if name == "tags" else value)
    if values:
        group.save(update_fields=list(values))


def _do_keepers(group: Group, keepers: Keepers) -> tuple[list[str], list[str]]:
    """The names before and after, the owner's first."""
    wanted = _checked(group, keepers)
    rows = GroupKeeper.objects.filter(group=group).order_by("-is_owner", "id").select_related("staff")
    before = [(row.staff_id, row.is_owner, row.staff.name) for row in rows]
    if {one[:2] for one in before} != {one[:2] for one in wanted}:
        GroupKeeper.objects.filter(group=group).delete()
        for staff_id, is_owner, _name in wanted:
            GroupKeeper.objects.create(group=group, staff_id=staff_id, is_owner=is_owner)
        return [name for *_, name in before], [name for *_, name in wanted]
    return [], []


def _checked(group: Group, keepers: Keepers) -> list[tuple[int, bool, str]]:
    deputies = [pk for pk in dict.fromkeys(keepers.deputies) if pk != keepers.owner]
    if len(deputies) > DEPUTIES_AT_MOST:
        raise BadNote("deputies", mark("副手最多 %(n)s 位"), n=DEPUTIES_AT_MOST)
    wanted = [(keepers.owner, True)] if keepers.owner is not None else []
    wanted += [(pk, False) for pk in deputies]
    known = Staff.objects.filter(community=group.community_id, pk__in=[pk for pk, _ in wanted])
    names = dict(known.values_list("pk", "name"))
    missing = next(((pk, is_owner) for pk, is_owner in wanted if pk not in names), None)
    if missing is not None:
        field = "owner" if missing[1] else "deputies"
        raise BadNote(field, mark("这个人不在这个社群的官方名册里，先到设置里登记"))
    return [(pk, is_owner, names[pk]) for pk, is_owner in wanted]
