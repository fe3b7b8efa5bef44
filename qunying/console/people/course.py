"""The course of somebody's time with us: facts about them and their first words, newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.console.colleagues import names_of_colleagues
from qunying.console.people.context import CourseItem
from qunying.console.people.course_more import BEGUN, DEEDS, NOTES, SOURCES, Cursor, Page, Source, Trail, below
from qunying.console.people.evidence import tell_evidence
from qunying.console.people.words import (
    group_href,
    tell_card_field,
    tell_consent,
    tell_deposit,
    tell_moved,
    tell_source,
)
from qunying.console.reasons import tell_capability, tell_kind, tell_reason, tell_state
from qunying.insights.words import tell_why
from qunying.insights.words_of_layers import layer_named
from qunying.journal.queries import FactAbout, list_facts_about, list_page_of_facts
from qunying.kernel.facts import FACTS
from qunying.people.layers import CHANGED
from qunying.people.queries import names_of
from qunying.people.roll import RollLine
from qunying.talk.traces import first_words

AT_ONCE = 20
JOINS_AT_MOST = 500
MOVES = ("member.joined", "member.left", "card.changed")
SAID_OTHERWISE = ("note.written", "note.taken_back")  # the notes themselves stand there, for whoever may read them


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to look at the course: which facts (none at all, where empty), which tables beside them."""

    label: str
    facts: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    openings: bool = False
    comings: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "": Kind(
            gettext_noop("全部"),
            tuple(name for name in FACTS if name not in SAID_OTHERWISE),
            SOURCES,
            openings=True,
            comings=True,
        ),
        "moves": Kind(gettext_noop("进出"), MOVES, comings=True),
        "talk": Kind(gettext_noop("话题"), sources=(BEGUN,), openings=True),
        "layers": Kind(gettext_noop("换层"), (CHANGED,)),
        "outside": Kind(gettext_noop("群外"), sources=(DEEDS,)),
        "notes": Kind(gettext_noop("私聊"), sources=(NOTES,)),
        "deeds": Kind(
            gettext_noop("处理"),
            tuple(name for name in FACTS if name.startswith(("decision.", "effect.", "task.", "case."))),
        ),
        "identity": Kind(
            gettext_noop("身份"),
            tuple(name for name in FACTS if name.startswith(("people.", "card.", "consent."))),
        ),
    }
)
DOTS: Mapping[str, str] = MappingProxyType(
    {
        "member.joined": "on",
        "effect.sent": "on",
        "effect.failed": "act",
        "effect.unknown": "look",
        "task.opened": "look",
        "case.opened": "look",
    }
)


@dataclass(frozen=True, slots=True)
class Course:
    """One page of it; ``left`` counts what is older."""

    items: Sequence[CourseItem]
    left: int

    @property
    def cursor(self) -> Cursor:
        """Where the next page begins."""
        last = self.items[-1]
        return last.at, last.key


def read_course(trail: Trail, kind: str, before: Cursor | None) -> Course:
    """The page of that kind below the cursor. Bounded queries, however long the course."""
    chosen = KINDS[kind]
    known = [*(_openings(trail) if chosen.openings else ()), *(_comings(trail) if chosen.comings else ())]
    found = [item for item in known if before is None or (item.at, item.key) < before]
    total = len(found)
    for items, n in _pages(trail, chosen, before):
        found += items
        total += n
    shown = sorted(found, key=lambda item: (item.at, item.key), reverse=True)[:AT_ONCE]
    return Course(shown, total - len(shown))


def _pages(trail: Trail, kind: Kind, before: Cursor | None) -> Iterator[Page]:
    if kind.facts:
        place = below(before, 0)
        told, total = list_page_of_facts(
            trail.accounts, trail.community_ids, names=kind.facts, before=place, limit=AT_ONCE
        )
        yield _told(trail, told), total
    for source in kind.sources:
        yield source.page(trail, before, AT_ONCE)


def _openings(trail: Trail) -> list[CourseItem]:
    """The first words in each group. Their keys are negative, so that they never meet a fact's."""
    seats = [seat for seat in trail.seats if seat.first_spoke_at]
    words = first_words(trail.accounts, [seat.first_spoke_at for seat in seats if seat.first_spoke_at]) if seats else {}
    return [
        CourseItem(
            at=seat.first_spoke_at,
            key=-2 * seat.id,
            dot="",
            what=_("第一次开口"),
            where=trail.group_name(seat.group_id),
            where_href=group_href(seat.group_id),
            quote=words.get((seat.identity_id, seat.first_spoke_at), "")[:120],
        )
        for seat in seats
        if seat.first_spoke_at
    ]


def _comings(trail: Trail) -> list[CourseItem]:
    """Comings that only the member list knew, from before our time: no fact tells of them."""
    told = {
        (fact.group_id, fact.identity_id, fact.at)
        for fact in list_facts_about(trail.accounts, trail.community_ids, names=("member.joined",), limit=JOINS_AT_MOST)
    }
    return [
        CourseItem(
            at=seat.joined_at,
            key=-2 * seat.id - 1,
            dot="on",
            what=_("进群"),
            where=" · ".join(part for part in (trail.group_name(seat.group_id), _brought(seat)) if part),
            where_href=group_href(seat.group_id),
        )
        for seat in trail.seats
        if seat.joined_at and (seat.group_id, seat.identity_id, seat.joined_at) not in told
    ]


def _brought(seat: RollLine) -> str:
    return _("由「%(name)s」邀请") % {"name": seat.inviter} if seat.inviter else tell_source(seat.via)


