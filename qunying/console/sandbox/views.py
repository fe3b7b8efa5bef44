"""Opens labs, plays in them, shows what came of it."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.communities.access import Permission, access_group, reach_of
from qunying.communities.queries import info_of, list_groups_to_copy
from qunying.console.reasons import tell_capability, tell_mode, tell_title
from qunying.console.sandbox.access import access_lab
from qunying.console.sandbox.context import ChooseContext, GroupToCopy, LabContext, LabLine, SayForm, Try
from qunying.console.sandbox.forms import PersonForm, keep_picture, lines_of, play_words
from qunying.console.sandbox.stage import tell_cast, tell_entries, tell_rulings
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.pipeline.lab import copying, labs
from qunying.pipeline.lab import play as playing
from qunying.pipeline.lab.drill_file import write_drill
from qunying.pipeline.lab.labs import Lab
from qunying.pipeline.lab.scenes import find_scene, scenes_now
from qunying.pipeline.lab.seen import look
from qunying.ui.toasts import toast

GROUPS_SHOWN = 20
ENTRIES_SHOWN = 40
LABS_AT_MOST = 12
PAGE = "console/sandbox/page.html"
PICTURE_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


@require_GET
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """My labs, and the groups a new one can be like; straight into the last one unless asked to choose."""
    mine = labs.list_labs(_user_id(request))
    if mine and "choose" not in request.GET and "q" not in request.GET:
        return redirect("console:sandbox-lab", mine[0].token)
    query = request.GET.get("q", "").strip()[:60]
    reach = reach_of(request.user, Permission.READ)
    found = list_groups_to_copy(reach.ids, query, GROUPS_SHOWN + 1)
    context = ChooseContext(
        labs=tuple(LabLine(one.token, one.group_name, len(one.lines), one.now) for one in mine),
        groups=tuple(GroupToCopy(*group) for group in found[:GROUPS_SHOWN]),
        has_more=len(found) > GROUPS_SHOWN,
        query=query,
    )
    return show(request, "console/sandbox/choose.html", context, part="groups")


@require_POST
@signed_in
def open_one(request: HttpRequest) -> HttpResponse:
    """A new lab like the group of ``group``, or a blank one."""
    user_id, now = _user_id(request), clock.now()
    if len(labs.list_labs(user_id)) >= LABS_AT_MOST:
        toast(request, _("试群已经有 %(n)d 个了，先删掉不用的") % {"n": LABS_AT_MOST})
        return redirect("/sandbox/?choose=1")
    wanted = request.POST.get("group", "")
    if wanted.isdecimal():
        made = copying.copy_of(info_of(access_group(request.user, int(wanted))), owner_id=user_id, now=now)
    else:
        made = copying.blank(owner_id=user_id, timezone=settings.TIME_ZONE, now=now)
    return redirect("console:sandbox-lab", playing.do_open_lab(made).token)


@require_GET
@signed_in
def lab(request: HttpRequest, token: str) -> HttpResponse:
    """One lab: whose part I take, what happened, what was decided and why."""
    found = access_lab(request.user, token)
    wanted = request.GET.get("as", "")
    if wanted and wanted != found.playing and found.person(wanted):
        found = playing.do_play(token, [], playing=wanted)
    say = SayForm(reply_to=_number(request, "reply"), edit=_number(request, "edit"))
    return _shown(request, found, say)


@require_POST
@signed_in
def play(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody does something, time goes by, or a ready-made scene happens."""
    found = access_lab(request.user, token)
    words = play_words(request.POST)
    try:
        scene = find_scene(words.scene)
        if scene:
            people, lines = scene.make(found)
            playing.do_cast(token, people)
        else:
            lines = lines_of(words, found, keep_picture(request.FILES.get("picture"), token))
        playing.do_play(token, lines, playing=words.person or None)
    except BadUse as error:
        say = SayForm(words.text, error.said(_), words.reply_to, edit=words.edit)
        return _shown(request, access_lab(request.user, token), say, status=422)
    return redirect("console:sandbox-lab", token)


