"""One tag for many people: choose, look, do, take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from qunying.communities.access import Permission, access_some
from qunying.console.people.choosing import Place, place_of, tag_options
from qunying.console.people.listing import list_people_chosen
from qunying.console.show import show, signed_in
from qunying.console.tags.context import Named, Tagging, TaggingPage
from qunying.console.tags.views import access_tag
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.brief import brief_people
from qunying.people.tagging import TagPlan, do_tag_as_planned, people_seated, plan_tagging
from qunying.people.tags import do_give_back, find_tag_of_batch
from qunying.ui.figures import exact
from qunying.ui.toasts import toast

PAGE = "console/tags/many.html"
GIVE, TAKE = "give", "take"
NAMED = 60


class TaggingForm(forms.Form):
    """Which tag, and whether it is given or taken."""

    ids = forms.CharField(widget=forms.HiddenInput, required=False)
    tag = forms.ChoiceField(label=gettext_lazy("哪个标签"))
    way = forms.ChoiceField(
        label=gettext_lazy("怎么做"), choices=[(GIVE, gettext_lazy("打上")), (TAKE, gettext_lazy("取下"))], initial=GIVE
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def many(request: HttpRequest) -> HttpResponse:
    """The form; with POST what it would change, and with ``act=do`` it is done as it was shown."""
    access_some(request.user, Permission.DECIDE)
    place = place_of(request.user, Permission.DECIDE)
    people = _people(request, place)
    if request.method != "POST":
        return _show(request, _form(place, initial={"ids": ",".join(map(str, people))}), place, people)
    form = _form(place, request.POST)
    if not form.is_valid():
        return _show(request, form, place, people, status=422)
    plan = _plan(form, place, people)
    try:
        if not people:
            raise BadUse(mark("一个人都没有选，回到列表勾上几个"))
        if request.POST.get("act") == "do":
            return _do(request, plan)
    except BadUse as error:
        form.add_error(None, error.said(_))
        return _show(request, form, place, people, plan if people else None, status=422)
    return _show(request, form, place, people, plan)


def _form(place: Place, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> TaggingForm:
    form = TaggingForm(data, initial=initial)
    form.fields["tag"].choices = [(one.value, one.label) for one in tag_options(_own(place), None)[1:]]  # type: ignore[attr-defined]
    return form


def _own(place: Place) -> Place:
    """The place without tags of every community, where somebody may only decide in some."""
    if place.is_everywhere:
        return place
    return replace(place, tags=[one for one in place.tags if one[2] is not None])


def _people(request: HttpRequest, place: Place) -> list[int]:
    """Whoever was ticked, or whom the filter of the list leaves; of those who sit where this person may decide."""
    if request.method != "POST" and request.GET.get("all"):
        return list_people_chosen(request.GET, place)
    said = request.POST.get("ids", "").split(",") if request.method == "POST" else request.GET.getlist("p")
    wanted = {int(one) for one in said if one.isascii() and one.isdigit() and len(one) < 19}
    return sorted(people_seated(wanted, place.community_ids)) if wanted else []


def _plan(form: TaggingForm, place: Place, people: Sequence[int]) -> TagPlan:
    tag, way = int(form.cleaned_data["tag"]), form.cleaned_data["way"]
    return plan_tagging(tag, people, place.community_ids, clock.now(), gives=way == GIVE)


def _do(request: HttpRequest, plan: TagPlan) -> HttpResponse:
    found = access_tag(request.user, plan.tag_id, Permission.DECIDE)
    agreed = request.POST.get("agreed", "")
    batch = do_tag_as_planned(plan, agreed=agreed, at=clock.now(), user_id=request.user.pk or 0)
    if not batch:
        toast(request, _("没有改动，这些人已经是这样"))
        return redirect("console:people")
    count = len(plan.people)
    if plan.gives:
        words = ngettext("%(n)s 人打上了「%(tag)s」", "%(n)s 人打上了「%(tag)s」", count)
        undo = reverse("console:people-untag-batch", args=[plan.tag_id, batch])
    else:
        words = ngettext("%(n)s 人的「%(tag)s」取下了", "%(n)s 人的「%(tag)s」取下了", count)
        undo = reverse("console:people-retag-batch", args=[plan.tag_id, batch])
    toast(request, words % {"n": exact(count), "tag": found.name}, undo_url=undo)
    return redirect(f"{reverse('console:people')}?tag={plan.tag_id}" if plan.gives else "console:people")


def _show(
    request: HttpRequest,
    form: TaggingForm,
    place: Place,
    people: Sequence[int],
    plan: TagPlan | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = [*people[:NAMED], *(pk for pk in plan.people[:NAMED] if plan)] if plan else people[:NAMED]
    names = {one.person_id: one.name for one in brief_people(list(dict.fromkeys(shown)), place.community_ids)}
    preview = None
    if plan is not None:
        tag = next(name for pk, name, _home in place.tags if pk == plan.tag_id)
        preview = Tagging(
            tag=tag,
            gives=plan.gives,
            count=len(plan.people),
            people=_named(plan.people, names),
            same=len(plan.same),
            outside=len(plan.outside),
            agreed=plan.digest,
        )
    page = TaggingPage(form, len(people), _named(people, names), preview, has_tags=bool(_own(place).tags))
    return show(request, PAGE, page, status=status)


def _named(people: Sequence[int], names: dict[int, str]) -> list[Named]:
    return [Named(pk, names[pk]) for pk in people[:NAMED] if pk in names]


@require_POST
@signed_in
def back(request: HttpRequest, tag_id: int, batch: str) -> HttpResponse:
    """Gives back what was taken in one go."""
    found = access_tag(request.user, tag_id, Permission.DECIDE)
    if find_tag_of_batch(batch) != found.id:
        raise Http404
    count = do_give_back(batch, at=clock.now(), user_id=request.user.pk or 0)
    words = ngettext("%(n)s 人又有了「%(tag)s」", "%(n)s 人又有了「%(tag)s」", count)
    toast(request, words % {"n": exact(count), "tag": found.name})
    return redirect("console:people-tag", found.id)
