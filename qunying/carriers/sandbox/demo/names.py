"""How the people of the demo world are called, and how they fill in their group cards."""

from __future__ import annotations

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = _words(
    "陈 林 王 李 张 刘 黄 周 吴 徐 孙 马 朱 胡 郭 何 高 罗 郑 梁 谢 宋 唐 许 邓 冯 韩 曹 曾 彭 萧 蔡 潘 田 董 袁 于 "
    "余 叶 蒋 杜 苏 魏 程 吕 丁 沈 任 姚 卢 傅 钟 姜 崔 谭 廖 范 汪 陆 金 石 戴 贾 韦 夏 邱 方 侯 邹 熊 孟 秦 白 江 "
    "阎 薛 尹 段 雷 黎 史 龙 陶 贺 顾 毛 郝 龚 邵 欧阳 司徒 上官 诸葛"
)
GIVEN = _words(
    "一鸣 子涵 雨桐 思远 静怡 浩然 梓萱 佳宁 晓峰 婉清 志强 丽娟 建国 秀英 海燕 文博 嘉怡 若曦 明哲 诗涵 天佑 欣妍 "
    "俊杰 雪梅 春华 国庆 小芳 晨曦 语嫣 沐阳 书瑶 安然 知行 念慈 怀瑾 清扬 望舒 星河 予安 景行 亦舒 南乔 北辰 听澜 "
    "半夏 青禾 之桃 令仪 闻溪 疏影 敏 静 磊 洋 勇 艳 杰 娟 涛 明 超 霞 平 刚 鑫 倩 蕾 薇 琪 瑶 宁 楠 帆 航 昕 岚"
)
NICK_HEADS = _words(
    "爱喝茶的 不加班的 早起的 慢半拍的 想退休的 胖胖的 会发光的 晒太阳的 种花的 路过的 没睡醒的 隔壁 江南 山里 海边 "
    "努力的 一只 半颗 三块 小巷里的 不吃香菜的 住在顶楼的 骑单车的 怕冷的 东门"
)
NICK_TAILS = _words(
    "柚子 橘猫 土豆 豆包 阿橙 芒果 小鹿 松鼠 云朵 糯米 年糕 汤圆 板栗 番茄 刺猬 海獭 麻薯 栗子 桃子 西柚 南瓜 丸子 "
    "茶壶 老猫 小满 阿福 布丁 芋头 核桃 小鱼 葵花 阿呆 月亮 石头 青柠 蘑菇 鲸鱼 葡萄 木木 菠萝"
)
PET_HEADS = _words("阿 小 老 大")
PET_TAILS = _words(
    "宁 鱼 北 茗 橘 满 棠 洛 叶 麦 禾 杨 贝 柒 九 冬 夏 桃 茉 舟 木 竹 蓝 墨 野 苏 柯 岩 南 远 K 雯 珊 军 伟"
)
LATIN = _words(
    "Lily Kevin Amy Jason Vivian Leo Cathy Eric Mandy Tony Joyce Ivy Ken Sunny Nina Oscar Coco Ray Zoe May Echo Alan "
    "Fiona Gigi Henry Doris Emma Yuki Momo Daisy"
)
QUIET_WORDS = _words(
    "云深不知处 且听风吟 人间小满 一蓑烟雨 南山有台 日日是好日 慢慢来比较快 今天也要早睡 风吹半夏 山有木兮 晚来天欲雪 "
    "海上生明月 此间的少年 拾光 听雨 半日闲 无事小神仙 吃茶去 浮生 松间照 岁月静好 知足常乐 平安是福 花开富贵 心若止水 "
    "阳光明媚 一路向前 雨后彩虹 随缘 老来乐"
)
TRADITIONAL = _words("陳嘉儀 風清揚 林書豪媽 許願樹 黃太 飲茶先 張國威 葉問茶 劉海寧 鄭小姐 聽雨軒 蘇打綠茶")
UNUSUAL = (
    "د. سارة",
    "אבי",
    "ไหม",
    "Анна",
    "さくら",
    "김민지",
    "ⓁⓤⓒⓀⓨ",
    "𝓢𝓸𝓹𝓱𝓲𝓮",
    "A\u200b阿\u200b水",
    "．",
    "🌙",
    "🍃🍃🍃",
    "ㅤ小透明",
    "王小姐（有事打电话，不常看群，群消息太多了请艾特我）",
    "Ｗｅｎｄｙ温迪",
    "꧁阿杰꧂",
)
BADGES = _words("🌸 🍵 🌱 ☀️ 🐱 🍀 🌙 📚 🥑 🐳 🌿 🧋 🐰 🎈 ✨ 🍊")
JOBS = _words(
    "设计 产品经理 运营 教师 护士 程序员 财务 自由职业 全职妈妈 学生 退休 律师 花艺 摄影 翻译 编辑 销售 人事 建筑师 公务员 "
    "中医 烘焙 民宿 电商 药师 图书管理员 插画 测试 行政 采购 物流 牙医 瑜伽老师 记者 室内设计 茶艺师 健身教练 营养师 监理"
)
STATES = _words("在职 在职 在职 自由 备考 待产 带娃 退休 创业 实习")
CITIES = _words("杭州 上海 成都 北京 苏州 广州 武汉 南京 宁波 长沙 西安 厦门 嘉兴 绍兴 合肥 重庆 青岛 昆明 福州 泉州")


def draw_name(rng: Random) -> str:
    """A display name as people really choose them: real names, pet names, Latin, proverbs, a few that break layouts."""
    kind = rng.random()
    if kind < 0.30:
        return rng.choice(SURNAMES) + rng.choice(GIVEN)
    if kind < 0.48:
        return rng.choice(PET_HEADS) + rng.choice(PET_TAILS)
    if kind < 0.68:
        return rng.choice(NICK_HEADS) + rng.choice(NICK_TAILS)
    if kind < 0.78:
        return rng.choice(NICK_TAILS) + rng.choice(
            ("", "妈妈", "爸", "酱", "同学", "1990", "_", "～", "的窝", "不在家")
        )
    if kind < 0.86:
        return rng.choice(LATIN) + rng.choice(("", "", rng.choice(SURNAMES), rng.choice(BADGES), "_88"))
    if kind < 0.93:
        return rng.choice(QUIET_WORDS)
    if kind < 0.97:
        return rng.choice(GIVEN) + rng.choice(BADGES)
    return rng.choice(TRADITIONAL if kind < 0.99 else UNUSUAL)


def draw_card(rng: Random, community: str, city: str, job: str, name: str) -> str:
    """The group card a member of this community writes; most follow the asked form, some do it their own way."""
    way = rng.random()
    if way < 0.62:
        middle = job if community in ("tea", "light") else f"{rng.choice(STATES)}-{job}"
        return f"{city}-{middle}-{name}"
    if way < 0.80:
        between = rng.choice(("｜", " ", "/", "—", "－", " - ", "·", "、"))
        return between.join((city, job, name))
    if way < 0.90:
        return f"{name}-{city}" if way < 0.85 else f"{job}｜{name}"
    return name


def draw_city(rng: Random, home: str) -> str:
    """Where a member of a group of this city lives: mostly there."""
    return home if home != "全国" and rng.random() < 0.8 else rng.choice(CITIES)
