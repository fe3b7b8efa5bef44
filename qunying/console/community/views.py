"""A community's page and what is counted on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from qunying.communities.queries_chain import About, get_places, list_places
from qunying.console.choices import Choice, choices
from qunying.console.community.access import community_page, days_asked
from qunying.console.community.chaining import lay_panel
from qunying.console.community.context import AboutPanel, BoardPart, CommunityPage, Head, PlaceRow
from qunying.console.community.forms import PlaceForm
from qunying.console.community.kpis import lay_purposes, tell_lead
from qunying.console.community.staging import read_stage, stage_name
from qunying.console.community.words import KIND_OF_GROUP, tell_purposes
from qunying.console.platforms import tell_platform
from qunying.console.settings.forms import STRATEGIES
from qunying.console.show import show
from qunying.insights.kpis.board import SPAN_DAYS, BoardOf, find_board, get_board
from qunying.kernel import clock
from qunying.ui.dates import tell_date
from qunying.ui.moments import tell_zone

PLACES_SHOWN = 12
LANGUAGES = {"zh-hans": "中文", "en": "English"}


@require_GET
@community_page()
def page(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """The page of a community; what takes longer to count comes after it."""
    return show_page(request, head, about)


@require_GET
@community_page()
def board(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """The page with everything counted: whole, or as the part that it waits for."""
    return _show(request, head, about, get_board(about.id, days_asked(request), clock.now()))


def show_page(
    request: HttpRequest, head: Head, about: About, *, place_form: Form | None = None, status: int = 200
) -> HttpResponse:
    """The page, with the form of places as it came back where something is wrong."""
    counted = find_board(about.id, days_asked(request), clock.now())
    return _show(request, head, about, counted, place_form=place_form, status=status)


def _show(
    request: HttpRequest,
    head: Head,
    about: About,
    counted: BoardOf | None,
    *,
    place_form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    where = get_places(about.id)
    context = CommunityPage(
        head=head,
        about=_about(about, where.kinds, where.carriers),
        board=_board(about, counted, clock.now()) if counted else None,
        query=f"days={days_asked(request)}",
        places=tuple(
            PlaceRow(one.id, one.name, _(KIND_OF_GROUP[one.kind]), _where(one.kind, one.carrier, one.city))
            for one in list_places(about.id, PLACES_SHOWN)
        ),
        places_more=max(0, where.groups - PLACES_SHOWN),
        place_form=place_form or PlaceForm(),
    )
    return show(request, "console/community/page.html", context, part="all", status=status)


def _board(about: About, counted: BoardOf, now: datetime) -> BoardPart:
    stage = read_stage(about, counted.waiting, now)
    return BoardPart(
        lead=tell_lead(counted, about.purposes, stage_name(stage)),
        days=counted.days,
        query=f"?days={counted.days}",
        spans=span_choices(counted.days),
        as_of=counted.as_of,
        chain=lay_panel(counted.chain),
        purposes=lay_purposes(counted, about.purposes),
        stage=stage,
    )


def span_choices(days: int) -> tuple[Choice, ...]:
    """How long the spans may be that numbers are told of."""
    labels = [(str(one), ngettext("近 %(n)d 天", "近 %(n)d 天", one) % {"n": one}) for one in SPAN_DAYS]
    return choices({"days": str(days)}, "days", labels)


def _about(about: About, kinds: Mapping[str, int], carriers: Mapping[str, int]) -> AboutPanel:
    began = about.started_on or timezone.localtime(about.created_at).date()
    return AboutPanel(
        topic=about.topic,
        promise=about.promise,
        purposes=tell_purposes(about.purposes),
        strategy=str(dict(STRATEGIES).get(about.strategy, "")),
        started=tell_date(began, "Y-m-d"),
        zone=tell_zone(about.timezone),
        language=LANGUAGES.get(about.language, about.language),
        carriers=_mix(kinds, carriers),
    )


def _mix(kinds: Mapping[str, int], carriers: Mapping[str, int]) -> str:
    """Where the community lives, by platform and kind, the most first."""
    told = [(count, tell_platform(carrier)) for carrier, count in carriers.items()]
    told += [(count, _(KIND_OF_GROUP[kind])) for kind, count in kinds.items() if kind != "chat"]
    return _(" · ").join(f"{name} {count}" for count, name in sorted(told, reverse=True))


def _where(kind: str, carrier: str, city: str) -> str:
    return _(" · ").join(filter(None, (tell_platform(carrier) if kind == "chat" else "", city)))
