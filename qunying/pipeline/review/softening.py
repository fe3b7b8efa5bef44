"""Less than was proposed: the person is told, and nothing else happens to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qunying.communities.queries import GroupInfo, infos_of_groups, staff_of
from qunying.desk.reviewing import TakenCase, do_settle_case, do_take_case
from qunying.kernel.effects import DeleteMessage, Forfeit, Mute, Say, Whisper
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import GroupScene
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_let_go, do_order, do_say_instead, do_turn_down
from qunying.outbox.brake import REMOVING
from qunying.outbox.queries import Item
from qunying.pipeline.review.deciding import asked_in
from qunying.pipeline.roster import ROSTER, find_capability
from qunying.pipeline.setting import scenes_of

HARD = (*REMOVING, Mute.__name__, Forfeit.__name__)
WARNS = (Say.__name__, Whisper.__name__)


@dataclass(frozen=True, slots=True)
class Softer:
    """What is done instead: ``goes`` of what was proposed, ``warns`` among it, everything else is turned down.

    ``whispers``: no warning was proposed, or one before everybody: everybody it is about is told in private.
    """

    goes: tuple[Item, ...]
    warns: tuple[Item, ...]
    turned_down: tuple[Item, ...]
    whispers: bool

    @property
    def spared(self) -> dict[int, int | None]:
        """To whom less happens now, and the group in which it was to."""
        found = reversed([one for one in self.turned_down if one.kind != DeleteMessage.__name__])
        return {one.member_id: one.group_id for one in found if one.member_id is not None}


def soften(items: Collection[Item]) -> Softer | None:
    """The lightest that can be done instead of all this; None where nothing lighter is left than to let it pass. Pure.

    A warning goes in other words where it was to speak of what is not done now.
    """
    is_hard = any(one.kind in HARD for one in items)
    said = tuple(one for one in items if one.kind in WARNS and one.payload.get("is_warning"))
    is_public = any(one.kind == Say.__name__ for one in said)
    if not is_hard and not is_public:
        return None
    warns = said if is_hard else ()
    goes = (*(one for one in items if one.kind == DeleteMessage.__name__), *warns)
    return Softer(goes, warns, tuple(one for one in items if one not in goes), whispers=not warns)


@transaction.atomic
def do_soften_case(case_id: int, *, user_id: int, at: datetime) -> Softer:
    """Does the lightest of what is proposed in a case. Raises ``BadUse`` where there is nothing lighter, and ``Taken``."""
    case = do_take_case(case_id, user_id=user_id, at=at)
    softer = soften(asked_in(case))
    words = find_gentle_words(case, softer.goes or softer.turned_down) if softer else ""
    if softer is None or not words:
        raise BadUse(mark("没有更轻的办法了：要么同意，要么放过"))
    do_turn_down(softer.turned_down, user_id=user_id, at=at)
    said = {str(one.pk): str(one.payload.get("text", "")) for one in softer.warns}
    do_say_instead(softer.warns, words)
    do_let_go(softer.goes, user_id=user_id, at=at)
    ordered = _do_whisper(case, softer.spared, words, user_id, at) if softer.whispers else []
    down, goes = ([one.pk for one in some] for some in (softer.turned_down, softer.goes))
    outcome = {"down": down, "goes": goes, "said": said, "ordered": ordered}
    do_settle_case(case, "softened", user_id=user_id, at=at, outcome=outcome)
    return softer


def find_gentle_words(case: TakenCase, items: Sequence[Item]) -> str:
    """What the person is told instead, in the group's language; "" where the capability knows no such words."""
    rule = next((str(one.reason_params["rule"]) for one in items if "rule" in (one.reason_params or {})), "")
    capability = find_capability(case.capability)
    scene = find_scene(infos_of_groups([case.group_id]).get(case.group_id) if case.group_id else None)
    if not rule or scene is None or capability is None or capability.sanctions is None:
        return ""
    return capability.sanctions.tell_gently(rule, scene)


def find_scene(group: GroupInfo | None) -> GroupScene | None:
    """A group with its settings as capabilities see it; None for none."""
    return scenes_of([group], staff_of([group.community_id]), ROSTER)[group.id] if group else None


def _do_whisper(case: TakenCase, people: Mapping[int, int | None], words: str, user_id: int, at: datetime) -> list[str]:
    """Tells each of them in private; answers the keys of what was ordered."""
    groups = infos_of_groups(group for group in people.values() if group is not None)
    keys = []
    for member, group in sorted(people.items()):
        info, key = groups.get(group or 0), f"softened:{case.pk}:{member}:{at.isoformat()}"
        whisper = Whisper(group_id=group, member=member, text=words, is_warning=True)
        carrier = info.carrier if info else "sandbox"
        do_order(whisper, community_id=case.community_id, user_id=user_id, key=key, at=at, carrier=carrier)
        keys.append(key)
    return keys
