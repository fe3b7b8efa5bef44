"""Letters that are read as others, put together from Unicode's names and from what is seen in groups.

``GLYPHS`` holds wherever it stands; ``LOOK_LIKE_LATIN`` only among Latin or Chinese letters (see ``folding``), because the
same letters are good Greek and Russian.
"""

from __future__ import annotations

from types import MappingProxyType


def _each(letters: str, as_what: str) -> dict[str, str]:
    return dict(zip(letters, as_what, strict=True))


_NUMBERS = {
    **_each("❶❷❸❹❺❻❼❽❾", "123456789"),
    **_each("➀➁➂➃➄➅➆➇➈", "123456789"),
    **_each("➊➋➌➍➎➏➐➑➒", "123456789"),
    **_each("⓵⓶⓷⓸⓹⓺⓻⓼⓽", "123456789"),
    **_each("㊀㊁㊂㊃㊄㊅㊆㊇㊈", "一二三四五六七八九"),
    **_each("〡〢〣〤〥〦〧〨〩", "123456789"),
    "⓪": "0",
    "⓿": "0",
    "🔟": "10",
    "❿": "10",
    "➉": "10",
    "➓": "10",
}
_SIGNS = {
    "➕": "+",
    "✚": "+",
    "✛": "+",
    "✜": "+",
    "⊕": "+",
    "十": "十",
    "🅰": "a",
    "🅱": "b",
    "🅾": "o",
    "🅿": "p",
    "❎": "x",
    "✖": "x",
    "×": "x",
    "ℓ": "l",
    "ⅴ": "v",
    "ⅹ": "x",
    "√": "v",
    "∨": "v",
    "ᐯ": "v",
    "ꓦ": "v",
    "ꓫ": "x",
    "ꓳ": "o",
    "ꓠ": "n",
    "ꓪ": "w",
    "ꓬ": "y",
    "✓": "v",
    "✔": "v",
    "☑": "v",
    "㏇": "co",
    "。": "。",
    "․": ".",
    "∙": ".",
    "・": ".",
    "･": ".",
    "·": ".",
    "•": ".",
    "❤": "❤",
}
_SMALL_CAPITALS = _each("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
_TURNED = _each("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ", "acefghijkmrtvwy")
_BARRED = _each("łøđħŧƀɓɗɠɨʉƚɵ", "lodhtbbdgiulo")
GLYPHS = MappingProxyType({**_NUMBERS, **_SIGNS, **_SMALL_CAPITALS, **_TURNED, **_BARRED})

LOOK_LIKE_LATIN = MappingProxyType(
    {
        **_each("авсеһіјкмнорԛѕтухԝѵԁгпь", "abcehijkmhopqstyxwvdrnb"),
        **_each("αβγεηικνορτυχωκμ"[:14], "abyenikvoptuxw"),
        "μ": "u",
    }
)
