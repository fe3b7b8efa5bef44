"""Lists of words as a community keeps them: made, filled, switched on and off, exported, and how often each word was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import transaction

from qunying.capabilities.order.knowing import NAME
from qunying.capabilities.order.lists import DOS, MOST_WORDS, read_line
from qunying.capabilities.order.lists_told import find_list, table_of, words_of
from qunying.capabilities.order.lists_tried import effect_of
from qunying.capabilities.order.models import WordList
from qunying.capabilities.order.ready import stamped
from qunying.communities.actions import do_set_settings
from qunying.communities.queries import Layer, list_layers_of_communities, list_layers_of_groups
from qunying.journal.actions import do_record_facts
from qunying.judgement.patterns import Mistake, Word, read_words
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark

TITLE_LETTERS = 80


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of words that were brought: how many are new, how many were there, which lines are wrong."""

    added: int
    known: int
    mistakes: tuple[Mistake, ...] = ()


def do_make_list(
    community_id: int, title: str, does: str, groups: Collection[int] = (), *, user_id: int, at: datetime
) -> int:
    """An empty list that is off; answers its id. Raises ``BadUse`` for a name that is empty or taken."""
    with transaction.atomic():
        named = _checked(community_id, title, does)
        made = WordList.objects.create(
            community_id=community_id,
            title=named,
            does=does,
            groups=sorted(groups),
            words=table_of(()),
            stamp=token_hex(4),
            changed_at=at,
        )
        _do_note(made, "made", user_id, at, {})
    return made.pk


def do_change_list(
    list_id: int, title: str, does: str, groups: Collection[int] = (), *, user_id: int, at: datetime
) -> None:
    """Another name, another consequence, other groups. Raises ``BadUse`` for a name that is empty or taken."""
    with transaction.atomic():
        one = _locked(list_id)
        one.title, one.does = _checked(one.community_id, title, does, itself=list_id), does
        one.groups = sorted(groups)
        _do_keep(one, "changed", user_id, at, {"does": does, "groups": len(one.groups)})


def do_import_words(list_id: int, lines: Sequence[str], *, replace: bool, user_id: int, at: datetime) -> Taken:
    """Adds the words of a table, or puts them in place of those there are; wrong lines are told and nothing else is lost.

    Raises ``BadUse`` where that would be more words than a list may have, or where the table has no column of words.
    """
    if len(lines) > MOST_WORDS + 1:
        raise BadUse(
            mark("一张词表最多 %(most)s 个词，这份有 %(n)s 行；拆成几张，或者去掉用不上的"),
            most=MOST_WORDS,
            n=len(lines),
        )
    words, mistakes = read_words(lines, "")
    if not words and mistakes and mistakes[0].line <= 1:
        raise BadUse(mark("第一行要是表头，写着 word（词），后面可以有 way（方式）和 kind（类型）"))
    return _do_put(list_id, words, replace=replace, mistakes=mistakes, user_id=user_id, at=at)


def do_write_words(list_id: int, lines: Sequence[str], *, user_id: int, at: datetime) -> Taken:
    """Adds words as people write them, one a line (``lists.read_line``). Raises ``BadUse`` for the first that cannot be looked for."""
    words = [read_line(line) for line in lines if line.strip()]
    return _do_put(list_id, words, replace=False, mistakes=(), user_id=user_id, at=at)


def do_strike_words(list_id: int, texts: Collection[str], *, user_id: int, at: datetime) -> int:
    """Takes words out; answers how many."""
    with transaction.atomic():
        one = _locked(list_id)
        before = words_of(one)
        kept = [word for word in before if word.text not in set(texts)]
        if len(kept) < len(before):
            _do_write(one, kept)
            _do_keep(one, "struck", user_id, at, {"words": len(before) - len(kept)})
    return len(before) - len(kept)


def do_take_back_words(list_id: int, *, user_id: int, at: datetime) -> None:
    """The words as they were before the last change; once more brings them again. Raises ``BadUse`` where there was none."""
    with transaction.atomic():
        one = _locked(list_id)
        if not one.words_before:
            raise BadUse(mark("没有可以撤回的改动"))
        one.words, one.words_before = one.words_before, one.words
        one.size = len(words_of(one))
        _do_keep(one, "taken_back", user_id, at, {"words": one.size})


def do_switch_list(list_id: int, *, is_on: bool, user_id: int, at: datetime) -> bool:
    """On or off; False where it was so. What the list is for hears of it with the next message."""
    with transaction.atomic():
        one = _locked(list_id)
        if one.is_on == is_on:
            return False
        one.is_on, one.on_since = is_on, at if is_on else None
        _do_keep(one, "on" if is_on else "off", user_id, at, {"words": one.size})
    return True


