"""From drafts, rules and people to what the pages show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.communities.queries import (
    infos_of_groups,
    list_carriers_of_groups,
    list_community_names,
    list_counted_homes,
    list_group_lines,
)
from qunying.console.people.words import tell_carrier
from qunying.console.segments.building import COUNT, KINDS, PICK, READY, WORDS, Draft, Row
from qunying.console.segments.context import BlockView, CountView, Option, PersonRow, RowView
from qunying.deeds.queries import list_kinds_of_deeds
from qunying.insights.segments.asking import count_people
from qunying.insights.segments.reading import BadRule
from qunying.insights.segments.rule import CHOICES, About, Rule, conditions_of
from qunying.insights.segments.words import tell_role, tell_rule
from qunying.insights.words import way
from qunying.insights.words_of_layers import layer_named
from qunying.kernel import clock
from qunying.people.brief import brief_people
from qunying.people.tags import list_tags

EXAMPLES = 5
GROUPS_AT_MOST = 300
WAYS = ("qr", "invite", "link", "search", "request", "added", "created", "")
KIND_WORDS: Mapping[str, str] = {
    "messages": gettext_noop("说过几条话"),
    "days_spoken": gettext_noop("在几天里说过话"),
    "openings": gettext_noop("带起过几段对话"),
    "silent": gettext_noop("连续几天没说话"),
    "joined": gettext_noop("什么时候进的群"),
    "layer": gettext_noop("在哪一层"),
    "tag": gettext_noop("有标签"),
    "city": gettext_noop("城市"),
    "industry": gettext_noop("行业"),
    "job": gettext_noop("职位里有"),
    "company": gettext_noop("公司里有"),
    "card": gettext_noop("群名片里有"),
    "group": gettext_noop("在哪个群"),
    "community": gettext_noop("在哪个社群"),
    "role": gettext_noop("在群里的身份"),
    "via": gettext_noop("怎么来的"),
    "inviter": gettext_noop("谁带来的（编号）"),
    "carrier": gettext_noop("在哪个平台"),
    "orders": gettext_noop("下过几单"),
    "amount": gettext_noop("买了多少钱"),
    "deed": gettext_noop("群外做过几次"),
}
FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (gettext_noop("说话"), ("messages", "days_spoken", "openings", "silent")),
    (gettext_noop("是谁"), ("layer", "tag", "city", "industry", "job", "company", "card")),
    (gettext_noop("在哪里"), ("joined", "group", "community", "role", "via", "inviter", "carrier")),
    (gettext_noop("群外"), ("orders", "amount", "deed")),
)
UNITS: Mapping[str, str] = {
    "messages": gettext_noop("条"),
    "days_spoken": gettext_noop("天"),
    "openings": gettext_noop("段"),
    "orders": gettext_noop("单"),
    "deed": gettext_noop("次"),
}
READY_WORDS: Mapping[str, str] = {
    "talking": gettext_noop("最近常说话的"),
    "quiet": gettext_noop("说过不少，两周没声音的"),
    "new": gettext_noop("刚进群、还没开口的"),
    "buyers": gettext_noop("买过、一个月没说话的"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be picked in these communities, read once for a page."""

    picks: Mapping[str, Sequence[tuple[str, str]]]
    deeds: Sequence[str]

    @classmethod
    def of(cls, draft: Draft, community_ids: Collection[int]) -> Offer:
        """Only what the draft's rows need is read."""
        kinds = {row.kind for block in draft.blocks for row in block.rows}
        readers: dict[str, Callable[[], list[tuple[str, str]]]] = {
            "group": lambda: [(str(one.id), one.name) for one in list_group_lines(community_ids)[:GROUPS_AT_MOST]],
            "community": lambda: [(str(one.id), one.name) for one in list_counted_homes(community_ids)],
            "tag": lambda: [(str(one.id), one.name) for one in list_tags(community_ids, clock.now())],
            "carrier": lambda: [(one, tell_carrier(one)) for one in _carriers(community_ids)],
            "layer": lambda: [(one, layer_named(one)) for one in CHOICES["layer"]],
            "role": lambda: [(one, tell_role(one)) for one in CHOICES["role"]],
            "via": lambda: [(one, way(one)) for one in WAYS],
        }
        deeds = list_kinds_of_deeds(community_ids) if "deed" in kinds else []
        return cls({kind: read() for kind, read in readers.items() if kind in kinds}, deeds)


def _carriers(community_ids: Collection[int]) -> list[str]:
    return sorted({carrier for _group, carrier in list_carriers_of_groups(community_ids)})


