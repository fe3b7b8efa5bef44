"""How people write what one reaches them by: keys («微信», «扣扣», «加v»), and what stands behind or before them.

All expressions are for folded texts (see ``folding``): small letters, half width, plain digits, simplified characters.
"""

from __future__ import annotations

import re

DIGITS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两oO", "0012345678911234567892" + "00")
NUMERAL = "0-9零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
HAN_NUMERAL = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"

_GAP = r"[^\w\u4e00-\u9fff@+]{0,4}"
_WEI = "[微薇威维唯喂卫魏违围徽溦崴葳徾位味伟伪委韦惟嶶巍蔚v]"
_XIN = r"(?:[信心芯鑫新星欣辛馨❤♥♡⭐★]|亻\s?言|💕|💗|💖)"
_ADD = r"(?:[加➕伽嘉珈茄枷珂]|增|\+|添加|(?<![\u4e00-\u9fff])[家佳十](?![\u4e00-\u9fff]*[路人])|jia|搜|联系|call)"

WECHAT = (
    rf"(?P<wechat>{_ADD}{_GAP}(?:我|一下|下|个|本人|老师|客服)?{_GAP}(?:的)?(?:{_WEI}{_GAP}{_XIN}?|❤|♥|v\s?x|w\s?x|w(?![a-z])|v(?![a-z]))(?:号|同号)?"
    rf"|{_WEI}{_GAP}{_XIN}(?:号|同号)?|(?<![a-z])(?:vx|wx|w\W{{0,2}}x|v\W{{0,2}}x|we\s?chat|wei\s?xin|weix|vxin)(?![a-z])(?:号|同号|id)?"
    r"|(?<![a-z0-9])[vw](?=\s?[:;]|\d{6})|绿泡泡|绿色软件|(?<![a-z])wei(?=\s?:)|(?:微|薇|威|喂|徽|溦)号?(?=[\s:;❤♥+]{0,3}[a-z0-9]))"
)
QQ = (
    rf"(?P<qq>(?:{_ADD}|进){_GAP}(?:我|下|个)?(?:q{{1,2}}(?![a-z])|扣{{1,2}}|抠{{1,2}}|企\W{{0,2}}鹅|鹅|口{{1,2}}|扣口|口扣|群|裙)(?:群|裙|号)*"
    r"|(?<![a-z])q{1,2}(?![a-z])\W{0,2}(?:群|裙|号|我)*|(?<![a-z])qun(?![a-z])|扣口|口扣|(?:扣{2}|抠{2}|口{2}|叩{2}|寇{2}|蔻{2}|秋秋|球球|丘丘|企\W{0,2}0?鹅|鹅号)\W{0,2}(?:群|裙|号)*"
    r"|(?:扣|抠|鹅|交流|粉丝)(?:群|裙|号)|(?:群|裙)号码?|群聊号码|[扣裙群](?=\s?[:;]\s?\d)|(?<![\u4e00-\u9fff])[扣裙群](?=\s?[\d一二三四五六七八九〇零壹贰叁肆伍陆柒捌玖]{6})|(?<=\d)扣(?=\d{6}))"
)
TELEGRAM = r"(?P<telegram>(?<![a-z])(?:tg|telegram|tele)(?![a-z])(?:号|id)?|飞机号?|纸飞机|电报|飞鸽)"
OTHER = r"(?P<other>whats\s?app|(?<![a-z])(?:line\s?(?:id|:)|skype|kakao|signal|discord|insta(?:gram)?|ins(?=[:号])|kik)(?![a-z])|蝙蝠号?|小红书号|抖音号)"
PHONE = r"(?P<phone>(?:联系|咨询|订购)?(?:电话|手机|热线|专线)号?码?|(?<![a-z])tel(?![a-z])|拨打|致电|来电)"
CODE = (
    r"(?P<code>(?:邀请|推荐|注册|暗号|邀请口令|拉新)码|邀请口令|暗号|口令|(?:invite|invitation|referral|promo)\s?code)"
)
PERSON = (
    r"(?P<person>(?:加|➕|添加|找|联系|报)(?:我|下|一下|个|这个)?(?:的|们)?(?:主号|小号|大号|私人号|私号|新号|备用号|助理|小助手|助手|助教|老师|客服|"
    r"运营|班主任|学姐|学长|店主|老板|本人)(?:小号|领[\u4e00-\u9fff]{0,4})?(?:id|号)?|(?:加|报|搜)我?\s?id|(?:加|\+)(?:我|下|一下|这个|下面)?\s?(?=[a-z0-9]*_))"
)
# looking at the first letter spares trying all keys at every place
_FIRST = (
    "[加➕伽嘉珈茄枷珂增+添家佳十j搜联c微薇威维唯喂卫魏违围徽溦崴葳徾位味伟伪委韦惟嶶巍蔚vwq扣抠口企鹅叩寇蔻秋球丘群裙进交粉"
    "t飞电纸lskdi蝙小抖咨订手热专拨致来邀推注暗拉口r绿p找报]"
)
KEY = re.compile(f"(?={_FIRST})(?:{'|'.join((WECHAT, QQ, TELEGRAM, OTHER, PHONE, CODE, PERSON))})")

