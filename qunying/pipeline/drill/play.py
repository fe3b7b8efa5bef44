"""Plays a drill: a fresh world on the sandbox carrier, told through the real machine, jumping from due to due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qunying.carriers.sandbox import room
from qunying.carriers.sandbox.pictures import do_put_up_shelf
from qunying.communities.actions import (
    NewGroup,
    NewStaff,
    do_found_community,
    do_know_account,
    do_name_staff,
    do_register_group,
    do_set_mode,
    do_set_settings,
)
from qunying.desk.actions import do_finish_task
from qunying.desk.queries import find_open_task
from qunying.intake import gateway
from qunying.intake.actions import do_claim
from qunying.kernel import clock
from qunying.kernel.capability import Capability
from qunying.kernel.drills import StaffDeed
from qunying.kernel.effects import Ban, EffectState, Mute, RemoveMember
from qunying.kernel.errors import BadUse
from qunying.outbox.queries import list_items
from qunying.people.actions import Enrolled, do_enrol
from qunying.people.queries import ids_of_accounts
from qunying.pipeline import loops
from qunying.pipeline.drill.deciding import DEEDS, do_decide, do_lift_appealed, do_sign_in
from qunying.pipeline.drill.deposits import do_pay_deposits
from qunying.pipeline.drill.lined import Lined
from qunying.pipeline.drill.script import Line, Player, Script, pointed_line, span
from qunying.pipeline.inbound import tell

RUN_ON = timedelta(minutes=10)
STEPS_AT_ONCE = 10_000
SILENCING = {Mute.__name__, RemoveMember.__name__, Ban.__name__}


@dataclass
class World:
    """The world of one play: where it stands in time, what our ids are for its names, what each line became."""

    script: Script
    roster: Sequence[Capability]
    now: datetime
    community_id: int = 0
    groups: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    refs: dict[int, str] = field(default_factory=dict)
    dies_next: bool = False


class _DiedError(Exception):
    """The worker was killed between claim and finish."""


def play(script: Script, roster: Sequence[Capability], deadline: Callable[[Script], datetime]) -> World:
    """Plays all lines, then runs on to the deadline. The database must be empty of other worlds."""
    starts = script.timeline[0].at if script.timeline else clock.now()
    world = World(script, roster, starts)
    with clock.at(starts):
        _do_build(world)
    for line in script.timeline:
        run_until(world, line.at)
        with clock.at(line.at):
            _do_line(world, line)
        run_until(world, line.at)
    run_until(world, max(deadline(script), world.now + RUN_ON))
    return world


def run_until(world: World, moment: datetime) -> None:
    """Lets the machine run until there is nothing left to do up to this moment."""
    while True:
        with clock.at(world.now):
            _do_settle(world)
            due = loops.next_due_after(world.now)
        if due is None or due > moment:
            break
        world.now = due
    world.now = max(world.now, moment)


def _do_settle(world: World) -> None:
    for _ in range(STEPS_AT_ONCE):
        if world.dies_next:
            _do_die(world)
        if not loops.step(world.now, world.roster):
            return
    raise RuntimeError(f"{world.script.path}: the play does not come to rest at {world.now}")


def _do_die(world: World) -> None:
    """A worker takes what is next, works it out to the end, and dies before the commit; its lease has to run out."""
    gateway.step(world.now)
    claim = do_claim(world.now)
    if not claim.size:
        return
    world.dies_next = False
    try:
        with transaction.atomic():
            tell(claim, world.roster)
            raise _DiedError
    except _DiedError:
        pass


def _do_build(world: World) -> None:
    script, at = world.script, world.now
    community = script.community
    world.community_id = do_found_community(
        name=community.get("name", "演练"),
        at=at,
        topic=community.get("topic", ""),
        promise=community.get("promise", ""),
        purpose=community.get("purpose", ()),
        timezone=script.zone.key,
        language=community.get("language", "zh-hans"),
    )
    do_put_up_shelf(script.path.parent)
    staff = [player for player in script.players.values() if player.duty]
    world.users = {one.id: do_sign_in(one.id, one.name, one.duty, world.community_id) for one in staff}
    do_name_staff(world.community_id, [NewStaff("sandbox", one.id, one.name, one.duty) for one in staff])
    account = do_know_account("sandbox", room.ACCOUNT_REF, room.ACCOUNT_NAME, at=at)
    for group in script.groups:
        _do_build_group(world, group, staff, account)
    do_pay_deposits(script.deposits, world.community_id, at)
    for name, mode in script.modes.items():
        do_set_mode(name, mode, community_id=world.community_id, at=at, actor="drill")
    for name, settings in script.settings.items():
        do_set_settings(name, settings, community_id=world.community_id, at=at, actor="drill")
    for capability in world.roster:
        for section, build in capability.drill_sections.items():
            if section in script.sections:
                build(world, script.sections[section])


def _do_build_group(world: World, group: Lined, staff: Sequence[Player], account: int) -> None:
    ref = group["id"]
    name = group.get("name", ref)
    new = NewGroup(
        carrier="sandbox", ref=ref, carrier_name=name, capacity=int(group.get("capacity", "500")), account_id=account
    )
    world.groups[ref] = do_register_group(world.community_id, new, at=world.now)
    sitting = [*staff, *(one for one in world.script.players.values() if one.group == ref)]
    room.do_seat(ref, [_user(one) for one in sitting])
    enrolled = [Enrolled(one.id, one.name, one.card, _role(one), one.joined) for one in sitting]
    do_enrol("sandbox", world.community_id, world.groups[ref], enrolled, world.now)


def _role(player: Player) -> str:
    return "admin" if player.duty else "member"


def _user(player: Player) -> room.User:
    return room.User(player.id, player.name, player.card, _role(player))


def _comer(player: Player, words: Lined) -> room.User:
    """Who comes back may do so under another name."""
    return room.User(player.id, words.get("name", player.name), words.get("card", player.card), _role(player))


def _is_unheard(world: World, line: Line) -> bool:
    """Whether nothing comes of a line: whoever was to speak was muted or removed by the machine, or it is about such words.

    That is how it would be: a play cannot know how quickly somebody is removed.
    """
    words = line.words
    if line.verb in {"from", "edit"} and not room.has_voice(words["group"], words["from"], line.at):
        return _was_silenced(world, words)
    return line.verb in {"edit", "recall"} and not _ref(world, line, words[line.verb])


def _was_silenced(world: World, words: Lined) -> bool:
    who = ids_of_accounts([("sandbox", words["from"])]).get(("sandbox", words["from"]), 0)
    return any(
        item.member_id == who and item.group_id == world.groups[words["group"]]
        for item in list_items(world.community_id)
        if item.kind in SILENCING and item.state == EffectState.SENT
    )


def _do_line(world: World, line: Line) -> None:
    words, at = line.words, line.at
    if _is_unheard(world, line):
        return
    try:
        match line.verb:
            case "join":
                user = _comer(world.script.players[words["join"]], words)
                inviter = words.get("inviter", "")
                ref = room.do_join(words["group"], user, at, via=words.get("via", ""), inviter=inviter)
            case "leave":
                ref = room.do_leave(words["group"], words["leave"], at)
            case "kick":
                ref = room.do_leave(words["group"], words["kick"], at, operator=words.get("by", ""))
            case "from":
                ref = _do_speak(world, line)
            case "edit":
                of = _ref(world, line, words["edit"])
                room.do_edit(words["group"], words["from"], of, words.get("say", ""), at)
                ref = of
            case "recall":
                ref = _ref(world, line, words["recall"])
                room.do_recall(words["group"], ref, words.get("by", ""), at)
            case "whisper":
                ref = room.do_whisper(_user(world.script.players[words["whisper"]]), words.get("say", ""), at)
            case _:
                _do_stage(world, line)
                return
    except BadUse as error:
        raise BadUse(f"{world.script.path}: line {words.line}: {error}") from error
    world.refs[line.number] = ref


def _do_speak(world: World, line: Line) -> str:
    words = line.words
    reply_to = _ref(world, line, words["reply_to"]) if "reply_to" in words else ""
    mention = words.get("mention", [])
    kind, media = _media(words)
    return room.do_speak(
        words["group"],
        words["from"],
        words.get("say", ""),
        line.at,
        kind=kind,
        reply_to=reply_to,
        mentions=[mention] if isinstance(mention, str) else mention,
        media=media,
    )


def _media(words: Lined) -> tuple[str, list[dict[str, Any]]]:
    if "card" in words:
        card = words["card"]
        return "contact", [{"kind": "contact", "name": card.get("name", ""), "url": card.get("ref", "")}]
    for kind in ("image", "file", "forward"):
        if kind in words:
            return kind, [{"kind": kind, "name": words[kind], "url": words[kind]}]
    return "text", []


def _do_stage(world: World, line: Line) -> None:
    """What happens to the machine rather than in a group."""
    words, at = line.words, line.at
    match line.verb:
        case "crash":
            world.dies_next = True
        case "carrier":
            if words["carrier"] == "down":
                room.do_go_down(at + span(words.get("for", "10m"), words))
            else:
                room.do_come_back()
        case "staff":
            _do_staff(world, line)


def _do_staff(world: World, line: Line) -> None:
    """Staff decide about the latest open task or case of that kind, about that member where one is named."""
    kind, member = _meant(world, line.words)
    match line.words["do"]:
        case "done":
            task = find_open_task(world.community_id, kind, member)
            if task is None:
                raise BadUse(f"no open task of kind {kind or 'any'!r}")
            do_finish_task(task.pk, user_id=world.users[line.words["staff"]], at=line.at)
        case verb if verb in DEEDS:
            world.refs[line.number] = do_decide(verb, _deed(world, line, kind, member), line.words)
        case verb:
            deeds = {name: do for capability in world.roster for name, do in capability.drill_deeds.items()}
            deed = _deed(world, line, kind, member)
            is_done = verb == "lift" and do_lift_appealed(deed)
            if not is_done and not deeds[verb](deed):
                raise BadUse(f"nothing open of kind {kind or 'any'!r} to {verb}")


def _deed(world: World, line: Line, kind: str, member: int | None) -> StaffDeed:
    return StaffDeed(
        community_id=world.community_id,
        staff_ref=line.words["staff"],
        user_id=world.users[line.words["staff"]],
        kind=kind,
        member_id=member,
        at=line.at,
    )


def _meant(world: World, words: Lined) -> tuple[str, int | None]:
    """Of which kind the task or case is ("" of any), and about whom; nobody in particular where no member is named."""
    what = words.get("what", "")
    kind = what if isinstance(what, str) else what.get("kind", "")
    kind = "" if kind in {"case", "task"} else kind
    if isinstance(what, str) or "member" not in what:
        return kind, None
    account = ("sandbox", what["member"])
    return kind, ids_of_accounts([account]).get(account, 0)


def _ref(world: World, line: Line, where: str) -> str:
    """The message of another line: ``-2`` is two timeline lines before this one, ``4`` is line four; "" was never heard."""
    return world.refs.get(pointed_line(where, line.number, line.words), "")
