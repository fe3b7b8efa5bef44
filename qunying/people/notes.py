"""What one of us noted about somebody: private talks, and what they agreed to. Their words go when the person goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.models import Consent, Note
from qunying.store import rows

_Row = TypeVar("_Row", Note, Consent)

LONGEST_NOTE = 2000  # letters
LONGEST_SOURCE = 200
CLOCKS_DIFFER = timedelta(minutes=5)
CONSENTS: Mapping[str, str] = MappingProxyType(
    {
        "record": mark("保存群里的记录"),
        "private": mark("私下联系"),
        "offers": mark("收活动和优惠"),
        "quote": mark("公开引用说过的话"),
    }
)


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as pages show it; nobody is ``by`` where that sign-in is gone."""

    id: int
    community_id: int
    identity_id: int
    text: str
    talked_at: datetime
    written_at: datetime
    by_id: int | None
    by: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """What somebody last said about one thing."""

    what: str
    is_given: bool
    source: str
    at: datetime
    by_id: int | None
    community_id: int


@transaction.atomic
def do_write_note(
    community_id: int, identity_id: int, text: str, *, talked_at: datetime, user_id: int, at: datetime
) -> int:
    """Keeps what was talked about; answers the note's id. Raises ``BadUse`` for no words, too many, or a talk to come."""
    text = _fit(text, LONGEST_NOTE)
    if not text:
        raise BadUse(mark("写一句聊了什么"))
    _refuse_future(talked_at, at)
    new = Note.objects.create(
        community_id=community_id,
        identity_id=identity_id,
        text=text,
        talked_at=talked_at,
        by_id=user_id,
        written_at=at,
    )
    do_record_facts([_fact("note.written", new, user_id, at, {"note": new.pk})])
    return new.pk


@transaction.atomic
def do_take_back_note(note_id: int, *, user_id: int, at: datetime) -> bool:
    """That note is shown no more; False where it was not."""
    note = Note.objects.select_for_update().filter(pk=note_id, taken_back_at=None).first()
    if note is None:
        return False
    note.taken_back_at, note.taken_back_by_id = at, user_id
    note.save(update_fields=["taken_back_at", "taken_back_by"])
    do_record_facts([_fact("note.taken_back", note, user_id, at, {"note": note.pk})])
    return True


@transaction.atomic
def do_note_consent(
    community_id: int,
    identity_id: int,
    what: str,
    *,
    is_given: bool,
    source: str,
    said_at: datetime,
    user_id: int,
    at: datetime,
) -> int:
    """Keeps what somebody agreed to, or did not; answers its id. Raises ``BadUse`` for what nobody is asked, or to come."""
    if what not in CONSENTS:
        raise BadUse(mark("没有「%(what)s」这一项"), what=what)
    source = _fit(source, LONGEST_SOURCE)
    if not source:
        raise BadUse(mark("写明在哪里说的，例如入群问卷"))
    _refuse_future(said_at, at)
    new = Consent.objects.create(
        community_id=community_id,
        identity_id=identity_id,
        what=what,
        is_given=is_given,
        source=source,
        at=said_at,
        by_id=user_id,
        noted_at=at,
    )
    words = {"consent": new.pk, "what": what, "given": is_given}
    do_record_facts([_fact("consent.noted", new, user_id, at, words)])
    return new.pk


def list_notes_of(
    account_ids: Collection[int],
    community_ids: Collection[int] | None,
    *,
    before: tuple[datetime, int] | None = None,
    limit: int,
) -> tuple[list[NoteLine], int]:
    """The latest talks with these accounts noted in those communities, and how many there are; ``before`` (moment, note)
    goes on below one. One query."""
    notes = _notes_of(account_ids, community_ids, before)
    columns = ("pk", "community_id", "identity_id", "text", "talked_at", "written_at", "by_id")
    names = ("by__first_name", "by__last_name", "by__username")
    told = notes.annotate(total=rows.counted(notes)).order_by("-talked_at", "-pk")
    found: list[tuple[Any, ...]] = list(told.values_list("total", *columns, *names)[:limit])
    lines = [NoteLine(*(*row[1:8], f"{row[8] or ''} {row[9] or ''}".strip() or row[10] or "")) for row in found]
    return lines, found[0][0] if found else 0


def _notes_of(
    account_ids: Collection[int], community_ids: Collection[int] | None, before: tuple[datetime, int] | None
) -> QuerySet[Note]:
    notes = _within(Note.objects.filter(identity__in=account_ids, taken_back_at=None), community_ids)
    if before is not None:
        notes = notes.filter(Q(talked_at__lt=before[0]) | Q(talked_at=before[0], pk__lt=before[1]))
    return notes


def list_talks_noted(community_id: int, since: datetime, until: datetime) -> list[tuple[int, int, datetime]]:
    """(person, who of us noted it – 0 where that sign-in is gone, when they talked) of every note that was not taken back, of
    talks in [since, until)."""
    notes = Note.objects.filter(
        community=community_id, taken_back_at=None, talked_at__gte=since, talked_at__lt=until
    ).exclude(identity__person=None)
    found = notes.order_by().values_list("identity__person_id", "by_id", "talked_at")
    return [(person or 0, by or 0, at) for person, by, at in found]


def find_note_home(note_id: int) -> tuple[int, int] | None:
    """(community, account) of a note, also of one that was taken back."""
    return Note.objects.filter(pk=note_id).values_list("community_id", "identity_id").first()


def list_consents_of(account_ids: Collection[int], community_ids: Collection[int] | None) -> list[ConsentLine]:
    """What these accounts last said about each thing in each of those communities, in the order of ``CONSENTS``."""
    said = _within(Consent.objects.filter(identity__in=account_ids), community_ids).order_by("at", "pk")
    columns = ("what", "is_given", "source", "at", "by_id", "community_id")
    latest = {(row[0], row[5]): ConsentLine(*row) for row in said.values_list(*columns)}
    return sorted(latest.values(), key=lambda one: (list(CONSENTS).index(one.what), one.community_id))


def _within(wanted: QuerySet[_Row], community_ids: Collection[int] | None) -> QuerySet[_Row]:
    return wanted if community_ids is None else wanted.filter(community__in=community_ids)


def _fit(text: str, longest: int) -> str:
    """Without space around, lines kept. Raises ``BadUse`` for what no page and no database can show."""
    text = text.replace("\r\n", "\n").strip()
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadUse(mark("里面有看不见的字符，重新打一遍"))
    if len(text) > longest:
        raise BadUse(mark("太长了，最多 %(most)d 个字"), most=longest)
    return text


def _refuse_future(moment: datetime, now: datetime) -> None:
    if moment > now + CLOCKS_DIFFER:
        raise BadUse(mark("时间在将来，改成已经过去的"))


def _fact(name: str, what: Note | Consent, user_id: int, at: datetime, words: Mapping[str, object]) -> Fact:
    return Fact(
        name=name,
        at=at,
        community_id=what.community_id,
        actor=f"user:{user_id}",
        key=f"{name}:{what.pk}",
        identity_id=what.identity_id,
        words=dict(words),
    )
