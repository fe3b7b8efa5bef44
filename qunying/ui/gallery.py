"""Every component on one page, for people who build pages. Served only when ``DEBUG`` is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.kernel import clock
from qunying.ui.charts import Hours, Layer, Range, Week
from qunying.ui.pages import Pages, kept_query, read_page
from qunying.ui.plots import Plot, Series
from qunying.ui.shell import CarrierLine, Health, Me, NavItem, Shell
from qunying.ui.toasts import toast

MEMBERS = 186
PAGE_SIZE = 6
SHOWN_ICONS = (
    "sun",
    "theme",
    "language",
    "sandbox",
    "outbox",
    "journal",
    "download",
    "pause",
    "chart",
    "gift",
    "mute",
)
YESTERDAY = (
    18,
    6,
    3,
    1,
    2,
    9,
    48,
    121,
    164,
    132,
    118,
    143,
    226,
    171,
    128,
    119,
    131,
    152,
    208,
    287,
    431,
    468,
    252,
    96,
)
FRIDAYS = (
    22,
    9,
    4,
    2,
    1,
    11,
    52,
    118,
    150,
    140,
    127,
    139,
    201,
    166,
    131,
    122,
    118,
    149,
    190,
    262,
    388,
    402,
    241,
    110,
)
QUIET_DAY = (0, 0, 0, 0, 0, 0, 1, 5, 9, 4, 4, 3, 9, 5, 3, 3, 3, 4, 6, 14, 18, 10, 9, 1)
TEA_DAY = (0, 0, 0, 0, 0, 0, 1, 5, 8, 3, 4, 3, 11, 8, 2, 4, 4, 5, 5, 24, 34, 27, 5, 2)
FREE_DAY = (
    0,
    0,
    0,
    0,
    0,
    0,
    2,
    8,
    8,
    5,
    5,
    7,
    10,
    11,
    4,
    4,
    3,
    6,
    7,
    16,
    19,
    21,
    10,
    2,
)
STARTS, FOLLOWS = (gettext_lazy("开口"), "teal"), (gettext_lazy("跟话"), "")
READS, SLEEPS = (gettext_lazy("潜水"), "plain"), (gettext_lazy("沉睡"), "plain")
# name, group card, layer, messages in 30 days, minutes since the last one, messages of seven weeks
CAST = (
    ("老周", "杭州-退休-茶龄 20 年", STARTS, 438, 0, (3, 4, 3, 5, 6, 5, 7)),
    ("阿茗", "杭州-自由-花艺", STARTS, 351, 12, (3, 4, 5, 5, 4, 6, 7)),
    ("苏念", "苏州-在职-会计", FOLLOWS, 38, 320, (1, 2, 2, 1, 3, 2, 4)),
    ("👩‍🚀𝓛𝓲𝓵𝔂", "港島－設計－自由身", FOLLOWS, 27, 1500, (2, 1, 3, 2, 2, 3, 2)),
    ("עדי כהן", "תל אביב", READS, 2, 9000, (0, 0, 1, 0, 0, 0, 1)),
    ("\u200b石榴" + "🍎" * 14, "", SLEEPS, 0, 62000, (2, 1, 1, 0, 0, 0, 0)),
)
PICKED = 3


@dataclass(frozen=True, slots=True)
class Member:
    """A line of the member table."""

    id: int
    name: str
    card: str
    layer: str
    tone: str
    messages: int
    last_at: datetime
    weeks: tuple[int, ...]
    is_picked: bool = False


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """What the gallery's template receives."""

    members: tuple[Member, ...]
    pages: Pages
    hours: Hours
    week: Week
    layers: tuple[Layer, ...]
    line: Plot
    bars: Plot
    map: Plot
    icons: tuple[str, ...]
    among: Range


class GroupForm(forms.Form):
    """A form with a good field, a wrong one and a choice."""

    remark = forms.CharField(
        label=gettext_lazy("群备注"),
        help_text=gettext_lazy("城市-类别-编号，用来搜和分组，群里的人看不到。"),
        max_length=80,
    )
    promise = forms.IntegerField(
        label=gettext_lazy("答复承诺（分钟）"),
        min_value=1,
        max_value=240,
        # type="number" would hide from people what they typed wrongly
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": gettext_lazy("写数字，1 到 240，比如 10。")},
    )


def show(request: HttpRequest) -> HttpResponse:
    """The gallery; ``?toast=1`` also shows a toast with a way back."""
    if "toast" in request.GET:
        toast(request, _("已移出「全城团购小妹」，撤回 3 条"), undo_url="/gallery/undo/")
    context = {
        "shell": example_shell(),
        "page": _page(request),
        "form": GroupForm({"remark": "杭州-茶友-03", "promise": "十"}),
    }
    return render(request, "ui/gallery.html", context)


def find(request: HttpRequest) -> HttpResponse:
    """What a search part looks like: rows for the ⌘K dialog, or a page when somebody came by link."""
    template = "ui/_gallery_found.html" if request.headers.get("HX-Request") else "ui/gallery_found.html"
    return render(
        request,
        template,
        {"query": request.GET.get("q", "").strip(), "shell": example_shell()},
    )


def example_shell() -> Shell:
    """The shell of the world in which all our examples play."""
    return Shell(
        nav=_sections(),
        me=_watcher(),
        health=_health(),
        search_url="/gallery/found/",
        home_url="/gallery/",
    )


