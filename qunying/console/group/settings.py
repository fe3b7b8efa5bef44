"""How a group is set up: per capability its mode and its own settings; ``notes.py`` has what we note about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.communities.actions import do_follow_community, do_set_mode, do_set_settings
from qunying.communities.queries import GroupInfo, Layer, layers_of_group
from qunying.console.reasons import tell_built_in, tell_mode
from qunying.console.settings.forms import LinesField, SettingsForm
from qunying.console.settings.laying import LaidSection, gone_back, is_looking, lay_out
from qunying.kernel.capability import Capability, asked_fields, kept_apart, resolve_settings, still_known
from qunying.kernel.scene import Mode
from qunying.pipeline.roster import ROSTER

MODE_HELP = {
    Mode.OFF: gettext_lazy("这里完全不跑"),
    Mode.OBSERVE: gettext_lazy("记下会怎么做，不碰任何人"),
    Mode.SUGGEST: gettext_lazy("拟好等你点头，你不点就不动"),
    Mode.ACT: gettext_lazy("自己做，事后都能看到为什么"),
}


@dataclass(frozen=True, slots=True)
class ModeChoice:
    """One mode as a radio button; the empty value follows the community."""

    value: str
    label: str
    help: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class CapabilityPanel:
    """One capability in this group: the mode in force and its choices, its settings as a form."""

    name: str
    title: str
    in_force: str
    modes: tuple[ModeChoice, ...]
    form: SettingsForm
    sections: tuple[LaidSection, ...]
    is_tried: bool


def read_panels(group: GroupInfo, sent: tuple[str, QueryDict] | None = None) -> tuple[CapabilityPanel, ...]:
    """Every capability of the roster as this group has it. ``sent``: a capability's name and the form that came back."""
    of_community, of_group = layers_of_group(group.community_id, group.id)
    return tuple(
        _panel(
            capability,
            group.community_id,
            of_community.get(capability.name, Layer()),
            of_group.get(capability.name, Layer()),
            sent[1] if sent and sent[0] == capability.name else None,
        )
        for capability in ROSTER
    )


def _panel(
    capability: Capability, community_id: int, community: Layer, own: Layer, data: QueryDict | None = None
) -> CapabilityPanel:
    inherited = community.mode or Mode.OBSERVE
    chosen = str(data.get("mode", "")) if data is not None else own.mode
    follow = ModeChoice("", _("跟社群一样"), _("现在是「%(mode)s」") % {"mode": tell_mode(inherited)}, not chosen)
    form = _form(capability, community, own, data)
    modes = [ModeChoice(mode.value, tell_mode(mode), str(MODE_HELP[mode]), mode.value == chosen) for mode in Mode]
    return CapabilityPanel(
        name=capability.name,
        title=_(capability.title),
        in_force=tell_mode(own.mode or inherited),
        modes=(follow, *modes),
        form=form,
        sections=lay_out(capability, form, Mode(chosen or inherited), community_id),
        is_tried=data is not None and is_looking(data) and form.is_valid(),
    )


def _form(capability: Capability, community: Layer, own: Layer, data: QueryDict | None) -> SettingsForm:
    """The group's form with what was sent, what was to go back gone back."""
    empty = settings_form(capability, community.settings, own.settings)
    if data is None:
        return empty
    return settings_form(capability, community.settings, own.settings, gone_back(data, empty))


def settings_form(
    capability: Capability,
    inherited: Mapping[str, Any],
    own: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
) -> SettingsForm:
    """A form of the capability's settings, one field per field of its dataclass; empty means: as the community has it."""
    kind = capability.settings
    before = resolve_settings(kind, still_known(kind, inherited))
    form = SettingsForm(data, prefix=capability.name)
    form.settle = lambda said: resolve_settings(kind, still_known(kind, inherited), layer_of_said(said, kind))
    form.differing = lambda said: layer_of_said(said, kind)
    form.check, form.check_change = capability.check, capability.check_change
    form.own, form.back_to = set(own), {}  # empty: as the community has it
    form.now = resolve_settings(kind, still_known(kind, inherited), still_known(kind, own))
    for part in asked_fields(capability.settings):
        built_in = getattr(capability.settings(), part.name)
        form.fields[part.name] = _field(part.metadata, tell_built_in(getattr(before, part.name), built_in))
        if part.name in own:
            form.initial[part.name] = _written(own[part.name])
    return form


def _field(meta: Mapping[str, Any], inherited: object) -> forms.Field:
    field = _empty_field(meta, inherited)
    question: str = meta["help"]
    field.label = _(question)
    return field


def _empty_field(meta: Mapping[str, Any], inherited: object) -> forms.Field:
    if isinstance(inherited, bool):
        options = [("", _("跟社群一样")), ("yes", _("要")), ("no", _("不要"))]
        return forms.ChoiceField(choices=options, required=False)
    if isinstance(inherited, tuple):
        help_text = _("一行一条，加在社群的 %(n)d 条后面。") % {"n": len(inherited)}
        return LinesField(meta.get("check"), help_text)
    if "choices" in meta:
        return _choice_field(dict(meta["choices"]), str(inherited))
    long = forms.Textarea(attrs={"rows": 3})
    shown = _("留空就跟社群一样：%(value)s") % {"value": inherited if inherited != "" else _("（空）")}
    if isinstance(inherited, int):
        return forms.IntegerField(
            min_value=meta.get("low"),
            max_value=meta.get("high"),
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            help_text=shown,
            required=False,
        )
    return forms.CharField(
        widget=long if meta.get("is_long") else forms.TextInput(), help_text=shown, max_length=2000, required=False
    )


def _choice_field(labels: Mapping[str, str], inherited: str) -> forms.Field:
    follow = _("跟社群一样：%(value)s") % {"value": _(labels[inherited]) if inherited in labels else inherited}
    return forms.ChoiceField(
        choices=[("", follow), *((name, _(label)) for name, label in labels.items())], required=False
    )


def _written(value: object) -> object:
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def layer_of_form(form: forms.Form, kind: type) -> dict[str, Any]:
    """What a valid form says, as a layer of settings: only what was filled in."""
    return layer_of_said(form.cleaned_data, kind)


def layer_of_said(said: Mapping[str, Any], kind: type) -> dict[str, Any]:
    """What was filled in, as a layer of settings."""
    layer: dict[str, Any] = {}
    for part in asked_fields(kind):
        value, default = said.get(part.name), getattr(kind(), part.name)
        if value is None or value == "" or value == []:
            continue
        if isinstance(default, bool):
            layer[part.name] = value == "yes"
        else:
            layer[part.name] = value
    return layer


def do_save_capability(
    capability: Capability, group: GroupInfo, mode: str, layer: Mapping[str, Any], *, at: datetime, actor: str
) -> bool:
    """Writes a group's mode and settings of a capability; False where nothing was new. An empty mode follows the community."""
    own = layers_of_group(group.community_id, group.id)[1].get(capability.name, Layer())
    name, home, place = capability.name, group.community_id, group.id
    layer = {**kept_apart(capability.settings, own.settings), **layer}
    if mode != own.mode and mode:
        do_set_mode(name, Mode(mode), community_id=home, group_id=place, at=at, actor=actor)
    elif mode != own.mode:
        do_follow_community(name, community_id=home, group_id=place, at=at, actor=actor)
    if layer != dict(own.settings):
        do_set_settings(name, layer, community_id=home, group_id=place, at=at, actor=actor)
    return mode != own.mode or layer != dict(own.settings)
