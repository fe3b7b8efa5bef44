"""When and how to welcome: pure, so that a drill or a rehearsal on the past is exactly what happens live."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from qunying.capabilities.onboarding.requests import about_request
from qunying.capabilities.onboarding.settings import BUILT_IN_CARD, OnboardingSettings
from qunying.kernel.effects import CancelWake, OpenTask, Say, WakeAt
from qunying.kernel.events import Event, FactHappened, JoinRequested, MemberJoined, MemberLeft, TimerDue
from qunying.kernel.opinions import Decision, Opinion, Reason
from qunying.kernel.readings import Reading
from qunying.kernel.scene import GroupScene, Member, Mode, Scene

NAME = "onboarding"
GREET = "greet"
NAMES_AT_MOST = 10
NAME_AT_MOST = 20
NAME_KEPT = 200
STAFF_AT_MOST = 3
RULES_AT_MOST = 2
GREETING_STAYS_GOOD = timedelta(minutes=30)
JOINERS = "\u200c\u200d"
BLANKS = f" \u3000\u00a0\u3164\u115f\u1160\uffa0\u2800{JOINERS}"  # what people call themselves to have no name
NAMELESS = {"zh": "新朋友", "en": "a new friend"}
_SLOT = re.compile(r"\{(\w+)\}")

WORDS = {
    "zh": "欢迎 {names} 来到「{group}」！",
    "en": "Welcome to {group}, {names}!",
}
ASK = {
    "zh": "方便的话，照「{card}」介绍一下自己，大家好认识你。",
    "en": "If you like, introduce yourself as “{card}”, so that people can find you.",
}
CARD = {"zh": BUILT_IN_CARD, "en": "city-industry-name"}
RULES = {"zh": "先说{count}条规矩：{rules}。", "en": "Please keep in mind: {rules}."}
BY_HAND = {
    "zh": "「{group}」的欢迎没有发出去，请手动欢迎新人",
    "en": "A welcome in {group} did not go out; please greet by hand",
}
STAFF = {
    "zh": "这里的工作人员只有 {staff}，别人说是官方的都不作数。",
    "en": "Our staff here are {staff}; nobody else speaks for us.",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who came and was not welcomed yet."""

    identity_id: int
    name: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a newcomer stands: ``waiting``, ``greeted`` or ``left``; who was welcomed needs no name any more."""

    state: str
    joined_at: datetime
    name: str = ""
    greeted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the welcome knows of one group: who waits, in order of coming; who was welcomed; whether the clock runs."""

    waiting: tuple[Waiting, ...] = ()
    greeted: frozenset[int] = frozenset()
    wakes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What the welcome knows of the groups of a batch, and what has changed there and must be written."""

    groups: Mapping[int, Known] = field(default_factory=dict)
    changes: Mapping[tuple[int, int], Standing] = field(default_factory=dict)


def consider(event: Event, reading: Reading, scene: Scene, memory: Memory) -> Opinion | None:
    """Whom to welcome now, whom to wait for, whom to leave in peace."""
    group = scene.group(event)
    if group is None:
        return None
    known = memory.groups.get(group.id, Known())
    match event:
        case MemberJoined():
            return _about_joining(event, scene, group, known)
        case JoinRequested():
            return about_request(NAME, event, scene, group)
        case TimerDue(capability="onboarding", timer_key="greet"):
            return _about_the_hour(event, group, known)
        case FactHappened(capability="onboarding"):
            return _about_failure(event, group)
        case _:
            return None


def _about_joining(event: MemberJoined, scene: Scene, group: GroupScene, known: Known) -> Opinion:
    member = scene.member(event, event.member)
    if member.is_staff:
        return _leave_alone("is_staff", member.shown_name)
    if member.identity_id in known.greeted:
        return _leave_alone("greeted_before", member.shown_name)
    if any(one.identity_id == member.identity_id for one in known.waiting):
        return _leave_alone("waits_already", member.shown_name)
    waiting = _in_turn(known.waiting, _comer(member, event))
    settings = _settings(group)
    if len(waiting) >= settings.greet_at and not group.quiet.covers(event.at):
        return _greet(group, waiting, event.at, "full")
    if known.wakes_at is not None:
        return Opinion(NAME, Reason("onboarding.waits_with_others", {"name": member.shown_name, "count": len(waiting)}))
    wakes_at = group.quiet.next_open(event.at + timedelta(minutes=settings.wait_minutes))
    is_night = group.quiet.covers(event.at)
    reason = Reason(
        "onboarding.waits_for_morning" if is_night else "onboarding.waits_for_others",
        {"name": member.shown_name, "minutes": settings.wait_minutes},
    )
    return Opinion(NAME, reason, (WakeAt(key=GREET, at=wakes_at),))


def _comer(member: Member, event: Event) -> Waiting:
    return Waiting(member.identity_id, member.shown_name[:NAME_KEPT], event.at)


def _in_turn(waiting: tuple[Waiting, ...], comer: Waiting) -> tuple[Waiting, ...]:
    """Who came first is named first, also where a platform told us later."""
    return tuple(sorted((*waiting, comer), key=lambda one: (one.joined_at, one.identity_id)))


def _about_the_hour(event: TimerDue, group: GroupScene, known: Known) -> Opinion:
    if not known.waiting:
        return Opinion(NAME, Reason("onboarding.nobody_left"))
    if group.quiet.covers(event.at):
        return Opinion(NAME, Reason("onboarding.quiet_now"), (WakeAt(key=GREET, at=group.quiet.next_open(event.at)),))
    return _greet(group, known.waiting, event.at, "in_time")


def _greet(group: GroupScene, waiting: tuple[Waiting, ...], at: datetime, why: str) -> Opinion:
    say = Say(
        group_id=group.id,
        text=greeting(group.at(at), [one.name for one in waiting]),
        mentions=tuple(one.identity_id for one in waiting[:NAMES_AT_MOST]),
        expires_after=GREETING_STAYS_GOOD,
        by_day=True,
    )
    return Opinion(NAME, Reason(f"onboarding.greets_{why}", {"count": len(waiting)}), (say, CancelWake(key=GREET)))


def _about_failure(event: FactHappened, group: GroupScene) -> Opinion | None:
    """A welcome of ours did not go out: somebody should do it by hand, late but meant."""
    failed = event.payload
    if failed.get("capability") != NAME or failed.get("kind") != "Say" or failed.get("why") == "by_hand":
        return None  # what a platform cannot do has its task already
    task = OpenTask(
        key=f"welcome:{failed['key']}",
        kind="welcome_by_hand",
        title=BY_HAND["zh" if group.language.startswith("zh") else "en"].format(group=group.name),
        group_id=group.id,
    )
    return Opinion(NAME, Reason("onboarding.greeting_failed"), (task,))


def greeting(group: GroupScene, names: list[str]) -> str:
    """The words of a welcome, in the community's language."""
    settings = _settings(group)
    language = "zh" if group.language.startswith("zh") else "en"
    staff = _listed(list(group.staff_names[:STAFF_AT_MOST]), language)
    words = settings.words or WORDS[language]
    slots = {"names": _named(names, language), "staff": staff, "group": group.name}
    parts = [_filled(words, slots)]
    rules = (settings.rules or _rules_of(group))[:RULES_AT_MOST]
    if rules:
        said = ("；" if language == "zh" else "; ").join(rules)
        parts.append(_filled(RULES[language], {"count": "两" if len(rules) == 2 else "一", "rules": said}))
    if settings.card_template:
        card = CARD[language] if settings.card_template == BUILT_IN_CARD else settings.card_template
        parts.append(_filled(ASK[language], {"card": card}))
    if staff and "{staff}" not in words:
        parts.append(_filled(STAFF[language], {"staff": staff}))
    return ("" if language == "zh" else " ").join(parts)


