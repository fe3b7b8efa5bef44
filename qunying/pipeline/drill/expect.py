"""Compares what happened in a play with what its author expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qunying.kernel.capability import Capability
from qunying.kernel.effects import EFFECTS, EffectState
from qunying.kernel.errors import BadUse
from qunying.pipeline.drill.lined import Lined, check_keys
from qunying.pipeline.drill.script import Script, number, span
from qunying.pipeline.drill.seen import BEFORE_ALL, Seen, everything, finds_of
from qunying.pipeline.drill.states import check_states, tell_states
from qunying.pipeline.drill.world import World

FILTERS = {"member", "group", "of", "within", "at_most", "at_least", "count"}
NOT_YET = {EffectState.NEEDS_APPROVAL.value, EffectState.SIMULATED.value, "dismissed"}
KINDS = ("effect", "never", "said", "task", "case", "state")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation, whether it was met, and what was seen instead."""

    expect: Mapping[str, Any]
    met: bool
    why: str


def deadline(script: Script) -> datetime:
    """The last moment any expectation looks at."""
    ends = [line.at for line in script.timeline]
    ends.extend(
        _line_at(script, expected) + span(expected["within"], expected)
        for expected in script.expect
        if "within" in expected
    )
    return max(ends, default=BEFORE_ALL)


def check_expectations(script: Script, roster: Sequence[Capability]) -> None:
    """Raises ``BadUse`` with the line for an expectation that nobody can judge."""
    checks = sorted({name for capability in roster for name in capability.drill_checks})
    finds = finds_of(roster)
    kinds = (*KINDS, *sorted(finds), "count", *checks)  # count late: it also says how many of another kind
    for expected in script.expect:
        kind = next((kind for kind in kinds if kind in expected), None)
        if kind is None:
            raise BadUse(f"{script.path}: line {expected.line}: expects none of {', '.join(kinds)}")
        if kind in finds and expected[kind] not in finds[kind].kinds:
            raise BadUse(f"{script.path}: line {expected.line}: no {kind} named {expected[kind]!r}")
        if kind not in checks:
            _check_filters(script, expected, kind)


def _check_filters(script: Script, expected: Lined, kind: str) -> None:
    try:
        if kind == "state":
            check_states(expected, script.players)
            return
        own = {kind, "assigned"} if kind == "task" else {kind}
        check_keys(expected, FILTERS | own, f"an expectation of {kind!r}")
        for key, value in expected.items():
            if not isinstance(value, str):
                raise BadUse(f"line {expected.line}: {key!r} is words, not a list or mapping")
        for key in ("at_most", "at_least", *(["count"] if kind != "count" else [])):
            number(expected, key, "0")
        if kind in {"effect", "never", "count"} and expected[kind] not in {*EFFECTS, "Warn"}:
            raise BadUse(f"line {expected.line}: no effect named {expected[kind]!r}")
        if "member" in expected and expected["member"] not in script.players:
            raise BadUse(f"line {expected.line}: no member {expected['member']!r} in this play")
        if "group" in expected and expected["group"] not in {group["id"] for group in script.groups}:
            raise BadUse(f"line {expected.line}: no group {expected['group']!r} in this play")
        if "of" in expected or "within" in expected:
            _line_at(script, expected) + span(expected.get("within", "0s"), expected)
    except OverflowError as error:
        raise BadUse(f"{script.path}: line {expected.line}: {expected['within']!r} is too long") from error
    except BadUse as error:
        raise BadUse(f"{script.path}: {error}") from error


def judge(world: World) -> tuple[list[Outcome], dict[str, list[Seen]]]:
    """Every expectation with its verdict, and everything that was seen."""
    seen = everything(world)
    return [_judge_one(world, expected, seen) for expected in world.script.expect], seen


