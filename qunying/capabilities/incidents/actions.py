"""What people do with an incident: take it, note something, close it, open it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from qunying.capabilities.incidents.models import Incident, Moment
from qunying.capabilities.incidents.queries import list_task_keys
from qunying.communities.queries import StaffLine
from qunying.desk.actions import do_assign_tasks
from qunying.desk.queries import list_tasks_with
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark

WORDS_AT_MOST = 2000


@transaction.atomic
def do_change_owner(incident_id: int, owner: StaffLine | None, *, user_id: int, at: datetime) -> bool:
    """Somebody of the roster leads from now on, or nobody; what is still to be done about it goes to them.

    False where they do already. Raises ``BadUse`` for an incident that is over.
    """
    incident = _open_one(incident_id)
    before, ref, name = incident.owner_name, owner.ref if owner else "", owner.name if owner else ""
    if (incident.owner_ref, before) == (ref, name):
        return False
    incident.owner_ref, incident.owner_name = ref, name
    incident.save(update_fields=["owner_ref", "owner_name"])
    do_assign_tasks(_task_keys(incident), name)
    names = {"from": before, "to": name}
    _do_add(incident, "owner", user_id, at, params=names)
    _do_note("incident.owner_changed", incident, user_id, at, personal=names)
    return True


@transaction.atomic
def do_write_note(incident_id: int, text: str, *, user_id: int, at: datetime) -> None:
    """Adds a line by hand, also to an incident that is over. Raises ``BadUse`` where nothing was written."""
    words = text.strip()
    if not words:
        raise BadUse(mark("写几个字再记下"))
    _do_add(_locked(incident_id), "note", user_id, at, text=words[:WORDS_AT_MOST])


@transaction.atomic
def do_close_incident(incident_id: int, words: str, *, user_id: int | None, at: datetime) -> int:
    """It is over, with how it ended; answers how many of its tasks are still open, and stay so. ``user_id`` is None where it ended
    by itself.

    Raises ``BadUse`` where it is over already.
    """
    incident = _open_one(incident_id)
    incident.closed_at, incident.closed_by_id = at, user_id
    incident.closing_words = words.strip()[:WORDS_AT_MOST]
    incident.save(update_fields=["closed_at", "closed_by", "closing_words"])
    left = sum(task.state == "open" for task in list_tasks_with(_task_keys(incident)))
    _do_add(incident, "closed", user_id, at, text=incident.closing_words, params={"left": left})
    _do_note("incident.closed", incident, user_id, at, words={"left": left})
    return left


@transaction.atomic
def do_reopen_incident(incident_id: int, *, user_id: int, at: datetime) -> None:
    """It is not over after all. Raises ``BadUse`` where it is open, or the same was opened anew meanwhile."""
    incident = _locked(incident_id)
    if incident.closed_at is None:
        raise BadUse(mark("它本来就开着"))
    incident.closed_at = incident.closed_by_id = None
    incident.closing_words = ""
    try:
        with transaction.atomic():
            incident.save(update_fields=["closed_at", "closed_by", "closing_words"])
    except IntegrityError as error:  # one open incident per key
        raise BadUse(mark("同一件事已经另开了一件，接着那一件做")) from error
    _do_add(incident, "reopened", user_id, at)
    _do_note("incident.reopened", incident, user_id, at)


def _locked(incident_id: int) -> Incident:
    incident = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if incident is None:
        raise BadUse(mark("没有这一件"))
    return incident


def _open_one(incident_id: int) -> Incident:
    incident = _locked(incident_id)
    if incident.closed_at is not None:
        raise BadUse(mark("这件事已经结束了"))
    return incident


def _task_keys(incident: Incident) -> list[str]:
    return list_task_keys([incident.pk]).get(incident.pk, [])


def _do_add(
    incident: Incident,
    kind: str,
    user_id: int | None,
    at: datetime,
    *,
    text: str = "",
    params: Mapping[str, object] | None = None,
) -> None:
    key = f"{kind}:{user_id}:{at.isoformat()}"
    Moment.objects.get_or_create(
        incident=incident,
        key=key,
        defaults={"at": at, "kind": kind, "text": text, "params": params or {}, "by_id": user_id},
    )


def _do_note(
    name: str,
    incident: Incident,
    user_id: int | None,
    at: datetime,
    *,
    words: Mapping[str, object] | None = None,
    personal: Mapping[str, object] | None = None,
) -> None:
    fact = Fact(
        name=name,
        at=at,
        community_id=incident.community_id,
        group_id=incident.group_id,
        actor=f"user:{user_id}" if user_id else "system",
        key=f"{name}:{incident.pk}:{at.isoformat()}",
        words={"incident": incident.pk, "kind": incident.kind, **(words or {})},
        personal=personal or {},
    )
    do_record_facts([fact])
