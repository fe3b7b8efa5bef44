"""The forms of lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.capabilities.order.lists import DELETE
from qunying.capabilities.order.lists_kept import TITLE_LETTERS
from qunying.capabilities.order.settings import DO_TITLES


class ListForm(forms.Form):
    """What a list is called, what is to be done about a hit, and in which groups."""

    title = forms.CharField(label=gettext_lazy("叫什么"), max_length=TITLE_LETTERS)
    does = forms.ChoiceField(
        label=gettext_lazy("找到了怎么办"), choices=lambda: [(name, _(words)) for name, words in DO_TITLES]
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("管哪些群"),
        help_text=gettext_lazy("一个都不勾，就管社群里所有的群。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, groups: Mapping[int, str], data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"does": DELETE, **(initial or {})})
        places = self.fields["groups"]
        assert isinstance(places, forms.MultipleChoiceField)
        places.choices = [(str(pk), name) for pk, name in groups.items()]

    def group_ids(self) -> list[int]:
        """The groups ticked."""
        return [int(one) for one in self.cleaned_data["groups"]]
