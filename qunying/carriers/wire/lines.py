"""The lines as they are kept: opened, changed, paused, closed by people; known, there or not there by what is heard."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qunying.carriers.wire.line import GroupLook, Kept, WrongAccount
from qunying.carriers.wire.models import Line
from qunying.carriers.wire.sealing import CannotOpen, seal, unseal
from qunying.communities.actions import do_know_account, do_note_account, do_release_groups
from qunying.journal.actions import do_record_facts
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.store import rows

NEW, ONLINE, OFFLINE, REFUSED = "new", "online", "offline", "refused"


@dataclass(frozen=True, slots=True)
class LineState:
    """A line as pages show it, without its secrets."""

    id: int
    carrier: str
    account_ref: str
    name: str
    community_id: int | None
    options: Mapping[str, Any]
    is_paused: bool
    state: str
    why: str
    can: Mapping[str, Any]
    heard_at: datetime | None
    changed_at: datetime


_SHOWN = [
    "id", "carrier", "account_ref", "name", "community_id", "options", "is_paused", "state", "why", "can", "heard_at", "changed_at",
]  # fmt: skip


def list_lines(carrier: str = "") -> list[LineState]:
    """All lines, or those of one carrier, in the order of their opening."""
    lines = Line.objects.filter(carrier=carrier) if carrier else Line.objects.all()
    return [LineState(*row) for row in rows.read(lines.order_by("id"), _SHOWN)]


def find_line(line_id: int) -> LineState | None:
    """That line, None where there is none."""
    found = rows.read(Line.objects.filter(pk=line_id), _SHOWN)
    return LineState(*found[0]) if found else None


def list_kept() -> list[Kept]:
    """Every line that is to be at work, with its secrets; one whose secrets cannot be opened any more waits for a person."""
    lines = Line.objects.filter(is_paused=False).exclude(state=REFUSED).order_by("id")
    return [kept for line in lines if (kept := _kept(line)) is not None]


def _kept(line: Line) -> Kept | None:
    try:
        secrets = unseal(line.sealed)
    except CannotOpen:
        do_mark(line.pk, REFUSED, mark("安装的密钥换过，存下的口令打不开了，请重新填"), at=clock.now())
        return None
    return Kept(line.pk, line.carrier, line.account_ref, line.name, line.options, secrets, line.cursor)


def is_secret_taken(carrier: str, name: str, value: str, *, besides: int = 0) -> bool:
    """Whether another line of that carrier has this secret under this name: who shows it could mean either."""
    sealed = Line.objects.filter(carrier=carrier).exclude(pk=besides).values_list("sealed", flat=True)
    return any(hmac.compare_digest(_opened(each).get(name, "").encode(), value.encode()) for each in sealed)


def _opened(sealed: str) -> dict[str, str]:
    try:
        return unseal(sealed)
    except CannotOpen:
        return {}


def do_open_line(
    carrier: str,
    options: Mapping[str, str],
    secrets: Mapping[str, str],
    *,
    community_id: int | None = None,
    at: datetime,
    actor: str = "system",
) -> int:
    """A line to an account that will say who it is; its new groups belong to that community. Answers its id."""
    with transaction.atomic():
        line = Line.objects.create(
            carrier=carrier,
            community_id=community_id,
            options=dict(options),
            sealed=seal(secrets),
            changed_at=at,
            created_at=at,
        )
        _do_record("line.opened", line, actor, at)
    return line.pk


def do_change_line(
    line_id: int,
    *,
    options: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    at: datetime,
    actor: str = "system",
) -> None:
    """Other options or secrets; the line is started anew with them. Raises ``BadUse`` where it is gone."""
    with transaction.atomic():
        line = _locked(line_id)
        line.options = dict(options) if options is not None else line.options
        line.sealed = seal(secrets) if secrets is not None else line.sealed
        line.state, line.why, line.changed_at = (OFFLINE if line.account_ref else NEW), "", at
        line.save(update_fields=["options", "sealed", "state", "why", "changed_at"])
        _do_record("line.changed", line, actor, at)


def do_pause_line(line_id: int, *, is_paused: bool, at: datetime, actor: str = "system") -> None:
    """Nothing is heard and said through a line that is paused."""
    with transaction.atomic():
        line = _locked(line_id)
        if line.is_paused != is_paused:
            _do_record("line.paused" if is_paused else "line.resumed", line, actor, at)
        line.is_paused, line.changed_at = is_paused, at
        line.state = line.state if is_paused or line.state != REFUSED else OFFLINE  # going on is a new try
        line.save(update_fields=["is_paused", "state", "changed_at"])
        if is_paused:
            _do_note(line, is_online=False, at=at, why=mark("有人暂停了这条线路"))


def do_close_line(line_id: int, *, at: datetime, actor: str = "system") -> None:
    """The line and its secrets go; the account, its groups and what was said stay, and another account may go on with them."""
    with transaction.atomic():
        line = _locked(line_id)
        _do_note(line, is_online=False, at=at, why=mark("有人拆掉了这条线路"))
        do_release_groups(line.carrier, line.account_ref, _heirs_of(line))
        _do_record("line.closed", line, actor, at)
        line.delete()


def _heirs_of(line: Line) -> dict[str, str]:
    """By group another account that is there now and sees it."""
    others = Line.objects.filter(carrier=line.carrier, state=ONLINE, is_paused=False).exclude(pk=line.pk).order_by("id")
    heirs: dict[str, str] = {}
    for other in others:
        heirs = {**dict.fromkeys(other.can, other.account_ref), **heirs}
    return heirs


def do_forget_homes(community_ids: Sequence[int]) -> None:
    """These communities are being removed: new groups belong to them no more."""
    Line.objects.filter(community_id__in=community_ids).update(community_id=None)


def do_know(line_id: int, account_ref: str, name: str, *, at: datetime) -> None:
    """The platform said who we are. Raises ``WrongAccount`` where the line is another's, or that account has another line."""
    with transaction.atomic():
        line = _locked(line_id)
        if line.account_ref not in ("", account_ref):
            raise WrongAccount(account_ref)
        if Line.objects.filter(carrier=line.carrier, account_ref=account_ref).exclude(pk=line_id).exists():
            raise WrongAccount(account_ref)
        line.account_ref, line.name = account_ref, name or line.name or account_ref
        line.save(update_fields=["account_ref", "name"])
        do_know_account(line.carrier, account_ref, line.name, at=at, home_id=line.community_id)


