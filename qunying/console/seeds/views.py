"""Who carries a community: the ranking, shortlists and what is made of them, the ladder, the weights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from qunying.communities.access import Permission, visible_communities
from qunying.console.seeds.context import ChoosePage
from qunying.console.seeds.head import SeedsHead, access_shortlist, seeds_page
from qunying.console.seeds.lists import read_list, read_lists
from qunying.console.seeds.ranking import TOP, read_homes, read_ranking
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.ladder import do_ask_to_count, list_ranked
from qunying.people.shortlists import (
    do_drop_shortlist,
    do_make_shortlist,
    do_put_back_on_shortlist,
    do_rename_shortlist,
    do_take_off_shortlist,
)
from qunying.ui.toasts import toast

FOLDER = "console/seeds"


@require_safe
@signed_in
def choose(request: HttpRequest) -> HttpResponseBase:
    """The communities this person may see; where there is only one, its ranking."""
    known = visible_communities(request.user)
    if len(known) == 1:
        return ranking(request, community_id=known[0].pk)
    homes = read_homes([(one.pk, one.name) for one in known])
    return show(request, f"{FOLDER}/choose.html", ChoosePage(homes))


@require_safe
@seeds_page("ranking")
def ranking(request: HttpRequest, head: SeedsHead) -> HttpResponse:
    """Who carries the community, as last counted."""
    return show(request, f"{FOLDER}/page.html", read_ranking(head, request.GET, clock.now()), part="answer")


@require_POST
@seeds_page("ranking", Permission.DECIDE)
def count(request: HttpRequest, head: SeedsHead) -> HttpResponse:
    """Asks the keeper to count anew."""
    do_ask_to_count(head.id, clock.now())
    toast(request, _("排上了，数好就换上新的"))
    return redirect("console:seeds-community", head.id)


@require_GET
@seeds_page("lists")
def lists(request: HttpRequest, head: SeedsHead) -> HttpResponse:
    """All shortlists."""
    return show(request, f"{FOLDER}/lists.html", read_lists(head))


@require_POST
@seeds_page("ranking", Permission.DECIDE)
def make(request: HttpRequest, head: SeedsHead) -> HttpResponse:
    """A shortlist of those who were ticked, or of the first of the ranking."""
    now = clock.now()
    try:
        people = _chosen(request, head)
        name = request.POST.get("name", "")
        pk = do_make_shortlist(head.id, name, people, user_id=request.user.pk or 0, at=now)
    except BadUse as error:
        page = read_ranking(head, request.GET, now, error=error.said(_))
        return show(request, f"{FOLDER}/page.html", page, part="answer", status=422)
    words = ngettext("列好了，%(n)s 人", "列好了，%(n)s 人", len(people)) % {"n": len(people)}
    toast(request, words, undo_url=_change(head, pk, act="drop"))
    return redirect("console:seeds-list", head.id, pk)


def _chosen(request: HttpRequest, head: SeedsHead) -> list[int]:
    """Persons by id. What is no number is nobody."""
    if "top" in request.POST:
        return [one.person_id for one in list_ranked(head.id, start=0, limit=TOP)]
    return [int(text) for text in request.POST.getlist("person") if text.isdecimal() and len(text) < 19]


def _change(head: SeedsHead, list_id: int, **query: Any) -> str:
    address = reverse("console:seeds-list-change", args=[head.id, list_id])
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


@require_safe
@seeds_page("lists")
def shortlist(request: HttpRequest, head: SeedsHead, list_id: int) -> HttpResponse:
    """One shortlist: who is on it, what is planned, whether they stayed."""
    page = read_list(head, access_shortlist(head, list_id), clock.now())
    return show(request, f"{FOLDER}/list.html", page)


@require_POST
@seeds_page("lists", Permission.DECIDE)
def change(request: HttpRequest, head: SeedsHead, list_id: int) -> HttpResponse:
    """Renames a list, takes somebody off it, puts it away; each with a way back."""
    found, now = access_shortlist(head, list_id), clock.now()
    said = {**request.GET.dict(), **request.POST.dict()}
    try:
        goes_to = _do_change(request, head, list_id, said)
    except BadUse as error:
        page = read_list(head, found, now, error=error.said(_), typed=str(said.get("name", "")))
        return show(request, f"{FOLDER}/list.html", page, status=422)
    return redirect(goes_to)


def _do_change(request: HttpRequest, head: SeedsHead, list_id: int, said: dict[str, Any]) -> str:
    """Does it, says so, and answers where to go on."""
    here, act = reverse("console:seeds-list", args=[head.id, list_id]), said.get("act", "")
    person = int(said["person"]) if str(said.get("person", "")).isdecimal() else 0
    by: dict[str, Any] = {"user_id": request.user.pk or 0, "at": clock.now()}
    if act == "rename" and do_rename_shortlist(list_id, str(said.get("name", "")), **by):
        toast(request, _("改好了"))
    elif act == "off" and do_take_off_shortlist(list_id, person, **by):
        toast(request, _("从名单里拿下来了"), undo_url=_change(head, list_id, act="on", person=person))
    elif act == "on":
        do_put_back_on_shortlist(list_id, person, **by)
    elif act == "drop" and do_drop_shortlist(list_id, **by):
        toast(request, _("名单收起来了"), undo_url=_change(head, list_id, act="back"))
        return reverse("console:seeds-lists", args=[head.id])
    elif act == "back":
        do_drop_shortlist(list_id, is_back=True, **by)
    return here
