"""What has to be asked before a case is given to a colleague, or an appeal answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qunying.communities.sign_ins import names_of_users
from qunying.console.review.context import AnswerPage, Colleague, HandOnPage
from qunying.console.review.page import access_case, next_after
from qunying.console.review.queue import address
from qunying.console.review.words import tell_act
from qunying.console.show import show, signed_in
from qunying.desk.reviewing import Taken, TakenCase, do_hand_on_case
from qunying.kernel import clock
from qunying.kernel.effects import EffectState
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.outbox.queries import Item, find_opposite
from qunying.pipeline.review.appeals import do_answer_appeal, find_appealed, propose_answer
from qunying.pipeline.review.deciding import APPEAL, list_others
from qunying.talk.knowing import find_whisper
from qunying.ui.figures import exact
from qunying.ui.toasts import toast

LIFT, UPHOLD = "lift", "uphold"
Page = HandOnPage | AnswerPage


@require_http_methods(["GET", "POST"])
@signed_in
def hand_on(request: HttpRequest, case_id: int) -> HttpResponse:
    """A colleague is to look at it."""
    case = access_case(request, case_id)
    page = _hand_on_page(request, case)

    def do() -> str:
        chosen = next((one for one in page.colleagues if one.is_chosen), None)
        if chosen is None:
            raise BadUse(mark("选一位同事"))
        do_hand_on_case(case.pk, chosen.id, page.why, user_id=request.user.pk or 0, at=clock.now())
        return _("交给「%(name)s」了") % {"name": chosen.name}

    return _ask(request, case, page, do)


def _hand_on_page(request: HttpRequest, case: TakenCase) -> HandOnPage:
    barred = find_appealed(case).deciders if case.kind == APPEAL else frozenset[int]()
    others = [one for one in list_others(case.community_id, request.user.pk or 0) if one not in barred]
    names, chosen = names_of_users(others), request.POST.get("to", str(others[0]) if others else "")
    return HandOnPage(
        title=_("交给哪位同事看？"),
        colleagues=tuple(Colleague(pk, names[pk], str(pk) == chosen) for pk in others if pk in names),
        why=request.POST.get("why", ""),
        action=reverse("console:review-hand-on", args=[case.pk]),
        back=address(case.pk),
        error="",
        is_dialog=request.headers.get("HX-Request") == "true",
    )


@require_http_methods(["GET", "POST"])
@signed_in
def answer(request: HttpRequest, case_id: int, outcome: str) -> HttpResponse:
    """An appeal is answered: the step is lifted, or stands; the member reads why."""
    case = access_case(request, case_id)
    if outcome not in (LIFT, UPHOLD) or case.kind != APPEAL:
        raise Http404
    page = _answer_page(request, case, outcome)

    def do() -> str:
        user_id, lifts = request.user.pk or 0, outcome == LIFT
        undone = do_answer_appeal(case.pk, lifts=lifts, words=page.answer, user_id=user_id, at=clock.now())
        if not undone:
            return _("答复了本人")
        return ngettext("撤销了 %(n)s 件，答复了本人", "撤销了 %(n)s 件，答复了本人", undone) % {"n": exact(undone)}

    return _ask(request, case, page, do)


def _answer_page(request: HttpRequest, case: TakenCase, outcome: str) -> AnswerPage:
    lifts = outcome == LIFT
    said = find_whisper(case.community_id, case.identity_id or 0, case.message_key) if case.message_key else None
    proposed = propose_answer(case, said.text if said else "", lifts=lifts)
    return AnswerPage(
        title=_("撤销这次处理？") if lifts else _("维持这次处理？"),
        effects=tuple(_effects(case, lifts=lifts)),
        answer=request.POST.get("words", proposed),
        button=_("撤销处理，告诉本人") if lifts else _("维持处理，告诉本人"),
        action=reverse("console:review-answer", args=[case.pk, outcome]),
        back=address(case.pk),
        error="",
        is_dialog=request.headers.get("HX-Request") == "true",
    )


def _effects(case: TakenCase, *, lifts: bool) -> list[str]:
    """What will happen, as the lifting itself looks at it."""
    if not lifts:
        return [_("处理不变，到期不再算"), _("本人会收到下面这句话")]
    items = [one for one in find_appealed(case).items if _comes_back(one)]
    return [
        *(_("%(what)s：撤回来") % {"what": tell_act(one)} for one in items),
        _("这一级不再算"),
        _("本人会收到下面这句话"),
    ]


def _comes_back(item: Item) -> bool:
    return item.state in (EffectState.WAITING, EffectState.NEEDS_APPROVAL) or find_opposite(item) is not None


def _ask(request: HttpRequest, case: TakenCase, page: Page, do: Callable[[], str]) -> HttpResponse:
    """Asks; or does it and goes on to the next case."""
    template = f"console/review/{'hand_on' if isinstance(page, HandOnPage) else 'answer'}.html"
    if request.method == "GET":
        return show(request, template, page, part="ask")
    following = next_after(request, case.pk)
    try:
        said = do()
    except BadUse as error:
        wrong = replace(page, error=error.said(_))
        return show(request, template, wrong, part="ask", status=409 if isinstance(error, Taken) else 422)
    toast(request, said)
    return redirect(address(following))
