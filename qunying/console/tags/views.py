"""Tags: the list as a community's portrait, one tag with its people, giving and taking."""

from __future__ import annotations

from dataclasses import replace

from django.core.cache import cache
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunying.communities.access import Permission, Reach, Signed, access_community, reach_of, visible_communities
from qunying.communities.queries import list_community_names
from qunying.communities.sign_ins import names_of_users
from qunying.console.choices import Choice
from qunying.console.group.counting import COUNTED_FOR
from qunying.console.people.person import groups_of
from qunying.console.people.reaching import access_person
from qunying.console.segments.showing import show_people
from qunying.console.sheets_told import tell_other_sheets
from qunying.console.show import show, signed_in
from qunying.console.tags.context import TagPage, TagRow, TagsPage, TraitsPart, WrongLine
from qunying.console.tags.forms import TagForm, filled
from qunying.console.tags.of_person import read_layers, read_person_tags
from qunying.insights.seats import count_people
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.listed import Listed, read_people
from qunying.people.tags import (
    TagLine,
    count_members_by_tag,
    do_change_tag,
    do_make_tag,
    do_retire_tag,
    do_tag_people,
    do_untag_batch,
    do_untag_people,
    find_tag,
    find_tag_of_batch,
    list_people_tagged,
    list_tags,
)
from qunying.ui.figures import exact, percent
from qunying.ui.pages import Pages, read_page
from qunying.ui.toasts import toast

