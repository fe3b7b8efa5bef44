"""Lists made ready to be looked for, once for all batches until somebody changes them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qunying.capabilities.order.knowing import NAME
from qunying.capabilities.order.lists import Listed, Lists, make_lists
from qunying.capabilities.order.lists_told import kept_words
from qunying.capabilities.order.models import WordList
from qunying.capabilities.order.words import settings_of
from qunying.judgement.patterns import BadPattern, Word, read_words
from qunying.kernel.scene import Mode, Scene

COMBINATIONS = 64  # of lists, which are kept ready


def lists_of(scene: Scene) -> dict[int, Lists]:
    """The lists of every group that has any and that order has a say in; no query where they are ready."""
    found = {}
    for group in scene.groups.values():
        chosen = settings_of(group)
        if (chosen.lists or chosen.words) and group.mode(NAME) is not Mode.OFF:
            found[group.id] = _ready(chosen.lists, chosen.words, chosen.words_do)
    return found


def stamped(list_id: int, stamp: str) -> str:
    """How the settings name a list whose words are those of the stamp."""
    return f"{list_id}.{stamp}"


@lru_cache(maxsize=COMBINATIONS)
def _ready(stamps: tuple[str, ...], own: tuple[str, ...], own_does: str) -> Lists:
    ids = [int(number) for number, _, _ in (stamp.partition(".") for stamp in stamps) if number.isdigit()]
    listed = list(WordList.objects.filter(pk__in=ids)) if ids else []
    try:
        return make_lists(own, own_does, [_listed(one, kept_words(one.words, str(one.pk))) for one in listed])
    except BadPattern:  # one was found fit once and no longer is: the others are still looked for
        return make_lists(own, own_does, [_listed(one, _fit(one)) for one in listed])


def _fit(row: WordList) -> list[Word]:
    return read_words(row.words.splitlines(), str(row.pk))[0]


def _listed(row: WordList, words: Sequence[Word]) -> Listed:
    return Listed(str(row.pk), row.title, row.does, words)
