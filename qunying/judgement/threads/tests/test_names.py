from qunying.judgement.threads.names import key_of, named
from qunying.judgement.threads.words import read

KNOWN = ("小王", "王老师", "alice", "bob", "the-long-nick", "hello", "阿 宝")


def find(text: str, mentions: tuple[str, ...] = ()) -> tuple[tuple[str, ...], bool]:
    return named(read(text), mentions, KNOWN)


def test_a_person_is_called_when_the_line_begins_with_the_name() -> None:
    assert find("alice: look here") == (("alice",), True)
    assert find("Bob, look here") == (("bob",), True)
    assert find("bob look here") == (("bob",), True)
    assert find("小王你看一下") == (("小王",), True)


def test_a_person_is_called_when_an_at_stands_anywhere() -> None:
    assert find("看这里 @王老师 谢谢") == (("王老师",), True)
    assert find("@bobwhy not") == (("bob",), True)
    assert find("@阿 宝 在吗") == (("阿 宝",), True)


def test_a_person_is_named_in_passing_when_the_name_stands_inside() -> None:
    assert find("I think the-long-nick said so") == (("the-long-nick",), False)
    assert find("刚才王老师说过") == (("王老师",), False)


def test_a_word_is_no_name_when_everybody_says_it() -> None:
    assert find("hello everybody") == ((), False)


def test_the_carriers_mentions_are_believed_when_the_text_is_silent() -> None:
    assert find("好的", mentions=("小王",)) == (("小王",), True)
    assert find("好的", mentions=("u-991",)) == (("u-991",), True)


def test_names_are_one_when_only_the_tail_of_a_taken_nick_differs() -> None:
    assert key_of("Alice_") == key_of("alice|away") == key_of("@ＡＬＩＣＥ") == "alice"
    assert key_of("___") == "___"
