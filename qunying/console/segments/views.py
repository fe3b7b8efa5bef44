"""Segments: the list, the builder with its live count, one segment with its people."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunying.communities.access import Permission, Signed, reach_of, visible_communities
from qunying.communities.queries import list_community_names
from qunying.communities.sign_ins import names_of_users
from qunying.console.segments.building import FIRST, READY, Draft, as_text, draft_of, read_draft, rule_of
from qunying.console.segments.context import (
    BuilderPage,
    CountView,
    ListPage,
    Option,
    PeoplePart,
    SegmentPage,
    SegmentRow,
)
from qunying.console.segments.reaching import access_segment, list_reachable, people_in
from qunying.console.segments.showing import (
    Offer,
    names_in,
    ready_options,
    show_blocks,
    show_count,
    show_people,
)
from qunying.console.sheet import as_csv
from qunying.console.show import show, signed_in
from qunying.insights.catalogue import MESSAGES, SPEAKERS
from qunying.insights.journeys.catalogue import FUNNEL, LIFE_CYCLE, PATHS, RETENTION, Journey
from qunying.insights.metric import Metric
from qunying.insights.segments.kept import communities_of, list_people_of
from qunying.insights.segments.reading import BadRule, read_rule, read_text
from qunying.insights.segments.rule import Rule, to_words
from qunying.insights.segments.words import tell_rule
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.segments import (
    SegmentLine,
    do_freeze_segment,
    do_remove_segment,
    do_save_segment,
    do_thaw_segment,
)
from qunying.people.tags import do_tag_people, list_tags
from qunying.ui.figures import exact
from qunying.ui.pages import Pages, read_page
from qunying.ui.toasts import toast

PAGES = "console/segments"
LOOKS: tuple[Journey | Metric, ...] = (FUNNEL, RETENTION, LIFE_CYCLE, PATHS, MESSAGES, SPEAKERS)
AT_ONCE = 50
SHEET_AT_ONCE = 2000


@signed_in
@require_safe
def segments(request: HttpRequest) -> HttpResponse:
    """Every segment within reach."""
    found = list_reachable(request.user)
    title = ngettext("%(n)d 个人群", "%(n)d 个人群", len(found)) % {"n": len(found)} if found else _("人群")
    context = ListPage(
        title=title,
        rows=_lines(found),
        ready=ready_options(),
        can_save=not reach_of(request.user, Permission.DECIDE).is_nowhere,
    )
    return show(request, f"{PAGES}/page.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def build(request: HttpRequest, segment_id: int | None = None) -> HttpResponse:
    """The builder: its rows as they are filled in, its count, and keeping it."""
    kept = None if segment_id is None else access_segment(request.user, segment_id)
    asked = _read(request, kept)
    if request.POST.get("act") == "save":
        return _save(request, asked, kept)
    count = None
    if request.POST.get("act") == "count":
        count = _count(asked)
    return show(
        request, f"{PAGES}/build.html", _page(request, asked, kept, count), part="count" if count else "builder"
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the builder says: of which community (None: of all within reach), which rule, and what is wrong with it."""

    community_id: int | None
    community_ids: list[int]
    draft: Draft | None
    text: str
    rule: Rule | None
    wrong: dict[tuple[int, int], BadRule]
    why: str = ""


def _read(request: HttpRequest, kept: SegmentLine | None) -> _Asked:
    user, post = request.user, request.POST
    if kept is not None:
        home = kept.community_id
    else:
        home = _home(user, (post if request.method == "POST" else request.GET).get("community", ""))
    homes = communities_of(kept) if kept else [home] if home else [one.pk for one in visible_communities(user)]
    if request.method != "POST":
        if kept is None:
            draft = READY.get(request.GET.get("ready", ""), FIRST)
            return _Asked(home, homes, draft, "", rule_of(draft)[0], {})
        rule = _rule_kept(kept)
        return _Asked(home, homes, draft_of(rule) if rule else None, as_text(rule) if rule else "", rule, {})
    if "text" in post:
        try:
            return _Asked(home, homes, None, post["text"], read_text(post["text"]), {})
        except BadRule as error:
            return _Asked(home, homes, None, post["text"], None, {}, error.said(_))
    draft = read_draft(post)
    rule, wrong = rule_of(draft)
    return _Asked(home, homes, draft, "", rule, wrong)


