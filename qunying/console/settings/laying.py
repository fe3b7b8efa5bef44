"""A capability's settings as its layout has them: what happens now, what is asked, what differs and what it would go back to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qunying.console.choices import Choice
from qunying.console.settings.forms import SettingsForm
from qunying.kernel.capability import Capability
from qunying.kernel.layouts import LayoutLink, Marks, Rung, Section
from qunying.kernel.scene import Mode
from qunying.ui.toasts import toast

LOOKS = ("look", "back")  # the buttons that show something and keep nothing


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as it is asked for; ``look`` is how: ``field``, ``radio`` or ``check``."""

    name: str
    bound: BoundField
    look: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Zones:
    """Two marks on a bar, and what happens on both sides of them, in words."""

    lower: int
    upper: int
    below: str
    between: str
    above: str


@dataclass(frozen=True, slots=True)
class LaidSection:
    """One section of the page."""

    title: str = ""
    told: str = ""
    rows: tuple[SettingRow, ...] = ()
    more: tuple[SettingRow, ...] = ()
    is_more_open: bool = False
    changed: int = 0
    zones: Zones | None = None
    rungs: tuple[Rung, ...] = ()
    links: tuple[Choice, ...] = ()


def lay_out(capability: Capability, form: SettingsForm, mode: Mode, community_id: int) -> tuple[LaidSection, ...]:
    """The sections of the capability's layout, what none of them asks for behind them; all of it in one where it has no layout.

    A form that asks for some of the settings only has all the sections, with what it asks for.
    """
    is_right = form.is_bound and form.is_valid()
    shown = form.settle(form.cleaned_data) if is_right else form.now
    changed = form.differing(form.cleaned_data) if is_right else form.own
    laid = [_section(one, form, shown, mode, changed, community_id) for one in capability.layout]
    known = {name for one in capability.layout for name in (*one.settings, *one.more)}
    rest = _rows([name for name in form.fields if name not in known], (), form, changed)
    return (*laid, LaidSection(rows=rest)) if rest else tuple(laid)


def _section(
    one: Section, form: SettingsForm, shown: Any, mode: Mode, changed: Collection[str], community_id: int
) -> LaidSection:
    rows = _rows(one.settings, one.spread, form, changed)
    more = _rows(one.more, one.spread, form, changed)
    return LaidSection(
        title=_(one.title),
        told=one.tell(shown, mode),
        rows=rows,
        more=more,
        is_more_open=any(row.is_changed or row.bound.errors for row in more),
        changed=sum(row.is_changed for row in (*rows, *more)),
        zones=_zones(one.marks, shown) if one.marks else None,
        rungs=tuple(one.rungs(shown, mode)) if one.rungs else (),
        links=tuple(_link(each, community_id) for each in one.links if _address(each, community_id)),
    )


def _rows(
    names: Sequence[str], spread: Collection[str], form: SettingsForm, changed: Collection[str]
) -> tuple[SettingRow, ...]:
    asked = [name for name in names if name in form.fields]
    return tuple(SettingRow(name, form[name], _look(form, name, spread), name in changed) for name in asked)


def _look(form: SettingsForm, name: str, spread: Collection[str]) -> str:
    field = form.fields[name]
    if name in spread and field.required and isinstance(field, forms.ChoiceField):
        field.widget = forms.RadioSelect()
        field.widget.choices = field.choices
        return "radio"
    return "check" if isinstance(field, forms.BooleanField) else "field"


def _zones(marks: Marks, shown: Any) -> Zones:
    words = (_(marks.below), _(marks.between), _(marks.above))
    return Zones(getattr(shown, marks.lower), getattr(shown, marks.upper), *words)


def _link(one: LayoutLink, community_id: int) -> Choice:
    return Choice(_(one.title), _address(one, community_id))


def _address(one: LayoutLink, community_id: int) -> str:
    """Where it leads; empty where that page was taken out."""
    try:
        if one.of_community:
            return reverse(one.url_name, args=[community_id])
        return f"{reverse(one.url_name)}?community={community_id}"
    except NoReverseMatch:
        return ""


def is_looking(sent: Mapping[str, Any]) -> bool:
    """Whether somebody only wants to see what their words would come to."""
    return any(name in sent for name in LOOKS)


def say_gone_back(request: HttpRequest) -> None:
    """Tells whoever took a choice back that it is not kept yet: the page stays where they pressed, far from its head."""
    if request.POST.get("back"):
        toast(request, _("换回去了，存下才算"))


def gone_back(sent: QueryDict, form: SettingsForm) -> QueryDict:
    """What was sent, the one setting that is to go back replaced by what ``form`` would go back to."""
    name, said = sent.get("back", ""), sent.copy()
    if name in form.fields:
        said[form.add_prefix(name)] = form.back_to.get(name, "")
    return said
