"""The forms of the settings; a capability's own form is made from the fields of its settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.carriers.live import CARRIERS
from qunying.communities.access import Role
from qunying.console.reasons import tell_built_in
from qunying.console.shell import ROLE_NAMES
from qunying.kernel import clock
from qunying.kernel.capability import Capability, asked_fields, goes_together, kept_apart, may_change, resolve_settings
from qunying.kernel.errors import BadUse

LINES_AT_MOST = 50
LINE_LETTERS = 500
PURPOSES = (
    ("acquire", gettext_lazy("拉新")),
    ("activate", gettext_lazy("促活")),
    ("retain", gettext_lazy("留存")),
    ("convert", gettext_lazy("转化")),
)
STRATEGIES = (
    ("community", gettext_lazy("先有社群，再有产品")),
    ("product", gettext_lazy("先有产品，再有社群")),
)
DUTIES = (
    ("owner", gettext_lazy("群主")),
    ("lead", gettext_lazy("负责人")),
    ("operator", gettext_lazy("运营")),
    ("watcher", gettext_lazy("值班")),
    ("teacher", gettext_lazy("老师")),
)


class CommunityForm(forms.Form):
    """What a community is."""

    name = forms.CharField(label=gettext_lazy("叫什么"), max_length=120)
    topic = forms.CharField(label=gettext_lazy("聊什么"), max_length=200, required=False)
    promise = forms.CharField(
        label=gettext_lazy("对成员的承诺"),
        help_text=gettext_lazy("一句话：来这里的人能得到什么。"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    purpose = forms.MultipleChoiceField(
        label=gettext_lazy("为什么做"), choices=PURPOSES, required=False, widget=forms.CheckboxSelectMultiple
    )
    strategy = forms.ChoiceField(label=gettext_lazy("怎么起步"), choices=STRATEGIES, required=False)
    started_on = forms.DateField(
        label=gettext_lazy("哪天开始的"),
        help_text=gettext_lazy("不写就从第一条记录算起。"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    timezone = forms.CharField(
        label=gettext_lazy("时区"),
        help_text=gettext_lazy("按哪里的早晚算，写成 Asia/Shanghai 这样。"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("在群里说的话"), choices=[("zh-hans", "中文"), ("en", "English")])
    quiet_from = forms.TimeField(
        label=gettext_lazy("几点开始不打扰"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=gettext_lazy("到几点"),
        help_text=gettext_lazy("两个时间写成一样，就是不设免打扰。"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def clean_strategy(self) -> str:
        """Who says nothing begins with the community."""
        return self.cleaned_data["strategy"] or STRATEGIES[0][0]

    def clean_started_on(self) -> date | None:
        """A community cannot have begun on a day that is still to come."""
        day: date | None = self.cleaned_data["started_on"]
        if day is not None and day > clock.now().date() + timedelta(days=1):
            raise forms.ValidationError(_("这一天还没到"))
        return day


class StaffForm(forms.Form):
    """One line for the official roster."""

    name = forms.CharField(label=gettext_lazy("名字"), max_length=120)
    carrier = forms.ChoiceField(
        label=gettext_lazy("平台"), choices=lambda: [(one.name, _(one.title)) for one in CARRIERS]
    )
    ref = forms.CharField(
        label=gettext_lazy("账号"),
        help_text=gettext_lazy("平台上的编号，不是昵称：昵称谁都能改成一样。"),
        max_length=128,
    )
    duty = forms.ChoiceField(label=gettext_lazy("做什么"), choices=DUTIES)


class RoleForm(forms.Form):
    """A role, everywhere or in one community."""

    role = forms.ChoiceField(
        label=gettext_lazy("能做什么"),
        choices=lambda: [(r.value, _(n)) for r, n in ROLE_NAMES.items()],
        initial=Role.OPERATOR.value,
    )
    community = forms.ChoiceField(label=gettext_lazy("在哪里"), required=False)

    def __init__(self, communities: Sequence[tuple[int, str]], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        choices = [("", _("所有社群")), *((str(pk), name) for pk, name in communities)]
        place = self.fields["community"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = choices

    def place(self) -> int | None:
        """The community chosen, None for everywhere."""
        return int(self.cleaned_data["community"]) if self.cleaned_data["community"] else None

    def held(self) -> Role:
        """The role chosen."""
        return Role(self.cleaned_data["role"])


class SignInForm(RoleForm):
    """Somebody new."""

    name = forms.CharField(
        label=gettext_lazy("账号名"), help_text=gettext_lazy("登录时写的，文字、数字和 @ . + - _"), max_length=150
    )
    shown_name = forms.CharField(label=gettext_lazy("称呼"), max_length=150, required=False)
    field_order = ("name", "shown_name", "role", "community")


def zones() -> tuple[str, ...]:
    """Time zones to choose from: cities, not offsets, our own first."""
    cities = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return tuple(dict.fromkeys((settings.TIME_ZONE, *cities)))


class SettingsForm(forms.Form):
    """Settings that are filled in field by field, and checked together once every field is right.

    ``settle`` makes settings of what was filled in, ``differing`` names those of them that somebody chose, ``check`` raises
    ``BadUse`` where they do not go together, ``check_change`` where they may not be put in place of ``now`` by typing them. ``now`` is what is in force, ``own`` names what was chosen so far, ``back_to`` is what a
    field says again once its choice is taken back.
    """

    settle: Callable[[Mapping[str, Any]], Any]
    differing: Callable[[Mapping[str, Any]], Collection[str]]
    now: Any
    own: Collection[str] = ()
    back_to: dict[str, str]
    check: Callable[[Any], None] = staticmethod(goes_together)
    check_change: Callable[[Any, Any], None] = staticmethod(may_change)

    def clean(self) -> dict[str, Any]:
        """Django's hook: what every field says."""
        if not self.errors:
            try:
                settled = self.settle(self.cleaned_data)
                self.check(settled)
                self.check_change(self.now, settled)
            except BadUse as error:
                raise forms.ValidationError(error.said(_)) from error
        return self.cleaned_data


