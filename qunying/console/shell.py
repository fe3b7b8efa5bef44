"""What stands around every page: sections with their counts, who is signed in, how the accounts do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext_lazy

from qunying.carriers.connecting import find_connect
from qunying.carriers.wire.lines import list_standings
from qunying.carriers.wire.watching import is_held
from qunying.communities.access import Holdings, Permission, Role, holdings_of
from qunying.communities.queries import paused_communities
from qunying.communities.queries_accounts import list_accounts
from qunying.console.lines.health import Health as LineHealth
from qunying.console.lines.health import OwnAccount, tell_health, tell_name
from qunying.console.platforms import tell_platform
from qunying.console.waiting import count_failed, count_groups, count_waiting_for_people
from qunying.kernel import clock
from qunying.pipeline.roster import ROSTER
from qunying.ui.shell import CarrierLine, Health, Me, NavItem, Shell, Tone

ROLE_NAMES: Mapping[Role, str] = {
    Role.OWNER: gettext_noop("所有者"),
    Role.LEAD: gettext_noop("负责人"),
    Role.OPERATOR: gettext_noop("运营"),
    Role.WATCHER: gettext_noop("值班"),
    Role.ANALYST: gettext_noop("分析"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the console: its page, and the beginnings of the URL names that belong to it, in its own namespace where they
    name none; none of a capability's, to which all its names belong."""

    icon: str
    title: str | Promise
    url_name: str
    belongs: tuple[str, ...] = ()
    in_bar: bool = False
    gap_before: bool = False


SECTIONS: tuple[Section, ...] = (
    Section("today", gettext_noop("今日"), "console:today", ("today",), in_bar=True),
    Section("groups", gettext_noop("群"), "console:groups", ("group",), in_bar=True),
    Section("flag", pgettext_lazy("section", "社群"), "console:communities", ("communities", "community")),
    Section("people", gettext_noop("成员"), "console:people", ("people", "person", "seeds")),
    Section(
        "order", gettext_noop("秩序"), "console:review", ("review", "rehearse", "order:"), in_bar=True, gap_before=True
    ),
    Section("sandbox", gettext_noop("演练场"), "console:sandbox", ("sandbox",)),
    Section("door", gettext_noop("迎新"), "onboarding:welcome", ("welcome",)),
    Section("outbox", gettext_noop("发件箱"), "console:outbox", ("outbox",)),
    Section("insights", gettext_noop("数据"), "console:insights", ("insights", "metric"), gap_before=True),
    Section("journal", gettext_noop("日志"), "console:journal", ("journal",)),
    Section("settings", gettext_noop("设置"), "console:settings", ("settings", "import")),
)
CAPABILITIES_BEFORE = "console:outbox"


def list_sections() -> list[Section]:
    """All sections: the house's own, and in their midst what capabilities offer."""
    offered = [Section(one.icon, one.title, one.url_name) for each in ROSTER for one in each.screens]
    place = next(place for place, one in enumerate(SECTIONS) if one.url_name == CAPABILITIES_BEFORE)
    return [*SECTIONS[:place], *offered, *SECTIONS[place:]]


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: the shell, read only when a page shows it."""
    return {"shell": SimpleLazyObject(lambda: make_shell(request))}


def make_shell(request: HttpRequest) -> Shell:
    """The shell for whoever asks; nobody signed in sees none of it."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return Shell()
    holdings = holdings_of(request.user)
    return Shell(
        nav=tuple(_nav(request, holdings)),
        me=_me(request, holdings),
        health=_health(),
        search_url=_href("console:search"),
        home_url="/",
    )


def _nav(request: HttpRequest, holdings: Holdings) -> list[NavItem]:
    counts = _counts(holdings, request.user.pk or 0)
    items = []
    for section in list_sections():
        count, tone = counts.get(section.url_name, (None, ""))
        items.append(
            NavItem(
                icon=section.icon,
                label=str(section.title) if isinstance(section.title, Promise) else gettext(section.title),
                href=_href(section.url_name),
                count=count,
                tone=tone,
                is_current=_is_here(request, section),
                in_bar=section.in_bar,
                gap_before=section.gap_before,
            )
        )
    return items


def _is_here(request: HttpRequest, section: Section) -> bool:
    match, home = request.resolver_match, section.url_name.partition(":")[0]
    beginnings = tuple(one if ":" in one else f"{home}:{one}" for one in section.belongs or ("",))
    return match is not None and match.view_name.startswith(beginnings)


def _href(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:  # a capability was taken out; its section goes with it
        return "/"


def _counts(holdings: Holdings, user_id: int) -> dict[str, tuple[int | None, Tone]]:
    reach = holdings.reach(Permission.READ)
    waiting = count_waiting_for_people(reach, holdings.reach(Permission.DECIDE), user_id)
    failed = count_failed(reach)
    today: Tone = "act" if failed else "look"
    screens = [screen for capability in ROSTER for screen in capability.screens]
    return {
        **{one.url_name: (one.count(reach.ids) or None, "act") for one in screens if one.count},
        "console:today": (waiting.cases + waiting.tasks + failed or None, today),
        "console:groups": (count_groups(reach) or None, ""),
        "console:review": (waiting.to_decide or None, "look"),
        "console:outbox": (waiting.cases or None, "look"),
    }


def _me(request: HttpRequest, holdings: Holdings) -> Me:
    role = holdings.role
    name = getattr(request.user, "first_name", "") or request.user.get_username()
    return Me(id=request.user.pk or 0, name=name, duty=gettext(ROLE_NAMES[role]) if role else "")


def _health() -> Health:
    """Accounts with a line are told by it; one whose line was closed is neither here nor away."""
    now, paused, accounts = clock.now(), paused_communities(), list_accounts()
    lines = list_standings() if any(find_connect(one.carrier) for one in accounts) else []
    held = is_held(now) if lines else True
    told = [(tell_name(one), tell_health(one, now, held=held)) for one in lines]
    taken = {(one.carrier, one.account_ref) for one in lines}
    told += [
        _without_line(account)
        for account in accounts
        if (account.carrier, account.ref) not in taken and find_connect(account.carrier) is None
    ]
    healths = [health for _name, health in told]
    return Health(
        online=sum(health.is_online for health in healths),
        offline=sum(health.tone == "act" for health in healths),
        paused=len(paused) + sum(health.is_paused for health in healths),
        summary=_summary(healths, paused, held=held),
        carriers=tuple(CarrierLine(name, one.words, one.is_online, one.why, one.tone) for name, one in told),
        details_url=_href("console:settings-accounts"),
        stop_url=_href("console:settings-pause"),
    )


def _without_line(account: OwnAccount) -> tuple[str, LineHealth]:
    words = gettext("在线") if account.is_online else gettext("不在线")
    tone = "on" if account.is_online else "act"
    name = f"{tell_platform(account.carrier)} · {account.name}"
    return name, LineHealth(tone, words, is_online=account.is_online)


def _summary(healths: Sequence[LineHealth], paused: Collection[int | None], *, held: bool) -> str:
    if not held:
        return gettext("线路进程没有在跑")
    if None in paused:
        return gettext("自动动作停着")
    if paused:
        return ngettext("%(n)d 个社群停着", "%(n)d 个社群停着", len(paused)) % {"n": len(paused)}
    if any(health.tone == "act" for health in healths):
        return gettext("有账号不在线")
    if stopped := sum(health.is_paused for health in healths):
        return ngettext("%(n)d 个账号停着", "%(n)d 个账号停着", stopped) % {"n": stopped}
    return gettext("账号都在线，没有暂停")
