"""Other ways to write what somebody looks for: the same job under its other names, a place under its usual one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from qunying.judgement.cards.gazetteer import words
from qunying.judgement.folding import folded


@cache
def _jobs() -> dict[str, tuple[str, ...]]:
    text = (files(__package__) / "words" / "same.txt").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            names = tuple(name.replace("_", " ") for name in line.split())
            found.update(dict.fromkeys(names, names))
    return found


def same_job(words_of_it: str) -> tuple[str, ...]:
    """All names of this job, «首席技术官» for «cto» and the other way round; none where no list has it."""
    return _jobs().get(folded(words_of_it).strip(), ())


def usual_place(name: str) -> str | None:
    """What a card's city is called by (``Card.city``): «上海» for «SH», «沪» and «浦东»; None for what is no place."""
    meanings = words().get(folded(name).strip(), ())
    return next((one.means for one in meanings if one.field == "city"), None)


def is_listed(word: str) -> bool:
    """Whether it is a place, an industry, an employer or a job that the lists have, so hardly somebody's name mistyped."""
    plain = folded(word).strip()
    return plain in words() or plain in _jobs()
