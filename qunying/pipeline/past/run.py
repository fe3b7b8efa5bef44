"""Reads one import run to its end, in batches that can be interrupted anywhere: killed and started again, it gives the
same result as if it had never been stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from qunying.carriers.files.discovery import read_job
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import ChatStarts, Record, Skipped
from qunying.communities.actions import NewGroup, do_hold_group, do_register_group, do_rename_group
from qunying.communities.queries import GroupInfo, find_group_by_name, get_community, infos_of_groups
from qunying.journal.actions import do_record_facts
from qunying.kernel import clock
from qunying.kernel.errors import BadUse, QunyingError
from qunying.kernel.facts import Fact
from qunying.people.actions import do_see_who_is_back
from qunying.pipeline.models import ImportRun, SkippedLine
from qunying.pipeline.past.chat import NAMED_ONLY, Chat
from qunying.pipeline.past.plan import Plan, Reading, make_plan
from qunying.pipeline.past.tally import Tally
from qunying.pipeline.past.uploads import do_forget_upload

BATCH = 2000
LEASE = timedelta(seconds=60)
SKIPPED_KEPT = 10_000

Watch = Callable[[ImportRun, Tally], None]


class Stopped(QunyingError):
    """The run was paused or dropped by a person, or taken over by another worker, while it was read."""


@dataclass
class Progress:
    """Where a reading of a run stands."""

    run: ImportRun
    tally: Tally
    zone: ZoneInfo
    watch: Watch
    passed: int = 0  # records seen, including those kept before an interruption
    chats: dict[int, Chat] = field(default_factory=dict)
    chat_names: list[str] = field(default_factory=list)
    skipped: list[SkippedLine] = field(default_factory=list)
    began: float = 0.0
    bytes_before: int = 0  # of the files that were read to their end


def do_run(run_id: int, watch: Watch = lambda run, tally: None) -> ImportRun:
    """Reads a run to its end, calling ``watch`` after every batch. Raises ``Stopped``, or ``BadUse`` for unreadable files."""
    run = _do_take(run_id)
    progress = Progress(run, Tally.of_words(run.tally), _zone(run), watch, began=time.monotonic() - run.seconds)
    try:
        plan = _plan(run)
        _do_note_plan(run, plan)
        for reading in plan.readings:
            _do_read(progress, reading)
        _do_end(progress, plan)
    except Stopped:
        raise
    except Exception as error:
        ImportRun.objects.filter(pk=run.pk, state="running").update(
            state="failed", error=f"{error}"[:2000], leased_until=None
        )
        raise
    return run


def _do_take(run_id: int) -> ImportRun:
    """Nobody else reads this run while we keep renewing the lease."""
    now = clock.now()
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.state == "running" and run.leased_until and run.leased_until > now:
            raise Stopped("这次导入正在别处进行")
        run.state, run.leased_until, run.error = "running", now + LEASE, ""
        run.started_at = run.started_at or now
        run.save(update_fields=["state", "leased_until", "started_at", "error"])
    return run


def _zone(run: ImportRun) -> ZoneInfo:
    return ZoneInfo(run.choices["timezone"] or get_community(run.community_id).timezone)


def _plan(run: ImportRun) -> Plan:
    given = Choices(date_order=run.choices["date_order"], columns=dict(run.choices["columns"]))
    return make_plan([Path(path) for path in run.paths], format_name=run.choices["format"] or None, choices=given)


def _do_note_plan(run: ImportRun, plan: Plan) -> None:
    run.bytes_total = sum(reading.job.size for reading in plan.readings)
    run.files = [
        {
            "name": reading.job.name,
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
    run.save(update_fields=["bytes_total", "files"])


def _do_read(progress: Progress, reading: Reading) -> None:
    chat: Chat | None = None
    starts = ChatStarts(name="")
    for part in _batches(read_job(reading.job, reading.choices)):
        if isinstance(part, ChatStarts):
            starts, chat = part, None
            progress.passed += 1
            continue
        records, fresh = part, part[max(0, progress.run.position - progress.passed) :]
        progress.passed += len(records)
        if chat is None and not _is_left_out(starts):
            chat = _chat(progress, starts)
        if chat is not None:
            chat.number_all(records[: len(records) - len(fresh)])
        if fresh:
            _do_keep_batch(progress, chat, fresh, reading, progress.bytes_before + reading.job.position)
    progress.bytes_before += reading.job.size


def _is_left_out(starts: ChatStarts) -> bool:
    """Private chats among many are nobody's business here; a file that is one chat was chosen by whoever imports it."""
    return starts.is_private and starts.is_one_of_many


def _batches(records: Iterator[Record]) -> Iterator[ChatStarts | list[Record]]:
    """Batches of one chat's records, broken where another chat begins."""
    batch: list[Record] = []
    for record in records:
        if isinstance(record, ChatStarts):
            if batch:
                yield batch
                batch = []
            yield record
            continue
        batch.append(record)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _do_keep_batch(
    progress: Progress, chat: Chat | None, records: Sequence[Record], reading: Reading, position: int
) -> None:
    skipped = [record for record in records if isinstance(record, Skipped)]
    with transaction.atomic():
        _check_still_ours(progress.run)
        if chat is None:
            skipped = [Skipped(reason="private_chat", place=one.place) for one in records]
        else:
            do_hold_group(chat.group.id)
            chat.do_keep(records)
        _do_keep_skipped(progress, skipped, reading.job.name)
        _do_save(progress, position)
    progress.watch(progress.run, progress.tally)


