"""What one line says by itself: its words, whether it asks, thanks, greets, quotes, points up or calls a bot.

Chinese has no gaps between words, so two neighbouring characters count as a word there. Closed classes of function words
are all that is known of a language; there are no topic words here, so nothing is bound to one room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qunying.judgement.folding import folded

MOST_LETTERS = 1_000  # of a line are read; whoever pastes a book speaks of what it begins with
MOST_WORDS = 32

_TOKEN = re.compile(r"[a-z0-9][a-z0-9_+#'/.\-]*[a-z0-9_+#]|[a-z0-9]|[\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ADDRESS = re.compile(r"@?([^\s:,@<>]{1,30})[:,] ?(?!/)|@[^\s@]{1,30} ")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BEFORE_QUESTION = _set("so but and or ok hey hi hello well then also all please guys everyone btw")
_QUESTION = _set(
    "how what whats what's why where when which who whose is are was were do does did can could would should will any anyone "
    "anybody has have isn't aren't doesn't don't didn't can't couldn't won't"
)
_SEEKS = _set("anyone anybody someone somebody help trying need looking how possible")
_AGREES = _set(
    "yes yeah yep yup ya no nope nah ok okay k right true sure correct exactly indeed cool nice great good awesome ah aha oh "
    "hm hmm hmmm uh um well lol haha hehe heh hah wow perfect agreed fine same maybe probably np yw"
)
_THANKS = _set("thanks thank thx thankyou ty cheers appreciate thnx tnx")
_GREETS = _set("hi hello hey hiya howdy greetings morning hullo sup yo")
_GOES_ON = _set(
    "and but or so then also because which that it its it's this they he she now still btw plus except unless if with"
)
_I = _set("i i'm im i've ive i'd i'll my me mine we our")
_YOU = _set("you your u ur you're youre yours you'll you'd")
_IT = _set("it that this those these them they he she it's that's")
_TRIES = _set("try use run type install check look see add remove set click just need should could")
_REPORTS = _set("tried did says said gives got get still works worked working doesn't not didn't error nothing done no")

_ASKS_HAN = re.compile(
    "吗|么$|呢$|嘛$|[什怎多]么|为啥|咋|如何|哪[里个位儿些种款家天]|哪$|几[点个天号时]|多少|多久|多大|是不是|有没有|能不能|可不可以"
    "|会不会|要不要|请问|谁(?:知道|有|能|会|在)|求[助问教]|有人|行不行|好不好|对不对|是否|有无|想问|问一?下"
)
_SEEKS_HAN = re.compile("求[助教问推]|请[教问]|有人|有没有|谁知道|大家|问一?下")
_AGREES_HAN = re.compile(
    "(?:好的?|嗯+|哦+|噢|对|是的?|没错|行|可以|不是|不行|不用|没有|有的?|哈+|收到|明白|懂了|知道了|原来|同意|确实|当然|也是|同问|同求|没事|不客气)"
)
_THANKS_HAN = re.compile("谢|感恩|辛苦")
_GREETS_HAN = re.compile("大家好|各位|你好|您好|哈喽|嗨|早上?好|早安|晚上好|下午好|中午好|晚安|早啊?$|新人")
_GOES_ON_HAN = re.compile("而且|但|不过|因为|所以|然后|还有|另外|就是|或者|并且|如果|比如|除了|结果|反正|主要")
_I_HAN, _YOU_HAN, _IT_HAN = re.compile("我|咱"), re.compile("[你您亲]"), re.compile("[这那它他她]")
_TRIES_HAN = re.compile("试|可以|用|点|看看|先|需要")
_REPORTS_HAN = re.compile("还是|不行|报错|成功|好了|试了|没用|显示")

_COMMAND = re.compile(r"[!/.][a-z]\w*")
_LINK = re.compile(r"https?:|www\.|<-link->")
_ABOVE = re.compile(r"(?:[同跟赞顶]?(?:楼上)+|\^+(?!\w)|回复?楼上|\+1\b|附议)")
_QUOTED = re.compile(r"「([^」]{1,400})」|『([^』]{1,400})』|“([^”]{4,400})”|^> ?([^\n]{2,400})", re.MULTILINE)
_QUOTE_MARK = re.compile("[「『“]|^>", re.MULTILINE)
_WHO_SAID = re.compile(r"([^:：\n]{1,32})[:：]\s*")

_COMMON = _set(
    "a an and are as at be been but by can could did do does for from get go got had has have he her him his how i if im in "
    "is it its i'm it's just like me my no not of ok on one or so some that that's the their them then there they this to too "
    "up use was we well were what when where which who why will with would yes you your u don't dont can't know think want "
    "need any also all about out now more than only should see try here really because ive i've thing something someone "
    "anyone please thanks thank hi hello hey good way work works lol oh yeah "
    "这个 那个 什么 怎么 一个 我们 你们 他们 大家 可以 不是 没有 就是 还是 但是 因为 所以 如果 的话 时候 现在 知道 觉得 这样 那样 "
    "一下 有没 是不 请问 谢谢 有人 的人 了吗 吗我 我的 你的 的是 是我 是你 我也 也是 不能 能不 一样 好的 哈哈 么样 为什 还有 已经 应该 "
    "自己 真的 感觉 这么 那么 多少 哪里 上面 楼上 这里 那里 我想 想问 不要 要不 可能"
)

NO_NAMES = _AGREES | _GREETS | _THANKS | _GOES_ON | _BEFORE_QUESTION | _IT | _COMMON

TRAITS = (
    "asks", "has_mark", "seeks", "agrees", "thanks", "greets", "goes_on", "low", "says_i", "says_you", "says_it",
    "tries", "reports", "command", "link", "short", "long", "called",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One line, read by itself. ``traits`` are 1 for yes and 0 for no, in the order of ``TRAITS``.

    ``quotes`` are (who is said to have said it or nothing, what); ``above`` is how many speakers up the line points: 1 for
    «楼上» and «^», 2 for «楼上楼上», 0 for nowhere.
    """

    text: str
    words: tuple[str, ...]
    traits: tuple[float, ...]
    quotes: tuple[tuple[str, str], ...]
    above: int


