"""The form of a rehearsal: what is tried, on which groups, how far back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.console.settings.forms import SettingsForm, settings_form
from qunying.kernel.capability import Capability, Trial, resolve_settings, still_known, tried_fields

DAYS = (("30", gettext_lazy("30 天")), ("90", gettext_lazy("90 天")), ("365", gettext_lazy("一年")))


class WhereForm(forms.Form):
    """On which groups, over how long, and with which list beside."""

    trial = forms.ChoiceField(label=gettext_lazy("再加上一张词表"), required=False)
    days = forms.ChoiceField(label=gettext_lazy("过去多久"), choices=DAYS, initial=DAYS[0][0])
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("在哪些群"),
        help_text=gettext_lazy("一个都不勾，就是社群里所有的群。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, trials: Sequence[Trial], groups: Mapping[int, str], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        trial, places = self.fields["trial"], self.fields["groups"]
        assert isinstance(trial, forms.ChoiceField)
        assert isinstance(places, forms.ChoiceField)
        trial.choices = [("", _("不加")), *((one.name, _title(one)) for one in trials)]
        places.choices = [(str(pk), name) for pk, name in groups.items()]

    def group_ids(self) -> list[int]:
        """The groups ticked."""
        return [int(one) for one in self.cleaned_data["groups"]]


def _title(one: Trial) -> str:
    return _("%(title)s（开着）") % {"title": one.title} if one.is_on else one.title


def rule_form(
    capability: Capability, in_force: Mapping[str, Any], data: Mapping[str, Any] | None = None
) -> SettingsForm:
    """The settings that may be tried, filled with what is in force; checked as the form of the settings checks them."""
    form = settings_form(capability.name, capability.settings, in_force, data, capability.check)
    tried = {part.name for part in tried_fields(capability.settings)}
    for name in set(form.fields) - tried:
        del form.fields[name]
    return form


def changed_of(form: forms.Form, capability: Capability, in_force: Mapping[str, Any]) -> dict[str, Any]:
    """What a valid form says that is not in force anyway."""
    now = resolve_settings(capability.settings, still_known(capability.settings, in_force))
    return {name: said for name, said in form.cleaned_data.items() if said != _plain(getattr(now, name))}


def with_trial(rule: Mapping[str, Any], trial: Trial | None, in_force: Mapping[str, Any]) -> dict[str, Any]:
    """The rule with a trial added to the lists that are in force."""
    if trial is None or trial.is_on:
        return dict(rule)
    added = {name: [*rule.get(name, in_force.get(name, ())), *more] for name, more in trial.settings.items()}
    return {**rule, **added}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
