"""``docs/reference/judgement.md``: the words of ``page.md`` with the tables that belong in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from training.figures.records import Figure, calibration, of_ordinary, of_source
from training.figures.targets import Target, targets

WORDS = Path(__file__).with_name("page.md")
KEPT = Path(__file__).with_name("measured.json")
ABOUT_TALK = ("complaint", "need", "intent", "abuse", "introduction", "checkin", "question")


def render(kept: Mapping[str, Any] | None = None) -> str:
    """The page, of the records of the models and of what was measured last."""
    told = kept or json.loads(KEPT.read_text(encoding="utf-8"))
    rows = targets(told["machine"])
    text = WORDS.read_text(encoding="utf-8")
    for name, table in (
        ("targets", targets_table(rows)),
        ("missed", missed_list(rows)),
        ("verdicts", verdicts_table()),
        ("talk", talk_table()),
        ("comments", comments_table(told["comments"])),
        ("ads", ads_table(told.get("ads", {}))),
        ("load", f"{told['machine']['load']:g}"),
    ):
        text = text.replace(f"{{{{{name}}}}}", table)
    return text


def targets_table(rows: Iterable[Target]) -> str:
    """Must, aim and reached, a row each."""
    cells = [
        (
            row.task,
            row.what,
            row.place,
            _level(row.must, row),
            _level(row.aim, row),
            shown(row.reached, row.unit),
            str(row.reached.texts or "–"),
            row.verdict,
        )
        for row in rows
    ]
    return _table(("task", "measured", "where", "must", "aim", "reached (95 %)", "texts", ""), cells)


def missed_list(rows: Iterable[Target]) -> str:
    """The rows of which must or aim is missed, one line each."""
    return "\n".join(
        f"- {row.task}, {row.what}: {row.verdict.replace('**', '')}" for row in rows if "missed" in row.verdict
    )


def verdicts_table() -> str:
    """How sure one may be of each verdict."""
    cells = [
        (verdict, language, *(shown(one, "") for one in figures), f"{error * 100:.1f} %", str(figures[0].texts))
        for verdict, language, error, *figures in calibration()
    ]
    return _table(("verdict", "texts in", "precision", "recall", "F1", "calibration error", "texts"), cells)


def talk_table() -> str:
    """What is called so of real Chinese talk that nobody learnt."""
    cells = []
    for verdict in ABOUT_TALK:
        found = of_ordinary(f"{verdict}_zh", "talk")
        f1 = of_source(f"{verdict}_zh", "ours", "f1")
        cells.append((verdict, shown(found, "%"), str(found.texts), shown(f1, "")))
    return _table(("verdict", "called so of other talk", "texts", "F1, our lines"), cells)


def comments_table(told: Mapping[str, Mapping[str, float]]) -> str:
    """What the shipped judges call so of comments."""
    return _table(
        ("verdict", "called so", "texts"), [(name, _shown(one, "%"), str(one["texts"])) for name, one in told.items()]
    )


def ads_table(told: Mapping[str, Mapping[str, float]]) -> str:
    """What F1 of ads and their false alarms were, with the threshold that is best for F1."""
    names = {
        "f1": "F1",
        "comments": "false alarms, comments",
        "forum": "false alarms, forum",
        "ours": "false alarms, our lines",
    }
    cells = [(names[name], _shown(one, "" if name == "f1" else "%"), str(one["texts"])) for name, one in told.items()]
    return _table(("at the threshold of the best F1", "reached", "texts"), cells)


def shown(figure: Figure, unit: str) -> str:
    """A figure and its interval, as people write them."""
    said = _number(figure.value, unit)
    if figure.interval is None:
        return said
    low, high = (_number(one, unit) for one in figure.interval)
    return f"{said} ({low}–{high})"


def _shown(told: Mapping[str, float], unit: str) -> str:
    known = (told["low"], told["high"]) if "low" in told else None
    return shown(Figure(told["value"], known, int(told["texts"])), unit)


def _level(level: float | None, row: Target) -> str:
    if level is None:
        return "–"
    return f"{'≤' if row.is_limit else '≥'} {_number(level, row.unit)}"


def _number(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value * 100:.2f} %"
    if unit:
        return f"{value:g} {unit}" if unit != "×" else f"{value:g}"
    return f"{value:.1f}" if value > 1 else f"{value:.3f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