PAGES = "console/tags"
AT_ONCE = 50
NAMED = 3
WRONG_AT_MOST = 200
COUNTED_AT_ONCE = 5_000


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag of a community as its portrait; a new one."""
    home = _home(request)
    can_change = _can_change(request.user, home)
    form = TagForm(request.POST or None) if can_change else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                user = request.user.pk or 0
                pk = do_make_tag(home, form.said(user), at=clock.now(), user_id=user)
            except BadUse as error:
                form.add_error("name", error.said(_))
            else:
                toast(request, _("标签建好了，接下来给人打上"))
                return redirect("console:people-tag", pk)
    status = 422 if request.method == "POST" else 200
    return show(request, f"{PAGES}/page.html", _portrait(request, home, form), part="form", status=status)


def _home(request: HttpRequest) -> int | None:
    """The community looked at: as asked for, else the first within reach; None for tags of every community."""
    known = [one.pk for one in visible_communities(request.user)]
    asked = request.GET.get("community", "")
    if asked == "all" and reach_of(request.user, Permission.READ).is_everywhere:
        return None
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        if int(asked) not in known:
            raise Http404
        return int(asked)
    if known:
        return known[0]
    if reach_of(request.user, Permission.READ).is_everywhere:
        return None
    raise Http404


def _portrait(request: HttpRequest, home: int | None, form: Form | None) -> TagsPage:
    now = clock.now()
    known = visible_communities(request.user)
    found = list_tags([home] if home else [one.pk for one in known], now)
    if home:
        members = count_people([home]).count
        rows = _rows(request.user, found, _counts(home), members)
    else:
        members = 0
        rows = _rows(request.user, [one for one in found if one.community_id is None], None, 0)
    rows.sort(key=lambda row: (-row.people, row.name))
    homes = [Choice(one.name, f"?community={one.pk}", one.pk == home) for one in known]
    if reach_of(request.user, Permission.READ).is_everywhere and len(known) != 1:
        homes.append(Choice(_("通用的"), "?community=all", home is None))
    return TagsPage(
        title=_headline(rows, members),
        homes=homes if len(homes) > 1 else [],
        members=members,
        rows=rows,
        form=form,
        query=f"?community={home or 'all'}",
    )


def _counts(home: int) -> dict[int, int]:
    """Who bears what there; where that is many people, at most a minute old."""
    key = f"console.tags.{home}"
    known: dict[int, int] | None = cache.get(key)
    if known is None:
        known = count_members_by_tag(home, clock.now())
        if sum(known.values()) > COUNTED_AT_ONCE:
            cache.set(key, known, COUNTED_FOR)
    return known


def _rows(user: Signed, found: list[TagLine], counts: dict[int, int] | None, members: int) -> list[TagRow]:
    owners = names_of_users({one.owner_id for one in found if one.owner_id})
    homes = list_community_names({one.community_id for one in found})
    reach = reach_of(user, Permission.DECIDE)
    rows = []
    for one in found:
        people = one.people if counts is None else counts.get(one.id, 0)
        rows.append(
            TagRow(
                id=one.id,
                name=one.name,
                purpose=one.purpose,
                owner=owners.get(one.owner_id or 0, ""),
                community=homes.get(one.community_id or 0, _("通用的")),
                days=one.days,
                ends_on=one.ends_on,
                people=people,
                share=people / members if members else None,
                can_change=_covers(reach, one.community_id),
            )
        )
    return rows


def _headline(rows: list[TagRow], members: int) -> str:
    """The answer: «新手 41%，爱好者 30%»."""
    named = [row for row in rows if row.people and row.share is not None][:NAMED]
    if not named or not members:
        return _("还没有打过标签") if not any(row.people for row in rows) else _("标签")
    return _("，").join(f"{row.name} {percent(row.share)}" for row in named)


def _covers(reach: Reach, community_id: int | None) -> bool:
    return reach.is_everywhere if community_id is None else reach.covers(community_id)


def _can_change(user: Signed, community_id: int | None) -> bool:
    return _covers(reach_of(user, Permission.DECIDE), community_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, tag_id: int) -> HttpResponse:
    """One tag with who bears it; what it is can be changed."""
    found = access_tag(request.user, tag_id)
    can_change = _can_change(request.user, found.community_id)
    form = TagForm(request.POST or None, initial=filled(found)) if can_change else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                is_new = do_change_tag(
                    found.id, form.said(found.owner_id), at=clock.now(), user_id=request.user.pk or 0
                )
            except BadUse as error:
                form.add_error("name", error.said(_))
            else:
                toast(request, _("存好了") if is_new else _("没有改动"))
                return redirect("console:people-tag", found.id)
    status = 422 if request.method == "POST" else 200
    return show(request, f"{PAGES}/tag.html", _page(request, found, form), part="form", status=status)


def _page(request: HttpRequest, found: TagLine, form: Form | None) -> TagPage:
    reach = reach_of(request.user, Permission.READ)
    homes = [found.community_id] if found.community_id else [one.pk for one in visible_communities(request.user)]
    ids = list_people_tagged([found.id], homes, clock.now())
    page = read_page(request.GET.get("page"), -(-len(ids) // AT_ONCE))
    title = ngettext("%(n)s 人有「%(name)s」", "%(n)s 人有「%(name)s」", len(ids))
    return TagPage(
        tag=_rows(request.user, [found], None, 0)[0],
        title=title % {"n": exact(len(ids)), "name": found.name},
        rows=show_people(ids[(page - 1) * AT_ONCE : page * AT_ONCE], reach.ids),
        pages=Pages(page, AT_ONCE, len(ids), npgettext("unit", "人", "人", len(ids)), ""),
        form=form,
    )


@signed_in
@require_POST
def upload(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Everybody listed in a file bears the tag from now on; lines that fit nobody are shown with their reason."""
    found = access_tag(request.user, tag_id, Permission.DECIDE)
    page = _page(request, found, TagForm(initial=filled(found)))
    file = request.FILES.get("file")
    if file is None:
        return _told(request, replace(page, error=_("先选一个文件")), 422)
    homes = [found.community_id] if found.community_id else [one.pk for one in visible_communities(request.user)]
    try:
        tell_other_sheets(request, file)
        listed = read_people(file.read(), homes)
        given = do_tag_people(found.id, listed.person_ids, how="import", at=clock.now(), user_id=request.user.pk or 0)
    except BadUse as error:
        return _told(request, replace(page, error=error.said(_)), 422)
    words = _("%(new)s 人打上了，%(known)s 人早就有，%(wrong)s 行没用上") % {
        "new": exact(given.new),
        "known": exact(given.known),
        "wrong": exact(len(listed.wrong)),
    }
    toast(request, words, undo_url=_undo(found.id, given.batch))
    if not listed.wrong:
        return redirect("console:people-tag", found.id)
    return _told(request, replace(_page(request, found, page.form), told=words, wrong=_wrong(listed)), 200)


