"""Many groups edited at once: which ones, the form, and the plan in words, as the code that does it has made it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.communities.bulk import MODE_OF, BulkChange, Change, Left, Plan
from qunying.communities.noting import HEAVIEST, Importance, read_tags
from qunying.communities.queries import GroupLine
from qunying.console.group.notes import IMPORTANCE_WORDS, NotesForm
from qunying.console.reasons import tell_capability, tell_mode
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.pipeline.roster import ROSTER

FOLLOW = "follow"
NAMED = 6  # groups named before the others are folded away
MODE = "mode_"


class EditForm(forms.Form):
    """What shall become of all of them; what is left empty stays in each as it is."""

    ids = forms.CharField(widget=forms.HiddenInput, required=False)
    add_tags = forms.CharField(
        label=gettext_lazy("加标签"), help_text=gettext_lazy("几个就空一格隔开。"), required=False, max_length=400
    )
    remove_tags = forms.CharField(label=gettext_lazy("去标签"), required=False, max_length=400)
    fold = forms.ChoiceField(
        label=gettext_lazy("收起来"),
        choices=[("", gettext_lazy("不改")), ("yes", gettext_lazy("收起来")), ("no", gettext_lazy("放出来"))],
        required=False,
    )
    importance = forms.TypedChoiceField(
        label=gettext_lazy("重要程度"),
        choices=[("", gettext_lazy("不改")), *((int(one), words) for one, words in IMPORTANCE_WORDS.items())],
        required=False,
        coerce=int,
        empty_value=None,
    )
    weight = forms.IntegerField(
        label=gettext_lazy("权重"),
        help_text=gettext_lazy("0 到 100，空着就不改。"),
        required=False,
        min_value=0,
        max_value=HEAVIEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    rule_set = forms.CharField(
        label=gettext_lazy("群规"), help_text=gettext_lazy("空着就不改。"), required=False, max_length=60
    )
    clear_rule_set = forms.BooleanField(label=gettext_lazy("把群规去掉"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        choices = [("", _("不改")), (FOLLOW, _("跟社群一样")), *((mode.value, tell_mode(mode)) for mode in Mode)]
        for capability in ROSTER:
            field = forms.ChoiceField(label=_(capability.title), choices=choices, required=False)
            self.fields[f"{MODE}{capability.name}"] = field

    def clean_add_tags(self) -> tuple[str, ...]:
        """One by one."""
        return _tags(self.cleaned_data["add_tags"])

    def clean_remove_tags(self) -> tuple[str, ...]:
        """One by one."""
        return _tags(self.cleaned_data["remove_tags"])

    @property
    def modes(self) -> list[forms.BoundField]:
        """The fields that set how far capabilities may go."""
        return [self[f"{MODE}{capability.name}"] for capability in ROSTER]

    def change(self) -> BulkChange:
        """What a valid form asks for."""
        said = self.cleaned_data
        modes = {name.removeprefix(MODE): said[name] for name in self.fields if name.startswith(MODE) and said[name]}
        return BulkChange(
            add_tags=said["add_tags"],
            remove_tags=said["remove_tags"],
            is_folded={"yes": True, "no": False}.get(said["fold"]),
            weight=said["weight"],
            importance=said["importance"],
            rule_set="" if said["clear_rule_set"] else said["rule_set"] or None,
            modes={name: "" if mode == FOLLOW else mode for name, mode in modes.items()},
        )


def _tags(text: str) -> tuple[str, ...]:
    try:
        return read_tags(text)
    except BadUse as error:
        raise forms.ValidationError(error.said(_)) from error


@dataclass(frozen=True, slots=True)
class Named:
    """A group by name, with the way to it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """The same change of several groups."""

    field: str
    before: str
    after: str
    groups: tuple[Named, ...]

    @property
    def first(self) -> tuple[Named, ...]:
        """Those that are named at once."""
        return self.groups[:NAMED]

    @property
    def others(self) -> tuple[Named, ...]:
        """Those that are folded away behind their number."""
        return self.groups[NAMED:]


@dataclass(frozen=True, slots=True)
class Stays:
    """Groups that stay as they are, and why."""

    why: str
    groups: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan in words; ``agreed`` is what somebody agrees to by it."""

    count: int
    steps: tuple[Step, ...]
    stays: tuple[Stays, ...]
    agreed: str


def chosen_ids(query: QueryDict) -> list[int]:
    """The groups that were ticked."""
    return sorted({int(pk) for pk in query.getlist("g") if pk.isdecimal() and len(pk) < 19})


def read_ids(text: str) -> list[int]:
    """The groups that a form carries; what is no number is no group."""
    return sorted({int(pk) for pk in text.split(",") if pk.isdecimal() and len(pk) < 19})


def tell_plan(plan: Plan, lines: Mapping[int, GroupLine]) -> Preview:
    """The plan, groups that change alike together, most first."""
    stays = [Stays(_("已经是这样"), _named(plan.same, lines))] if plan.same else []
    return Preview(
        len(plan.group_ids), tell_steps(plan.changes, lines), (*tell_left(plan.left, lines), *stays), plan.digest
    )


def tell_steps(changes: Iterable[Change], lines: Mapping[int, GroupLine]) -> tuple[Step, ...]:
    """Changes in words, groups that change alike together, most first."""
    alike: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in changes:
        alike[tell_field(one.field), _value(one.field, one.before), _value(one.field, one.after)].append(one.group_id)
    steps = [Step(*said, _named(groups, lines)) for said, groups in alike.items()]
    return tuple(sorted(steps, key=lambda step: (step.field, -len(step.groups))))


def tell_left(left: Iterable[Left], lines: Mapping[int, GroupLine]) -> tuple[Stays, ...]:
    """What is left alone, by reason."""
    reasons: dict[str, list[int]] = defaultdict(list)
    for one in left:
        said = {"field": tell_field(one.field), "why": one.why.said(_)}
        reasons[_("%(field)s：%(why)s") % said].append(one.group_id)
    return tuple(Stays(why, _named(groups, lines)) for why, groups in reasons.items())


def tell_field(name: str) -> str:
    """What a changed field is called."""
    if name.startswith(MODE_OF):
        return _("「%(capability)s」的模式") % {"capability": tell_capability(name.removeprefix(MODE_OF))}
    known = {**NotesForm.base_fields, **EditForm.base_fields}
    return str(known[name].label) if name in known else name


def _value(name: str, value: Any) -> str:
    if name.startswith(MODE_OF):
        return tell_mode(value) or _("跟社群一样")
    if name == "importance":
        return str(IMPORTANCE_WORDS[Importance(value)])
    if name == "is_folded":
        return _("收起来") if value else _("平时看的")
    if name == "tags":
        return " ".join(f"#{tag}" for tag in value) or _("没有")
    return str(value) if value != "" else _("没有")


def _named(ids: Collection[int] | Sequence[int], lines: Mapping[int, GroupLine]) -> tuple[Named, ...]:
    return tuple(Named(pk, lines[pk].name if pk in lines else f"#{pk}") for pk in ids)