def _told(trail: Trail, facts: Sequence[FactAbout]) -> list[CourseItem]:
    ids = {
        value for fact in facts for name in ("inviter", "operator") if isinstance(value := fact.words.get(name), int)
    }
    ids |= {one for fact in facts for one in fact.words.get("accounts") or () if _may_name(trail, one)}
    people = {pk: one.name for pk, one in names_of(ids).items()} if ids else {}
    actors = [int(fact.actor[5:]) for fact in facts if fact.actor.startswith("user:") and fact.actor[5:].isdecimal()]
    colleagues = names_of_colleagues(set(actors))
    return [
        CourseItem(
            at=fact.at,
            key=fact.id,
            dot=_dot(fact),
            what=_what(fact, people),
            where=_where(trail, fact, people, colleagues),
            where_href=group_href(fact.group_id) if fact.group_id and fact.group_id in trail.groups else "",
            why=_why(fact),
        )
        for fact in facts
    ]


def _may_name(trail: Trail, account: object) -> bool:
    """Whether the reader may know whose account that is."""
    return isinstance(account, int) and (trail.community_ids is None or account in trail.accounts)


def _dot(fact: FactAbout) -> str:
    if fact.name == "decision.made":
        return "on" if fact.words.get("acts") else "hollow"
    return DOTS.get(fact.name, "")


def _what(fact: FactAbout, people: Mapping[int, str]) -> str:
    words = fact.words
    match fact.name:
        case "member.joined":
            return _("进群")
        case "member.left":
            return _("被移出群") if words.get("operator") else _("离开")
        case "card.changed":
            card = str(fact.personal.get("card", ""))
            return _("群名片改成「%(card)s」") % {"card": card} if card else _("群名片变了")
        case "card.corrected":
            said = {"field": tell_card_field(str(words.get("field", ""))), "value": fact.personal.get("value") or "—"}
            return _("群名片的%(field)s更正成「%(value)s」") % said
        case "card.uncorrected":
            return _("群名片的%(field)s不再照更正") % {"field": tell_card_field(str(words.get("field", "")))}
        case "people.merged" | "people.unmerged" | "people.apart" | "people.apart_ended":
            return f"{_(FACTS[fact.name])}{_('：')}{_accounts(words, people)}"
        case "leaving.noted":
            return _("写下为什么走：%(why)s") % {"why": tell_why(str(words.get("reason", "")))}
        case "consent.noted":
            what = {"what": tell_consent(str(words.get("what", "")))}
            return _("同意%(what)s") % what if words.get("given") else _("不同意%(what)s") % what
        case "layer.changed":
            said = {name: layer_named(str(words.get(name, ""))) for name in ("from", "to")}
            return _("从「%(from)s」变成「%(to)s」") % said
        case "people.tagged":
            return _("打上了标签「%(tag)s」") % {"tag": words.get("name", "")}
        case "people.untagged":
            return _("取下了标签「%(tag)s」") % {"tag": words.get("name", "")}
        case "decision.made":
            return _decided(words)
        case name if name.startswith("deposit."):
            return f"{tell_moved(name.removeprefix('deposit.'))} {tell_deposit(words)}"
        case name if name.startswith("effect."):
            return _("%(kind)s：%(fact)s") % {"kind": tell_kind(str(words.get("kind", ""))), "fact": _(FACTS[name])}
        case name:
            return _(FACTS.get(name, name))


def _accounts(words: Mapping[str, Any], people: Mapping[int, str]) -> str:
    """Both accounts by name; one that the reader may not see is only another one."""
    names = [people.get(one) for one in words.get("accounts") or ()]
    return _("、").join(_("「%(name)s」") % {"name": name} if name else _("另一个账号") for name in names)


def _decided(words: Mapping[str, Any]) -> str:
    acts = [act for act in words.get("acts") or () if isinstance(act, dict)]
    if not acts:
        return _("看了，没有动")
    told = [
        _("%(what)s（%(state)s）")
        % {"what": tell_kind(str(act.get("kind", ""))), "state": tell_state(str(act.get("state", "")))}
        for act in acts
    ]
    return _("决定：%(acts)s") % {"acts": _("、").join(dict.fromkeys(told))}


def _why(fact: FactAbout) -> list[str]:
    if fact.name == "people.merged":
        return [tell_evidence(str(fact.words.get("code", "")), "")]
    opinions = [one for one in fact.words.get("opinions") or () if isinstance(one, dict)]
    return [
        f"{tell_capability(str(one.get('capability', '')))}{_('：')}{tell_reason(str(one.get('reason', '')), one.get('params') or {})}"
        for one in opinions
    ]


def _where(trail: Trail, fact: FactAbout, people: Mapping[int, str], colleagues: Mapping[int, str]) -> str:
    parts = [trail.group_name(fact.group_id)] if fact.group_id else []
    if fact.name == CHANGED and not fact.group_id:
        parts.append(_("整个社群"))
    words = fact.words
    if fact.name == "member.joined":
        inviter = people.get(words.get("inviter") or 0)
        if inviter:
            parts.append(_("由「%(name)s」邀请") % {"name": inviter})
        elif words.get("via"):
            parts.append(tell_source(str(words["via"])))
    if fact.name == "member.left" and (operator := people.get(words.get("operator") or 0)):
        parts.append(_("「%(name)s」移的") % {"name": operator})
    if fact.actor.startswith("user:") and fact.actor[5:].isdecimal():
        parts.append(colleagues.get(int(fact.actor[5:]), ""))
    if words.get("imported"):
        parts.append(_("导入的记录"))
    return " · ".join(part for part in parts if part)
