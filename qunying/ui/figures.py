"""Figures in words: thousands, 万, signed percent, durations. Every function answers in the active language."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from django.utils.translation import get_language
from django.utils.translation import gettext as _

Number = int | float | Decimal
WAN = 10_000
SHORTENED_FROM = 100_000
YI = 100_000_000
MINUS = "−"
MISSING = "–"


def number(value: Number | None) -> str:
    """``6214`` → «6,214»; in Chinese from 100,000 on «191.4 万», from 100 million on «1.2 亿». ``None`` and NaN → «–»."""
    if value is None or not isfinite(value):
        return MISSING
    if abs(float(value)) < SHORTENED_FROM or not _counts_in_wan():
        return exact(value)
    unit, word = (YI, "亿") if _rounds_to_yi(value) else (WAN, "万")
    return f"{exact(_rounded(value, unit))} {word}"


def exact(value: Number | None) -> str:
    """Every digit with thousands separators; a fraction keeps at most two places. ``None`` and NaN → «–»."""
    if value is None or not isfinite(value):
        return MISSING
    text = f"{value:,}" if isinstance(value, int) else _trimmed(f"{value:,.2f}")
    return text.replace("-", MINUS)


def percent(share: Number | None, places: int = 0) -> str:
    """A share of one as «26%». A share too small to show is «<1%», never a false nought."""
    if share is None or not isfinite(share):
        return MISSING
    smallest = 10.0**-places
    if 0 < share * 100 < smallest:
        return f"<{_trimmed(f'{smallest:.{places}f}')}%"
    return f"{_half_up(share * 100, places)}%".replace("-", MINUS)


def change(share: Number | None) -> str:
    """A difference as a share of what was before, always with its sign: «+4%», «−38%», «±0%»."""
    if share is None or not isfinite(share):
        return MISSING
    points = _half_up(share * 100, 0)
    if points == 0:
        return "±0%"
    return f"{'+' if points > 0 else MINUS}{abs(points):,}%"


def duration(length: timedelta | Number | None) -> str:
    """A length of time (``timedelta`` or seconds) in its two largest units: «1 分 9 秒», «14 分钟», «2 天 3 小时».

    Below one second «不到 1 秒»; from ten minutes on seconds, from ten days on hours are left out. Negative counts as nought.
    """
    if length is None:
        return MISSING
    seconds = length.total_seconds() if isinstance(length, timedelta) else float(length)
    if not isfinite(seconds):
        return MISSING
    if seconds < 1:
        return _("不到 1 秒")
    return _long(int(seconds)) if seconds >= 3600 else _short(int(seconds))


def _short(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("%(n)d 秒") % {"n": rest}
    if rest and minutes < 10:
        return _("%(minutes)d 分 %(seconds)d 秒") % {
            "minutes": minutes,
            "seconds": rest,
        }
    return _("%(n)d 分钟") % {"n": minutes}


def _long(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    days, hours_left = divmod(hours, 24)
    if not days:
        words = _("%(hours)d 小时 %(minutes)d 分") if minutes else _("%(hours)d 小时")
        return words % {"hours": hours, "minutes": minutes}
    words = _("%(days)d 天 %(hours)d 小时") if hours_left and days < 10 else _("%(days)d 天")
    return words % {"days": days, "hours": hours_left}


def _counts_in_wan() -> bool:
    return (get_language() or "").startswith("zh")


def _rounds_to_yi(value: Number) -> bool:
    """99,999,999 rounds to one 亿, not to «10,000 万»."""
    return abs(_rounded(value, WAN)) >= WAN


def _rounded(value: Number, unit: int) -> Decimal:
    return (Decimal(str(value)) / unit).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _half_up(value: Number, places: int) -> Decimal:
    """Rounded as people round (0.5 goes up), not to the even neighbour."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