def _home(user: Signed, chosen: str) -> int | None:
    """The community chosen, if it is within reach; else the only one there is, or (None) all, for who sees all."""
    known = [one.pk for one in visible_communities(user)]
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
        if int(chosen) not in known:
            raise Http404
        return int(chosen)
    if reach_of(user, Permission.READ).is_everywhere and len(known) != 1:
        return None
    if not known:
        raise Http404
    return known[0]


def _rule_kept(kept: SegmentLine) -> Rule | None:
    try:
        return read_rule(kept.rule)
    except BadRule:
        return None


def _count(asked: _Asked) -> CountView:
    if asked.rule is None:
        return CountView(error=asked.why or _("先把标红的条件填好"))
    return show_count(asked.rule, asked.community_ids, clock.now())


def _page(
    request: HttpRequest,
    asked: _Asked,
    kept: SegmentLine | None,
    count: CountView | None = None,
    errors: dict[str, str] | None = None,
) -> BuilderPage:
    post = request.POST
    blocks = []
    if asked.draft is not None:
        offer = Offer.of(asked.draft, asked.community_ids)
        may_tell = post.get("act") in {"save", "count"}
        blocks = show_blocks(asked.draft, offer, asked.wrong, may_tell=may_tell)
    return BuilderPage(
        id=kept.id if kept else None,
        name=post.get("name", kept.name if kept else ""),
        purpose=post.get("purpose", kept.purpose if kept else ""),
        homes=_homes(request.user, asked.community_id) if kept is None else [],
        join=asked.draft.join if asked.draft else "all",
        blocks=blocks,
        text=asked.text,
        ready=ready_options() if kept is None else [],
        count=count,
        errors=errors or {},
        can_save=_can_change(request.user, asked.community_id),
    )


def _homes(user: Signed, chosen: int | None) -> list[Option]:
    known = visible_communities(user)
    all_of = [Option("", _("所有社群"), chosen is None)] if reach_of(user, Permission.READ).is_everywhere else []
    return [*all_of, *(Option(str(one.pk), one.name, one.pk == chosen) for one in known)]


def _can_change(user: Signed, community_id: int | None) -> bool:
    reach = reach_of(user, Permission.DECIDE)
    return reach.is_everywhere if community_id is None else reach.covers(community_id)


def _save(request: HttpRequest, asked: _Asked, kept: SegmentLine | None) -> HttpResponse:
    if not _can_change(request.user, asked.community_id):
        raise Http404
    errors = {}
    if asked.rule is None:
        errors["rule"] = asked.why or _("先把标红的条件填好")
    else:
        try:
            name, purpose = request.POST.get("name", ""), request.POST.get("purpose", "")
            user, rule = request.user.pk or 0, to_words(asked.rule)
            pk = do_save_segment(
                asked.community_id,
                name,
                purpose,
                rule,
                at=clock.now(),
                user_id=user,
                segment_id=kept.id if kept else None,
            )
            toast(request, _("人群存好了"))
            return redirect("console:people-segment", pk)
        except BadUse as error:
            errors["name"] = error.said(_)
    context = _page(request, asked, kept, errors=errors)
    return show(request, f"{PAGES}/build.html", context, part="builder", status=422)


@signed_in
@require_safe
def segment(request: HttpRequest, segment_id: int) -> HttpResponse:
    """One segment: what it means, and what can be done with it. Its people come as a part, because asking takes a moment."""
    kept = access_segment(request.user, segment_id)
    can_change = _can_change(request.user, kept.community_id)
    tags = list_tags(communities_of(kept), clock.now()) if can_change else []
    context = SegmentPage(
        segment=_lines([kept])[0],
        query=request.GET.urlencode(),
        can_change=can_change,
        looks=[(one.name, _(one.title)) for one in LOOKS],
        tags=[Option(str(one.id), one.name) for one in tags if one.community_id in (None, kept.community_id)],
    )
    return show(request, f"{PAGES}/segment.html", context)


