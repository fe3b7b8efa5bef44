"""Words that tell nothing of what is spoken of: function words, small talk, greetings, days."""

from qunying.judgement.threads.words import NO_NAMES


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


HOLLOW = frozenset(
    "的了吗呢啊吧呀哦嘛哈么啦呐哎唉诶嗯这那我你您他她它们就也都还又很把被给跟和与及在是有个会要想能可以去来到不没一"
    "上下里中为啥谁几多少大好得着过对从向让说看做用再先才只但而或如果因所以之其此于等吃喝"
)
_ENGLISH = _set(
    "able about above across actually add after again ago almost alone along already although always am among another anyway apart "
    "around ask asked asking away back bad based basically because become been before being believe below best better between big bit both "
    "call called came cannot case cause change check clear close come comes coming common completely consider correct couple course "
    "currently day days dear definitely did different directly doesn doing done down each easy either else enough especially etc even "
    "ever every everything exactly example existing expect fact far feel few figure find fine first follow following found four full fully "
    "further gave general getting give given gives glad goes going gone gonna gotta great guess guy guys had half happen happened "
    "happens happy hard hardly haven having hear help helpful helped hence here hers hope hoping however huge idea ideas inside instead "
    "interesting issue issues keep keeps kind knew knows known last late later least left less let lets letting level likely line list "
    "little long longer look looked looking looks lot lots love luck made main make makes making man many matter may mean means meant "
    "meanwhile mention might mind mine minute minutes month months morning most mostly moment much must myself name near nearly nearest "
    "necessary never new next nobody non none normal normally nothing often old once ones onto open opinion option order other others "
    "otherwise ought our out over own part particular past people perhaps person place plan play plenty point possible possibly post "
    "pretty previous previously probably problem problems properly put question questions quick quickly quite rather read reading "
    "ready real reason recent recently regarding related remember result results right running said same saw say saying says second "
    "seem seems seen set several shall she show shows side similar simple simply since sir small solution solved someone "
    "something sometimes somewhat somewhere soon sorry sort sounds specific start started starting state still stop stuff such "
    "suggest suggestion suggestions support suppose supposed sure take taken takes taking talk talking tell tells ten term test than "
    "their theirs themselves thing things those though thought three through thru till time times tiny today together told tomorrow "
    "tonight too took total totally toward tried tries trouble true truly trying turn two type under understand understanding unfortunately "
    "unless until unsure upon using usual usually various version via wait waiting wanna wanted wanting wants was wasn watch week "
    "weeks weird went weren wether goes_together whats whether which while who whole whom whose wish within without won wonder wondering word "
    "words worse worst worth wouldn write writing wrong year years yesterday yet yourself yup hii gud bro dude sir mate folks team "
    "ppl pls plz thx idk imo imho afaik btw tho cuz coz gonna dunno yea hmm lol lmao haha hahaha wow omg nvm welcome bye night "
    "http https www com org net html"
)
_CHINESE = _set(
    "今天 明天 昨天 后天 前天 今晚 昨晚 明晚 早上 上午 中午 下午 晚上 凌晨 现在 刚才 刚刚 最近 以前 以后 之前 之后 当时 平时 时间 小时 分钟 "
    "星期 周一 周二 周三 周四 周五 周六 周日 周末 上周 下周 本周 今年 去年 明年 月份 大家 各位 朋友 朋友们 家人 家人们 亲们 宝宝 姐妹 姐妹们 "
    "老师 同学 同学们 群主 管理员 群友 小伙伴 伙伴 伙伴们 先生 女士 早安 晚安 早上好 晚上好 中午好 下午好 早啊 你好 您好 欢迎 新人 谢谢 "
    "感谢 多谢 辛苦 加油 恭喜 祝福 生日快乐 节日快乐 收到 好的 好滴 明白 了解 知道 不错 厉害 牛逼 真棒 太棒 点赞 赞同 同意 支持 同问 同求 哈哈 "
    "哈哈哈 哈哈哈哈 呵呵 嘻嘻 嘿嘿 哇塞 天哪 天呐 我去 卧槽 我靠 尴尬 无语 确实 其实 不过 但是 可是 然后 所以 因为 如果 虽然 而且 或者 "
    "还是 还有 另外 反正 比如 例如 一下 一个 一些 一点 一直 一起 一样 一般 一定 有点 有些 有人 有的 没有 没事 没用 不用 不能 不会 不是 不要 不行 "
    "不知 不到 不了 起来 出来 出去 进去 下来 过来 回来 看看 看到 看见 觉得 感觉 以为 认为 应该 可能 估计 好像 肯定 绝对 必须 需要 希望 喜欢 "
    "想要 想问 请问 请教 求助 麻烦 帮忙 怎么 怎样 怎么办 怎么样 什么 什么样 为什么 为啥 多少 几点 哪里 哪个 哪位 是否 这个 那个 这些 那些 这样 "
    "那样 这种 那种 这么 那么 这边 那边 这里 那里 这次 上次 下次 每次 每天 天天 自己 别人 人家 有没有 能不能 可不可以 是不是 要不要 会不会 "
    "真的 特别 非常 比较 太多 很多 好多 许多 大概 左右 差不多 羡慕 收藏 记下 理解 原来如此 扎心 救命 佩服 佩服佩服 笑死 好奇 冒泡 围观 路过 借楼 插楼 蹲蹲 马克 心动 感动 激动 问题 东西 事情 情况 办法 地方 方面 时候 有时候 开始 结束 直接 已经 还没 马上 "
    "赶紧 终于 突然 果然 居然 竟然 难道 到底 究竟 主要 基本 完全 只是 只有 只能 就是 就行 可以 行不行 好不好 对不对 好吧 好了 行了 算了 "
    "没问题 不客气 对了 话说 听说 据说 看来 看着 使用 进行 打算 准备 发现 出现 成功 失败 打卡 签到 接龙 表情 图片 "
    "的话 之类 什么的 来说 那天 几天 两天 三天 几个 两个 三个 第一 第二 第三 第一次 一次 两次 一条 我们 你们 他们 咱们 她们 它们 "
)
USUAL = NO_NAMES | _ENGLISH | _CHINESE
