"""What a bank does with questions it knows, half knows and does not know."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qunying.judgement.answers import BadRow, Bank, BankRow

ROWS = (
    BankRow("refund", "押金什么时候退", "结营后三个工作日内原路退回。", "钱"),
    BankRow("replay", "错过直播可以看回放吗", "当晚十点后在课程页看回放。"),
    BankRow("certificate", "怎么才能拿到证书", "打卡满八成并通过测试。"),
    BankRow("invoice", "可以开发票吗", "在订单页点申请发票。"),
    BankRow("shipping", "How long does delivery take", "Three to five days."),
    BankRow("password", "I forgot my password", "Press «forgotten» on the sign-in page."),
)
BANK = Bank.of(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_the_entry_is_answered_when_its_own_question_is_asked(row: BankRow) -> None:
    found = BANK.answer(row.question)
    assert (found.decision, found.entry) == ("answer", row.entry)
    assert found.candidates[0].score == found.confidence


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ("請問押金啥時候退啊？？", "refund"),
        ("我的保证金何时退还", "refund"),
        ("回放在哪看，直播没赶上", "replay"),
        ("证书要怎么样才能拿", "certificate"),
        ("能开票不", "invoice"),
        ("how long will the deliveries take?", "shipping"),
        ("forgotten passcode", "password"),
    ],
)
def test_the_right_entry_comes_first_when_asked_in_other_words(asked: str, entry: str) -> None:
    assert BANK.answer(asked).candidates[0].entry == entry


@pytest.mark.parametrize(
    "asked", ["今晚去吃火锅吗", "哈哈哈哈", "who won the match yesterday", "", "🎉🎉", "？？？", "\ud800", "\0"]
)
def test_nothing_is_answered_when_no_entry_is_asked_for(asked: str) -> None:
    found = BANK.answer(asked)
    assert found.decision == "refuse"
    assert found.entry is None


def test_everything_is_refused_when_the_bank_is_empty() -> None:
    assert Bank.of([]).answer("押金什么时候退").decision == "refuse"


def test_the_row_is_named_when_it_has_no_question() -> None:
    with pytest.raises(BadRow, match="row 2: the question is empty"):
        Bank.of([ROWS[0], BankRow("x", " ", "y")])


def test_one_row_is_enough_when_its_question_is_asked() -> None:
    bank = Bank.of(ROWS[:1])
    assert bank.answer("押金什么时候退").entry == "refund"
    assert bank.answer("明天天气好吗").decision == "refuse"


def test_only_its_beginning_counts_when_a_long_text_is_asked() -> None:
    assert BANK.answer("押金什么时候退" * 15_000) == BANK.answer("押金什么时候退" * 10_000)


def test_entries_keep_apart_when_many_rows_share_them() -> None:
    ways = {"late": "where is my parcel|it did not arrive yet|still waiting for the delivery|track my shipment",
            "broken": "the cup is broken|it came damaged|there is a crack in it|the glass was in pieces"}  # fmt: skip
    bank = Bank.of([BankRow(entry, way, "…") for entry, several in ways.items() for way in several.split("|")])
    assert bank.answer("my shipment has not arrived").candidates[0].entry == "late"
    assert bank.answer("it arrived broken, a big crack").candidates[0].entry == "broken"


def test_vectors_decide_when_words_say_nothing() -> None:
    def embed(texts: object) -> NDArray[np.floating]:
        assert isinstance(texts, list | tuple)
        return np.array([[1.0, 0.0] if "押金" in text or "ersatz" in text else [0.0, 1.0] for text in texts])

    assert Bank.of(ROWS, embed).answer("ersatz").candidates[0].entry == "refund"
    assert Bank.of(ROWS).answer("ersatz").candidates == ()


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_every_answer_keeps_its_promises_when_anything_is_asked(text: str) -> None:
    found = BANK.answer(text)
    assert 0 <= found.confidence <= 1
    assert (found.entry is None) == (found.decision == "refuse")
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert len({candidate.entry for candidate in found.candidates}) == len(scores)


@given(st.permutations(ROWS))
@settings(max_examples=20, deadline=None)
def test_the_answer_is_the_same_when_the_rows_stand_in_another_order(rows: list[BankRow]) -> None:
    found = Bank.of(rows).answer("保证金几时退")
    assert found.entry == BANK.answer("保证金几时退").entry
    assert found.confidence == pytest.approx(BANK.answer("保证金几时退").confidence, abs=1e-3)


def test_each_of_ten_thousand_rows_is_found_when_it_is_asked() -> None:
    things = [
        f"第{number}号{word}怎么{verb}" for number in range(250) for word in "课书班群表" for verb in "退换改查用开关买"
    ]
    bank = Bank.of([BankRow(str(number), thing, "好") for number, thing in enumerate(things)])
    for number, thing in list(enumerate(things))[::200]:
        assert bank.answer(thing).candidates[0].entry == str(number)


def test_an_entry_is_a_candidate_when_the_question_only_leads_to_its_matter() -> None:
    rows = [BankRow("cool", "空调坏了找谁", ""), BankRow("lift", "电梯坏了找谁", "")]
    assert Bank.of(rows).answer("冷飕飕的").candidates[0].entry == "cool"
