"""What a year of a large installation leaves behind: the journal with its seals, the outbox, welcomes, work for people."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.seed import Seats, Size

SEALED_AT_ONCE = 1000
DAY = timedelta(days=1)
FACT = ["id", "key", "name", "at", "recorded_at", "community_id", "group_id", "identity_id", "message_key", "actor"]
ITEM = ["id", "key", "community_id", "group_id", "carrier", "kind", "payload", "is_urgent", "is_reply", "state"]
ITEM += ["capability", "reason_code", "reason_params", "cause_key", "queued_at", "next_attempt_at", "expires_at"]
RUN = ["community_id", "group_name", "title", "paths", "is_upload", "fingerprint", "choices", "state", "error"]
RUN += ["created_at", "started_at", "finished_at", "position", "bytes_read", "bytes_total", "seconds", "tally", "files"]
INCIDENT = ["id", "community_id", "group_id", "key", "cause_key", "kind", "severity", "owner_ref", "owner_name"]
INCIDENT += ["closing_words"]
REASON = "onboarding.waits_with_others"
FEW = {
    "mode.changed": 3_000,
    "settings.changed": 3_000,
    "task.opened": 2_500,
    "task.done": 2_000,
    "card.changed": 9_000,
}
OPEN = 200
DONE = 2_000
WORDS = 70_000

Told = tuple[datetime, str, int, int, int, str, dict[str, object]]


def seed_journal(seats: Seats, now: datetime, rng: random.Random) -> None:
    """Facts in the order of their time, each joining with its decision and its welcome; sealed but for the latest."""
    from qunying.journal.models import Fact, Seal
    from qunying.store import rows

    told = sorted(_told(seats, now, rng), key=lambda one: one[0])
    seals: dict[tuple[int, int], int] = {}
    counts: Counter[int] = Counter()
    lines = []
    for pk, (at, name, home, group, who, actor, words) in enumerate(told, 1):
        link = (home, counts[home] // SEALED_AT_ONCE + 1)
        counts[home] += 1
        seal = seals.setdefault(link, len(seals) + 1) if at < now - DAY else None
        fact = (pk, f"{name}:{pk}", name, at, at, home, group, who, "", actor)
        lines.append((*fact, words, "", "", "d" * 64, seal))
    rows.insert(
        Seal,
        ["id", "community_id", "number", "sealed_at", "count", "digest"],
        [(pk, home, number, now, SEALED_AT_ONCE, "e" * 64) for (home, number), pk in seals.items()],
    )
    rows.insert(Fact, [*FACT, "words", "salt", "personal_digest", "digest", "seal_id"], lines)


def _told(seats: Seats, now: datetime, rng: random.Random) -> Iterator[Told]:
    opinion = {"capability": "onboarding", "reason": REASON, "params": {"name": "安安", "count": 3}, "confidence": 1.0}
    decided: dict[str, object] = {"event": "MemberJoined", "opinions": [{**opinion, "effects": []}], "acts": []}
    for (home, group), who, at, left in zip(seats.homes, seats.holders, seats.joined, seats.left, strict=True):
        yield at, "member.joined", home, group, who, "system", {"via": "qr"}
        yield at, "decision.made", home, group, who, "system", decided
        yield at + timedelta(minutes=3), "effect.sent", home, group, who, "system", {"kind": "Say"}
        if left is not None:
            yield left, "member.left", home, group, who, "system", {}
    for name, count in FEW.items():
        for _ in range(count):
            home, group = rng.choice(seats.homes)
            at = now - timedelta(seconds=rng.randrange(365 * 86_400))
            words: dict[str, object] = {"capability": "onboarding", "fields": ["hello"], "kind": "by_hand"}
            yield at, name, home, group, rng.choice(seats.holders), "user:1", words


def seed_work(size: Size, seats: Seats, now: datetime, rng: random.Random) -> None:
    """Welcomes sent over the year, a few still on their way, tasks and cases, failed envelopes, imports."""
    from qunying.capabilities.onboarding.models import Newcomer
    from qunying.store import rows

    _seed_outbox(seats, now, rng)
    _seed_tasks(seats, now, rng)
    _seed_imports(size, now)
    _seed_incidents(seats, now, rng)
    _seed_lists(seats, now)
    rows.insert(
        Newcomer,
        ["group_id", "identity_id", "state", "name", "joined_at", "greeted_at"],
        (
            _newcomer(group, who, at, is_waiting=now - at < timedelta(hours=2))
            for (_home, group), who, at in zip(seats.homes, seats.holders, seats.joined, strict=True)
        ),
    )


def _newcomer(group: int, who: int, at: datetime, *, is_waiting: bool) -> tuple[object, ...]:
    if is_waiting:
        return group, who, "waiting", "安安", at, None
    return group, who, "greeted", "", at, at + timedelta(minutes=3)


def _seed_outbox(seats: Seats, now: datetime, rng: random.Random) -> None:
    from qunying.outbox.models import OutboxItem
    from qunying.store import rows

    states = ["waiting", "needs_approval", "unknown", "failed", "cancelled"]
    moments = sorted(now - timedelta(seconds=rng.randrange(365 * 86_400)) for _ in range(len(seats) // 3))
    lines = []
    for pk, at in enumerate(moments, 1):
        home, group = rng.choice(seats.homes)
        is_late = pk > len(moments) - OPEN
        state = states[pk % 5] if is_late else "sent"
        payload = {"group_id": group, "text": "欢迎安安、陈晨！先看看群公告", "mentions": []}
        due = now if state == "waiting" else None
        what = (f"w{pk}", home, group, "sandbox", "Say", payload, False, False, state, "onboarding", REASON)
        when = ({"name": "安安", "count": 3}, f"c{pk}", at, due, now + DAY, at, None if is_late else at, "", "", 1)
        lines.append((pk, *what, *when))
    rows.insert(
        OutboxItem,
        [*ITEM, "tried_at", "finished_at", "result_ref", "error", "attempts"],
        lines,
    )


def _seed_tasks(seats: Seats, now: datetime, rng: random.Random) -> None:
    from qunying.desk.models import Case, Task
    from qunying.intake.models import Envelope, Lane
    from qunying.store import rows

    places = [rng.choice(seats.homes) for _ in range(OPEN + DONE)]
    rows.insert(
        Task,
        ["key", "community_id", "group_id", "kind", "title", "details", "assigned", "opened_at", "state", "done_at"],
        [
            (f"t{n}", home, group, "by_hand", f"到群里补一句欢迎 {n}", "", "", *_state(n, now))
            for n, (home, group) in enumerate(places)
        ],
    )
    rows.insert(
        Case,
        ["key", "community_id", "group_id", "message_key", "kind", "state", "opened_at"],
        [
            (f"c{n}", home, group, "", "approval", "open" if n < OPEN else "approved", now - n * DAY / 50)
            for n, (home, group) in enumerate(places)
        ],
    )
    groups = {group: home for home, group in seats.homes}
    rows.insert(
        Lane,
        ["id", "key", "community_id", "group_id", "leased_by"],
        [(group, f"group:{group}", home, group, "") for group, home in groups.items()],
    )
    rows.insert(
        Envelope,
        ["lane_id", "key", "carrier", "at", "accepted_at", "payload", "state", "error"],
        [
            (group, f"e{n}", "sandbox", now, now, {}, "failed" if n < 20 else "done", "ValueError" if n < 20 else "")
            for n, (_home, group) in enumerate(places * 20)
        ],
    )


def _seed_incidents(seats: Seats, now: datetime, rng: random.Random) -> None:
    """Quarrels of three people each, the first of them still open, each with a task."""
    from qunying.capabilities.incidents.models import Incident, Moment
    from qunying.store import rows

    places = [rng.choice(seats.homes) for _ in range(OPEN + DONE)]
    rows.insert(
        Incident,
        [*INCIDENT, "opened_at", "closed_at"],
        [
            (n + 1, home, group, f"q{n}", f"c{n}", "quarrel", "high", "", "", "", at, None if n < OPEN else now)
            for n, (home, group) in enumerate(places)
            for at in [now - n * DAY / 50]
        ],
    )
    rows.insert(
        Moment,
        ["incident_id", "key", "at", "kind", "member_id", "params", "message_key", "text"],
        [
            (n + 1, f"{kind}{place}", now - n * DAY / 50, kind, member, {"task": f"t{n}"}, "", "")
            for n in range(len(places))
            for place, kind in enumerate(("found", "member", "member", "member", "task"))
            for member in [rng.choice(seats.holders) if kind == "member" else None]
        ],
    )


def _seed_lists(seats: Seats, now: datetime) -> None:
    """A list of seventy thousand words of the first community, some of which were found."""
    from qunying.capabilities.order.models import WordFound, WordList
    from qunying.store import rows

    words = "".join(f"词{n},substring,block\n" for n in range(WORDS))
    kept = ["id", "community_id", "title", "does", "groups", "words", "words_before", "size", "stamp", "is_on"]
    row = (1, seats.homes[0][0], "禁词", "delete", [], f"word,way,kind\n{words}", "", WORDS, "a", True)
    rows.insert(WordList, [*kept, "on_since", "changed_at"], [(*row, now - 100 * DAY, now)])
    found = [(1, f"词{n * 7}", n + 1, now - n * DAY / 50) for n in range(DONE)]
    rows.insert(WordFound, ["wordlist_id", "word", "times", "last_at"], found)


def _state(number: int, now: datetime) -> tuple[datetime, str, datetime | None]:
    opened = now - number * DAY / 50
    return (opened, "open", None) if number < OPEN else (opened, "done", now)


def _seed_imports(size: Size, now: datetime) -> None:
    from qunying.pipeline.models import ImportRun
    from qunying.store import rows

    lines: list[tuple[object, ...]] = []
    for n in range(60):
        at, home = now - n * DAY, 1 + n % size.communities
        done: tuple[object, ...] = (at, at, at, 1000, 10**6, 10**6, 3.0, {}, [])
        lines.append((home, f"旧群 {n}", f"旧群{n}.txt", [], True, f"f{n}", {}, "done", "", *done))
    rows.insert(ImportRun, RUN, lines)
