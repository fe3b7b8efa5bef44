"""How things stand after a play: ``state: {NAME: {…}}``, each name with its own words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from qunying.kernel.errors import BadUse
from qunying.pipeline.drill.deposits import check_deposit, tell_deposit
from qunying.pipeline.drill.lined import Lined, check_keys


@dataclass(frozen=True, slots=True)
class State:
    """One thing of a member that can be looked at: what may be asked of it, and why it is not so in that community ("" where
    it is)."""

    check: Callable[[Lined, Collection[str]], None]
    tell: Callable[[Lined, tuple[str, str], int], str]


STATES: Mapping[str, State] = {"deposit": State(check_deposit, tell_deposit)}


def check_states(expected: Lined, players: Collection[str]) -> None:
    """Raises ``BadUse`` with the line for a ``state`` that nobody can judge."""
    check_keys(expected, {"state"}, "an expectation of 'state'")
    states = expected["state"]
    if not isinstance(states, Lined) or not states:
        raise BadUse(f"line {expected.line}: 'state' is a mapping like {{deposit: {{…}}}}")
    check_keys(states, set(STATES), "a state")
    for name, words in states.items():
        if not isinstance(words, Lined) or not all(isinstance(value, str) for value in words.values()):
            raise BadUse(f"line {states.line}: the state of {name!r} is a mapping of words")
        STATES[name].check(words, players)


def tell_states(expected: Lined, account_of: Callable[[str], tuple[str, str]], community_id: int) -> str:
    """Why these states are not what is expected, empty where all are."""
    told = (
        STATES[name].tell(words, account_of(words["member"]), community_id) for name, words in expected["state"].items()
    )
    return "; ".join(why for why in told if why)
