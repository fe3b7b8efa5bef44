"""Figures that stand in the records of the models, each measured on texts that the machine asked had not learnt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from qunying.judgement.linear import MODELS
from qunying.judgement.texts import VERDICTS
from training.families import interval

SCRIPTS = {"zh": "Chinese", "en": "English"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or measure with its 95 % interval, where one is known, and of how many texts it is."""

    value: float
    interval: tuple[float, float] | None = None
    texts: int = 0


@cache
def record(model: str) -> Mapping[str, Any]:
    """What is told of a model."""
    told: dict[str, Any] = json.loads((MODELS / f"{model}.json").read_text(encoding="utf-8"))
    return told


def head(name: str) -> Mapping[str, Any]:
    """What was measured of one head that reads texts."""
    told: dict[str, Any] = record("texts")["metrics"][name]
    return told


def of_source(name: str, source: str, what: str, *, part: str = "unseen") -> Figure:
    """``f1``, ``accuracy``, ``precision``, ``recall`` or ``false_alarms`` of a head on one source."""
    told = head(name)[part][source]
    texts, true = told["texts"], told["true"]
    if f"{what}_interval" in told:
        return Figure(told[what], _pair(told[f"{what}_interval"]), texts)
    of = {"false_alarms": texts - true, "recall": true}.get(what)
    return share(told[what], of) if of else Figure(told[what], None, texts)


def of_ordinary(name: str, talk: str) -> Figure:
    """The share of ordinary talk that a head calls so."""
    told = head(name)["ordinary"][talk]
    return Figure(told["share"], _pair(told["interval"]), told["texts"])


def share(value: float, of: int) -> Figure:
    """A share of so many, with Wilson's interval."""
    return Figure(value, _pair(interval(round(value * of), of)), of)


def answers(where: str, domain: str) -> Mapping[str, Any]:
    """What the bank reaches on one domain, ``home`` or ``away``."""
    told: dict[str, Any] = record("answers")["metrics"][where][domain]
    return told


def of_bank(told: Mapping[str, Any], what: str) -> Figure:
    """One share of the questions that a bank has an answer to, with the interval of redrawn whole questions."""
    return Figure(told[what], _pair(told[f"{what}_interval"]), round(told["n"] * (1 - told["outside"])))


def threads(what: str) -> Mapping[str, Any]:
    """What the scorer of threads reaches in one comparison."""
    told: dict[str, Any] = record("threads")[what]
    return told


def calibration() -> list[tuple[str, str, float, Figure, Figure, Figure]]:
    """For every verdict and script: its calibration error, precision, recall and F1 on lines of ours, or what the head was asked."""
    rows: list[tuple[str, str, float, Figure, Figure, Figure]] = []
    for verdict in VERDICTS:
        for script, language in SCRIPTS.items():
            name = f"{verdict}_{script}"
            source = "ours" if "ours" in head(name)["unseen"] else next(iter(head(name)["unseen"]))
            precision, recall, f1 = (of_source(name, source, what) for what in ("precision", "recall", "f1"))
            rows.append((verdict, language, float(head(name)["calibration_error"]), precision, recall, f1))
    told = record("contacts")["record"]["figures"]["test_groups"]
    shares = [Figure(told[what], None, told["lines"]) for what in ("precision", "recall", "f1")]
    return [*rows, ("contact", "both", float(told["calibration_error"]), shares[0], shares[1], shares[2])]


def _pair(two: Any) -> tuple[float, float]:
    low, high = two
    return float(low), float(high)
