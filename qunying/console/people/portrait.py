"""What is known about a person beside talk: conversations, questions, deeds outside, what was done to them, consents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.communities.access import Reach
from qunying.communities.queries import GroupInfo
from qunying.console.colleagues import names_of_colleagues
from qunying.console.people.context import Option, Tried
from qunying.console.people.deposits import DepositPanel, read_deposits
from qunying.console.people.identity import IdentityPanel
from qunying.console.people.words import SANCTION_WORDS, tell_consent, tell_deed, tell_money
from qunying.deeds.queries import DeedSum, list_sums_of_deeds
from qunying.journal.queries import FactAbout, list_facts_about
from qunying.kernel import clock
from qunying.people.notes import CONSENTS, list_consents_of
from qunying.people.roll import RollLine
from qunying.talk.courses import Doing, count_doing

DAYS = 90
ACTS_LOOKED_AT = 500
ACTS = ("effect.sent", "effect.undone")


@dataclass(frozen=True, slots=True)
class DeedRow:
    """Deeds of one kind in one currency."""

    label: str
    count: int
    amount: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ActRow:
    """What was done to them: how often, and how often it was taken back."""

    label: str
    count: int
    undone: int


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """What they last said about one thing."""

    label: str
    is_given: bool
    source: str
    at: datetime
    by: str
    community: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """Beside talk. ``homes`` are the communities where the reader may note something about them."""

    doing: Doing
    days: int
    deeds: Sequence[DeedRow]
    acts: Sequence[ActRow]
    consents: Sequence[ConsentRow]
    homes: Sequence[Option]
    askable: Sequence[Option]
    today: str
    deposits: DepositPanel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BesidePage:
    """What is known of a person beside their course and their words."""

    id: int = field(metadata={"help": "the person"})
    name: str = field(metadata={"help": "what they are called"})
    identity: IdentityPanel = field(metadata={"help": "their accounts, why they are one person, and who else may be"})
    portrait: Portrait = field(metadata={"help": "conversations, deeds outside, what was done to them, consents"})
    tried: Tried | None = field(metadata={"help": "a form that was refused; None where none was"})


def read_portrait(
    person_id: int,
    seats: Sequence[RollLine],
    groups: Mapping[int, GroupInfo],
    community_ids: Collection[int] | None,
    decide: Reach,
) -> Portrait:
    """Of the person whose seats within reach these are; a few queries, in the active time zone."""
    accounts = {seat.identity_id for seat in seats}
    now = clock.now()
    known = {seat.community_id: groups[seat.group_id].community for seat in seats}
    homes = {pk: name for pk, name in known.items() if decide.covers(pk)}
    return Portrait(
        doing=count_doing(accounts, community_ids, now - timedelta(days=DAYS)),
        days=DAYS,
        deeds=[_deed(one) for one in list_sums_of_deeds(person_id, community_ids)],
        acts=_acts(list_facts_about(accounts, community_ids, names=ACTS, limit=ACTS_LOOKED_AT)),
        consents=_consents(accounts, seats, groups, community_ids),
        homes=[Option(str(pk), name, is_chosen=False) for pk, name in homes.items()],
        askable=[Option(what, _(label), is_chosen=False) for what, label in CONSENTS.items()],
        today=timezone.localtime(now).date().isoformat(),
        deposits=read_deposits(person_id, known, community_ids),
    )


def _deed(one: DeedSum) -> DeedRow:
    amount = tell_money(one.amount, one.currency) if one.amount is not None else ""
    return DeedRow(tell_deed(one.kind), one.count, amount, one.last_at)


def _acts(facts: Sequence[FactAbout]) -> list[ActRow]:
    """Only what carries weight; words and welcomes are in the course."""
    done: Counter[str] = Counter(str(one.words.get("kind")) for one in facts if one.name == "effect.sent")
    back: Counter[str] = Counter(str(one.words.get("kind")) for one in facts if one.name == "effect.undone")
    return [ActRow(_(label), done[kind], back[kind]) for kind, label in SANCTION_WORDS.items() if done[kind]]


def _consents(
    accounts: Collection[int],
    seats: Sequence[RollLine],
    groups: Mapping[int, GroupInfo],
    community_ids: Collection[int] | None,
) -> list[ConsentRow]:
    said = list_consents_of(accounts, community_ids)
    names = names_of_colleagues({one.by_id for one in said if one.by_id})
    homes = {seat.community_id: groups[seat.group_id].community for seat in seats}
    several = len(homes) > 1
    return [
        ConsentRow(
            tell_consent(one.what),
            one.is_given,
            one.source,
            one.at,
            names.get(one.by_id or 0, ""),
            homes.get(one.community_id, "") if several else "",
        )
        for one in said
    ]
