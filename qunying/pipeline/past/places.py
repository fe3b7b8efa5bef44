"""Which of our groups a chat of an export goes into: the one that was asked for, or a family of groups for several chats."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from qunying.carriers.capacities import capacity_of
from qunying.carriers.files.records import ChatStarts
from qunying.communities.actions import NewGroup, do_register_group, do_rename_group
from qunying.communities.queries import GroupInfo, find_group_by_name, infos_of_groups, places_of_groups
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.keys import fitted
from qunying.kernel.texts import mark
from qunying.pipeline.models import ImportRun
from qunying.pipeline.past.tally import Tally

NAMED_ONLY = "file"
NAME_LETTERS = 200
REF_LETTERS = 128
MADE_HERE = "import:"


@dataclass
class Family:
    """The names our groups get for the chats of one import, in the order in which the chats turn up.

    A chat alone is the group that was asked for. Where several chats with names of their own turn up, each has
    ``GROUP / chat``, the first one too; chats without a name stay in ``GROUP``.
    """

    group_name: str
    names: dict[str, str] = field(default_factory=dict)  # the chat's own name → our group's
    refs: dict[str, str] = field(default_factory=dict)

    def own_name(self, starts: ChatStarts) -> str:
        """What tells this chat from the others: its name, with its reference where another chat has the same name."""
        name = starts.name or starts.ref
        is_namesake = bool(starts.ref) and self.refs.setdefault(name, starts.ref) != starts.ref
        return f"{name} #{starts.ref}" if is_namesake else name

    def full_name(self, own: str) -> str:
        """The group's name as a member of the family."""
        return fitted(f"{self.group_name} / {own}", NAME_LETTERS) if own else self.group_name

    def place(self, own: str, *, is_one_of_many: bool) -> str:
        """The name of the group for a chat; call ``first_to_rename`` before."""
        if own not in self.names:
            is_family = is_one_of_many or any(other for other in self.names)
            self.names[own] = self.full_name(own) if is_family else self.group_name
        return self.names[own]

    def first_to_rename(self, own: str) -> str:
        """The chat that was taken for the only one until this one came; "" where there is none."""
        if not own or own in self.names or len(self.names) != 1:
            return ""
        ((first, name),) = self.names.items()
        return first if first and name == self.group_name else ""


def do_place_chat(run: ImportRun, family: Family, starts: ChatStarts, tally: Tally) -> GroupInfo:
    """The group for a chat of this run: found by its name, or made. Safe where another import makes it at the same moment."""
    own = family.own_name(starts)
    for _ in range(3):
        try:
            return _do_place(run, family, starts, own, tally)
        except (BadUse, IntegrityError):  # somebody else was quicker: now it is found
            continue
    raise BadUse(mark("群「%(name)s」一直在被别的导入改动，请稍后再来一次"), name=run.group_name)


def _do_place(run: ImportRun, family: Family, starts: ChatStarts, own: str, tally: Tally) -> GroupInfo:
    found = find_group_by_name(family.full_name(own)) if own else None
    if found is not None:
        family.names[own] = found.name
        return found
    first = family.first_to_rename(own)
    if first:
        _do_rename(run, family, first, tally)
    name = family.place(own, is_one_of_many=starts.is_one_of_many)
    return find_group_by_name(name) or _do_register(run, starts.platform, name)


def _do_rename(run: ImportRun, family: Family, first: str, tally: Tally) -> None:
    """The tally is saved with the new name, so that a run that is interrupted here does not tell the old one."""
    name = family.full_name(first)
    group = find_group_by_name(run.group_name)
    if group is None or not group.ref.startswith(MADE_HERE):
        return
    with transaction.atomic():
        do_rename_group(group.id, name)
        tally.rename(run.group_name, name)
        ImportRun.objects.filter(pk=run.pk).update(tally=tally.words())
    family.names[first] = name


def _do_register(run: ImportRun, platform: str, name: str) -> GroupInfo:
    """Two imports that make the same group at once give it the same reference, so that one of them is refused."""
    carrier = platform or NAMED_ONLY
    ref = _free_ref(carrier, name)
    new = NewGroup(carrier=carrier, ref=ref, carrier_name=name, capacity=capacity_of(carrier))
    group_id = do_register_group(run.community_id, new, at=clock.now(), actor=f"{MADE_HERE}{run.pk}")
    return infos_of_groups([group_id])[group_id]


def _free_ref(carrier: str, name: str) -> str:
    """A reference nobody has: a group that became one of a family keeps the reference of its first name."""
    for number in range(1, 1000):
        ref = fitted(f"{MADE_HERE}{name}" + (f" {number}" if number > 1 else ""), REF_LETTERS)
        if not places_of_groups(carrier, [ref]):
            return ref
        if find_group_by_name(name) is not None:
            break
    raise BadUse(mark("群「%(name)s」刚刚已经有了"), name=name)
