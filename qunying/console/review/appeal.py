"""An appeal as it is shown: what was done, when, by whom and by which rule, what was said then, and what they say now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo
from qunying.communities.sign_ins import names_of_users
from qunying.console.group.words import tell_day
from qunying.console.reasons import tell_reason, tell_state
from qunying.console.review.context import AppealPanel
from qunying.console.review.judged import Seen, read_seen_at
from qunying.console.review.words import tell_act, tell_proposal
from qunying.desk.reviewing import TakenCase
from qunying.people.queries import names_of
from qunying.pipeline.review.appeals import DEADLINE, Appealed, find_appealed, is_own_matter
from qunying.pipeline.review.deciding import APPEAL
from qunying.pipeline.review.softening import find_scene
from qunying.pipeline.roster import find_capability
from qunying.talk.knowing import find_whisper
from qunying.ui.figures import duration


@dataclass(frozen=True, slots=True)
class Told:
    """An appeal with all around it; ``is_own``: whoever asks let the act go, and others could judge it."""

    panel: AppealPanel
    seen: Seen
    words: str
    name: str
    face_key: str
    when: str
    deciders: frozenset[int]
    is_own: bool


def read_told(case: TakenCase, group: GroupInfo | None, user_id: int, now: datetime) -> Told | None:
    """What there is to an appeal; None for a case that is none."""
    if case.kind != APPEAL or case.identity_id is None:
        return None
    appealed = find_appealed(case)
    is_own = is_own_matter(appealed, case.community_id, user_id)
    said = find_whisper(case.community_id, case.identity_id, case.message_key) if case.message_key else None
    known = names_of([case.identity_id]).get(case.identity_id)
    step = appealed.step
    return Told(
        panel=_panel(case, appealed, _lines(case, group, appealed, now), _own(appealed, user_id, is_own=is_own), now),
        seen=read_seen_at(group, case.identity_id, step.at, now) if step else Seen(),
        words=said.text if said else "",
        name=known.name if known else _("有人"),
        face_key=str(case.identity_id),
        when=_("私下说 · %(moment)s") % {"moment": _moment(said.at if said else case.opened_at, now)},
        deciders=appealed.deciders,
        is_own=is_own,
    )


def _panel(case: TakenCase, appealed: Appealed, lines: Sequence[str], alone: str, now: datetime) -> AppealPanel:
    due = case.opened_at + DEADLINE
    left = _("还剩 %(time)s") % {"time": duration(due - now)}
    return AppealPanel(
        title=_("申诉的是：%(what)s") % {"what": tell_proposal(appealed.items, case.kind)},
        lines=tuple(lines),
        deadline=left if due > now else _("过了 %(time)s") % {"time": duration(now - due)},
        is_overdue=due <= now,
        alone=alone,
    )


def _own(appealed: Appealed, user_id: int, *, is_own: bool) -> str:
    if is_own:
        return _("当初是你点的头，要由另一位同事来看。")
    if user_id in appealed.deciders:
        return _("当初是你点的头，但这里没有别的同事：可以由你来看，会记下来。")
    return ""


def _lines(case: TakenCase, group: GroupInfo | None, appealed: Appealed, now: datetime) -> list[str]:
    step, items = appealed.step, appealed.items
    names = names_of_users(appealed.deciders) if appealed.deciders else {}
    by = _("、").join(names.values()) or _("小助手自己")
    acts = [_("%(what)s（%(state)s）") % {"what": tell_act(one), "state": tell_state(one.state)} for one in items]
    lines = [_("做了：%(acts)s") % {"acts": _("、").join(acts)}] if acts else []
    if step is not None:
        lines.append(_("%(moment)s，%(by)s") % {"moment": _moment(step.at, now), "by": _by(by, names)})
        lines.append(_("规则：%(rule)s · 第 %(step)s 级") % {"rule": _rule(case, group, step.rule), "step": step.step})
        if step.lifted_at is not None:
            lines.append(_("已经撤销过了，只差一个答复"))
    lines += [tell_reason(one.reason_code, one.reason_params or {}) for one in items[:1]]
    return lines


def _by(by: str, names: dict[int, str]) -> str:
    return _("%(name)s 点的头") % {"name": by} if names else by


def _rule(case: TakenCase, group: GroupInfo | None, rule: str) -> str:
    capability, scene = find_capability(case.capability), find_scene(group)
    if capability is None or capability.sanctions is None or scene is None:
        return rule
    return capability.sanctions.tell_rule(rule, scene)


def _moment(at: datetime, now: datetime) -> str:
    return f"{tell_day(at, now)} {timezone.localtime(at):%H:%M}"
