"""From what happened in a lab to what its page shows: the group's talk with a ruling at everything, and the decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.carriers.sandbox.room import ACCOUNT_NAME
from qunying.console.group.items import Deed, Why
from qunying.console.group.why import tell_order, tell_why
from qunying.console.reasons import STATE_TONES, tell_state
from qunying.console.sandbox.context import Entry, Player, Ruling
from qunying.journal.queries import GroupFact
from qunying.pipeline.lab.labs import Lab, Person
from qunying.pipeline.lab.seen import Effect, Seen
from qunying.talk.lines import Line

QUOTE_LETTERS = 80
ABOUT = {"newcomer", "old", "lookalike", "staff", "member", "own"}
NOT_SAID = {"simulated", "needs_approval", "failed", "expired", "cancelled", "unknown"}


def tell_cast(lab: Lab, seen: Seen) -> tuple[Player, ...]:
    """Who can be played; people of ready-made scenes are not listed."""
    shown = [person for person in lab.cast if person.kind in ABOUT]
    return tuple(
        Player(
            ref=person.ref,
            name=person.name,
            role=_role(person),
            about=_about(person, is_present=person.ref in seen.present),
            is_playing=person.ref == lab.playing,
            is_present=person.ref in seen.present,
        )
        for person in shown
    )


def _role(person: Person) -> str:
    return {
        "newcomer": _("刚进群的人"),
        "old": _("老成员"),
        "lookalike": _("名字像客服的人"),
        "staff": _("同事"),
        "member": _("普通成员"),
    }.get(person.kind, _("自己编的人"))


def _about(person: Person, *, is_present: bool) -> str:
    name = _("「%(name)s」") % {"name": person.name}
    if person.duty:
        return name + _("，在名册里")
    if person.role != "member":
        return name + _("，管理员")
    return name if is_present else name + _("，不在群里")


def tell_entries(lab: Lab, seen: Seen) -> list[Entry]:
    """Everything that happened in the group, oldest first, with lines between days."""
    whys = {fact.event_key: _why(fact, seen) for fact in seen.facts if fact.name == "decision.made"}
    told = [*_moves(lab, seen, whys), *_messages(lab, seen, whys), *_unsaid(seen)]
    ranks = {"move": 0, "said": 1, "own": 2, "unsaid": 3}
    return list(_with_days(sorted(told, key=lambda entry: (entry.at, ranks[entry.kind]))))


def _with_days(entries: Iterable[Entry]) -> Iterable[Entry]:
    last = ""
    for entry in entries:
        day = dateformat.format(timezone.localtime(entry.at), pgettext("date format", "n 月 j 日 l"))
        if day != last:
            yield Entry("day", entry.at, f"day-{day}", text=day)
        last = day
        yield entry


def _moves(lab: Lab, seen: Seen, whys: Mapping[str, Why]) -> Iterable[Entry]:
    names = {
        "member.joined": _("进群了"),
        "member.left": _("离开了"),
        "card.changed": _("换了群名片"),
    }
    for fact in seen.facts:
        if fact.name in names:
            person = _person(lab, seen, fact.identity_id)
            is_removed = fact.name == "member.left" and fact.words.get("operator")
            yield Entry(
                "move",
                fact.at,
                f"fact-{fact.id}",
                name=person.name,
                face_key=person.ref,
                text=_("被移出了") if is_removed else names[fact.name],
                is_playing=person.ref == lab.playing,
                why=whys.get(fact.event_key),
            )


def _messages(lab: Lab, seen: Seen, whys: Mapping[str, Why]) -> Iterable[Entry]:
    lines = {ref: place for place, ref in enumerate(lab.refs) if _speaks(lab.lines[place])}
    by_key = {message.source_key: message for message in seen.messages}
    sent = {effect.result_ref: effect for effect in seen.effects if effect.result_ref}
    by_event = {key.rpartition(":")[2]: why for key, why in whys.items()}
    for message in seen.messages:
        if message.is_own:
            yield _own(message, sent.get(message.source_key))
            continue
        person = _person(lab, seen, message.sender_id)
        entry = Entry(
            "said",
            message.at,
            f"message-{message.id}",
            name=person.name,
            face_key=person.ref,
            text=message.text,
            quote=_quote(by_key.get(message.reply_to)),
            picture=str(message.media[0].get("name", "")) if message.kind == "image" and message.media else "",
            line=lines.get(message.source_key),
            person=person.ref,
            is_playing=person.ref == lab.playing,
            is_edited=message.edited_at is not None,
            is_gone=message.recalled_at is not None,
            why=by_event.get(message.source_key),
        )
        yield replace(entry, tone=_tone(entry.why), acts=tuple(_acts(lab, seen, entry)))


def _acts(lab: Lab, seen: Seen, entry: Entry) -> Iterable[str]:
    """What whoever is being played may do with a message."""
    playing = lab.person(lab.playing)
    if playing is None or entry.line is None or lab.playing not in seen.present or entry.is_gone:
        return
    is_staff = playing.role != "member"
    yield "reply"
    if entry.is_playing:
        yield "edit"
    if entry.is_playing or is_staff:
        yield "recall"
    if is_staff and not entry.is_playing and entry.person in seen.present:
        yield "kick"


def _own(message: Line, effect: Effect | None) -> Entry:
    item: Any = effect
    return Entry(
        "own",
        message.at,
        f"message-{message.id}",
        name=_(ACCOUNT_NAME),
        text=message.text,
        is_gone=message.recalled_at is not None,
        note=_("演练，没有真的发出"),
        why=_without_links(tell_order(f"own-{message.id}", item, "")) if effect else None,
    )


def _unsaid(seen: Seen) -> Iterable[Entry]:
    """What would have been said, had the mode or a person let it."""
    for effect in seen.effects:
        text = str(effect.payload.get("text", ""))
        if text and effect.state in NOT_SAID:
            item: Any = effect
            yield Entry(
                "unsaid",
                effect.queued_at,
                f"effect-{effect.key}",
                name=_(ACCOUNT_NAME),
                text=text,
                is_gone=True,
                chip=tell_state(effect.state),
                tone=STATE_TONES.get(effect.state, ""),
                why=_without_links(tell_order(f"unsaid-{len(effect.key)}-{effect.key[-12:]}", item, "")),
            )


def _why(fact: GroupFact, seen: Seen) -> Why:
    items: dict[str, Any] = {effect.key: effect for effect in seen.effects}
    return _without_links(tell_why(fact, items))


def _without_links(why: Why) -> Why:
    """A lab has no outbox page to go to."""
    return replace(why, deeds=tuple(replace(deed, href="") for deed in why.deeds))


def _tone(why: Why | None) -> str:
    tone = why.shown.tone if why and why.shown else ""
    return {"look": "held", "act": "hit"}.get(tone, "")


def _speaks(line: Mapping[str, Any]) -> bool:
    return "from" in line and "edit" not in line


def _person(lab: Lab, seen: Seen, identity_id: int | None) -> Person:
    ref = seen.people.get(identity_id or 0, "")
    return lab.person(ref) or Person(ref, ref or _("有人"), "extra")


def _quote(message: Line | None) -> str:
    if message is None:
        return ""
    return message.text[:QUOTE_LETTERS] or _("图片")


def tell_rulings(seen: Seen) -> tuple[Ruling, ...]:
    """Every decision, newest first; those to leave something alone too."""
    facts = [fact for fact in seen.facts if fact.name == "decision.made"]
    return tuple(_ruling(fact.at, _why(fact, seen)) for fact in reversed(facts))


def _ruling(at: datetime, why: Why) -> Ruling:
    sentences = tuple(view.sentence for view in why.views)
    shown = [deed for deed in why.deeds if deed.is_outside]
    if not shown:
        waits = bool(why.deeds)
        return Ruling(at, "look" if waits else "", _("先等等") if waits else _("不动"), sentences)
    tone = {"act": "act", "look": "look"}.get(shown[0].tone, "on")
    return Ruling(at, tone, _("、").join(_deed(deed) for deed in shown), sentences)


def _deed(deed: Deed) -> str:
    return _("%(what)s（%(state)s）") % {"what": deed.what, "state": deed.state}
