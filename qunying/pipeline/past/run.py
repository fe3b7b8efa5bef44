"""Reads one import run to its end, in batches that can be interrupted anywhere: killed and started again, it gives the
same result as if it had never been stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction

from qunying.carriers.files.beside import read_in_batches
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import ChatStarts, Record, Skipped
from qunying.communities.actions import do_hold_group
from qunying.communities.queries import get_community, infos_of_groups
from qunying.journal.actions import do_record_facts
from qunying.kernel import clock
from qunying.kernel.errors import BadUse, QunyingError, keepable
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.actions import Account, do_see_who_is_back
from qunying.people.ladder import do_ask_to_count
from qunying.pipeline.models import ImportRun, SkippedLine
from qunying.pipeline.past.chat import Chat
from qunying.pipeline.past.keys import storable
from qunying.pipeline.past.lease import Stopped, do_let_go, do_renew, do_stay, do_take
from qunying.pipeline.past.namebook import book_of
from qunying.pipeline.past.places import Family, do_place_chat
from qunying.pipeline.past.plan import Plan, Reading, make_plan
from qunying.pipeline.past.reading import do_queue
from qunying.pipeline.past.tally import Tally
from qunying.pipeline.past.uploads import do_forget_upload
from qunying.store.rows import take_room

BATCH = 5000
SKIPPED_KEPT = 10_000

Watch = Callable[[ImportRun, Tally], None]


@dataclass
class Progress:
    """Where a reading of a run stands."""

    run: ImportRun
    tally: Tally
    zone: ZoneInfo
    watch: Watch
    family: Family
    passed: int = 0  # records seen, including those kept before an interruption
    chats: dict[tuple[int, str], Chat] = field(default_factory=dict)
    counted: set[Account] = field(default_factory=set)
    began: float = 0.0
    bytes_before: int = 0  # of the files that were read to their end


@dataclass
class Place:
    """Which chat of a file the reading is in; ``chat`` is found when it says something that is kept."""

    starts: ChatStarts = field(default_factory=lambda: ChatStarts(name=""))
    chat: Chat | None = None
    is_left_out: bool = False

    def enter(self, starts: ChatStarts) -> None:
        """Private chats among many are nobody's business; a file that is one chat was chosen by whoever imports it."""
        self.starts, self.chat = starts, None
        self.is_left_out = starts.is_private and starts.is_one_of_many


def do_run(run_id: int, watch: Watch = lambda run, tally: None, plan: Plan | None = None) -> ImportRun:
    """Reads a run to its end, calling ``watch`` after every batch; ``plan`` saves making it again.

    Raises ``Stopped``, ``BadUse`` for unreadable files, ``QunyingError`` where the disk or the database fails: what was
    kept so far stays, and starting again goes on there.
    """
    run = do_take(run_id)
    take_room()
    family = Family(run.group_name)
    progress = Progress(run, Tally.of_words(run.tally), _zone(run), watch, family, began=time.monotonic() - run.seconds)
    try:
        _do_read_all(progress, plan or _plan(run))
    except Stopped:
        raise
    except KeyboardInterrupt:
        do_let_go(run, "paused", "")
        raise
    except (OSError, DatabaseError) as error:
        do_let_go(run, "failed", f"{error}")
        raise QunyingError(
            mark("读到第 %(n)s 条时停下了：%(error)s。再导一次会从这里接着读"), n=run.position, error=str(error)
        ) from error
    except Exception as error:
        do_let_go(run, "failed", keepable(error))
        raise
    return run


def _do_read_all(progress: Progress, plan: Plan) -> None:
    _do_note_plan(progress.run, plan)
    for reading in plan.readings:
        _do_read(progress, reading)
    _do_end(progress, plan)


def _zone(run: ImportRun) -> ZoneInfo:
    return ZoneInfo(run.choices["timezone"] or get_community(run.community_id).timezone)


def _plan(run: ImportRun) -> Plan:
    given = Choices(date_order=run.choices["date_order"], columns=dict(run.choices["columns"]))
    return make_plan([Path(path) for path in run.paths], format_name=run.choices["format"] or None, choices=given)


def _do_note_plan(run: ImportRun, plan: Plan) -> None:
    run.bytes_total = sum(reading.job.size for reading in plan.readings)
    run.files = [
        {
            "name": storable(reading.job.name),
            "format": reading.job.format.name,
            "title": reading.job.format.title,
            "encoding": reading.job.encoding,
            "date_order": reading.choices.date_order,
            "is_date_order_certain": reading.choices.is_date_order_certain,
            "needs_zone": reading.needs_zone,
            "size": reading.job.size,
        }
        for reading in plan.readings
    ]
    with transaction.atomic():
        do_renew(run)
        run.save(update_fields=["bytes_total", "files"])


def _do_read(progress: Progress, reading: Reading) -> None:
    place, run = Place(), progress.run
    for one in progress.chats.values():
        one.begin_file()
    book = book_of(reading.job, reading.choices)
    with read_in_batches(reading.job, reading.choices, BATCH) as batches:
        for read, position in batches:
            batch = book.resolved(read)
            known = min(len(batch), max(0, run.position - progress.passed))
            progress.passed += len(batch)
            for chat, records in _deal(progress, place, batch[:known]):
                if chat is not None:
                    chat.number_all(records)
            if known == len(batch):
                do_stay(run)
                continue
            shares = _deal(progress, place, batch[known:])
            _do_keep_batch(progress, shares, reading.job.name, progress.bytes_before + position)
    progress.bytes_before += reading.job.size