def _rules_of(group: GroupScene) -> tuple[str, ...]:
    return tuple(" ".join(rule.text.split("\n")).rstrip("。.") for rule in group.rules)


def _named(names: list[str], language: str) -> str:
    shown = [_tidy(name, language) for name in names[:NAMES_AT_MOST]]
    more = len(names) - len(shown)
    if more and language == "zh":
        return "、".join(shown) + f" 等 {len(names)} 位"
    return _listed([*shown, f"{more} more"] if more else shown, language)


def _tidy(name: str, language: str) -> str:
    """A name as it can stand in a sentence: no line breaks, no direction marks, not a whole paragraph, not nothing.

    Joiners stay: they make one family of three emoji, and one word of Persian letters.
    """
    plain = "".join(letter for letter in name if letter in JOINERS or unicodedata.category(letter)[0] != "C")
    plain = plain.strip(BLANKS)
    if not plain:
        return NAMELESS[language]
    return plain if len(plain) <= NAME_AT_MOST else plain[:NAME_AT_MOST].rstrip(JOINERS) + "…"


def _listed(names: list[str], language: str) -> str:
    if language == "zh" or len(names) < 2:
        return "、".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _filled(words: str, slots: Mapping[str, str]) -> str:
    """Fills the slots in one go: a name like «{group}» must stay a name, and a lone brace is no error."""
    return _SLOT.sub(lambda found: slots.get(found[1], found[0]), words)


