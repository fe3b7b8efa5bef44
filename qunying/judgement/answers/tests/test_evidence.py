"""Row and answer of an entry together explain a question, or leave something open."""

from __future__ import annotations

import pytest

from qunying.judgement.answers import Bank, BankRow
from qunying.judgement.answers.shelf import TRAITS
from qunying.judgement.answers.words import pieces_of

ROWS = (
    BankRow("hours", "店里几点关门", "晚上十点打烊，节日照常。"),
    BankRow("parcel", "包裹送到了吗", "放在东门的柜子里。"),
    BankRow("screen", "屏幕不亮怎么办", "长按开关十秒。"),
)


def traits(asked: str) -> dict[str, dict[str, float]]:
    bank = Bank.of(ROWS)
    assert bank._shelf is not None
    likely = bank._shelf.look(asked)
    assert likely is not None
    return {
        bank.entries[int(entry)]: dict(zip(TRAITS, one.tolist(), strict=True))
        for entry, one in zip(likely.entries, likely.traits, strict=True)
    }


def test_the_answer_explains_what_the_question_of_the_bank_lacks() -> None:
    found = traits("几点打烊")["hours"]
    assert found["asks_letters"] < 0.5 < found["explained"]
    assert found["heaviest_open"] < 1


def test_everything_is_explained_when_the_question_of_the_bank_is_asked() -> None:
    found = traits(ROWS[0].question)["hours"]
    assert found["explained"] == pytest.approx(1)
    assert found["heaviest_open"] == 0
    assert found["heaviest_shared"] > 0


def test_the_heaviest_meaning_is_open_when_neither_row_nor_answer_has_it() -> None:
    found = traits("东门的狮子几点关门")
    assert found["parcel"]["heaviest_open"] > 0
    assert found["screen"]["explained"] < found["hours"]["explained"]


@pytest.mark.parametrize(("asked", "entry", "differs"), [("屏幕没亮", "screen", 0), ("屏幕亮吗", "screen", 1)])
def test_a_denial_is_told_from_none(asked: str, entry: str, differs: int) -> None:
    assert traits(asked)[entry]["denies_otherwise"] == differs


@pytest.mark.parametrize("text", ["能不能退", "有没有货", "到了没？", "能退不", "服务不错", "退钱吗"])
def test_asking_whether_denies_nothing(text: str) -> None:
    assert not pieces_of(text).denies


@pytest.mark.parametrize("text", ["登录不了", "没收到", "打卡失败", "収不到、還沒發貨", "杯子坏了"])
def test_what_is_not_so_or_went_wrong_is_a_denial(text: str) -> None:
    assert pieces_of(text).denies
