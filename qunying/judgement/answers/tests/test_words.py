"""Texts that ask for the same have the same meaning, and nothing breaks on odd ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.answers.words import asked_for, pieces_of, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("怎么退款", "如何退钱"),
        ("啥时候开课呢", "何时开班"),
        ("how much", "price?"),
        ("忘了密码", "忘记口令"),
        ("几点打烊", "营业时间"),
        ("change my e-mail", "modify email"),
    ],
)
def test_the_meaning_is_the_same_when_other_words_ask_for_it(one: str, other: str) -> None:
    assert set(pieces_of(one).meaning) == set(pieces_of(other).meaning)


def test_a_word_leads_to_what_it_does_not_name_and_not_back() -> None:
    cold, machine = pieces_of("冷飕飕"), pieces_of("空调")
    assert set(machine.meaning) <= set(cold.led)
    assert not set(machine.meaning) & set(cold.meaning)
    assert not set(cold.meaning) & set(machine.led)


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("deliveries", "delivery"),
        ("cards", "card"),
        ("stopped", "stop"),
        ("waiting", "wait"),
        ("pass", "pass"),
        ("is", "is"),
    ],
)
def test_endings_are_taken_away_when_the_word_stays_one(word: str, root: str) -> None:
    assert stem(word) == stem(root)


def test_the_kind_of_answer_differs_when_a_time_or_a_place_is_asked_for() -> None:
    when, where = (asked_for(pieces_of(text).meaning) for text in ("证书什么时候发", "证书在哪里拿"))
    assert when
    assert where
    assert not when & where


def test_the_same_pieces_are_there_when_a_text_is_disguised() -> None:
    assert pieces_of("ＲＥＦＵＮＤ　請問").letters == pieces_of("refund 请问").letters


@given(st.text())
def test_pieces_are_all_different_when_any_text_is_cut(text: str) -> None:
    pieces = pieces_of(text)
    for some in (pieces.letters, pieces.words, pieces.meaning):
        assert len(set(some)) == len(some)
