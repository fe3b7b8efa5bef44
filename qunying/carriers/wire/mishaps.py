"""What could not be understood or was refused: counted and shown, never thrown away unseen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from django.db import transaction

from qunying.carriers.wire.models import Mishap
from qunying.kernel.texts import mark
from qunying.store import rows

SAMPLE_LETTERS = 300
SHOWN_FOR = timedelta(days=7)
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "no_token": mark("没有带口令就来连"),
        "wrong_token": mark("口令不对"),
        "shared_token": mark("两条线路用了同一个口令，谁也没让进"),
        "wrong_account": mark("自称是别的账号"),
        "bad_signature": mark("签名不对"),
        "replayed": mark("同一份数据又送来一次"),
        "too_large": mark("数据太大"),
        "malformed": mark("数据读不懂"),
        "unknown_kind": mark("没见过的事件"),
        "encrypted": mark("加密的消息，读不到"),
        "late_answer": mark("回答来得太晚"),
        "gap": mark("中间有一段没听到"),
        "not_accepted": mark("被邀请进群，没有接受"),
        "partial_list": mark("成员名单不完整，没有当真"),
        "cannot_dial": mark("照地址连不过去"),
        "fault": mark("线路自己出错"),
        "group_gone": mark("账号不再在一个群里"),
        "awaits_person": mark("有人邀请账号进群或加它为好友，等人决定"),
    }
)


@dataclass(frozen=True, slots=True)
class Missed:
    """How often something went wrong on a day, and the latest of it."""

    line_id: int
    what: str
    day: date
    times: int
    last_at: datetime
    sample: str


def do_count_mishap(carrier: str, line_id: int, what: str, sample: str, at: datetime, times: int = 1) -> None:
    """One more of these today."""
    with transaction.atomic():
        row, _made = Mishap.objects.select_for_update().get_or_create(
            carrier=carrier, line_id=line_id, what=what, day=at.date(), defaults={"last_at": at, "times": 0}
        )
        row.times, row.last_at = row.times + times, at
        row.sample = sample[:SAMPLE_LETTERS].replace("\x00", "\ufffd")
        row.save(update_fields=["times", "last_at", "sample"])


def list_mishaps(line_id: int, now: datetime) -> list[Missed]:
    """What went wrong lately on a line, or (0) before anybody knew on which, the latest first."""
    found = Mishap.objects.filter(line_id=line_id, day__gte=(now - SHOWN_FOR).date()).order_by("-last_at")
    columns = ("line_id", "what", "day", "times", "last_at", "sample")
    return [Missed(*row) for row in rows.read(found, columns)]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of mishap on one line within ``SHOWN_FOR``: how often, when last and what then."""

    carrier: str
    line_id: int
    what: str
    times: int
    last_at: datetime
    sample: str

    @property
    def words(self) -> str:
        """What it is called; a marked text, or the code of one that a later version no longer knows."""
        return WORDS.get(self.what, self.what)


def list_troubles(now: datetime, line_ids: Collection[int] | None = None) -> list[Trouble]:
    """What went wrong lately on these lines (None: on all; 0 is before anybody knew on which), the latest first."""
    days = Mishap.objects.filter(day__gte=(now - SHOWN_FOR).date()).order_by("last_at", "id")
    if line_ids is not None:
        days = days.filter(line_id__in=set(line_ids))
    found: dict[tuple[str, int, str], Trouble] = {}
    for carrier, line_id, what, times, last_at, sample in days.values_list(
        "carrier", "line_id", "what", "times", "last_at", "sample"
    ):
        before = found.pop((carrier, line_id, what), None)  # the latest moves to the end
        times += before.times if before else 0
        found[carrier, line_id, what] = Trouble(carrier, line_id, what, times, last_at, sample)
    return list(reversed(found.values()))


def do_forget_mishaps(before: datetime) -> int:
    """Removes what is older."""
    return Mishap.objects.filter(day__lt=before.date()).delete()[0]
