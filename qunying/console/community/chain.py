"""The funnel over a chain, and the chain changed: laid anew, links added, changed, moved, taken out, and all that taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qunying.communities.access import Permission
from qunying.communities.actions_chain import (
    do_add_link,
    do_change_link,
    do_lay_chain,
    do_move_link,
    do_remove_link,
    do_take_back_chain,
)
from qunying.communities.chains import FROM_OUTSIDE, READY, Link, LinkDraft
from qunying.communities.queries_chain import About, find_hook_made_at, find_version_of_chain
from qunying.console.community.access import community_page, days_asked
from qunying.console.community.chaining import lay_link, tell_chain
from qunying.console.community.context import ChainPage, Head, HookPanel, ImportedNumbers, LinkLine, ReadyLine
from qunying.console.community.forms import LinkForm, NumbersForm, form_of_link
from qunying.console.community.views import span_choices
from qunying.console.community.words import tell_counting, tell_link
from qunying.console.insights.asking import STEP_PLACES
from qunying.console.show import show
from qunying.insights.chain import LinkCount
from qunying.insights.kpis.board import BoardOf, get_board
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.ui.dates import tell_date
from qunying.ui.toasts import toast

STEPS: Mapping[str, str] = {"joined": "joined", "first_word": "said", "deed:order": "order"}
MOVES = {"up": -1, "down": 1}


@require_GET
@community_page()
def page(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """The funnel over the chain."""
    return show_chain(request, head, about)


def show_chain(
    request: HttpRequest,
    head: Head,
    about: About,
    *,
    add_form: Form | None = None,
    sent: tuple[int, Form] | None = None,
    upload_form: Form | None = None,
    imported: ImportedNumbers | None = None,
    token: str = "",
    status: int = 200,
) -> HttpResponse:
    """The chain's page; ``sent`` is a link and its form that came back with what is wrong."""
    counted = get_board(about.id, days_asked(request), clock.now())
    context = ChainPage(
        head=head,
        title=tell_chain(counted.chain),
        scope=_scope(counted),
        spans=span_choices(counted.days),
        as_of=counted.as_of,
        lines=_lines(counted.chain, sent),
        funnel_href=_funnel(head.id, [one.link for one in counted.chain]),
        version=find_version_of_chain(head.id) if head.can_set else None,
        ready=tuple(
            ReadyLine(one.purpose, _(one.title), _(one.story), tuple(map(_tell_draft, one.links))) for one in READY
        ),
        add_form=add_form or LinkForm(initial={"count_by": ""}),
        upload_form=upload_form or NumbersForm(),
        imported=imported,
        hook=_hook(request, head, [one.link for one in counted.chain], token),
        days=counted.days,
    )
    return show(request, "console/community/chain.html", context, status=status)


