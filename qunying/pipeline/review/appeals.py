"""Appeals: whoever was sanctioned says that it was wrong, and another colleague than who let it go answers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo, infos_of_groups
from qunying.desk.reviewing import TakenCase, do_settle_case, do_take_case
from qunying.kernel.effects import Whisper
from qunying.kernel.errors import BadUse
from qunying.kernel.sanctions import StepTold
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_order
from qunying.outbox.queries import Item, list_caused
from qunying.pipeline.review.deciding import APPEAL, list_others
from qunying.pipeline.roster import find_capability

DEADLINE = timedelta(days=7)
KEY = "appeal:"
LONGEST_ANSWER = 500
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Appealed:
    """What an appeal is against: the step, what was done, and who of us let that go."""

    step: StepTold | None
    items: tuple[Item, ...]
    deciders: frozenset[int]


def find_appealed(case: TakenCase) -> Appealed:
    """What an appeal is against; two or three queries."""
    cause, member = case.key.removeprefix(KEY), case.identity_id or 0
    capability = find_capability(case.capability)
    steps = capability.sanctions.list_steps(case.community_id, [member]) if capability and capability.sanctions else []
    items = list_caused(cause, case.capability, member)
    deciders = frozenset(one.approved_by_id for one in items if one.approved_by_id is not None)
    return Appealed(next((one for one in steps if one.cause_key == cause), None), tuple(items), deciders)


def is_own_matter(appealed: Appealed, community_id: int, user_id: int) -> bool:
    """Whether somebody would judge their own decision though others could."""
    return user_id in appealed.deciders and bool(_others(appealed.deciders, community_id, user_id))


def _others(deciders: Collection[int], community_id: int, user_id: int) -> list[int]:
    return [one for one in list_others(community_id, user_id) if one not in deciders]


@transaction.atomic
def do_answer_appeal(case_id: int, *, lifts: bool, words: str, user_id: int, at: datetime) -> int:
    """Lifts the step with all that followed, or lets it stand, and tells the member so; answers how many acts were undone.

    Raises ``BadUse`` without words for the member, and where somebody would judge their own decision; ``Taken`` where the
    case is another's or was decided. Who judges their own because nobody else is there has that written down.
    """
    case = do_take_case(case_id, user_id=user_id, at=at)
    if case.kind != APPEAL or case.identity_id is None:
        raise BadUse(mark("这不是申诉"))
    said = _checked(words)
    appealed = find_appealed(case)
    if is_own_matter(appealed, case.community_id, user_id):
        raise BadUse(mark("当初是你点的头，申诉要由另一位同事来看"))
    undone = _do_lift(case, appealed.step, user_id, at) if lifts else 0
    outcome = {"ordered": [_do_tell(case, said, user_id, at)], "alone": user_id in appealed.deciders}
    do_settle_case(case, "lifted" if lifts else "upheld", user_id=user_id, at=at, outcome=outcome)
    return undone


def _checked(words: str) -> str:
    said = words.strip()
    if not said:
        raise BadUse(mark("写一句给本人的答复"))
    if len(said) > LONGEST_ANSWER:
        raise BadUse(mark("最多 %(n)s 个字"), n=LONGEST_ANSWER)
    return said


def _do_lift(case: TakenCase, step: StepTold | None, user_id: int, at: datetime) -> int:
    """What was lifted before stays so: the member still gets an answer."""
    capability = find_capability(case.capability)
    if step is None or step.lifted_at is not None or capability is None or capability.sanctions is None:
        return 0
    return capability.sanctions.do_lift(step.id, user_id=user_id, at=at)


def _do_tell(case: TakenCase, words: str, user_id: int, at: datetime) -> str:
    key = f"answered:{case.pk}:{at.isoformat()}"
    info = _group(case)
    do_order(
        Whisper(group_id=None, member=case.identity_id or 0, text=words, expires_after=DEADLINE),
        community_id=case.community_id,
        user_id=user_id,
        key=key,
        at=at,
        carrier=info.carrier if info else "sandbox",
    )
    return key


def _group(case: TakenCase) -> GroupInfo | None:
    return infos_of_groups([case.group_id]).get(case.group_id) if case.group_id else None


def propose_answer(case: TakenCase, appeal: str, *, lifts: bool) -> str:
    """A sentence for the member to begin with, in the language they wrote in."""
    info = _group(case)
    own = info.language if info and not appeal else "zh-hans" if _HAN.search(appeal) else "en"
    with translation.override(own):
        place = {"group": info.name if info else ""}
        if lifts:
            return _("你的申诉我们看过了：上次在「%(group)s」的处理不合适，已经撤销，不再算数。抱歉打扰到你。") % place
        return _("你的申诉我们认真看过了：上次在「%(group)s」的处理维持不变，到期就不再算。谢谢你说明情况。") % place
