"""The pages of one group."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.communities.access import Permission, reach_of
from qunying.communities.noting import BadNote
from qunying.communities.queries import GroupInfo
from qunying.console.group import context
from qunying.console.group.access import GroupHead, group_page
from qunying.console.group.carrying import read_seeds_panel
from qunying.console.group.correcting import read_answer, tell_taught
from qunying.console.group.dependency import read_dependency_panel
from qunying.console.group.keeping import read_kept_table
from qunying.console.group.layers import read_layers_panel
from qunying.console.group.members import columns_of_sheet, list_cells, read_members
from qunying.console.group.messages import read_talk
from qunying.console.group.notes import NotesForm, do_save_notes, notes_form
from qunying.console.group.overview import read_overview
from qunying.console.group.peers import with_peers
from qunying.console.group.saying import SayForm, do_say, do_take_back, new_say_form
from qunying.console.group.settings import CapabilityPanel, do_save_capability, layer_of_form, read_panels
from qunying.console.group.stream import latest, newer, read_position
from qunying.console.group.talking import read_talking
from qunying.console.group.themes import read_themes_panel
from qunying.console.group.touching import do_plan_touch, read_touches
from qunying.console.group.verdicts import read_judged
from qunying.console.settings.laying import is_looking, say_gone_back
from qunying.console.sheet import as_csv
from qunying.console.show import show
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.pipeline.roster import find_capability
from qunying.talk.corrections import do_teach, do_unteach
from qunying.talk.lines import find_line
from qunying.ui.toasts import toast

FOLDER = "console/group"


@require_GET
@group_page("overview")
def overview(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """How the group is doing, and what is being said."""
    now = clock.now()
    page = context.OverviewPage(
        head=head,
        overview=with_peers(
            read_overview(group, head.capacity, now, with_past=head.with_past),
            group.id,
            reach_of(request.user, Permission.READ).ids,
        ),
        items=latest(group.id, now),
        say=new_say_form(),
    )
    return show(request, f"{FOLDER}/page.html", page)


@require_GET
@group_page("overview")
def stream(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """What is new since ``after``; 204 when nothing is."""
    items = newer(group.id, read_position(request.GET.get("after", "")), clock.now())
    if not items:
        return HttpResponse(status=204)
    return show(request, f"{FOLDER}/stream.html", context.StreamPart(head, items))


@require_POST
@group_page("overview", Permission.SPEAK)
def say(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """Says something through our account, with a way back."""
    form = SayForm(request.POST)
    if not head.is_reachable:
        form.add_error("text", _("这个群没有接账号，说不了话。"))
    if not form.is_valid():
        return _say_part(request, head, form, status=422)
    user = request.user.pk or 0
    item = do_say(group, form.cleaned_data["text"], form.cleaned_data["token"], user_id=user, at=clock.now())
    undo = reverse("console:group-unsay", args=[group.id, item]) if item else ""
    toast(request, _("排上了，马上发到「%(group)s」") % {"group": head.name}, undo_url=undo)
    return _say_part(request, head, new_say_form())


def _say_part(request: HttpRequest, head: GroupHead, form: SayForm, status: int = 200) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return show(request, f"{FOLDER}/say.html", context.SayPart(head, form), status=status)
    if status == 200:
        return redirect("console:group", head.id)
    return show(request, f"{FOLDER}/say_page.html", context.SayPart(head, form, is_answer=False), status=status)


@require_POST
@group_page("overview", Permission.SPEAK)
def unsay(request: HttpRequest, head: GroupHead, group: GroupInfo, item_id: int) -> HttpResponse:
    """Takes back what was said by hand: held where it has not gone out, withdrawn where it has."""
    try:
        was_in_time = do_take_back(group.id, item_id, user_id=request.user.pk or 0, at=clock.now())
    except BadUse as error:
        toast(request, error.said(_))
    else:
        toast(request, _("拦下了，没有发") if was_in_time else _("已经发了，正在撤回"))
    return redirect("console:group", head.id)


@require_GET
@group_page("members")
def members(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """Who is in the group."""
    now = clock.now()
    found = read_members(group.id, request.GET, now)
    page = context.MembersPage(head, found, read_touches(group, found.layer, now) if found.pages.total else ())
    return show(request, f"{FOLDER}/members.html", page, part="list")


@require_POST
@group_page("members", Permission.DECIDE)
def touch(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """Makes a task of one gentle touch."""
    try:
        is_new = do_plan_touch(group, request.POST.get("touch", ""), clock.now())
    except BadUse as error:
        toast(request, error.said(_))
    else:
        toast(request, _("记成待办了，话由同事去说") if is_new else _("这周记过了"))
    layer = request.POST.get("layer", "")
    return redirect(f"{reverse('console:group-members', args=[head.id])}?{urlencode({'layer': layer})}")


@require_GET
@group_page("members")
def members_file(request: HttpRequest, head: GroupHead, group: GroupInfo) -> StreamingHttpResponse:
    """The same list whole, as a file."""
    return as_csv(f"members-{group.id}", columns_of_sheet(), list_cells(group.id, request.GET, clock.now()))


@require_GET
@group_page("messages")
def messages(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """Older talk: back page by page, one day, or what was searched for."""
    talk = read_talk(group.id, request.GET, clock.now())
    page = context.MessagesPage(head, talk)
    return show(request, f"{FOLDER}/messages.html", page, part="talk", status=422 if talk.error else 200)


@require_GET
@group_page("overview")
def talks(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """What the group talks about, what of that has come up, and every question that nobody has answered; for htmx the newest, and the layers."""
    now = clock.now()
    is_part = request.headers.get("HX-Request") == "true"
    layers = read_layers_panel(group.id, now) if is_part else None
    dependency = read_dependency_panel(group.id, now, with_past=head.with_past) if is_part else None
    talking = read_talking(group, now, with_past=head.with_past)
    page = context.TalksPage(head, talking, read_themes_panel(group), layers, dependency)
    return show(request, f"{FOLDER}/talks.html", page, part="newest")


@require_GET
@group_page("overview")
def kept(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """How many of those who came stayed, by the week they came in; for htmx only the table, with ``hangs`` on whom the group hangs too."""
    now = clock.now()
    hangs = "hangs" in request.GET
    dependency = read_dependency_panel(group.id, now, with_past=head.with_past) if hangs else None
    seeds = read_seeds_panel(group) if hangs else None
    page = context.KeptPage(head, read_kept_table(group.id, now, with_past=head.with_past), dependency, seeds)
    return show(request, f"{FOLDER}/kept.html", page, part="table")


@require_GET
@group_page("overview")
def carried(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """Who of the group carries its community."""
    page = context.CarriedPage(head, read_seeds_panel(group))
    return show(request, f"{FOLDER}/carried.html", page, part="panel")


@require_GET
@group_page("messages")
def message(request: HttpRequest, head: GroupHead, group: GroupInfo, message_id: int) -> HttpResponse:
    """One message, and what the judges say of it."""
    judged = read_judged(group, message_id, clock.now(), request.user.pk if head.can_decide else None)
    if judged is None:
        raise Http404
    return show(request, f"{FOLDER}/message.html", context.MessagePage(head, judged))


@require_POST
@group_page("messages", Permission.DECIDE)
def teach(request: HttpRequest, head: GroupHead, group: GroupInfo, message_id: int) -> HttpResponse:
    """Keeps that somebody says a verdict is so of a message, or is not, with a way back."""
    said = read_answer(request.POST.get("say", ""))
    if said is None or find_line(group.id, message_id) is None:
        raise Http404
    verdict, is_so = said
    try:
        new = do_teach(message_id, verdict, is_so=is_so, user_id=request.user.pk or 0, at=clock.now())
    except BadUse as error:
        toast(request, error.said(_))
    else:
        undo = reverse("console:group-unteach", args=[group.id, new]) if new else ""
        toast(request, tell_taught(message_id, verdict, is_so=is_so, is_new=bool(new)), undo_url=undo)
    return redirect("console:group-message", group.id, message_id)


@require_POST
@group_page("messages", Permission.DECIDE)
def unteach(request: HttpRequest, head: GroupHead, group: GroupInfo, correction_id: int) -> HttpResponse:
    """Takes a correction back, one's own or another's."""
    back = do_unteach(correction_id, community_id=group.community_id, user_id=request.user.pk or 0, at=clock.now())
    toast(request, _("撤回了，这条当没有它来判断") if back else _("早已撤回了"))
    if back is None or back.message_id is None or back.group_id != group.id:
        return redirect("console:group-messages", group.id)
    return redirect("console:group-message", group.id, back.message_id)


@require_GET
@group_page("settings", Permission.SETTINGS)
def settings(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """How the group is set up."""
    return _settings_page(request, head, notes_form(head.notes, head.community_id, head.id), read_panels(group))


@require_POST
@group_page("settings", Permission.SETTINGS)
def save_notes(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """Writes down what we note about the group."""
    form = notes_form(head.notes, head.community_id, head.id, request.POST)
    if form.is_valid():
        try:
            actor = f"user:{request.user.pk}"
            is_new = do_save_notes(group.id, form, present=head.present, at=clock.now(), actor=actor)
        except BadNote as error:
            form.add_error(error.field, error.said(_))
        else:
            toast(request, _("记下了") if is_new else _("没有改动"))
            return redirect("console:group-settings", group.id)
    return _settings_page(request, head, form, read_panels(group), status=422)


@require_POST
@group_page("settings", Permission.SETTINGS)
def save_capability(request: HttpRequest, head: GroupHead, group: GroupInfo, name: str) -> HttpResponse:
    """Sets how far a capability may go in the group, and its settings there."""
    capability, mode = find_capability(name), request.POST.get("mode", "")
    if capability is None or mode not in {"", *Mode}:
        raise Http404
    panels = read_panels(group, (name, request.POST))
    form = next(panel.form for panel in panels if panel.name == name)
    is_right = form.is_valid()
    if not is_right or is_looking(request.POST):
        say_gone_back(request)
        notes = notes_form(head.notes, head.community_id, head.id)
        return _settings_page(request, head, notes, panels, status=200 if is_right else 422)
    layer, actor = layer_of_form(form, capability.settings), f"user:{request.user.pk}"
    is_new = do_save_capability(capability, group, mode, layer, at=clock.now(), actor=actor)
    toast(request, _("「%(name)s」存好了") % {"name": _(capability.title)} if is_new else _("没有改动"))
    return redirect("console:group-settings", group.id)


def _settings_page(
    request: HttpRequest, head: GroupHead, notes: NotesForm, panels: tuple[CapabilityPanel, ...], status: int = 200
) -> HttpResponse:
    return show(request, f"{FOLDER}/settings.html", context.SettingsPage(head, notes, panels), status=status)
