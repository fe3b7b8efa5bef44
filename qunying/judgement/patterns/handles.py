"""What one is reached by, behind a key or before it or without any: names, numbers, codes; and invitations to write privately.

All expressions are for folded texts (see ``folding``): small letters, half width, plain digits, simplified characters.
"""

from __future__ import annotations

import re

from qunying.judgement.patterns.spelling import HAN, HAN_NUMERAL, NUMERAL, WEI, XIN, any_of, named, sign

DIGITS = str.maketrans(f"{HAN_NUMERAL}两oO", "0012345678911234567892" + "00")

# behind a key
BETWEEN = re.compile(
    f"(?:{sign(but='@')}|_){{0,6}}"
    + any_of(
        *("是", "为", "搜", "加", "领", "号是", "号", "号码", "名", "联系", "同步"),
        "(?:id|at|on|is|me)(?![a-z0-9])",
    )
    + f"?(?:{sign(but='@')}|_){{0,4}}"
)
NAME = re.compile(r"@?(?P<name>[a-z0-9][a-z0-9_-]{3,24})(?![a-z0-9])")
SPELT_NAME = re.compile(rf"(?P<name>[a-z0-9](?:{sign()}{{1,3}}[a-z0-9]){{4,20}})(?![a-z0-9])")  # «a b c 1 2»
NUMBER = re.compile(rf"(?P<name>[{NUMERAL}](?:(?:{sign()}|_){{0,3}}[{NUMERAL}o]){{4,12}})(?![a-z0-9])")  # «一二3-4 5»
CODE_VALUE = re.compile(r"(?P<name>[a-z0-9]{4,12})(?![a-z0-9])")

# before a key: «1665977823QQ», «2577 97316蔻曰»
BEFORE = re.compile(
    rf"(?=[1-9])(?<![\d.¥$])(?P<name>[1-9](?:{sign(but='.')}{{0,3}}\d){{4,10}}){sign()}{{0,3}}[{HAN}]{{0,2}}?(?:加|[+])?"
    + any_of(
        named(
            "qq",
            "q{1,2}(?![a-z])",
            "扣{1,2}(?!除|分|款)",
            *("抠", "蔻", "寇", "口口", "口扣", r"企\W{0,2}0?鹅", r"口[.。](?!\w)"),
        ),
        named("wechat", f"(?:是)?{WEI}{XIN}?同号?", "微信", "vx", "威[+]"),
        named("mouth", r"[^,，。\d]{0,6}?[+加]?[口窛蔻寇敂][\s.。…]*$"),  # 口 looks like q, and then the text ends
    )
)

# without a key
MOBILE = re.compile(
    r"(?=[+01一幺壹8])(?<![\d.])(?:(?:[+]|00)?86[\s-]{0,2})?"
    rf"(?P<name>[1一幺壹](?:[\s*·.-]{{0,2}})[{HAN_NUMERAL}3-9](?:[\s*·._-]{{0,2}}[{NUMERAL}x]){{9}})(?![\dx])"
)
ABROAD = re.compile(r"(?<![\w+])\+(?!86)(?P<name>[1-9]\d{0,2}[\s-]?(?:\(?\d{1,4}\)?[\s-]?){2,5}\d{2,4})(?!\d)")
AT = re.compile(
    r"(?=@)"
    + any_of(
        r"(?<![a-z0-9._%+@/-])@\s?(?P<name>[a-z][a-z0-9_]{4,31})(?![\w@.])",
        rf"(?<=[{HAN}:])@(?P<glued>[a-z][a-z0-9_]{{4,31}})",
    )
)
ON = re.compile(
    r"(?<![a-z0-9@.])@?(?P<name>[a-z][a-z0-9]*[_\d][a-z0-9_]{2,20}) (?:on|at) "
    + named("where", "telegram", "tg", "whatsapp", "wechat", "skype", "discord", "signal", "insta", "kik")
)
# letters and figures that are written in fancy signs, or with a rune behind them, are to be searched for
FANCY = re.compile(r"(?<![a-z0-9])(?P<name>[a-z](?:\s?[a-z]){1,3}\s?\d(?:\s?\d){2,4})(?![a-z0-9])(?P<rune>\s?[ᚠ-ᛸ☎☀])?")
T_ME = re.compile(r"^(?:t|telegram)\.me$|^telegram\.dog$")

