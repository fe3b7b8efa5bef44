"""Lists as a community keeps them: filled, switched, scoped, counted, taken back, and heeded by the very next message."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunying.capabilities.order.lists import MOST_WORDS
from qunying.capabilities.order.lists_kept import (
    do_change_list,
    do_import_words,
    do_make_list,
    do_remove_list,
    do_strike_words,
    do_switch_list,
    do_take_back_words,
    do_write_words,
)
from qunying.capabilities.order.lists_told import export_list, find_list, list_lists, list_words
from qunying.capabilities.order.models import WordList
from qunying.communities.queries import list_layers_of_communities
from qunying.kernel.errors import BadUse
from qunying.outbox.models import OutboxItem
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.TUESDAY


@pytest.fixture
def tea() -> cast.Tea:
    with cast.clock_stands(NOW):
        return cast.build_tea(groups=("g1", "g2"))


@pytest.fixture
def li() -> int:
    return User.objects.create_user("li").pk


def make(tea: cast.Tea, li: int, *words: str, does: str = "delete", groups: tuple[int, ...] = ()) -> int:
    made = do_make_list(tea.community_id, "禁词", does, groups, user_id=li, at=NOW)
    do_write_words(made, words, user_id=li, at=NOW)
    do_switch_list(made, is_on=True, user_id=li, at=NOW)
    return made


def deleted(text: str, ref: str, group: str = "g1") -> bool:
    """Whether somebody's message goes."""
    with cast.clock_stands(NOW):
        cast.arrive([cast.message(ref, "an", text)], group)
        cast.passed(NOW, NOW)
    gone = OutboxItem.objects.filter(kind="DeleteMessage").values_list("payload", flat=True)
    return any(payload["message_key"].endswith(ref) for payload in gone)


def test_a_list_is_heeded_from_the_next_message_on(tea: cast.Tea, li: int) -> None:
    made = make(tea, li, "代购")
    assert deleted("专业代 购", "m1")
    do_write_words(made, ["拼音：刷单"], user_id=li, at=NOW)
    assert deleted("来刷丹", "m2")
    do_strike_words(made, ["代购"], user_id=li, at=NOW)
    assert not deleted("专业代购", "m3")
    do_switch_list(made, is_on=False, user_id=li, at=NOW)
    assert not deleted("来刷单", "m4")


def test_the_other_words_are_heeded_when_one_that_was_kept_cannot_be_looked_for(tea: cast.Tea, li: int) -> None:
    made = make(tea, li, "代购", "日\u2028结")
    kept = WordList.objects.get(pk=made)
    WordList.objects.filter(pk=made).update(words=kept.words + "(,pattern,block\n")
    assert [one.text for one in list_words(made)] == ["代购", "日\u2028结", "("]
    assert deleted("专业代购", "m1")


def test_a_list_for_one_group_is_nothing_to_another(tea: cast.Tea, li: int) -> None:
    make(tea, li, "代购", groups=(tea.groups["g2"],))
    assert not deleted("代购", "m1", "g1")
    assert deleted("代购", "m2", "g2")
    assert "lists" not in list_layers_of_communities([tea.community_id])[tea.community_id, "order"].settings


def test_what_one_list_allows_no_other_finds(tea: cast.Tea, li: int) -> None:
    make(tea, li, "代购")
    allowing = do_make_list(tea.community_id, "自己的东西", "watch", user_id=li, at=NOW)
    do_write_words(allowing, ["允许：代购咖啡豆"], user_id=li, at=NOW)
    do_switch_list(allowing, is_on=True, user_id=li, at=NOW)
    assert not deleted("代购咖啡豆到了", "m1")


def test_words_are_counted_and_those_never_found_are_told(tea: cast.Tea, li: int) -> None:
    made = make(tea, li, "代购", "刷单", does="watch")
    for number in range(3):
        assert not deleted("专业代购", f"m{number}")
    line = find_list(made)
    assert line is not None
    assert (line.found, line.never, line.is_idle) == (3, 1, False)
    assert [(one.text, one.times) for one in list_words(made)] == [("代购", 3), ("刷单", 0)]


