"""Our accounts: all of them, one of them, and what a person does with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2s

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.carriers.base import NotReachable
from qunying.carriers.connecting import find_connect
from qunying.carriers.wire.lines import (
    LineState,
    do_change_line,
    do_close_line,
    do_pause_line,
    find_line,
    list_lines,
)
from qunying.carriers.wire.mishaps import Trouble, list_troubles
from qunying.carriers.wire.switchboard import do_look, find_seen_at
from qunying.carriers.wire.watching import is_held
from qunying.communities.access import Permission, Reach, reach_of
from qunying.communities.queries_accounts import list_accounts_with_groups
from qunying.console.lines.connecting import address_of
from qunying.console.lines.context import (
    AccountLine,
    AccountsContext,
    CloseContext,
    LineContext,
    SecretForm,
)
from qunying.console.lines.forms import WayForm
from qunying.console.lines.health import Health, OwnAccount, tell_health, tell_name
from qunying.console.lines.looking import list_groups, tell_may, tell_troubles
from qunying.console.outbox.context import EffectLine
from qunying.console.platforms import tell_platform
from qunying.console.settings.communities import tabs_of
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.ui.figures import exact
from qunying.ui.toasts import toast

TAB = "settings-accounts"


@require_GET
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Every account with how it does; who may set it up finds its page."""
    now, lines = clock.now(), list_lines()
    held, reach = is_held(now), reach_of(request.user, Permission.SETTINGS)
    troubles = list_troubles(now) if lines or reach.is_everywhere else []
    accounts = {(one.carrier, one.ref): (one, groups) for one, groups in list_accounts_with_groups()}
    shown = [_line(one, tell_health(one, now, held=held), accounts, reach, troubles) for one in lines]
    taken = {(one.carrier, one.account_ref) for one in lines}
    shown += [_account(one, groups) for place, (one, groups) in accounts.items() if place not in taken]
    context = AccountsContext(
        tabs=tabs_of(request, TAB),
        accounts=tuple(shown),
        is_gone=bool(lines) and not held,
        seen_at=find_seen_at() if lines else None,
        unknown=tell_troubles(one for one in troubles if not one.line_id) if reach.is_everywhere else (),
        can_connect=not reach.is_nowhere,
    )
    return show(request, "console/lines/page.html", context)


def _line(
    line: LineState,
    health: Health,
    accounts: Mapping[tuple[str, str], tuple[OwnAccount, int]],
    reach: Reach,
    troubles: Sequence[Trouble],
) -> AccountLine:
    account, groups = accounts.get((line.carrier, line.account_ref), (None, 0))
    is_ours = _covers(reach, line)
    return AccountLine(
        title=tell_name(line),
        ref=line.account_ref,
        health=health,
        since=account.online_since if account and health.is_online else None,
        heard_at=line.heard_at,
        groups=groups,
        may=tell_may(line) if is_ours else "",
        mishaps=sum(one.times for one in troubles if one.line_id == line.id) if is_ours else 0,
        href=reverse("console:settings-line", args=[line.id]) if is_ours else "",
    )


def _account(account: OwnAccount, groups: int) -> AccountLine:
    """An account without a line: the sandbox's, or one whose line was closed."""
    if find_connect(account.carrier) is not None:
        health = Health("hollow", _("没有线路"), _("线路拆掉了；再接一次同一个账号，群还在"))
    elif account.is_online:
        health = Health("on", _("在线"), is_online=True)
    else:
        health = Health("act", _("不在线"))
    title = f"{tell_platform(account.carrier)} · {account.name}"
    since = account.online_since if health.is_online else None
    return AccountLine(title, account.ref, health, since, None, groups, "", 0, "")


def _covers(reach: Reach, line: LineState) -> bool:
    return reach.is_everywhere if line.community_id is None else reach.covers(line.community_id)