def do_mark(line_id: int, state: str, why: str, *, at: datetime) -> None:
    """The account is there or not, and why not. Nothing is written where nothing changed."""
    with transaction.atomic():
        line = Line.objects.select_for_update().filter(pk=line_id).first()
        if line is None or (line.state, line.why) == (state, why[:300]):
            return
        line.state, line.why, line.changed_at = state, why[:300], at
        line.save(update_fields=["state", "why", "changed_at"])
        _do_note(line, is_online=state == ONLINE, at=at)


def do_see(line_id: int, groups: Sequence[GroupLook]) -> None:
    """What we may do in each group, for the console."""
    can = {one.ref: {"name": one.name, "can": sorted(one.can), "lacks": dict(one.lacks)} for one in groups}
    Line.objects.filter(pk=line_id).update(can=can)


def do_keep_secrets(line_id: int, secrets: Mapping[str, str]) -> None:
    """A line's own new secrets, sealed."""
    Line.objects.filter(pk=line_id).update(sealed=seal(secrets))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a line does, for what is shown on every page."""

    id: int
    carrier: str
    account_ref: str
    name: str
    community_id: int | None
    is_paused: bool
    state: str
    why: str
    heard_at: datetime | None
    changed_at: datetime


_STANDING = [
    "id", "carrier", "account_ref", "name", "community_id", "is_paused", "state", "why", "heard_at", "changed_at",
]  # fmt: skip


def list_standings() -> list[Standing]:
    """How every line does, in the order of their opening."""
    return [Standing(*row) for row in rows.read(Line.objects.order_by("id"), _STANDING)]


def do_live(line_id: int, at: datetime) -> None:
    """A sign of life."""
    Line.objects.filter(pk=line_id).update(heard_at=at)


def _do_note(line: Line, *, is_online: bool, at: datetime, why: str = "") -> None:
    if line.account_ref:
        do_note_account(line.carrier, line.account_ref, is_online=is_online, why=why or line.why, at=at)


def _do_record(name: str, line: Line, actor: str, at: datetime) -> None:
    """Who did something to a line: ids and codes, never what it is reached by."""
    key = f"{name}:{line.pk}:{at.isoformat()}"
    words = {"line": line.pk, "carrier": line.carrier}
    do_record_facts([Fact(name=name, at=at, community_id=line.community_id, key=key, actor=actor, words=words)])


def _locked(line_id: int) -> Line:
    line = Line.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise BadUse(mark("这条线路已经不在了"))
    return line
