"""The page on which an incident becomes a list of words."""

from __future__ import annotations

import dataclasses

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qunying.capabilities.order.context import LearnPage, Link, PhraseRow
from qunying.capabilities.order.learnt import MOST_MESSAGES, Learnt, Proposal, TooWide, do_learn_list, learn_from
from qunying.capabilities.order.lists import DELETE, DOS
from qunying.capabilities.order.lists_shown import names_of_groups
from qunying.capabilities.order.settings import DO_TITLES
from qunying.communities.access import Permission, access_community
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.ui.dates import tell_date
from qunying.ui.figures import exact, percent
from qunying.ui.toasts import toast

DIGITS = 18
MOST_WORDS = 40


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def learn(request: HttpRequest) -> HttpResponse:
    """What some messages share; with POST, a list of what was ticked is on."""
    asked = request.POST if request.method == "POST" else request.GET
    home = access_community(request.user, _number(asked.get("community", "")), Permission.SETTINGS).pk
    if request.method != "POST":
        return _page(request, home, asked)
    day = tell_date(timezone.localtime(clock.now()).date(), _("n 月 j 日"))
    title, does = _("来自事件 %(day)s") % {"day": day}, asked.get("does", DELETE)
    people, user = asked.get("people", ""), request.user.pk or 0
    try:
        made = do_learn_list(home, title, does, _ticked(asked), people=people, user_id=user, at=clock.now())
    except BadUse as error:
        return _page(request, home, asked, error.said(_))
    except TooWide as error:
        words = _("会碰到 %(people)s 个人，比说过话的人的一半还多。真要开，把这个数写上")
        people = exact(error.effect.people)
        return _page(request, home, asked, words % {"people": people}, wants_number=True)
    toast(request, _("词表开了，所有的群下一条消息起照它来"), undo_url=reverse("order:list-remove", args=[made]))
    return redirect("order:list", made)


def _ticked(asked: QueryDict) -> list[str]:
    """The words that were ticked, as they were edited."""
    return [word for place in _places(asked) if (word := "".join(asked.get(f"word{place}", "").splitlines()).strip())]


def _places(asked: QueryDict) -> list[str]:
    return [one for one in asked.getlist("take") if one.isascii() and one.isdigit()][:MOST_WORDS]


def _page(
    request: HttpRequest, home: int, asked: QueryDict, error: str = "", *, wants_number: bool = False
) -> HttpResponse:
    ids = [_number(one) for one in asked.get("messages", "").split(",")[:MOST_MESSAGES]]
    learnt = learn_from(ids, list(names_of_groups(home)), clock.now())
    chosen = asked.get("does", DELETE)
    page = LearnPage(
        community_id=home,
        said=",".join(map(str, filter(None, ids))),
        headline=_headline(learnt),
        phrases=tuple(_phrase(place, one, asked if error else None) for place, one in enumerate(learnt.proposals)),
        does=tuple(Link(_(words), name, name == chosen) for name, words in DO_TITLES if name in DOS),
        wants_number=wants_number,
        error=error,
    )
    fields = {part.name: getattr(page, part.name) for part in dataclasses.fields(page)}
    return render(request, "order/learn.html", fields, status=422 if error else 200)


def _headline(learnt: Learnt) -> str:
    if not learnt.proposals:
        return _("这些消息没有只有它们才说的话")
    words = ngettext(
        "%(n)s 条消息共有、平常的 %(ordinary)s 条里几乎没有的话",
        "%(n)s 条消息共有、平常的 %(ordinary)s 条里几乎没有的话",
        learnt.messages,
    )
    return words % {"n": exact(learnt.messages), "ordinary": exact(learnt.ordinary)}


def _phrase(place: int, one: Proposal, typed: QueryDict | None) -> PhraseRow:
    told = [_("其中 %(share)s 有这句") % {"share": percent(one.share)}]
    ordinary = ngettext("过去 30 天平常的话里会中 %(n)s 条", "过去 30 天平常的话里会中 %(n)s 条", one.ordinary)
    told.append(ordinary % {"n": exact(one.ordinary)})
    if one.regulars:
        regulars = ngettext("其中 %(n)s 条是常说话的人说的", "其中 %(n)s 条是常说话的人说的", one.regulars)
        told.append(regulars % {"n": exact(one.regulars)})
    is_taken = str(place) in typed.getlist("take") if typed is not None else not one.regulars
    text = typed.get(f"word{place}", one.text) if typed is not None else one.text
    return PhraseRow(place, text, tuple(told), is_taken)


def _number(text: str) -> int:
    """The number written there; 0 for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < DIGITS else 0