@require_POST
@signed_in
def person(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody made up; from now on they can be played, and their part is taken."""
    found = access_lab(request.user, token)
    form = PersonForm(request.POST)
    try:
        if not form.is_valid():
            return _shown(request, found, SayForm(), form=form, status=422)
        new = form.person(found.now)
        playing.do_cast(token, [new])
    except BadUse as error:
        form.add_error("name", error.said(_))
        return _shown(request, found, SayForm(), form=form, status=422)
    return redirect(f"/sandbox/{token}/?as={new.ref}")


@require_POST
@signed_in
def clear(request: HttpRequest, token: str) -> HttpResponse:
    """Begins anew, now; with ``mode=act`` every capability acts from the beginning."""
    found = access_lab(request.user, token)
    if request.POST.get("mode") == Mode.ACT:
        found = replace(found, modes=dict.fromkeys(found.modes, Mode.ACT.value))
    now = clock.now().replace(second=0, microsecond=0)
    cast = tuple(one for one in found.cast if one.kind != "extra")
    playing.do_open_lab(replace(found, starts_at=now, cast=cast))
    toast(request, _("清空了，从头开始"))
    return redirect("console:sandbox-lab", token)


@require_POST
@signed_in
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """As if the last step had not been played."""
    access_lab(request.user, token)
    try:
        playing.do_take_back(token)
    except BadUse as error:
        toast(request, error.said(_))
    return redirect("console:sandbox-lab", token)


@require_POST
@signed_in
def drop(request: HttpRequest, token: str) -> HttpResponse:
    """The lab is gone with everything in it."""
    access_lab(request.user, token)
    labs.do_drop_lab(token)
    toast(request, _("试群删掉了"))
    return redirect("/sandbox/?choose=1")


@require_GET
@signed_in
def drill(request: HttpRequest, token: str) -> HttpResponse:
    """The lab as a file for ``qunying drill``."""
    found = access_lab(request.user, token)
    title = _("试群「%(group)s」里演的一幕") % {"group": found.group_name}
    response = HttpResponse(write_drill(found, look(found), title), content_type="application/yaml; charset=utf-8")
    stamp = f"{found.starts_at.astimezone(found.zone):%Y%m%d-%H%M}"
    response["Content-Disposition"] = f'attachment; filename="drill-{stamp}.yaml"'
    return response


@require_GET
@signed_in
def picture(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A picture that was sent in a lab."""
    access_lab(request.user, token)
    kind = PICTURE_TYPES.get(name.rpartition(".")[2])
    path = labs.pictures_of(token) / name
    if kind is None or "/" in name or not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type=kind)


def _shown(
    request: HttpRequest, found: Lab, say: SayForm, *, form: PersonForm | None = None, status: int = 200
) -> HttpResponse:
    with timezone.override(found.zone):
        return show(request, PAGE, _context(request, found, say, form), part="stage", status=status)


def _context(request: HttpRequest, found: Lab, say: SayForm, form: PersonForm | None) -> LabContext:
    seen = look(found)
    cast, entries = tell_cast(found, seen), tell_entries(found, seen)
    by_line = {entry.line: entry for entry in entries if entry.line is not None}
    shown = entries if "all" in request.GET else entries[-ENTRIES_SHOWN:]
    quoted, edited = by_line.get(_or_none(say.reply_to)), by_line.get(_or_none(say.edit))
    return LabContext(
        token=found.token,
        group_name=found.group_name,
        is_blank=found.community_id is None,
        modes=tuple(
            _("%(name)s：%(words)s") % {"name": tell_capability(name), "words": tell_mode(mode)}
            for name, mode in found.modes.items()
        ),
        is_acting=all(mode == Mode.ACT for mode in found.modes.values()),
        now=found.now,
        next_due=seen.next_due,
        cast=cast,
        playing=next((one for one in cast if one.is_playing), cast[0]),
        entries=tuple(shown),
        hidden=len(entries) - len(shown),
        rulings=tell_rulings(seen),
        tasks=tuple(tell_title(title) for title in seen.tasks),
        failures=seen.failures,
        tries=tuple(Try(scene.name, _(scene.title)) for scene in scenes_now()),
        say=replace(
            say,
            reply_quote=(quoted.text or _("图片"))[:80] if quoted else "",
            text=say.text or (edited.text if edited else ""),
        ),
        person_form=form or PersonForm(),
        can_take_back=labs.can_restore(found.token),
        is_again=request.headers.get("HX-Request") == "true",
    )


def _or_none(line: int | None) -> int:
    return -1 if line is None else line


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _user_id(request: HttpRequest) -> int:
    return request.user.pk or 0
