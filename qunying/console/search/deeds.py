"""What can be done from the search: the pages of the console by what people would call them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.communities.access import PERMISSIONS, Permission, Role
from qunying.console.search.wanted import Wanted, fold
from qunying.store.tokens import initials


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do: its name, what it is about, other words it is looked for by, who may."""

    title: str
    about: str
    icon: str
    url_name: str
    also: str = ""
    needs: Permission = Permission.READ


DEEDS: tuple[Deed, ...] = (
    Deed(
        gettext_noop("导入聊天记录"),
        gettext_noop("QQ、微信、Telegram 导出的都认得"),
        "upload",
        "console:import",
        "import upload export 上传 导出",
        Permission.IMPORT,
    ),
    Deed(
        gettext_noop("打开演练场"),
        gettext_noop("你来演成员，看系统怎么做，碰不到真人"),
        "sandbox",
        "console:sandbox",
        "sandbox try 试一试 测试",
    ),
    Deed(
        gettext_noop("看今日"),
        gettext_noop("需要你的、自己在跑的、昨天以来"),
        "today",
        "console:today",
        "today 待办 首页",
    ),
    Deed(gettext_noop("看所有群"), gettext_noop("按社群、健康、权重找群"), "groups", "console:groups", "groups 群列表"),
    Deed(
        gettext_noop("看所有成员"),
        gettext_noop("按名字、群名片、首字母找人"),
        "people",
        "console:people",
        "people members 名单",
    ),
    Deed(
        gettext_noop("看发件箱"),
        gettext_noop("等你点头的、排着队的、没发成的"),
        "outbox",
        "console:outbox",
        "outbox approve 审批 同意 待发",
    ),
    Deed(
        gettext_noop("看数据"),
        gettext_noop("每个指标怎么算、现在多少"),
        "insights",
        "console:insights",
        "insights metrics 指标 报表",
    ),
    Deed(
        gettext_noop("看日志"),
        gettext_noop("谁在什么时候做了什么，为什么"),
        "journal",
        "console:journal",
        "journal audit 审计 记录",
    ),
    Deed(
        gettext_noop("改设置"), gettext_noop("社群、能力、账号、登录"), "settings", "console:settings", "settings 配置"
    ),
    Deed(
        gettext_noop("暂停自动动作"),
        gettext_noop("先看会停下多少，再决定"),
        "pause",
        "console:settings-pause",
        "pause stop 停 急停",
        Permission.DECIDE,
    ),
)


@dataclass(frozen=True, slots=True)
class Possible:
    """A deed that this person may do, ready to be shown."""

    title: str
    about: str
    icon: str
    href: str


def list_deeds(wanted: Wanted, held: Iterable[Permission]) -> list[Possible]:
    """What fits the words and this person may do; everything where nothing was asked for."""
    allowed = frozenset(held)
    return [
        Possible(_(deed.title), _(deed.about), deed.icon, href)
        for deed in DEEDS
        if deed.needs in allowed and _fits(deed, wanted) and (href := _href(deed.url_name))
    ]


def permissions_of(role: Role | None) -> frozenset[Permission]:
    """What the widest role of somebody allows somewhere."""
    return PERMISSIONS[role] if role else frozenset()


def _fits(deed: Deed, wanted: Wanted) -> bool:
    if wanted.is_nothing:
        return True
    hay = fold(f"{deed.title} {_(deed.title)} {_(deed.about)} {deed.also} {initials(deed.title)}")
    return bool(wanted.words) and all(word in hay for word in wanted.words)


def _href(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:  # the screen was taken out
        return ""
