"""What happened in a play, in the play's own names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from qunying.desk.queries import DECIDED, list_cases, list_tasks
from qunying.journal.queries import list_facts_after, list_group_facts
from qunying.kernel.capability import Capability
from qunying.kernel.drills import DrillFind
from qunying.kernel.effects import EFFECTS, EffectState, Inside
from qunying.kernel.texts import Sentence
from qunying.outbox.actions import approval_key
from qunying.outbox.queries import list_items
from qunying.people.queries import refs_of
from qunying.pipeline.drill.world import World

EVERYTHING = 1_000_000
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that happened: an effect, a task, a case, or what a capability tells of. ``member`` is whom it is about,
    ``members`` where it is about several.

    What somebody had to approve happens when they do; who looks for it finds it also where it was ``proposed_at``.
    """

    kind: str
    at: datetime
    member: str
    group: str
    cause: str
    state: str
    text: str = ""
    target: str = ""
    is_warning: bool = False
    assigned: str = ""
    key: str = ""
    proposed_at: datetime | None = None
    members: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def everything(world: World) -> dict[str, list[Seen]]:
    """All that happened in a play, by kind of thing."""
    names = _names(world)
    cases = list(_cases(world, names))
    turned_down = {case.key for case in cases if case.state in ("dismissed", "softened")}
    return {
        "effects": list(_outside(world, names, turned_down)),
        "inside": list(_inside(world, names)),
        "tasks": list(_tasks(world, names)),
        "cases": cases,
        **{name: list(_told(world, names, find)) for name, find in finds_of(world.roster).items()},
    }


def finds_of(roster: Sequence[Capability]) -> dict[str, DrillFind]:
    """What the capabilities of a roster let drills look for, by name."""
    return {name: find for capability in roster for name, find in capability.drill_finds.items()}


@dataclass(frozen=True, slots=True)
class _Names:
    """The play's names for our ids."""

    members: Mapping[int, str]
    groups: Mapping[int, str]

    def member(self, member_id: int | None) -> str:
        return self.members.get(member_id or 0, "")

    def group(self, group_id: int | None) -> str:
        return self.groups.get(group_id or 0, "")


def _names(world: World) -> _Names:
    players = {world.stage.ref_of(name): name for name in world.script.players}
    members = {pk: players.get(ref, ref) for pk, ref in refs_of(world.stage.carrier).items()}
    return _Names(members, {group_id: name for name, group_id in world.groups.items()})


def _outside(world: World, names: _Names, turned_down: set[str]) -> Iterator[Seen]:
    approved: dict[object, datetime] = {}
    for fact in list_facts_after(0, {"effect.approved"}, EVERYTHING):
        approved.setdefault(fact.words["effect"], fact.at)
    for item in list_items(world.community_id):
        case_key = approval_key(item.cause_key, item.capability)
        is_turned_down = item.state == EffectState.CANCELLED and item.approved_by_id is None and case_key in turned_down
        yield Seen(
            kind=item.kind,
            at=approved.get(item.pk, item.queued_at),
            proposed_at=item.queued_at,
            member=names.member(item.member_id),
            group=names.group(item.group_id),
            cause=item.cause_key,
            state="dismissed" if is_turned_down else item.state,
            text=str(item.payload.get("text", "")),
            target=str(item.payload.get("message_key", "")),
            is_warning=bool(item.payload.get("is_warning")),
            key=item.key,
        )


def _inside(world: World, names: _Names) -> Iterator[Seen]:
    for ref, group_id in world.groups.items():
        for fact in list_group_facts(group_id, ["decision.made"], since=BEFORE_ALL, limit=EVERYTHING):
            for act in fact.words["acts"]:
                if issubclass(EFFECTS[act["kind"]], Inside):
                    who = names.member(fact.identity_id)
                    yield Seen(act["kind"], fact.at, who, ref, fact.event_key, act["state"])


def _tasks(world: World, names: _Names) -> Iterator[Seen]:
    staff = {player.name: player.id for player in world.script.players.values() if player.duty}
    for state in ("open", "done"):
        for task in list_tasks([world.community_id], state=state, limit=EVERYTHING):
            yield Seen(
                kind=task.kind,
                at=task.opened_at,
                member=names.member(task.identity_id),
                group=names.group(task.group_id),
                cause=task.key,
                state=task.state,
                text=str(Sentence.of_text(task.title)),
                assigned=staff.get(task.assigned, task.assigned),
            )


def _cases(world: World, names: _Names) -> Iterator[Seen]:
    for state in ("open", *DECIDED):
        for case in list_cases([world.community_id], state=state, limit=EVERYTHING):
            yield Seen(
                kind=case.kind,
                at=case.opened_at,
                member=names.member(case.identity_id),
                group=names.group(case.group_id),
                cause=case.key,
                state=case.state,
                key=case.key,
            )


def _told(world: World, names: _Names, find: DrillFind) -> Iterator[Seen]:
    for one in find.list_happened(world.community_id):
        yield Seen(
            kind=one.kind,
            at=one.at,
            member="",
            members=tuple(names.member(pk) for pk in one.member_ids),
            group=names.group(one.group_id),
            cause=one.cause_key,
            targets=one.message_keys,
            state=one.state,
        )
