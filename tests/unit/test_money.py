"""Amounts are read as shops write them, and added up to the last part."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kernel.money import PARTS, read_amount, read_currency, to_decimal


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("11.77", "11.77", ""),
        ("￥1,299.00", "1299", "CNY"),
        ("１２．５元", "12.5", "CNY"),
        ("USD 30", "30", "USD"),
        ("30usd", "30", "USD"),
        ("HK$ 8.8", "8.8", "HKD"),
        ("€1.299,00", "1299", "EUR"),
        ("12,5", "12.5", ""),
        ("1'000.5", "1000.5", ""),
        ("(5.00)", "-5", ""),
        ("-0.0001", "-0.0001", ""),
        (".5", "0.5", ""),
        ("+3", "3", ""),
        ("5.00000", "5", ""),
    ],
)
def test_an_amount_is_read_as_it_is_meant(text: str, amount: str, currency: str) -> None:
    assert read_amount(text) == (int(Decimal(amount) * PARTS), currency)


@pytest.mark.parametrize(
    "text", ["", " ", "免费", "1.00001", "1,23,4", "--5", "5-", "1e5", "nan", "USD", "9" * 13, "5 6 abc", "½"]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert read_amount(text) is None


@given(st.integers(-(10**14), 10**14))
def test_an_amount_written_out_is_read_back(parts: int) -> None:
    assert read_amount(str(to_decimal(parts))) == (parts, "")


@pytest.mark.parametrize(
    ("text", "code"), [("", ""), ("cny", "CNY"), ("人民币", "CNY"), ("¥", "CNY"), ("Gold", None), ("CNY USD", None)]
)
def test_a_currency_is_its_code(text: str, code: str | None) -> None:
    assert read_currency(text) == code