def _sections() -> tuple[NavItem, ...]:
    return (
        NavItem("today", _("今日"), "/gallery/", 6, "act", in_bar=True),
        NavItem("groups", _("群"), "#groups", 40, in_bar=True),
        NavItem("people", _("成员"), "#people"),
        NavItem("order", _("秩序"), "#order", 17, "look", in_bar=True, gap_before=True),
        NavItem("topics", _("话题与内容"), "#topics"),
        NavItem("activities", _("活动与训练营"), "#activities"),
        NavItem("answers", _("问答"), "#answers", 3, "look", in_bar=True),
        NavItem("feedback", _("反馈"), "#feedback"),
        NavItem("growth", _("转化与增长"), "#growth"),
        NavItem("incidents", _("事件"), "#incidents", 1, "act"),
        NavItem("insights", _("数据"), "#insights", gap_before=True),
        NavItem("settings", _("设置"), "#settings", is_current=True),
    )


def _watcher() -> Me:
    return Me(7, "林晚", _("运营"), _("负责 40 个群"))


def _health() -> Health:
    carriers = (
        CarrierLine("QQ · 青禾小助手", _("在线"), is_online=True, about=_("28 个群")),
        CarrierLine("Telegram · qinghe_bot", _("在线"), is_online=True, about=_("3 个群")),
    )
    return Health(3, 0, 0, _("三个账号都在线，没有暂停"), carriers, "#carriers", "#stop")


def _page(request: HttpRequest) -> GalleryPage:
    current = read_page(request.GET.get("page"), -(-MEMBERS // PAGE_SIZE))
    return GalleryPage(
        members=_members(clock.now()),
        pages=Pages(current, PAGE_SIZE, MEMBERS, _("人"), kept_query(dict(request.GET.lists()))),
        hours=_hours(),
        week=_week(),
        layers=_layers(),
        line=_line(),
        bars=_bars(),
        map=_map(),
        icons=SHOWN_ICONS,
        among=Range(0.25, 0.1, 0.2, 0.3, 0.4, 0.6, _("同社群的 12 个群：一半在 20% 到 40%，中间是 30%；这里 25%")),
    )


def _members(now: datetime) -> tuple[Member, ...]:
    return tuple(
        Member(
            key,
            name,
            card,
            str(layer),
            tone,
            messages,
            now - timedelta(minutes=minutes),
            weeks,
            is_picked=key == PICKED,
        )
        for key, (name, card, (layer, tone), messages, minutes, weeks) in enumerate(CAST, start=1)
    )


def _hours() -> Hours:
    title = _("晚上八点到十点最热闹，占全天 26%")
    sub = _("昨天每小时消息数，共 3,434 条，40 个群")
    return Hours(
        title,
        sub,
        _("条"),
        YESTERDAY,
        _("昨天"),
        FRIDAYS,
        _("前四个周五平均"),
        (20, 21),
    )


def _week() -> Week:
    grid = (QUIET_DAY, QUIET_DAY, TEA_DAY, QUIET_DAY, QUIET_DAY, FREE_DAY, FREE_DAY)
    return Week(
        _("周三晚八点最活跃，平均 34 条"),
        _("每小时消息数，近 4 周平均，北京时间"),
        _("条"),
        grid,
    )


def _layers() -> tuple[Layer, ...]:
    return (
        Layer(_("开口"), 14, _("带起话题"), "#starters"),
        Layer(_("跟话"), 36, _("接着说"), "#followers"),
        Layer(_("潜水"), 98, _("在看不说"), "#lurkers"),
        Layer(_("沉睡"), 38, _("30 天没动静"), "#sleepers"),
    )


def _line() -> Plot:
    labels = tuple(_("第 %(n)d 周") % {"n": n} for n in range(1, 9))
    series = (
        Series(_("杭州-茶友-03"), (61, 58, 63, 66, 59, 57, 55, 50)),
        Series(_("同类群平均"), (54, 55, 53, 56, 55, 57, 56, 56), "past"),
    )
    return Plot(
        "line",
        _("说话的人连着三周变少"),
        _("每周说过话的人数"),
        _("人"),
        labels,
        series,
    )


def _bars() -> Plot:
    labels = tuple(_("%(day)d 日") % {"day": day} for day in range(15, 22))
    series = (
        Series(_("这周"), (31, 48, 61, 118, 57, 52, 45)),
        Series(_("上周"), (78, 88, 94, 126, 91, 97, 90), "peer"),
    )
    return Plot(
        "bar",
        _("周三一天说了全周的 29%"),
        _("每天消息数"),
        _("条"),
        labels,
        series,
        (3,),
    )


def _map() -> Plot:
    labels = tuple(_("第 %(n)d 周") % {"n": n} for n in range(7))
    cohorts = (
        (100, 61, 52, 47, 45, 43, 43),
        (100, 58, 49, 44, 41, 40, None),
        (100, 66, 57, 51, 50, None, None),
    )
    names = ("9-07", "9-14", "9-21")
    series = tuple(Series(name, tuple(row)) for name, row in zip(names, cohorts, strict=True))
    return Plot(
        "heat",
        _("新人第二周走得最多"),
        _("进群后每周还在说话的人"),
        "%",
        labels,
        series,
    )
