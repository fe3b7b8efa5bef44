"""Who carries, and what hangs on a few, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qunying.insights import words_of_carrying, words_of_dependency
from qunying.insights.carrying import Carrying, Seed
from qunying.insights.dependency import Dependency


def carrying_as_plain(found: Carrying | None) -> dict[str, Any] | None:
    """Plain values; None where nothing was counted. ``to`` is the last day looked at."""
    if found is None:
        return None
    return {
        "words": words_of_carrying.headline(found.seeds),
        "definition": words_of_carrying.how(found),
        "from": found.since.isoformat(),
        "to": found.last.isoformat(),
        "people": [_seed(one) for one in found.seeds],
    }


def _seed(one: Seed) -> dict[str, Any]:
    return {
        "person": one.person_id,
        "name": one.name,
        "score": round(one.score.total, 3),
        "points": {name: round(value, 3) for name, value in one.score.points.items()},
        "signals": asdict(one.signals),
        "private_talks": one.talks,
        "rung": one.rung or "ordinary",
        "list": one.list_name or None,
        "step": one.step and one.step.value,
    }


def dependency_as_plain(found: Dependency) -> dict[str, Any]:
    """What hangs on the three who say most, over thirty days; ``without`` is what is left."""
    return {
        "words": words_of_dependency.headline(found),
        "definition": words_of_dependency.how(found),
        "is_risky": found.is_risky,
        "is_cut": found.is_cut,
        "share": found.share,
        "answers": found.answers,
        "answers_share": found.answers_share,
        "whole": asdict(found.whole),
        "pillars": [{**asdict(one), "words": words_of_dependency.without(one, found)} for one in found.pillars],
    }