@signed_in
@require_safe
def people(request: HttpRequest, segment_id: int) -> HttpResponse:
    """The people of a segment, a page at a time; counted at most a minute ago."""
    kept = access_segment(request.user, segment_id)
    ids, error = people_in(kept)
    page = read_page(request.GET.get("page"), -(-len(ids) // AT_ONCE))
    title = ngettext("%(n)s 人在「%(name)s」里", "%(n)s 人在「%(name)s」里", len(ids))
    context = PeoplePart(
        id=kept.id,
        title=title % {"n": exact(len(ids)), "name": kept.name},
        rows=show_people(ids[(page - 1) * AT_ONCE : page * AT_ONCE], communities_of(kept)),
        pages=Pages(page, AT_ONCE, len(ids), npgettext("unit", "人", "人", len(ids)), ""),
        error=error,
    )
    return show(request, f"{PAGES}/people.html", context, part="people")


@signed_in
@require_safe
def export(request: HttpRequest, segment_id: int) -> StreamingHttpResponse:
    """Everybody in it as a file."""
    kept = access_segment(request.user, segment_id)
    ids, _error = people_in(kept)
    columns = ("id", _("成员"), _("群名片"), _("群"), _("说过（条）"), _("最近说话"), _("进群"))
    return as_csv(f"segment-{kept.id}", columns, _cells(ids, communities_of(kept)))


def _cells(ids: list[int], homes: Collection[int]) -> Iterator[tuple[object, ...]]:
    for first in range(0, len(ids), SHEET_AT_ONCE):
        for one in show_people(ids[first : first + SHEET_AT_ONCE], homes):
            yield one.id, one.name, one.card, one.groups, one.messages, one.last_at, one.joined_at


@signed_in
@require_POST
def freeze(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Whoever is in it now stays in it; or (``thaw``) it follows its rule again."""
    kept = access_segment(request.user, segment_id, Permission.DECIDE)
    user, now = request.user.pk or 0, clock.now()
    if request.POST.get("thaw") or request.GET.get("thaw"):
        if do_thaw_segment(kept.id, at=now, user_id=user):
            toast(request, _("又跟着规则走了"))
    else:
        ids = list_people_of(kept, now)
        do_freeze_segment(kept.id, ids, at=now, user_id=user)
        undo = f"{reverse('console:people-segment-freeze', args=[kept.id])}?thaw=1"
        toast(request, _("定格了，%(n)s 人") % {"n": exact(len(ids))}, undo_url=undo)
    return redirect("console:people-segment", kept.id)


@signed_in
@require_POST
def remove(request: HttpRequest, segment_id: int) -> HttpResponse:
    """The segment goes; its people stay where they are."""
    kept = access_segment(request.user, segment_id, Permission.DECIDE)
    do_remove_segment(kept.id, at=clock.now(), user_id=request.user.pk or 0)
    toast(request, _("「%(name)s」删掉了，人都还在") % {"name": kept.name})
    return redirect("console:people-segments")


@signed_in
@require_POST
def tag(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Everybody in it bears a tag from now on, with a way back."""
    kept = access_segment(request.user, segment_id, Permission.DECIDE)
    now = clock.now()
    chosen = next((one for one in list_tags(communities_of(kept), now) if str(one.id) == request.POST.get("tag")), None)
    if chosen is None or chosen.community_id not in (None, kept.community_id):
        raise Http404
    try:
        given = do_tag_people(chosen.id, list_people_of(kept, now), how="segment", at=now, user_id=request.user.pk or 0)
    except BadUse as error:
        toast(request, error.said(_))
    else:
        undo = reverse("console:people-untag-batch", args=[chosen.id, given.batch]) if given.batch else ""
        words = _("%(new)s 人打上了「%(tag)s」，%(known)s 人早就有")
        toast(
            request, words % {"new": exact(given.new), "known": exact(given.known), "tag": chosen.name}, undo_url=undo
        )
    return redirect("console:people-segment", kept.id)


def _lines(found: list[SegmentLine]) -> list[SegmentRow]:
    rules = {one.id: _rule_kept(one) for one in found}
    known = [rule for rule in rules.values() if rule is not None]
    names = names_in(known, sorted({pk for one in found for pk in communities_of(one)}))
    homes = list_community_names({one.community_id for one in found})
    owners = names_of_users({one.owner_id for one in found if one.owner_id})
    rows = []
    for one in found:
        rule = rules[one.id]
        rows.append(
            SegmentRow(
                id=one.id,
                name=one.name,
                purpose=one.purpose,
                community=homes.get(one.community_id or 0, _("所有社群")),
                sentence=tell_rule(rule, names) if rule else _("这条规则已经读不懂了，改一改再存"),
                owner=owners.get(one.owner_id or 0, ""),
                people=one.people,
                counted_at=one.counted_at,
                frozen_at=one.frozen_at,
            )
        )
    return rows
