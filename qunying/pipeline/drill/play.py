"""Plays a drill: a fresh world on a stage, told through the real machine, jumping from due to due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

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
from qunying.people.queries import ids_of_accounts
from qunying.pipeline import loops
from qunying.pipeline.drill.building import actor_of, do_build, role_of
from qunying.pipeline.drill.deciding import DEEDS, do_decide, do_lift_appealed
from qunying.pipeline.drill.lined import Lined
from qunying.pipeline.drill.sandbox import SandboxStage
from qunying.pipeline.drill.script import Line, Player, Script, pointed_line, span
from qunying.pipeline.drill.stage import Actor, Shown, Speech, Stage
from qunying.pipeline.drill.world import World
from qunying.pipeline.inbound import tell

RUN_ON = timedelta(minutes=10)
STEPS_AT_ONCE = 10_000
SILENCING = {Mute.__name__, RemoveMember.__name__, Ban.__name__}


class _DiedError(Exception):
    """The worker was killed between claim and finish."""


def play(
    script: Script,
    roster: Sequence[Capability],
    deadline: Callable[[Script], datetime],
    stage: Stage | None = None,
) -> World:
    """Plays all lines, on the sandbox where no stage is given, then runs on to the deadline.

    The database must be empty of other worlds.
    """
    starts = script.timeline[0].at if script.timeline else clock.now()
    world = World(script, roster, stage or SandboxStage(), starts)
    with clock.at(starts):
        do_build(world)
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
        _do_turn_clock(world, due)
    _do_turn_clock(world, max(world.now, moment))


def _do_turn_clock(world: World, at: datetime) -> None:
    world.now = at
    world.stage.do_turn_clock(at)


def _do_settle(world: World) -> None:
    for _ in range(STEPS_AT_ONCE):
        if world.dies_next:
            _do_die(world)
        if not loops.step(world.now, world.roster) and not world.stage.do_hear_out():
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


def _comer(player: Player, words: Lined) -> Actor:
    """Who comes back may do so under another name."""
    return Actor(player.id, words.get("name", player.name), words.get("card", player.card), role_of(player))


def _is_unheard(world: World, line: Line) -> bool:
    """Whether nothing comes of a line: whoever was to speak was muted or removed by the machine, or it is about such words.

    That is how it would be: a play cannot know how quickly somebody is removed.
    """
    words = line.words
    if line.verb in {"from", "edit"} and not world.stage.has_voice(words["group"], words["from"], line.at):
        return _was_silenced(world, words)
    return line.verb in {"edit", "recall"} and not _ref(world, line, words[line.verb])


def _was_silenced(world: World, words: Lined) -> bool:
    account = world.account_of(words["from"])
    who = ids_of_accounts([account]).get(account, 0)
    return any(
        item.member_id == who and item.group_id == world.groups[words["group"]]
        for item in list_items(world.community_id)
        if item.kind in SILENCING and item.state == EffectState.SENT
    )


def _do_line(world: World, line: Line) -> None:
    if _is_unheard(world, line):
        return
    try:
        if (ref := _do_act(world, line)) is None:
            _do_backstage(world, line)
        else:
            world.refs[line.number] = ref
    except BadUse as error:
        raise BadUse(f"{world.script.path}: line {line.words.line}: {error}") from error


def _do_act(world: World, line: Line) -> str | None:
    """What somebody does on the platform; None where the line is about something else."""
    words, at, stage = line.words, line.at, world.stage
    match line.verb:
        case "join":
            comer = _comer(world.script.players[words["join"]], words)
            return stage.do_join(words["group"], comer, at, words.get("via", ""), words.get("inviter", ""))
        case "leave":
            return stage.do_leave(words["group"], words["leave"], at, "")
        case "kick":
            return stage.do_leave(words["group"], words["kick"], at, words.get("by", ""))
        case "from":
            return stage.do_speak(words["group"], words["from"], _speech(world, line), at)
        case "edit":
            of = _ref(world, line, words["edit"])
            return stage.do_edit(words["group"], words["from"], of, words.get("say", ""), at)
        case "recall":
            return stage.do_recall(words["group"], _ref(world, line, words["recall"]), words.get("by", ""), at)
        case "whisper":
            return stage.do_whisper(actor_of(world.script.players[words["whisper"]]), words.get("say", ""), at)
    return None


def _speech(world: World, line: Line) -> Speech:
    words = line.words
    reply_to = _ref(world, line, words["reply_to"]) if "reply_to" in words else ""
    mention = words.get("mention", [])
    mentions = [mention] if isinstance(mention, str) else mention
    return Speech(words.get("say", ""), reply_to, mentions, _shown(words))


def _shown(words: Lined) -> Shown | None:
    if "card" in words:
        return Shown("contact", words["card"].get("name", ""), words["card"].get("ref", ""))
    kind = next((kind for kind in ("image", "file", "forward") if kind in words), "")
    return Shown(kind, words[kind], words[kind]) if kind else None


def _do_backstage(world: World, line: Line) -> None:
    """What happens to the machine rather than in a group."""
    words, at = line.words, line.at
    match line.verb:
        case "crash":
            world.dies_next = True
        case "carrier":
            if words["carrier"] == "down":
                world.stage.do_go_down(at + span(words.get("for", "10m"), words))
            else:
                world.stage.do_come_back()
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
    account = world.account_of(what["member"])
    return kind, ids_of_accounts([account]).get(account, 0)


def _ref(world: World, line: Line, where: str) -> str:
    """The message of another line: ``-2`` is two timeline lines before this one, ``4`` is line four; "" was never heard."""
    return world.refs.get(pointed_line(where, line.number, line.words), "")
