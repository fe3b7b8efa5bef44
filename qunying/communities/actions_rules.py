"""Writes down the rules of a community. Old words stay readable, and everybody can see who changed what, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.db.models import Max

from qunying.communities.facts import before_and_after
from qunying.communities.models import Community, Rule, RuleVersion
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark

NAME_AT_MOST = 40
TEXT_AT_LEAST = 4  # fewer letters would be found in what anybody says
TEXT_AT_MOST = 600
WHY_AT_MOST = 200
RULES_AT_MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNotes:
    """What is noted about a rule beside its words. ``deadline`` says what ends on ``deadline_on``, the last day it matters."""

    name: str
    is_important: bool = False
    deadline: str = ""
    deadline_on: date | None = None


def do_write_rule(community_id: int, notes: RuleNotes, text: str, *, at: datetime, user_id: int | None) -> int:
    """A new rule, behind the others; answers its id. Raises ``BadUse`` for words that are none, and a name that is taken."""
    notes, text = _checked(notes), _checked_text(text)
    with transaction.atomic():
        _do_hold(community_id)
        standing = Rule.objects.filter(community=community_id, dropped_at=None)
        if standing.count() >= RULES_AT_MOST:
            raise BadUse(mark("规矩最多 %(n)s 条，再多就没人记得住了"), n=RULES_AT_MOST)
        _check_free(community_id, notes.name)
        last = standing.aggregate(last=Max("place"))["last"] or 0
        rule = Rule.objects.create(community_id=community_id, place=last + 1, meant_at=at, **asdict(notes))
        RuleVersion.objects.create(rule=rule, number=1, text=text, at=at, by_id=user_id)
        _do_mark(community_id)
        _do_note("rule.written", rule, at, user_id, {"important": notes.is_important}, {"name": notes.name})
    return rule.pk


def do_reword_rule(
    rule_id: int, text: str, *, is_same_meaning: bool, why: str = "", at: datetime, user_id: int | None
) -> bool:
    """The rule reads so from now on; False where it does already. Where it means the same, nobody has to be told anew.

    Raises ``BadUse`` for words that are none, and a rule that was put away.
    """
    text = _checked_text(text)
    with transaction.atomic():
        rule = _standing(rule_id)
        if RuleVersion.objects.get(rule=rule, number=rule.version).text == text:
            return False
        rule.version += 1
        RuleVersion.objects.create(
            rule=rule,
            number=rule.version,
            text=text,
            why=why.strip()[:WHY_AT_MOST],
            is_same_meaning=is_same_meaning,
            at=at,
            by_id=user_id,
        )
        if not is_same_meaning:
            rule.meaning, rule.meant_at = rule.version, at
        rule.save(update_fields=["version", "meaning", "meant_at"])
        _do_note("rule.reworded", rule, at, user_id, {"version": rule.version, "same": is_same_meaning})
    return True


def do_change_rule(rule_id: int, notes: RuleNotes, *, at: datetime, user_id: int | None) -> bool:
    """What is noted about a rule is now this; False where it is already.

    Raises ``BadUse`` for a name that is none or taken, and a rule that was put away.
    """
    notes = _checked(notes)
    with transaction.atomic():
        rule = _standing(rule_id)
        after = asdict(notes)
        before = {name: getattr(rule, name) for name in after}
        changed = [name for name in after if before[name] != after[name]]
        if not changed:
            return False
        if "name" in changed:
            _check_free(rule.community_id, notes.name)
        for name in changed:
            setattr(rule, name, after[name])
        rule.save(update_fields=changed)
        _do_mark(rule.community_id)
        _do_note("rule.changed", rule, at, user_id, {"fields": changed}, before_and_after(changed, before, after))
    return True


def do_order_rules(community_id: int, rule_ids: Sequence[int], *, at: datetime, user_id: int | None) -> bool:
    """The rules of a community stand in this order, those not named behind them; False where they do already."""
    with transaction.atomic():
        _do_hold(community_id)
        standing = list(Rule.objects.filter(community=community_id, dropped_at=None).order_by("place", "id"))
        rank = {pk: place for place, pk in enumerate(rule_ids)}
        wanted = sorted(standing, key=lambda rule: rank.get(rule.pk, len(rank)))
        if wanted == standing:
            return False
        for place, rule in enumerate(wanted, start=1):
            rule.place = place
            rule.save(update_fields=["place"])
        _do_note("rule.changed", wanted[0], at, user_id, {"fields": ["place"]})
    return True


def do_drop_rule(rule_id: int, *, at: datetime, user_id: int | None) -> None:
    """The rule no longer holds; it stays readable. Raises ``BadUse`` where it does not hold already."""
    with transaction.atomic():
        rule = _standing(rule_id)
        rule.dropped_at = at
        rule.save(update_fields=["dropped_at"])
        _do_mark(rule.community_id)
        _do_note("rule.dropped", rule, at, user_id, {})


def do_restore_rule(rule_id: int, *, at: datetime, user_id: int | None) -> None:
    """The rule holds again. Raises ``BadUse`` where it does already, or another one took its name."""
    with transaction.atomic():
        rule = _held(rule_id)
        if rule.dropped_at is None:
            raise BadUse(mark("这条规矩本来就用着"))
        rule.dropped_at = None
        try:
            with transaction.atomic():
                rule.save(update_fields=["dropped_at"])
        except IntegrityError as error:
            raise BadUse(mark("已经有一条叫「%(name)s」的规矩"), name=rule.name) from error
        _do_mark(rule.community_id)
        _do_note("rule.restored", rule, at, user_id, {})


def _checked(notes: RuleNotes) -> RuleNotes:
    name, deadline = " ".join(notes.name.split()), " ".join(notes.deadline.split())
    if not name:
        raise BadUse(mark("给这条规矩起个短名字"))
    if len(name) > NAME_AT_MOST or len(deadline) > NAME_AT_MOST:
        raise BadUse(mark("太长了，最多 %(most)d 个字"), most=NAME_AT_MOST)
    if deadline and notes.deadline_on is None:
        raise BadUse(mark("写了什么到期，再选一个日子"))
    return RuleNotes(name=name, is_important=notes.is_important, deadline=deadline, deadline_on=notes.deadline_on)


def _checked_text(text: str) -> str:
    text = "\n".join(line.strip() for line in text.replace("\x00", "").strip().splitlines())
    if len(text) < TEXT_AT_LEAST:
        raise BadUse(mark("写清楚规矩是什么，至少 %(least)d 个字"), least=TEXT_AT_LEAST)
    if len(text) > TEXT_AT_MOST:
        raise BadUse(mark("太长了，最多 %(most)d 个字"), most=TEXT_AT_MOST)
    return text


def _check_free(community_id: int, name: str) -> None:
    if Rule.objects.filter(community=community_id, name=name, dropped_at=None).exists():
        raise BadUse(mark("已经有一条叫「%(name)s」的规矩"), name=name)


def _held(rule_id: int) -> Rule:
    home = Rule.objects.filter(pk=rule_id).values_list("community_id", flat=True).first()
    if home is None:
        raise BadUse(mark("没有这条规矩"))
    _do_hold(home)
    return Rule.objects.get(pk=rule_id)


def _standing(rule_id: int) -> Rule:
    rule = _held(rule_id)
    if rule.dropped_at is not None:
        raise BadUse(mark("这条规矩已经收起来了，先恢复再改"))
    return rule


def _do_hold(community_id: int) -> None:
    """Whoever else changes rules of this community waits until this transaction ends."""
    Community.objects.select_for_update().get(pk=community_id)


def _do_mark(community_id: int) -> None:
    important = Rule.objects.filter(community=community_id, dropped_at=None, is_important=True)
    Community.objects.filter(pk=community_id).update(has_rules=important.exists())


def _do_note(
    name: str,
    rule: Rule,
    at: datetime,
    user_id: int | None,
    words: Mapping[str, object],
    values: Mapping[str, object] = MappingProxyType({}),
) -> None:
    fact = Fact(
        name=name,
        at=at,
        community_id=rule.community_id,
        actor="system" if user_id is None else f"user:{user_id}",
        key=f"{name}:{rule.pk}:{at.isoformat()}",
        words={"rule": rule.pk, **words},
        personal=values,
    )
    do_record_facts([fact])