def access_line(request: HttpRequest, line_id: int) -> LineState:
    """That line. Raises ``Http404`` where it is not there or this person may not set it up."""
    line = find_line(line_id)
    if line is None or not _covers(reach_of(request.user, Permission.SETTINGS), line):
        raise Http404
    return line


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line and how it does, looked at again every few seconds; posted: new secrets, shown to nobody."""
    found = access_line(request, line_id)
    if request.method == "GET":
        return _page(request, found)
    connect = find_connect(found.carrier)
    way = connect.find_way(request.POST.get("way", "")) if connect else None
    if way is None:
        raise Http404
    form = WayForm(found.carrier, way, request.POST, line_id=line_id)
    if not form.is_valid():
        return _page(request, found, wrong={way.name: form}, status=422)
    try:
        do_change_line(line_id, secrets=form.secrets(), at=clock.now(), actor=f"user:{request.user.pk}")
    except BadUse as error:
        raise Http404 from error
    toast(request, _("换好了，正在用新的重连"))
    return redirect("console:settings-line", line_id)


def _page(
    request: HttpRequest, found: LineState, *, wrong: dict[str, WayForm] | None = None, status: int = 200
) -> HttpResponse:
    now, connect = clock.now(), find_connect(found.carrier)
    ways = connect.ways_of(found.options) if connect else ()
    groups, more = list_groups(found, reach_of(request.user, Permission.READ))
    health = tell_health(found, now, held=is_held(now))
    troubles = tell_troubles(list_troubles(now, [found.id]))
    said = (health.tone, health.words, health.why, str(found.can), *(f"{one.words}{one.times}" for one in troubles))
    seen = blake2s("\0".join(said).encode("utf-8", "replace"), digest_size=8).hexdigest()
    if request.GET.get("polling") == seen:
        return HttpResponse(status=204)
    way = ways[0] if ways else None
    address = address_of(request, way) if way else ""
    context = LineContext(
        tabs=tabs_of(request, TAB),
        id=found.id,
        title=tell_name(found),
        ref=found.account_ref,
        health=health,
        heard_at=found.heard_at,
        summary=tell_may(found),
        groups=groups,
        more=more,
        mishaps=troubles,
        steps=tuple(_(one) for one in way.steps) if way and way.path and not found.account_ref else (),
        address=address,
        secrets=tuple(
            SecretForm(
                one.name, _(one.title), (wrong or {}).get(one.name) or WayForm(found.carrier, one, line_id=found.id)
            )
            for one in ways
        ),
        seen=seen,
    )
    part = "state" if request.method == "GET" else ""
    return show(request, "console/lines/line.html", context, part=part, status=status)


@require_POST
@signed_in
def act(request: HttpRequest, line_id: int, verb: str) -> HttpResponse:
    """Pauses a line, lets it go on, or has it look around now."""
    access_line(request, line_id)
    actor, at = f"user:{request.user.pk}", clock.now()
    match verb:
        case "pause" | "go":
            do_pause_line(line_id, is_paused=verb == "pause", at=at, actor=actor)
            toast(request, _("停下了，不听也不说") if verb == "pause" else _("接着听，接着说"))
        case "look":
            toast(request, _looked(line_id))
        case _:
            raise Http404
    return redirect("console:settings-line", line_id)


def _looked(line_id: int) -> str:
    try:
        seen = do_look(line_id)
    except NotReachable:
        return _("现在问不到：线路进程没有在跑，或者平台没有回答")
    if not seen["is_there"]:
        return _("这条线路还没有连上")
    return _("看过了，%(n)s 个群") % {"n": exact(seen["groups"])}


@require_http_methods(["GET", "POST"])
@signed_in
def close(request: HttpRequest, line_id: int) -> HttpResponse:
    """Says what will happen, then closes the line."""
    found = access_line(request, line_id)
    if request.method == "POST":
        do_close_line(line_id, at=clock.now(), actor=f"user:{request.user.pk}")
        toast(request, _("线路拆掉了，口令也删了"))
        return redirect("console:settings-accounts")
    effects = (
        EffectLine("x", _("连接断开，口令或密码从群营里删掉"), _("立刻，撤不回")),
        EffectLine("groups", _("它在的 %(n)s 个群从此听不到，也说不了话") % {"n": exact(len(found.can))}, _("立刻")),
        EffectLine("clock", _("排着还没发的，过了时候就作废"), ""),
        EffectLine("check", _("群、成员、说过的话都留着"), _("不受影响")),
        EffectLine("undo", _("想接回来，再接一次同一个账号"), ""),
    )
    context = CloseContext(tabs_of(request, TAB), found.id, tell_name(found), effects)
    return show(request, "console/lines/close.html", context)
