"""What one piece of a card can be, taken alone: a word of the lists, several words in a row, something with a telling end."""

from __future__ import annotations

import re
from typing import NamedTuple

from qunying.judgement.cards.gazetteer import each_of, longest_at, words
from qunying.judgement.cards.names import is_noise, is_titled, looks_like_name, profession_in, reads_like_sentence


class Reading(NamedTuple):
    """``[start, end)`` of the folded card read as a field: ``means`` is its heading, ``kind`` how it was found."""

    field: str
    start: int
    end: int
    kind: str
    means: str


_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")}
_NUMBER = r"\d{1,4}|[一二三四五六七八九十]{1,3}"
_GROUP = re.compile(
    rf"(?:第)?(?P<before>{_NUMBER})号?(?:群|组|班|队|营|期)(?!主|组|级|委|员|长)|(?:群|班|组)(?P<after>\d{{1,4}})$|(?:group|class|team|g)(?P<latin>\d{{1,4}})$"
)
_NAMED_GROUP = re.compile(rf"(?:vip|[\u3400-\u9fff]{{1,8}})(?P<before>{_NUMBER})号?(?:群|班|组|营|队)")
_LEVEL = re.compile(r"(?:[ptlmed]|sp|ic|sde)\d{1,2}(?:[-.]\d)?(?=$|[^a-z0-9])|\d{1,2}[级岗](?=$)")
_LEAD_IN = re.compile(
    r"坐标|现居|常驻|人在|我在|住在|来自|从事|专注|base|在|做|\d{1,2}年(?:经验)?(?:的)?|\d{2}后|\d{1,3}(?![\da-z年岁级届号后群班组营期])|a{1,4}0{0,4}1?(?![a-z0-9])|0{2,4}1?(?![a-z0-9])"
)
_CALLS_SELF = re.compile("我是|我叫|本人|叫我|昵称|名叫")
_ORGANISED = re.compile(
    "公司|集团|银行|大学|学院|医院|中学|小学|附中|附小|一中|二中|高中|幼儿园|研究所|研究院|事务所|律所|分行|支行|总行|营业部|出版社|电视台|报社|协会|商会|学会|基金会|委员会|"
    "工作室|俱乐部|法院|检察院|公安局|税务局|教育局|街道办|管理局|一院|二院|三院|卫健委|合作社|制药厂|电厂|钢厂|药房|证券|人寿|书院|博物馆|图书馆|商行|控股|实业|[^工]厂"
)
_SOME_FIRM = re.compile("某.{0,4}(?:厂|企|行|司|校|院|所|局|社|店)")
_TRADE = re.compile(
    "科技|网络|传媒|文化|信息|技术|电子|生物|医药|药业|资本|投资|教育|物流|地产|置业|影业|影视|智能|软件|数据|互娱|游戏|工业|机械|化工|能源|"
    "环保|建筑|装饰|设计|广告|咨询|贸易|商贸|食品|服饰|健康|医疗|互动|创投|数码|娱乐|国际|股份|重工|股权|通信|时代|酒店|餐饮|服务|电器|汽车|材料|光电|"
    "半导体|航空|旅游|珠宝|家居|家具|美业|保险|财富|基金"
)
_JOB_END = re.compile(
    "工程师|经理|总监|主管|专员|设计师|顾问|助理|经纪人|规划师|咨询师|策划师|架构师|研究员|分析师|管理员|业务员|代表|讲师|导师|老师|教师|教练|医生|医师|律师|"
    "护士|店长|店主|老板|创始人|合伙人|负责人|工人|师傅|编辑|记者|运营|产品经理|开发|程序员|主播|博主|摄影师|操作员|技师|治疗师|培训师|造型师|美容师|销售|采购|"
    "会计|客服|专家|翻译|操盘手|猎头|达人|队长|调度|发行|总工|掌柜|推广|选手|学徒|策划|司机|学生|妈妈|宝妈|研发|主任|厂长|院长|园长|设计|测试|文案|从业者|爱好者|工作者|传承人|技术员|总裁|总经理|董事长|秘书|站长|校长"
)
_TRADE_END = re.compile(
    "行业|批发|零售|贸易|加工|养殖|种植|用品|制造|配件|设备|器材|培训|租赁|代工|定制|维修|外贸|回收|产业|服务|供应链|制品|电商|业"
)
_LATIN_JOB_END = each_of(
    "manager engineer director designer developer analyst consultant specialist assistant officer executive scientist architect "
    "coordinator strategist researcher lead owner agent planner producer editor writer teacher coach nurse lawyer advisor"
)
_LATIN_RANK = each_of(
    "startup serial freelance senior junior sr jr lead chief head deputy assistant associate principal staff vice regional global"
)
_LATIN_FIRM = each_of(
    "inc ltd llc corp co gmbh group university college bank hospital school labs lab studio studios technologies technology tech "
    "capital partners ventures holdings company foundation institute media agency plc sdn solutions systems software consulting"
)


