"""The form of a rule."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qunying.communities.actions_rules import NAME_AT_MOST, TEXT_AT_MOST, WHY_AT_MOST, RuleNotes


class RuleForm(forms.Form):
    """A rule as its page writes it down."""

    name = forms.CharField(label=_("短名字"), max_length=NAME_AT_MOST)
    text = forms.CharField(
        label=_("规矩是什么，照大家读到的样子写"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEXT_AT_MOST}),
    )
    is_important = forms.BooleanField(label=_("人人都要知道，没看到的再说"), required=False)
    deadline = forms.CharField(label=_("什么到期"), max_length=NAME_AT_MOST, required=False)
    deadline_on = forms.DateField(
        label=_("最后一天"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @property
    def notes(self) -> RuleNotes:
        """What is noted beside the words, once they are valid."""
        said = self.cleaned_data
        return RuleNotes(
            name=said["name"],
            is_important=said["is_important"],
            deadline=said["deadline"],
            deadline_on=said["deadline_on"],
        )


class RewordForm(RuleForm):
    """A rule as it is changed: whether it still means the same, and why."""

    is_same_meaning = forms.BooleanField(label=_("只是改错字，意思没变"), required=False)
    why = forms.CharField(label=_("为什么改"), max_length=WHY_AT_MOST, required=False)
