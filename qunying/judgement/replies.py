"""What a short reply is: thanks to whoever helped, or only the same question again.

Closed classes of words, Chinese and English. Thanks in advance at the end of a question are politeness, not thanks.
"""

from __future__ import annotations

import re

from qunying.judgement.threads.words import plain_of

MOST_LETTERS = 200  # whoever writes more says something else, too, and the thanks stand at its beginning
SHORT = 24

_HAN = re.compile(
    r"谢谢|謝謝|多谢|多謝|感谢(?![信费函])|感謝(?![信費函])|拜谢|跪谢|谢过|谢[啦咯喽]|(?<![花凋都])谢了|谢大佬|谢楼上|谢老板|谢[您你]"
    r"|感激|感恩(?!节)|蟹蟹|三克油|辛苦(?:了|啦|老师|大家|各位|[您你])"
)
_DIGITS = re.compile(r"(?<![0-9a-z])3(?:q+|ks|x)(?![0-9a-z])(?!财|营|业绩|报|季)")
_LATIN = re.compile(
    r"(?<![a-z])(?:thanks|thank (?:you|u)|thankyou|thx+|thnx|tnx|tysm|tyvm|ty|appreciated?(?: it| that)?)(?![a-z])"
)
_CHEERS = re.compile(r"cheers(?: (?:mate|all|guys|man|everyone))?[.!~ ]*")
_FOLDED_HANDS = re.compile(r"[🙏\s]*🙏[🙏\s\ufe0f]*|(?:\[抱拳\]|\[合十\])+")
_NONE = re.compile(
    r"不用谢|不客气|不谢|别谢|谢绝|谢幕|谢邀|谢天谢地|谢谢?参与|谢谢?惠顾|真[是的]*谢谢|谢谢你全家|谢你全家|谢谢您嘞"
    r"|(?<![a-z])no,? (?:thanks|thank you)|thanks? to |thank(?:s| you) for nothing|thanks? (?:god|goodness|heavens)"
)
_ASKS = re.compile(
    r"[?？]|吗|求[推教助问解]|请[问教]|有没有|有人|谁有|谁知道|怎么|如何|几点|多少|哪里|(?<![a-z])(?:anyone|anybody|how|where|what|which)(?![a-z])"
)
_ALL = re.compile(r"大家|各位|诸位|你们|楼上几位|(?<![a-z])(?:all|everyone|everybody|guys|both)(?![a-z])")
_JOINS_IN = re.compile(
    r"(?:同(?:问|求|蹲)+|蹲(?:一?个|蹲|答案|回复)?|\+1|我也(?:是|想知道|想问|要|不知道)|插眼|马克|mark|me too|same(?: question| here| problem)*)"
)
_SIGNS = re.compile(r"[\s!！~～。.,，…、?？]+")

_MAY_THANK = re.compile(
    r"谢|謝|感激|感恩|蟹蟹|克油|辛苦|[3３][qkx]|[tｔ][hｈ]|[tｔ][nyｙ]|preciate|cheers|🙏|抱拳|合十", re.IGNORECASE
)
_MAY_JOIN = re.compile(r"同|蹲|[+＋]|我也|插眼|马克|mark|me too|same", re.IGNORECASE)


def gives_thanks(text: str) -> bool:
    """Whether somebody thanks: for something that was done, not in advance, not in mockery, and not somebody called 谢."""
    text = text[:MOST_LETTERS]
    if _MAY_THANK.search(text) is None:  # most lines end here
        return False
    plain = plain_of(text)
    if _FOLDED_HANDS.fullmatch(plain) or _CHEERS.fullmatch(plain):
        return True
    if _NONE.search(plain):
        return False
    found = _first(plain)
    return found is not None and _ASKS.search(plain, 0, found) is None


def thanks_everybody(text: str) -> bool:
    """Whether thanks go to all who helped."""
    return _ALL.search(plain_of(text[:MOST_LETTERS])) is not None


def only_joins_in(text: str) -> bool:
    """Whether the words are only «the same here»: no answer to anybody."""
    if len(text) > SHORT or _MAY_JOIN.search(text) is None:
        return False
    return _JOINS_IN.fullmatch(_SIGNS.sub(" ", plain_of(text)).strip()) is not None


def _first(plain: str) -> int | None:
    """Where the first word of thanks stands."""
    found = [match.start() for rule in (_HAN, _DIGITS, _LATIN) if (match := rule.search(plain))]
    return min(found) if found else None