def settings_form(
    name: str,
    kind: type,
    chosen: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    check: Callable[[Any], None] = goes_together,
) -> SettingsForm:
    """Settings of that ``kind`` (a capability's, the layers'), one field per field of the dataclass, filled with what is in
    force; ``name`` stands before the names of the fields."""
    known = {part.name for part in fields(kind)}
    now = resolve_settings(kind, {name: value for name, value in chosen.items() if name in known})
    form, built_in = SettingsForm(data, prefix=name), kind()
    form.settle, form.check, form.now = (lambda said: replace(now, **said)), check, now
    form.differing = lambda said: differing(said, built_in)
    form.own = form.differing({part.name: _plain(getattr(now, part.name)) for part in asked_fields(kind)})
    form.back_to = {}
    for part in asked_fields(kind):
        default = getattr(built_in, part.name)
        field = _field(part.metadata, default)
        words: str = part.metadata["help"]
        field.label = _(words)
        form.fields[part.name] = field
        form.initial[part.name] = _written(tell_built_in(getattr(now, part.name), default))
        form.back_to[part.name] = _sent(_written(tell_built_in(default, default)))
    return form


def as_sent(form: SettingsForm) -> dict[str, str]:
    """What a browser would send if nobody touched the form."""
    return {form.add_prefix(name): _sent(_written(form[name].value() or "")) for name in form.fields}


def _sent(value: object) -> str:
    """As a browser sends it."""
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)


def _field(meta: Mapping[str, Any], default: object) -> forms.Field:
    if isinstance(default, bool):
        return forms.BooleanField(required=False)
    if isinstance(default, tuple):
        return LinesField(meta.get("check"))
    if "choices" in meta:
        return forms.ChoiceField(choices=[(name, _(label)) for name, label in meta["choices"]])
    shown = _("自带的是 %(value)s") % {"value": tell_built_in(default, default)} if default != "" else ""
    if isinstance(default, int):
        return forms.IntegerField(
            min_value=meta.get("low"),
            max_value=meta.get("high"),
            help_text=_span(meta, shown),
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
    widget = forms.Textarea(attrs={"rows": 3}) if meta.get("is_long") else forms.TextInput()
    return forms.CharField(required=False, max_length=2000, help_text=shown, widget=widget)


def _span(meta: Mapping[str, Any], shown: str) -> str:
    if "low" not in meta or "high" not in meta:
        return shown
    return _("%(low)s 到 %(high)s，%(shown)s") % {"low": meta["low"], "high": meta["high"], "shown": shown}


def _written(value: object) -> object:
    return "\n".join(str(one) for one in value) if isinstance(value, list | tuple) else value


class LinesField(forms.CharField):
    """A list, one line each; empty lines do not count."""

    def __init__(self, check: Callable[[list[str]], object] | None = None, help_text: str = "") -> None:
        self._check = check
        help_text = help_text or gettext_lazy("一行一条，最多 %(n)d 条") % {"n": LINES_AT_MOST}
        super().__init__(
            required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text, max_length=25_000
        )

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > LINES_AT_MOST:
            raise forms.ValidationError(_("写了 %(n)d 条，最多 %(most)d 条") % {"n": len(lines), "most": LINES_AT_MOST})
        for number, line in enumerate(lines, start=1):
            if len(line) > LINE_LETTERS:
                raise forms.ValidationError(
                    _("第 %(n)d 条太长，最多 %(most)d 个字") % {"n": number, "most": LINE_LETTERS}
                )
        return self._checked(lines)

    def _checked(self, lines: list[str]) -> list[str]:
        """The lines, where the setting itself finds nothing wrong with them."""
        try:
            if self._check:
                self._check(lines)
        except BadUse as error:
            raise forms.ValidationError(error.said(_)) from error
        return lines


def layer_of(form: forms.Form, capability: Capability, before: Mapping[str, Any]) -> dict[str, Any]:
    """What a valid form says, as a layer of settings: only what differs from the built-in values, and what it does not ask for
    as it was ``before``."""
    kept = kept_apart(capability.settings, before)
    said = {part.name: form.cleaned_data[part.name] for part in asked_fields(capability.settings)}
    return {**kept, **{name: said[name] for name in differing(said, capability.settings())}}


def differing(said: Mapping[str, Any], built_in: Any) -> tuple[str, ...]:
    """The settings that do not say what is built in."""
    return tuple(name for name, value in said.items() if not _is_built_in(value, getattr(built_in, name)))


def _is_built_in(value: object, default: object) -> bool:
    """Also where the form showed the built-in words in the reader's language."""
    return value in (_plain(default), tell_built_in(default, default))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