def _told(request: HttpRequest, page: TagPage, status: int) -> HttpResponse:
    return show(request, f"{PAGES}/tag.html", page, status=status)


def _wrong(listed: Listed) -> list[WrongLine]:
    return [WrongLine(one.line, one.text, one.why.said(_)) for one in listed.wrong[:WRONG_AT_MOST]]


def _undo(tag_id: int, batch: str) -> str:
    return reverse("console:people-untag-batch", args=[tag_id, batch]) if batch else ""


@signed_in
@require_POST
def retire(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Nobody is given the tag any more."""
    found = access_tag(request.user, tag_id, Permission.DECIDE)
    do_retire_tag(found.id, at=clock.now(), user_id=request.user.pk or 0)
    toast(request, _("「%(name)s」停用了，谁有过还查得到") % {"name": found.name})
    return redirect("console:people-tags")


@signed_in
@require_POST
def untag_batch(request: HttpRequest, tag_id: int, batch: str) -> HttpResponse:
    """Takes back what was given in one go."""
    found = access_tag(request.user, tag_id, Permission.DECIDE)
    if find_tag_of_batch(batch) != found.id:
        raise Http404
    taken = do_untag_batch(batch, at=clock.now(), user_id=request.user.pk or 0)
    toast(request, _("%(n)s 人的标签取下了") % {"n": exact(taken)})
    return redirect("console:people-tag", found.id)


@signed_in
@require_POST
def give(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person bears a tag from now on."""
    name, chosen = _of_person(request, person_id)
    try:
        given = do_tag_people(chosen.id, [person_id], how="hand", at=clock.now(), user_id=request.user.pk or 0)
    except BadUse as error:
        toast(request, error.said(_))
    else:
        words = _("「%(name)s」有了「%(tag)s」") if given.new else _("「%(name)s」早就有「%(tag)s」")
        toast(request, words % {"name": name, "tag": chosen.name}, undo_url=_undo(chosen.id, given.batch))
    return redirect("console:person", person_id)


@signed_in
@require_POST
def take(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person bears a tag no more."""
    name, chosen = _of_person(request, person_id)
    if do_untag_people(chosen.id, [person_id], at=clock.now(), user_id=request.user.pk or 0):
        toast(request, _("「%(name)s」的「%(tag)s」取下了") % {"name": name, "tag": chosen.name})
    return redirect("console:person", person_id)


@signed_in
@require_safe
def traits(request: HttpRequest, person_id: int) -> HttpResponse:
    """What we say of one person; a part of their page, read after it."""
    reach = reach_of(request.user, Permission.READ)
    name, seats = access_person(reach, person_id)
    may_change = reach_of(request.user, Permission.DECIDE)
    context = TraitsPart(
        id=person_id,
        name=name,
        tags=read_person_tags(person_id, {seat.community_id for seat in seats}, reach.ids, may_change),
        layers=read_layers(person_id, reach.ids, groups_of(seats)),
    )
    return show(request, f"{PAGES}/of_person.html", context, part="traits")


def _of_person(request: HttpRequest, person_id: int) -> tuple[str, TagLine]:
    """What that person is called, and the tag that was chosen for them; both must be within reach."""
    reach = reach_of(request.user, Permission.DECIDE)
    name, seats = access_person(reach, person_id)
    asked = request.POST.get("tag", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Http404
    chosen = access_tag(request.user, int(asked), Permission.DECIDE)
    if chosen.community_id is not None and chosen.community_id not in {seat.community_id for seat in seats}:
        raise Http404
    return name, chosen


def access_tag(user: Signed, tag_id: int, permission: Permission = Permission.READ) -> TagLine:
    """That tag. Raises ``Http404`` where it is not in use, or not within reach; everybody reads those of every community."""
    found = find_tag(tag_id, clock.now())
    if found is None:
        raise Http404
    if found.community_id is not None:
        access_community(user, found.community_id, permission)
    elif (permission is not Permission.READ and not reach_of(user, permission).is_everywhere) or reach_of(
        user, Permission.READ
    ).is_nowhere:
        raise Http404
    return found
