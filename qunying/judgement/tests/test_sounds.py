from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.folding import fold
from qunying.judgement.sounds import sound_of, spell


def heard(text: str) -> str:
    return sound_of(fold(text)).text


@pytest.mark.parametrize("other", ["薇信", "威信", "weixin", "WeiXin", "維新", "为新"])
def test_two_spellings_sound_the_same_when_they_are_read_the_same(other: str) -> None:
    assert heard(other) == heard("微信")


@pytest.mark.parametrize("other", ["微博", "外信", "wxin", "微"])
def test_two_words_sound_different_when_they_are_read_differently(other: str) -> None:
    assert heard(other) != heard("微信")


@pytest.mark.parametrize(
    ("letters", "syllables"), [("weixin", ("wei", "xin")), ("xian", ("xian",)), ("hello", ()), ("jiawo", ("jia", "wo"))]
)
def test_letters_are_syllables_when_they_spell_some_to_the_end(letters: str, syllables: tuple[str, ...]) -> None:
    assert spell(letters) == syllables


def test_a_syllable_leads_back_to_all_its_letters_when_it_was_spelt() -> None:
    view = sound_of(fold("加weixin 吧"))
    assert [view.span(place, place + 1) for place in range(len(view))] == [(0, 1), (1, 4), (4, 7), (7, 8), (8, 9)]


@given(st.text(st.characters(codec=None), max_size=60))
def test_every_sound_leads_back_when_anything_is_heard(text: str) -> None:
    view = sound_of(fold(text))
    assert len(view.text) == len(view.starts) == len(view.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))


def test_no_table_of_phrases_is_loaded_when_a_text_is_read() -> None:
    """It takes fifty megabytes of every process, and nobody asks it how a text sounds."""
    program = (
        "import sys; from qunying.judgement.judge import read; read('加微信'); sys.exit('pypinyin' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
