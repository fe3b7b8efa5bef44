"""One tag for many people at once: what would change is looked at first, and done as it was looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.models import Membership, Tag
from qunying.people.tags import bearing, do_tag_people, do_take_tag
from qunying.store import rows


@dataclass(frozen=True, slots=True)
class TagPlan:
    """What giving (``gives``) or taking a tag would do: to whom, who is as wished already, and to whom it cannot be given
    because they neither sit nor sat in the tag's community."""

    tag_id: int
    gives: bool
    people: tuple[int, ...]
    same: tuple[int, ...]
    outside: tuple[int, ...]

    @property
    def digest(self) -> str:
        """The same for plans that do the same: what somebody agreed to must be what is done."""
        said = json.dumps([self.tag_id, self.gives, self.people])
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def plan_tagging(
    tag_id: int, person_ids: Collection[int], community_ids: Collection[int] | None, now: datetime, *, gives: bool
) -> TagPlan:
    """What would change for these people; of these communities (None: of all) only people who sit or sat there are touched."""
    tag = Tag.objects.get(pk=tag_id)
    wanted = set(person_ids)
    inside = people_seated(wanted, community_ids if tag.community_id is None else [tag.community_id])
    held = set(bearing(now).filter(tag=tag_id, who__in=rows.among(inside)).values_list("who", flat=True))
    change = inside - held if gives else held
    return TagPlan(tag_id, gives, *(tuple(sorted(some)) for some in (change, inside - change, wanted - inside)))


def people_seated(person_ids: Collection[int], community_ids: Collection[int] | None) -> set[int]:
    """Those of these people who sit or sat in these communities (None: anywhere)."""
    seats = Membership.objects.filter(identity__person__in=rows.among(person_ids))
    if community_ids is not None:
        seats = seats.filter(community__in=community_ids)
    return set(seats.order_by().values_list("identity__person_id", flat=True))


@transaction.atomic
def do_tag_as_planned(plan: TagPlan, *, agreed: str, at: datetime, user_id: int) -> str:
    """Does what a plan says, all of it or nothing; answers the batch to undo it by ("" where nothing changed).

    Raises ``BadUse`` where things are no longer as they were when somebody agreed to the plan of that digest.
    """
    if plan.digest != agreed:
        raise BadUse(mark("你看的时候有人的标签变了，没有动任何人。下面是现在的样子，看过再点一次"))
    if not plan.people:
        return ""
    if plan.gives:
        return do_tag_people(plan.tag_id, plan.people, how="hand", at=at, user_id=user_id).batch
    return do_take_tag(plan.tag_id, plan.people, at=at, user_id=user_id).batch


def list_tag_names(community_ids: Collection[int] | None) -> list[tuple[int, str, int | None]]:
    """(tag, name, community) of the tags in use of these communities (None: of all) and of every community, by name."""
    tags = Tag.objects.filter(retired_at=None)
    if community_ids is not None:
        tags = tags.filter(Q(community=None) | Q(community__in=community_ids))
    return list(tags.order_by("name", "id").values_list("id", "name", "community_id"))