def do_remove_list(list_id: int, *, user_id: int, at: datetime) -> None:
    """The list is gone, with what was counted of it."""
    with transaction.atomic():
        one = _locked(list_id)
        community_id = one.community_id
        _do_note(one, "removed", user_id, at, {"words": one.size})
        one.delete()
        _do_name_in_settings(community_id, user_id, at)


def _do_put(
    list_id: int, words: Sequence[Word], *, replace: bool, mistakes: Sequence[Mistake], user_id: int, at: datetime
) -> Taken:
    with transaction.atomic():
        one = _locked(list_id)
        before = dict.fromkeys(words_of(one))
        brought = dict.fromkeys(word._replace(listed="") for word in words)
        new = [word for word in brought if word not in before]
        after = list(brought) if replace else [*before, *new]
        if len(after) > MOST_WORDS:
            raise BadUse(mark("一张词表最多 %(most)s 个词，加上这些有 %(n)s 个"), most=MOST_WORDS, n=len(after))
        if after != list(before):
            _do_write(one, after)
            _do_keep(one, "replaced" if replace else "filled", user_id, at, {"words": len(new)})
    return Taken(len(new), len(brought) - len(new), tuple(mistakes))


def _do_write(one: WordList, words: Sequence[Word]) -> None:
    one.words_before, one.words, one.size = one.words, table_of(words), len(words)


def _do_keep(one: WordList, what: str, user_id: int, at: datetime, words: Mapping[str, object]) -> None:
    """Under a new stamp, so that whoever has the words ready reads them again.

    A list that is on and would now touch most of those who speak is off until somebody has seen that and says how many.
    """
    one.stamp, one.changed_at = token_hex(4), at
    one.save()
    if one.is_on and what != "on" and _is_wide(one.pk, at):
        one.is_on, one.on_since = False, None
        one.save(update_fields=["is_on", "on_since"])
        _do_note(one, "off", user_id, at, {"words": one.size})
    _do_note(one, what, user_id, at, words)
    _do_name_in_settings(one.community_id, user_id, at)


def _is_wide(list_id: int, at: datetime) -> bool:
    line = find_list(list_id, at)
    return line is not None and effect_of(line, at).wants_number


def _do_name_in_settings(community_id: int, user_id: int, at: datetime) -> None:
    """Lists that are on stand in the settings of their community or of their groups: who reads those knows them without asking."""
    everywhere, by_group = list[str](), dict[int, list[str]]()
    for one in WordList.objects.filter(community=community_id, is_on=True).order_by("pk"):
        for group in one.groups:
            by_group.setdefault(group, []).append(stamped(one.pk, one.stamp))
        if not one.groups:
            everywhere.append(stamped(one.pk, one.stamp))
    own = list_layers_of_groups(community_id, NAME)
    layer = list_layers_of_communities([community_id]).get((community_id, NAME), Layer())
    _do_name(layer, everywhere, community_id, None, user_id, at)
    for group in own.keys() | by_group.keys():
        _do_name(own.get(group, Layer()), by_group.get(group, []), community_id, group, user_id, at)


def _do_name(
    layer: Layer, stamps: list[str], community_id: int, group_id: int | None, user_id: int, at: datetime
) -> None:
    if list(layer.settings.get("lists", [])) == stamps:
        return
    settings: dict[str, Any] = {name: value for name, value in layer.settings.items() if name != "lists"}
    if stamps:
        settings["lists"] = stamps
    actor = f"user:{user_id}"
    do_set_settings(NAME, settings, community_id=community_id, group_id=group_id, at=at, actor=actor)


def _checked(community_id: int, title: str, does: str, itself: int = 0) -> str:
    named = " ".join(title.split())
    if not named or len(named) > TITLE_LETTERS:
        raise BadUse(mark("给词表起个名字，最多 %(n)s 个字"), n=TITLE_LETTERS)
    if does not in DOS:
        raise BadUse(mark("没有「%(does)s」这种处理"), does=does)
    if WordList.objects.filter(community=community_id, title=named).exclude(pk=itself).exists():
        raise BadUse(mark("已经有一张叫「%(title)s」的词表"), title=named)
    return named


def _locked(list_id: int) -> WordList:
    one = WordList.objects.select_for_update().filter(pk=list_id).first()
    if one is None:
        raise BadUse(mark("这张词表不在了"))
    return one


def _do_note(one: WordList, what: str, user_id: int, at: datetime, words: Mapping[str, object]) -> None:
    fact = Fact(
        name="wordlist.changed",
        at=at,
        community_id=one.community_id,
        actor=f"user:{user_id}",
        key=f"wordlist.changed:{one.pk}:{what}:{at.isoformat()}:{one.stamp}",
        words={"list": one.pk, "title": one.title, "what": what, **words},
    )
    do_record_facts([fact])
