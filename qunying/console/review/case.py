"""One case as it is shown: what happened, why it is shown, whom it is about, what is proposed, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.queries import GroupInfo, infos_of_groups
from qunying.communities.sign_ins import names_of_users
from qunying.console.group.items import Snippet
from qunying.console.group.words import tell_day
from qunying.console.reasons import tell_error
from qunying.console.review.appeal import Told, read_told
from qunying.console.review.choices import list_choices
from qunying.console.review.context import Proposal, ShownCase, Words
from qunying.console.review.judged import Seen, read_seen, tell_verdicts
from qunying.console.review.member import read_member
from qunying.console.review.words import hardest, tell_act, tell_alike, tell_proposal
from qunying.desk.queries import count_alike
from qunying.desk.reviewing import TakenCase
from qunying.kernel.effects import EffectState
from qunying.outbox.queries import Item, list_items_in_cases
from qunying.outbox.second import MANY, Weight, weigh
from qunying.people.queries import count_present_by_group
from qunying.pipeline.review.deciding import list_others
from qunying.pipeline.review.softening import find_scene
from qunying.pipeline.roster import find_capability
from qunying.ui.figures import exact

TALK = ("Say", "Announce", "Whisper")


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read of a case before it is told."""

    case: TakenCase
    items: Sequence[Item]
    group: GroupInfo | None
    others: Sequence[int]
    weight: Weight
    names: dict[int, str]
    rule: str


def read_case(case: TakenCase, user_id: int, now: datetime, *, may_decide: bool, is_mine: bool) -> ShownCase:
    """That case as this person sees it, with a bounded number of queries."""
    read = _read(case, user_id, now)
    told = read_told(case, read.group, user_id, now)
    seen = told.seen if told else read_seen(case, read.group, now)
    can_choose = may_decide and is_mine and case.state == "open" and not (told and told.is_own)
    return ShownCase(
        id=case.pk,
        kind=case.kind,
        title=read.group.name if read.group else _("不在哪一个群里"),
        about=_about(read.group, case.opened_at, now),
        at=case.opened_at,
        holder=_holder(read, user_id, now),
        is_mine=is_mine,
        words=_words(seen, told),
        verdicts=tell_verdicts(case, seen, read.items),
        member=read_member(case, now),
        proposal=_proposal(read) if case.kind == "approval" else None,
        appeal=told.panel if told else None,
        notes=tuple(_notes(read, user_id)),
        choices=tuple(list_choices(case, _waiting(read.items), _named(read, told), knows_words=bool(read.rule)))
        if can_choose
        else (),
        people=read.weight.people if read.weight.is_heavy and not read.others else 0,
        hold_href=reverse("console:review-hold", args=[case.pk]),
        decide_href=reverse("console:review-decide", args=[case.pk]),
    )


def _read(case: TakenCase, user_id: int, now: datetime) -> _Read:
    items = list_items_in_cases([case.key]).get(case.key, []) if case.kind == "approval" else []
    group = infos_of_groups([case.group_id]).get(case.group_id) if case.group_id else None
    others = list_others(case.community_id, user_id)
    people = {case.claimed_by_id, case.closed_by_id, case.first_by_id, case.handed_on_by_id, *others} - {None}
    return _Read(
        case=case,
        items=items,
        group=group,
        others=others,
        weight=weigh(_waiting(items), now),
        names=names_of_users([one for one in people if one]),
        rule=_rule(case, group, items),
    )


def _waiting(items: Sequence[Item]) -> list[Item]:
    return [one for one in items if one.state == EffectState.NEEDS_APPROVAL]


def _named(read: _Read, told: Told | None) -> list[str]:
    """The names of those it can be given to: an appeal to nobody who let the act go."""
    barred = told.deciders if told else frozenset[int]()
    return [read.names[one] for one in read.others if one in read.names and one not in barred]