def _judge_one(world: World, expected: Lined, seen: Mapping[str, Sequence[Seen]]) -> Outcome:
    for capability in world.roster:
        for name, check in capability.drill_checks.items():
            if name in expected:
                met = check(world, expected[name])
                return Outcome(dict(expected), met, "" if met else f"{name} does not hold")
    if "state" in expected:
        why = tell_states(expected, world.account_of, world.community_id)
        return Outcome(dict(expected), not why, why)
    for kind, find in _finders(world).items():
        if kind in expected:
            found = [one for one in find(seen, expected[kind]) if _passes(world, expected, one)]
            met = _is_met(kind, expected, len(found))
            return Outcome(dict(expected), met, "" if met else _why(found, find(seen, expected[kind]), kind))
    raise AssertionError(expected)


def _effects(seen: Mapping[str, Sequence[Seen]], name: str) -> list[Seen]:
    if name in _OPENED:
        return list(seen[_OPENED[name]])
    effects = [*seen["effects"], *seen["inside"]]
    return [one for one in effects if name in (one.kind, "Warn" if one.is_warning else "") and one.state not in NOT_YET]


def _said(seen: Mapping[str, Sequence[Seen]], text: str) -> list[Seen]:
    said = [one for one in seen["effects"] if one.kind in {"Say", "Announce"} and one.state not in NOT_YET]
    return [one for one in said if text in one.text]


_OPENED = {"OpenTask": "tasks", "OpenCase": "cases"}
_Finder = Callable[[Mapping[str, Sequence[Seen]], str], list[Seen]]


def _among(place: str) -> _Finder:
    return lambda seen, kind: [one for one in seen[place] if one.kind == kind]


def _finders(world: World) -> dict[str, _Finder]:
    """How each kind of expectation finds what it speaks of; count last, which also says how many of another kind."""
    return {
        "effect": _effects,
        "never": _effects,
        "said": _said,
        "task": _among("tasks"),
        "case": _among("cases"),
        **{name: _among(name) for name in finds_of(world.roster)},
        "count": _effects,
    }


def _is_met(kind: str, expected: Lined, found: int) -> bool:
    if kind == "never":
        return found == 0
    if "at_most" in expected and found > int(expected["at_most"]):
        return False
    if "at_least" in expected and found < int(expected["at_least"]):
        return False
    if kind != "count" and "count" in expected:
        return found == int(expected["count"])
    return kind == "count" or found > 0


def _passes(world: World, expected: Lined, one: Seen) -> bool:
    if "member" in expected and expected["member"] not in (one.member, *one.members):
        return False
    if "group" in expected and one.group != expected["group"]:
        return False
    if "assigned" in expected and one.assigned != expected["assigned"]:
        return False
    if "within" in expected:
        starts = _line_at(world.script, expected)
        ends = starts + span(expected["within"], expected)
        is_sought = "effect" in expected or "said" in expected
        return starts <= one.at <= ends or (is_sought and starts <= (one.proposed_at or one.at) <= ends)
    if "of" in expected:
        ref = world.refs.get(int(expected["of"]), "")
        return bool(ref) and (ref in (one.target, one.key, *one.targets) or one.cause.endswith(f":{ref}"))
    return True


def _why(found: Sequence[Seen], elsewhere: Sequence[Seen], kind: str) -> str:
    if kind == "never" or found:
        return "; ".join(f"{one.kind} {one.member} {one.at.isoformat()} ({one.state})" for one in found[:3])
    if elsewhere:
        return "not where expected, but: " + "; ".join(
            f"{one.kind} {one.member} {one.group} {one.at.isoformat()}" for one in elsewhere[:3]
        )
    return "never happened"


def _line_at(script: Script, expected: Lined) -> datetime:
    """The moment of the line an expectation speaks of; without ``of``, the first."""
    number = expected.get("of", "1")
    if not number.isdecimal() or not 1 <= int(number) <= len(script.timeline):
        raise BadUse(f"line {expected.line}: there is no timeline line {number!r}")
    return script.timeline[int(number) - 1].at
