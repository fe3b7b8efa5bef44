"""What is wrong with a word that cannot be looked for, as people say it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from qunying.kernel.texts import Sentence, mark

REASONS: Mapping[str, str] = {
    "nothing to look for": mark("里面没有能找的字"),
    "half of a letter": mark("有半个坏掉的字"),
    "missing )": mark("括号没有收住"),
    "missing ]": mark("方括号没有收住"),
    "unexpected )": mark("多了一个右括号"),
    "no argument for repetition operator": mark("重复的记号前面没有东西"),
    "invalid escape sequence": mark("反斜杠后面的字认不得"),
    "trailing \\": mark("反斜杠后面没有东西"),
    "invalid character class range": mark("方括号里的范围写反了"),
    "invalid repetition size": mark("重复的次数太多"),
}
BEGINNINGS: Mapping[str, str] = {
    "unknown way ": mark("不认得「%(what)s」这种方式，能写完全、包含、正则、拼音"),
    "unknown kind ": mark("不认得「%(what)s」这种类型，能写禁止、允许"),
}


def why_of(reason: str) -> Sentence:
    """Why a word cannot be looked for, as people say it; what nobody has words for as it stands."""
    told, _, _place = reason.partition(" at ")
    if told in REASONS:
        return Sentence(REASONS[told])
    for begins, words in BEGINNINGS.items():
        if told.startswith(begins):
            return Sentence(words, {"what": told.removeprefix(begins)})
    return Sentence(reason)
