"""Lists facts, hands them out as a table, has the chain recomputed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext
from django.views.decorators.http import require_GET, require_POST

from qunying.communities.access import Permission, access_everything, reach_of, visible_communities
from qunying.console.journal.context import ChainLine, FlawLine, JournalContext, RowsContext, Told, VerifyContext
from qunying.console.journal.filters import read_wish, show_filters
from qunying.console.journal.words import tell_facts
from qunying.console.sheet import as_csv
from qunying.console.show import show, signed_in
from qunying.journal.listing import (
    FACTS_COUNTED_AT_MOST,
    Chain,
    FactWish,
    count_wished_facts,
    list_chains,
    list_newer_facts,
    list_wished_facts,
)
from qunying.journal.queries import count_sealed, find_flaws
from qunying.ui.pages import Pages, kept_query, read_page

PAGE_SIZE = 50
EXPORT_AT_MOST = 100_000
EXPORT_AT_ONCE = 1000
FLAWS_SHOWN = 20
VERIFIED_AT_MOST = 200_000
COLUMNS = ("id", "at", "kind", "sentence", "group", "actor", "seal", "digest")


@require_GET
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Facts within reach, filtered; with ``after`` only what is newer, for a list that goes on by itself."""
    wish = read_wish(request)
    if request.GET.get("after", "").isdecimal():
        newer = tell_facts(list_newer_facts(wish, int(request.GET["after"]), PAGE_SIZE))
        return show(request, "console/journal/rows.html", RowsContext(newer), status=200 if newer else 204)
    total = count_wished_facts(wish)
    current = read_page(request.GET.get("page"), -(-total // PAGE_SIZE))
    unit = (
        npgettext("entries", "条", "条", total)
        if total < FACTS_COUNTED_AT_MOST
        else _("条（更早的请用筛选找，或者导出）")
    )
    query = urlencode([(key, value) for key, value in request.GET.items() if key != "page"])
    context = JournalContext(
        facts=tell_facts(list_wished_facts(wish, start=(current - 1) * PAGE_SIZE, limit=PAGE_SIZE)),
        filters=show_filters(request),
        chains=_chains(request),
        can_verify=reach_of(request.user, Permission.OWN).is_everywhere,
        export=f"{reverse('console:journal-export')}?{query}",
        pages=Pages(current, PAGE_SIZE, total, unit, kept_query(dict(request.GET.lists()))),
        live=f"{reverse('console:journal')}?{query}" if current == 1 else "",
    )
    return show(request, "console/journal/page.html", context, part="list")


@require_GET
@signed_in
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as CSV, up to ``EXPORT_AT_MOST`` facts, newest first."""
    return as_csv("journal", COLUMNS, _cells_of(read_wish(request)))


@require_POST
@signed_in
def verify(request: HttpRequest) -> HttpResponse:
    """Recomputes every digest and every seal; for owners of everything."""
    access_everything(request.user, Permission.OWN)
    checked = sum(count_sealed())
    is_too_long = checked > VERIFIED_AT_MOST
    flaws = [] if is_too_long else list(islice(find_flaws(), FLAWS_SHOWN + 1))
    names = _names(request)
    context = VerifyContext(
        flaws=tuple(FlawLine(names.get(flaw.community_id, ""), flaw.place, flaw.what) for flaw in flaws[:FLAWS_SHOWN]),
        has_more=len(flaws) > FLAWS_SHOWN,
        checked=checked,
        is_too_long=is_too_long,
    )
    return show(request, "console/journal/verify.html", context, part="found")


def _chains(request: HttpRequest) -> tuple[ChainLine, ...]:
    reach = reach_of(request.user, Permission.READ)
    names = _names(request)
    chains: list[Chain] = list_chains(reach.ids)
    return tuple(
        ChainLine(
            names.get(chain.community_id, _("已移除的社群")), chain.links, chain.sealed, chain.sealed_at, chain.unsealed
        )
        for chain in chains
    )


def _names(request: HttpRequest) -> dict[int | None, str]:
    names: dict[int | None, str] = {one.pk: one.name for one in visible_communities(request.user)}
    return {None: _("整个安装"), **names}


def _cells_of(wish: FactWish) -> Iterator[tuple[object, ...]]:
    before: int | None = None
    for _block in range(EXPORT_AT_MOST // EXPORT_AT_ONCE):
        facts = list_wished_facts(wish, limit=EXPORT_AT_ONCE, before_id=before)
        yield from (_cells(told) for told in tell_facts(facts))
        if len(facts) < EXPORT_AT_ONCE:
            return
        before = facts[-1].id


def _cells(told: Told) -> tuple[object, ...]:
    return (told.id, told.at, told.title, told.sentence, told.group, told.actor, told.seal, told.digest)
