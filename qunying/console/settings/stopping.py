"""The stop switch, and the way to get rid of the demo: both say first what will happen."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qunying.communities.access import Permission, Reach, access_everything, reach_of, visible_communities
from qunying.communities.actions import do_pause, do_resume
from qunying.communities.queries import count_groups_of, demo_communities, list_leaving_communities, list_pauses
from qunying.communities.sign_ins import names_of_users
from qunying.console.outbox.context import EffectLine
from qunying.console.settings.communities import tabs_of
from qunying.console.settings.context import DemoContext, Left, PauseContext, PauseLine
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.outbox.queries import count_waiting_by_community
from qunying.people.queries import count_seats
from qunying.pipeline.demo.remove import do_begin_removal
from qunying.talk.queries import count_messages
from qunying.ui.figures import exact
from qunying.ui.toasts import toast


@require_http_methods(["GET", "POST"])
@signed_in
def pause(request: HttpRequest) -> HttpResponse:
    """What stands still and what runs; ``community`` (a number or «all») asks about one and, posted, turns its switch."""
    reach = reach_of(request.user, Permission.DECIDE)
    lines = _lines(request, reach)
    asked = _asked(request.POST.get("community") or request.GET.get("community", ""), lines)
    if request.method == "POST":
        if asked is None:
            raise Http404
        act = do_resume if asked.is_paused else do_pause
        act(asked.community_id, user_id=request.user.pk or 0, at=clock.now())
        toast(
            request,
            (_("「%(name)s」又动起来了") if asked.is_paused else _("「%(name)s」停下了")) % {"name": asked.name},
        )
        return redirect("console:settings-pause")
    effects = tuple(_effects(asked)) if asked else ()
    context = PauseContext(tabs_of(request, "settings-pause"), lines, asked, effects)
    return show(request, "console/settings/pause.html", context, part="asked")


def _lines(request: HttpRequest, reach: Reach) -> tuple[PauseLine, ...]:
    communities = visible_communities(request.user, Permission.DECIDE)
    pauses, waiting = list_pauses(), count_waiting_by_community([one.pk for one in communities])
    names = names_of_users({by for _since, by in pauses.values() if by is not None})
    places: list[tuple[int | None, str, int]] = [(one.pk, one.name, waiting.get(one.pk, 0)) for one in communities]
    if reach.is_everywhere:
        places.insert(0, (None, _("所有社群"), sum(waiting.values())))
    return tuple(
        PauseLine(pk, name, pk in pauses, pauses[pk][0] if pk in pauses else None, names.get(by or 0, ""), count)
        for pk, name, count in places
        for by in [pauses[pk][1] if pk in pauses else None]
    )


def _asked(wanted: str, lines: tuple[PauseLine, ...]) -> PauseLine | None:
    if wanted == "all":
        return next((line for line in lines if line.community_id is None), None)
    return next((line for line in lines if str(line.community_id) == wanted), None)


def _effects(line: PauseLine) -> list[EffectLine]:
    count = {"n": exact(line.waiting)}
    if line.is_paused:
        return [
            EffectLine("send", _("%(n)s 条排着的接着发，过了时候的不再发") % count, _("立刻")),
            EffectLine("journal", _("记下是谁恢复的"), _("立刻")),
        ]
    return [
        EffectLine("pause", _("%(n)s 条等着发的停在原地，不会丢") % count, _("立刻")),
        EffectLine("check", _("消息照常收、照常判读，待办照常进来"), _("不受影响")),
        EffectLine("clock", _("停久了，过了时候的话恢复以后也不再发"), ""),
        EffectLine("undo", _("随时能恢复"), ""),
    ]


@require_http_methods(["GET", "POST"])
@signed_in
def demo(request: HttpRequest) -> HttpResponse:
    """Asks, then lets the demo go: from then on nobody sees it, and every trace of it is removed while one watches or leaves."""
    access_everything(request.user, Permission.OWN)
    if request.method == "POST":
        going = do_begin_removal(clock.now(), user_id=request.user.pk)
        if going:
            words = _("演示社群不见了，%(n)d 个社群正在后台清掉") % {"n": going}
        else:
            words = _("演示社群已经在移除了") if list_leaving_communities() else _("没有演示社群")
        toast(request, words)
        return redirect("console:settings-demo")
    ids, leaving = demo_communities(), list_leaving_communities()
    left = Left(count_messages(leaving), count_seats(leaving)) if leaving else None
    context = DemoContext(tabs_of(request, "settings"), len(ids), count_groups_of(ids), left)
    return show(request, "console/settings/demo.html", context, part="state")