BETWEEN = re.compile(
    r"(?:[^\w\u4e00-\u9fff@]|_){0,6}(?:是|为|搜|加|领|号是|号|号码|名|联系|同步|(?:id|at|on|is|me)(?![a-z0-9]))?(?:[^\w\u4e00-\u9fff@]|_){0,4}"
)
NAME = re.compile(r"@?(?P<name>[a-z0-9][a-z0-9_-]{3,24})(?![a-z0-9])")
SPELT_NAME = re.compile(r"(?P<name>[a-z0-9](?:[^\w\u4e00-\u9fff]{1,3}[a-z0-9]){4,20})(?![a-z0-9])")
NUMBER = re.compile(rf"(?P<name>[{NUMERAL}](?:(?:[^\w\u4e00-\u9fff]|_){{0,3}}[{NUMERAL}o]){{4,12}})(?![a-z0-9])")
ON = re.compile(
    r"(?<![a-z0-9@.])@?(?P<name>[a-z][a-z0-9]*[_\d][a-z0-9_]{2,20}) (?:on|at) (?P<where>telegram|tg|whatsapp|wechat|skype|discord|signal|insta|kik)"
)
# letters and figures that are written in fancy signs, or with a rune behind them, are to be searched for
FANCY = re.compile(r"(?<![a-z0-9])(?P<name>[a-z](?:\s?[a-z]){1,3}\s?\d(?:\s?\d){2,4})(?![a-z0-9])(?P<rune>\s?[ᚠ-ᛸ☎☀])?")
CODE_VALUE = re.compile(r"(?P<name>[a-z0-9]{4,12})(?![a-z0-9])")

# a number, and behind it what it is for: «1665977823QQ», «2577 97316蔻曰»
BEFORE = re.compile(
    r"(?=[1-9])(?<![\d.¥$])(?P<name>[1-9](?:[^\w\u4e00-\u9fff.]{0,3}\d){4,10})[^\w\u4e00-\u9fff]{0,3}[\u4e00-\u9fff]{0,2}?(?:加|[+])?"
    r"(?:(?P<qq>q{1,2}(?![a-z])|扣{1,2}(?!除|分|款)|抠|蔻|寇|口口|口扣|企\W{0,2}0?鹅|口[.。](?!\w))"
    rf"|(?P<wechat>(?:是)?{_WEI}{_XIN}?同号?|微信|vx|威[+])|(?P<mouth>[^,，。\d]{{0,6}}?[+加]?[口窛蔻寇敂][\s.。…]*$))"
)
MOBILE = re.compile(
    rf"(?=[+01一幺壹8])(?<![\d.])(?:(?:[+]|00)?86[\s-]{{0,2}})?(?P<name>[1一幺壹](?:[\s*·.-]{{0,2}})[{NUMERAL[3:]}3-9](?:[\s*·._-]{{0,2}}[{NUMERAL}x]){{9}})(?![\dx])"
)
ABROAD = re.compile(r"(?<![\w+])\+(?!86)(?P<name>[1-9]\d{0,2}[\s-]?(?:\(?\d{1,4}\)?[\s-]?){2,5}\d{2,4})(?!\d)")
AT = re.compile(
    r"(?=@)(?:(?<![a-z0-9._%+@/-])@\s?(?P<name>[a-z][a-z0-9_]{4,31})(?![\w@.])|(?<=[\u4e00-\u9fff:])@(?P<glued>[a-z][a-z0-9_]{4,31}))"
)
T_ME = re.compile(r"^(?:t|telegram)\.me$|^telegram\.dog$")

INVITE = re.compile(
    r"(?=[加佳伽➕+私小来可滴请速d戳敲撩扣抠联单感有需要找看c名懂ptmawi])(?:(?P<add>[加佳伽]我(?!一个|们|进|吧?一起)|[➕+]我|加好友|加个好友|加一?下我)"
    r"|(?P<private>私我|私聊(?!里|中|记录|过|功能)|私信我|私信(?=[,。!.\s]|$|领|发你)|私戳|小窗|私\s?我|[来可]私(?!人|下|密|自|教|有))"
    r"|(?P<ping>滴滴我|[来请速]滴滴|滴我|(?<![a-z])dd?我(?!们)|戳我|敲我|撩我|[扣抠]我(?=[,。!~\s]|$))"
    r"|(?P<find>联系我|(?:单独|私下|感兴趣|有意|需要的?|要的?)找我|找我(?:拿|办|买|领|报价)|联系方式(?=\s?[:@])|有意联系|要的联系|看我?(?:头像|名|签名|主页|简介|昵称)|(?<![a-z])c{1,2}\W{0,3}[名茗]|[+]{1,3}\W?名|名字?\W?[+]{2}|懂得?的?(?:来|加|联系|私))"
    r"|(?P<english>(?<![a-z])(?:dm|pm|text|message|msg|add|whatsapp|contact|inbox)\s(?:me|us)(?![a-z]|\s(?:to|back|in|as|when|if)\s)))"
)
NOT_INVITED = re.compile(
    r"(?:别|不要|没人?|勿|不|莫|光|谁|他|她|老是?|总是?|有人|怎么|为什么|禁止|不许|一直|都|被|刚才?|网站|拒绝|群主|请勿|don'?t|never)\W?(?:再|在|乱|随便|又|来|要|能|一让我|会)?$"
)
NOT_A_NUMBER = re.compile(
    r"(?:订单|单号|学号|编号|流水|快递|运单|工号|型号|货号|版本|尾号|票号|房号|车次|航班|身份证|卡号|课程|isbn|id|no|物流|序列|条码|批号|期数|会议号?|密码|验证码|取件码?|金额|价格?|¥|\$|第)"
    r"(?:号|码|编号|是|为)*[\s:#.]{0,3}[a-z]{0,3}$"
)
OFFICIAL = re.compile(
    r"官方|客服电话|热线|400[- ]?\d{3}|12315|support|help desk|hotline|人工客服|前台|校区|值班|校医|物业|110|报警"
)
ASKS = re.compile(r"(?:求|要|给|谁有|有没有|多少|哪里有|发一?下|怎么加|能加|可以加|没有|什么是)[^。,，!！]{0,6}$")
