"""From the public sets to the shipped model and its record."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qunying.judgement.threads import Threads
from qunying.judgement.threads.scorer import MODEL, Scorer, shipped
from training.records import hash_of

from . import measure
from .anew import compare
from .data import Talk, gitter_talks, irc_talks
from .fit import Floats, Lesson, Recipe, fit, together
from .lessons import Guess, lesson_of, rules
from .variants import by_the_minute, cold, slower, without_calls

SEED = 20240301
FOLDS = {"irc": 3, "gitter": 2}
NETS = 2
RECIPE = Recipe(hidden=32, epochs=18)
_HALF = 0.5  # what a line counts whose truth is only a conversation
_PACES = (1.0, 4.0, 16.0, 60.0)  # times as slow as it was
_PIECE = 25  # lines after which a room is opened anew
_RESAMPLES = 1_000
_ANEW = 10  # lines


def talks_of(data: Path) -> tuple[list[Talk], list[Talk]]:
    """The logs of IRC and the rooms of Gitter."""
    return irc_talks(data / "irc_disentangle" / "dev"), gitter_talks(data / "gitter_livechat" / "manual")


_made_by_rules: dict[str, list[Lesson]] = {}


def _by_rules(talk: Talk) -> list[Lesson]:
    """What rules make of a talk is the same however often it is asked for."""
    if talk.name not in _made_by_rules:
        _made_by_rules[talk.name] = lessons_of(talk, rules)
    return _made_by_rules[talk.name]


def lessons_of(talk: Talk, guess: Guess) -> list[Lesson]:
    """A talk as it was and as other rooms would have had it."""
    seed = int.from_bytes(hashlib.sha256(talk.name.encode()).digest()[:4])
    weight = _HALF if talk.kind == "gitter" else 1.0
    return [lesson_of(variant, guess, weight * share)[0] for variant, share in _rooms(talk, seed)]


def _rooms(talk: Talk, seed: int) -> list[tuple[Talk, float]]:
    """The talk, and as other rooms would have had it; each with what it counts."""
    uncalled = without_calls(talk, 0.6, seed)
    rng = np.random.default_rng(seed)
    opened = [(slower(piece, float(rng.choice(_PACES))), _HALF) for piece in cold(uncalled, _PIECE) if piece.answers]
    if talk.kind == "gitter":
        return [(talk, 1.0), (by_the_minute(talk), 1.0), *opened]
    slow = slower(without_calls(talk, 0.3, seed + 1), float(rng.choice(_PACES)))
    return [(talk, 1.0), (uncalled, 1.0), (slow, 1.0), *opened]


def scorer_of(talks: list[Talk], seed: int = SEED) -> Scorer:
    """Fitted twice: first on threads that simple rules made, then on threads that the first fit makes."""
    first = _vote([one for talk in talks for one in _by_rules(talk)], seed, nets=1)
    return _vote([one for talk in talks for one in lessons_of(talk, first.raw)], seed + 100, nets=NETS)


def _vote(lessons: list[Lesson], seed: int, nets: int) -> Scorer:
    lesson = together(lessons)
    fitted = [fit(lesson, seed + number, RECIPE) for number in range(nets)]
    return Scorer(
        from_line=_small(np.concatenate([net["from_line"].T for net in fitted])),
        from_query=_small(np.concatenate([net["from_query"].T for net in fitted])),
        bias=_small(np.concatenate([net["bias"] for net in fitted])),
        out=_small(np.concatenate([net["out"] for net in fitted]) / nets),
        straight=_small(np.mean(np.stack([net["straight"] for net in fitted]), axis=0)),
    )


def _small(values: npt.NDArray[Any]) -> Floats:
    """As precise as it is kept: half floats are enough, and what is measured is what is shipped."""
    return values.astype(np.float16).astype(np.float32)


def place_all(talk: Talk, scorer: Scorer) -> dict[int, int]:
    """Where ``Threads`` puts each line, by numbers; a beginning to itself."""
    threads, number_of, put = Threads(scorer), {}, {}
    for number, line in enumerate(talk.lines):
        placed = threads.place(line)
        number_of[line.id] = number
        put[number] = number if placed.reply_to is None else number_of[placed.reply_to]
    return put


def figures(talks: list[Talk], puts: list[dict[int, int]]) -> dict[str, Any]:
    """What was reached on talks of one kind, with a 95 % interval over resampled talks."""
    if talks[0].kind == "gitter":
        return _conversation_figures(talks, puts)
    kept = [measure.links(talk, put, with_system=True) for talk, put in zip(talks, puts, strict=True)]
    plain = [measure.links(talk, put, with_system=False) for talk, put in zip(talks, puts, strict=True)]
    return {
        "link_f": round(sum(kept, measure.Links()).f, 1),
        "link_f_95": _interval([kept[n] for n in range(len(kept))]),
        "link_f_without_system_lines": round(sum(plain, measure.Links()).f, 1),
        "per_talk": {talk.name: round(one.f, 1) for talk, one in zip(talks, kept, strict=True)},
    }


def _interval(parts: list[measure.Links]) -> list[float]:
    rng = np.random.default_rng(SEED)
    drawn = [
        sum((parts[n] for n in rng.integers(0, len(parts), len(parts))), measure.Links()).f for _ in range(_RESAMPLES)
    ]
    return [round(float(edge), 1) for edge in np.percentile(drawn, [2.5, 97.5])]


def _conversation_figures(talks: list[Talk], puts: list[dict[int, int]]) -> dict[str, Any]:
    rooms = {}
    for talk, put in zip(talks, puts, strict=True):
        truth = measure.threads({number: targets[0] for number, targets in talk.answers.items()})
        said = measure.threads(put)
        alone = measure.exact_f(truth, said, single=True)
        rooms[talk.name] = (measure.exact_f(truth, said), alone, measure.adjusted_rand(truth, said))
    mean = np.mean(list(rooms.values()), axis=0)
    names = ("f1", "f1_with_single_lines", "ari")
    return {
        **{name: round(float(value), 3) for name, value in zip(names, mean, strict=True)},
        "per_talk": {name: [round(float(value), 3) for value in row] for name, row in rooms.items()},
    }


def _left_out(talks: list[Talk], always: list[Talk]) -> dict[str, Any]:
    """Each talk placed by a scorer that never saw it."""
    puts: list[dict[int, int]] = [{} for _ in talks]
    folds = FOLDS[talks[0].kind]
    for fold in range(folds):
        seen = [talk for number, talk in enumerate(talks) if number % folds != fold]
        scorer = scorer_of(seen + always, SEED + 1_000 * fold)
        for number in range(fold, len(talks), folds):
            puts[number] = place_all(talks[number], scorer)
        _say(f"part {fold + 1} of {folds} left out")
    return figures(talks, puts)


def _away(seen: list[Talk], unseen: list[Talk]) -> dict[str, Any]:
    scorer = scorer_of(seen)
    return figures(unseen, [place_all(talk, scorer) for talk in unseen])


def fit_and_keep(data: Path) -> None:
    """Fits on everything and writes the model, then measures; the record is written anew after each measurement."""
    irc, gitter = talks_of(data)
    scorer = scorer_of(irc + gitter)
    parts = {name: np.asarray(value, dtype=np.float16) for name, value in asdict(scorer).items()}
    np.savez_compressed(MODEL, allow_pickle=False, **parts)
    folders = ("irc_disentangle/dev", "gitter_livechat/manual")
    record: dict[str, Any] = {
        "made_by": "python -m training.threads",
        "data": {folder: hash_of(data / folder) for folder in folders},
        "seed": SEED,
        "nets": NETS,
        "recipe": asdict(RECIPE),
        "sizes": {"bytes": MODEL.stat().st_size, "lines": {talk.name: len(talk.answers) for talk in irc + gitter}},
    }
    _write(record, "away_irc_to_gitter", _away(irc, gitter))
    _write(record, "home_irc", _left_out(irc, gitter))
    _write(record, "away_gitter_to_irc", _away(gitter, irc))
    _write(record, "home_gitter", _left_out(gitter, irc))


def _write(record: dict[str, Any], name: str, reached: dict[str, Any]) -> None:
    record[name] = reached
    MODEL.with_suffix(".json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _say(f"{name}: {json.dumps(reached)}")


def measure_shipped(data: Path) -> None:
    """The shipped scorer on all logs and rooms below ``data`` (it has seen the development parts), and its time per line."""
    for talks in talks_of(data):
        if talks:
            begun = time.perf_counter()
            puts = [place_all(talk, shipped()) for talk in talks]
            spent = (time.perf_counter() - begun) / sum(len(talk.lines) for talk in talks)
            _say(json.dumps({**figures(talks, puts), "microseconds_per_line": round(spent * 1e6)}))


def measure_anew(data: Path) -> None:
    """What the shipped scorer loses on each log below ``data`` when it is begun anew every ``_ANEW`` lines, and on average."""
    irc, _ = talks_of(data)
    found = [compare(talk, _ANEW) for talk in irc]
    for one in found:
        _say(
            json.dumps(
                {"log": one.name, "same": round(one.same, 3), "f": round(one.whole, 1), "anew": round(one.anew, 1)}
            )
        )
    if found:
        lost = [one.anew - one.whole for one in found]
        told = {"logs": len(found), "least": min(lost), "mean": sum(lost) / len(lost), "most": max(lost)}
        _say(json.dumps({name: round(value, 2) for name, value in told.items()}))


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
