"""What looks like a person's name or nickname, and what is said about a person but is none."""

from __future__ import annotations

import re

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖"
    "邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳"
    "齐沿梅莫庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼麦"
)
_COMPOUND = "欧阳|上官|司马|诸葛|司徒|东方|夏侯|皇甫|尉迟|公孙|慕容|令狐|长孙|端木|独孤|南宫"
_HAN = "[\u3400-\u9fff]"
_CALLED = (
    "哥|姐|总|爷|叔|姨|妹|弟|嫂|妈|爸|婶|伯|董|工|导|兄|少|麻麻|粑粑|妈妈|爸爸|先生|女士|小姐|同学|老师|师傅|师父|老板|经理|医生|大夫|律师|教练|教授|护士|"
    "大叔|大哥|大姐|姑娘|老大|院长|店长|主任|会长|校长|行长|厂长|局长|处长|科长|园长|站长|馆长|队长|班长|部长|顾问|会计|工程师|助理|助教|导师|主管|总监|警官|法官|师兄|师姐|学长|学姐|阿姨|爷爷|奶奶|叔叔|妈咪|爹地|宝宝|道长|掌柜|公子|博士|董事长"
)
_SHAPED = re.compile(
    rf"(?:小|阿|老|大){_HAN}{{1,2}}"
    rf"|(?:小|阿|老|大)[a-z]{{1,12}}"
    rf"|(?:{_COMPOUND})(?:{_HAN}{{1,2}}|{_CALLED})"
    rf"|[{_SURNAMES}]{_HAN}{{1,2}}"
    rf"|(?P<called>[小阿老大]?{_HAN}{{1,2}}|[a-z]{{1,10}})(?:{_CALLED})"
    rf"|({_HAN})\2"
    r"|[a-z]{2,14}(?:[ .][a-z]{1,14}){0,2}"
)
_PROFESSION = re.compile(
    rf"(?:[小阿老大]{_HAN}|[{_SURNAMES}]{_HAN}?)(医生|大夫|律师|教练|教授|护士|会计|工程师|法官|警官|导师|顾问)"
)
_TITLED = re.compile(rf"(?:[小阿老大][{_SURNAMES}{_HAN}]?|[{_SURNAMES}]|{_COMPOUND})(?:{_CALLED})")
_NOISE = re.compile(
    r"[ei][ns][tf][jp](?:-?[at])?"
    r"|(?:19|20)?\d{2}(?:年|后|级|届|年生)?(?:男|女)?|\d{2}(?:岁|后)?(?:男|女)?|男|女|男生|女生|boy|girl|male|female|单身|已婚|未婚"
    r"|(?:白羊|金牛|双子|巨蟹|狮子|处女|天秤|天蝎|射手|摩羯|水瓶|双鱼)座?"
    r"|\d{1,20}|\d{1,2}年(?:经验)?|\d{1,3}号|求内推|求职|找工作|保密|匿名|秘密|暂无|无|未知|其他|全国|海外|国内|北美|欧洲|华[东南北中]|[东西]北|[东西]南|[长珠]三角|江浙沪|粤港澳|大湾区|东南亚|\d{3}cm|\d{2}kg|本科|大专|专科|海归|985|211|v|vx|wx|群成员|成员|会员|vip\d?|新人"
    r"|and|the|of|in|at|from|for|with|i'm|im|iam|我|的|是|在|做|和|与|及|从事|来自|坐标|base|基于|现居|常驻|老家|籍贯"
)
_SENTENCE = re.compile("[的了是不吗呢吧就想爱去要有没和与之]")


def looks_like_name(text: str) -> bool:
    """Is this written the way people call each other: «小李», «王磊», «安安», «胡先生», «阿may», «kevin»?"""
    return _SHAPED.fullmatch(text) is not None


def is_titled(text: str) -> bool:
    """A surname or pet name with what people say after it: «王老师», «李总», «小陈医生»."""
    return _TITLED.fullmatch(text) is not None


def profession_in(text: str) -> int | None:
    """Where in a name such as «张律师» the profession begins; None where the title says no profession («李总»)."""
    found = _PROFESSION.fullmatch(text)
    return found.start(1) if found else None


def is_noise(text: str) -> bool:
    """Age, sign, type, number, degree: said on cards, and no field of ours."""
    return _NOISE.fullmatch(text) is not None


def reads_like_sentence(text: str) -> bool:
    """Little words of grammar: «北京的风», «想去大理» are nicknames, goes_together they name."""
    return _SENTENCE.search(text) is not None
