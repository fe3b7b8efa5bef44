"""The stream of a group: what was said, who came and went, what was decided about it, in the order it happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.console.colleagues import names_of_colleagues
from qunying.console.group.items import Item, Snippet
from qunying.console.group.labels import labels_of
from qunying.console.group.why import Sent, act_keys, tell_order, tell_why, tell_whys
from qunying.console.group.words import marked, person_href, tell_day, tell_media, tell_standing
from qunying.insights.words import way
from qunying.journal.queries import GroupFact, list_group_facts
from qunying.kernel.readings import Reading
from qunying.outbox.queries import items_by_key, items_by_result
from qunying.people.queries import names_of
from qunying.people.seats import SeatLine, seats_of
from qunying.talk.lines import Line, lines_by_key, list_lines, list_lines_after
from qunying.talk.readings import readings_of

TOLD = ("member.joined", "member.left", "decision.made")
LATEST = 24  # enough to see what is going on; all of it is one tab away
NEWER = 40
FACTS = 120
LOOK_BACK = timedelta(days=2)
QUOTE_AT_MOST = 80


@dataclass(frozen=True, slots=True)
class Position:
    """Up to where somebody has seen a stream: the highest message and fact, and the local day of the last item."""

    message_id: int = 0
    fact_id: int = 0
    day: str = ""

    def __str__(self) -> str:
        return f"{self.message_id}-{self.fact_id}-{self.day}"


@dataclass(frozen=True, slots=True)
class Told:
    """Everything read for a stretch of the stream, before it is put into words."""

    group_id: int
    lines: Sequence[Line]
    facts: Sequence[GroupFact]
    seats: Mapping[int, SeatLine] = field(default_factory=dict)
    answered: Mapping[str, Line] = field(default_factory=dict)
    by_key: Mapping[str, Sent] = field(default_factory=dict)
    by_result: Mapping[str, Sent] = field(default_factory=dict)
    colleagues: Mapping[int, str] = field(default_factory=dict)
    inviters: Mapping[int, str] = field(default_factory=dict)
    readings: Mapping[int, Reading] = field(default_factory=dict)


def read_position(text: str) -> Position:
    """The position in an item's key; the very beginning for anything unreadable."""
    message, fact, day = [*text.rpartition("@")[2].split("-"), "", "", ""][:3]
    if not (message.isdecimal() and fact.isdecimal() and len(message) < 19 and len(fact) < 19):
        return Position()
    return Position(int(message), int(fact), day[:8])


def latest(group_id: int, now: datetime) -> list[Item]:
    """The end of the stream, oldest first, in the active time zone; a constant number of queries."""
    lines = list_lines(group_id, limit=LATEST)[::-1]
    since = lines[0].at if len(lines) == LATEST else now - timedelta(days=30)
    facts = list_group_facts(group_id, TOLD, since=since, limit=FACTS)
    return tell(look_up(group_id, lines, facts), now)


def newer(group_id: int, position: Position, now: datetime) -> list[Item]:
    """What came into the stream after a position, oldest first."""
    since = now - LOOK_BACK
    lines = list_lines_after(group_id, position.message_id, since=since, limit=NEWER)
    facts = list_group_facts(group_id, TOLD, since=since, after_id=position.fact_id, limit=FACTS)
    return tell(look_up(group_id, lines, facts), now, position) if lines or facts else []


def look_up(group_id: int, lines: Sequence[Line], facts: Sequence[GroupFact]) -> Told:
    """Reads who these lines and facts are about, what they answer, and where the acts behind them stand."""
    inviters = {_id(fact.words.get("inviter")) for fact in facts} - {0}
    spoken = {line.sender_id for line in lines if line.sender_id} | {fact.identity_id for fact in facts}
    answered = lines_by_key(group_id, {line.reply_to for line in lines if line.reply_to and not line.quote})
    everybody = {one for one in spoken if one} | {line.sender_id for line in answered.values() if line.sender_id}
    by_result = items_by_result(group_id, [line.source_key for line in lines if line.is_own])
    approvers = {item.approved_by_id for item in by_result.values() if item.approved_by_id}
    keys = act_keys(facts)
    return Told(
        group_id=group_id,
        lines=lines,
        facts=facts,
        seats=seats_of(group_id, everybody | inviters) if everybody | inviters else {},
        answered=answered,
        by_key=items_by_key(keys) if keys else {},
        by_result=by_result,
        colleagues=names_of_colleagues(approvers),
        inviters={pk: one.name for pk, one in names_of(inviters).items()} if inviters else {},
        readings=readings_of([line.id for line in lines]),
    )


def tell(told: Told, now: datetime, after: Position | None = None, words: str = "") -> list[Item]:
    """Messages, moves and acts as items in the order of time, with a line where a new day begins."""
    decisions = {fact.event_key: fact for fact in told.facts if fact.name == "decision.made"}
    by_message = _by_message(told, decisions.values())
    items = [_message(line, told, by_message.get(line.source_key, ()), words) for line in told.lines]
    moves = [fact for fact in told.facts if fact.name != "decision.made"]
    items += [_move(fact, told, decisions.get(fact.event_key)) for fact in moves]
    spoken_for = {fact.event_key for fact in moves} | {
        fact.event_key for facts in by_message.values() for fact in facts
    }
    acts = [_act(fact, told) for key, fact in decisions.items() if key not in spoken_for]
    items += [item for item in acts if item is not None]
    return _with_days(sorted(items, key=lambda item: (item.at, item.kind, item.id)), now, after or Position())