def show_blocks(
    draft: Draft, offer: Offer, wrong: Mapping[tuple[int, int], BadRule], *, may_tell: bool
) -> list[BlockView]:
    """The blocks as the builder shows them; errors only where somebody asked (``may_tell``)."""
    return [
        BlockView(
            b,
            block.join,
            [
                _row(row, f"{b}-{r}-", f"{b}:{r}", offer, wrong.get((b, r)) if may_tell else None)
                for r, row in enumerate(block.rows)
            ],
        )
        for b, block in enumerate(draft.blocks)
    ]


def _row(row: Row, prefix: str, place: str, offer: Offer, error: BadRule | None) -> RowView:
    family = KINDS[row.kind]
    chosen = set(row.picks)
    known = list(offer.picks.get(row.kind, ()))
    lost = [(one, f"#{one}") for one in row.picks if one not in {value for value, _label in known}]
    return RowView(
        prefix=prefix,
        place=place,
        family=family,
        kind=row.kind,
        is_not=row.is_not,
        kinds=[
            (_(title), [Option(kind, _(KIND_WORDS[kind]), kind == row.kind) for kind in kinds])
            for title, kinds in FAMILIES
        ],
        texts=dict(row.texts),
        picks=[Option(value, label, value in chosen) for value, label in [*known, *lost]] if family == PICK else [],
        unit=_(UNITS[row.kind]) if row.kind in UNITS else "",
        hint=_hint(row, offer),
        error=error.why.said(_) if error else "",
    )


def _hint(row: Row, offer: Offer) -> str:
    if KINDS[row.kind] == WORDS:
        return _("写几个都行，用逗号隔开，有一个对上就算")
    if row.kind == "deed":
        known = _("、").join(offer.deeds)
        return _("有这些：%(known)s") % {"known": known} if known else _("还没有读进过群外的事")
    if KINDS[row.kind] == COUNT and row.kind == "openings":
        return _("别人接过话的才算")
    if row.kind == "silent":
        return _("刚进群、还没待满这些天的不算")
    if KINDS[row.kind] == PICK and not offer.picks.get(row.kind):
        return _("这里还没有可以选的")
    return ""


def ready_options() -> list[Option]:
    """Rules to begin with."""
    return [Option(name, _(READY_WORDS[name])) for name in READY]


def show_count(rule: Rule, community_ids: Collection[int], now: datetime) -> CountView:
    """The live count, with the rule as a sentence and some of the people."""
    found = count_people(rule, community_ids, now, examples=EXAMPLES)
    return CountView(
        people=found.people,
        of=found.of,
        share=found.people / found.of if found.of else 0.0,
        sentence=tell_rule(rule, names_in([rule], community_ids)),
        examples=show_people(found.examples, community_ids),
        as_of=found.as_of,
    )


def show_people(person_ids: Sequence[int], community_ids: Collection[int] | None) -> list[PersonRow]:
    """These people in this order, as far as they sit within these communities."""
    people = brief_people(person_ids, community_ids)
    groups = infos_of_groups({pk for one in people for pk in one.group_ids[:3]})
    return [
        PersonRow(
            id=one.person_id,
            name=one.name,
            card=one.card,
            groups=_named([groups[pk].name for pk in one.group_ids[:3]], len(one.group_ids)),
            messages=one.messages,
            last_at=one.last_spoke_at,
            joined_at=one.joined_at,
        )
        for one in people
    ]


def _named(names: Sequence[str], total: int) -> str:
    told = _("、").join(names)
    return told if total <= len(names) else _("%(names)s 等 %(n)d 个群") % {"names": told, "n": total}


def names_in(rules: Sequence[Rule], community_ids: Collection[int]) -> dict[tuple[str, int], str]:
    """Names of what these rules speak of, as far as it lies in these communities; in a few queries."""
    spoken: dict[str, set[int]] = {}
    for rule in rules:
        for one in conditions_of(rule):
            if isinstance(one, About):
                spoken.setdefault(one.what, set()).update(v for v in one.any_of if isinstance(v, int))
                spoken.setdefault("group", set()).update({one.group} - {0})
    known: dict[tuple[str, int], str] = {}
    if groups := spoken.get("group"):
        found = infos_of_groups(groups).items()
        known |= {("group", pk): one.name for pk, one in found if one.community_id in set(community_ids)}
    if homes := spoken.get("community"):
        known |= {("community", pk): name for pk, name in list_community_names(homes & set(community_ids)).items()}
    if spoken.get("tag"):
        known |= {("tag", one.id): one.name for one in list_tags(community_ids, clock.now())}
    if people := spoken.get("inviter"):
        seated = [one for one in brief_people(sorted(people), community_ids) if one.group_ids]
        known |= {("inviter", one.person_id): one.name for one in seated}
    return known
