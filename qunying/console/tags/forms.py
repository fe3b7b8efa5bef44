"""The form of a tag."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from qunying.people.tags import LONGEST_NAME, LONGEST_PURPOSE, MOST_DAYS, NewTag, TagLine


class TagForm(forms.Form):
    """What a tag is."""

    name = forms.CharField(label=gettext_lazy("叫什么"), max_length=LONGEST_NAME)
    purpose = forms.CharField(
        label=gettext_lazy("用来做什么"),
        help_text=gettext_lazy("写清楚打了以后拿来做什么，没有用处的标签不如不打。"),
        max_length=LONGEST_PURPOSE,
        required=False,
    )
    days = forms.IntegerField(
        label=gettext_lazy("打上以后保留几天"),
        help_text=gettext_lazy("不写就一直有效；过期的不再算，历史还看得到。"),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("用到哪天为止"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def said(self, owner_id: int | None) -> NewTag:
        """What a valid form says."""
        return NewTag(**self.cleaned_data, owner_id=owner_id)


def filled(tag: TagLine) -> dict[str, object]:
    """The form's first values for a tag that is there."""
    return {"name": tag.name, "purpose": tag.purpose, "days": tag.days, "ends_on": tag.ends_on}
