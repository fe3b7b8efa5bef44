"""Amounts of money as whole numbers: ten-thousandths of the currency's unit, so that sums are exact everywhere."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

PARTS = 10_000
DECIMALS = 4
MOST_PARTS = 10**15  # what every store and every engine still adds up exactly, a thousand times over

_SIGNS = {
    "HK$": "HKD",
    "NT$": "TWD",
    "US$": "USD",
    "RMB": "CNY",
    "人民币": "CNY",
    "港币": "HKD",
    "港元": "HKD",
    "美元": "USD",
    "欧元": "EUR",
    "日元": "JPY",
    "¥": "CNY",
    "元": "CNY",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
}
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_NUMBER = re.compile(r"([-+]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d+))?")
_THOUSANDS = re.compile(r"(?<=\d)[' ](?=\d{3}(?!\d))")
_COMMA_DECIMALS = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}")


def read_amount(text: str) -> tuple[int, str] | None:
    """Parts and currency («» where none is named) of an amount as people and shops write it; None for what is none.

    «￥1,299.00», «12.5元», «USD 30», «(5.00)» for minus five, «1.299,00». More than four decimals, and amounts from a
    hundred thousand millions on, are none.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper().replace("−", "-")
    currency, plain = _currency(plain)
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    plain = _THOUSANDS.sub("", plain)
    if _COMMA_DECIMALS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    found = _NUMBER.fullmatch(plain)
    if found is None or not (found[2] or found[3]):
        return None
    decimals = (found[3] or "").rstrip("0")
    if len(decimals) > DECIMALS:
        return None
    parts = int((found[2] or "0").replace(",", "")) * PARTS + int(decimals.ljust(DECIMALS, "0"))
    return (-parts if found[1] == "-" else parts, currency) if parts < MOST_PARTS else None


def read_currency(text: str) -> str | None:
    """The code of a currency named by code, sign or word; «» for no words, None for unknown ones."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not plain:
        return ""
    code, rest = _currency(plain)
    return code if code and not rest.strip() else None


def to_decimal(parts: int) -> Decimal:
    """The amount in the currency's unit, with two decimals at least."""
    amount = Decimal(parts).scaleb(-DECIMALS)
    return amount.quantize(Decimal("0.01")) if parts % 100 == 0 else amount


def _currency(plain: str) -> tuple[str, str]:
    """The currency named in the text, and the text without its name."""
    for sign, code in _SIGNS.items():
        if sign in plain:
            return code, plain.replace(sign, "", 1).strip()
    found = _CODE.search(plain)
    return (found[0], plain.replace(found[0], "", 1).strip()) if found else ("", plain)