def _rule(case: TakenCase, group: GroupInfo | None, items: Sequence[Item]) -> str:
    """The rule in the words of the group; "" where the capability has none."""
    capability = find_capability(case.capability)
    rule = next((str(one.reason_params["rule"]) for one in items if "rule" in (one.reason_params or {})), "")
    scene = find_scene(group) if rule and capability and capability.sanctions else None
    return capability.sanctions.tell_rule(rule, scene) if scene and capability and capability.sanctions else ""


def _about(group: GroupInfo | None, at: datetime, now: datetime) -> str:
    moment = f"{tell_day(at, now)} {timezone.localtime(at):%H:%M}"
    if group is None:
        return moment
    count = count_present_by_group([group.id]).get(group.id, 0)
    return _("%(people)s · %(moment)s") % {
        "people": ngettext("%(n)s 人", "%(n)s 人", count) % {"n": exact(count)},
        "moment": moment,
    }


def _holder(read: _Read, user_id: int, now: datetime) -> str:
    case = read.case
    is_held = case.claimed_until is not None and case.claimed_until > now
    return read.names.get(case.claimed_by_id or 0, "") if is_held and case.claimed_by_id != user_id else ""


def _words(seen: Seen, told: Told | None) -> Words:
    before, after = (seen.judged.before, seen.judged.after) if seen.judged else ((), ())
    item = seen.item
    if told is not None:
        big = (Snippet(told.words),) if told.words else ()
        return Words(big, told.name, told.face_key, told.when, before, after, item)
    if item is None:
        return Words()
    note = " · ".join(filter(None, (f"{timezone.localtime(item.at):%H:%M}", item.quote)))
    return Words(seen.big, item.name, item.face_key, note, before, after)


def _proposal(read: _Read) -> Proposal:
    items = [one for one in read.items if one.state != EffectState.SIMULATED]
    first = hardest(items)
    step = (first.reason_params or {}).get("step") if first else None
    rule = _("规则：%(rule)s") % {"rule": read.rule} if read.rule else ""
    if rule and step:
        rule = _("%(rule)s · 第 %(step)s 级") % {"rule": rule, "step": step}
    return Proposal(
        title=tell_proposal(items, read.case.kind),
        quotes=tuple(str(one.payload["text"]) for one in items if one.kind in TALK and one.payload.get("text")),
        acts=tuple(dict.fromkeys(tell_act(one) for one in items if one is not first and one.kind not in TALK)),
        rule=rule,
        alike=tell_alike(count_alike(read.case)) if read.case.reason else "",
    )


def _notes(read: _Read, user_id: int) -> list[str]:
    return [*_said_before(read, user_id), *_stopped(read), *_heavy(read)]


def _said_before(read: _Read, user_id: int) -> list[str]:
    case, said = read.case, []
    if case.state != "open":
        name = read.names.get(case.closed_by_id or 0)
        said.append(_("「%(name)s」处理过了") % {"name": name} if name else _("已经处理过了"))
    if case.why:
        said.append(
            _("「%(name)s」交过来：%(why)s") % {"name": read.names.get(case.handed_on_by_id or 0, "?"), "why": case.why}
        )
    if case.first_by_id == user_id:
        said.append(_("你同意了，还要另一位同事点头"))
    elif case.first_by_id is not None:
        said.append(_("「%(name)s」同意了，还要一位") % {"name": read.names.get(case.first_by_id, "?")})
    return said


def _stopped(read: _Read) -> list[str]:
    """Why what would have gone by itself waits for a person."""
    return [tell_error(why) for why in dict.fromkeys(item.error for item in _waiting(read.items)) if why]


def _heavy(read: _Read) -> list[str]:
    weight = read.weight
    if not weight.is_heavy:
        return []
    why = _too_many(weight) if weight.people > MANY else _("要移出的是老成员或工作人员")
    if read.others:
        return [_("%(why)s，要两位同事都同意") % {"why": why}]
    return [_("%(why)s，这里只有你能决定：先写下移出几个人") % {"why": why}]


def _too_many(weight: Weight) -> str:
    return ngettext("一次移出 %(n)s 人", "一次移出 %(n)s 人", weight.people) % {"n": exact(weight.people)}
