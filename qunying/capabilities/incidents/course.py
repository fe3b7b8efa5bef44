"""The course of an incident, put together when it is looked at: what was noted, said, done and sent. Nothing of it is copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.capabilities.incidents.addresses import address
from qunying.capabilities.incidents.context import CourseRow
from qunying.capabilities.incidents.queries import IncidentLine, MomentLine, list_moments
from qunying.communities.sign_ins import names_of_users
from qunying.kernel.texts import Sentence
from qunying.outbox.queries import Item, list_items_about
from qunying.outbox.words import KIND_WORDS, STATE_WORDS
from qunying.people.queries import names_of
from qunying.talk.lines import Line, lines_by_key, list_lines_of
from qunying.ui.figures import number

MOMENTS_AT_MOST = 300
SAID_AT_MOST = 60
SENT_AT_MOST = 40


class Done(Protocol):
    """A task as far as the course needs it."""

    title: str
    assigned: str
    done_at: datetime | None
    done_by_id: int | None


@dataclass(frozen=True, slots=True)
class Sources:
    """All that the course is made of, read once."""

    incident: IncidentLine
    moments: Sequence[MomentLine]
    shown: Mapping[str, Line]
    said: Sequence[Line]
    sent: Sequence[Item]
    done: Sequence[Done]
    members: Mapping[int, str]
    users: Mapping[int, str]

    @property
    def is_cut(self) -> bool:
        """Whether more may have happened than was read."""
        at_most = ((self.moments, MOMENTS_AT_MOST), (self.said, SAID_AT_MOST), (self.sent, SENT_AT_MOST))
        return any(len(read) >= most for read, most in at_most)


def read_course(incident: IncidentLine, members: Sequence[int], tasks: Iterable[Done], now: datetime) -> Sources:
    """Reads what there is about it, with a constant number of queries. Said and sent count from its beginning to its end."""
    moments, until = list_moments(incident.id, MOMENTS_AT_MOST), incident.closed_at or now
    done = [task for task in tasks if task.done_at is not None]
    shown: dict[str, Line] = {}
    said: list[Line] = []
    sent: list[Item] = []
    if (group := incident.group_id) is not None:
        shown = lines_by_key(group, [one.message_key for one in moments if one.kind == "message"])
        since = incident.opened_at
        said = list_lines_of(group, members, since=since, until=until, limit=SAID_AT_MOST)
        sent = list_items_about(group, members, since=since, until=until, limit=SENT_AT_MOST)
    people = {*members, *(line.sender_id for line in shown.values() if line.sender_id)}
    users = {one.by_id for one in moments if one.by_id} | {task.done_by_id for task in done if task.done_by_id}
    return Sources(
        incident=incident,
        moments=moments,
        shown=shown,
        said=said,
        sent=sent,
        done=done,
        members={pk: one.name or one.ref for pk, one in names_of(people).items()},
        users=names_of_users(users) if users else {},
    )


def tell_course(sources: Sources) -> tuple[CourseRow, ...]:
    """What happened, newest first."""
    rows = [*_noted(sources), *_said(sources), *_sent(sources), *_done(sources)]
    return tuple(sorted(rows, key=lambda row: row.at, reverse=True))


def _noted(sources: Sources) -> Iterator[CourseRow]:
    for one in sources.moments:
        match one.kind:
            case "member":
                yield CourseRow(one.at, _("牵涉「%(name)s」") % {"name": _named(sources, one.member_id)}, "look")
            case "owner" | "note" | "closed" | "reopened":
                yield _by_hand(sources, one)
    yield CourseRow(sources.incident.opened_at, _("立了这件事"), "act")


def _by_hand(sources: Sources, one: MomentLine) -> CourseRow:
    who = {"who": sources.users.get(one.by_id, _("有人")) if one.by_id else _("群营")}
    match one.kind:
        case "owner" if one.params.get("to"):
            return CourseRow(one.at, _("%(who)s定了由「%(to)s」负责") % {**who, "to": one.params["to"]}, "hollow")
        case "owner":
            return CourseRow(one.at, _("%(who)s把负责人空了出来") % who, "hollow")
        case "note":
            return CourseRow(one.at, _("%(who)s记下") % who, "hollow", quote=one.text)
        case "closed":
            return CourseRow(one.at, _closed(one.params.get("left"), who), "on", quote=one.text)
        case _:
            return CourseRow(one.at, _("%(who)s又开了这件事") % who, "look")


def _closed(left: object, who: Mapping[str, str]) -> str:
    if not isinstance(left, int) or not left:
        return _("%(who)s结束了这件事") % who
    said = ngettext("%(who)s结束了这件事，还有 %(n)s 件待办开着", "%(who)s结束了这件事，还有 %(n)s 件待办开着", left)
    return said % {**who, "n": number(left)}


def _said(sources: Sources) -> Iterator[CourseRow]:
    """What shows it, and what those whom it is about said since."""
    lines = {line.id: line for line in (*sources.shown.values(), *sources.said)}
    for line in sorted(lines.values(), key=lambda one: -one.id):
        name = _("群营") if line.is_own else _named(sources, line.sender_id)
        yield CourseRow(
            at=line.at,
            what=name,
            dot="",
            quote=line.text or _("没有文字的消息"),
            href=address("console:group-message", sources.incident.group_id, line.id),
            is_gone=line.recalled_at is not None,
        )


def _sent(sources: Sources) -> Iterator[CourseRow]:
    for item in sources.sent:
        said = {
            "what": _(KIND_WORDS.get(item.kind, item.kind)),
            "name": _named(sources, item.member_id),
            "state": _(STATE_WORDS.get(item.state, item.state)),
        }
        yield CourseRow(
            at=item.queued_at,
            what=_("%(what)s「%(name)s」，%(state)s") % said,
            dot="look",
            quote=str(item.payload.get("text", "")),
        )


def _done(sources: Sources) -> Iterator[CourseRow]:
    for task in sources.done:
        if task.done_at is None:
            continue
        who = sources.users.get(task.done_by_id or 0, _("有人"))
        said = {"who": who, "title": Sentence.of_text(task.title).said(_)}
        yield CourseRow(task.done_at, _("%(who)s做完了：%(title)s") % said, "on")


def _named(sources: Sources, member_id: int | None) -> str:
    return sources.members.get(member_id or 0, "") or _("有人")
