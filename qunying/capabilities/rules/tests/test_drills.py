"""What a drill may say of rules, and what it is told when it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from qunying.capabilities.rules.drills import do_write_rules, is_reached
from qunying.communities.queries_rules import list_rules
from qunying.kernel.errors import BadUse
from tests import cast

REFUND = {"name": "退押金", "text": "打满 21 天卡才能退押金。"}


@dataclass
class World:
    """A play, as far as it is looked at."""

    community_id: int

    def account_of(self, actor: str) -> tuple[str, str]:
        """As on the sandbox."""
        return "sandbox", actor


def test_the_rules_of_a_drill_are_written_when_it_begins(tea: cast.Tea) -> None:
    ended = {**REFUND, "name": "填表", "important": "false", "deadline": "2024-03-10", "ends": "填表截止"}
    do_write_rules(World(tea.community_id), [REFUND, ended])
    first, second = list_rules(tea.community_id)
    assert (first.name, first.text, first.is_important, first.deadline_on) == (*REFUND.values(), True, None)
    assert (second.is_important, second.deadline, second.deadline_on) == (False, "填表截止", date(2024, 3, 10))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({**REFUND, "until": "x"}, "看不懂 until"),
        ({**REFUND, "text": ["x"]}, "看不懂 name, text"),
        ({**REFUND, "deadline": "soon"}, "不是日子"),
        ({"name": "退押金"}, "至少 4 个字"),
    ],
)
def test_a_line_is_refused_when_it_is_no_rule(tea: cast.Tea, line: dict[str, Any], why: str) -> None:
    with pytest.raises(BadUse, match=why):
        do_write_rules(World(tea.community_id), [line])


def test_an_expectation_is_refused_when_it_speaks_of_nobody(tea: cast.Tea) -> None:
    world = World(tea.community_id)
    do_write_rules(world, [REFUND])
    assert is_reached(world, {"rule": "退押金", "member": "an", "is": "no"})
    assert not is_reached(world, {"rule": "退押金", "member": "an"})
    for words in ({"rule": "别的", "member": "an"}, {"rule": "退押金", "member": "nobody"}):
        with pytest.raises(BadUse, match="演练里没有"):
            is_reached(world, words)
