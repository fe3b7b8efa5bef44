"""The parts that expressions for keys and handles are put together from."""

from __future__ import annotations

HAN = r"\u4e00-\u9fff"


def any_of(*ways: str) -> str:
    """One of these, the first that fits."""
    return f"(?:{'|'.join(ways)})"


def named(name: str, *ways: str) -> str:
    """The same, and the match tells the name."""
    return f"(?P<{name}>{'|'.join(ways)})"


def word(*ways: str) -> str:
    """One of these, not inside a Latin word."""
    return f"(?<![a-z]){any_of(*ways)}(?![a-z])"


def sign(but: str = "") -> str:
    """Neither a letter nor a digit, and none of ``but``."""
    return rf"[^\w{HAN}{but}]"


HAN_NUMERAL = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
NUMERAL = f"0-9{HAN_NUMERAL}"
FEW_SIGNS = sign(but="@+") + "{0,4}"  # what may stand between the letters of a key

# 微信, also in characters that sound or look alike
WEI_LETTERS = "微薇威维唯喂卫魏违围徽溦崴葳徾位味伟伪委韦惟嶶巍蔚v"
WEI = f"[{WEI_LETTERS}]"
XIN = any_of("[信心芯鑫新星欣辛馨❤♥♡⭐★]", "xin(?![a-z])", r"亻\s?言", "💕", "💗", "💖")

# 加, also in other characters
ADD = any_of(
    "[加➕伽嘉珈茄枷珂]",
    "增",
    r"\+",
    "添加",
    rf"(?<![{HAN}])[家佳十](?![{HAN}]*[路人])",  # where a sentence begins; «十路车» and «佳人» add nobody
    "jia",
    "搜",
    "联系",
    "call",
)
