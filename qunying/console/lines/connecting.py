"""Connecting an account: which platform, by which way, for which community; and what each platform can do."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qunying.carriers.connecting import KINDS, Connect, How, Way, how_done, list_offered
from qunying.carriers.live import CARRIERS
from qunying.carriers.wire.lines import do_open_line
from qunying.carriers.wire.switchboard import find_address
from qunying.communities.access import Permission, access_some, visible_communities
from qunying.console.lines.context import CanLine, ConnectContext, OfferLine, PlatformsContext
from qunying.console.lines.forms import ConnectForm
from qunying.console.platforms import tell_platform
from qunying.console.reasons import tell_kind
from qunying.console.settings.communities import tabs_of
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.ui.toasts import toast

EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - told from an address, not listened on


def address_of(request: HttpRequest, way: Way) -> str:
    """Where the platform calls us in this way; empty where we call it, or nobody listens."""
    stands = find_address() if way.path else ""
    if not stands:
        return ""
    parts = urlsplit(stands)
    host = parts.hostname or ""
    if host in EVERYWHERE:
        host = request.get_host().rpartition(":")[0] or request.get_host()
    return f"{way.scheme}://{host}:{parts.port}/{way.path}"


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def connect(request: HttpRequest) -> HttpResponse:
    """The platforms; then what one of them asks for, with what it means for the account; posted, a new line."""
    access_some(request.user, Permission.SETTINGS)
    offered = list_offered()
    chosen = next((one for one in offered if one.carrier == request.GET.get("carrier")), None)
    if chosen is None:
        return _show(request, offered, None, None, None)
    way = chosen.find_way(request.GET.get("way", "")) or chosen.ways[0]
    form = ConnectForm(chosen.carrier, way, _homes(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        line_id = do_open_line(
            chosen.carrier,
            form.options(),
            form.secrets(),
            community_id=form.cleaned_data["community"],
            at=clock.now(),
            actor=f"user:{request.user.pk}",
        )
        toast(request, _("存好了，正在连"))
        return redirect("console:settings-line", line_id)
    return _show(request, offered, chosen, way, form)


def _homes(request: HttpRequest) -> list[tuple[int, str]]:
    """Where new groups may belong; what is connected to the demo would go with it."""
    mine = visible_communities(request.user, Permission.SETTINGS)
    return [(one.pk, one.name) for one in mine if not one.is_demo]


def _show(
    request: HttpRequest, offered: list[Connect], chosen: Connect | None, way: Way | None, form: ConnectForm | None
) -> HttpResponse:
    context = ConnectContext(
        tabs=tabs_of(request, "settings-accounts"),
        offers=() if chosen else tuple(_offer(one) for one in offered),
        form=form,
        carrier=chosen.carrier if chosen else "",
        title=tell_platform(chosen.carrier) if chosen else "",
        risk=_(chosen.risk) if chosen and chosen.risk else "",
        way=way.name if way else "",
        about=_(way.about) if way else "",
        ways=tuple((one.name, _(one.title)) for one in chosen.ways) if chosen else (),
        steps=tuple(_(one) for one in way.steps) if way else (),
        address=address_of(request, way) if way else "",
        has_homes=bool(_homes(request)),
    )
    status = 422 if form is not None and form.is_bound else 200
    return show(request, "console/lines/connect.html", context, status=status)


def _offer(one: Connect) -> OfferLine:
    kinds = {how: tuple(tell_kind(kind) for kind in KINDS if how_done(one.carrier, kind) is how) for how in How}
    return OfferLine(
        one.carrier,
        tell_platform(one.carrier),
        _(one.about),
        kinds[How.DOES],
        kinds[How.PERSON],
        kinds[How.CANNOT],
        tuple((way.name, _(way.title)) for way in one.ways),
    )


@require_GET
@signed_in
def platforms(request: HttpRequest) -> HttpResponse:
    """What each platform can do, what a person is asked to do, what nobody can."""
    words = {How.DOES: (_("群营做"), "teal"), How.PERSON: (_("请人做"), ""), How.CANNOT: (_("做不到"), "plain")}
    lines = tuple(
        CanLine(
            tell_kind(kind),
            tuple((tell_platform(one.name), *words[how_done(one.name, kind)]) for one in CARRIERS),
        )
        for kind in KINDS
    )
    titles = tuple(tell_platform(one.name) for one in CARRIERS)
    return show(
        request, "console/lines/platforms.html", PlatformsContext(tabs_of(request, "settings-accounts"), titles, lines)
    )
