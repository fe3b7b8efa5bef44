from __future__ import annotations

import pytest

from qunying.ui.faces import TONES, initial, tone


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("陆小满", "陆"),
        ("老周", "周"),
        ("阿茗", "茗"),
        ("阿里山茶", "阿"),
        ("amy", "A"),
        ("éva", "É"),
        ("e\u0301va", "É"),
        ("👩‍🚀太空人", "👩‍🚀"),
        ("🇨🇳加油", "🇨🇳"),
        ("👍🏽好", "👍🏽"),
        ("\u200b\u202e石榴", "石"),
        ("「禾生」", "禾"),
        ("עדי", "ע"),
        ("𠮷野家", "𠮷"),
        ("Ａ君", "Ａ"),
        ("3 班班长", "3"),
        ("", "·"),
        ("\u200b\u3164 ", "ㅤ"),
        ("。。。", "·"),
        ("👨‍", "👨"),
    ],
)
def test_initial_is_one_visible_sign_when_names_are_odd(name: str, sign: str) -> None:
    assert initial(name) == sign


def test_tone_is_the_same_when_asked_again() -> None:
    assert tone(42) == tone("42")
    assert {tone(i) for i in range(200)} == set(TONES)
