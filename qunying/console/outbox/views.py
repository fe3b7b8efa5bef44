"""Shows what goes out, and lets people decide about it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, npgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.communities.access import Permission, access_group, reach_of, visible_communities
from qunying.communities.queries import paused_communities
from qunying.console.outbox.context import DecideContext, NewsContext, Option, OutboxContext, StateChip
from qunying.console.outbox.deciding import DECISIONS, HARD, asked, preview
from qunying.console.outbox.lines import decide_address, tell_lines
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.outbox.actions import do_unhold
from qunying.outbox.queries import (
    COUNT_AT_MOST,
    STATE_GROUPS,
    Item,
    ItemWish,
    count_open,
    count_wished,
    find_item,
    list_by_id,
    list_newer,
    list_wished,
)
from qunying.pipeline.roster import ROSTER
from qunying.ui.pages import Pages, kept_query, read_page
from qunying.ui.toasts import toast

PAGE_SIZE = 30
PAGE = "console/outbox/page.html"
CHIPS = {
    "": gettext_noop("全部"),
    "needs_approval": gettext_noop("等人点头"),
    "waiting": gettext_noop("等着发"),
    "unknown": gettext_noop("不知道发没发成"),
    "failed": gettext_noop("没有发成"),
    "sent": gettext_noop("已送达"),
    "stopped": gettext_noop("拦下和撤销"),
    "simulated": gettext_noop("只看不动"),
}


@require_GET
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Everything within reach, filtered; with ``after`` only what is newer, for a list that goes on by itself."""
    wish, group_name = _wish(request)
    may_decide = reach_of(request.user, Permission.DECIDE)
    if request.GET.get("after", "").isdecimal():
        newer = list_newer(wish, int(request.GET["after"]), PAGE_SIZE)
        lines = tell_lines(newer, may_decide, _address(request.GET))
        context = NewsContext(lines=lines, chips=(), news="")
        return show(request, "console/outbox/rows.html", context, status=200 if lines else 204)
    total = count_wished(wish)
    current = read_page(request.GET.get("page"), -(-total // PAGE_SIZE))
    items = list_wished(wish, start=(current - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    lines = tell_lines(items, may_decide, _address(request.GET))
    unit = npgettext("effects", "条", "条", total) if total < COUNT_AT_MOST else _("条（更早的请用筛选找）")
    is_top = current == 1 and not wish.is_oldest_first
    context_of_page = OutboxContext(
        lines=lines,
        chips=_chips(request, wish),
        capabilities=_capabilities(wish),
        communities=_communities(request),
        group_name=group_name,
        state=wish.state,
        sort_href=_address(request.GET, sort="" if wish.is_oldest_first else "old", page=""),
        is_oldest_first=wish.is_oldest_first,
        pages=Pages(current, PAGE_SIZE, total, unit, kept_query(dict(request.GET.lists()))),
        live=_address(request.GET) if is_top else "",
        news=_news_address(request.GET, [line.seen_as for line in lines]),
        is_stopped=None in paused_communities(),
    )
    return show(request, PAGE, context_of_page, part="list")


@require_GET
@signed_in
def news(request: HttpRequest) -> HttpResponse:
    """Which of the lines shown stand otherwise now, and how much waits."""
    reach, wish = reach_of(request.user, Permission.READ), _wish(request)[0]
    shown = dict(pair.split(":", 1) for pair in request.GET.get("shown", "").split(",") if ":" in pair)
    items = [
        item for item in list_by_id([int(pk) for pk in shown if pk.isdecimal()]) if reach.covers(item.community_id)
    ]
    changed = [item for item in items if shown[str(item.pk)] != item.state]
    lines = tell_lines(changed, reach_of(request.user, Permission.DECIDE), _address(request.GET, shown=""))
    context = NewsContext(
        lines=lines,
        chips=_chips(request, wish),
        news=_news_address(request.GET, [f"{item.pk}:{item.state}" for item in items]),
    )
    return show(request, "console/outbox/news.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def decide(request: HttpRequest, item_id: int, verb: str) -> HttpResponse:
    """What a decision will do, and doing it."""
    decision = DECISIONS.get(verb)
    item = _access_item(request, item_id)
    if decision is None:
        raise Http404
    now, back = clock.now(), _back(request)
    error = "" if item.state in decision.states else _("这一条已经处理过了")
    if request.method == "POST" and not error:
        try:
            decision.act(item_id, user_id=request.user.pk, at=now)
        except BadUse as failed:
            error = failed.said(_)
        else:
            undo = reverse("console:outbox-unhold", args=[item_id]) if verb == "hold" else ""
            toast(request, str(decision.done), undo_url=undo)
            return redirect(back)
    return _ask(request, item, verb, error, back)


def _ask(request: HttpRequest, item: Item, verb: str, error: str, back: str) -> HttpResponse:
    title, button = asked(verb, item)
    (line,) = tell_lines([item], reach_of(request.user, Permission.DECIDE), back)
    context = DecideContext(
        line=line,
        title=title,
        effects=tuple([] if error else preview(verb, item, clock.now())),
        button=button,
        is_danger=(verb == "approve" and item.kind in HARD) or verb == "undo",
        action=decide_address(item.pk, verb, back),
        back=back,
        error=error,
        is_dialog=request.headers.get("HX-Request") == "true",
    )
    return show(request, "console/outbox/decide.html", context, part="ask", status=422 if error else 200)


@require_POST
@signed_in
def unhold(request: HttpRequest, item_id: int) -> HttpResponse:
    """Takes «先别发» back."""
    _access_item(request, item_id)
    try:
        do_unhold(item_id, user_id=request.user.pk or 0, at=clock.now())
        toast(request, _("又放行了"))
    except BadUse as error:
        toast(request, error.said(_))
    return redirect("console:outbox")


def _access_item(request: HttpRequest, item_id: int) -> Item:
    item = find_item(item_id)
    if item is None or not reach_of(request.user, Permission.DECIDE).covers(item.community_id):
        raise Http404
    return item


def _wish(request: HttpRequest) -> tuple[ItemWish, str]:
    """What the address asks for, within this person's reach; values nobody knows count as not given."""
    said = request.GET
    reach = reach_of(request.user, Permission.READ)
    group = access_group(request.user, int(said["group"])) if said.get("group", "").isdecimal() else None
    wanted = said.get("community", "")
    ids = reach.ids
    if wanted.isdecimal() and reach.covers(int(wanted)):
        ids = frozenset({int(wanted)})
    known = {capability.name for capability in ROSTER} | {"console"}
    wish = ItemWish(
        community_ids=ids,
        state=said.get("state", "") if said.get("state") in STATE_GROUPS else "",
        group_id=group.pk if group else None,
        capability=said.get("capability", "") if said.get("capability") in known else "",
        is_oldest_first=said.get("sort") == "old",
    )
    return wish, group.shown_name if group else ""


def _chips(request: HttpRequest, wish: ItemWish) -> tuple[StateChip, ...]:
    counts = count_open(wish.community_ids)
    return tuple(
        StateChip(
            state,
            _(label),
            _address(request.GET, state=state, page="", shown=""),
            state == wish.state,
            counts.get(state),
        )
        for state, label in CHIPS.items()
    )


def _capabilities(wish: ItemWish) -> tuple[Option, ...]:
    names = {"": _("所有能力"), **{one.name: _(one.title) for one in ROSTER}, "console": _("值班的人")}
    return tuple(Option(name, label, name == wish.capability) for name, label in names.items())


def _communities(request: HttpRequest) -> tuple[Option, ...]:
    chosen = request.GET.get("community", "")
    found = visible_communities(request.user)
    if len(found) < 2:
        return ()
    options = [Option(str(one.pk), one.name, str(one.pk) == chosen) for one in found]
    return (Option("", _("所有社群"), not chosen), *options)


def _address(said: QueryDict, **changes: str) -> str:
    """The list's address with these parameters changed; empty ones are left out."""
    words: Mapping[str, str] = {**{key: str(said[key]) for key in said if key != "after"}, **changes}
    query = urlencode({key: value for key, value in words.items() if value})
    return f"{reverse('console:outbox')}{'?' if query else ''}{query}"


def _news_address(said: QueryDict, shown: list[str]) -> str:
    query = _address(said, shown=",".join(shown)).partition("?")[2]
    return f"{reverse('console:outbox-news')}?{query}"


def _back(request: HttpRequest) -> str:
    wanted = request.GET.get("back", "")
    home = reverse("console:outbox")
    return wanted if wanted == home or wanted.startswith(f"{home}?") else home
