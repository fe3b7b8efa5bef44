from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.patterns import BadPattern, Mistake, Word, Words, read_words

ANYTHING = st.text(st.characters(codec=None), max_size=60)


def found(words: list[Word], text: str) -> list[str]:
    return [text[slice(*hit.span)] for hit in Words(words).find(text)]


@pytest.mark.parametrize(
    ("word", "text", "parts"),
    [
        ("赌博", "一起来赌博吗", ["赌博"]),
        ("赌博", "赌 赌-博", ["赌 赌-博"]),
        ("賭博", "赌\u200b博", ["赌\u200b博"]),
        ("要钱", "我要，钱包", []),
        ("妈妈", "妈", []),
        ("ass", "class pass a s s", ["a s s"]),
        ("as", "ass aas aaas", ["aaas"]),
        ("vip", "ＶＩＰ Ⅴip", ["ＶＩＰ", "Ⅴip"]),
        ("t.me", "去 t.me 看 mt.me", ["t.me"]),
        ("10000", "1000 10000 100000", ["10000"]),
    ],
)
def test_a_word_is_found_in_disguise_and_not_in_others_when_looked_for(word: str, text: str, parts: list[str]) -> None:
    assert found([Word(word)], text) == parts


def test_a_latin_word_is_found_inside_others_when_asked() -> None:
    assert found([Word("ass", inside_words=True)], "class") == ["ass"]


@pytest.mark.parametrize("text", ["薇❤信", "weixin", "wei xin", "维 新"])
def test_a_word_is_found_by_its_sound_when_pinyin(text: str) -> None:
    assert found([Word("微信", way="pinyin")], f"我的{text}，有") == [text]


def test_the_whole_text_is_meant_when_exact() -> None:
    words = [Word("加微信", way="exact"), Word("？", way="exact")]
    assert found(words, "加-微 信！") == ["加-微 信！"]
    assert found(words, "别加微信") == []
    assert found(words, "？") == ["？"]


def test_a_hit_is_none_when_it_lies_inside_an_allowed_one() -> None:
    words = [Word("赌博", "a"), Word("反赌博", "b", allows=True), Word("反赌", "a")]
    assert [(hit.word, hit.listed, hit.span) for hit in Words(words).find("反赌博，赌博")] == [("赌博", "a", (4, 6))]


def test_patterns_are_found_in_the_original_when_written_wide_and_traditional() -> None:
    assert found([Word(r"\d{5,}元", way="pattern")], "只要１２３４５元！") == ["１２３４５元"]
    assert found([Word("后台", way="pattern")], "後臺") == ["後臺"]
    assert found([Word("加V", way="pattern")], "\ud800加v") == ["加v"]


@pytest.mark.parametrize(
    ("pattern", "reason", "place"),
    [
        ("ab(c", "missing )", 0),
        ("[abc", "missing ]", 0),
        ("ab(?=x)", "invalid perl operator", 2),
        ("x" * 1001, "longer than 1000 letters", 1000),
        ("x\ud800", "half of a letter", 1),
    ],
)
def test_a_pattern_is_refused_with_place_and_reason_when_wrong(pattern: str, reason: str, place: int) -> None:
    with pytest.raises(BadPattern) as refused:
        Words([Word(pattern, way="pattern")])
    assert (refused.value.reason, refused.value.place) == (reason, place)


def test_a_pattern_ends_soon_when_another_library_would_hang() -> None:
    assert found([Word("(a+)+$", way="pattern")], "a" * 20_000 + "b") == []


def test_a_table_is_read_with_its_mistakes_when_some_lines_are_wrong() -> None:
    lines = [
        "\ufeff词,方式,类型\n",
        "赌博,包含,\n",
        "\n",
        "微信,拼音,允许\n",
        "(,正则,\n",
        "x,怎么,\n",
        ",包含,\n",
        "赌博,,\n",
        "y,,z\n",
    ]
    words, mistakes = read_words(lines, "ours")
    assert words == [Word("赌博", "ours"), Word("微信", "ours", "pinyin", allows=True)]
    assert mistakes == [
        Mistake(5, "missing ) at 1"),
        Mistake(6, "unknown way 怎么"),
        Mistake(7, "nothing to look for at 1"),
        Mistake(9, "unknown kind z"),
    ]
    assert read_words(["a,b\n"], "ours") == ([], [Mistake(1, "no column named word")])


MANY = Words(
    [Word(w, way=way) for w in ("微信", "ab", "1", "t.me") for way in ("exact", "substring", "pinyin")]
    + [Word("[a-z]+", way="pattern")]
)


@given(ANYTHING)
def test_every_hit_is_a_piece_of_the_text_when_anything_is_read(text: str) -> None:
    for hit in MANY.find(text):
        assert 0 <= hit.span[0] < hit.span[1] <= len(text)
