"""Saying whether two accounts are one person: the queue, by hand from a person's page, and every way back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunying.communities.access import Permission, Reach, reach_of
from qunying.console.people.by_hand import show_by_hand
from qunying.console.people.pair import tell_doubt
from qunying.console.people.reaching import access_person
from qunying.console.people.same import show_same
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.maybe_same import (
    MaybeSame,
    do_lay_aside,
    find_apart_ends,
    find_maybe_same,
    find_merge_ends,
    is_within,
    persons_of,
)
from qunying.people.merging import Evidence, do_declare_apart, do_end_apart, do_merge_persons, do_undo_merge
from qunying.people.roll import RollLine
from qunying.ui.toasts import toast

PAGES = "console/people"
LATER = timedelta(days=7)
SOURCE_LETTERS = 200


@signed_in
@require_safe
def same(request: HttpRequest) -> HttpResponse:
    """The queue, for whoever decides somewhere."""
    reach = _deciding(request)
    chosen = find_maybe_same(_other(request.GET.get("pair", "")))
    if chosen is not None and not is_within((chosen.one_id, chosen.other_id), reach.ids):
        raise Http404
    return show(request, f"{PAGES}/same.html", show_same(reach.ids, request.user.pk or 0, chosen), part="desk")


@signed_in
@require_POST
def decide(request: HttpRequest, pair_id: int) -> HttpResponse:
    """One person, two, or not now; with a way back."""
    reach = _deciding(request)
    pair = find_maybe_same(pair_id)
    if pair is None:
        toast(request, _("这一对已经不在了"))
        return redirect("console:people-same")
    access_ends(reach, (pair.one_id, pair.other_id))
    try:
        text, undo = _do_decide(request, pair)
    except BadUse as error:
        context = show_same(reach.ids, request.user.pk or 0, pair, tell_doubt(error, reach))
        return show(request, f"{PAGES}/same.html", context, part="desk", status=422)
    toast(request, text, undo_url=undo)
    return redirect("console:people-same")


def _do_decide(request: HttpRequest, pair: MaybeSame) -> tuple[str, str]:
    """What was done, and where it is taken back. Raises ``BadUse`` where it cannot be, and for no such answer."""
    ends, user, now = (pair.one_id, pair.other_id), request.user.pk or 0, clock.now()
    match request.POST.get("verb", ""):
        case "join":
            why = Evidence(pair.code, pair.score, pair.shared)
            made = do_merge_persons(*ends, why, by=user, at=now, is_confirmed="confirmed" in request.POST)
            return _("合成了一个人"), f"{reverse('console:people-unmerge', args=[made])}?next=same"
        case "apart":
            word = do_declare_apart(*ends, by=user, at=now)
            return _("记下了，不再问"), f"{reverse('console:people-unapart', args=[word])}?next=same"
        case "later":
            do_lay_aside(pair.id, now + LATER)
            return _("一周以后再问"), reverse("console:people-recall", args=[pair.id])
        case _:
            raise BadUse(mark("没有这个选择"))


@signed_in
@require_POST
def recall(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Asks about a pair again that was put off."""
    reach = _deciding(request)
    pair = find_maybe_same(pair_id)
    if pair is not None:
        access_ends(reach, (pair.one_id, pair.other_id))
        do_lay_aside(pair_id, None)
    return redirect("console:people-same")


@signed_in
@require_POST
def unmerge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Takes a merge back, completely."""
    ends = find_merge_ends(merge_id)
    access_ends(_deciding(request), ends)
    undone = do_undo_merge(merge_id, by=request.user.pk or 0, at=clock.now())
    toast(request, _("拆开了，各归各的") if undone else _("早已撤回了"))
    return _back(request, ends)


@signed_in
@require_POST
def unapart(request: HttpRequest, apart_id: int) -> HttpResponse:
    """Takes back that two accounts are two people."""
    ends = find_apart_ends(apart_id)
    access_ends(_deciding(request), ends)
    ended = do_end_apart(apart_id, by=request.user.pk or 0, at=clock.now())
    toast(request, _("撤回了，以后还会问") if ended else _("早已撤回了"))
    return _back(request, ends)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: HttpRequest, person_id: int) -> HttpResponse:
    """Somebody of us knows that this person is that one: find them, see both, join them."""
    reach = _deciding(request)
    name, seats = access_person(reach, person_id)
    asked = request.POST if request.method == "POST" else request.GET
    other, doubt = _other(asked.get("other", "")), None
    theirs = access_person(reach, other)[1] if other else []
    source = " ".join(asked.get("source", "").split())[:SOURCE_LETTERS]
    if request.method == "POST" and other:
        ends = _account_of(person_id, seats), _account_of(other, theirs)
        try:
            made = do_merge_persons(
                *ends,
                Evidence("hand", source=source),
                by=request.user.pk or 0,
                at=clock.now(),
                is_confirmed="confirmed" in request.POST,
            )
        except BadUse as error:
            doubt = tell_doubt(error, reach)
        else:
            toast(request, _("合成了一个人"), undo_url=reverse("console:people-unmerge", args=[made]))
            return redirect("console:person", persons_of(ends)[ends[0]])
    context = show_by_hand(person_id, name, other, asked.get("q", ""), source, reach.ids, doubt)
    return show(request, f"{PAGES}/by_hand.html", context, part="found", status=422 if doubt else 200)


def _other(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _account_of(person_id: int, seats: Sequence[RollLine]) -> int:
    """The account that a word about this person is about: the one that names them, or the liveliest within reach."""
    return person_id if any(seat.identity_id == person_id for seat in seats) else seats[0].identity_id


def _deciding(request: HttpRequest) -> Reach:
    """Where the reader decides. Raises ``Http404`` for nowhere."""
    reach = reach_of(request.user, Permission.DECIDE)
    if reach.is_nowhere:
        raise Http404
    return reach


def access_ends(reach: Reach, ends: Collection[int] | None) -> None:
    """Raises ``Http404`` unless each of these accounts sits or sat within reach."""
    if ends is None or not is_within(ends, reach.ids):
        raise Http404


def _back(request: HttpRequest, ends: tuple[int, int] | None) -> HttpResponse:
    if request.GET.get("next") == "same" or ends is None:
        return redirect("console:people-same")
    return redirect("console:person", persons_of(ends).get(ends[0], ends[0]))