def plain_of(text: str) -> str:
    """The folded text; of plain ASCII folding changes only the case (and drops what controls a terminal)."""
    return (text.lower() if text.isascii() and text.isprintable() else folded(text)).strip()


def read(text: str) -> Said:
    """What a line says by itself; never fails, goes_together the text."""
    text = text[:MOST_LETTERS]
    plain = plain_of(text)
    called = _address(plain)
    body = plain[called.end() :].lstrip() if called else plain
    tokens = _TOKEN.findall(body)
    return Said(plain, _words(tokens), _traits(body, tokens, called is not None), _quotes(text), _how_far_up(body))


def _address(plain: str) -> re.Match[str] | None:
    """«nick: …», «nick, …» or «@nick …» at the beginning; «yes, …» and a Chinese clause with its comma call nobody."""
    called = _ADDRESS.match(plain)
    if called is None or called[1] is None:
        return called
    if called[1] in NO_NAMES or ("," in called[0] and _HAN.search(called[1])):
        return None
    return called


def _traits(body: str, tokens: list[str], called: bool) -> tuple[float, ...]:  # noqa: FBT001
    bag = frozenset(tokens)
    first = tokens[0] if tokens else ""
    han = _HAN.search(body) is not None
    weight = len(body) + (
        2 * len(_HAN.findall(body[:60])) if han else 0
    )  # a Chinese character says as much as three letters
    has_mark = "?" in body
    latin = (
        has_mark or _begins_question(tokens),
        has_mark,
        not _SEEKS.isdisjoint(bag),
        first in _AGREES,
        not _THANKS.isdisjoint(bag),
        first in _GREETS,
        first in _GOES_ON or body[:1] in (".", "*", "^"),
        "a" <= body[:1] <= "z",
        not _I.isdisjoint(bag),
        not _YOU.isdisjoint(bag),
        not _IT.isdisjoint(bag),
        not _TRIES.isdisjoint(bag),
        not _REPORTS.isdisjoint(bag),
    )
    mixed = [a or b for a, b in zip(latin, _chinese(body), strict=True)] if han else latin
    rest = (_COMMAND.match(body) is not None, _LINK.search(body) is not None, weight < 20, weight > 90, called)
    return tuple([float(trait) for trait in (*mixed, *rest)])


def _begins_question(tokens: list[str]) -> bool:
    for token in tokens[:4]:
        if token in _QUESTION:
            return True
        if token not in _BEFORE_QUESTION:
            return False
    return False


def _chinese(body: str) -> tuple[bool, ...]:
    return (
        _ASKS_HAN.search(body) is not None,
        False,
        _SEEKS_HAN.search(body) is not None,
        _AGREES_HAN.match(body) is not None,
        _THANKS_HAN.search(body) is not None,
        _GREETS_HAN.match(body) is not None,
        _GOES_ON_HAN.match(body) is not None,
        False,
        _I_HAN.search(body) is not None,
        _YOU_HAN.search(body) is not None,
        _IT_HAN.search(body) is not None,
        _TRIES_HAN.search(body) is not None,
        _REPORTS_HAN.search(body) is not None,
    )


def _words(tokens: list[str]) -> tuple[str, ...]:
    """Each word once, without the ones that every line has; of Chinese each pair of neighbours."""
    found: dict[str, None] = {}
    for token in tokens:
        if token[0] >= "\u3400":
            found.update(dict.fromkeys([token[place : place + 2] for place in range(min(len(token) - 1, MOST_WORDS))]))
        elif len(token) > 1 and token not in _COMMON:
            found[_stem(token)] = None
        if len(found) >= MOST_WORDS:
            break
    return tuple([word for word in found if word not in _COMMON][:MOST_WORDS])


def _stem(word: str) -> str:
    """The word without the commonest endings, so that «drivers» meets «driver»."""
    if len(word) > 4 and word[-1] == "s" and word[-2] != "s":
        word = word[:-1]
    if len(word) > 6 and word.endswith("ing"):
        return word[:-3]
    return word[:-2] if len(word) > 5 and word.endswith("ed") else word


def _quotes(text: str) -> tuple[tuple[str, str], ...]:
    if _QUOTE_MARK.search(text) is None:
        return ()
    found = []
    for match in _QUOTED.finditer(text):
        quote = plain_of(next(part for part in match.groups() if part is not None))
        who = _WHO_SAID.match(quote)
        found.append((who[1].strip(), quote[who.end() :].strip()) if who else ("", quote))
    return tuple(found)


def _how_far_up(body: str) -> int:
    match = _ABOVE.match(body)
    return 0 if match is None else max(1, match[0].count("楼上"), match[0].count("^"))
