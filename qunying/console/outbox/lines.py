"""From effects to lines: what, where, to whom, why, how it stands, what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from qunying.communities.access import Reach
from qunying.communities.queries import GroupInfo, infos_of_groups, paused_communities
from qunying.communities.sign_ins import names_of_users
from qunying.console.outbox.context import OutLine, Verb
from qunying.console.outbox.deciding import TALK
from qunying.console.reasons import STATE_TONES, tell_capability, tell_error, tell_kind, tell_reason, tell_state
from qunying.kernel import clock
from qunying.kernel.effects import EffectState
from qunying.outbox.queries import Item, find_opposite
from qunying.people.queries import Names, names_of

DOTS = {
    EffectState.NEEDS_APPROVAL: "look",
    EffectState.UNKNOWN: "look",
    EffectState.FAILED: "act",
    EffectState.SENT: "on",
    EffectState.WAITING: "hollow",
    EffectState.SENDING: "hollow",
}
ERRORS_SHOWN = {EffectState.FAILED, EffectState.UNKNOWN, EffectState.WAITING, EffectState.NEEDS_APPROVAL}


@dataclass(frozen=True, slots=True)
class _Around:
    """Names that lines need, read once for all of them."""

    groups: Mapping[int, GroupInfo]
    members: Mapping[int, Names]
    people: Mapping[int, str]
    paused: frozenset[int | None]
    may_decide: Reach
    back: str


def tell_lines(items: Sequence[Item], may_decide: Reach, back: str) -> tuple[OutLine, ...]:
    """Effects as lines, with a constant number of queries. ``back`` is the list that decisions lead back to."""
    around = _Around(
        groups=infos_of_groups(item.group_id for item in items if item.group_id is not None),
        members=names_of({item.member_id for item in items if item.member_id is not None}),
        people=names_of_users({item.approved_by_id for item in items if item.approved_by_id is not None}),
        paused=frozenset(paused_communities()),
        may_decide=may_decide,
        back=back,
    )
    return tuple(_line(item, around) for item in items)


def _line(item: Item, around: _Around) -> OutLine:
    group = around.groups.get(item.group_id or 0)
    member = around.members.get(item.member_id or 0)
    state = EffectState(item.state)
    waits = state in {EffectState.WAITING, EffectState.SENDING}
    return OutLine(
        id=item.pk,
        what=tell_kind(item.kind),
        words=str(item.payload.get("text") or item.payload.get("card") or item.payload.get("words") or ""),
        group=group.name if group else "",
        group_id=group.id if group else None,
        member=member.name if member else "",
        capability=tell_capability(item.capability),
        reason=tell_reason(item.reason_code, item.reason_params or {}),
        state=state.value,
        state_words=tell_state(state),
        tone=STATE_TONES.get(state, ""),
        dot=DOTS.get(state, ""),
        at=item.finished_at or item.queued_at,
        due_at=item.next_attempt_at if waits else None,
        expires_at=item.expires_at if state is EffectState.NEEDS_APPROVAL else None,
        is_late=state is EffectState.NEEDS_APPROVAL and item.expires_at <= clock.now(),
        error=tell_error(item.error) if item.error and state in ERRORS_SHOWN else "",
        decided_by=around.people.get(item.approved_by_id or 0, ""),
        is_paused=waits and (None in around.paused or item.community_id in around.paused),
        verbs=tuple(_verbs(item, around)) if around.may_decide.covers(item.community_id) else (),
    )


def _verbs(item: Item, around: _Around) -> list[Verb]:
    match item.state:
        case EffectState.NEEDS_APPROVAL:
            label = _("发出") if item.kind in TALK else tell_kind(item.kind)
            names = [("approve", label, True), ("reject", _("不发") if item.kind in TALK else _("不做"), False)]
        case EffectState.WAITING:
            names = [("hold", _("先别发"), False)]
        case EffectState.UNKNOWN:
            names = [("arrived", _("已发出"), False), ("lost", _("没发出"), False)]
        case EffectState.SENT if find_opposite(item) is not None:
            names = [("undo", _("撤销…"), False)]
        case _:
            names = []
    return [Verb(name, label, decide_address(item.pk, name, around.back), main) for name, label, main in names]


def decide_address(item_id: int, verb: str, back: str) -> str:
    """Where one decision is asked about and made."""
    return f"{reverse('console:outbox-decide', args=[item_id, verb])}?{urlencode({'back': back})}"
