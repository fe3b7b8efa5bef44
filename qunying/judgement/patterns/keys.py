"""The keys that people put before what they are reached by: «微信», «扣扣», «加v», «电话», «邀请码», in the ways they write them.

A key is looked for in folded text (see ``folding``): small letters, half width, plain digits, simplified characters. Each way
to write one has a line; of several that fit the first is taken.
"""

from __future__ import annotations

import re

from qunying.judgement.patterns.spelling import ADD, FEW_SIGNS, HAN, WEI, WEI_LETTERS, XIN, any_of, named, word

_NUMBER = "(?:号|同号)?"  # «微信号», «微信同号»
_GROUP = "(?:群|裙|号)"
_YOU_ADD = any_of("我", "一下", "下", "个", "本人", "老师", "客服") + "?"

WECHAT = named(
    "wechat",
    # «加v», «➕我 薇 信», «搜一下的微信号»
    f"{ADD}{FEW_SIGNS}{_YOU_ADD}{FEW_SIGNS}(?:的)?"
    + any_of(r"[vw]\s?x(?![a-z])", f"{WEI}{FEW_SIGNS}{XIN}?", "❤", "♥", r"w\s?x", "w(?![a-z])", "v(?![a-z])")
    + _NUMBER,
    f"{any_of(WEI, '(?<![a-z])wei')}{FEW_SIGNS}{XIN}{_NUMBER}",  # «薇❤», «威 信同号», «Wei信»
    word("vx", "wx", r"w\W{0,2}x", r"v\W{0,2}x", r"we\s?chat", r"wei\s?xin", "weix", "vxin") + "(?:号|同号|id)?",
    r"(?<![a-z0-9])[vw](?=\s?[:;]|\d{6})",  # «v:…», «w123456»
    "绿泡泡",
    "绿色软件",
    r"(?<![a-z])wei(?=\s?:)",
    any_of("微", "薇", "威", "喂", "徽", "溦") + r"号?(?=[\s:;❤♥+]{0,3}[a-z0-9])",  # «薇:abc», «威号 abc»
)
QQ = named(
    "qq",
    # «加q», «进我扣扣群», «搜企鹅号»
    f"(?:{ADD}|进){FEW_SIGNS}(?:我|下|个)?"
    + any_of("q{1,2}(?![a-z])", "扣{1,2}", "抠{1,2}", r"企\W{0,2}鹅", "鹅", "口{1,2}", "扣口", "口扣", "群", "裙")
    + f"{_GROUP}*",
    r"(?<![a-z])q{1,2}(?![a-z])\W{0,2}(?:群|裙|号|我)*",
    "(?<![a-z])qun(?![a-z])",
    "扣口",
    "口扣",
    # «扣扣群», «企 鹅», «秋秋»
    any_of(
        *("扣{2}", "抠{2}", "口{2}", "叩{2}", "寇{2}", "蔻{2}"),
        *("秋秋", "球球", "丘丘", r"企\W{0,2}0?鹅", "鹅号"),
    )
    + rf"\W{{0,2}}{_GROUP}*",
    any_of("扣", "抠", "鹅", "交流", "粉丝") + _GROUP,
    "(?:群|裙)号码?",
    "群聊号码",
    r"[扣裙群](?=\s?[:;]\s?\d)",  # «裙:123456»
    rf"(?<![{HAN}])[扣裙群](?=\s?[\d一二三四五六七八九〇零壹贰叁肆伍陆柒捌玖]{{6}})",
    r"(?<=\d)扣(?=\d{6})",
)
TELEGRAM = named("telegram", word("tg", "telegram", "tele") + "(?:号|id)?", "飞机号?", "纸飞机", "电报", "飞鸽")
OTHER = named(
    "other",
    r"whats\s?app",
    r"(?<![a-z])line\s?(?:id(?![a-z])|(?=[:@]))",
    word("skype", r"kakao(?:\s?talk)?", "signal", "discord", "insta(?:gram)?", "kik"),
    word("ins(?=[:号])", "zalo", "viber", "snap(?:chat)?"),
    r"赖(?:\s?id)?(?=[\s:;@]{0,3}(?=[a-z0-9_.]*[\d_])[a-z0-9_.]{5})",  # «加老师赖 abc_12»: LINE, as Taiwan says it
    any_of("카톡", "카카오톡?", "오픈채팅", "라인", "텔레그램?", "위챗", "ライン", "カカオ", "テレグラム")
    + r"\s?(?:아이디|id)?",
    "蝙蝠号?",
    "小红书号",
    "抖音号",
)
PHONE = named(
    "phone",
    "(?:联系|咨询|订购)?(?:电话|手机|热线|专线)号?码?",
    "(?<![a-z])tel(?![a-z])",
    "拨打",
    "致电",
    "来电",
)
CODE = named(
    "code",
    any_of("邀请", "推荐", "注册", "暗号", "邀请口令", "拉新") + "码",
    "邀请口令",
    "暗号",
    "口令",
    any_of("invite", "invitation", "referral", "promo") + r"\s?code",
)
PERSON = named(
    "person",
    # «加我小号», «找一下助教», «联系店主id»
    "(?:加|➕|添加|找|联系|报)(?:我|下|一下|个|这个)?(?:的|们)?"
    + any_of(
        *("主号", "小号", "大号", "私人号", "私号", "新号", "备用号", "助理", "小助手", "助手", "助教", "老师", "客服"),
        *("运营", "班主任", "学姐", "学长", "店主", "老板", "本人"),
    )
    + rf"(?:小号|领[{HAN}]{{0,4}})?(?:id|号)?",
    r"(?:加|报|搜)我?\s?id",
    r"(?:加|\+)(?:我|下|一下|这个|下面)?\s?(?=[a-z0-9]*_)",  # «加 abc_def»
)
# every letter that a key may begin with: looking at it first spares trying all keys at every place
_FIRST = (
    f"[加➕伽嘉珈茄枷珂增+添家佳十j搜联c{WEI_LETTERS}wq扣抠口企鹅叩寇蔻秋球丘群裙进交粉"
    "t飞电纸lskdi蝙小抖咨订手热专拨致来邀推注暗拉口r绿p找报赖z카오라텔위ラカテ]"
)
KEY = re.compile(f"(?={_FIRST})" + any_of(WECHAT, QQ, TELEGRAM, OTHER, PHONE, CODE, PERSON))
