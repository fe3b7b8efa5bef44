"""The forms about seed users: plan of talks, invitation, rungs, weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.insights import words_of_seeds as words
from qunying.insights.seeds.ladder import MOST, NAME_LETTERS, TEXT_LETTERS, Rung
from qunying.insights.seeds.scoring import MOST_WEIGHT, Weights
from qunying.insights.seeds.signals import SIGNALS
from qunying.insights.seeds.winning import A_DAY_AT_MOST

DAY = {"type": "date"}


class PlanForm(forms.Form):
    """Who talks, from when on, with how many a day."""

    assigned = forms.MultipleChoiceField(label=gettext_lazy("谁去聊"), widget=forms.CheckboxSelectMultiple)
    first_day = forms.DateField(label=gettext_lazy("从哪天开始"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    a_day = forms.IntegerField(
        label=gettext_lazy("每人每天聊几位"),
        min_value=1,
        max_value=A_DAY_AT_MOST,
        help_text=gettext_lazy("待办的期限是当天 20 点。"),
    )

    def __init__(self, colleagues: Sequence[str], data: Mapping[str, Any] | None, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        field = self.fields["assigned"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, name) for name in dict.fromkeys(colleagues)]


class InviteForm(forms.Form):
    """Which group is the seed group."""

    group = forms.TypedChoiceField(label=gettext_lazy("种子群"), coerce=int, empty_value=None)

    def __init__(self, groups: Sequence[tuple[int, str]], data: Mapping[str, Any] | None, chosen: int | None) -> None:
        super().__init__(data, initial={"group": chosen or ""})
        field = self.fields["group"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("选一个群")), *((str(pk), name) for pk, name in groups)]


def rungs_form(rungs: Sequence[Rung], data: Mapping[str, Any] | None = None) -> forms.Form:
    """Every rung's name, requirements and words, filled with what is in force."""
    form = forms.Form(data)
    for rung in rungs:
        for name, (field, value) in _fields_of(rung).items():
            form.fields[f"{rung.code}_{name}"] = field
            form.initial[f"{rung.code}_{name}"] = value
    return form


def _fields_of(rung: Rung) -> dict[str, tuple[forms.Field, object]]:
    lines = forms.Textarea(attrs={"rows": 2})
    return {
        "name": (forms.CharField(label=_("叫什么"), max_length=NAME_LETTERS), _(rung.name)),
        **{
            signal: (
                forms.IntegerField(label=words.part(signal), min_value=0, max_value=MOST, required=False),
                rung.needs.get(signal, 0),
            )
            for signal in SIGNALS
        },
        "may": (
            forms.CharField(label=_("在这一级可以做什么"), max_length=TEXT_LETTERS, required=False, widget=lines),
            _(rung.may) if rung.may else "",
        ),
        "ritual": (
            forms.CharField(
                label=_("恭喜的话"),
                help_text=_("{name} 换成名字。空着就不提醒恭喜。只给你一件待办，不会自动发。"),
                max_length=TEXT_LETTERS,
                required=False,
                widget=lines,
            ),
            _(rung.ritual) if rung.ritual else "",
        ),
    }


def rungs_said(rungs: Sequence[Rung], said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the form says, as ``rungs_of`` takes it; a built-in text that nobody changed stays built in."""
    return [
        {
            "code": rung.code,
            **{part: _kept(getattr(rung, part), said[f"{rung.code}_{part}"]) for part in ("name", "may", "ritual")},
            "needs": {signal: said[f"{rung.code}_{signal}"] or 0 for signal in SIGNALS},
        }
        for rung in rungs
    ]


def _kept(before: str, written: str) -> str:
    return before if before and written == _(before) else written


class WeightsForm(forms.Form):
    """How much each part counts, and when the community began."""

    founded_on = forms.DateField(
        label=gettext_lazy("成立的日子"),
        help_text=gettext_lazy(
            "平台上的三个时段从这天前后算；空着就按社群设置里的开始日期，那里也没写就按记录的第一天。"
        ),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )

    def __init__(self, weights: Weights, founded_on: date | None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"founded_on": founded_on, **asdict(weights)})
        for part in fields(Weights):
            self.fields[part.name] = forms.IntegerField(label=words.part(part.name), min_value=0, max_value=MOST_WEIGHT)
        self.order_fields([*(part.name for part in fields(Weights)), "founded_on"])

    def weights(self) -> dict[str, int]:
        """The weights as they were written."""
        return {part.name: self.cleaned_data[part.name] for part in fields(Weights)}