@require_POST
@community_page(Permission.SETTINGS)
def lay(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """A ready-made chain in place of the present one."""
    try:
        do_lay_chain(head.id, request.POST.get("purpose", ""), at=clock.now(), actor=_actor(request))
    except BadUse as error:
        raise Http404 from error
    return _done(request, head, _("换成了现成的一条，名字和数法都能再改"))


@require_POST
@community_page(Permission.SETTINGS)
def add(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """One more link."""
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            do_add_link(head.id, form.draft(), at=clock.now(), actor=_actor(request))
        except BadUse as error:
            form.add_error(None, error.said(_))
        else:
            return _done(request, head, _("加好了"))
    return show_chain(request, head, about, add_form=form, status=422)


@require_POST
@community_page(Permission.SETTINGS)
def change(request: HttpRequest, head: Head, about: About, link_id: int, verb: str) -> HttpResponse:
    """A link saved, moved up or down, or taken out."""
    if verb == "save":
        return _save(request, head, about, link_id)
    at, actor = clock.now(), _actor(request)
    try:
        if verb in MOVES:
            do_move_link(head.id, link_id, MOVES[verb], at=at, actor=actor)
        elif verb == "remove":
            do_remove_link(head.id, link_id, at=at, actor=actor)
        else:
            raise Http404
    except BadUse as error:
        toast(request, error.said(_))
        return redirect("console:community-chain", head.id)
    return _done(request, head, _("改好了"))


def _save(request: HttpRequest, head: Head, about: About, link_id: int) -> HttpResponse:
    form = LinkForm(request.POST, auto_id=f"id_{link_id}_%s")
    if form.is_valid():
        try:
            is_new = do_change_link(head.id, link_id, form.draft(), at=clock.now(), actor=_actor(request))
        except BadUse as error:
            form.add_error(None, error.said(_))
        else:
            return _done(request, head, _("改好了")) if is_new else _back(request, head, _("没有改动"))
    return show_chain(request, head, about, sent=(link_id, form), status=422)


@require_POST
@community_page(Permission.SETTINGS)
def take_back(request: HttpRequest, head: Head, about: About, version_id: int) -> HttpResponse:
    """The chain as it was before that change, where nothing was changed since."""
    back = do_take_back_chain(head.id, version_id, at=clock.now(), actor=_actor(request))
    return _back(request, head, _("回到改之前了") if back else _("之后又改过，先撤回后来的"))


def _done(request: HttpRequest, head: Head, words: str) -> HttpResponse:
    version = find_version_of_chain(head.id)
    undo = reverse("console:community-chain-back", args=[head.id, version]) if version else ""
    toast(request, words, undo_url=undo)
    return redirect("console:community-chain", head.id)


def _back(request: HttpRequest, head: Head, words: str) -> HttpResponse:
    toast(request, words)
    return redirect("console:community-chain", head.id)


def _actor(request: HttpRequest) -> str:
    return f"user:{request.user.pk}"


def _scope(counted: BoardOf) -> str:
    since, until = (timezone.localtime(moment) for moment in counted.spans[-1])
    days = ngettext("%(n)d 天", "%(n)d 天", counted.days) % {"n": counted.days}
    return _("%(since)s 到 %(until)s，%(days)s；每个环节各数各的") % {
        "since": tell_date(since, "m-d"),
        "until": tell_date(until, "m-d"),
        "days": days,
    }


def _lines(chain: Sequence[LinkCount], sent: tuple[int, Form] | None) -> tuple[LinkLine, ...]:
    most: dict[str, int] = {}
    for one in chain:
        most[one.link.unit] = max(most.get(one.link.unit, 0), one.count or 0)
    return tuple(
        LinkLine(
            id=one.link.id,
            box=lay_link(one),
            bar=(one.count or 0) / most[one.link.unit] if most[one.link.unit] else 0.0,
            counting=tell_counting(one.link.count_by),
            form=sent[1] if sent and sent[0] == one.link.id else form_of_link(one.link),
            is_first=one is chain[0],
            is_last=one is chain[-1],
        )
        for one in chain
    )


def _tell_draft(draft: LinkDraft) -> str:
    return tell_link(Link(0, draft.kind, draft.name, draft.count_by, draft.unit, draft.is_ours))


def _funnel(community_id: int, links: Sequence[Link]) -> str:
    """The funnel of the same people over the links that are steps of journeys; «» where there are fewer than two."""
    steps = list(dict.fromkeys(_step(link.count_by) for link in links))
    known = [step for step in steps if step][:STEP_PLACES]
    if len(known) < 2:
        return ""
    asked: dict[str, Any] = {"community": community_id, "span": "90", "window": "30d"}
    asked |= {f"step{place}": step for place, step in enumerate(known, 1)}
    return f"{reverse('console:insights-metric', args=['funnel'])}?{urlencode(asked)}"


def _step(count_by: str) -> str:
    return STEPS.get(count_by) or (count_by.removeprefix("deed:") if count_by.startswith("deed:") else "")


def _hook(request: HttpRequest, head: Head, links: Sequence[Link], token: str) -> HookPanel:
    names = tuple(tell_link(link) for link in links if link.count_by in FROM_OUTSIDE)
    address = request.build_absolute_uri(reverse("console:community-hook", args=[head.id]))
    return HookPanel(address, find_hook_made_at(head.id) if head.can_set else None, token, names)
