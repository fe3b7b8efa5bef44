"""How hostile a line is, and when an exchange of lines is a quarrel. Pure.

Plain disagreement has no heat, however often people differ; rough words said with a laugh have little. A quarrel needs two
people who both are hostile, one after the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import re2

from qunying.capabilities.order.knowing import Trace
from qunying.kernel.opinions import Opinion

KEPT_FROM = 0.3
WITHIN = timedelta(minutes=6)
LAUGHING = 0.35
LINES = 3  # hostile lines of both, of which a quarrel is made
ENOUGH = 1.5  # the heat of them together
EACH = 0.5  # and of the hottest line of each
# of several against one: the heat of them all, at most how many they are, the number of their side, how often the one answers
MOBBED, CAMP, OTHERS, ANSWERS = 2.8, 6, 0, 2
WORST = 0.75  # or the heat of one line, answered by another that is hostile, when somebody threatens or wants to leave
_INSULT = re.compile(
    r"脑残|傻[逼比叉子瓜x叼吊]|煞笔|沙比|[傻二]b\b|[操草艹日]你|你妈|尼玛|[滚爬](?:出|开|蛋|粗|吧|远|[!！,，。 ]|$)|垃圾人|人渣|败类|废物|有病吧?|神经病|白痴|智障|弱智|蠢[货猪蛋]|混蛋|王八|贱[人货]|不要脸|臭不要|狗[东屁日]|王八羔|兔崽子|龟(?:儿|孙)|瓜娃子|憨批|批话|扑街|仆街|冚家|痴线|死蠢|二货|二百五|十三点|放屁|吃屎|草泥马|你[娘爹]的|你全家|老不死|臭傻|死[肥胖穷]|穷[逼鬼]|傻屌|脑瘫|弱鸡|菜[鸡狗逼]|有病去治|去治病|(?<![a-z])(?:sb|dsb|nmsl|cnm|nmb|wcnm|nc|nt)(?![a-z])|去死|找死|死全家|闭嘴|嘴[巴里]?.{0,3}放?干净|欠揍|欠骂|揍你|打你|弄死"
    r"|黐线|痴黐|[痴黐]孖筋|收皮|收声|死废柴|废柴|死仔|死佬|死八婆|八婆|食屎|低能(?![耗量级见源])|戆[鸠居尻]|躝[瘫尸]|冚[家+]?铲|[屌𨳒吊]你|顶你个肺|正[契废]|死蠢|蠢材|蠢蛋|大蠢|猪脑[子袋]|猪头(?!肉)|你才是猪|(?:蠢|笨|懒|肥|胖|喘).{0,5}[像似]只?猪|脑[袋子]被|被驴踢|被门[夹挤]|脑[袋子]?进水|缺德|畜生|禽兽|下三滥|杂种|狗腿子|狗眼看人|瞎了你|丧心病狂|臭三八|死三八|泼妇|怂[货包逼]|窝囊废|脑[瘫子]有坑|机掰|鸡掰|靠[北杯夭]|白[烂目]|王八蛋|去你的|干你|你娘|北七|白痴仔|on9|菜就是菜|垃圾(?:一个|玩意|队友|东西)|这种垃圾|嘴巴?(?:怎么)?(?:这么|那么|真|太)?(?:脏|臭|贱)"
    r"|\b(?:idiots?|morons?|stupid|retard(?:ed)?|dumb(?:ass)?|assholes?|bastards?|bitch|f+u+c+k (?:you|off|u)|screw you|shut (?:the .{0,5} )?up|shut your|piece of (?:shit|crap|garbage)|losers?|clown|wankers?|twat|prick|dickhead|tosser|muppet|douche(?:bag)?|imbecile|nitwit|dimwit|jackass|stfu|gtfo|pos|dipshit|pathetic|go to hell|go kill|go die|get lost|kys|scumbag|jerk|trash|numpty|knobhead|bellend|plonker|plank|pillock|cretin|scum|arse(?:hole)?|shithead|fuckwit|braindead|brain ?dead|idiotic|moronic|useless (?:piece|lump|idiot|sack)|waste of oxygen|shut it(?! down| off| up| all)|shut up|piss off|sod off|bugger off|bite me|eat shit|screw off|drop dead(?! gorgeous)|smartass|dumbo|bozo|cunts?|fat (?:pig|cow)|imb[eé]cil|gilipollas|pendej[oa]|c[aá]llate|cabr[oó]n|mierda|connard|ta gueule|arschloch|halt die fresse|vollidiot)\b"
    r"|バカ|ばか(?!り)|馬鹿|马鹿|死ね|うざい|キモ[いイ]|クズ|くず野郎|黙れ|アホ|씨발|시발|병신|꺼져|닥쳐|미친[놈년]|개새끼|바보"
)
_JEER = re.compile(
    r"人傻钱多|不懂装懂|装什么|[装充]懂|懂(?:个|什么|啥)|算什么东西|你算(?:老几|什么|哪)|有毛病|脑子(?:有|进|坏|不)|没脑子|要点脸|丢人现眼|可笑|笑死人|就你[能懂会行]|键盘侠|杠精|喷子|双标|说谁呢?|你说谁|说的就是你|关你(?:什么|屁|啥)|多管闲事|少(?:在这|来|装|废话)|废话真多|你行你上|谁稀罕|菜就多练|信不信我|削你|抽你|胡说八道|扯淡|嘴贱|脸皮|瞎(?:说|逼|比|bb)|别在(?:这|这里|这儿)|滚犊子|给脸|要不要脸|你也配|没教养|缺德|不是人|吃饱了?撑|犊子|缺心眼|虎了吧唧|彪子|干一仗|谁怂|怂[货包逼]|孙子|再.{0,3}一[句遍]试试|骂的?就是你|骂你咋|有种|没素质|素质真|什么玩意|什么东西|恶心"
    r"|who asked|nobody asked|you people|know nothing|no idea what you|full of it|ridiculous|give me a break|mind your own|cry about it|grow up|clueless|ignorant|who do you think you are|watch your mouth|are you blind|get a life|you (?:wish|troll)|learn to read|nobody likes you|no one (?:asked|cares)|full of (?:yourself|crap)|zip it|shove it|stop whining|crybaby|snowflake"
)
_LEAVES = re.compile(
    r"退群|我退了|[我也].{0,4}退(?:了|群|出|团|会|营|社|班)|没法待|待不下去|不待了|这群(?:没|不).{0,4}[待呆]|见面|等着瞧|走着瞧|地址|线下|约一架|单挑|打一架|弄你|(?:i'?m|im) (?:leaving|out|done)|leav(?:e|ing) this|quit(?:ting)? this|see you outside|i know where you|watch your back|meet me"
)
_ADDRESSED = re.compile(r"^\s*@?[^\s:，,]{1,30}[:,：，]\s|@[\w-]{2,30}")  # «nick: …»: a name is no insult
_YOU = re.compile(r"你|妳|您|你们|有些人|某些人|某人|楼上|\byou\b|\byour\b|\bur?\b|\bsome people\b")


def _without_looking_around(*expressions: re.Pattern[str]) -> str:
    """What finds all that these find, and more: RE2 does not look ahead or behind."""
    return "|".join(re.sub(r"\(\?<?[!=][^)]*\)", "", one.pattern) for one in expressions)


_ANY = re2.compile(_without_looking_around(_INSULT, _JEER, _LEAVES))


@dataclass(frozen=True, slots=True)
class Heat:
    """How hostile a line is, 0 to 1; ``threatens``: with violence, or to leave."""

    score: float = 0.0
    threatens: bool = False


COOL = Heat()


def may_be_hot(plain: str) -> bool:
    """Whether folded words may have any heat but what the judges see; where not, nobody insults, jeers or threatens.

    One pass of an automaton over what three expressions would each walk through: most messages have nothing of it.
    """
    return _ANY.search(_ADDRESSED.sub("", plain)) is not None


def heat_of(opinion: Opinion | None) -> float:
    """How hostile the line was, in the eyes of whoever formed that opinion of it."""
    return float(opinion.reason.params.get("heat", 0)) / 100 if opinion else 0.0


def read_heat(plain: str, abuse: float, *, laughs: bool, spoken_to: bool, complains: bool) -> Heat:
    """The heat of folded words. ``abuse`` is how probable the judges think it; ``spoken_to``: somebody is answered or named.

    Whoever complains about a thing is not hostile to anybody, as long as they insult nobody.
    """
    plain = _ADDRESSED.sub("", plain)
    insults, jeers = bool(_INSULT.search(plain)), bool(_JEER.search(plain))
    at_somebody = spoken_to or bool(_YOU.search(plain))
    words = (0.85 if at_somebody else 0.6) if insults else (0.55 if at_somebody else 0.3) if jeers else 0.0
    told = abuse if at_somebody or insults else abuse * 0.6
    score = max(words, told)
    if complains and not insults:
        score *= 0.4
    return Heat(min(1.0, score * (LAUGHING if laughs else 1.0)), bool(_LEAVES.search(plain)))


@dataclass(frozen=True, slots=True)
class Quarrel:
    """An exchange that needs a person: who takes part, and the first line of it."""

    members: tuple[int, ...]
    first_key: str
    keys: tuple[str, ...]


def find_quarrel(lines: Sequence[Trace], who: int, at: datetime, *, threatens: bool) -> Quarrel | None:
    """The quarrel that the last of these hostile ``lines`` of a group, said by ``who``, belongs to; None where there is none."""
    lately = [one for one in lines if at - WITHIN <= one.at]
    mine = [one for one in lately if one.identity_id == who]
    others = {one.identity_id for one in lately if one.identity_id != who}
    best: list[Trace] = []
    for other in others:
        both = [one for one in lately if one.identity_id in {who, other}]
        if _is_quarrel(both, mine, threatens=threatens) and len(both) > len(best):
            best = both
    best = best or _all_against_one(lately, mine, threatens=threatens)
    if not best:
        return None
    members = tuple(dict.fromkeys(one.identity_id for one in best))
    return Quarrel(members, best[0].key, tuple(one.key for one in best))


def _all_against_one(lately: Sequence[Trace], mine: Sequence[Trace], *, threatens: bool) -> list[Trace]:
    """The lines of a quarrel in which several, each with no more than a line or two, are at somebody who answers in kind; none
    where it is no quarrel. What is not plainly hostile does not count: in a large group somebody always grumbles."""
    hot = [one for one in lately if one.score >= EACH]
    people = {one.identity_id for one in hot}
    if not 2 < len(people) <= CAMP or len(hot) <= LINES or sum(one.score for one in hot) < MOBBED:
        return []
    answering = [one for one, count in Counter(line.identity_id for line in hot).items() if count >= ANSWERS]
    for alone in answering:
        sides = [replace(one, identity_id=alone if one.identity_id == alone else OTHERS) for one in hot]
        if _is_quarrel(sides, mine, threatens=threatens):
            return hot
    return []


def _is_quarrel(both: Sequence[Trace], mine: Sequence[Trace], *, threatens: bool) -> bool:
    hottest: dict[int, float] = {}
    for one in both:
        hottest[one.identity_id] = max(one.score, hottest.get(one.identity_id, 0.0))
    turns = sum(one.identity_id != other.identity_id for one, other in pairwise(both))
    if len(both) >= LINES and sum(one.score for one in both) >= ENOUGH and min(hottest.values()) >= EACH and turns >= 2:
        return True
    return bool(mine) and threatens and turns >= 1 and max(hottest.values()) >= WORST
