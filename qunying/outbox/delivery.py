"""Delivers what is due: one claim, one try, one answer written down. A crash between the try and the note leaves
``sending``, which becomes ``unknown``: better not known than done twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeAlias

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from qunying.carriers.base import Answer, Carrier, Delivery, Outcome
from qunying.carriers.connecting import How, how_done
from qunying.carriers.live import find_carrier
from qunying.communities.queries import GroupInfo, infos_of_groups, paused_communities
from qunying.kernel.effects import Announce, EffectState, Outside, Say, Whisper, from_payload
from qunying.kernel.keys import fitted
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_note
from qunying.outbox.consequences import CONSEQUENCES, do_carry_out
from qunying.outbox.hands import do_hand_over
from qunying.outbox.models import OutboxItem
from qunying.outbox.pace import LOOK_AGAIN, Pace, paced
from qunying.outbox.queries import items_by_result
from qunying.people.queries import find_latest_group, names_of
from qunying.talk.actions import NewMessage, NewWhisper, do_keep_messages, do_keep_whispers
from qunying.talk.queries import list_own_words

CLAIM_AT_ONCE = 50
LOOK_AT_ONCE = 200
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = 8
ANSWER_WITHIN = timedelta(minutes=2)
ECHO_WITHIN = timedelta(hours=1)
EARLY_AT_MOST = timedelta(minutes=1)  # their clock may be a little behind ours


def step(now: datetime) -> int:
    """Expires, claims and tries what is due; answers how many things were done. Call again until it answers 0."""
    done = _do_expire(now) + _do_doubt(now) + _do_hear_echoes(now) + _do_put_off(now)
    items = _do_claim(now)
    groups = infos_of_groups(item.group_id for item in items if item.group_id is not None)
    for item in items:
        _do_try(item, groups.get(item.group_id or 0), now)
    return done + len(items)


def _do_expire(now: datetime) -> int:
    """A stale reply is worse than none."""
    stale = list(_waiting(now).filter(expires_at__lte=now)[:LOOK_AT_ONCE])
    for item in stale:
        with transaction.atomic():
            if _do_change(item, EffectState.WAITING, EffectState.EXPIRED, now):
                do_note(item, "effect.expired", now)
    return len(stale)


def _do_put_off(now: datetime) -> int:
    """What is to be said by day and would be said in a group's quiet hours waits until they end, and is good from then."""
    kinds = (Say.__name__, Whisper.__name__)
    by_day = _waiting(now).filter(kind__in=kinds, payload__by_day=True, expires_at__gt=now, group_id__isnull=False)
    group_ids = set(by_day.order_by().values_list("group_id", flat=True))
    groups = infos_of_groups(pk for pk in group_ids if pk is not None)
    asleep = {group.id: group.quiet.next_open(now) for group in groups.values() if group.quiet.covers(now)}
    put_off = list(by_day.filter(group_id__in=asleep)) if asleep else []
    for item in put_off:
        opens = asleep[item.group_id or 0]
        OutboxItem.objects.filter(pk=item.pk, state=EffectState.WAITING).update(
            next_attempt_at=opens, expires_at=opens + _effect(item).expires_after
        )
    return len(put_off)


def _waiting(now: datetime) -> QuerySet[OutboxItem]:
    return OutboxItem.objects.filter(state=EffectState.WAITING, next_attempt_at__lte=now).order_by("id")


def _do_doubt(now: datetime) -> int:
    """What was being sent when its worker died: harmless kinds are tried again, the others wait for an echo or a person."""
    doubtful = list(OutboxItem.objects.filter(state=EffectState.SENDING, next_attempt_at__lte=now)[:LOOK_AT_ONCE])
    for item in doubtful:
        if _effect(item).may_repeat:
            OutboxItem.objects.filter(pk=item.pk, state=EffectState.SENDING).update(state=EffectState.WAITING)
            continue
        with transaction.atomic():
            if _do_change(item, EffectState.SENDING, EffectState.UNKNOWN, now):
                do_note(item, "effect.unknown", now)
    return len(doubtful)