def number_of(text: str) -> int:
    """«15» and «十五» as a number."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS.get(sign, 0)) for sign in text))
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def _digits(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if isinstance(group, str))


def read_piece(text: str, start: int, end: int) -> list[Reading]:
    """Everything that a piece says; several fields at one place are choices, at several places a row.

    ``[start, end)`` is its place on the folded card; nothing is returned for what no list and no ending tells.
    """
    if text in words():
        return [Reading(each.field, start, end, each.kind, each.means) for each in words()[text]]
    if _LEVEL.fullmatch(text):
        return [Reading("job", start, end, "level", text)]
    if end - start != len(text):
        return []
    found = _GROUP.match(text) or _NAMED_GROUP.fullmatch(text)
    if found:
        number = Reading("group_no", start, start + found.end(), "group", _digits(found))
        return [number, *(read_piece(text[found.end() :], start + found.end(), end) if found.end() < len(text) else ())]
    return _read_inside(text, start, end)


def _read_inside(text: str, start: int, end: int) -> list[Reading]:
    if text.isascii():
        return []
    said = _CALLS_SELF.match(text)
    if said and said.end() < len(text):
        return [Reading("name", start + said.end(), end, "said", text[said.end() :])]
    if is_titled(text):
        return _titled(text, start, end)
    organised = _organisation(text, start, end)
    if organised:
        return organised
    return _row(text, start, end) or _by_ending(text, start, end)


def _titled(text: str, start: int, end: int) -> list[Reading]:
    name = Reading("name", start, end, "titled", text)
    at = profession_in(text)
    return [name] if at is None else [name, Reading("job", start + at, end, "in-name", text[at:])]


def _organisation(text: str, start: int, end: int) -> list[Reading]:
    if (_ends_in(_ORGANISED, text, 1) and "的" not in text) or _SOME_FIRM.fullmatch(text):
        return [Reading("company", start, end, "organised", text)]
    return []


def _row(text: str, start: int, end: int) -> list[Reading]:
    """Known words one after the other: «广州天河», «互联网产品经理», «字节后端»; at the end there may be a name."""
    readings: list[Reading] = []
    place = 0
    while place < len(text):
        word = longest_at(text, place)
        if word:
            readings += [
                Reading(m.field, start + place, start + place + len(word), f"{m.kind}", m.means) for m in words()[word]
            ]
            place += len(word)
            continue
        level = _LEVEL.match(text, place) if readings else None
        if level:
            readings.append(Reading("job", start + place, start + level.end(), "level", level[0]))
            place = level.end()
            continue
        lead = _LEAD_IN.match(text, place)
        if lead and lead.end() < len(text):
            place = lead.end()
            continue
        break
    rest = text[place:]
    if not readings:
        return _name_first(text, start, end)
    return _with_rest(text, rest, readings, start, end)


def _with_rest(text: str, rest: str, readings: list[Reading], start: int, end: int) -> list[Reading]:
    if not rest:
        return _merged([_inside(each) for each in readings], text, start)
    if rest[0] == "的" and rest[1:2] in _PET and looks_like_name(rest[1:]):
        return [*map(_inside, readings), Reading("name", end - len(rest) + 1, end, "after-words", rest[1:])]
    if rest == "的" and readings[0].start != start:
        return [_inside(each) for each in readings]
    at = end - len(rest)
    if looks_like_name(rest) and not (is_noise(rest) or (len(rest) == 2 and rest in words())):
        return [*map(_inside, readings), Reading("name", at, end, "after-words", rest)]
    if reads_like_sentence(text):
        return []
    if readings[-1].field == "job" and readings[-1].end - readings[-1].start >= 3 and _PLAIN_NAME.fullmatch(rest):
        return [*map(_inside, readings), Reading("name", at, end, "after-job", rest)]
    if readings[-1].field in {"city", "company"} or len(rest) > 1:
        after = _by_ending(rest, at, end)
        if after:
            return [*map(_inside, readings), *after] if after[0].field != "company" else _by_ending(text, start, end)
    return []


def _merged(readings: list[Reading], text: str, at: int) -> list[Reading]:
    """Two words of one kind are one («医疗AI», «校长助理»), and a short job with what it works on («日语翻译»)."""
    starts = sorted({reading.start for reading in readings})
    if len(starts) != 2:
        return readings
    first, second = ([reading for reading in readings if reading.start == start] for start in starts)
    for field in ("job", "industry"):
        mine, others = ([reading for reading in part if reading.field == field] for part in (first, second))
        if mine and others:
            return [Reading(field, mine[0].start, others[0].end, "joined", others[0].means)]
    if any(reading.field == "company" for reading in first) and _TRADE.fullmatch(text[starts[1] - at :]):
        return [Reading("company", starts[0], second[0].end, "organised", text)]
    before, job = first[0], second[0]
    if before.field == "industry" and job.field == "job" and job.end - before.start <= _ONE_JOB:
        return [Reading("job", before.start, job.end, "joined", job.means)]
    return readings


_PET = frozenset("小阿老大")
_ONE_JOB = 5  # letters: «保险销售» is one job, «互联网产品经理» an industry and a job
_PLAIN_NAME = re.compile("[\u3400-\u9fff]{2,3}|[a-z]{2,12}")


def _inside(reading: Reading) -> Reading:
    return Reading(reading.field, reading.start, reading.end, f"{reading.kind}-inside", reading.means)


def _name_first(text: str, start: int, end: int) -> list[Reading]:
    """«小李产品经理», «lily运营»: a name with a known job behind it."""
    for at in range(2, min(len(text) - 1, 8)):
        meanings = words().get(text[at:])
        if _cuts_latin(text, at):
            continue
        if (
            meanings
            and meanings[0].field == "job"
            and looks_like_name(text[:at])
            and not reads_like_sentence(text[:at])
        ):
            job = Reading("job", start + at, end, "listed-inside", meanings[0].means)
            return [Reading("name", start, start + at, "before-job", text[:at]), job]
    return []


def _cuts_latin(text: str, at: int) -> bool:
    return text[at - 1].isascii() and text[at].isascii()


_TAILS = (("job", _JOB_END, 1, 8), ("industry", _TRADE_END, 1, 4))
_MODIFIES = re.compile(
    "在线|线上|线下|跨境|互联网|智慧|智能|新|传统|国际|儿童|少儿|成人|大|农村|现代|高端|综合|职业|其他|移动|云|数字|企业"
)


def _by_ending(text: str, start: int, end: int) -> list[Reading]:
    """«非标设计师» is a job, «晶芯科技» a firm, «海鲜批发» an industry, by what they end in."""
    if reads_like_sentence(text) or not 2 <= len(text) <= 16:
        return []
    if _ends_in(_TRADE, text, 2) and not _modified(text):
        return [Reading("company", start, end, "trade-name", text)]
    for field, tail, least, most in _TAILS:
        size = _ends_in(tail, text, least)
        if size and len(text) - size <= most:
            return [Reading(field, start, end, "ending", text[-size:])]
    return []


def _modified(text: str) -> bool:
    """«在线教育», «生物科技»: before the trade stands a kind of trade, no name."""
    for size in (2, 3, 4):
        if len(text) > size and text[:-size] in words() and any(m.field == "industry" for m in words()[text[:-size]]):
            return True
    return _MODIFIES.match(text) is not None and len(text) <= 5


def _ends_in(tail: re.Pattern[str], text: str, least: int) -> int:
    """How long the telling end is where at least ``least`` letters go before it; 0 where there is none."""
    for size in range(min(4, len(text) - least), 0, -1):
        if tail.fullmatch(text, len(text) - size):
            return size
    return 0


def read_latin(run: list[str]) -> tuple[str, str] | None:
    """Latin words in a row that no list has: (field, kind) by their last word; None where it says nothing."""
    if len(run) > 1 and run[-1] in _LATIN_FIRM:
        return "company", "organised"
    if len(run) > 1 and run[-1] in _LATIN_JOB_END and len(run) <= 4:
        return "job", "ending"
    return None


def is_latin_rank(word: str) -> bool:
    """«senior», «chief»: belongs to the job after it."""
    return word in _LATIN_RANK