def _check_still_ours(run: ImportRun) -> None:
    state = ImportRun.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk)
    if state != "running":
        raise Stopped({"paused": "歇下了", "dropped": "不导了"}.get(state, state))


def _do_keep_skipped(progress: Progress, skipped: Sequence[Skipped], file: str) -> None:
    kept = sum(count for count, _ in progress.tally.skipped.values())
    for record in skipped:
        progress.tally.skip(record.reason, record.sample)
    SkippedLine.objects.bulk_create(
        [
            SkippedLine(run=progress.run, file=file[:200], place=one.place, reason=one.reason, sample=one.sample[:240])
            for one in skipped[: max(0, SKIPPED_KEPT - kept)]
        ]
    )


def _do_save(progress: Progress, position: int) -> None:
    run = progress.run
    run.position, run.bytes_read = progress.passed, position
    run.tally, run.seconds = progress.tally.words(), time.monotonic() - progress.began
    run.leased_until = clock.now() + LEASE
    run.save(update_fields=["position", "bytes_read", "tally", "seconds", "leased_until"])


def _chat(progress: Progress, starts: ChatStarts) -> Chat:
    group = _group_for(progress, starts)
    chat = progress.chats.get(group.id)
    if chat is None:
        chat = Chat(group, starts.platform, progress.zone, progress.run.pk, progress.tally)
        progress.chats[group.id] = chat
    return chat


def _group_for(progress: Progress, starts: ChatStarts) -> GroupInfo:
    """The run's group. Where an export turns out to hold several chats, each gets a group named after both."""
    run, own = progress.run, starts.name or starts.ref
    several = f"{run.group_name} / {own}"[:200] if own else run.group_name
    found = find_group_by_name(several)
    if found is not None:
        progress.chat_names.append(own)
        return found
    if own in progress.chat_names or not progress.chat_names:
        progress.chat_names.append(own)
        return find_group_by_name(run.group_name) or _do_register(run, starts, run.group_name)
    _do_rename_first(progress)
    progress.chat_names.append(own)
    return _do_register(run, starts, several)


def _do_rename_first(progress: Progress) -> None:
    """The first chat of several was taken for the only one."""
    run, first = progress.run, progress.chat_names[0]
    if len(progress.chat_names) == 1 and first and (group := find_group_by_name(run.group_name)):
        do_rename_group(group.id, f"{run.group_name} / {first}"[:200])


def _do_register(run: ImportRun, starts: ChatStarts, name: str) -> GroupInfo:
    ref = f"import:{name}"[:128]
    new = NewGroup(carrier=starts.platform or NAMED_ONLY, ref=ref, carrier_name=name[:200])
    group_id = do_register_group(run.community_id, new, at=clock.now(), actor=f"import:{run.pk}")
    return infos_of_groups([group_id])[group_id]


def _do_end(progress: Progress, plan: Plan) -> None:
    run, now = progress.run, clock.now()
    with transaction.atomic():
        _check_still_ours(run)
        for name, skipped in plan.left_out:
            progress.tally.skip(skipped.reason, name)
        _do_save(progress, run.bytes_total)
        run.state, run.finished_at, run.leased_until = "done", now, None
        run.save(update_fields=["state", "finished_at", "leased_until"])
        for chat in progress.chats.values():
            do_see_who_is_back(chat.group.id)
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
    if not ImportRun.objects.filter(pk=run_id, state__in=("waiting", "running")).update(state="paused", leased_until=None):
        raise BadUse("这次导入已经结束了")


def do_resume_run(run_id: int) -> None:
    """Lets a rested or failed run go on. Raises ``BadUse`` where it is neither."""
    if not ImportRun.objects.filter(pk=run_id, state__in=("paused", "failed")).update(state="waiting"):
        raise BadUse("这次导入没有停着")


def do_drop_run(run_id: int) -> None:
    """Ends a run for good. What it has kept stays; files handed over for it go. Raises ``BadUse`` where it is over."""
    alive = ImportRun.objects.filter(pk=run_id, state__in=("waiting", "running", "paused", "failed"))
    if not alive.update(state="dropped", leased_until=None, finished_at=clock.now()):
        raise BadUse("这次导入已经结束了")
    do_forget_upload(ImportRun.objects.get(pk=run_id))


def step(now: datetime) -> int:
    """Reads the next waiting (or abandoned) run to its end; answers 1 when there was one."""
    waiting = ImportRun.objects.filter(state="waiting") | ImportRun.objects.filter(state="running", leased_until__lte=now)
    run_id = waiting.order_by("id").values_list("pk", flat=True).first()
    if run_id is None:
        return 0
    try:
        do_forget_upload(do_run(run_id))
    except QunyingError:
        pass  # written beside the run and shown there
    return 1