def _do_hear_echoes(now: datetime) -> int:
    """What nobody knew of was said when the platform tells us our own words, in that group, about then."""
    kinds = [Say.__name__, Announce.__name__]
    doubtful = OutboxItem.objects.filter(state=EffectState.UNKNOWN, kind__in=kinds, tried_at__gt=now - ECHO_WITHIN)
    heard = 0
    for item in doubtful.order_by("id")[:LOOK_AT_ONCE]:
        since = (item.tried_at or now) - EARLY_AT_MOST
        own = list_own_words(item.group_id or 0, str(item.payload["text"]), since)
        known = items_by_result(item.group_id or 0, own)
        ref = next((ref for ref in own if ref not in known), "")
        if ref:
            with transaction.atomic():
                if _do_change(item, EffectState.UNKNOWN, EffectState.SENT, now, ref=ref):
                    do_note(item, "effect.sent", now, words={"why": "echo"})
                    heard += 1
    return heard


def _do_claim(now: datetime) -> list[OutboxItem]:
    """Takes what may go now: urgent first, per target in order, as the pace allows; the next attempt moves ahead first."""
    with transaction.atomic():
        paused = paused_communities()
        if None in paused:
            return []
        # held first, and only then asked what is under way: a claim of another sender in between would be overlooked
        due = list(_due(now, paused))
        may_go = paced(_in_order(due, _under_way(now)), Pace.of_last_minute(now, due), now)
        items = list(islice(may_go, CLAIM_AT_ONCE))
        for item in items:
            item.attempts += 1
            item.state, item.tried_at = EffectState.SENDING, now
            item.next_attempt_at = now + max(ANSWER_WITHIN, _wait(item.attempts))
            item.save(update_fields=["attempts", "state", "tried_at", "next_attempt_at"])
    return items


def _due(now: datetime, paused: Collection[int | None]) -> QuerySet[OutboxItem]:
    """What may be tried now, urgent acts first; of everything that only talks to one target just the oldest, so that a
    target with many does not keep the others waiting. A second sender waits here: to skip what the first one holds would
    be to overtake it."""
    due = _waiting(now).filter(expires_at__gt=now)
    due = due.exclude(community_id__in=[one for one in paused if one is not None])
    oldest = (
        due.filter(is_urgent=False)
        .order_by()
        .values("group_id", "member_id")
        .annotate(oldest=Min("pk"))
        .values("oldest")
    )
    return due.select_for_update().filter(Q(is_urgent=True) | Q(pk__in=oldest)).order_by("-is_urgent", "id")


Target: TypeAlias = tuple[int | None, int | None]  # group and member


def _under_way(now: datetime) -> dict[Target, int]:
    """Per target the oldest of what only talks and was tried or paced, but is not over: what was queued after it must
    wait."""
    is_paced = Q(next_attempt_at__gt=now, next_attempt_at__lte=now + LOOK_AGAIN)
    tried = OutboxItem.objects.filter(
        is_paced | Q(attempts__gt=0),
        state__in=(EffectState.SENDING, EffectState.WAITING),
        is_urgent=False,
        next_attempt_at__isnull=False,
    )
    oldest: dict[Target, int] = {}
    for group_id, member_id, pk in tried.values_list("group_id", "member_id", "pk").order_by("-pk"):
        oldest[(group_id, member_id)] = pk
    return oldest


def _in_order(due: Iterable[OutboxItem], under_way: Mapping[Target, int]) -> Iterable[OutboxItem]:
    """Of everything that only talks to one target, the oldest goes first, one at a time; urgent acts do not queue."""
    busy = dict(under_way)
    for item in due:
        target = (item.group_id, item.member_id)
        if not item.is_urgent:
            if busy.get(target, item.pk) < item.pk:
                continue
            busy[target] = item.pk
        yield item


def _do_try(item: OutboxItem, group: GroupInfo | None, now: datetime) -> None:
    if item.kind in CONSEQUENCES:
        _do_follow(item, now)
        return
    carrier = find_carrier(item.carrier)
    if carrier and item.kind in carrier.does and not (carrier.has_lines and group and not group.account_ref):
        _do_note_answer(item, _ask(carrier, item, group, now), now)
    elif how_done(item.carrier, item.kind) is How.CANNOT:
        _do_note_answer(item, Answer(Outcome.REFUSED, words=mark("这个平台没有这回事，人也做不了")), now)
    else:
        do_hand_over(item, group, now)


def _do_follow(item: OutboxItem, now: datetime) -> None:
    """A consequence and the note of it are one: a crash leaves both or neither, and who comes second finds it done."""
    with transaction.atomic():
        held = OutboxItem.objects.select_for_update().filter(pk=item.pk, state=EffectState.SENDING).first()
        if held is not None:
            _do_note_answer(held, do_carry_out(held, _effect(held), now), now)