INVITE = re.compile(
    "(?=[加佳伽➕+私小来可滴请速d戳敲撩扣抠联单感有需要找看c名懂ptmawi])"
    + any_of(
        named("add", "[加佳伽]我(?!一个|们|进|吧?一起)", "[➕+]我", "加好友", "加个好友", "加一?下我"),
        named(
            "private",
            "私我",
            "私聊(?!里|中|记录|过|功能)",
            "私信我",
            r"私信(?=[,。!.\s]|$|领|发你)",
            "私戳",
            "小窗",
            r"私\s?我",
            "[来可]私(?!人|下|密|自|教|有)",
        ),
        named(
            "ping",
            "滴滴我",
            "[来请速]滴滴",
            "滴我",
            "(?<![a-z])dd?我(?!们)",
            "戳我",
            "敲我",
            "撩我",
            r"[扣抠]我(?=[,。!~\s]|$)",
        ),
        named(
            "find",
            "联系我",
            any_of("单独", "私下", "感兴趣", "有意", "需要的?", "要的?") + "找我",
            "找我(?:拿|办|买|领|报价)",
            r"联系方式(?=\s?[:@])",
            "有意联系",
            "要的联系",
            "看我?" + any_of("头像", "名", "签名", "主页", "简介", "昵称"),
            r"(?<![a-z])c{1,2}\W{0,3}[名茗]",  # «c名»: see my name
            r"[+]{1,3}\W?名",
            r"名字?\W?[+]{2}",
            "懂得?的?(?:来|加|联系|私)",
        ),
        named(
            "english",
            "(?<![a-z])"
            + any_of("dm", "pm", "text", "message", "msg", "add", "whatsapp", "contact", "inbox")
            + r"\s(?:me|us)(?![a-z]|\s(?:to|back|in|as|when|if)\s)",
        ),
    )
)
# right before an invitation: others did it, or nobody should
NOT_INVITED = re.compile(
    any_of(
        *("别", "不要", "没人?", "勿", "不", "莫", "光", "谁", "他", "她", "老是?", "总是?", "有人", "怎么", "为什么"),
        *("禁止", "不许", "一直", "都", "被", "刚才?", "网站", "拒绝", "群主", "请勿", "don'?t", "never"),
    )
    + r"\W?(?:再|在|乱|随便|又|来|要|能|一让我|会)?$"
)
# right before a number that nobody is reached by
NOT_A_NUMBER = re.compile(
    any_of(
        *(
            "订单",
            "单号",
            "学号",
            "编号",
            "流水",
            "快递",
            "运单",
            "工号",
            "型号",
            "货号",
            "版本",
            "尾号",
            "票号",
            "房号",
        ),
        *(
            "车次",
            "航班",
            "身份证",
            "卡号",
            "课程",
            "isbn",
            "id",
            "no",
            "物流",
            "序列",
            "条码",
            "批号",
            "期数",
            "会议号?",
        ),
        *("密码", "验证码", "取件码?", "金额", "价格?", "¥", r"\$", "第"),
    )
    + r"(?:号|码|编号|是|为)*[\s:#.]{0,3}[a-z]{0,3}$"
)
OFFICIAL = re.compile(
    r"官方|客服电话|热线|400[- ]?\d{3}|12315|support|help desk|hotline|人工客服|前台|校区|值班|校医|物业|110|报警"
)
ASKS = re.compile(r"(?:求|要|给|谁有|有没有|多少|哪里有|发一?下|怎么加|能加|可以加|没有|什么是)[^。,，!！]{0,6}$")
