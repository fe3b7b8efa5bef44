"""Everything a batch leaves behind, without ids: two ways of telling the same events must leave the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from qunying.capabilities.incidents.models import Incident, Moment
from qunying.capabilities.onboarding.models import Newcomer
from qunying.capabilities.order.models import OrderTrace, StepTaken
from qunying.capabilities.rules.models import RuleReached, RuleReminder, RuleSpoken
from qunying.desk.models import Case, Task
from qunying.intake.models import Envelope, Question, Timer
from qunying.journal.models import Fact, PersonalPart
from qunying.outbox.models import OutboxItem
from qunying.people.models import Identity, Membership
from qunying.talk.models import Message, MessageReading, Revision, Whisper

Name = Callable[[int | None], str]
BY_ID = ("inviter", "operator")

_WHOM = re.compile(r"talk:\d+")  # a task to talk to somebody names them by their id


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the state layer, by table, people by their references and in an order of their own."""
    refs = dict(Identity.objects.values_list("pk", "ref"))
    refs_or_nobody: Name = lambda pk: refs.get(pk or 0, "")  # noqa: E731 - handed on, a def would only be longer
    tables = {
        "people": Identity.objects.values_list("carrier", "ref", "name", "person__name"),
        "memberships": _memberships(refs_or_nobody),
        "messages": _messages(refs_or_nobody),
        "revisions": Revision.objects.values_list("message__source_key", "at", "kind", "before", "by__ref"),
        "readings": (
            (*row[:-1], bytes(row[-1]))
            for row in MessageReading.objects.values_list("message__source_key", "judge__version", "holds", "scores")
        ),
        "whispers": Whisper.objects.values_list("identity__ref", "source_key", "at", "text", "is_own"),
        "newcomers": Newcomer.objects.values_list("group", "identity__ref", "state", "name", "joined_at", "greeted_at"),
        "timers": (
            (*row[:-1], str(row[-1]))
            for row in Timer.objects.values_list("lane__key", "capability", "key", "at", "payload")
        ),
        "questions": Question.objects.values_list("key", "lane__key", "kind", "message_key", "tries", "next_try_at"),
        "envelopes": Envelope.objects.values_list("key", "state", "error"),
        "outbox": _outbox(refs_or_nobody),
        "tasks": _tasks(refs_or_nobody),
        "cases": Case.objects.values_list("key", "kind", "group_id", "state", "opened_at", "closed_at"),
        "facts": _facts(refs_or_nobody),
        "steps": StepTaken.objects.values_list(
            "cause_key", "group_id", "identity__ref", "rule", "step", "at", "expires_at"
        ),
        "traces": OrderTrace.objects.values_list("key", "group_id", "identity__ref", "at", "kind", "score", "is_new"),
        "incidents": Incident.objects.values_list("key", "group", "cause_key", "kind", "owner_ref", "opened_at"),
        "moments": _moments(),
        "rules_reached": RuleReached.objects.values_list(
            "rule__name", "meaning", "identity__ref", "how", "at", "group", "act_key"
        ),
        "rules_spoken": RuleSpoken.objects.values_list(
            "rule__name", "meaning", "group", "first_heard_at", "heard_at", "source_key", "asked_at", "act_key", "state"
        ),
        "rules_reminders": _reminders(),
    }
    return {name: sorted(rows, key=repr) for name, rows in tables.items()}


def _tasks(ref_of: Name) -> Iterable[tuple[Any, ...]]:
    rows = Task.objects.values_list("key", "identity_id", "title", "kind", "group_id", "state", "opened_at", "due_at")
    for key, member, title, kind, *rest in rows:
        # whoever is to be talked to is called as they are when it is told, and the key names them by their id
        is_talk = kind == "private_talk"
        yield ("talk" if is_talk else key, ref_of(member), "" if is_talk else title, kind, *rest)


def _moments() -> Iterable[tuple[Any, ...]]:
    rows = Moment.objects.values_list(
        "incident__cause_key", "kind", "key", "at", "params", "member__ref", "message_key", "text"
    )
    for cause, kind, key, at, params, member, *rest in rows:
        # who is in it and whom a task is about are named by ids
        plain = key if kind in {"found", "message"} else kind
        yield (cause, kind, plain, at, len(params), member, *rest)


def _reminders() -> Iterable[tuple[Any, ...]]:
    rows = RuleReminder.objects.values_list("meanings", "act_key", "group", "identity__ref", "at", "state")
    return [(len(meanings), *rest) for meanings, *rest in rows]


def _memberships(ref_of: Name) -> Iterable[tuple[Any, ...]]:
    rows = Membership.objects.values_list(
        "inviter_id",
        "group",
        "identity__ref",
        "card",
        "role",
        "is_present",
        "joined_at",
        "left_at",
        "via",
        "messages",
        "first_spoke_at",
        "last_spoke_at",
    )
    return [(ref_of(inviter), *rest) for inviter, *rest in rows]


def _messages(ref_of: Name) -> Iterable[tuple[Any, ...]]:
    rows = Message.objects.values_list(
        "mentions",
        "group",
        "source_key",
        "sender__ref",
        "at",
        "kind",
        "text",
        "reply_to",
        "edited_at",
        "recalled_at",
        "is_own",
    )
    return [(tuple(map(ref_of, mentions)), *rest) for mentions, *rest in rows]


def _outbox(ref_of: Name) -> Iterable[tuple[Any, ...]]:
    rows = OutboxItem.objects.values_list(
        "payload",
        "member_id",
        "key",
        "kind",
        "group_id",
        "carrier",
        "state",
        "is_urgent",
        "is_reply",
        "capability",
        "reason_code",
        "cause_key",
        "queued_at",
        "next_attempt_at",
        "expires_at",
        "finished_at",
    )
    return [(_payload(payload, ref_of), ref_of(member), *rest) for payload, member, *rest in rows]


def _payload(payload: Mapping[str, Any], ref_of: Name) -> str:
    mentions = [ref_of(pk) for pk in payload.get("mentions", [])]
    return repr(sorted({**payload, "mentions": mentions, "member": ref_of(payload.get("member"))}.items(), key=repr))


def _facts(ref_of: Name) -> Iterable[tuple[Any, ...]]:
    personal = dict(PersonalPart.objects.values_list("pk", "words"))
    rows = Fact.objects.values_list(
        "pk", "identity_id", "words", "key", "name", "at", "group_id", "message_key", "actor"
    )
    for pk, identity, words, key, *rest in rows:
        said = {name: ref_of(value) if name in BY_ID else value for name, value in words.items() if name != "incident"}
        # the fact of a closed case is named by the case's id
        plain = "case" if key.startswith("case.closed:") else _WHOM.sub("talk:", key)
        yield (ref_of(identity), repr(sorted(said.items(), key=repr)), plain, *rest, repr(personal.get(pk)))
