"""Looks at an installation and says what it finds. Looks only: nothing is made, mended or sent."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from qunying.insights.lake import oldest_flush, rows_outside
from qunying.insights.parts import lake_folder, named_files
from qunying.insights.rendering.fonts import bundled_folder, find_fonts
from qunying.intake.queries import count_failed_envelopes, count_waiting, find_oldest_waiting
from qunying.journal.queries import count_sealed, find_flaws
from qunying.kernel.errors import QunyingError
from qunying.kernel.texts import Sentence, mark
from qunying.outbox.queries import count_open
from qunying.runners.alone import find_holder
from qunying.runners.home import applied, is_current, refuse_newer

MEGABYTE = 2**20
ROOM_NEEDED, ROOM_WISHED = 100 * MEGABYTE, 1024 * MEGABYTE
LATE_SECONDS = 600
LAKE_LATE_SECONDS = 3600


class State(StrEnum):
    """How a finding is: in order, worth a look, or broken."""

    OK = "ok"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    said: Sentence


Look = Callable[[datetime], Finding]


def examine(now: datetime) -> Iterator[Finding]:
    """Everything, in an order in which the first broken thing explains the later ones."""
    for look in (_python, _home, _disk, _time_zones, _fonts, _bundle):
        yield _seen(look, now)
    database = _seen(_database, now)
    yield database
    if database.state is State.OK:
        for look in (_queues, _effects, _lake, _chain):
            yield _seen(look, now)


def _seen(look: Look, now: datetime) -> Finding:
    """A look that fails has found something."""
    try:
        return look(now)
    except QunyingError as error:
        return Finding(look.__name__.strip("_"), State.BROKEN, error.sentence)
    except Exception as error:  # noqa: BLE001 - goes_together it is, it is the finding
        words = " ".join(f"{type(error).__name__}: {error}".split())
        return Finding(look.__name__.strip("_"), State.BROKEN, Sentence(mark("看不了：%(why)s"), {"why": words}))


def _found(name: str, state: State, template: str, **values: Any) -> Finding:
    return Finding(name, state, Sentence(template, values))


def _python(now: datetime) -> Finding:
    return _found("python", State.OK, mark("Python %(version)s"), version=platform.python_version())


def _home(now: datetime) -> Finding:
    home = Path(settings.HOME)
    holder = find_holder(home)
    if holder:
        return _found("home", State.OK, mark("%(home)s，在跑：%(who)s"), home=str(home), who=holder)
    return _found("home", State.OK, mark("%(home)s，没有在跑"), home=str(home))


def _disk(now: datetime) -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    state = State.BROKEN if free < ROOM_NEEDED else State.LOOK if free < ROOM_WISHED else State.OK
    return _found("disk", state, mark("磁盘还有 %(free)s MB"), free=free // MEGABYTE)


def _time_zones(now: datetime) -> Finding:
    return _found("time_zones", State.OK, mark("时区数据在：%(zone)s"), zone=ZoneInfo(settings.TIME_ZONE).key)


def _fonts(now: datetime) -> Finding:
    try:
        find_fonts()
    except QunyingError as error:  # only the report's picture needs one
        return Finding("fonts", State.LOOK, error.sentence)
    return _found("fonts", State.OK, mark("有能画中文的字体"))


def _bundle(now: datetime) -> Finding:
    missing = [name for name in ("app.js", "plots.js") if not (bundled_folder().parent / name).is_file()]
    if missing:
        node = shutil.which("node") or "–"
        return _found(
            "bundle", State.BROKEN, mark("控制台的脚本没有构建（Node：%(node)s）；运行 make setup"), node=node
        )
    return _found("bundle", State.OK, mark("控制台的脚本在"))


def _database(now: datetime) -> Finding:
    place = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not Path(place).exists():
        return _found("database", State.LOOK, mark("还没有数据库；qunying up 会建一个"))
    refuse_newer(applied())
    if not is_current():
        return _found("database", State.LOOK, mark("数据库还是上一个版本的样子；下一次启动会升级"))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            answer = cursor.fetchone()[0]
        if answer != "ok":
            return _found("database", State.BROKEN, mark("数据库文件坏了：%(why)s；用备份恢复"), why=answer)
    return _found("database", State.OK, mark("数据库连得上，结构是这个版本的（%(vendor)s）"), vendor=connection.vendor)


def _queues(now: datetime) -> Finding:
    waiting, failed, oldest = count_waiting(), count_failed_envelopes(), find_oldest_waiting()
    is_late = oldest is not None and (now - oldest).total_seconds() > LATE_SECONDS and find_holder(Path(settings.HOME))
    state = State.LOOK if failed or is_late else State.OK
    return _found(
        "queues", state, mark("等着处理 %(waiting)s 件，处理不了 %(failed)s 件"), waiting=waiting, failed=failed
    )


def _effects(now: datetime) -> Finding:
    counts = count_open(None)
    state = State.LOOK if counts["unknown"] else State.OK
    told = mark("等着发 %(waiting)s 件，等人同意 %(needs_approval)s 件，不知发没发出 %(unknown)s 件")
    return _found("effects", state, told, **counts)


def _lake(now: datetime) -> Finding:
    folder = lake_folder()
    gone = sum(not (folder / path).is_file() for path in named_files())
    if gone:
        return _found("lake", State.BROKEN, mark("数据湖少了 %(gone)s 个文件；用备份恢复"), gone=gone)
    waiting, flushed = rows_outside(), oldest_flush()
    is_late = waiting and flushed is not None and (now - flushed).total_seconds() > LAKE_LATE_SECONDS
    is_late = is_late and find_holder(Path(settings.HOME)) is not None  # while nothing runs, nothing is late
    return _found("lake", State.LOOK if is_late else State.OK, mark("还有 %(waiting)s 行没进数据湖"), waiting=waiting)


def _chain(now: datetime) -> Finding:
    flaws = sum(1 for _ in find_flaws())
    sealed, waiting = count_sealed()
    if flaws:
        return _found(
            "journal", State.BROKEN, mark("日志的链有 %(flaws)s 处不对；qunying audit verify 列出来"), flaws=flaws
        )
    return _found(
        "journal", State.OK, mark("日志的链完整：%(sealed)s 条已封，%(waiting)s 条待封"), sealed=sealed, waiting=waiting
    )
