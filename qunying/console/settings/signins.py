"""Sign-ins: who may come in, with which role where. Only owners of everything see this page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qunying.communities.access import Permission, Role, access_everything, visible_communities
from qunying.communities.sign_ins import (
    Held,
    SignIn,
    do_add_role,
    do_create_sign_in,
    do_end_sessions,
    do_renew_password,
    do_set_active,
    do_take_role,
    find_sign_in,
    list_sign_ins,
)
from qunying.console.settings.communities import tabs_of
from qunying.console.settings.context import SignInLine, SignInsContext
from qunying.console.settings.forms import RoleForm, SignInForm
from qunying.console.shell import ROLE_NAMES
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.ui.toasts import toast


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody; a new sign-in answers with its password, shown this once and kept nowhere."""
    access_everything(request.user, Permission.OWN)
    if request.method == "GET":
        return _page(request)
    form = SignInForm(_places(request), request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    said, actor = form.cleaned_data, f"user:{request.user.pk}"
    try:
        _user_id, password = do_create_sign_in(
            said["name"],
            shown_name=said["shown_name"],
            role=form.held(),
            community_id=form.place(),
            at=clock.now(),
            actor=actor,
        )
    except BadUse as error:
        form.add_error("name", error.said(_))
        return _page(request, form=form, status=422)
    return _page(request, new=(said["name"], password))


@never_cache
@require_POST
@signed_in
def change(request: HttpRequest, user_id: int, verb: str) -> HttpResponse:
    """One change to one sign-in: password, deactivate, activate, sign-out, role, take-role."""
    access_everything(request.user, Permission.OWN)
    who = find_sign_in(user_id, clock.now())
    if who is None:
        raise Http404
    try:
        password = _do_change(who, verb, request)
    except BadUse as error:
        return _page(request, error=error.said(_), status=422)
    if password:
        return _page(request, new=(who.name, password))
    return redirect("console:settings-sign-ins")


def _do_change(who: SignIn, verb: str, request: HttpRequest) -> str:
    """Carries the change out; answers a new password where there is one."""
    common: Mapping[str, Any] = {"at": clock.now(), "actor": f"user:{request.user.pk}"}
    name = {"name": who.shown_name}
    match verb:
        case "password":
            return do_renew_password(who.name, **common)
        case "deactivate":
            do_set_active(who.id, is_active=False, **common)
            toast(request, _("「%(name)s」停用了，所有设备都退出了") % name)
        case "activate":
            do_set_active(who.id, is_active=True, **common)
            toast(request, _("「%(name)s」又能登录了") % name)
        case "sign-out":
            do_end_sessions(who.id, **common)
            toast(request, _("「%(name)s」在所有设备上退出了") % name)
        case "role":
            _do_add_role(who, request, common)
        case "take-role":
            do_take_role(who.id, _number(request.POST.get("grant", "")), **common)
            toast(request, _("收回了"))
        case _:
            raise Http404
    return ""


def _do_add_role(who: SignIn, request: HttpRequest, common: Mapping[str, Any]) -> None:
    form = RoleForm(_places(request), request.POST)
    if not form.is_valid():
        raise BadUse(mark("没看懂要给什么权限"))
    do_add_role(who.id, form.held(), community_id=form.place(), **common)
    toast(request, _("「%(name)s」有了新权限") % {"name": who.shown_name})


def _page(
    request: HttpRequest,
    *,
    form: Form | None = None,
    new: tuple[str, str] = ("", ""),
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = SignInsContext(
        tabs=tabs_of(request, "settings-sign-ins"),
        sign_ins=tuple(_line(who) for who in list_sign_ins(clock.now())),
        form=form or SignInForm(_places(request)),
        role_form=RoleForm(_places(request)),
        new_name=new[0],
        new_password=new[1],
        error=error,
        own_id=request.user.pk or 0,
    )
    return show(request, "console/settings/sign_ins.html", context, status=status)


def _line(who: SignIn) -> SignInLine:
    return SignInLine(who, tuple((held.grant_id, _role(held)) for held in who.roles))


def _role(held: Held) -> str:
    name = _(ROLE_NAMES[Role(held.role)]) if held.role in list(Role) else held.role
    return _("%(role)s · %(place)s") % {"role": name, "place": held.community or _("所有社群")}


def _places(request: HttpRequest) -> list[tuple[int, str]]:
    return [(one.pk, one.name) for one in visible_communities(request.user)]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
