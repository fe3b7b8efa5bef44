"""Decides who moves on a community's ladder, keeps it, and asks a colleague to congratulate. Nothing is sent by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from qunying.desk.actions import Opening, do_open_tasks
from qunying.insights.seeds.ladder import Rung, Standing, decide, met
from qunying.insights.seeds.signals import Signals
from qunying.kernel.effects import OpenTask
from qunying.kernel.texts import Sentence, mark
from qunying.people.ladder import Move, do_begin_anew, do_move_on_ladder, find_ladder
from qunying.people.queries import names_of
from qunying.people.standings import RUNG_CODES, StandingRow, list_standings

CONGRATULATED_A_DAY = 20  # more rise only when older talk comes in, and nobody could say so many kind words
CONGRATULATE_WITHIN = timedelta(days=2)
NAME_HERE = "{name}"
CODES = RUNG_CODES


def do_decide(
    community_id: int, signals: Mapping[int, Signals], rungs: Sequence[Rung], today: date, now: datetime
) -> list[Move]:
    """Moves everybody who has to move that day. Within the caller's transaction; the day must not be decided yet, or be the first."""
    is_first = find_ladder(community_id).begun_on in (None, today)
    if is_first:
        do_begin_anew(community_id)
    before = list_standings(community_id)
    moves = [
        move
        for person in sorted(signals.keys() | before.keys())
        if (move := _move(person, before.get(person), signals.get(person, Signals()), rungs, today))
    ]
    do_move_on_ladder(community_id, moves, today, now)
    if not is_first:
        do_ask_to_congratulate(community_id, [move for move in moves if move.is_gain], rungs, now)
    return moves


def _move(person: int, row: StandingRow | None, did: Signals, rungs: Sequence[Rung], today: date) -> Move | None:
    """What changes for somebody, None where nothing does."""
    before = _standing(row)
    after = decide(before, [met(did, rung) for rung in rungs], today.toordinal())
    if after == before:
        return None
    return Move(person, row.rung if row else "", _row(person, after), is_gain=after.rung > before.rung)


def _standing(row: StandingRow | None) -> Standing:
    if row is None or row.rung not in CODES:
        return Standing()
    below = {CODES.index(code) + 1: day for code, day in row.below.items() if code in CODES}
    return Standing(CODES.index(row.rung) + 1, row.since.toordinal(), below)


def _row(person: int, standing: Standing) -> StandingRow | None:
    if not standing.rung or standing.since is None:
        return None
    falls = standing.falls_on
    return StandingRow(
        person,
        CODES[standing.rung - 1],
        date.fromordinal(standing.since),
        {CODES[number - 1]: day for number, day in standing.below.items()},
        date.fromordinal(falls) if falls is not None else None,
    )


def do_ask_to_congratulate(community_id: int, gains: Sequence[Move], rungs: Sequence[Rung], now: datetime) -> None:
    """One task for everybody who gained a rung that has a ritual, with the words to say; for very many one for all of them."""
    by_code = {rung.code: rung for rung in rungs}
    told = [(move.person_id, by_code[move.after.rung]) for move in gains if move.after]
    told = [(person, rung) for person, rung in told if rung.ritual]
    if len(told) > CONGRATULATED_A_DAY:
        tasks = [_task_for_all(community_id, len(told), now)]
    else:
        names = {pk: one.name for pk, one in names_of({person for person, _ in told}).items()}
        tasks = [_task(community_id, person, names.get(person, f"#{person}"), rung, now) for person, rung in told]
    do_open_tasks([Opening(task, community_id, now) for task in tasks])


def _task_for_all(community_id: int, people: int, now: datetime) -> OpenTask:
    title = Sentence(mark("一天里有 %(n)s 人升了级，到成长阶梯看看，一起恭喜"), {"n": people})
    return OpenTask(
        key=f"rung:{community_id}:{now.date()}",
        kind="congratulate",
        title=title.to_text(),
        due_at=now + CONGRATULATE_WITHIN,
    )


def _task(community_id: int, person: int, name: str, rung: Rung, now: datetime) -> OpenTask:
    title = Sentence(mark("「%(name)s」升到「%(rung)s」了，恭喜一下"), {"name": name, "rung": Sentence(rung.name)})
    return OpenTask(
        key=f"rung:{community_id}:{person}:{rung.code}:{now.date()}",
        kind="congratulate",
        title=title.to_text(),
        member=person,
        details=with_name(rung.ritual, name),
        due_at=now + CONGRATULATE_WITHIN,
    )


def with_name(words: str, name: str) -> str:
    """The words with somebody's name where they have a place for it."""
    return words.replace(NAME_HERE, name)
