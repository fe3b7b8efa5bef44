"""A fixed cast: the tea friends with two groups, their staff and members, and what a carrier says about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qunying.carriers.base import Arrival
from qunying.carriers.sandbox import room
from qunying.communities.actions import (
    NewGroup,
    NewStaff,
    do_found_community,
    do_know_account,
    do_name_staff,
    do_register_group,
    do_set_mode,
    do_set_settings,
)
from qunying.intake.gateway import do_accept_arrivals
from qunying.kernel import clock
from qunying.kernel.capability import Capability
from qunying.kernel.scene import Mode
from qunying.people.actions import Enrolled, do_enrol
from qunying.pipeline import loops, worker
from qunying.pipeline.roster import ROSTER

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2024, 3, 5, 14, 0, tzinfo=SHANGHAI)
NAMES = {
    "li": "小李",
    "an": "安安",
    "bo": "阿博",
    "chen": "陈晨",
    "fang": "方方",
    "man": "小满",
    "yu": "نور",
    "zoe": "Zoë 🫖",
}
AT_ONCE = 10_000

clock_stands = clock.at


@dataclass(frozen=True, slots=True)
class Tea:
    """The tea friends: our ids for their groups, by the sandbox's references."""

    community_id: int
    groups: Mapping[str, int] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The first group."""
        return next(iter(self.groups.values()))


def build_tea(
    *,
    groups: Sequence[str] = ("g1", "g2"),
    name: str = "茶友会",
    mode: Mode | None = Mode.ACT,
    timezone: str = "Asia/Shanghai",
    language: str = "zh-hans",
    settings: Mapping[str, Any] | None = None,
) -> Tea:
    """The community at the present moment; 小李 is staff, 安安 and 阿博 have been in every group since January."""
    at = clock.now()
    community_id = do_found_community(name=name, at=at, timezone=timezone, language=language)
    do_name_staff(community_id, [NewStaff("sandbox", "li", NAMES["li"], "operator")])
    account = do_know_account("sandbox", room.ACCOUNT_REF, room.ACCOUNT_NAME, at=at)
    known = {ref: _build_group(community_id, ref, f"{name}{number}群", account) for number, ref in enumerate(groups, 1)}
    for capability in ROSTER:
        if mode is not None:
            do_set_mode(capability.name, mode, community_id=community_id, at=at, actor="system")
    if settings:
        do_set_settings("onboarding", settings, community_id=community_id, at=at, actor="system")
    return Tea(community_id, known)


def _build_group(community_id: int, ref: str, name: str, account: int) -> int:
    at = clock.now()
    new = NewGroup(carrier="sandbox", ref=ref, carrier_name=name, account_id=account)
    group_id = do_register_group(community_id, new, at=at)
    room.do_seat(
        ref, [room.User("li", NAMES["li"], role="admin"), *(room.User(one, NAMES[one]) for one in ("an", "bo"))]
    )
    since = datetime(2024, 1, 1, 9, 0, tzinfo=SHANGHAI)
    members = [
        Enrolled("li", NAMES["li"], "", "admin", since),
        *(Enrolled(r, NAMES[r], joined_at=since) for r in ("an", "bo")),
    ]
    do_enrol("sandbox", community_id, group_id, members, at)
    return group_id


def who(ref: str, name: str | None = None, **more: str) -> dict[str, str]:
    """Somebody as the sandbox names them."""
    return {"ref": ref, "name": NAMES.get(ref, ref) if name is None else name, **more}


def message(ref: str, sender: str, text: str, **more: Any) -> dict[str, Any]:
    """Somebody of the cast says something in a group."""
    return {"type": "message", "ref": ref, "from": more.pop("user", None) or who(sender), "text": text, **more}


def whisper(ref: str, sender: str, text: str) -> dict[str, Any]:
    """Somebody of the cast writes to our account."""
    return {"type": "whisper", "ref": ref, "from": who(sender), "text": text}


def join(ref: str, member: str, name: str | None = None, **more: Any) -> dict[str, Any]:
    """Somebody comes into a group; ``role`` and ``card`` are theirs, ``via`` and ``inviter`` the way they came."""
    person = {key: more.pop(key) for key in ("role", "card") if key in more}
    return {"type": "join", "ref": ref, "user": who(member, name, **person), **more}


def leave(ref: str, member: str, **more: Any) -> dict[str, Any]:
    """Somebody goes out of a group; with ``operator`` they were taken out."""
    return {"type": "leave", "ref": ref, "user": who(member), **more}


def edit(ref: str, sender: str, of: str, text: str) -> dict[str, Any]:
    """Somebody replaces the words of an earlier message."""
    return {"type": "edit", "ref": ref, "from": who(sender), "of": of, "text": text}


def recall(ref: str, of: str, **more: Any) -> dict[str, Any]:
    """A message is withdrawn."""
    return {"type": "recall", "ref": ref, "of": of, **more}


def card(ref: str, member: str, text: str, **more: str) -> dict[str, Any]:
    """Somebody's group card is now this."""
    return {"type": "card", "ref": ref, "user": who(member, card=text, **more)}


def arrival(payload: Mapping[str, Any], group: str = "g1", at: datetime | None = None) -> Arrival:
    """A payload on its way in, as the sandbox's ``fetch`` hands it over; ``at`` is when it happened."""
    moment = at or clock.now()
    words = {**payload, "at": moment.isoformat(), "group": group}
    if payload["type"] == "whisper":
        return Arrival(key=payload["ref"], at=moment, payload=words, person_ref=payload["from"]["ref"])
    return Arrival(key=payload["ref"], at=moment, payload=words, group_ref=group)


def arrive(payloads: Iterable[Mapping[str, Any]], group: str = "g1", at: datetime | None = None) -> int:
    """Accepts payloads now; answers how many were new."""
    return do_accept_arrivals("sandbox", [arrival(one, group, at) for one in payloads], clock.now())


def told(now: datetime | None = None, roster: Sequence[Capability] = ROSTER) -> None:
    """Runs every loop at this moment until there is nothing left to do."""
    with clock_stands(now or clock.now()):
        for _ in range(AT_ONCE):
            if not loops.step(clock.now(), roster):
                return
    raise AssertionError("the loops do not come to rest")


def worked(now: datetime | None = None, roster: Sequence[Capability] = ROSTER) -> None:
    """Runs only the worker at this moment until nothing is due: told, but nothing delivered."""
    with clock_stands(now or clock.now()):
        for _ in range(AT_ONCE):
            if not worker.step(clock.now(), roster):
                return
    raise AssertionError("the worker does not come to rest")


def passed(begin: datetime, end: datetime, roster: Sequence[Capability] = ROSTER) -> None:
    """Lets time go by from due to due, as a drill does."""
    now = begin
    while True:
        told(now, roster)
        due = loops.next_due_after(now)
        if due is None or due > end:
            break
        now = due
    told(end, roster)


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC, as the tables hold it."""
    return moment.astimezone(UTC)


@contextmanager
def later(span: timedelta) -> Iterator[datetime]:
    """Within the block the clock stands that much later."""
    moment = clock.now() + span
    with clock_stands(moment):
        yield moment