def test_a_table_goes_out_and_comes_back_the_same(tea: cast.Tea, li: int) -> None:
    made = make(tea, li, "代购", "拼音：刷单", "正则：日结\\d+", "允许：代购,咖啡豆", "完全：1")
    table = export_list(made)
    other = do_make_list(tea.community_id, "另一张", "ask", user_id=li, at=NOW)
    taken = do_import_words(other, table.splitlines(), replace=False, user_id=li, at=NOW)
    assert (taken.added, taken.known, taken.mistakes) == (5, 0, ())
    assert [one[:3] for one in rows(other)] == [one[:3] for one in rows(made)]
    assert do_import_words(other, table.splitlines(), replace=False, user_id=li, at=NOW).added == 0


def rows(list_id: int) -> list[tuple[str, str, bool]]:
    return [(one.text, one.way, one.allows) for one in list_words(list_id)]


def test_wrong_lines_are_told_and_the_others_are_kept(tea: cast.Tea, li: int) -> None:
    made = make(tea, li)
    lines = ["词,方式,类型", "代购,包含,禁止", "(,正则,禁止", "刷单,猜,禁止", "返利,,"]
    taken = do_import_words(made, lines, replace=True, user_id=li, at=NOW)
    assert taken.added == 2
    assert [one.line for one in taken.mistakes] == [3, 4]


def test_a_list_that_is_too_long_or_no_list_is_refused_and_nothing_is_lost(tea: cast.Tea, li: int) -> None:
    made = make(tea, li, "代购")
    with pytest.raises(BadUse):
        do_import_words(made, ["word", *map(str, range(1_000_000))], replace=True, user_id=li, at=NOW)
    with pytest.raises(BadUse):
        do_import_words(made, ["今天天气不错", "是啊"], replace=True, user_id=li, at=NOW)
    assert MOST_WORDS < 1_000_000
    assert [one.text for one in list_words(made)] == ["代购"]


def test_a_change_of_words_is_taken_back_and_brought_again(tea: cast.Tea, li: int) -> None:
    made = make(tea, li, "代购")
    do_import_words(made, ["word", "刷单"], replace=True, user_id=li, at=NOW)
    do_take_back_words(made, user_id=li, at=NOW)
    assert [one.text for one in list_words(made)] == ["代购"]
    do_take_back_words(made, user_id=li, at=NOW)
    assert [one.text for one in list_words(made)] == ["刷单"]


def test_a_removed_list_is_gone_from_the_settings(tea: cast.Tea, li: int) -> None:
    made = make(tea, li, "代购")
    do_remove_list(made, user_id=li, at=NOW)
    assert list_lists(tea.community_id, NOW) == []
    assert not deleted("代购", "m1")


def test_names_are_not_given_twice_or_left_empty(tea: cast.Tea, li: int) -> None:
    made = make(tea, li)
    for title in ("禁词", "  ", "长" * 81):
        with pytest.raises(BadUse):
            do_make_list(tea.community_id, title, "ask", user_id=li, at=NOW)
    do_change_list(made, "禁词", "step", user_id=li, at=NOW)
    with pytest.raises(BadUse):
        do_change_list(made, "禁词", "explode", user_id=li, at=NOW)


def test_lists_cost_no_query_once_they_are_ready(tea: cast.Tea, li: int) -> None:
    def queries(ref: str) -> int:
        with cast.clock_stands(NOW), CaptureQueriesContext(connection) as captured:
            cast.arrive([cast.message(ref, "an", "早")])
            cast.passed(NOW, NOW)
        return len(captured)

    queries("m0")
    without = queries("m1")
    make(tea, li, "代购")
    queries("m2")  # makes them ready
    assert queries("m3") == without