def _deal(progress: Progress, place: Place, batch: Sequence[Record]) -> list[tuple[Chat | None, list[Record]]]:
    """The records of each chat, in order; those of no chat of ours (left out, or unreadable before the first) under None."""
    shares: dict[int, tuple[Chat | None, list[Record]]] = {}
    share: list[Record] | None = None
    for record in batch:
        if isinstance(record, ChatStarts):
            place.enter(record)
            share = None
            continue
        if place.is_left_out:
            record = Skipped(reason="private_chat", place=record.place)
        elif place.chat is None and not isinstance(record, Skipped):
            place.chat, share = _do_find_chat(progress, place.starts), None
        if share is None:
            share = shares.setdefault(id(place.chat), (place.chat, []))[1]
        share.append(record)
    return list(shares.values())


def _do_find_chat(progress: Progress, starts: ChatStarts) -> Chat:
    group = do_place_chat(progress.run, progress.family, starts, progress.tally)
    chat = progress.chats.get((group.id, starts.platform))
    if chat is None:
        others = infos_of_groups(pk for pk, _ in progress.chats)  # one of them may have just been renamed
        for (pk, _), other in progress.chats.items():
            other.group = others[pk]
        chat = Chat(group, starts.platform, progress.zone, progress.run.pk, progress.tally, progress.counted)
        progress.chats[(group.id, starts.platform)] = chat
    return chat


def _do_keep_batch(
    progress: Progress, shares: Sequence[tuple[Chat | None, list[Record]]], file: str, position: int
) -> None:
    with transaction.atomic():
        do_renew(progress.run)
        for group_id in sorted({chat.group.id for chat, _ in shares if chat is not None}):
            do_hold_group(group_id)
        for chat, records in shares:
            if chat is not None:
                chat.do_keep(records)
            _do_keep_skipped(progress, [record for record in records if isinstance(record, Skipped)], file)
        _do_save(progress, position)
    progress.watch(progress.run, progress.tally)


def _do_keep_skipped(progress: Progress, skipped: Sequence[Skipped], file: str) -> None:
    kept = sum(count for count, _ in progress.tally.skipped.values())
    for record in skipped:
        progress.tally.skip(record.reason, storable(record.sample))
    SkippedLine.objects.bulk_create(
        [
            SkippedLine(
                run=progress.run,
                file=storable(file)[:200],
                place=one.place,
                reason=one.reason,
                sample=storable(one.sample)[:240],
            )
            for one in skipped[: max(0, SKIPPED_KEPT - kept)]
        ]
    )


def _do_save(progress: Progress, position: int) -> None:
    run = progress.run
    run.position, run.bytes_read = progress.passed, position
    run.tally, run.seconds = progress.tally.words(), time.monotonic() - progress.began
    run.save(update_fields=["position", "bytes_read", "tally", "seconds"])


def _do_end(progress: Progress, plan: Plan) -> None:
    run, now = progress.run, clock.now()
    with transaction.atomic():
        do_renew(run)
        for name, skipped in plan.left_out:
            progress.tally.skip(skipped.reason, storable(name))
        _do_save(progress, run.bytes_total)
        run.state, run.finished_at, run.leased_until = "done", now, None
        run.save(update_fields=["state", "finished_at", "leased_until"])
        groups = {pk for pk, _ in progress.chats}
        for group_id in groups:
            do_see_who_is_back(group_id)
        do_queue(groups, now)
        if run.community_id is not None:
            do_ask_to_count(run.community_id, now)
        words = {"run": run.pk, "messages": progress.tally.messages, "duplicates": progress.tally.duplicates}
        actor = f"user:{run.user_id}" if run.user_id else "system"
        fact = Fact(
            name="import.finished",
            at=now,
            community_id=run.community_id,
            key=f"import.finished:{run.pk}:{run.position}",
            actor=actor,
            words=words,
        )
        do_record_facts([fact])


def do_pause_run(run_id: int) -> None:
    """Lets a run rest; it can go on later. Raises ``BadUse`` where it is over."""
    if not ImportRun.objects.filter(pk=run_id, state__in=("waiting", "running")).update(
        state="paused", leased_until=None
    ):
        raise BadUse(mark("这次导入已经结束了"))


def do_resume_run(run_id: int) -> None:
    """Lets a rested or failed run go on. Raises ``BadUse`` where it is neither."""
    if not ImportRun.objects.filter(pk=run_id, state__in=("paused", "failed")).update(state="waiting"):
        raise BadUse(mark("这次导入没有停着"))


def do_drop_run(run_id: int) -> None:
    """Ends a run for good. What it has kept stays; files handed over for it go. Raises ``BadUse`` where it is over."""
    alive = ImportRun.objects.filter(pk=run_id, state__in=("waiting", "running", "paused", "failed"))
    if not alive.update(state="dropped", leased_until=None, finished_at=clock.now()):
        raise BadUse(mark("这次导入已经结束了"))
    do_forget_upload(ImportRun.objects.get(pk=run_id))


def step(now: datetime) -> int:
    """Reads the next waiting (or abandoned) run to its end; answers 1 when there was one."""
    waiting = ImportRun.objects.filter(state="waiting") | ImportRun.objects.filter(
        state="running", leased_until__lte=now
    )
    run_id = waiting.order_by("id").values_list("pk", flat=True).first()
    if run_id is None:
        return 0
    with suppress(QunyingError):  # written beside the run and shown there
        do_forget_upload(do_run(run_id))
    return 1