def _ask(carrier: Carrier, item: OutboxItem, group: GroupInfo | None, now: datetime) -> Answer:
    """One call to the platform. Whatever it raises means that we do not know what happened."""
    effect = _effect(item)
    mentions = effect.mentions if isinstance(effect, Say) else ()
    names = names_of([*mentions, *([item.member_id] if item.member_id else [])])
    delivery = Delivery(
        key=item.key,
        effect=effect,
        account_ref=group.account_ref if group else _account_near(item),
        group_ref=group.ref if group else "",
        member_ref=names[item.member_id].ref if item.member_id in names else "",
        mention_refs=tuple(names[pk].ref for pk in mentions if pk in names),
    )
    try:
        return carrier.send(delivery, now)
    except Exception as error:  # noqa: BLE001 - a carrier's bug must not stop everybody's deliveries
        return Answer(Outcome.UNKNOWN, words=f"{error!r:.200}")


def _account_near(item: OutboxItem) -> str:
    """Our account in the group that somebody was in last: the one that can write to them; empty where nobody knows."""
    group_id = find_latest_group(item.member_id) if item.member_id else None
    group = infos_of_groups([group_id]).get(group_id) if group_id else None
    return group.account_ref if group else ""


def _do_note_answer(item: OutboxItem, answer: Answer, now: datetime) -> None:
    with transaction.atomic():
        match answer.outcome:
            case Outcome.DONE:
                if _do_change(item, EffectState.SENDING, EffectState.SENT, now, ref=answer.ref):
                    _do_keep_own_words(item, answer.ref, now)
                    do_note(item, "effect.sent", now)
            case Outcome.REFUSED:
                _do_fail(item, answer.words, now)
            case Outcome.UNKNOWN if not _effect(item).may_repeat:
                if _do_change(item, EffectState.SENDING, EffectState.UNKNOWN, now, error=answer.words):
                    do_note(item, "effect.unknown", now, words={"why": answer.words})
            case Outcome.UNKNOWN if item.attempts >= GIVE_UP_AFTER:
                _do_fail(item, answer.words, now)
            case _:  # not reachable, or no clear answer about something that is harmless to do twice
                OutboxItem.objects.filter(pk=item.pk, state=EffectState.SENDING).update(
                    state=EffectState.WAITING, next_attempt_at=_again(item, answer, now), error=answer.words[:300]
                )


def _again(item: OutboxItem, answer: Answer, now: datetime) -> datetime:
    """When to try once more: later and later, not before the platform allows it, a last time just before it is stale."""
    again = now + _wait(item.attempts)
    last_chance = item.expires_at - FIRST_RETRY
    if now < last_chance < again:
        again = last_chance
    return min(max(again, answer.retry_at or now), item.expires_at)


def _do_fail(item: OutboxItem, words: str, now: datetime) -> None:
    if _do_change(item, EffectState.SENDING, EffectState.FAILED, now, error=words):
        do_note(item, "effect.failed", now, words={"why": words})


def _do_change(
    item: OutboxItem, before: EffectState, after: EffectState, now: datetime, *, ref: str = "", error: str = ""
) -> bool:
    """Moves one item on, only from the state we believe it in: whoever comes second changes nothing."""
    changed = OutboxItem.objects.filter(pk=item.pk, state=before).update(
        state=after, next_attempt_at=None, finished_at=now, result_ref=ref, error=error[:300]
    )
    return bool(changed)


def _do_keep_own_words(item: OutboxItem, ref: str, now: datetime) -> None:
    """What we said is part of the talk; its echo from the platform is the same message."""
    effect = _effect(item)
    if isinstance(effect, Whisper):
        whisper = NewWhisper(
            community_id=item.community_id,
            identity_id=effect.member,
            source_key=fitted(ref, 160),
            at=now,
            text=effect.text,
            is_own=True,
        )
        do_keep_whispers([whisper])
    elif isinstance(effect, Say | Announce) and effect.group_id is not None and ref:
        reply_to = effect.reply_to if isinstance(effect, Say) else ""
        message = NewMessage(
            community_id=item.community_id,
            group_id=effect.group_id,
            sender_id=None,
            source_key=ref,
            at=now,
            text=effect.text,
            reply_to=reply_to,
            is_own=True,
        )
        do_keep_messages([message])


def _wait(attempts: int) -> timedelta:
    return min(FIRST_RETRY * float(2 ** (attempts - 1)), LONGEST_RETRY)


def _effect(item: OutboxItem) -> Outside:
    effect = from_payload(item.kind, item.payload)
    assert isinstance(effect, Outside)
    return effect
