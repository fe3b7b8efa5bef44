from qunying.judgement.threads import Conversation, Line, Turn, converse
from qunying.judgement.threads.conversations import PATIENCE
from qunying.judgement.threads.tests.plays import PLAYS

NAMES = {1: "安安", 2: "阿博", 3: "小李"}
LATE = 100_000.0


def turn(identity: str, who: int, text: str, to: str | None = None, at: float | None = None, **more: bool) -> Turn:
    """A line that stands where its id says, a minute apart; what it answers is told by the carrier."""
    moment = float(identity) * 60 if at is None else at
    return Turn(Line(identity, moment, NAMES[who], text, (), to), who, **more)


def ask(identity: str = "1", who: int = 1, to: str | None = None) -> Turn:
    return turn(identity, who, "押金什么时候退？", to, asks=True)


def waiting(*turns: Turn, now: float = LATE) -> list[str]:
    return [asked.line.id for one in converse(turns, now) for asked in one.waiting]


def test_a_conversation_knows_its_opener_and_its_people_when_others_join() -> None:
    turns = [
        turn("1", 2, "周末去龙坞吗"),
        turn("2", 1, "去", "1"),
        turn("3", 2, "几点", "2"),
        turn("4", 3, "八点", "3"),
    ]
    (found,) = converse(turns, LATE)
    assert (found.opener, found.people, len(found.turns)) == (turns[0], (2, 1, 3), 4)


def test_a_question_stands_open_when_nobody_but_the_asker_said_anything_in_its_thread() -> None:
    assert waiting(ask()) == ["1"]
    assert waiting(ask(), turn("2", 1, "有人吗", "1")) == ["1"]
    assert waiting(ask(), turn("2", 2, "周五退", "1")) == []


def test_a_question_is_not_open_yet_when_there_was_no_time_to_answer_it() -> None:
    assert waiting(ask(), now=60 + PATIENCE - 1) == []
    assert waiting(ask(), now=60 + PATIENCE) == ["1"]


def test_a_question_in_the_middle_is_open_when_nobody_went_on_after_it() -> None:
    turns = [turn("1", 2, "周末去龙坞"), ask("2", 1, "1"), turn("3", 1, "在线等", "2")]
    assert waiting(*turns) == ["2"]
    assert waiting(*turns, turn("4", 3, "我问问", "3")) == []


def test_the_first_of_several_questions_is_told_when_none_was_answered() -> None:
    assert waiting(ask("1"), ask("2", to="1")) == ["1"]


def test_another_question_is_no_answer_unless_it_replies() -> None:
    room = [turn("1", 1, "押金什么时候退", asks=True), turn("2", 2, "押金退多少", asks=True)]
    assert waiting(*room) == ["1", "2"]
    assert waiting(*room, turn("3", 3, "退押金看公告")) == []
    assert waiting(ask(), ask("2", 2, "1")) == ["2"]


def test_what_was_withdrawn_neither_asks_nor_answers_nor_opens() -> None:
    gone = turn("1", 1, "押金什么时候退？", asks=True, is_withdrawn=True)
    assert converse([gone], LATE) == []
    assert waiting(ask(), turn("2", 2, "周五退", "1", is_withdrawn=True)) == ["1"]
    (found,) = converse([gone, turn("2", 2, "退什么", "1")], LATE)
    assert found.opener.line.id == "2"


def test_people_of_one_name_are_two_when_their_numbers_differ() -> None:
    namesake = Turn(Line("2", 120.0, "安安", "周五退", (), "1"), 2)
    assert waiting(ask(), namesake) == []


def test_every_line_is_in_one_conversation_when_a_room_talks_at_once() -> None:
    for play in PLAYS:
        names = {name: n for n, name in enumerate({line.author for line in play.lines})}
        found = converse([Turn(line, names[line.author]) for line in play.lines], LATE)
        assert sorted(_ids(found)) == sorted(line.id for line in play.lines)
        assert [one.opener.line.at for one in found] == sorted(one.opener.line.at for one in found)


def _ids(found: list[Conversation]) -> list[str]:
    return [turn.line.id for one in found for turn in one.turns]
