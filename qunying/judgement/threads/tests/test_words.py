from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.threads.words import MOST_WORDS, TRAITS, read


def traits(text: str) -> set[str]:
    return {name for name, value in zip(TRAITS, read(text).traits, strict=True) if value}


def test_a_question_is_heard_when_it_has_no_mark() -> None:
    assert "asks" in traits("请问押金什么时候退")
    assert "asks" in traits("so how do i mount this")
    assert "asks" not in traits("押金三天后退")


def test_what_follows_the_name_is_read_when_somebody_is_called() -> None:
    assert {"called", "agrees"} <= traits("nick: yes that works")
    assert {"called", "agrees"} <= traits("@小王 好的")


def test_nobody_is_called_when_a_line_begins_with_a_word_and_comma() -> None:
    assert "called" not in traits("yes, that works")
    assert "called" not in traits("但是,我不同意")


def test_neighbouring_characters_are_words_when_the_text_is_chinese() -> None:
    assert {"发票", "抬头"} <= set(read("发票抬头").words)


def test_endings_are_left_out_when_words_are_compared() -> None:
    assert set(read("graphics drivers").words) & set(read("graphic driver").words) == {"graphic", "driver"}


def test_a_quotation_names_its_speaker_when_it_says_so() -> None:
    assert read("「小王：明天几点」\n- - -\n八点").quotes == (("小王", "明天几点"),)
    assert read("> what time is it\nnoon").quotes == (("", "what time is it"),)


def test_lines_point_up_when_they_say_so() -> None:
    assert read("同楼上").above == 1
    assert read("楼上楼上说得对").above == 2
    assert read("^^ this").above == 2
    assert read("楼下便利店").above == 0


@given(st.text(max_size=300))
def test_every_text_is_read_when_it_is_anything_at_all(text: str) -> None:
    said = read(text)
    assert len(said.traits) == len(TRAITS)
    assert len(said.words) <= MOST_WORDS


def test_reading_stays_bounded_when_a_book_is_pasted() -> None:
    said = read("一二三四五六七八九十" * 20_000)
    assert len(said.words) <= MOST_WORDS
    assert len(said.text) <= 1_000