def _leave_alone(why: str, name: str) -> Opinion:
    return Opinion(NAME, Reason(f"onboarding.{why}", {"name": name}))


def _settings(group: GroupScene) -> OnboardingSettings:
    settings = group.settings[NAME]
    assert isinstance(settings, OnboardingSettings)
    return settings


def remember(memory: Memory, event: Event, decision: Decision, scene: Scene) -> Memory:
    """The memory as the next event sees it."""
    group = scene.group(event)
    if group is None or not isinstance(event, MemberJoined | MemberLeft | TimerDue):
        return memory
    known = memory.groups.get(group.id, Known())
    changes = dict(memory.changes)
    gone: frozenset[int] = frozenset()
    if isinstance(event, MemberLeft):
        gone = frozenset({scene.member(event, event.member).identity_id})
    elif isinstance(event, TimerDue) and group.mode(NAME) is Mode.OFF:
        gone = frozenset(one.identity_id for one in known.waiting)  # or they would be welcomed weeks later
    for one in known.waiting:
        if one.identity_id in gone:
            changes[(group.id, one.identity_id)] = Standing("left", one.joined_at)
    known = replace(known, waiting=tuple(one for one in known.waiting if one.identity_id not in gone))
    if isinstance(event, MemberJoined) and _begins_to_wait(decision):
        member = scene.member(event, event.member)
        comer = _comer(member, event)
        known = replace(known, waiting=_in_turn(known.waiting, comer))
        changes[(group.id, member.identity_id)] = Standing("waiting", event.at, comer.name)
    return _heed(Memory({**memory.groups, group.id: known}, changes), group.id, decision)


def _begins_to_wait(decision: Decision) -> bool:
    codes = {opinion.reason.code for opinion in decision.opinions if opinion.capability == NAME}
    waits = {"onboarding.waits_for_others", "onboarding.waits_for_morning", "onboarding.waits_with_others"}
    return bool(codes & {*waits, "onboarding.greets_full"})


def _heed(memory: Memory, group_id: int, decision: Decision) -> Memory:
    """Takes over what was decided: a greeting empties the waiting room, a timer starts or stops the clock."""
    known, changes = memory.groups[group_id], dict(memory.changes)
    event = decision.event
    if isinstance(event, TimerDue) and event.capability == NAME and known.wakes_at and event.at >= known.wakes_at:
        known = replace(known, wakes_at=None)  # not so for an earlier one that failed, was retried and rings beside it
    for act in decision.acts:
        if act.capability != NAME:
            continue
        match act.effect:
            case Say():
                for one in known.waiting:
                    greeted = Standing("greeted", one.joined_at, greeted_at=event.at)
                    changes[(group_id, one.identity_id)] = greeted
                ids = frozenset(one.identity_id for one in known.waiting)
                known = replace(known, waiting=(), greeted=known.greeted | ids)
            case WakeAt(at=at):
                known = replace(known, wakes_at=at)
            case CancelWake():
                known = replace(known, wakes_at=None)
    return Memory({**memory.groups, group_id: known}, changes)
