"""Search: any two neighbouring Chinese characters of a text find it, on both databases."""

from __future__ import annotations

import re
import unicodedata
from itertools import count, pairwise

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qunying.people.actions import (
    Account,
    Enrolled,
    NewCard,
    Seat,
    SeatNews,
    do_change_cards,
    do_enrol,
    do_know,
    do_rename,
    do_seat,
)
from qunying.people.asked import read_terms
from qunying.people.cards import do_read_new
from qunying.people.finding import Where, search_people
from qunying.people.search import PEOPLE_INDEX
from qunying.store.search import Way
from qunying.store.tokens import INDEXED_LETTERS, index_tokens, query_phrases
from qunying.talk.search import TALK_INDEX
from tests import cast

ids = count(1)
CHINESE = "茶友会上海教育产品经理安阿博的了不一是在有人我他这中大来\u3400\u9fff\uf900\U00020000\U0002b820\U00030000"
LATIN = "aZé9ßＡ１½ñК한국"
BETWEEN = " ，。！?-_'\"\\%*():@❤🫖\u200b\u202e\n\t\x00&|<>^"
texts = st.text(alphabet=st.sampled_from(CHINESE + CHINESE + LATIN + BETWEEN), max_size=60)
anything = st.text(max_size=60)
IS_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

with_tables = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def pairs(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text)
    return {a + b for a, b in pairwise(plain) if IS_CHINESE.match(a) and IS_CHINESE.match(b)}


@with_tables
@given(text=texts | anything)
@example(text="上海-教育-产品经理-安安")
@example(text="加V❤️wlaoshi_666 领资料")
def test_a_text_is_found_by_any_two_neighbouring_characters(db: None, text: str) -> None:
    with transaction.atomic():
        pk = next(ids)
        TALK_INDEX.add([(pk, text)])
        assert {pair: pk in TALK_INDEX.find(pair, limit=10_000) for pair in pairs(text)} == dict.fromkeys(
            pairs(text), True
        )
        transaction.set_rollback(True)


@with_tables
@given(text=texts | anything, query=texts | anything)
def test_no_query_breaks_the_search(db: None, text: str, query: str) -> None:
    with transaction.atomic():
        TALK_INDEX.add([(next(ids), text)])
        found = TALK_INDEX.find(query, limit=10)
        assert bool(query_phrases(query)) or found == []
        transaction.set_rollback(True)


@with_tables
@given(text=texts | anything)
def test_a_text_is_found_by_the_whole_of_itself_until_it_is_removed(db: None, text: str) -> None:
    with transaction.atomic():
        pk = next(ids)
        TALK_INDEX.add([(pk, text)])
        assert (pk in TALK_INDEX.find(text, limit=10_000)) == bool(index_tokens(text))
        TALK_INDEX.remove([(pk, text)])
        assert pk not in TALK_INDEX.find(text, limit=10_000)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "text", ["茶" * 30_000, "".join(map(chr, range(0x4E00, 0x9FA0))) * 2, "x" * 50_000, "a " * 50_000]
)
def test_a_very_long_text_is_kept_and_its_beginning_found(db: None, text: str) -> None:
    TALK_INDEX.add([(1, text)])
    assert TALK_INDEX.find(text[:2], limit=5) == [1]
    assert len(index_tokens(text)) <= 3 * INDEXED_LETTERS


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("茶", True),
        ("乌龙", True),
        ("乌龙茶", True),
        ("龙乌", False),
        ("wang", True),
        ("WANG", True),
        ("ang", False),
        ("王 乌龙", False),
        ("乌龙 wang", True),
        ("", False),
        ("，", False),
        ("한국", True),
        ("한국어", True),
        ("１２", True),
    ],
)
def test_a_message_is_found_by_its_words_and_beginnings_of_words(db: None, query: str, is_found: bool) -> None:
    TALK_INDEX.add([(1, "今天喝乌龙茶，wangxiaoming 12元，한국어")])
    assert (TALK_INDEX.find(query, limit=5) == [1]) is is_found


@pytest.mark.parametrize("old", ["陈晨", "陳晨🫖", "x" * 300, "\u202eevil"])
def test_people_are_found_by_what_they_are_called_now(db: None, old: str) -> None:
    with cast.clock_stands(cast.TUESDAY):
        tea = cast.build_tea()
        who = do_know({Account("sandbox", "n1"): old}, cast.TUESDAY)[Account("sandbox", "n1")]
    seats = do_seat(
        {Seat(tea.first, who.id): SeatNews(tea.community_id, old, "旧名片" * 90, "member", is_present=True)}
    )
    [seat] = seats
    pk = seats[seat].id
    do_rename({who.id: "方方"})
    do_change_cards([(seat, NewCard("北京-设计-方方"))])
    assert PEOPLE_INDEX.find("方方", limit=5) == [pk]
    assert PEOPLE_INDEX.find("北京", limit=5) == [pk]
    assert PEOPLE_INDEX.find("ff", limit=5) == [pk]
    assert PEOPLE_INDEX.find(old[:20], limit=5) == []
    assert PEOPLE_INDEX.find("旧名", limit=5) == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # it raises when what was removed is not what was added
            cursor.execute("INSERT INTO people_search (people_search) VALUES ('integrity-check')")


@with_tables
@given(card=texts | anything, query=texts | anything)
@example(card="上海-珩某网络-CTO-胡先生", query="上海 CTO")
@example(card="\x00-'*\"", query="ab cd'*\" OR NOT (")
def test_no_card_and_no_query_breaks_the_search_for_people(db: None, card: str, query: str) -> None:
    with transaction.atomic(), cast.clock_stands(cast.TUESDAY):
        tea = cast.build_tea()
        do_enrol("sandbox", tea.community_id, tea.first, [Enrolled("q", "阿问", storable_text(card))], cast.TUESDAY)
        do_read_new()
        found = search_people(query, Where(), limit=5)
        assert bool(read_terms(query)) or found == []
        assert [one.name for one in search_people("阿问", Where(), limit=1)] == ["阿问"]
        transaction.set_rollback(True)


def storable_text(text: str) -> str:
    """As carriers hand cards on: without what PostgreSQL cannot keep."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def test_one_of_the_ways_is_enough_but_each_of_the_wanted_must_be_there(db: None) -> None:
    TALK_INDEX.add([(1, "上海 cto"), (2, "上海 首席技术官"), (3, "北京 cto"), (4, "上海 ctos")])
    job = [Way("cto", is_whole=True), Way("首席技术官")]
    assert TALK_INDEX.find_any([[Way("上海")], job], limit=9) == [2, 1]
    assert TALK_INDEX.find_any([[Way("上海")], [Way("cto")]], limit=9) == [4, 1]
    assert TALK_INDEX.find_any([[Way("上海")], [Way("，"), *job]], limit=1) == [2]
    assert TALK_INDEX.find_any([[Way("上海")], [Way("，")]], limit=9) == []
    assert TALK_INDEX.find_any([], limit=9) == []
