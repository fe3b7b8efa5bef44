"""The form of what we note about a group, and of who of us looks after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.communities.noting import (
    CAPACITY_AT_MOST,
    HEAVIEST,
    GroupNotes,
    Importance,
    Keepers,
    do_note_group,
    find_keepers,
    read_tags,
)
from qunying.communities.queries import list_roster
from qunying.console.people.words import tell_duty
from qunying.kernel.errors import BadUse

IMPORTANCE_WORDS = {
    Importance.PLAIN: gettext_lazy("平常"),
    Importance.KEY: gettext_lazy("重点"),
    Importance.CORE: gettext_lazy("核心"),
}
_NUMERIC = {"inputmode": "numeric"}


class NotesForm(forms.Form):
    """What we note about a group."""

    remark = forms.CharField(
        label=gettext_lazy("群备注"),
        help_text=gettext_lazy("城市-类别-编号，用来搜和分组，群里的人看不到。"),
        required=False,
        max_length=200,
    )
    city = forms.CharField(label=gettext_lazy("城市"), required=False, max_length=40)
    industry = forms.CharField(label=gettext_lazy("行业"), required=False, max_length=40)
    company = forms.CharField(label=gettext_lazy("公司"), required=False, max_length=80)
    noted_on = forms.DateField(
        label=gettext_lazy("日期"),
        help_text=gettext_lazy("建群或开班那天；搜「2024-03」就能找到。"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    tags = forms.CharField(
        label=gettext_lazy("标签"),
        help_text=gettext_lazy("中间空一格，例如「体验课 付费」。"),
        required=False,
        max_length=400,
    )
    importance = forms.TypedChoiceField(
        label=gettext_lazy("重要程度"),
        choices=[(int(one), words) for one, words in IMPORTANCE_WORDS.items()],
        required=False,
        coerce=int,
        empty_value=None,
    )
    weight = forms.IntegerField(
        label=gettext_lazy("权重"),
        help_text=gettext_lazy("0 到 100，越大越靠前。"),
        min_value=0,
        max_value=HEAVIEST,
        widget=forms.TextInput(attrs=_NUMERIC),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("人数上限"),
        help_text=gettext_lazy("平台允许的最多人数，快满时会提醒。"),
        min_value=1,
        max_value=CAPACITY_AT_MOST,
        widget=forms.TextInput(attrs=_NUMERIC),
    )
    rule_set = forms.CharField(
        label=gettext_lazy("群规"),
        help_text=gettext_lazy("这个群用哪一套群规，写名字。"),
        required=False,
        max_length=60,
    )
    note = forms.CharField(
        label=gettext_lazy("别的要记的"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.TypedChoiceField(
        label=gettext_lazy("谁负责"), required=False, coerce=int, empty_value=None, choices=[("", "–")]
    )
    deputies = forms.TypedMultipleChoiceField(
        label=gettext_lazy("副手"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    is_folded = forms.BooleanField(label=gettext_lazy("收起来"), required=False)

    def clean_importance(self) -> int:
        """As most groups where nobody says anything."""
        return int(self.cleaned_data["importance"] or Importance.PLAIN)

    def clean_tags(self) -> tuple[str, ...]:
        """The tags one by one."""
        try:
            return read_tags(self.cleaned_data["tags"])
        except BadUse as error:
            raise forms.ValidationError(error.said(_)) from error


def notes_form(notes: GroupNotes, community_id: int, group_id: int, data: Mapping[str, Any] | None = None) -> NotesForm:
    """The form of our notes, filled with what they are, or with what was sent."""
    keepers = find_keepers(group_id)
    initial = {part.name: getattr(notes, part.name) for part in fields(notes)}
    form = NotesForm(
        data,
        initial={**initial, "tags": " ".join(notes.tags), "owner": keepers.owner, "deputies": keepers.deputies},
    )
    people = [(line.id, f"{line.name or line.ref} · {tell_duty(line.duty)}") for line in list_roster(community_id)]
    owner, deputies = form.fields["owner"], form.fields["deputies"]
    assert isinstance(owner, forms.ChoiceField)
    assert isinstance(deputies, forms.ChoiceField)
    owner.choices = [("", _("还没定")), *people]
    deputies.choices = people
    return form


def do_save_notes(group_id: int, form: NotesForm, *, present: int, at: datetime, actor: str) -> bool:
    """Writes a valid form; False where nothing was new. Raises ``BadNote`` where something cannot be right."""
    said = form.cleaned_data
    notes = GroupNotes(**{part.name: said[part.name] for part in fields(GroupNotes)})
    keepers = Keepers(said["owner"], tuple(said["deputies"]))
    return do_note_group(group_id, notes, present=present, at=at, actor=actor, keepers=keepers)
