"""What a platform does not let us do is done by a person: asked for by name, with the words and the way there, and followed to done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from qunying.carriers.connecting import link_to
from qunying.communities.queries import GroupInfo, staff_of
from qunying.desk.actions import do_open_task
from qunying.kernel.effects import EffectState, OpenTask, Whisper
from qunying.kernel.texts import Sentence, mark
from qunying.outbox.actions import do_note
from qunying.outbox.models import OutboxItem
from qunying.people.queries import names_of

KIND = "by_hand"
HANDED = mark("这个平台做不到，已转人工")
_KEY = f"{KIND}:"
_WAYS = ("https://matrix.to/", "mqqapi://")  # as ``link_to`` makes them: words may end with an address of their own
NAME_AT_MOST = 60
DUTIES = ("operator", "lead", "owner", "teacher", "watcher")  # who is asked first
ASKS: Mapping[str, str] = MappingProxyType(
    {
        "Say": mark("请到「%(where)s」说这段话"),
        "Announce": mark("请在「%(where)s」发这条群公告"),
        "Whisper": mark("请私下告诉「%(who)s」这段话"),
        "DeleteMessage": mark("请到「%(where)s」撤回「%(who)s」的一条消息"),
        "Mute": mark("请到「%(where)s」把「%(who)s」禁言"),
        "Unmute": mark("请到「%(where)s」解除「%(who)s」的禁言"),
        "RemoveMember": mark("请到「%(where)s」把「%(who)s」移出群"),
        "Ban": mark("请到「%(where)s」把「%(who)s」移出群，不再让他进来"),
        "Unban": mark("请到「%(where)s」让「%(who)s」可以再进来"),
        "SetCard": mark("请到「%(where)s」改「%(who)s」的群名片"),
        "ApproveJoin": mark("请到「%(where)s」同意「%(who)s」入群"),
        "RejectJoin": mark("请到「%(where)s」拒绝「%(who)s」入群"),
        "Pin": mark("请到「%(where)s」把这条消息设为精华或置顶"),
        "Invite": mark("请把「%(who)s」邀请进「%(where)s」"),
    }
)
OTHERWISE = mark("请到「%(where)s」手动完成：%(what)s")
NOBODY = mark("某位成员")


def do_hand_over(item: OutboxItem, group: GroupInfo | None, now: datetime) -> None:
    """Asks somebody of the staff to do what an item wanted; the item counts as failed until they say that it is done."""
    with transaction.atomic():
        if not _do_turn(item.pk, EffectState.SENDING, EffectState.FAILED, now):
            return
        do_open_task(_task(item, group), community_id=item.community_id, at=now)
        do_note(item, "effect.failed", now, words={"why": KIND})


def do_follow_hands(done: Mapping[str, bool], now: datetime) -> int:
    """By key of a task whether it is done now: what it was about was carried out, or was not after all. Answers how many
    items that changed; keys of other tasks, and what is so already, change nothing."""
    asked = {
        int(key.removeprefix(_KEY)): is_done for key, is_done in done.items() if key.removeprefix(_KEY).isdecimal()
    }
    changed = 0
    for item in OutboxItem.objects.filter(pk__in=asked, error=HANDED).order_by("id") if asked else ():
        before, after = (EffectState.FAILED, EffectState.SENT)[:: 1 if asked[item.pk] else -1]
        with transaction.atomic():
            if _do_turn(item.pk, before, after, now):
                said = ("effect.sent", "done_by_hand") if asked[item.pk] else ("effect.failed", KIND)
                do_note(item, said[0], now, words={"why": said[1]})
                changed += 1
    return changed


def read_details(details: str) -> tuple[str, str]:
    """The words to use and the way there, out of a task's details; each may be empty."""
    said, _, last = details.rpartition("\n")
    return (said, last) if last.startswith(_WAYS) else (details.removesuffix("\n"), "")


def _do_turn(item_id: int, before: EffectState, after: EffectState, now: datetime) -> bool:
    changed = OutboxItem.objects.filter(pk=item_id, state=before).update(
        state=after, next_attempt_at=None, finished_at=now, error=HANDED
    )
    return bool(changed)


def _task(item: OutboxItem, group: GroupInfo | None) -> OpenTask:
    who = names_of([item.member_id]).get(item.member_id) if item.member_id else None
    where = group.name[:NAME_AT_MOST] if group else ""
    words = {"where": where, "who": who.name[:NAME_AT_MOST] if who else Sentence(NOBODY), "what": item.kind}
    is_private = item.kind == Whisper.__name__
    link = link_to(item.carrier, group.ref if group and not is_private else "", who.ref if who else "")
    said = str(item.payload.get("text") or item.payload.get("card") or item.payload.get("words") or "")
    return OpenTask(
        key=f"{_KEY}{item.pk}",
        kind=KIND,
        title=Sentence(ASKS.get(item.kind, OTHERWISE), words).to_text(),
        group_id=item.group_id,
        member=item.member_id,
        assigned=_find_somebody(item.community_id),
        details=f"{said}\n{link}",
    )


def _find_somebody(community_id: int) -> str:
    """Whose work it is first, by name; empty where nobody is on the roster."""
    staff = staff_of([community_id]).get(community_id, [])
    ranked = sorted((DUTIES.index(one.duty), n) for n, one in enumerate(staff) if one.duty in DUTIES)
    return staff[ranked[0][1]].name[:128] if ranked else ""
