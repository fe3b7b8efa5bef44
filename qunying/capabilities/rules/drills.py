"""What drills say of rules: which there are, and whom they have reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from qunying.capabilities.rules.queries import find_how_reached
from qunying.communities.actions_rules import RuleNotes, do_write_rule
from qunying.communities.queries_rules import list_rules
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.queries import ids_of_accounts

KNOWN = ("name", "text", "important", "deadline", "ends")


class Play(Protocol):
    """As much of a play's world as is looked at here."""

    community_id: int

    def account_of(self, actor: str) -> tuple[str, str]:
        """Carrier and reference of somebody of the play."""


def do_write_rules(world: Play, lines: Sequence[Mapping[str, Any]]) -> None:
    """The rules of a play's community. Raises ``BadUse`` for a line that is none."""
    for words in lines:
        unknown = sorted(set(words) - set(KNOWN))
        if unknown or not all(isinstance(value, str) for value in words.values()):
            odd = ", ".join(unknown or sorted(words))
            raise BadUse(mark("演练里的规矩写 %(known)s，看不懂 %(odd)s"), known=", ".join(KNOWN), odd=odd)
        notes = RuleNotes(
            name=words.get("name", ""),
            is_important=words.get("important", "true") == "true",
            deadline=words.get("ends", ""),
            deadline_on=_day(words["deadline"]) if "deadline" in words else None,
        )
        do_write_rule(world.community_id, notes, words.get("text", ""), at=clock.now(), user_id=None)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadUse(mark("「%(text)s」不是日子，写成 2024-03-01"), text=text) from error


def is_reached(world: Play, words: Mapping[str, str]) -> bool:
    """Whether that member has seen that rule; with ``how``, whether by that; with ``is: "no"``, whether not."""
    rule = next((one for one in list_rules(world.community_id) if one.name == words.get("rule")), None)
    account = world.account_of(words.get("member", ""))
    who = ids_of_accounts([account]).get(account)
    if rule is None or who is None:
        raise BadUse(
            mark("演练里没有「%(rule)s」这条规矩，或者没有「%(member)s」这个人"),
            rule=words.get("rule", ""),
            member=words.get("member", ""),
        )
    how = find_how_reached((rule.id, rule.meaning), who)
    met = how == words["how"] if "how" in words else how is not None
    return met is (words.get("is", "yes") == "yes")
