"""What a line speaks of: its telling words, without names, links, numbers and small talk."""

from __future__ import annotations

import pytest

from qunying.judgement.themes.names import Names
from qunying.judgement.themes.words import read, term_of, view_of

LONG = "快递" * 5000


def told(text: str, *names: str) -> list[str]:
    """The telling words as they stand in the folded text."""
    plain = view_of(text).text
    return [
        plain[word.start : word.end] for clause in read(text, Names.of(names)).clauses for word in clause if word.tells
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("押金什么时候退", ["押金"]),
        ("早上好，大家今天吃什么", []),
        ("收到！谢谢老师", []),
        ("my card hasn't arrived yet", ["card", "arrived"]),
        ("Hi guys, I don't know what you mean", []),
        ("快递发票 12345678，看 https://example.org/快递?x=1", ["快递", "发票"]),
        ("@快递小哥 发货了吗", ["发货"]),
        ("[快递][呲牙] 发货", ["发货"]),
        ("`docker run` fails with docker", ["fails", "docker"]),
        ("", []),
        ("🙏🙏🙏", []),
    ],
)
def test_words_that_tell_are_read_and_what_is_no_word_of_the_line_is_not(text: str, words: list[str]) -> None:
    assert told(text) == words


@pytest.mark.parametrize("text", ["快遞什麼時候到", "快递什么时候到", "快\u200b递什么时候到"])
def test_writing_that_differs_in_looks_only_is_one_term(text: str) -> None:
    assert term_of("快递") in read(text).terms


def test_forms_of_an_english_word_are_one_term() -> None:
    assert read("deliveries").terms == read("delivery").terms


@pytest.mark.parametrize(
    ("text", "names"),
    [("陈晓明请客", ("陈晓明",)), ("晓明请客", ("陈晓明",)), ("zoe请客", ("Zoë 🫖",)), ("quentin: 请客", ("Quentin",))],
)
def test_names_of_people_are_no_words(text: str, names: tuple[str, ...]) -> None:
    assert told(text, *names) == ["请客"]


def test_an_ordinary_word_stays_one_when_somebody_is_called_so() -> None:
    assert told("快递发货了吗", "快递") == ["快递", "发货"]


def test_pairs_do_not_reach_over_a_stop_or_a_name() -> None:
    whole = read("押金退款").terms
    assert len(whole) == 3
    assert read("押金，退款").terms < whole
    assert read("押金陈晓明退款", Names.of(["陈晓明"])).terms < whole


def test_only_the_beginning_of_a_book_is_read() -> None:
    assert 200 <= len(read(LONG).clauses[0]) <= 300


def test_a_long_chinese_sentence_without_a_space_is_words_and_a_long_code_is_none() -> None:
    assert "押金" in told(
        "从上个月底一直等到现在也没有人来告诉我这个训练营的结营时间到底是哪天以及我交的押金究竟什么时候才能退"
    )
    assert told("deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef") == []