def _by_message(told: Told, decisions: Iterable[GroupFact]) -> dict[str, list[GroupFact]]:
    """What was decided about each of these messages, latest first: about its words, and later about its pictures."""
    here = {line.source_key for line in told.lines}
    found: dict[str, list[GroupFact]] = defaultdict(list)
    for fact in decisions:
        if fact.message_key in here:
            found[fact.message_key].append(fact)
    return found


def _with_days(items: Sequence[Item], now: datetime, seen: Position) -> list[Item]:
    shown: list[Item] = []
    for item in items:
        day = f"{timezone.localtime(item.at):%Y%m%d}"
        if day != seen.day:
            shown.append(Item("day", item.at, day=tell_day(item.at, now)))
        seen = Position(
            max(seen.message_id, item.id if item.kind == "message" else 0),
            max(seen.fact_id, item.id if item.kind != "message" else 0),
            day,
        )
        shown.append(replace(item, key=f"{item.kind}{item.id}@{seen}"))
    return shown


def _message(line: Line, told: Told, decisions: Sequence[GroupFact], words: str) -> Item:
    seat = told.seats.get(line.sender_id or 0)
    chip, tone = tell_standing(seat, line.at) if seat else ("", "")
    why = tell_whys(decisions, told.by_key) if decisions else None
    order = told.by_result.get(line.source_key)
    if order is not None:
        why = tell_order(f"m{line.id}", order, told.colleagues.get(order.approved_by_id or 0, ""))
    return Item(
        "message",
        line.at,
        id=line.id,
        name=_("群营小助手") if line.is_own else (seat.name if seat else _("不知道是谁")),
        face_key=str(line.sender_id or "us"),
        person_href=person_href(seat),
        chip=_("我们") if line.is_own else chip,
        chip_tone="plain" if line.is_own else tone,
        text=marked(line.text, words),
        quote=line.quote or _quoted(told.answered.get(line.reply_to), told),
        media=_media(line),
        is_own=line.is_own,
        is_gone=line.recalled_at is not None,
        is_edited=line.edited_at is not None,
        why=why,
        labels=labels_of(told.readings.get(line.id)),
        href=reverse("console:group-message", args=[told.group_id, line.id]),
    )


def _media(line: Line) -> tuple[str, ...]:
    parts = [(tell_media(str(part.get("kind", ""))), str(part.get("name") or "")) for part in line.media]
    told = [" ".join(filter(None, words)) for words in parts]
    if not told and line.kind != "text" and not line.text:
        told = [tell_media(line.kind)]
    return tuple(told)


def _quoted(line: Line | None, told: Told) -> str:
    if line is None:
        return ""
    seat = told.seats.get(line.sender_id or 0)
    name = _("群营小助手") if line.is_own else (seat.name if seat else "")
    words = line.text or _("、").join(_media(line))
    short = words if len(words) <= QUOTE_AT_MOST else words[:QUOTE_AT_MOST] + "…"
    return _("%(name)s：%(words)s") % {"name": name, "words": short} if name else short


def _move(fact: GroupFact, told: Told, decision: GroupFact | None) -> Item:
    seat = told.seats.get(fact.identity_id or 0)
    return Item(
        "move",
        fact.at,
        id=fact.id,
        name=seat.name if seat else _("不知道是谁"),
        face_key=str(fact.identity_id or ""),
        person_href=person_href(seat),
        text=(Snippet(_tell_move(fact, told)),),
        why=tell_why(decision, told.by_key) if decision else None,
    )


def _tell_move(fact: GroupFact, told: Told) -> str:
    if fact.name == "member.left":
        return _("被移出了群") if fact.words.get("operator") else _("离开了群")
    inviter = told.inviters.get(_id(fact.words.get("inviter")))
    if inviter:
        return _("进群了，「%(name)s」带来的") % {"name": inviter}
    via = fact.words.get("via")
    return _("进群了，%(via)s") % {"via": way(via)} if isinstance(via, str) and via else _("进群了")


def _act(fact: GroupFact, told: Told) -> Item | None:
    """A decision about no message and no move, such as a greeting when its time came.

    What goes out as words is left to the message it becomes: shown here as well, it would stand there twice.
    """
    why = tell_why(fact, told.by_key)
    outside = why.shown
    if outside is None or any(_becomes_message(told.by_key.get(key)) for key in act_keys([fact])):
        return None
    return Item(
        "act",
        fact.at,
        id=fact.id,
        name=_("群营小助手"),
        face_key="us",
        chip=_("我们"),
        chip_tone="plain",
        text=(Snippet(outside.words),) if outside.words else (),
        is_own=True,
        why=why,
    )


def _becomes_message(item: Sent | None) -> bool:
    if item is None or item.kind not in {"Say", "Announce"}:
        return False
    return item.state in {"waiting", "sending", "sent"} or (item.state == "undone" and bool(item.result_ref))


def _id(value: object) -> int:
    return value if isinstance(value, int) else 0
