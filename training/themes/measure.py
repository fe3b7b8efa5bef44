"""How well what rises is found, and how steady it is from day to day; the same for every way of finding it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import mean

from sklearn.metrics import adjusted_rand_score

from qunying.judgement.themes import Line
from training.families import interval
from training.themes.streams import DAY, DAYS, FIRST, LASTS, Stream

WEEK, BEFORE = 7, 28
RIGHT = 0.5  # of the lines of what is said to rise are of the topic that rises
AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A theme as any way of finding it tells it. ``name`` ties it to the one of the day before."""

    name: object
    title: str
    lines: frozenset[int]
    is_rising: bool


Way = Callable[[Sequence[Line], float], list[Found]]  # lines of five weeks and the end of them; in the order of days


@dataclass(slots=True)
class _Tally:
    first: dict[str, int] = field(default_factory=dict)
    right: int = 0
    shown: int = 0
    wrong_days: int = 0
    days: int = 0
    jaccard: list[float] = field(default_factory=list)
    same_title: list[bool] = field(default_factory=list)
    stayed: list[bool] = field(default_factory=list)
    rand: list[float] = field(default_factory=list)
    covered: list[float] = field(default_factory=list)


def measure(stream: Stream, way: Way) -> dict[str, object]:
    """One row of the table: every 24 hours from the first rise on."""
    tally, yesterday = _Tally(), list[Found]()
    for day in range(FIRST, DAYS + 1):
        until = day * DAY
        lines = [line for line in stream.lines if until - (WEEK + BEFORE) * DAY <= line.at < until]
        found = way(lines, until)
        _look_at_rises(tally, stream, found, day)
        _look_back(tally, stream, yesterday, found, day)
        _look_at_parts(tally, stream, lines, found, until)
        yesterday = found
    return _row(tally, stream)


def _look_at_rises(tally: _Tally, stream: Stream, found: Sequence[Found], day: int) -> None:
    tally.days += 1
    for one in [one for one in found if one.is_rising][:AT_MOST]:
        tally.shown += 1
        topic = topic_of(one, stream)
        begun = stream.rises.get(topic, DAYS)
        if begun < day <= begun + LASTS + WEEK:
            tally.right += 1
            tally.first.setdefault(topic, day - begun)


def topic_of(found: Found, stream: Stream) -> str:
    """The planted topic of most of its lines; "" where none has half of them."""
    counts = Counter(stream.topics.get(line, "") for line in found.lines)
    topic, count = counts.most_common(1)[0] if counts else ("", 0)
    return topic if count >= RIGHT * len(found.lines) else ""


def _look_back(tally: _Tally, stream: Stream, yesterday: Sequence[Found], today: Sequence[Found], day: int) -> None:
    """Themes of yesterday that are there today: the same lines of the six days that both look at, the same title?"""
    both = {line.id for line in stream.lines if (day - WEEK) * DAY <= line.at < (day - 1) * DAY}
    by_name = {one.name: one for one in today}
    for one in yesterday:
        other = by_name.get(one.name)
        tally.stayed.append(other is not None)
        if other is not None:
            a, b = one.lines & both, other.lines & both
            tally.jaccard.append(len(a & b) / len(a | b) if a | b else 1.0)
            tally.same_title.append(one.title == other.title)


def _look_at_parts(tally: _Tally, stream: Stream, lines: Sequence[Line], found: Sequence[Found], until: float) -> None:
    """Planted lines of the week: how many are in any theme, and do those of one topic stand together?"""
    part = {line: number for number, one in enumerate(found) for line in one.lines}
    planted = [
        line.id for line in lines if line.at >= until - WEEK * DAY and stream.topics.get(line.id) in stream.rises
    ]
    told = [line for line in planted if line in part]
    if planted:
        tally.covered.append(len(told) / len(planted))
    if len(told) > 1:
        tally.rand.append(float(adjusted_rand_score([stream.topics[n] for n in told], [part[n] for n in told])))


def _row(tally: _Tally, stream: Stream) -> dict[str, object]:
    asked = [topic for topic, day in stream.rises.items() if day + 2 <= DAYS]
    within = {days: sum(tally.first.get(topic, DAYS) <= days for topic in asked) for days in (1, 2, 4)}
    return {
        "stream": stream.name,
        "topics": len(asked),
        "within_1_day": round(within[1] / len(asked), 3),
        "within_1_day_95": interval(within[1], len(asked)),
        "within_2_days": round(within[2] / len(asked), 3),
        "within_4_days": round(within[4] / len(asked), 3),
        "precision_at_5": round(tally.right / max(1, tally.shown), 3),
        "precision_at_5_95": interval(tally.right, max(1, tally.shown)),
        "shown": tally.shown,
        "wrong_a_day": round((tally.shown - tally.right) / tally.days, 2),
        "stayed": round(mean(tally.stayed or [False]), 3),
        "same_lines": round(mean(tally.jaccard or [0.0]), 3),
        "same_title": round(mean(tally.same_title or [False]), 3),
        "rand": round(mean(tally.rand or [0.0]), 3),
        "covered": round(mean(tally.covered or [0.0]), 3),
    }
